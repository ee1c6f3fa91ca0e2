"""Small boroughs in which people spoke, for the tests of what may be read: forms, a study, a conversation, a hub.

A form is a plain record, so that the same people can speak again by other ways. Rows that only verbs may write are
written by verbs; votes and themes, of which there are many, are laid down as their verbs would leave them.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib.resources import files

from django.core.cache import cache
from django.test import Client

from becontree.citizenship.conversations import actions as talks
from becontree.citizenship.conversations import maps, routing
from becontree.citizenship.conversations.models import Conversation, Participant, Vote
from becontree.citizenship.hubs.models import Hub, Meeting
from becontree.citizenship.manifesto import actions as manifesto
from becontree.citizenship.manifesto import sources
from becontree.citizenship.manifesto.models import Answer, Clause, Placement, Study, Theme
from becontree.citizenship.voices import actions as voices
from becontree.citizenship.voices.models import Question, Response, Round, Voice
from becontree.citizenship.voices.policy import BY_CODE
from becontree.foundations.measures import actions as measures
from becontree.foundations.measures import example as who_lives_here
from becontree.foundations.measures.models import Measure
from becontree.foundations.people import actions as people
from becontree.foundations.people.actors import System
from becontree.foundations.people.models import Person
from becontree.foundations.places import actions as places
from becontree.foundations.places.models import Venue, Ward
from becontree.foundations.record import actions as record

SETUP = System("tests")
EXAMPLE = files("becontree.foundations.places") / "example"
KINDS = ("like", "dislike", "hope")
WAYS = ("web", "paper", "doorstep", "event", "phone", "sms", "school", "hub", "elsewhere")
FATES = ("publish", "hold", "mask", "wait", "withdraw")
SEEDS = ["Lights at night.", "No cars.", "More seats.", "Sunday market.", "A safe way to school.", "Free buses."]


@dataclass(frozen=True)
class Form:
    """One person's form: `fates` has what became of each thing said; `ward` and `day` are numbers."""

    fates: tuple[str, ...]
    ward: int | None = None
    language: str = "en"
    day: int = 0
    quote: bool = True
    source: str = ""


def place(now: datetime) -> list[Ward]:
    places.name_borough(name="Fairlop", by=SETUP, now=now, example=True)
    places.import_wards((EXAMPLE / "wards.geojson").read_bytes(), by=SETUP, now=now)
    who = next(each for each in files(who_lives_here).iterdir() if each.name.endswith(".csv"))
    measures.import_population(
        who.read_bytes(), title="Invented", publisher="Nobody", on=date(2021, 3, 21), by=SETUP, now=now, invented=True
    )
    return list(Ward.objects.order_by("code"))


def officer(now: datetime) -> Person:
    made = people.register(email="oona@example.invalid", name="Oona", by=SETUP, now=now)
    people.grant_role(person=made, role="officer", team="engagement", reason="test", by=SETUP, now=now)
    return Person.objects.get(pk=made.pk)


def listening(
    forms: Sequence[Form],
    ways: Sequence[str],
    *,
    now: datetime,
    wards: Sequence[Ward],
    owner: Person,
    slug: str = "trees",
) -> Round:
    """A round in which these people spoke by these ways, moderated, closed and answered."""
    day = now.date()
    held = Round.objects.create(
        slug=slug, title=f"Round {slug}", why="To plan.", changes="The plan.", answerer="The cabinet",
        privacy="We keep little.", moderation="By reasons.", owner=owner, team="Engagement", made_by="system:tests",
        made_at=now, state="open", opened_at=now, opens_on=day - timedelta(days=60), closes_on=day + timedelta(days=30),
        answer_by=day + timedelta(days=90), asks_equality=True,
    )  # fmt: skip
    record.thing(ref=held.ref, kind="round", title=held.title, url=held.get_absolute_url())
    asked = [
        Question.objects.create(round=held, position=at, kind=kind, text=f"What do you {kind}?")
        for at, kind in enumerate(KINDS)
    ]
    for number, (form, way) in enumerate(zip(forms, ways, strict=True)):
        made = voices.respond(
            round=held,
            answers={asked[at].pk: f"Form {number} wants tree {at} here" for at in range(len(form.fates))},
            channel=way,
            source=form.source,
            by=SETUP,
            now=now,
            key=f"{slug}-{number}",
            ward=None if form.ward is None else wards[form.ward],
            language=form.language,
            said_on=day - timedelta(days=form.day),
            may_quote=form.quote,
        )
        for voice, fate in zip(made.voices.order_by("position"), form.fates, strict=True):
            _meet(voice, fate, now - timedelta(days=form.day), form.day)
    held = voices.close_round(round=held, by=SETUP, now=now)
    return voices.answer_round(round=held, asked="What?", said="Trees.", did="We plant.", by=SETUP, now=now)


