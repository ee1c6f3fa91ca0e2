"""Two conversations of the example borough: statements, and how its invented people lean. No real person voted.

Each statement has, for each of the three leanings, the chance in ten that somebody of that leaning agrees and that they
disagree; the rest pass. A seeded generator casts the votes, so the map is always the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from becontree.web.demo.dice import Dice


@dataclass(frozen=True)
class Talk:
    """A conversation. `statements`: (words, seed of the host?, ((agree, disagree) in ten, one pair a leaning))."""

    slug: str
    question: str
    place: str
    why: str
    can_change: str
    leanings: tuple[int, ...]  # people of each leaning
    statements: tuple[tuple[str, bool, tuple[tuple[int, int], ...]], ...]


STREET: Final = Talk(
    "market-cross-street",
    "What should Market Cross be like in ten years?",
    "Market Cross",
    "The lease of the car park ends next year. Before anyone draws a plan we want to know what people share, and what they do not.",
    "The brief for the square and the street: what it must keep, what it must have, and what it must not.",
    (170, 130, 60),
    (
        ("Keep the Saturday market where it is.", True, ((9, 0), (9, 0), (8, 1))),
        ("There should be seats with arms every hundred steps.", True, ((9, 0), (8, 1), (8, 1))),
        ("Close the street to cars on Saturdays.", True, ((9, 0), (2, 7), (6, 3))),
        ("People who drive here keep the shops alive.", True, ((2, 6), (9, 0), (4, 4))),
        ("The first hour of parking should be free.", False, ((2, 7), (9, 1), (4, 4))),
        ("A cinema would bring me out in the evening.", True, ((7, 2), (6, 2), (9, 0))),
        ("There are enough betting shops.", True, ((9, 0), (8, 1), (8, 1))),
        ("Build homes above the shops.", True, ((8, 1), (4, 5), (6, 2))),
        ("No building higher than the church tower.", True, ((4, 5), (9, 1), (2, 6))),
        ("A covered hall for the market, warm in winter.", False, ((8, 1), (8, 1), (7, 1))),
        ("Bring back public toilets, free and clean.", False, ((9, 0), (9, 0), (9, 0))),
        ("The library should stay open until eight.", False, ((9, 0), (6, 2), (9, 0))),
        ("Young people should be able to sit here without being moved on.", False, ((7, 1), (3, 5), (10, 0))),
        ("I would feel safer with wardens in the evening.", False, ((6, 2), (9, 0), (3, 6))),
        ("Street music makes it better.", False, ((8, 1), (4, 4), (9, 0))),
        ("Rents for small shops should be kept low.", True, ((9, 0), (8, 1), (8, 0))),
        ("Plant big trees, even where it costs parking spaces.", False, ((9, 0), (2, 7), (7, 1))),
        ("A place to lock bikes that is really safe.", False, ((9, 0), (4, 3), (8, 1))),
        ("Buses should still stop in the street itself.", True, ((7, 1), (7, 2), (8, 1))),
        ("Lorries should unload before nine.", False, ((8, 0), (6, 2), (5, 1))),
        ("I want to be able to pay with cash everywhere.", False, ((6, 2), (9, 0), (4, 3))),
        ("One night a month the street should stay open late.", False, ((8, 1), (5, 3), (9, 0))),
        ("The old bank should become a place for all: music, repair, meetings.", False, ((9, 0), (6, 2), (8, 0))),
        ("It should be step-free from the station to the market.", True, ((10, 0), (9, 0), (9, 0))),
        ("Chain shops would do it good.", False, ((2, 7), (6, 2), (5, 3))),
        ("I do not mind if it takes ten years, if it is done well.", False, ((6, 3), (3, 6), (2, 7))),
        ("A fountain that children can run through.", False, ((8, 1), (4, 4), (8, 1))),
        ("More lights, and warm ones.", False, ((7, 1), (9, 0), (8, 1))),
        ("Nobody asked the traders. Ask them first.", False, ((5, 2), (9, 0), (4, 2))),
        ("Food from everywhere is what we are known for. Build on that.", False, ((9, 0), (6, 2), (9, 0))),
        ("Scooters should be kept off the pavement.", False, ((8, 1), (10, 0), (3, 5))),
        ("I would give an hour a month to look after the planters.", False, ((6, 2), (4, 4), (3, 4))),
    ),
)  # fmt: skip
EVENINGS: Final = Talk(
    "evenings-for-the-young",
    "What would make evenings good for people under twenty?",
    "The whole borough",
    "“Nothing to do after eight except the bus stop.” We heard it in every ward. Those who said it, and those who live next to the bus stop, are asked together.",
    "How the youth fund is spent next year, and which doors stay open late.",
    (70, 45, 25),
    (
        ("There should be one warm place open late in every ward.", True, ((10, 0), (7, 2), (9, 0))),
        ("Those who use it should run it.", True, ((9, 0), (4, 4), (7, 1))),
        ("It must shut by ten.", True, ((2, 7), (9, 0), (5, 3))),
        ("I feel watched wherever I go.", False, ((8, 1), (2, 6), (4, 3))),
        ("Free buses for under-twenties would do more than any building.", False, ((8, 1), (5, 3), (8, 0))),
        ("Sport is not the answer to everything.", False, ((7, 1), (4, 3), (8, 1))),
        ("Grown-ups should be there, and should mostly leave us alone.", False, ((9, 0), (6, 2), (8, 0))),
        ("Noise after nine is not fair on people who get up at five.", False, ((4, 4), (10, 0), (6, 2))),
        ("Let the schools' sports halls stay open.", True, ((9, 0), (9, 0), (8, 1))),
        ("A studio for music, booked by the hour.", False, ((9, 0), (6, 1), (7, 1))),
        ("Girls should have some evenings of their own.", True, ((7, 1), (7, 1), (9, 0))),
        ("Pay young people to help run things.", False, ((9, 0), (5, 3), (8, 1))),
        ("Somewhere quiet to study with the heating on.", False, ((8, 0), (9, 0), (10, 0))),
        ("Wardens who know our names.", False, ((6, 2), (9, 0), (5, 2))),
        ("Food. There should be food.", False, ((10, 0), (6, 1), (9, 0))),
        ("I would come if a friend came with me.", False, ((6, 1), (3, 2), (9, 0))),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cast:
    """One invented person's votes, in the order cast: (index of the statement, +1 agree, 0 pass, -1 disagree)."""

    leaning: int
    channel: str
    votes: tuple[tuple[int, int], ...]


