"""The projects of the example borough and their money: from the idea to what came of it, as each tale goes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from operator import itemgetter
from typing import Any, Final

from django.db import transaction

from becontree.citizenship.giving import books, jobs
from becontree.citizenship.giving import queries as giving
from becontree.citizenship.giving.actions import campaigns, elsewhere, funds, grants, paying_in, pledges
from becontree.citizenship.giving.models import Agreement, Campaign
from becontree.citizenship.giving.organiser import end_of
from becontree.citizenship.projects import actions as projects
from becontree.citizenship.projects.checklist import CHECKLIST
from becontree.citizenship.projects.models import Need, Project
from becontree.citizenship.voices import actions as voices
from becontree.foundations.kit.dates import LONDON
from becontree.foundations.payments import actions as payments
from becontree.foundations.payments.actions import deliver, process_inbox
from becontree.foundations.payments.models import Instruction
from becontree.foundations.payments.practice import post, remote
from becontree.foundations.people import actions as people
from becontree.foundations.people.models import Person
from becontree.foundations.places.models import Ward
from becontree.web.demo import bank, story
from becontree.web.demo.borough import DEMO, Borough, giver

CALLED_OFF: Final = timedelta(days=30)  # how long a campaign that is called off was open


def funds_of(town: Borough) -> None:
    priya, tom = town.people["priya"], town.people["tom"]
    wards = Ward.objects.in_bulk()
    council = town.bodies["council"]

    def fund(key: str, days: int, paid: int, **facts: Any) -> None:
        at = town.ago(days)
        town.funds[key] = funds.open_fund(opens_on=at.date(), by=priya, now=at, **facts)
        written = paying_in.pay_in(
            fund=town.funds[key], pence=paid, reference=f"transfer-{key}", on=at.date(), by=tom, now=at
        )
        if written.state == written.State.WAITS:
            paying_in.confirm_pay_in(written=written, read=giving.as_read(written), by=town.people["ruth"], now=at)
        bank.came(f"TRANSFER {facts['name']}", paid, purpose=town.funds[key].ref, by=tom, at=at)

    fund("play", 530, 3_900_000, name="Play places pot", kind="council", funder=council, ratio=(7, 1), share_percent=50, per_project=3_900_000,
         min_backers=20, priority=10, purpose="Play areas that residents ask for. The first £39,000 of the council's £120,000.")  # fmt: skip
    fund("pot", 500, 8_100_000, name="Borough match pot", kind="council", funder=council, ratio=(1, 1), share_percent=50, per_project=500_000,
         min_backers=10, crowd_first_percent=10, priority=50, purpose="A pound from the council for every pound from residents, for any project that is open to all.")  # fmt: skip
    fund("dock", 210, 1_500_000, name="Dock & Daughters growing fund", kind="company", funder=town.bodies["dock"], ratio=(1, 2), per_project=100_000,
         per_giver=5_000, priority=20, wards=[wards[code] for code in ("F03", "F08", "F09", "F11")],
         purpose="For gardens, food and making, in the wards around the yard.")  # fmt: skip
    fund("officers", 120, 600_000, name="Young people's fund", kind="council", funder=council, decides="officer", share_percent=50, per_project=300_000,
         purpose="For what young people start themselves. Officers decide on the first Monday of the month, with reasons.")  # fmt: skip
    fund("aldersey", 420, 50_000, name="Aldersey winter lights", kind="trust", funder=town.bodies["aldersey"], ratio=(1, 1), per_project=50_000,
         closes_on=town.ago(300).date(), priority=30, purpose="For light in the dark months.", wards=[wards["F05"]])  # fmt: skip


def tell(town: Borough, tale: story.Tale) -> None:
    start = town.ago(tale.began)
    lead = town.people["joan"] if tale.group in {0, 2} else town.people["kwame"]
    priya = town.people["priya"]
    with transaction.atomic():
        project = projects.propose(
            title=tale.title, summary=tale.summary, story=tale.story, theme=tale.theme, ward=Ward.objects.get(pk=tale.ward), place=tale.place,
            organisation=town.groups[tale.group], causes=_causes(town, tale), by=lead, now=start,
        )  # fmt: skip
        lines = [projects.Line(what, pence, "capital", basis) for what, pence, basis in tale.budget]
        lines += [projects.Line(what, pence, "running") for what, pence in tale.running]
        projects.set_budget(project=project, lines=lines, by=lead, now=start)
        projects.set_needs(project=project, needs=[projects.Wanted(*need) for need in tale.needs], by=lead, now=start)
        if tale.ends == "draft":
            return
        projects.submit(project=project, by=lead, now=start)
        if tale.ends == "submitted":
            return
        checked = start + timedelta(hours=20)
        for item in CHECKLIST:
            state = "met" if item.always or item.code in {"landowner", "insurance"} else "not-needed"
            projects.decide_check(project=project, code=item.code, state=state, by=priya, now=checked)
        project = projects.verify(project=project, by=priya, now=checked)
        if not tale.days:
            return
        opened = start + timedelta(hours=22)
        for source, kind, part, pence in tale.elsewhere:
            if part == "capital":
                _elsewhere(project, source, kind, part, pence, lead, priya, opened)
        campaign = campaigns.open_campaign(
            project=project,
            model=tale.model,
            closes_at=end_of((opened + timedelta(days=tale.days)).astimezone(LONDON).date()),
            provider="practice",
            by=lead,
            now=opened,
        )
    _give(town, tale, campaign, opened)
    if tale.award:
        funds.award(
            fund=town.funds["officers"], campaign=campaign, pence=tale.award, authority="Young people's fund, October meeting, item 2",
            reasons="The young people wrote the plan and run the rota.", by=priya, now=town.ago(20),
        )  # fmt: skip
    if tale.ends == "cancelled":
        campaigns.call_off(
            campaign=campaign,
            reason="The car park is being dug up this summer. We try again next year.",
            by=lead,
            now=opened + CALLED_OFF,
        )
        return
    closed = campaign.closes_at + timedelta(minutes=5)
    if closed > town.today:
        return
    for hours in (0, 1, 2):
        _rounds(closed + timedelta(hours=hours))
    for day in (2, 4, 7, 8):
        _rounds(closed + timedelta(days=day))
    campaign.refresh_from_db()
    if campaign.state in {Campaign.State.FUNDED, Campaign.State.PART}:
        _deliver(town, tale, Project.objects.get(pk=project.pk), campaign, lead, closed)


def _causes(town: Borough, tale: story.Tale) -> list[str]:
    """The voices that it comes from, and the promise that it keeps where the promise was there first."""
    promise = town.promises.get(tale.title)
    voices_said = [town.voices[index].ref for index in tale.causes]
    return (
        [*voices_said, promise.ref]
        if promise is not None and promise.adopted_on < town.ago(tale.began).date()
        else voices_said
    )


def _elsewhere(
    project: Project, source: str, kind: str, part: str, pence: int, lead: Person, officer: Person, at: datetime
) -> None:
    claimed = elsewhere.claim(
        project=project,
        source=source,
        kind=kind,
        part=part,
        pence=pence,
        on=at.date(),
        evidence_note="Award letter",
        by=lead,
        now=at,
    )
    elsewhere.check(contribution=claimed, accept=True, by=officer, now=at)


def amounts(total: int, count: int) -> list[int]:
    """`count` plausible gifts that add up to `total` pence, the same every time."""
    shape = [5, 10, 20, 10, 25, 5, 50, 15, 10, 20, 100, 10, 30, 5, 40]
    weights = [shape[number % len(shape)] for number in range(count)]
    whole = sum(weights)
    gifts = [max(200, total * weight // whole // 100 * 100) for weight in weights]
    gifts[-1] += total - sum(gifts)
    return gifts


def _give(town: Borough, tale: story.Tale, campaign: Campaign, opened: datetime) -> None:
    """The crowd's gifts and its promises of help, each at its own time, one after the other, up to the day it ends."""
    if not tale.givers:
        return
    ends = opened + CALLED_OFF if tale.ends == "cancelled" else campaign.closes_at
    span = min(ends - timedelta(hours=2), town.today) - opened
    steps: list[tuple[datetime, Callable[[datetime], object]]] = []
    for number, pence in enumerate(amounts(tale.gifts, tale.givers)):
        at = opened + span * (number + 1) / (tale.givers + 1)
        steps.append((at, partial(_gift, campaign, pence, giver(town, number), number % 3 == 0)))
    for number, need in enumerate(campaign.project.needs.all()):
        for turn in range(3):
            helper = giver(town, number + turn * 2)
            steps.append((opened + span * (turn + 1) / 5, partial(_help, need, helper)))
    with transaction.atomic():
        for at, step in sorted(steps, key=itemgetter(0)):
            step(at)


