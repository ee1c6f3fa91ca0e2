"""How we moderate: the reasons for which words are not published, set out before anybody is read.

Reasons are about the words, never about the opinion. Source: the manners that residents expect of such sites (being
moderated says what, why and how to appeal) and the duties of a public body towards personal data and equality.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Reason:
    code: str
    name: str | Promise
    said: str | Promise


REASONS: Final = (
    Reason(
        "personal", _("It tells about a person"), _("It names somebody or says where they live, or how to reach them.")
    ),
    Reason(
        "hate",
        _("It attacks people for who they are"),
        _("It attacks people for their race, faith, sex, age or disability."),
    ),
    Reason("threat", _("It threatens"), _("It threatens somebody or calls for harm.")),
    Reason(
        "accuses", _("It accuses somebody of a crime"), _("It accuses somebody who can be known of something unlawful.")
    ),
    Reason("advert", _("It sells something"), _("It is there to sell or to gather clicks.")),
    Reason("not-here", _("It is not about the borough"), _("It says nothing about life in the borough.")),
    Reason(
        "urgent", _("Somebody may be in danger"), _("We have passed it on, and do not show it, to keep somebody safe.")
    ),
)
BY_CODE: Final = {reason.code: reason for reason in REASONS}
