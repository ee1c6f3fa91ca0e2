"""Everything that can be taken away, with its fields and how it is counted; and the API explained on a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from becontree.citizenship.conversations.views.listing import FIELDS as TALK_FIELDS
from becontree.citizenship.giving import exports
from becontree.citizenship.manifesto.views import FIELDS as PROMISE_FIELDS
from becontree.citizenship.manifesto.views import VOICE_FIELDS as QUOTED_FIELDS
from becontree.citizenship.outreach.views import FIELDS as HEARD_FIELDS
from becontree.citizenship.voices.views import FIELDS as VOICE_FIELDS
from becontree.foundations.access.gates import gate
from becontree.foundations.kit.remembered import remembered
from becontree.foundations.ledger.exports import STATEMENT_COLUMNS, TRIAL_COLUMNS
from becontree.foundations.measures.views import LIST_FIELDS as MEASURE_FIELDS
from becontree.foundations.measures.views import PEOPLE_FIELDS
from becontree.foundations.policy.views import COLUMNS as POLICY_COLUMNS
from becontree.foundations.record.views import COLUMNS as RECORD_COLUMNS
from becontree.web import api
from becontree.web.projects import FIELDS as PROJECT_FIELDS

LICENCE: Final = "Open Government Licence v3.0"


@dataclass(frozen=True, slots=True)
class Download:
    """One set of data: what is in it, how it is counted, and its files as (address name, format)."""

    title: Promise | str
    about: Promise | str
    counted: Promise | str
    fields: tuple[str, ...]
    files: tuple[tuple[str, Promise | str], ...]

    @property
    def links(self) -> list[tuple[str, Promise | str]]:
        """(address, format) of each file that this installation has."""
        found = []
        for name, form in self.files:
            try:
                found.append((reverse(name), form))
            except NoReverseMatch:
                continue
        return found


DOWNLOADS: Final = (
    Download(
        _("Voices"),
        _("What people liked, disliked or hoped for, and how it stands."),
        _(
            "One row a voice that was read and published. Every way of speaking counts alike. The words are there "
            "only where the speaker agreed; who spoke never is."
        ),
        tuple(VOICE_FIELDS),
        (("voices:csv", "CSV"), ("voices:json", "JSON")),
    ),
    Download(
        _("Conversations"),
        _(
            "Every conversation that has opened. On its own page stand its statements with their votes, as CSV and "
            "JSON."
        ),
        _(
            "One row a conversation. People are those whose votes count. Votes, groups and common ground are left out"
            " while it hides how the votes stand. Common ground is how many statements surely more than half of every"
            " group shares."
        ),
        tuple(TALK_FIELDS),
        (("conversations:list-csv", "CSV"), ("conversations:list-json", "JSON")),
    ),
    Download(
        _("Promises"),
        _("The Manifesto: every promise with its targets and how it stands."),
        _(
            "One row a target; a promise without one has a row of its own. Who adopted it, and where that is written "
            "down, is in each row."
        ),
        tuple(PROMISE_FIELDS),
        (("manifesto:csv", "CSV"), ("manifesto:json", "JSON")),
    ),
    Download(
        _("What people said, in their words"),
        _(
            "Every voice whose words may be shown. Add ?words=, ?theme=, ?ward=, ?channel=, ?since= or ?until= for a "
            "part."
        ),
        _("One row a voice that a moderator let through and whose speaker agreed to be quoted."),
        tuple(QUOTED_FIELDS),
        (("manifesto:explorer-csv", "CSV"), ("manifesto:explorer-json", "JSON")),
    ),
    Download(
        _("Projects"),
        _("Every project that anyone may see, with its latest campaign."),
        _(
            "Raised is what people, funds and others gave or promised to the latest campaign, in whole pence. Money "
            "to run a project afterwards is not in it. People is the number of people who gave money."
        ),
        tuple(PROJECT_FIELDS),
        (("projects-csv", "CSV"), ("projects-json", "JSON")),
    ),
    Download(
        _("Grants"),
        _("Every grant that a fund made."),
        _(
            "One row a grant, counted on the day on which the project reached its target and the money was granted. A"
            " person's gift is never a grant. The 360Giving file keeps to the 360Giving Data Standard 1.4."
        ),
        tuple(exports.CSV_FIELDS),
        (("giving:csv", "CSV"), ("giving:json", "JSON"), ("giving:360giving", "360Giving JSON")),
    ),
    Download(
        _("Accounts: the trial balance"),
        _("Every account with what it holds, on any day (add ?on=2026-05-03)."),
        _(
            "Each pound is moved from one account to another and never changed afterwards; a mistake is reversed in "
            "the open. Debits and credits come to the same sum."
        ),
        tuple(TRIAL_COLUMNS),
        (("ledger:trial-balance-csv", "CSV"), ("ledger:trial-balance-json", "JSON")),
    ),
    Download(
        _("Accounts: reversals"),
        _("Every correction, with its reason."),
        _("One row a correction. Two people agreed to each."),
        ("date", "journal", "kind", "pounds", "reason", "reversed_by"),
        (("ledger:reversals-csv", "CSV"),),
    ),
    Download(
        _("The public record"),
        _("What happened, in one sentence each, and because of what."),
        _(
            "One row an entry. Entries stand in one order and cannot be changed: the signed checkpoints let anyone "
            "check."
        ),
        tuple(RECORD_COLUMNS),
        (
            ("record:entries-csv", "CSV"),
            ("record:entries-json", "JSON"),
            ("record:whole-zip", _("all of it, with the program that checks it (zip)")),
            ("record:checkpoint", _("Signed checkpoint")),
        ),
    ),
    Download(
        _("Wards and places to meet"),
        _("The wards with their shapes, and the places where people meet."),
        _("As the council loaded them: the day and the file are in the record."),
        ("code", "name", "lon", "lat", "venues"),
        (("places:wards-csv", "CSV"), ("places:wards-geojson", "GeoJSON"), ("places:venues-csv", _("Venues CSV"))),
    ),
    Download(
        _("Measures"),
        _("What we count again and again. Each measure's own page has its readings as CSV and JSON."),
        _("One row a measure that everybody may see, with how it is counted and who answers for it."),
        tuple(MEASURE_FIELDS),
        (("measures:csv", "CSV"), ("measures:json", "JSON")),
    ),
    Download(
        _("Who was heard"),
        _("For each closed round: who was heard beside who lives here, by ward, age, sex, ethnic group and home."),
        _(
            "One row a group. Counts of 1 to 4 are left out, with those that would give them away. Shares are of "
            "those who answered the question; low and high are Wilson's interval, 19 times in 20."
        ),
        tuple(HEARD_FIELDS),
        (("outreach:heard-csv", "CSV"),),
    ),
    Download(
        _("Who lives here"),
        _("How many people live in the borough by ward, age, sex, ethnic group, home and disability."),
        _(
            "As the newest source says: a census or an estimate, with its day. In the example borough they are "
            "invented."
        ),
        tuple(PEOPLE_FIELDS),
        (("measures:population-csv", "CSV"),),
    ),
    Download(
        _("Rules and figures"),
        _("Every figure that we work by: the law's and our own, with its source (add ?on=2026-05-03 for another day)."),
        _("One row a rule that holds on the day."),
        tuple(POLICY_COLUMNS),
        (("policy:rules-csv", "CSV"), ("policy:rules-json", "JSON")),
    ),
)


@gate("everyone")
def open_data(request: HttpRequest) -> HttpResponse:
    context = {"downloads": DOWNLOADS, "statement_fields": STATEMENT_COLUMNS, "licence": LICENCE}
    return render(request, "web/open_data.html", context)


@gate("everyone")
def api_docs(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document as a page: no script, nothing from elsewhere."""
    document = remembered("the API's document", api.schema, for_good=True)  # nothing of it changes while we run
    groups: dict[str, list[dict[str, Any]]] = {}
    for address, operations in document["paths"].items():
        for method, operation in operations.items():
            (tag,) = operation["tags"]
            groups.setdefault(tag, []).append(
                {
                    "address": address,
                    "method": method.upper(),
                    "summary": operation["summary"],
                    "parameters": [_parameter(each) for each in operation.get("parameters", ())],
                    "try": address if "{" not in address and "thread" not in address else "",
                }
            )
    return render(
        request, "web/api_docs.html", {"groups": groups, "limit": api.problems.LIMIT, "version": document["openapi"]}
    )


@gate("everyone")
def to_api_docs(request: HttpRequest) -> HttpResponse:
    """`/api/` and `/api/v1/` by themselves lead to the page that explains what can be asked."""
    return redirect("api-docs")


def _parameter(found: dict[str, Any]) -> dict[str, Any]:
    parts = [found["schema"], *found["schema"].get("anyOf", ())]
    choices = [value for part in parts for value in part.get("enum", ())]
    return {
        "name": found["name"],
        "where": "in the address" if found["in"] == "path" else "after the question mark",
        "about": found.get("description") or found["schema"].get("description", ""),
        "choices": choices,
        "default": found["schema"].get("default"),
    }
