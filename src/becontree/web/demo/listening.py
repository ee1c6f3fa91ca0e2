"""The listening of the example borough: a round that 2,814 invented people answered, and what is talked of."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from becontree.citizenship.conversations import actions as conversations
from becontree.citizenship.conversations.models import Conversation
from becontree.citizenship.hubs import actions as hubs
from becontree.citizenship.voices import actions as voices
from becontree.citizenship.voices.models import Round, Voice
from becontree.foundations.measures import actions as measures
from becontree.foundations.people.models import Person
from becontree.foundations.places.models import Ward
from becontree.foundations.places.queries import venues
from becontree.web.demo import promising, sayings, talks, walked
from becontree.web.demo.borough import BEGAN, DEMO
from becontree.web.demo.dice import Dice

if TYPE_CHECKING:
    from becontree.web.demo.borough import Borough

LASTED: Final = 75
CHANNELS: Final = {"paper": "paper", "web": "web", "secondary": "school", "primary": "school"}
SOURCES: Final = {"paper": "", "web": "", "secondary": "secondary school", "primary": "primary school"}
AGES: Final = {
    "paper": {"25-34": 3, "35-49": 5, "50-64": 6, "65-74": 5, "75-plus": 4},
    "web": {"16-24": 2, "25-34": 6, "35-49": 7, "50-64": 3, "65-74": 1},
}
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
    ("a dozen promises", promising.the_promises),
    ("hubs", the_hubs),
    ("conversations", the_talks),
    ("a round that is open", the_live_round),
    ("doors and stalls over two years", walked.the_doors),
)
