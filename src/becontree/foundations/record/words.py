"""What kinds of entries on the record are called on pages; programs read the plain codes.

One table for every room, since the record is one list for all: `tests/spec/test_plain_names.py` holds that no room
writes a kind that has no name here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# The knots of the thread, as `models.STEPS` names them.
STEP_NAMES: Final[dict[str, StrOrPromise]] = {
    "heard": pgettext_lazy("step of the thread", "heard"),
    "promised": pgettext_lazy("step of the thread", "promised"),
    "facilitated": pgettext_lazy("step of the thread", "helped along"),
    "decided": pgettext_lazy("step of the thread", "decided"),
    "funded": pgettext_lazy("step of the thread", "funded"),
    "delivered": pgettext_lazy("step of the thread", "delivered"),
    "measured": pgettext_lazy("step of the thread", "measured"),
}

KINDS: Final[dict[str, StrOrPromise]] = {
    "aspiration.dropped": _("An aspiration dropped"),
    "aspiration.opened": _("An aspiration put to people"),
    "award.granted": _("A grant made"),
    "award.promised": _("A grant promised"),
    "campaign.called-off": _("A campaign called off"),
    "campaign.failed": _("A campaign not funded"),
    "campaign.funded": _("A campaign funded"),
    "campaign.opened": _("A campaign opened"),
    "campaign.part-funded": _("A campaign part funded"),
    "contribution.accepted": _("Money from elsewhere"),
    "conversation.cannot": _("A conversation answered: we cannot"),
    "conversation.closed": _("A conversation closed"),
    "conversation.decision": _("A conversation answered: decided"),
    "conversation.idea": _("A conversation answered: a project idea"),
    "conversation.let-back": _("Somebody let back into a conversation"),
    "conversation.listening": _("A conversation answered: more to hear"),
    "conversation.met": _("A meeting about a conversation"),
    "conversation.opened": _("A conversation opened"),
    "conversation.recounted": _("A conversation counted again"),
    "fund.closed": _("A fund closed"),
    "fund.opened": _("A fund opened"),
    "fund.paid-in": _("Money paid into a fund"),
    "hub.closed": _("A hub closed"),
    "hub.handed-over": _("A hub handed on"),
    "hub.opened": _("A hub opened"),
    "measure.corrected": _("A measure corrected"),
    "measure.defined": _("A measure set out"),
    "measure.read": _("A measure read"),
    "project.begun": _("A project begun"),
    "project.closed": _("A project finished"),
    "project.ended": _("A project ended early"),
    "project.facilitated": _("A project helped along"),
    "project.paid": _("Money paid to a project"),
    "project.repaid": _("Money back from a project"),
    "project.update": _("News of a project"),
    "project.verified": _("A project checked"),
    "promise.adopted": _("A promise adopted"),
    "promise.continues": _("A promise carried on"),
    "promise.standing": _("How a promise stands"),
    "promise.target": _("A promise's target"),
    "promise.target-withdrawn": _("A promise's target withdrawn"),
    "report.published": _("A report published"),
    "round.answered": _("A round of listening answered"),
    "round.closed": _("A round of listening closed"),
    "round.opened": _("A round of listening opened"),
    "theme.named": _("A theme named"),
    "voice.answered": _("A voice answered"),
    "voice.heard": _("A voice heard"),
}
# How a decision was made, as the first word of its method says it.
FAMILIES: Final[dict[str, StrOrPromise]] = {
    "adoption": _("Adopted by the council"),
    "count": _("A vote counted"),
    "draw": _("A draw"),
    "match": _("Match money by a fund's rule"),
    "panel": _("A panel drawn from a sealed lottery"),
    "select": _("A panel drawn"),
}
REVERSED: Final = ".reversed"


def kind(code: str) -> str:
    """The plain name of a kind of entry, or of a family of decisions."""
    if code.endswith(REVERSED):
        return gettext("Reversed: {what}").format(what=kind(code.removesuffix(REVERSED)))
    return str(KINDS.get(code) or FAMILIES.get(code) or code)
