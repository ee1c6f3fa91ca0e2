"""How we moderate: the reasons for which words are not published, set out before anybody is read.

Reasons are about the words, never about the opinion. Source: the manners that residents expect of such sites (being
moderated says what, why and how to appeal) and the duties of a public body towards personal data and equality.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Reason:
    code: str
    name: str
    said: str


REASONS: Final = (
    Reason("personal", "It tells about a person", "It names somebody or says where they live, or how to reach them."),
    Reason(
        "hate", "It attacks people for who they are", "It attacks people for their race, faith, sex, age or disability."
    ),
    Reason("threat", "It threatens", "It threatens somebody or calls for harm."),
    Reason("accuses", "It accuses somebody of a crime", "It accuses somebody who can be known of something unlawful."),
    Reason("advert", "It sells something", "It is there to sell or to gather clicks."),
    Reason("not-here", "It is not about the borough", "It says nothing about life in the borough."),
    Reason("urgent", "Somebody may be in danger", "We have passed it on, and do not show it, to keep somebody safe."),
)
BY_CODE: Final = {reason.code: reason for reason in REASONS}