def everybody(talk: Talk, seed: int = 7) -> Iterator[Cast]:
    """Everybody who took part, mixed. Most vote on some of it; a few on all."""
    dice = Dice(f"{talk.slug}/{seed}")
    leanings = [leaning for leaning, people in enumerate(talk.leanings) for _ in range(people)]
    for leaning in dice.sample(leanings, len(leanings)):
        many = len(talk.statements)
        count = min(many, max(3, round(dice.lognormal(2.75, 0.5))))
        votes = []
        for at in dice.sample(range(many), count):
            agrees, disagrees = talk.statements[at][2][leaning]
            roll = dice.random() * 10
            votes.append((at, 1 if roll < agrees else -1 if roll < agrees + disagrees else 0))
        yield Cast(leaning, dice.weighted({"web": 7, "room": 2, "paper": 1}), tuple(votes))


# name, wards it serves, where it meets, what it says of itself
# Which group of `story.GROUPS` keeps which hub.
KEPT_BY: Final = (0, 0, 2, 1, 0, 3, 2, 1, 1)
HUBS: Final = (
    ("Maypole Hub", ("F01",), "Maypole Children's Centre", "Parents, grandparents and a kettle. Tuesdays and Saturdays."),
    ("Oakhurst Hub", ("F02", "F03"), "Oakhurst Community Hall", "Tenants of the estate and the scouts share one key."),
    ("Forest Edge Hub", ("F04",), "The church hall", "A church, a food shelf and a walking group."),
    ("Old Forge Hub", ("F05",), "The Old Forge", "Menders, makers and the library of things."),
    ("Market Cross Hub", ("F06",), "Market Cross Library", "Open whenever the library is. Six languages most days."),
    ("Brook End Hub", ("F07",), "Brook End Leisure Centre", "Run by people under twenty-five, with two who are not."),
    ("Aldersey Hub", ("F08",), "The temple hall", "Gurdwara, mosque and chapel take it in turns to host."),
    ("Millrace and Hawthorn Hub", ("F09", "F10"), "Hawthorn Sixth Form", "Students and the over-sixties. They started with chess."),
    ("Creekside and Marsh Hub", ("F11", "F12"), "Creekside Pavilion", "Boats, steel pans and a good view. Step-free from the river side only."),
)  # fmt: skip
# Where hubs meet that is not in the borough's own list of places: what they say of it themselves.
HALLS: Final[dict[str, dict[str, Any]]] = {
    "The church hall": {"address": "2 Hornbeam Road, Fairlop", "postcode": "ZZ1 8AJ", "step_free": True, "access": "The ramp is on the side of the churchyard."},
    "The Old Forge": {"address": "9 Smithy Row, Fairlop", "postcode": "ZZ1 9AK", "step_free": True, "access": "A toilet for wheelchairs; ring, and somebody lifts the bar of the door."},
    "The temple hall": {"address": "31 Temple Walk, Fairlop", "postcode": "ZZ2 1AA", "step_free": True, "access": "Shoes come off at the door, and there are chairs. A hearing loop."},
}  # fmt: skip
