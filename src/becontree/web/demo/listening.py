"""The listening of the example borough: a round that 2,814 invented people answered, what was promised, what is talked of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from becontree.citizenship.conversations import actions as conversations
from becontree.citizenship.conversations.models import Conversation
from becontree.citizenship.hubs import actions as hubs
from becontree.citizenship.manifesto import actions as manifesto
from becontree.citizenship.manifesto.models import Aspiration, Promise, Study, Theme
from becontree.citizenship.manifesto.queries import workbench
from becontree.citizenship.projects.models import Project
from becontree.citizenship.voices import actions as voices
from becontree.citizenship.voices.models import Round, Voice
from becontree.foundations.measures import actions as measures
from becontree.foundations.people.actors import System
from becontree.foundations.people.models import Person
from becontree.foundations.places.models import Ward
from becontree.foundations.places.queries import venues
from becontree.web.demo import promised, sayings, story, talks, walked
from becontree.web.demo.dice import Dice

if TYPE_CHECKING:
    from becontree.web.demo.borough import Borough

DEMO: Final = System("demo")
BEGAN: Final = 540  # days ago
LASTED: Final = 75
CHANNELS: Final = {"paper": "paper", "web": "web", "secondary": "school", "primary": "school"}
SOURCES: Final = {"paper": "", "web": "", "secondary": "secondary school", "primary": "primary school"}
AGES: Final = {
    "paper": {"25-34": 3, "35-49": 5, "50-64": 6, "65-74": 5, "75-plus": 4},
    "web": {"16-24": 2, "25-34": 6, "35-49": 7, "50-64": 3, "65-74": 1},
}
# What the person who named the themes looked for, promise by promise.
WORDS: Final = {
    "play-close-to-home": ("play", "parks", "park ", "youth club", "swimming", "skate", "sport", "splash"),
    "clean-streets": ("clean", "fly-tip", "bins", "litter", "rubbish"),
    "homes-on-ordinary-wages": ("house", "homes", "home ", "flats", "rent", "bungalow", "landlord"),
    "safe-after-dark": ("safe", "police", "lights", "camera", "cctv", "wardens", "knife", "gangs"),
    "work-you-can-live-on": ("jobs", "apprentice", "training", "workshops", "i want to be", "grow up"),
    "every-child-helped-to-learn": ("school", "homework", "university", "college"),
    "well-and-not-alone": ("doctor", "dentist", "lonely", "health", "carers", "gym"),
    "a-town-centre-alive": ("shops", "market", "cinema", "restaurants", "café"),
    "neighbours-who-know-each-other": ("neighbours", "street part", "kind", "getting on", "racism", "cup of tea"),
    "art-made-here": ("theatre", "museum", "festival", "library", "drums", "dancing", "art"),
    "getting-about": ("bus", "crossing", "cycle", "lift", "potholes", "pavements", "miles an hour", "parking"),
    "heard-and-answered": ("ask us", "tell us", "listen", "person to ask", "number to ask", "what happened"),
}
MOST_SEEDS: Final = 40
LIVE: Final = (
    ("hope", "paper", "F07", "A late bus back from the leisure centre."),
    ("like", "web", "F01", "The new slide. My nephew came down it forty times."),
    ("dislike", "web", "F06", "Three shops shut since Easter."),
    ("hope", "doorstep", "F11", "A handrail down to the water, so I can still go."),
    ("like", "event", "F05", "Everyone at the forge knows my dog's name."),
    ("dislike", "phone", "F12", "The lane floods and the letter says it does not."),
)


def the_round(town: Borough) -> None:
    """What 2,814 people said in the round that is over, in the real mix."""
    marcus = town.people["marcus"]
    began, ended = town.ago(BEGAN), town.ago(BEGAN - LASTED)
    made = _open(
        town, "twenty-years", "Fairlop in twenty years", began, days=LASTED, answerer="The Cabinet", answer_days=200
    )
    questions = {question.kind: question.pk for question in made.questions.all()}
    wards = Ward.objects.defer("geometry").in_bulk()
    dice = Dice("equality")
    forms = [
        voices.Said(
            answers={questions[kind]: words for kind, words in said.answers.items()},
            channel=CHANNELS[said.source],
            source=SOURCES[said.source],
            key=f"form-{said.number}",
            ward=wards[said.ward],
            language=said.language,
            may_quote=said.may_quote,
            said_on=began.date() + timedelta(days=said.day),
        )
        for said in sayings.everybody(days=LASTED)
    ]
    voices.respond_many(round=made, said=forms, by=marcus, now=ended)
    measures.keep_many(collection=f"round/{made.slug}", sheets=[*_sheets(dice)], now=ended)
    town.heard = made


def the_answers(town: Borough) -> None:
    """The closed round's words are read and let through, and the round is answered."""
    marcus, made, ended = town.people["marcus"], town.heard, town.ago(BEGAN - LASTED)
    rows = list(Voice.objects.filter(response__round=made, state=Voice.State.WAITING).only("pk"))
    voices.publish_many(voices=rows, by=marcus, now=ended)
    made = voices.close_round(round=made, by=marcus, now=ended)
    town.heard = voices.answer_round(
        round=made,
        asked="What do you like about living here, what do you not like, and what do you hope for in twenty years?",
        said="You like each other, the parks and the market. You do not like dumped rubbish, high rents and dark streets. You "
        "hope for places to play, homes you can pay for, and work near home.",
        did="We wrote twelve promises with you, put them to conversations, and the Cabinet adopted them. Each one says by what "
        "figure you can hold us to it.",
        by=marcus,
        now=town.ago(BEGAN - 190),
    )


