"""Grants for others: the 360Giving Data Standard, and a plain table.

One grant a posted award; a citizen's gift is never one. A grant's id is stable for ever: prefix, fund, number. Its
award date is the day on which the fund stopped waiting and the money was granted (ThreeSixtyGiving/standard#200).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpResponse

from becontree.citizenship.giving.models import Award
from becontree.formats import threesixty
from becontree.foundations.people.models import Organisation

LONDON: Final = ZoneInfo("Europe/London")
CSV_FIELDS: Final = ["grant", "fund", "funder", "project", "group", "ward", "pounds", "granted_on", "decided_by"]


def org_id(organisation: Organisation) -> str:
    """An identifier in the manner of org-id.guide: a register's where there is one, else our own."""
    if organisation.org_id:
        return str(organisation.org_id)
    if organisation.charity_number:
        return f"GB-CHC-{organisation.charity_number}"
    if organisation.company_number:
        return f"GB-COH-{organisation.company_number}"
    return f"{settings.GIVING_PREFIX}-org-{organisation.slug}"


def _organisation(organisation: Organisation) -> threesixty.Organisation:
    return threesixty.Organisation(
        id=org_id(organisation),
        name=organisation.name,
        charity_number=organisation.charity_number,
        company_number=organisation.company_number,
    )


def grant_id(award: Award) -> str:
    return f"{settings.GIVING_PREFIX}-{award.fund.slug}-{award.number}"


def grants(awards: Iterable[Award]) -> Iterator[threesixty.Award]:
    """Our awards as 360Giving grants. An award whose project has no group cannot exist: money goes to groups."""
    for award in awards:
        project = award.campaign.project
        assert award.granted_at is not None
        assert project.organisation is not None
        ward = project.ward
        yield threesixty.Award(
            id=grant_id(award),
            title=project.title,
            description=project.summary,
            pence=award.pence,
            awarded=award.granted_at.astimezone(LONDON).date(),
            recipient=_organisation(project.organisation),
            funder=_organisation(award.fund.funder),
            url=f"{settings.SITE_URL.rstrip('/')}{project.get_absolute_url()}",
            programme=(award.fund.slug, award.fund.name),
            location=(ward.name, ward.pk, "WD") if ward is not None else ("", "", ""),
            open_call=True,
        )


def package(awards: Iterable[Award]) -> str:
    """The whole 360Giving package as JSON text."""
    return threesixty.write_json(
        grants(awards),
        title=f"Grants of {settings.COUNCIL_NAME}",
        description="Match funding granted to projects that residents gave to.",
    )


def package_response(awards: Iterable[Award]) -> HttpResponse:
    answer = HttpResponse(package(awards), content_type="application/json")
    answer["Content-Disposition"] = 'attachment; filename="360giving.json"'
    return answer


def csv_rows(awards: Iterable[Award]) -> Iterator[list[Any]]:
    """One row a grant; pounds as exact text."""
    for award in awards:
        project = award.campaign.project
        yield [
            grant_id(award),
            award.fund.name,
            award.fund.funder.name,
            project.title,
            project.organisation.name if project.organisation else "",
            project.ward.name if project.ward else "",
            f"{award.pence // 100}.{award.pence % 100:02d}",
            award.granted_at.astimezone(LONDON).date().isoformat() if award.granted_at else "",
            award.authority or "the fund's rule",
        ]
