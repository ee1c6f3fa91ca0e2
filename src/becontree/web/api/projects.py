"""Projects, what they cost, what they raised and from whom (groups and funds by name, people only as a number)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from pydantic import Field

from becontree.citizenship.giving import endings, exports
from becontree.citizenship.giving import queries as giving
from becontree.citizenship.giving.models import Campaign
from becontree.citizenship.projects import queries
from becontree.citizenship.projects.models import Project
from becontree.web.api.listing import Listed, PageOf, Slug, WardCode, Words, paged, read
from becontree.web.api.voices import WardName, ward_name

CampaignState = Literal["live", "collecting", "funded", "part-funded", "failed", "cancelled"]
router = Router(tags=["projects"])


class ProjectsFound(Listed):
    words: Words | None = Field(None, description="Words in the title, the summary or the place")
    theme: Literal["play", "green", "food", "culture", "learning", "care", "streets", "work"] | None = Field(
        None, description="What the project is about"
    )
    state: Literal["verified", "raising", "delivering", "closed", "ended"] | None = Field(
        None, description="The project's own state; after a campaign without success it is verified again"
    )
    campaign_state: CampaignState | None = Field(None, description="How its latest campaign stands or ended")
    ward: WardCode | None = Field(None, description="A ward's code")


class OrganisationOut(Schema):
    name: str = Field(description="The organisation's name")
    identifier: str = Field(description="In the manner of org-id.guide, as in the 360Giving file")


class SourceOut(Schema):
    """One source of a campaign's money. All the people who gave are one source."""

    label: str = Field(description="The source's name; for people, one name for all of them")
    kind: str = Field(description="crowd, own (the project's own people), council, company, trust, public or other")
    pence: int = Field(description="What it gave or promised, in whole pence")
    promised: bool = Field(description="Promised and not yet paid")


class CampaignOut(Schema):
    reference: str = Field(description="Names the campaign for ever")
    model: str = Field(description="all-or-nothing or keep-what-you-raise: what happens if the target is missed")
    state: str = Field(description="live, collecting, funded, part-funded, failed or cancelled")
    opens_at: datetime = Field(description="When it opens")
    closes_at: datetime = Field(description="When it ends")
    target_pence: int = Field(description="What it needs, in whole pence")
    raised_pence: int = Field(description="crowd + match + elsewhere")
    crowd_pence: int = Field(
        description="What people gave or promised, the project's own people among them, in whole pence"
    )
    own_pence: int = Field(description="Of crowd, what the project's own people gave; 0 in campaigns without that line")
    match_pence: int = Field(description="What match funds added or promised, in whole pence")
    elsewhere_pence: int = Field(description="What came from other sources, in whole pence")
    missing_pence: int = Field(description="What is still needed to reach the target, in whole pence")
    people: int | None = Field(description="How many people gave or promised money; null for 1 to 4")
    sources: list[SourceOut] = Field(description="Each source with its part")


class ProjectOut(Schema):
    reference: str = Field(description="Names the project for ever, like project/heron-garden")
    slug: str = Field(description="The last part of its address")
    title: str = Field(description="The project's name")
    summary: str = Field(description="What it is, in a sentence or two")
    theme: str = Field(description="play, green, food, culture, learning, care, streets or work")
    state: str = Field(description="The project's own; verified again after a campaign without success")
    campaign_state: CampaignState | None = Field(description="How its latest campaign stands or ended; null for none")
    ward: WardName | None = Field(description="The ward where it is; null for the whole borough")
    group: OrganisationOut | None = Field(description="The organisation that runs it; null where a person does")
    campaign: CampaignOut | None = Field(description="The latest")
    url: str = Field(description="The address of its page on this site")


class LineOut(Schema):
    what: str = Field(description="What the money is for")
    part: str = Field(description="capital (to make it) or running (to run it afterwards); never added together")
    pence: int = Field(description="Its cost in whole pence")


class NeedOut(Schema):
    what: str = Field(description="What is needed besides money")
    kind: str = Field(description="Time or things")
    unit: str = Field(description="What is counted: hours, pieces and so on")
    quantity: int = Field(description="How many are needed")
    promised: int = Field(description="How many were promised")
    delivered: int = Field(description="How many came")


