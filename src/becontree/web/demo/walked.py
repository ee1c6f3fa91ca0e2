"""Two years of going to people in the example borough: doors knocked at, stalls, hub mornings, and what is planned.

Everything goes through the actions of outreach, as a canvasser's phone would send it. People, streets and words are
invented. Some wards are called at often and some hardly ever, so that there is something to see and to plan.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from django.db.models import prefetch_related_objects

from becontree.citizenship.outreach import actions as outreach
from becontree.citizenship.outreach import jobs
from becontree.citizenship.outreach.models import Shift, Street
from becontree.citizenship.voices import actions as voices
from becontree.citizenship.voices.models import Round, Voice
from becontree.foundations.measures import actions as measures
from becontree.foundations.measures import example
from becontree.foundations.people.actors import System
from becontree.foundations.places.models import Ward
from becontree.web.demo.dice import Dice

if TYPE_CHECKING:
    from becontree.web.demo.borough import Borough

DEMO: Final = System("demo")
YEARS: Final = 725  # days ago that the first door was knocked at
STREETS: Final = {
    "F01": ("Maypole Row", "Ribbon Lane", "Dancer's Walk"),
    "F02": ("Acorn Street", "Oakhurst Rise", "Jay Close"),
    "F03": ("Bellows Street", "Orchard End", "Plum Lane"),
    "F04": ("Forest Edge", "Hornbeam Road", "Charcoal Lane"),
    "F05": ("Anvil Street", "Forge Lane", "Smithy Row"),
    "F06": ("Market Row", "Butter Street", "Weigh House Lane"),
    "F07": ("Brook Way", "Ford Street", "Paddle Lane"),
    "F08": ("Elder Street", "Lantern Road", "Temple Walk"),
    "F09": ("Millrace Street", "Sluice Lane", "Miller's Row"),
    "F10": ("Hawthorn Avenue", "Chess Walk", "May Blossom Road"),
    "F11": ("Creek Road", "Ropewalk", "Tide Street"),
    "F12": ("Marsh Lane", "Reed Row", "Heron's End"),
}
DOORS: Final = ("1-59 odd, 2-58 even", "1-32", "1-41 odd, 2-24 even, 26A")
# days ago, ward, how many of its streets (0: a stall or a hub's morning), where it stands
OUTINGS: Final = (
    (715, "F12", 2, ""), (690, "F06", 0, "Saturday market"), (668, "F09", 3, ""), (640, "F01", 2, ""),
    (611, "F07", 0, "Brook End Hub"), (585, "F04", 2, ""), (440, "F06", 0, "Saturday market"), (421, "F10", 2, ""),
    (396, "F02", 3, ""), (371, "F05", 0, "Old Forge Hub"), (340, "F01", 2, ""), (312, "F11", 1, ""),
    (290, "F06", 2, ""), (255, "F07", 3, ""), (231, "F01", 0, "Maypole Hub"), (204, "F08", 2, ""),
    (176, "F05", 2, ""), (133, "F06", 0, "Market Cross Hub"), (97, "F02", 2, ""), (66, "F07", 2, ""),
    (38, "F01", 3, ""), (17, "F06", 0, "Saturday market"),
)  # fmt: skip
# What happens at ten doors: nobody there, would rather not, a talk. At one door in sixty: please do not knock again.
LUCK: Final = {"not-home": 5, "refused": 2, "spoke": 3}
DOORS_A_STREET: Final = 6
TALKS_AT_A_STALL: Final = 7
WORDS: Final = (
    ("like", "The neighbours on {place}. They took my parcels in all winter."),
    ("like", "You can hear owls from {place}."),
    ("like", "That somebody knocked and asked."),
    ("like", "The caretaker. Everything works because of her."),
    ("like", "Children still play out on {place}."),
    ("like", "The bench by the bus stop. I meet everyone there."),
    ("dislike", "The kerb at the end of {place}. My chair cannot get up it."),
    ("dislike", "Mattresses. Every month another mattress."),
    ("dislike", "Cars use {place} to get round the lights."),
    ("dislike", "I rang four numbers about the damp."),
    ("dislike", "The lamp has been out since spring."),
    ("dislike", "Nobody tells us what became of the last survey."),
    ("hope", "A crossing before somebody is hurt."),
    ("hope", "Somewhere warm to sit that does not cost a coffee."),
    ("hope", "Trees along {place}, with somebody to water them."),
    ("hope", "That my daughter can afford to live near me."),
    ("hope", "The bus to come every ten minutes, and to wait."),
    ("hope", "A club for the boys who stand about on {place}. They are good boys."),
)


def the_doors(town: Borough) -> None:
    """Who lives here (invented), the streets, two years of doors and stalls, and the next rounds."""
    who = next(each for each in files(example).iterdir() if each.name.endswith(".csv"))
    began = town.ago(YEARS)
    measures.import_population(
        who.read_bytes(), title="Who lives in Fairlop", publisher="Invented for the example", on=began.date(),
        invented=True, file_name=who.name, by=DEMO, now=began,
    )  # fmt: skip
    streets = _streets(town)
    all_year = _all_year(town)
    dice = Dice("doors")
    for number, (days, ward, many, place) in enumerate(OUTINGS):
        _outing(town, all_year, streets[ward], town.ago(days), many, place, ward, dice, number)
    waiting = list(Voice.objects.filter(response__round=all_year).only("pk"))
    voices.publish_many(voices=waiting, by=town.people["marcus"], now=town.ago(15))
    for days, ward, name in ((3, "F12", "kwame"), (5, "F09", "joan")):
        on = (town.today + timedelta(days=days)).date()
        outreach.plan_shift(
            kind="doorstep", round=all_year, begins_on=on, streets=streets[ward][:2], canvasser=town.people[name],
            by=town.people["marcus"], now=town.ago(1),
        )  # fmt: skip
    for _name, _every, run in jobs.JOBS:
        run(town.today)  # door numbers of old shifts are forgotten, as on any evening


def _streets(town: Borough) -> dict[str, list[Street]]:
    lines = ["street,ward,doors"]
    for ward, names in STREETS.items():
        lines += [f'{name},{ward},"{doors}"' for name, doors in zip(names, DOORS, strict=True)]
    made = outreach.import_streets("\n".join(lines).encode(), by=DEMO, now=town.ago(YEARS), file_name="streets.csv")
    found: dict[str, list[Street]] = {}
    for street in made:
        found.setdefault(street.ward_id, []).append(street)
    return found


def _all_year(town: Borough) -> Round:
    """A round that stays open: what is said at doors and stalls between the large ones."""
    marcus, at = town.people["marcus"], town.ago(YEARS)
    made = voices.draft(recipe="street", title="At your door, all year", by=marcus, now=at)
    why = "All year we come to doors and stand at stalls, so that nobody has to wait for a round to be heard."
    changes = "What you say goes to the team whose work it is about, each month. We cannot promise every wish."
    last = town.today.date() + timedelta(days=120)
    made = voices.edit(
        round=made, by=marcus, now=at, why=why, changes=changes, answerer="The engagement team", team="Engagement", opens_on=at.date(),
        closes_on=last, answer_by=last + timedelta(days=60), asks_equality=False,
    )  # fmt: skip
    voices.previewed(round=made, by=marcus, now=at)
    return voices.open_round(round=made, by=marcus, now=at)


def _outing(
    town: Borough, into: Round, streets: list[Street], at: datetime, many: int, place: str, ward: str, dice: Dice,
    number: int,
) -> None:  # fmt: skip
    """One day out: planned a week before, walked, sent, and ended in the evening."""
    kind = Shift.Kind.DOORSTEP if many else Shift.Kind.STALL
    shift = outreach.plan_shift(
        kind=kind, round=into, begins_on=at.date(), place=place, streets=streets[:many],
        ward=None if many else Ward.objects.defer("geometry").get(pk=ward), by=DEMO, now=at - timedelta(days=7),
    )  # fmt: skip
    prefetch_related_objects([shift], "streets__ward")
    kinds = {question.kind: str(question.pk) for question in into.questions.all()}
    seen = _doors(streets[:many], dice) if many else (("", "", "spoke") for _ in range(TALKS_AT_A_STALL))
    for step, (street, door, outcome) in enumerate(seen):
        what: dict[str, Any] = {"key": f"demo-{number:04d}-visit-{step:04d}", "day": at.date().isoformat()}
        named = next((one.name for one in streets if str(one.pk) == street), "")
        if street:
            what |= {"street": street, "door": door, "outcome": outcome, "alone": dice.random() < 1 / 60}
        if outcome == "spoke":
            asked, words = WORDS[dice.randrange(len(WORDS))]
            what["voice"] = {
                "key": f"demo-{number:04d}-words-{step:04d}",
                "answers": {kinds[asked]: words.format(place=named or "my street")},
                "may_quote": dice.random() < 0.8,
            }
        outreach.take_plain(shift=shift, what=what, now=at)
    outreach.end_shift(shift=shift, by=DEMO, now=at + timedelta(hours=8))


def _doors(streets: list[Street], dice: Dice) -> Iterator[tuple[str, str, str]]:
    for street in streets:
        for door in dice.sample(street.doors, DOORS_A_STREET):
            yield str(street.pk), door, dice.weighted(LUCK)