def the_live_round(town: Borough) -> None:
    """A round that is open now, with a few answers; anybody who looks round the example may add theirs."""
    marcus = town.people["marcus"]
    made = _open(
        town, "street", "Brook Street, before we dig", town.ago(12), days=40, answerer="The street team", answer_days=90
    )
    kinds = {question.kind: question.pk for question in made.questions.all()}
    wards = Ward.objects.defer("geometry").in_bulk()
    forms = [
        voices.Said(
            answers={kinds.get(kind) or next(iter(kinds.values())): words},
            channel=channel,
            key=f"live-{number}",
            ward=wards[ward],
            may_quote=True,
            said_on=town.ago(10 - number).date(),
        )
        for number, (kind, channel, ward, words) in enumerate(LIVE)
    ]
    voices.respond_many(round=made, said=forms, by=marcus, now=town.ago(2))
    first = list(Voice.objects.filter(response__round=made).order_by("response__said_on")[:4])
    voices.publish_many(voices=first, by=marcus, now=town.ago(1))


def _open(town: Borough, recipe: str, title: str, at: datetime, *, days: int, answerer: str, answer_days: int) -> Round:
    marcus = town.people["marcus"]
    made = voices.draft(recipe=recipe, title=title, by=marcus, now=at)
    made = voices.edit(
        round=made,
        by=marcus,
        now=at,
        answerer=answerer,
        team="Engagement",
        opens_on=at.date(),
        closes_on=at.date() + timedelta(days=days),
        answer_by=at.date() + timedelta(days=days + answer_days),
        asks_equality=True,
    )
    voices.previewed(round=made, by=marcus, now=at)
    return voices.open_round(round=made, by=marcus, now=at)


def _sheets(dice: Dice) -> Any:
    """What some of them said about themselves, apart from what they said. Older on paper, younger on the web."""
    for source, ages in AGES.items():
        for _ in range(sayings.MIX[source]):
            if dice.random() < 0.62:
                yield {
                    "age": dice.weighted(ages),
                    "sex": dice.weighted({"female": 58, "male": 38, "": 4}),
                    "ethnicity": dice.weighted({"white": 55, "asian": 17, "black": 17, "mixed": 4, "other": 3, "": 4}),
                    "tenure": dice.weighted({"owned": 47, "social-rent": 33, "private-rent": 14, "": 6}),
                }


