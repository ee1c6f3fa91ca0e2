"""Fill an empty installation with the example borough, by the same actions that the pages use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from becontree.citizenship.giving import books, jobs
from becontree.citizenship.giving.actions import campaigns, elsewhere, funds, grants, pledges
from becontree.citizenship.giving.models import Agreement, Campaign, Fund
from becontree.citizenship.projects import actions as projects
from becontree.citizenship.projects.checklist import CHECKLIST
from becontree.citizenship.projects.models import Project
from becontree.citizenship.voices import actions as voices
from becontree.citizenship.voices.models import Voice
from becontree.foundations.payments import actions as payments
from becontree.foundations.payments.actions import deliver, process_inbox
from becontree.foundations.payments.models import Instruction
from becontree.foundations.payments.practice import post, remote
from becontree.foundations.people import actions as people
from becontree.foundations.people.actors import System
from becontree.foundations.people.models import Person
from becontree.foundations.places import actions as places
from becontree.foundations.places import example
from becontree.foundations.places.models import Ward
from becontree.foundations.record import actions as record
from becontree.web.demo import listening, story

DEMO = System("demo")
Progress = Callable[[int, int, str], None]
ADDRESS = "{}@fairlop.example"
ROUND = 40  # gifts that the worker takes at a time


@dataclass
class Borough:
    """The borough as it is being filled: its people, groups, funds and voices, and the day it is."""

    today: datetime
    people: dict[str, Person] = field(default_factory=dict)
    groups: list[Any] = field(default_factory=list)
    bodies: dict[str, Any] = field(default_factory=dict)
    funds: dict[str, Fund] = field(default_factory=dict)
    voices: list[Voice] = field(default_factory=list)
    givers: list[Person] = field(default_factory=list)
    heard: Any = None  # the listening round that is over
    promises: dict[str, Any] = field(default_factory=dict)  # title of a project -> the promise that it keeps

    def ago(self, days: float) -> datetime:
        return self.today - timedelta(days=days)


def load(now: datetime, progress: Progress | None = None, *, stories: bool = True) -> Borough:
    """Fill the database; `stories` False leaves the projects and their money out (the journey makes its own)."""
    tell = progress or (lambda done, total, what: None)
    if connection.vendor == "sqlite":  # an example that is lost in a power cut is made again
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=OFF")
    town = Borough(now)
    steps = 5 + (len(story.TALES) + 1 + len(listening.CHAPTERS) if stories else 0)
    tell(0, steps, "the borough and its wards")
    with transaction.atomic():
        _places(town)
        _people(town)
    tell(1, steps, "what people said")
    with transaction.atomic():
        _voices(town)
    tell(2, steps, "the funds")
    if stories:
        with transaction.atomic():
            _funds(town)
        for number, (what, make) in enumerate(listening.CHAPTERS):
            tell(3 + number, steps, what)
            with transaction.atomic():
                make(town)
        for number, tale in enumerate([story.PLAY, *story.TALES]):
            tell(3 + len(listening.CHAPTERS) + number, steps, tale.title)
            _tale(town, tale)
    tell(steps - 1, steps, "the public record")
    while record.sequence(now=now):
        pass
    record.checkpoint(now=now)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=FULL")
    tell(steps, steps, "ready")
    return town


def _places(town: Borough) -> None:
    """The example's wards, venues and postcodes ship with `places`."""
    folder = Path(example.__path__[0])
    at = town.ago(600)
    places.name_borough(name="The Borough of Fairlop", example=True, by=DEMO, now=at)
    places.import_wards((folder / "wards.geojson").read_bytes(), by=DEMO, now=at, file_name="wards.geojson")
    places.import_venues((folder / "venues.csv").read_bytes(), by=DEMO, now=at, file_name="venues.csv")
    places.import_postcodes((folder / "postcodes.csv").read_bytes(), by=DEMO, now=at, file_name="postcodes.csv")


