"""Grant what was promised, sign the agreement, pay out: never before a campaign is funded, never by one person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext

from becontree.citizenship.giving import books, figures
from becontree.citizenship.giving.actions import matching
from becontree.citizenship.giving.actions.locking import campaign_locked, fund_locked
from becontree.citizenship.giving.models import Agreement, Award, Campaign, Contribution, Fund, Pledge, Slice
from becontree.citizenship.giving.permissions import must_keep_accounts, must_run_funds
from becontree.citizenship.projects.permissions import has_run, must_organise, organises
from becontree.formats import fund as fund_format
from becontree.foundations.access import conflicts
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.kit.ids import short_id
from becontree.foundations.kit.pence import pounds
from becontree.foundations.payments import actions as payments
from becontree.foundations.payments import queries as payments_queries
from becontree.foundations.payments.models import Payout
from becontree.foundations.people.actors import Actor, System, party_id
from becontree.foundations.record import actions as record
from becontree.methods.suppression import few

GIVING = System("giving")


def grant_all(campaign: Campaign, now: datetime) -> None:
    """Turn every promise of match into a grant, with its number and its decision record. Under the campaign's lock."""
    matching.put_right(campaign, GIVING, now)
    for award in campaign.awards.filter(state=Award.State.PROMISED).select_related("fund__funder"):
        if award.pence == 0:
            award.state = Award.State.LAPSED
            award.save(update_fields=["state"])
            continue
        award.campaign = campaign
        award.fund = fund_locked(award.fund)
        books.grant(award, Slice.objects.filter(award=award, released=False, pence__gt=0), GIVING, now)
        award.number = (Award.objects.filter(fund=award.fund).aggregate(n=Max("number"))["n"] or 0) + 1
        award.state, award.granted_at = Award.State.GRANTED, now
        award.save(update_fields=["number", "state", "granted_at"])
        _publish(award, now)


def bear_fees(campaign: Campaign, now: datetime) -> None:
    """Where the council says that projects bear what providers charge: take it off what is held, once, at the end.

    Not gift by gift, so that everybody can be paid back in full while the campaign may still fail. What the setting
    said when the campaign opened holds: it is what givers were told.
    """
    if figures.project_bears_fees(campaign.opens_at.date()):
        books.bear_fees(campaign, payments_queries.fees_of(_gifts(campaign)), now.date(), GIVING, now)


def _gifts(campaign: Campaign) -> list[str]:
    rows = Pledge.objects.filter(campaign=campaign, kind=Pledge.Kind.MONEY, state=Pledge.State.COLLECTED)
    return [pledge.ref for pledge in rows.only("handle").order_by("pk")]


def award_ref(award: Award) -> str:
    """A grant's reference on the record; its fund is read with it."""
    return f"award/{award.fund.slug}/{award.number}"


def _publish(award: Award, now: datetime) -> None:
    """The grant in the public record: by rule, so that it can be recomputed, or by people, with their reasons."""
    fund, campaign = award.fund, award.campaign
    ref = award_ref(award)
    title = f"{fund.name} granted {pounds(award.pence, short=True)} to {campaign.project.title}"
    record.thing(ref=ref, kind="award", title=title, url=campaign.get_absolute_url())
    because = [campaign.ref, fund.ref]
    if fund.decides != Fund.Decides.RULE:
        record.enter(
            kind="award.granted",
            step="decided",
            thing=ref,
            title=title,
            because=because,
            facts={"pence": award.pence, "authority": award.authority, "reasons": award.reasons},
            on=now.date(),
            by=GIVING,
            now=now,
        )
        return
    pledges = matching.listed(campaign)
    whole = matching.due(award)
    pot = award.pence if whole > award.pence else award.pence + books.available(fund)
    rule = fund_format.Fund(
        name=fund.name,
        method="capped-ratio",
        pot=pot,
        terms=fund.terms,
        projects=(matching.project(award),),
    )
    shared = fund_format.apply(rule, pledges)
    if shared.of(campaign.slug) != award.pence:
        raise RuntimeError(f"{ref}: the rule gives {shared.of(campaign.slug)} pence, the ledger holds {award.pence}.")
    if few(len({pledge.giver for pledge in pledges})):
        record.enter(
            kind="award.granted",
            step="decided",
            thing=ref,
            title=title,
            because=because,
            facts={"pence": award.pence, "authority": f"The published rule of {fund.name}", "reasons": TOO_FEW},
            on=now.date(),
            by=GIVING,
            now=now,
        )
        return
    frozen = fund_format.record(rule, pledges, shared)
    record.decide(
        thing=ref,
        title=title,
        kind="award.granted",
        family="match",
        method=frozen["method"],
        record=frozen,
        authority=f"The published rule of {fund.name}",
        reasons="The fund follows its rule alone. The record shows each gift that counted and each limit that bit.",
        because=because,
        facts={"pence": award.pence},
        on=now.date(),
        by=GIVING,
        now=now,
    )