def the_promises(town: Borough) -> None:
    """Themes that people named, a dozen promises with their measures and readings, and how each stands."""
    marcus = town.people["marcus"]
    study = _study(town, town.heard)
    by_topic = {theme.label: theme for theme in study.themes.all()}
    for place, promise in enumerate(promised.PROMISES):
        at = town.ago(BEGAN - 120) + timedelta(minutes=place)
        theme = by_topic[promise.title]
        quotes = _quotes(theme, WORDS[promise.slug])
        wish = manifesto.write(
            sentence=promise.sentence, minority=promise.minority, rests_on=promise.why, themes=[theme], quotes=quotes,
            by=marcus, now=at,
        )  # fmt: skip
        wish = manifesto.open_to_people(aspiration=wish, by=marcus, now=at)
        made = _adopt(town, promise, wish, at + timedelta(days=50))
        town.promises |= dict.fromkeys(promise.projects, made)
    next_one = manifesto.write(
        sentence=promised.NEXT, minority=promised.NEXT_MINORITY, rests_on=promised.NEXT_WHY,
        themes=[by_topic[promised.NEXT_FROM]], quotes=_quotes(by_topic[promised.NEXT_FROM], ("bus",)),
        by=marcus, now=town.ago(30),
    )  # fmt: skip
    manifesto.open_to_people(aspiration=next_one, by=marcus, now=town.ago(29))


def _year_end(town: Borough) -> date:
    """The last day of last year: what the last report speaks of, and the day of the last readings."""
    return date(town.today.year - 1, 12, 31)


def _year(town: Borough, year: int) -> int:
    """A year of `promised`, which was written in 2026, moved so that its last readings are last year's."""
    return year + town.today.year - 2026


def the_links(town: Borough) -> None:
    """What was there before the promises and belongs to one: the promise names it, and says why."""
    marcus = town.people["marcus"]
    for tale in [story.PLAY, *story.TALES]:
        promise = town.promises.get(tale.title)
        if promise is not None and town.ago(tale.began).date() <= promise.adopted_on:
            project = Project.objects.get(title=tale.title)
            manifesto.continues(
                promise=promise, thing=project.ref, by=marcus, now=town.ago(340),
                reasons="It began before there was a manifesto, from the same wishes. It is the first of what this promises.",
            )  # fmt: skip


def the_report(town: Borough) -> None:
    """Last year's State of the Borough, as it was known on the year's last day."""
    marcus = town.people["marcus"]
    cut_on = _year_end(town)
    day = town.ago(min(200, (town.today.date() - cut_on).days))
    report = manifesto.make_report(
        year=cut_on.year, cut_on=cut_on, by=marcus, now=day,
        foreword="What got worse comes first. We would rather you read it from us.",
    )  # fmt: skip
    manifesto.publish_report(report=report, by=marcus, now=day + timedelta(minutes=20))


def _study(town: Borough, heard: Round) -> Study:
    """Everything hoped for: themes that a person began, and all that the machine found like them."""
    marcus, at = town.people["marcus"], town.ago(BEGAN - 100)
    study = manifesto.begin(
        title="What Fairlop hopes for", question="What do you hope for in twenty years?", rounds=[heard.slug], kinds=["hope"],
        by=marcus, now=at,
    )  # fmt: skip
    manifesto.take_in(study=study, by=marcus)
    parts = workbench.parts(list(study.clauses.select_related("answer")))
    taken: set[int] = set()
    for promise in promised.PROMISES:
        fits = [part.number for part in parts if part.number not in taken and _about(part.words, WORDS[promise.slug])][
            :MOST_SEEDS
        ]
        taken.update(fits)
        manifesto.act(study=study, kind="seed", label=promise.title, clauses=fits, by=marcus, now=at)
    run = manifesto.ask_for_run(study=study, by=marcus, now=at)  # the machine looks for more like what he began with
    manifesto.sort_now(run_id=run.pk, clock=lambda: at)
    return manifesto.publish(study=study, by=marcus, now=at)