def _people(town: Borough) -> None:
    long_ago = town.ago(590)
    for name, handle, role, team, _ in story.PEOPLE:
        person = people.register(
            email=ADDRESS.format(handle), name=name, ward_code="F01", email_verified=True, by=DEMO, now=long_ago
        )
        if role:
            people.grant_role(person=person, role=role, team=team, reason="The example borough", by=DEMO, now=long_ago)
        town.people[handle] = Person.objects.get(pk=person.pk)
    for name, kind, charity, lead in story.GROUPS:
        group = people.add_organisation(
            name=name, kind=kind, charity_number=charity, by=town.people[lead], now=long_ago
        )
        people.verify_organisation(organisation=group, how="Looked up for the example", by=DEMO, now=long_ago)
        people.verify_bank(organisation=group, how="Statement seen for the example", by=DEMO, now=long_ago)
        town.groups.append(group)
    for key, name, kind in (
        ("council", "The Borough of Fairlop", "council"),
        ("dock", "Dock & Daughters Ltd", "company"),
        ("aldersey", "Aldersey Trust", "funder"),
    ):
        town.bodies[key] = people.add_organisation(name=name, kind=kind, by=DEMO, now=long_ago)
        people.verify_organisation(
            organisation=town.bodies[key], how="Looked up for the example", by=DEMO, now=long_ago
        )
    people.join(person=town.people["sally"], organisation=town.bodies["dock"], by=DEMO, now=long_ago)


def _names() -> Iterator[str]:
    for last in story.LAST:
        for first in story.FIRST:
            yield f"{first} {last}"


def _giver(town: Borough, number: int) -> Person:
    """The n-th giver of the borough; the first is Amina."""
    if not town.givers:
        town.givers.append(town.people["amina"])
    names = _names()
    while len(town.givers) <= number:
        position = len(town.givers)
        name = next(name for place, name in enumerate(names) if place >= position)
        ward = f"F{position % 12 + 1:02d}"
        town.givers.append(
            people.register(
                email=ADDRESS.format(f"giver{position}"),
                name=name,
                ward_code=ward,
                email_verified=True,
                by=DEMO,
                now=town.ago(580),
            )
        )
        names = _names()
    return town.givers[number]


def _voices(town: Borough) -> None:
    wards = Ward.objects.in_bulk()
    marcus = town.people["marcus"]
    for number, (kind, ward, channel, days, words, quote) in enumerate(story.VOICES):
        at = town.ago(days)
        mine = town.people["amina"] if number in {1, 43} else None
        voice = voices.say(
            kind=kind,
            words=words,
            ward=wards[ward],
            channel=channel,
            may_quote=quote,
            said_on=at.date(),
            person=mine,
            by=marcus,
            now=at,
        )
        town.voices.append(voices.publish(voice=voice, by=marcus, now=at + timedelta(days=1)))
    for kind, ward, _channel, words in story.WAITING:
        voices.say(kind=kind, words=words, ward=wards[ward], may_quote=True, by=None, now=town.ago(1))
    for index, status, team, body in story.ANSWERS:
        voices.answer(
            voice=town.voices[index],
            status=status,
            body=body,
            team=team,
            by=marcus,
            now=town.ago(story.VOICES[index][3] - 4),
        )


def _funds(town: Borough) -> None:
    priya, tom = town.people["priya"], town.people["tom"]
    wards = Ward.objects.in_bulk()
    council = town.bodies["council"]

    def fund(key: str, days: int, paid: int, **facts: Any) -> None:
        at = town.ago(days)
        town.funds[key] = funds.open_fund(opens_on=at.date(), by=priya, now=at, **facts)
        funds.pay_in(fund=town.funds[key], pence=paid, reference=f"transfer-{key}", on=at.date(), by=tom, now=at)

    fund("play", 530, 3_900_000, name="Play places pot", kind="council", funder=council, ratio=(7, 1), share_percent=50, per_project=3_900_000,
         min_backers=20, priority=10, purpose="Play areas that residents ask for. The first £39,000 of the council’s £120,000.")  # fmt: skip
    fund("pot", 500, 8_100_000, name="Borough match pot", kind="council", funder=council, ratio=(1, 1), share_percent=50, per_project=500_000,
         min_backers=10, crowd_first_percent=10, priority=50, purpose="A pound from the council for every pound from residents, for any project that is open to all.")  # fmt: skip
    fund("dock", 210, 1_500_000, name="Dock & Daughters growing fund", kind="company", funder=town.bodies["dock"], ratio=(1, 2), per_project=100_000,
         per_giver=5_000, priority=20, wards=[wards[code] for code in ("F03", "F08", "F09", "F11")],
         purpose="For gardens, food and making, in the wards around the yard.")  # fmt: skip
    fund("officers", 120, 600_000, name="Young people’s fund", kind="council", funder=council, decides="officer", share_percent=50, per_project=300_000,
         purpose="For what young people start themselves. Officers decide on the first Monday of the month, with reasons.")  # fmt: skip
    fund("aldersey", 420, 50_000, name="Aldersey winter lights", kind="trust", funder=town.bodies["aldersey"], ratio=(1, 1), per_project=50_000,
         closes_on=town.ago(300).date(), priority=30, purpose="For light in the dark months.", wards=[wards["F05"]])  # fmt: skip