def granted(campaign: Campaign) -> Sequence[Award]:
    return list(campaign.awards.filter(state=Award.State.GRANTED).select_related("fund"))


def sources(campaign: Campaign) -> list[dict[str, Any]]:
    """Where a campaign's money comes from, largest first: rows for the funding picture, in pence.

    The crowd is one source, and so are the project's own people; every fund and every giver from elsewhere is one.
    Running money is not among them.
    """
    return source_rows(
        campaign,
        campaign.contributions.filter(part="capital", state__in=Contribution.COUNTED),
        campaign.awards.exclude(state=Award.State.LAPSED).select_related("fund"),
    )


def source_rows(campaign: Campaign, parts: Iterable[Contribution], awards: Iterable[Award]) -> list[dict[str, Any]]:
    """The same, of contributions and awards already read."""
    rows: list[dict[str, Any]] = [
        {
            "label": part.source,
            "pence": part.pence,
            "kind": part.kind,
            "promised": part.state == Contribution.State.PROMISED,
            "url": "",
        }
        for part in parts
    ]
    rows += [
        {
            "label": award.fund.name,
            "pence": award.pence,
            "kind": award.fund.kind,
            "promised": award.state == Award.State.PROMISED,
            "url": award.fund.get_absolute_url(),
        }
        for award in awards
    ]
    told = campaign.others_told
    people = "fewer than 5 people" if told is None else f"{told} people"
    for label, pence, kind in ((people, campaign.crowd - campaign.own, "crowd"), (OWN_PEOPLE, campaign.own, "own")):
        rows.append({"label": label, "pence": pence, "kind": kind, "promised": campaign.crowd_promised > 0, "url": ""})
    return sorted((row for row in rows if row["pence"]), key=lambda row: (-row["pence"], row["label"]))


OWN_PEOPLE = "The project's own people"  # docs/decisions/0020
# docs/decisions/0019
TOO_FEW = (
    "The fund follows its rule alone. Fewer than five people gave, so their gifts are not listed one by one. "
    "The sum was worked out again before it was granted; auditors read each gift."
)
TEMPLATE = """Grant agreement

Between the council and {group}, for “{project}”.

1. The council passes on {total}, which was raised as follows: {sources}.
2. The money is used for what the project's published budget says, and for nothing else.
3. {group} tells the public how it goes, keeps receipts for six years, and shows them when asked.
4. What is not used within two years goes back to those who gave it, in proportion.
5. {group} treats everybody alike, keeps children and adults safe, and has the insurance that its work needs.
6. If {group} cannot finish, it tells the council at once. Both then look for the best way out.
"""


def draft_agreement(campaign: Campaign, now: datetime) -> Agreement:
    rows = sources(campaign)
    project = campaign.project
    text = TEMPLATE.format(
        group=project.organisation.name if project.organisation else "the group",
        project=project.title,
        total=pounds(sum(row["pence"] for row in rows)),
        sources="; ".join(f"{row['label']} {pounds(row['pence'])}" for row in rows),
    )
    return Agreement.objects.create(campaign=campaign, text=text, made_at=now)


@transaction.atomic
def sign(*, agreement: Agreement, by: Actor, now: datetime) -> Agreement:
    """Sign for the project if you run it, else for the council."""
    agreement = (
        Agreement.objects.select_for_update(of=("self",)).select_related("campaign__project").get(pk=agreement.pk)
    )
    project = agreement.campaign.project
    if not isinstance(by, System) and organises(by, project):
        must_organise(by, project)
        if agreement.organiser_signed_at is None:
            agreement.organiser_signed_at, agreement.organiser_signed_by = now, party_id(by)
    else:
        must_run_funds(by)
        if not isinstance(by, System) and has_run(by, project):
            raise NotAllowed(
                "agreement.own", gettext("You run this project, or have run it, so somebody else must decide.")
            )
        if agreement.council_signed_at is None:
            agreement.council_signed_at, agreement.council_signed_by = now, party_id(by)
    agreement.save()
    return agreement


