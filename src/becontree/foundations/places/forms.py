"""What an administrator fills in to bring wards, venues or postcodes; and one postcode of anybody's."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from becontree.foundations.places import queries
from becontree.foundations.places.models import Load
from becontree.foundations.places.reading import MOST_BYTES


class BringForm(forms.Form):
    kind = forms.ChoiceField(label=_("What is in the file?"), choices=Load.Kind.choices)
    file = forms.FileField(
        label=_("The file"),
        help_text=_(
            "Wards as GeoJSON (WGS 84) or CSV with code, name and wkt. Venues as CSV with name, address, "
            "postcode, ward, kind, capacity, step_free, access, lon, lat. Postcodes as CSV with postcode and ward."
        ),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(
                gettext("The file is over %(megabytes)s MB.") % {"megabytes": MOST_BYTES // 1000000},
                code="places.too-large",
            )
        return file


class PostcodeForm(forms.Form):
    """Somebody's own postcode, to find their ward. It is kept nowhere."""

    postcode = forms.CharField(
        label=_("Your postcode"),
        max_length=12,
        widget=forms.TextInput(attrs={"class": "short", "autocomplete": "postal-code"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["postcode"].help_text = postcode_hint()


def postcode_hint() -> str:
    """What is done with a postcode, with one of this borough's own as the example. One query."""
    kept = gettext("We use it once, and do not keep it.")
    example = queries.example_postcode()
    if not example:
        return kept
    such_as = gettext("Such as %(example)s.") % {"example": example}
    return f"{such_as} {kept}"