def _about(said: str, words: Sequence[str]) -> bool:
    """Whether one of the words begins somewhere in it: "art" is in "art made here", not in "a street party"."""
    return bool(_any_of(tuple(words)).search(f"{said.lower()} "))


@cache
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(re.escape(word) for word in words)})") if words else re.compile(r"(?!)")


def _quotes(theme: Theme, words: Sequence[str]) -> list[str]:
    """Three of the theme's texts that may be quoted and hold its words: no two alike, the first word's first, then those
    of a good length."""
    parts = workbench.parts([one.clause for one in workbench.members(theme)])
    rows = [part for part in parts if part.may_quote and _about(part.words, words)]
    rows.sort(key=lambda part: (not _about(part.words, words[:1]), abs(len(part.words) - 45), part.number))
    return list(dict.fromkeys(part.handle for part in workbench.together(rows)))[:3]


def _adopt(town: Borough, promise: promised.Promise, wish: Aspiration, at: datetime) -> Promise:
    marcus = town.people["marcus"]
    made = manifesto.adopt(
        aspiration=wish, sentence=promise.sentence, vision_on=date(_year(town, promised.VISION_YEAR), 12, 31), rationale=promise.why,
        team="Policy", authority="Cabinet", minutes="Item 7, the Borough Manifesto", on=at.date(), by=marcus, now=at,
    )  # fmt: skip
    for target in promise.targets:
        known = measures.define(
            title=target.title, unit=target.unit, direction=target.direction, source=target.source,
            formula="As the source counts it.", owner="Policy", slug=target.slug, by=marcus, now=at,
        )  # fmt: skip
        for year, value, n in target.readings:
            measures.read(
                measure=known, on=date(_year(town, year), 12, 31), begins=date(_year(town, year), 1, 1), value=value, n=n,
                note="Invented for the example.", by=marcus, now=town.today,
            )  # fmt: skip
        first = target.readings[0]
        manifesto.set_target(
            promise=made, measure=known, baseline=Decimal(first[1]), baseline_on=date(_year(town, first[0]), 12, 31),
            value=Decimal(target.goal), by_on=date(_year(town, target.by), 12, 31), source=target.source, rationale=target.why,
            by=marcus, now=at,
        )  # fmt: skip
    told = _year_end(town)
    manifesto.tell_standing(
        promise=made,
        standing=promise.status,
        reasons=promise.status_because,
        despite=promise.despite,
        on=told,
        by=marcus,
        now=datetime.combine(told, at.timetz()),
    )
    return made


def the_hubs(town: Borough) -> None:
    """Nine hubs, as in the borough of the seed; the group that keeps most of them has friends."""
    wards = Ward.objects.defer("geometry").in_bulk()
    known = {venue.name: venue for venue in venues()}
    for place, (name, codes, where, about) in enumerate(talks.HUBS):
        group = town.groups[talks.KEPT_BY[place]]
        meets = {"venue": known[where]} if where in known else talks.HALLS[where] | {"place": where}
        hubs.open_hub(
            organisation=group, name=name, about=about, when=("Tuesdays, 10 to 1", "Saturdays, 9 to 12")[place % 2],
            wards=[wards[code] for code in codes], by=DEMO, now=town.ago(400 - place), **meets,
        )  # fmt: skip