def _gift(campaign: Campaign, pence: int, person: Person, named: bool, at: datetime) -> None:
    """One person promises, saves a card on the practice provider's page, and the promise stands before the next."""
    _, instruction = pledges.offer_money(
        campaign=campaign, pence=pence, by=person, now=at, return_url="/my/giving/gifts/{handle}/",
        public_name=person.name.split()[0] if named else "",
    )  # fmt: skip
    payments.deliver_for(subject=instruction.pk, now=at)
    answered = at + timedelta(minutes=2)
    setup = Instruction.objects.values_list("remote_id", flat=True).get(pk=instruction.pk)
    remote.answer_page(setup=setup, card="pays", now=answered)
    post.send_and_read(now=answered)


def _help(need: Need, helper: Person, at: datetime) -> None:
    quantity = max(1, need.quantity // 5)
    pledges.offer_help(need=need, quantity=quantity, by=helper, now=at, note="Evenings and Saturdays.")


def what_waits(town: Borough) -> None:
    """Money on its way out, for finance to try: a list that one person made and another must release, and a payout to a
    group whose new bank account was checked too short a time ago."""
    tom, ruth = town.people["tom"], town.people["ruth"]
    for tale in (each for each in story.TALES if each.rest):
        campaign = Campaign.objects.select_related("project__organisation").get(project__title=tale.title)
        payout = grants.ask_payout(campaign=campaign, pence=books.held(campaign), by=tom, now=town.ago(3))
        if tale.rest == "listed":
            payments.approve_payout(payout=payout, by=ruth, now=town.ago(2))
            payments.make_list(by=tom, now=town.ago(1))
        elif group := campaign.project.organisation:
            people.verify_bank(organisation=group, how="Rang the treasurer", by=DEMO, now=town.ago(0.25))


def _rounds(at: datetime) -> None:
    """What the worker does at a moment, until nothing is left to do."""
    done = 1
    while done:
        done = sum(run(at) for _, _, run in jobs.JOBS)
        done += deliver(now=at, limit=500) + post.send_due(now=at, limit=500) + process_inbox(now=at, limit=500)


def _deliver(
    town: Borough, tale: story.Tale, project: Project, campaign: Campaign, lead: Person, closed: datetime
) -> None:
    """Sign, receive what others promised, pay, tell the news, and close where the tale is over."""
    priya, tom, ruth = town.people["priya"], town.people["tom"], town.people["ruth"]
    bank.provider_paid_in(by=tom, at=closed + timedelta(days=9))
    at = closed + timedelta(days=10)
    for contribution in campaign.contributions.filter(state="promised"):
        elsewhere.mark_received(contribution=contribution, by=tom, now=at)
        bank.came(
            f"FROM {contribution.source}", contribution.pence, purpose=f"contribution/{contribution.pk}", by=tom, at=at
        )
    agreement = Agreement.objects.get(campaign=campaign)
    grants.sign(agreement=agreement, by=lead, now=at)
    grants.sign(agreement=agreement, by=priya, now=at)
    held = books.held(campaign)
    payout = grants.ask_payout(campaign=campaign, pence=held // 2 if tale.rest else held, by=tom, now=at)
    at += timedelta(days=1)
    payments.approve_payout(payout=payout, by=ruth, now=at)
    payments.release_list(listed=payments.make_list(by=tom, now=at), by=ruth, now=at)
    at += timedelta(days=1)
    bank.went(f"BACS {payout.reference}", payout.amount, by=tom, at=at)
    for days, title, body in tale.news:
        projects.post_update(project=project, title=title, body=body, by=lead, now=town.ago(days))
    for source, kind, part, pence in tale.elsewhere:
        if part == "running":
            _elsewhere(project, source, kind, part, pence, lead, priya, town.ago(300))
    if tale.ends != "closed":
        _answer(
            town,
            tale,
            project,
            "underway",
            tale.news[0][2] if tale.news else "The money is there, and the work has begun.",
            at,
        )
        return
    for pledge in campaign.pledges.exclude(kind="money").filter(state="firm"):
        pledges.delivered(pledge=pledge, by=lead, now=town.ago(321))
    projects.close(
        project=project,
        what_changed=tale.what_changed,
        outcomes=[projects.Measured(what, figure, how, period, n) for what, figure, how, period, n in tale.results],
        by=lead,
        now=town.ago(min(days for days, _, _ in tale.news) - 20),
    )
    _answer(town, tale, project, "done", tale.what_changed, town.ago(min(days for days, _, _ in tale.news) - 21))


def _answer(town: Borough, tale: story.Tale, project: Project, status: str, body: str, at: datetime) -> None:
    """Who said what the project came from hears what became of it, where nobody has answered yet."""
    behind = [town.voices[index] for index in tale.causes]
    team = str(project.get_theme_display())
    voices.answer_many(
        voices=behind, status=status, body=body, team=team, leads_to=project.ref, by=town.people["marcus"], now=at
    )