def _meet(voice: Voice, fate: str, now: datetime, turn: int) -> None:
    if fate in {"publish", "withdraw"}:
        voices.publish(voice=voice, by=SETUP, now=now)
    if fate == "withdraw":
        voices.withdraw(voice=voice, by=SETUP, now=now)
    if fate == "hold":
        voices.hold(voice=voice, reason=list(BY_CODE)[turn % 3], by=SETUP, now=now)
    if fate == "mask":
        voices.mask(voice=voice, words=voice.words.replace("here", "[left out]"), by=SETUP, now=now)


def themed(held: Round, *, now: datetime, owner: Person) -> Study:
    """A study of the round with one theme for each third of its texts, named by a person and published."""
    study = Study.objects.create(
        slug=f"study-{held.slug}",
        title="What was said",
        rounds=[held.slug],
        created_by="system:tests",
        created_at=now,
    )
    themes = [
        Theme.objects.create(study=study, code=f"T{at}", label=f"Theme {at}", named=True) for at in range(len(KINDS))
    ]
    said: dict[int, set[str]] = {at: set() for at in range(len(themes))}
    for number, text in enumerate(sources.texts([held.slug], [])):
        answer = Answer.objects.create(study=study, ref=text.ref, handle=text.handle, person=text.person)
        clause = Clause.objects.create(study=study, answer=answer, number=number + 1, part=0, sorted=True)
        at = next((place for place in range(len(themes)) if f"tree {place}" in text.words), 0)
        Placement.objects.create(clause=clause, theme=themes[at])
        said[at].add(text.person)
    for at, theme in enumerate(themes):
        theme.people, theme.parts = len(said[at]), len(said[at])
        theme.save()
    return manifesto.publish(study=study, by=owner, now=now) if any(said.values()) else study


def talk(
    opinions: Sequence[Sequence[int | None]], *, now: datetime, slug: str = "", close: bool = True
) -> Conversation:
    """A conversation in which person n voted opinions[n][m] on statement m (None: not at all)."""
    made = talks.draft(
        title=f"What should change{slug}?", about="It is rebuilt.", place="The square", ground_rules="No names.",
        can_change="The plan.", answered_by="The team", host_name="Friends", closes_at=now + timedelta(days=9),
        answer_due=(now + timedelta(days=20)).date(), results="live", by=SETUP, now=now,
    )  # fmt: skip
    talks.seed_statements(conversation=made, words=SEEDS + [f"Tree {at}." for at in range(6)], by=SETUP, now=now)
    routing._KEPT.clear()  # ids come again where a test is rolled back
    made = talks.open_(conversation=made, by=SETUP, now=now, seed="test")
    asked = list(made.statements.order_by("number"))
    for votes in opinions:
        one = Participant.objects.create(conversation=made, joined_on=now.date())
        Vote.objects.bulk_create(
            Vote(conversation=made, participant=one, statement=statement, value=value, at=now)
            for statement, value in zip(asked, votes, strict=False)
            if value is not None
        )
    if close:
        return talks.close(conversation=made, by=SETUP, now=now)
    maps.redraw(made, now=now)
    return made


def met(conversation: Conversation, heads: Sequence[tuple[int, int]], *, now: datetime, owner: Person) -> Hub:
    """Meetings that are over, with how many came and how many voted on paper."""
    group = people.add_organisation(name="Friends", kind="charity", by=owner, now=now)
    hall = Venue.objects.create(name="The hall", address="1 Hall Road")
    hub = Hub.objects.create(organisation=group, slug="friends", name="Friends", about="Tea.", venue=hall,
                             when="Mondays", opened_at=now, made_by="system:tests")  # fmt: skip
    for attendance, papers in heads:
        Meeting.objects.create(
            conversation=conversation, hub=hub, starts_at=now, place="The hall", state="over", attendance=attendance,
            papers=papers, made_by="system:tests", made_at=now, ended_at=now,
        )  # fmt: skip
    return hub


