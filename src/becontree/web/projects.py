"""The list of projects, and each project's page with its money, its needs and its thread beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from becontree.citizenship.giving import endings
from becontree.citizenship.giving import queries as giving
from becontree.citizenship.giving.models import Campaign
from becontree.citizenship.projects import queries as projects
from becontree.citizenship.projects.models import Project
from becontree.citizenship.projects.permissions import organises
from becontree.citizenship.projects.views import seen_by
from becontree.citizenship.voices import queries as voices
from becontree.foundations.access.gates import gate
from becontree.foundations.kit import asked
from becontree.foundations.kit.downloads import csv_download, json_download
from becontree.foundations.kit.paging import page
from becontree.foundations.kit.requests import Request
from becontree.foundations.places import queries as places
from becontree.foundations.record.queries import thread


class FindForm(forms.Form):
    words = forms.CharField(label=_("Words"), required=False, max_length=100)
    theme = forms.ChoiceField(label=_("About"), required=False, choices=[("", _("Everything")), *Project.Theme.choices])
    ward = forms.ChoiceField(label=_("Place"), required=False)
    state = forms.ChoiceField(
        label=_("How it stands"),
        required=False,
        choices=[
            ("", _("All")),
            ("raising", _("Raising money")),
            ("delivering", _("Being delivered")),
            ("closed", _("Done")),
            ("verified", _("Ready to open")),
            ("failed", _("Not funded")),
            ("cancelled", _("Called off")),
            ("ended", _("Ended")),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["ward"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", gettext("The whole borough")), *places.ward_names().items()]


def cards(shown: list[Project], now: Any) -> list[dict[str, Any]]:
    """Projects with what their card says about money, in two queries more than the projects themselves."""
    campaigns = giving.campaigns_of(shown)
    had = endings.had_promised(campaigns.values())
    found = []
    for project in shown:
        campaign = campaigns.get(project.pk)
        found.append(
            {
                "project": project,
                "campaign": campaign,
                "live": campaign is not None and campaign.state == Campaign.State.LIVE,
                "days": giving.days_left(campaign, now) if campaign is not None else 0,
                "state": state_of(project, campaign),
                "had": had.get(campaign.pk) if campaign is not None else None,
            }
        )
    return found


def state_of(project: Project, campaign: Campaign | None) -> str:
    """The project's state as readers need it: checked and never opened is not the same as asked and not reached."""
    if project.state != Project.State.VERIFIED:
        return str(project.get_state_display())
    if campaign is not None and campaign.state in endings.WITHOUT:
        return str(campaign.get_state_display())
    return gettext("ready to open")


@gate("everyone")
def listing(request: Request) -> HttpResponse:
    form = FindForm(request.GET)
    chosen = asked.chosen(form)
    how = chosen.pop("state", "")
    rows = projects.on_cards(projects.found(**chosen))
    shown = page(request, endings.standing(rows, how) if how else rows, 18)
    by_ward = projects.by_ward()
    return render(
        request,
        "web/projects.html",
        {
            "form": form,
            "page": shown,
            "cards": cards(list(shown.object_list), request.now),
            "map": places.svg_map(
                title=gettext("Projects by ward"),
                values=by_ward,
                value_name=gettext("projects"),
                value_said=lambda n: ngettext("%(n)s project", "%(n)s projects", n) % {"n": f"{n:,}"},
                links={code: f"/projects/?ward={code}" for code in by_ward},
            ),
        },
        status=asked.status(form),
    )


@gate("everyone")
def project(request: Request, slug: str) -> HttpResponse:
    found = seen_by(request, slug)
    campaign = giving.latest_campaign(found)
    causes = [cause.ref for cause in found.causes.all()]
    handles = [ref.partition("/")[2] for ref in causes if ref.startswith("voice/")]
    quotes = (
        [voice for voice in voices.on_cards(voices.published()).filter(handle__in=handles[:40]) if voice.shown][:4]
        if handles
        else []
    )
    return render(
        request,
        "web/project.html",
        {
            "project": found,
            "campaign": campaign,
            "state": state_of(found, campaign),
            "had": endings.had_promised([campaign]).get(campaign.pk) if campaign is not None else None,
            "live": campaign is not None and campaign.state == Campaign.State.LIVE and request.now < campaign.closes_at,
            "days": giving.days_left(campaign, request.now) if campaign else 0,
            "spread": giving.spread(found, campaign),
            "running": giving.running_money(found),
            "budget": projects.budget(found),
            "needs": giving.needs_of(found),
            "names": giving.public_names(campaign) if campaign else [],
            "updates": found.updates.all()[:10],
            "pictures": list(found.evidence.filter(public=True).defer("content")),
            "outcomes": found.outcomes.all() if found.state == "closed" else [],
            "quotes": quotes,
            "causes": causes,
            "thread": thread(found.ref),
            "mine": request.user.is_authenticated and organises(request.user, found),
        },
    )


FIELDS = [
    "reference", "title", "summary", "theme", "ward", "state", "campaign_state", "group", "target_pence",
    "raised_pence", "people",
]  # fmt: skip


def _rows() -> Iterator[list[Any]]:
    batch: list[Project] = []
    for found in projects.public().iterator(chunk_size=200):
        batch.append(found)
        if len(batch) == 200:
            yield from _lines(batch)
            batch = []
    yield from _lines(batch)


def _lines(batch: list[Project]) -> Iterator[list[Any]]:
    campaigns = giving.campaigns_of(batch)
    for found in batch:
        campaign = campaigns.get(found.pk)
        yield [
            found.ref,
            found.title,
            found.summary,
            found.theme,
            found.ward.name if found.ward else "",
            found.state,
            campaign.state if campaign else "",
            found.organisation.name if found.organisation else "",
            campaign.target if campaign else None,
            campaign.raised if campaign else None,
            campaign.people_told if campaign else None,
        ]


@gate("everyone")
def projects_csv(request: Request) -> HttpResponseBase:
    return csv_download(request, "projects", FIELDS, _rows())


@gate("everyone")
def projects_json(request: Request) -> HttpResponseBase:
    return json_download(request, FIELDS, _rows())