@transaction.atomic
def ask_payout(*, campaign: Campaign, pence: int, by: Actor, now: datetime, once: str = "") -> Payout:
    """The first of two people: ask that money be paid to the project's group. `once` is the form's token.

    The money is set aside at once; `payments` takes it from there: agreed to by a second person, listed, released,
    and paid when the bank's statement says so.
    """
    must_run_funds(by) if not _finance(by) else must_keep_accounts(by, campaign.project)
    may_pay_out(purpose=campaign.ref, by=by)
    campaign = campaign_locked(campaign)
    if campaign.state not in {Campaign.State.FUNDED, Campaign.State.PART}:
        raise Clash(
            "payout.state",
            gettext("The campaign is %(state)s: nothing can be paid out.") % {"state": campaign.get_state_display()},
        )
    agreement = Agreement.objects.filter(campaign=campaign).first()
    if agreement is None or not agreement.signed:
        raise Clash("payout.agreement", gettext("Both sides must sign the grant agreement first."))
    group = campaign.project.organisation
    if group is None or group.verified_at is None or group.bank_verified_at is None:
        raise Clash("payout.bank", gettext("The group's bank account has not been checked yet."))
    key = f"{campaign.ref}:payout:{once or short_id()}"
    left = books.held(campaign)
    if not 0 < pence <= left and not payments_queries.payouts_of(campaign.ref).filter(key=key).exists():
        raise Invalid(
            "payout.amount",
            gettext("At most %(left)s is held and not already asked for.") % {"left": pounds(left)},
            "pence",
        )
    return payments.propose_payout(
        payee=group, amount=pence, purpose=campaign.ref, from_account=campaign.held, key=key, by=by, now=now
    )


def may_pay_out(*, purpose: str, by: Actor) -> None:
    """Raises NotAllowed for those who run or ran the project that the money is for, or declared an interest in it."""
    if isinstance(by, System):
        return
    campaign = Campaign.objects.select_related("project").filter(slug=purpose.partition("/")[2]).first()
    if campaign is None:
        return
    if has_run(by, campaign.project):
        raise NotAllowed(
            "payout.own", gettext("You run this project, or have run it, so somebody else must move its money.")
        )
    if conflicts.has_conflict(by, campaign.project.ref):
        raise NotAllowed(
            "payout.interest", gettext("You have declared an interest, so somebody else must move its money.")
        )


def payout_paid(*, campaign: Campaign, pence: int, on: date, now: datetime) -> None:
    """The bank's statement shows that a project's group was paid: for everyone to read, and for its people."""
    record.enter(
        kind="project.paid",
        step="funded",
        thing=campaign.ref,
        title=f"{pounds(pence, short=True)} paid to {campaign.project.title}",
        because=[campaign.project.ref, *(award_ref(award) for award in granted(campaign))],
        facts={"pence": pence},
        on=on,
        by=GIVING,
        now=now,
    )


@transaction.atomic
def came_back(*, campaign: Campaign, pence: int, on: date, by: Actor, now: datetime) -> str:
    """Money that was paid out is on the statement again: the ledger account that holds it once more.

    A bank sends a payment back, or a group repays what it did not use. At most what was paid out. Raises NotAllowed,
    Invalid.
    """
    must_keep_accounts(by, campaign.project)
    campaign = campaign_locked(campaign)
    most = books.paid_out(campaign)
    if not 0 < pence <= most:
        raise Invalid(
            "payout.back",
            gettext("%(most)s was paid to this project, so no more can come back.") % {"most": pounds(most)},
            "what",
        )
    record.enter(
        kind="project.repaid",
        step="funded",
        thing=campaign.ref,
        title=f"{pounds(pence, short=True)} came back from {campaign.project.title}",
        facts={"pence": pence},
        on=on,
        by=by,
        now=now,
    )
    return campaign.held


def _finance(by: Actor) -> bool:
    return not isinstance(by, System) and by.has_role("finance")