def the_talks(town: Borough) -> None:
    """One conversation that is over and answered, one that is going on, a meeting about it soon, and one right now."""
    kwame, marcus = town.people["kwame"], town.people["marcus"]
    closed = _talk(town, talks.STREET, town.ago(150), days=42, by=marcus, host="The Borough of Fairlop", kind="officer")
    closed = conversations.close(conversation=closed, by=DEMO, now=town.ago(108))
    conversations.answer(
        conversation=closed, status="decision", title="Seats, toilets and a step-free way are in the brief",
        body="What nearly all of you share goes into the brief for the square, in your words. Where cars may drive on Saturdays "
        "divides you, so we try it on six Saturdays and count before anything is decided.",
        team="Regeneration", about=[1, 2, 11, 24], by=marcus, now=town.ago(95),
    )  # fmt: skip
    live = _talk(
        town,
        talks.EVENINGS,
        town.ago(16),
        days=45,
        by=kwame,
        host="Brook End Late Club",
        kind="hub",
        group=town.groups[3],
    )
    brook = hubs_of("brook-end-hub")
    hubs.plan(
        conversation=live, hub=brook, starts_at=(town.today + timedelta(days=6)).replace(hour=18, minute=30, second=0, microsecond=0), place="Brook End Leisure Centre",
        ward=Ward.objects.get(pk="F07"), step_free=True, by=kwame if brook.organisation_id == town.groups[3].pk else DEMO, now=town.today,
        agenda=["Food", "What it is about, in five minutes", "We vote on the screen, by phone or paper", "What did we miss?", "Who does what"],
    )  # fmt: skip

    market = hubs_of("market-cross-hub")
    now = hubs.plan(
        conversation=live, hub=market, starts_at=town.today - timedelta(minutes=20), place="", by=DEMO, now=town.today,
        agenda=["Tea", "Why we ask", "We vote on the screen, by phone or paper", "What did we miss?"],
    )  # fmt: skip
    room = hubs.begin(meeting=now, by=DEMO, now=town.today)
    hubs.show(meeting=room, number=1, by=DEMO, now=town.today)


def hubs_of(slug: str) -> Any:
    from becontree.citizenship.hubs.models import Hub

    return Hub.objects.select_related("organisation").get(slug=slug)


def _talk(
    town: Borough, talk: talks.Talk, at: datetime, *, days: int, by: Person, host: str, kind: str, group: Any = None
) -> Conversation:
    made = conversations.draft(
        title=talk.question, about=talk.why, place=talk.place, can_change=talk.can_change, host_kind=kind, host_name=host,
        ground_rules="One thought a sentence. About things, not about people. Everybody may pass.", organisation=group,
        answered_by="Regeneration" if kind == "officer" else "The youth fund's board", results="live" if group else "close",
        closes_at=at + timedelta(days=days), answer_due=(at + timedelta(days=days + 40)).date(), by=by, now=at,
    )  # fmt: skip
    own = [words for words, seed, _ in talk.statements if seed]
    conversations.seed_statements(conversation=made, words=own, by=by, now=at)
    made = conversations.open_(conversation=made, by=by, now=at, seed=talk.slug)
    _cast(town, talk, made, at, days)
    return made


def _cast(town: Borough, talk: talks.Talk, made: Conversation, at: datetime, days: int) -> None:
    """Everybody's votes, a tenth of the people at a time; what people said themselves is added on the way."""
    until = min(at + timedelta(days=days - 1), town.today - timedelta(hours=2))
    people = list(talks.everybody(talk))
    numbers = {statement.words: statement.number for statement in made.statements.all()}
    said = [words for words, seed, _ in talk.statements if not seed]
    step = -(-len(people) // 10)
    for turn, start in enumerate(range(0, len(people), step)):
        moment = at + (until - at) * (turn + 1) / 11
        for words in said[turn * 3 : turn * 3 + 3]:
            who = conversations.start(conversation=made, key=f"{talk.slug}/says/{words}", now=moment)
            new = conversations.suggest(conversation=made, participant=who, words=words, now=moment)
            numbers[words] = conversations.show(statement=new, by=DEMO, now=moment).number
        sheets = [
            conversations.Sheet(
                f"{talk.slug}/{start + place}",
                {
                    numbers[talk.statements[index][0]]: value
                    for index, value in cast.votes
                    if talk.statements[index][0] in numbers
                },
                cast.channel,
            )
            for place, cast in enumerate(people[start : start + step])
        ]
        conversations.bring_sheets(conversation=made, sheets=sheets, by=DEMO, now=moment)


CHAPTERS: Final = (
    ("the words of 2,814 people", the_round),
    ("reading and answering them", the_answers),
    ("a dozen promises", the_promises),
    ("hubs", the_hubs),
    ("conversations", the_talks),
    ("a round that is open", the_live_round),
    ("doors and stalls over two years", walked.the_doors),
)
