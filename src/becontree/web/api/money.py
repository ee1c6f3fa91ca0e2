"""Funds and grants. A citizen's gift is never among them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from pydantic import Field

from becontree.citizenship.giving import exports, queries
from becontree.citizenship.giving.models import Award, Fund
from becontree.web.api.listing import Listed, PageOf, Slug, WardCode, paged, read
from becontree.web.api.projects import OrganisationOut

LONDON = ZoneInfo("Europe/London")
funds_router = Router(tags=["money"])
grants_router = Router(tags=["money"])


class FundOut(Schema):
    """A fund. `paid_in_pence` is always `granted_pence` + `promised_pence` + `left_pence`."""

    reference: str = Field(description="Names the fund for ever")
    slug: str = Field(description="The last part of its address")
    name: str = Field(description="The fund's name")
    kind: str = Field(description="council, company, trust or public")
    funder: OrganisationOut = Field(description="Whose money it is")
    purpose: str = Field(description="What it is for")
    rule: list[str] = Field(description="The fund's rule in plain sentences")
    decides: str = Field(description="rule, officer or panel: who decides")
    wards: list[str] = Field(description="Codes of the wards it is for; none means the whole borough")
    opens_on: date = Field(description="Its first day")
    closes_on: date | None = Field(description="Its last day; null where it has none")
    paid_in_pence: int = Field(description="What was paid in, in whole pence")
    granted_pence: int = Field(description="What was granted, in whole pence")
    promised_pence: int = Field(description="What is promised to projects that still raise money, in whole pence")
    left_pence: int = Field(description="What is left, in whole pence")
    url: str = Field(description="The address of its page on this site")


class GrantOut(Schema):
    id: str = Field(description="Stable for ever; the same as in the 360Giving file")
    fund: str = Field(description="The fund's slug")
    funder: OrganisationOut = Field(description="Whose money it is")
    project: str = Field(description="The project's slug")
    title: str = Field(description="The project's name")
    recipient: OrganisationOut | None = Field(
        description="The organisation that got it; null where a person runs the project"
    )
    ward: str | None = Field(description="A ward's code")
    pence: int = Field(description="The grant in whole pence")
    granted_on: date | None = Field(description="The day on which it was granted")
    decided_by: str = Field(description="Who decided, or the fund's rule")


class GrantsFound(Listed):
    fund: str | None = Field(None, pattern=r"^[A-Za-z0-9_-]{1,60}$", description="A fund's slug")
    ward: WardCode | None = Field(None, description="A ward's code")


def _group(organisation: Any) -> dict[str, str]:
    return {"name": organisation.name, "identifier": exports.org_id(organisation)}


def _funds(rows: Sequence[Fund]) -> list[dict[str, Any]]:
    return [
        {
            "reference": line.fund.ref,
            "slug": line.fund.slug,
            "name": line.fund.name,
            "kind": line.fund.kind,
            "funder": _group(line.fund.funder),
            "purpose": line.fund.purpose,
            "rule": queries.describe(line.fund),
            "decides": line.fund.decides,
            "wards": [ward.code for ward in line.fund.wards.all()],
            "opens_on": line.fund.opens_on,
            "closes_on": line.fund.closes_on,
            "paid_in_pence": line.paid_in,
            "granted_pence": line.granted,
            "promised_pence": line.promised,
            "left_pence": line.left,
            "url": line.fund.get_absolute_url(),
        }
        for line in queries.fund_lines(rows)
    ]


def _grants(rows: Sequence[Award]) -> list[dict[str, Any]]:
    shaped = []
    for award in rows:
        project = award.campaign.project
        shaped.append(
            {
                "id": exports.grant_id(award),
                "fund": award.fund.slug,
                "funder": _group(award.fund.funder),
                "project": project.slug,
                "title": project.title,
                "recipient": _group(project.organisation) if project.organisation else None,
                "ward": project.ward_id,
                "pence": award.pence,
                "granted_on": award.granted_at.astimezone(LONDON).date() if award.granted_at else None,
                "decided_by": award.authority or "the fund's rule",
            }
        )
    return shaped


@read(funds_router, "", PageOf[FundOut], summary="Every fund: its rule, and where its money stands")
def funds(request: HttpRequest, asked: Query[Listed]) -> Any:
    return paged(request, asked, Fund.objects.select_related("funder").prefetch_related("wards"), _funds)


@read(funds_router, "/{slug}", FundOut, summary="One fund")
def fund(request: HttpRequest, slug: Slug) -> Any:
    rows = Fund.objects.select_related("funder").prefetch_related("wards")
    return _funds([get_object_or_404(rows, slug=slug)])[0]


@read(grants_router, "", PageOf[GrantOut], summary="Every grant, oldest first")
def grants(request: HttpRequest, asked: Query[GrantsFound]) -> Any:
    rows = queries.granted_awards().defer("campaign__project__ward__geometry", "campaign__project__story")
    if asked.fund:
        rows = rows.filter(fund__slug=asked.fund)
    if asked.ward:
        rows = rows.filter(campaign__project__ward_id=asked.ward)
    return paged(request, asked, rows, _grants)