def forms_at_random(draw: random.Random, n: int, *, wards: int) -> list[Form]:
    """Skewed, so that many cells are small: most is published, some wards and languages are rare."""
    return [
        Form(
            fates=tuple(
                draw.choices(FATES, weights=(80, 7, 3, 5, 5))[0] for _ in range(draw.choices((1, 2, 3), (6, 3, 1))[0])
            ),
            ward=None if draw.random() < 0.1 else min(int(draw.expovariate(0.7)), wards - 1),
            language=draw.choices(("en", "ro", "ur"), weights=(90, 6, 4))[0],
            day=draw.randrange(50),
            quote=draw.random() < 0.85,
            source=draw.choices(("", "library"), weights=(8, 2))[0],
        )
        for _ in range(n)
    ]


def opinions_at_random(draw: random.Random, people: int, statements: int) -> list[list[int | None]]:
    """Two camps and some who voted little."""
    found: list[list[int | None]] = []
    for number in range(people):
        camp = 1 if number % 3 else -1
        busy = draw.random() < 0.9
        votes: list[int | None] = []
        for at in range(statements):
            if not busy and at > 3:
                votes.append(None)
            elif at < 3:
                votes.append(draw.choices((1, -1, 0), (20, 1, 1))[0])
            else:
                votes.append(draw.choices((camp, -camp, 0), (12, 2, 2))[0])
        found.append(votes)
    return found


def unpublished(held: Round) -> list[Response]:
    """The forms of which nothing was ever published."""
    return list(held.responses.exclude(voices__published_at__isnull=False).distinct())


@dataclass
class Borough:
    """What `borough_at_random` made, and a stranger's browser."""

    rounds: list[Round]
    study: Study
    talk: Conversation
    hub: Hub
    measure: Measure
    client: Client


def borough_at_random(seed: int, now: datetime) -> Borough:
    """Everything that counts people, with many small cells: the same from the same seed."""
    cache.clear()
    draw = random.Random(seed)
    wards, owner = place(now), officer(now)
    rounds = []
    for slug, n in (("trees", 70), ("benches", 4)):
        forms = forms_at_random(draw, n, wards=len(wards))
        ways = [draw.choices(WAYS[:6], weights=(50, 30, 10, 5, 3, 2))[0] for _ in forms]
        rounds.append(listening(forms, ways, now=now, wards=wards, owner=owner, slug=slug))
    sheets = [
        {
            "age": draw.choices(("16-24", "25-34", "35-49", "rather-not", ""), (3, 40, 50, 3, 4))[0],
            "sex": draw.choices(("female", "male", ""), (50, 46, 4))[0],
            "tenure": draw.choices(("owned", "social-rent", "private-rent", ""), (5, 40, 50, 5))[0],
        }
        for _ in range(60)
    ]
    measures.keep_many(collection=rounds[0].ref, sheets=sheets, now=now)
    study = themed(rounds[0], now=now, owner=owner)
    made = talk(opinions_at_random(draw, 60, 12), now=now)
    Participant.objects.filter(pk__in=list(made.participants.values_list("pk", flat=True)[:2])).update(
        banned_at=now, banned_by="x", banned_for="hate"
    )
    maps.redraw(made, now=now)  # without them
    hub = met(made, [(draw.randrange(1, 30), draw.randrange(0, 6)) for _ in range(5)], now=now, owner=owner)
    measure = _measure(draw, wards, now)
    return Borough(rounds, study, made, hub, measure, Client())


def _measure(draw: random.Random, wards: Sequence[Ward], now: datetime) -> Measure:
    made = measures.define(
        title="People in need", unit="people", direction="down", source="Us", formula="Count", owner="Team",
        by=SETUP, now=now, counts_people=True,
    )  # fmt: skip
    counts = [draw.choice((0, 1, 2, 3, 7, 12, 30)) for _ in wards]
    for ward, n in zip(wards, counts, strict=True):
        measures.read(measure=made, on=now.date(), value=n, n=n, ward=ward, by=SETUP, now=now)
    measures.read(measure=made, on=now.date(), value=sum(counts), n=sum(counts), by=SETUP, now=now)
    return made
