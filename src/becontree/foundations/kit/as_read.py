"""What one person asked for and another decides: what was read is what is confirmed.

The form carries a mark of all that its reader had before them. The verb makes the mark anew from what is there now,
under its lock; where the two differ, nothing is done and the page is shown again.

    form = DecideForm(request.POST if (do := pressed(request)) else None, initial={"read": queries.as_read(found)})
    if do and form.is_valid():
        with told_in(form, but=(NotAllowed,)):
            ...
            return redirect("room:list")
        found = ...  # once more: what is wrong is said above it
        form.read_anew(queries.as_read(found))
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, ClassVar, Final

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from becontree.foundations.kit.errors import Clash
from becontree.foundations.kit.forms import quiet

BUTTONS: Final = ("confirm", "decline", "take-back")


def mark(*read: object) -> str:
    """A short sum of all that somebody reads before they decide."""
    return hashlib.sha256(json.dumps([str(each) for each in read]).encode()).hexdigest()[:32]


def must_be(read: str, now: str, code: str) -> None:
    """Raises Clash where the mark that came back with the form is not that of what is there now."""
    if read != now:
        raise Clash(code, gettext("This is not what you read. Read it again, then decide."))


def must_stand(read: str, now: str, code: str) -> None:
    """Raises Clash where what a form changes is no longer what it showed; "" where nothing can have come between.

    Without it a form left open in another window puts back all that was changed since.
    """
    if read and read != now:
        raise Clash(
            code,
            gettext(
                "This was changed after you opened this page, perhaps by you in another window. What you typed is"
                " below and not kept yet. Keep it only if it is to stand in place of what is there now."
            ),
        )


def pressed(request: HttpRequest) -> str:
    """Which button the form was sent with; "" where it was none of them: such a form decides nothing."""
    do = request.POST.get("do", "")
    return do if do in BUTTONS else ""


class DecideForm(forms.Form):
    """Confirm or decline. `read`: the mark of what the person had before them. `most`: letters of the reason."""

    most: ClassVar = 500

    read = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why_not"] = forms.CharField(
            label=_("Why not, if you decline?"), required=False, max_length=self.most
        )
        quiet(self, "why_not")

    def read_anew(self, mark: str) -> None:
        """The second person decides on what is before them now."""
        typed = {name: self.data.get(name) for name in self.data}
        self.data = typed | {"read": mark}