class OutcomeOut(Schema):
    what: str = Field(description="What was measured afterwards")
    figure: str = Field(description="What came out, in words or figures")
    counted_how: str = Field(description="How it was counted")
    n: int | None = Field(description="How many were counted; null where that was not written down")
    period: str = Field(description="The time it is about, in words")


class ProjectWhole(ProjectOut):
    story: str = Field(description="The project in its own words")
    causes: list[str] = Field(description="References in the record of what the project came from")
    budget: list[LineOut] = Field(description="Each cost")
    needs: list[NeedOut] = Field(description="What it needs besides money")
    running_pence: int = Field(description="Money for running it afterwards, kept apart from the campaign")
    what_changed: str = Field(description="What changed, in the group's words; empty until the project is closed")
    outcomes: list[OutcomeOut] = Field(description="What was measured; empty until the project is closed")
    verified_on: date | None = Field(description="The day on which the council checked it")


def _sources(campaigns: Sequence[Campaign]) -> dict[Any, list[dict[str, Any]]]:
    """Campaign id -> its sources, in two queries for any number of campaigns."""
    found: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for campaign_id, row in giving.sources_of(campaigns):
        found[campaign_id].append(row)
    return found


def _campaign(campaign: Campaign | None, sources: list[dict[str, Any]]) -> dict[str, Any] | None:
    if campaign is None:
        return None
    return {
        "reference": campaign.ref,
        "model": campaign.model,
        "state": campaign.state,
        "opens_at": campaign.opens_at,
        "closes_at": campaign.closes_at,
        "target_pence": campaign.target,
        "raised_pence": campaign.raised,
        "crowd_pence": campaign.crowd,
        "own_pence": campaign.own,
        "match_pence": campaign.match_promised,
        "elsewhere_pence": campaign.elsewhere,
        "missing_pence": campaign.missing,
        "people": campaign.people_told,
        "sources": sources,
    }


def _shape(rows: Sequence[Project]) -> list[dict[str, Any]]:
    campaigns = giving.campaigns_of(rows)
    sources = _sources(list(campaigns.values()))
    shaped = []
    for project in rows:
        campaign = campaigns.get(project.pk)
        group = project.organisation
        shaped.append(
            {
                "reference": project.ref,
                "slug": project.slug,
                "title": project.title,
                "summary": project.summary,
                "theme": project.theme,
                "state": project.state,
                "campaign_state": campaign.state if campaign else None,
                "ward": ward_name(project.ward),
                "group": None if group is None else {"name": group.name, "identifier": exports.org_id(group)},
                "campaign": _campaign(campaign, sources[campaign.pk] if campaign else []),
                "url": project.get_absolute_url(),
            }
        )
    return shaped


@read(router, "", PageOf[ProjectOut], summary="Projects with what they raised and from where, newest first")
def projects(request: HttpRequest, asked: Query[ProjectsFound]) -> Any:
    rows = queries.found(
        words=asked.words or "", theme=asked.theme or "", ward=asked.ward or "", state=asked.state or ""
    )
    if asked.campaign_state:
        rows = endings.with_last(rows, asked.campaign_state)
    return paged(request, asked, rows.defer("ward__geometry", "story"), _shape)


@read(router, "/{slug}", ProjectWhole, summary="One project: its budget, needs, money and what changed")
def project(request: HttpRequest, slug: Slug) -> Any:
    found = get_object_or_404(queries.public().defer("ward__geometry"), slug=slug)
    (shaped,) = _shape([found])
    closed = found.state == Project.State.CLOSED
    return shaped | {
        "story": found.story,
        "causes": [cause.ref for cause in found.causes.all()],
        "budget": [{"what": line.what, "part": line.part, "pence": line.pence} for line in found.budget.all()],
        "needs": [
            {
                "what": line.need.what,
                "kind": line.need.kind,
                "unit": line.need.unit,
                "quantity": line.need.quantity,
                "promised": line.promised,
                "delivered": line.delivered,
            }
            for line in giving.needs_of(found)
        ],
        "running_pence": sum(part.pence for part in giving.running_money(found)),
        "what_changed": found.what_changed if closed else "",
        "outcomes": [
            {
                "what": outcome.what,
                "figure": outcome.figure,
                "counted_how": outcome.counted_how,
                "n": outcome.n,
                "period": outcome.period,
            }
            for outcome in (found.outcomes.all() if closed else ())
        ],
        "verified_on": found.verified_at.date() if found.verified_at else None,
    }