def _tale(town: Borough, tale: story.Tale) -> None:
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
            closes_at=opened + timedelta(days=tale.days),
            provider="practice",
            by=lead,
            now=opened,
        )
    _give(town, tale, campaign, opened)
    if tale.award:
        funds.award(
            fund=town.funds["officers"], campaign=campaign, pence=tale.award, authority="Young people’s fund, October meeting, item 2",
            reasons="The young people wrote the plan and run the rota.", by=priya, now=town.ago(20),
        )  # fmt: skip
    if tale.ends == "cancelled":
        campaigns.call_off(
            campaign=campaign,
            reason="The car park is being dug up this summer. We try again next year.",
            by=lead,
            now=opened + timedelta(days=30),
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
    """The crowd's gifts, spread over the days so far, and the first promises of help."""
    if not tale.givers:
        return
    last = min(campaign.closes_at - timedelta(hours=2), town.today)
    span = last - opened
    offered = []
    with transaction.atomic():
        for number, pence in enumerate(amounts(tale.gifts, tale.givers)):
            at = opened + span * (number + 1) / (tale.givers + 1)
            giver = _giver(town, number)
            pledge, instruction = pledges.offer_money(
                campaign=campaign, pence=pence, by=giver, now=at, return_url="/my/giving/gifts/{handle}/",
                public_name=giver.name.split()[0] if number % 3 == 0 else "",
            )  # fmt: skip
            offered.append((pledge, instruction, at))
    for first in range(0, len(offered), ROUND):
        batch = offered[first : first + ROUND]
        at = batch[-1][2]
        deliver(now=at, limit=2 * ROUND)
        pages = dict(Instruction.objects.filter(pk__in=[one.pk for _, one, _ in batch]).values_list("pk", "remote_id"))
        for _, instruction, _ in batch:
            remote.answer_page(setup=pages[instruction.pk], card="pays", now=at)
        post.send_due(now=at, limit=2 * ROUND)
        process_inbox(now=at, limit=2 * ROUND)
    for number, need in enumerate(campaign.project.needs.all()):
        give = max(1, need.quantity // 5)
        for turn in range(3):
            pledges.offer_help(
                need=need,
                quantity=give,
                by=_giver(town, number + turn * 2),
                now=opened + span * (turn + 1) / 5,
                note="Evenings and Saturdays.",
            )


def _rounds(at: datetime) -> None:
    """What the worker does, at a moment."""
    for _ in range(3):
        for _, _, run in jobs.JOBS:
            run(at)
        deliver(now=at, limit=500)
        post.send_due(now=at, limit=500)
        process_inbox(now=at, limit=500)


def _deliver(
    town: Borough, tale: story.Tale, project: Project, campaign: Campaign, lead: Person, closed: datetime
) -> None:
    """Sign, receive what others promised, pay, tell the news, and close where the tale is over."""
    priya, tom, ruth = town.people["priya"], town.people["tom"], town.people["ruth"]
    at = closed + timedelta(days=10)
    for contribution in campaign.contributions.filter(state="promised"):
        elsewhere.mark_received(contribution=contribution, by=tom, now=at)
    agreement = Agreement.objects.get(campaign=campaign)
    grants.sign(agreement=agreement, by=lead, now=at)
    grants.sign(agreement=agreement, by=priya, now=at)
    payout = grants.ask_payout(campaign=campaign, pence=books.held(campaign), by=tom, now=at)
    at += timedelta(days=1)
    payments.approve_payout(payout=payout, by=ruth, now=at)
    listed = payments.release_list(listed=payments.make_list(by=tom, now=at), by=ruth, now=at)
    at += timedelta(days=1)
    line = f"Date,Description,Amount\n{at:%d/%m/%Y},BACS {payout.reference},{-payout.amount / 100:.2f}\n"
    payments.import_statement(raw=line.encode(), file_name=f"list-{listed.number}.csv", by=tom, now=at)
    for days, title, body in tale.news:
        projects.post_update(project=project, title=title, body=body, by=lead, now=town.ago(days))
    for source, kind, part, pence in tale.elsewhere:
        if part == "running":
            _elsewhere(project, source, kind, part, pence, lead, priya, town.ago(300))
    if tale.ends != "closed":
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
