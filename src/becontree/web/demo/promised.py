"""The dozen promises of the example borough's manifesto, with their measures. Invented, and said to be.

The form is that of the real Borough Manifesto: a vision to 2037, targets with a baseline, a source, a direction and a
written reason, and a yearly report that also says what got worse. The figures are ours and are nobody's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

VISION_YEAR: Final = 2037


@dataclass(frozen=True)
class Target:
    """What will be counted: readings are (year, value as text, number asked or counted, or None)."""

    slug: str
    title: str
    unit: str
    direction: str  # "up" or "down": which way is better
    goal: str
    by: int
    source: str
    why: str
    readings: tuple[tuple[int, str, int | None], ...]


@dataclass(frozen=True)
class Promise:
    """A promise: `topics` are keys of `sayings.TOPICS` whose voices it rests on; `projects` are titles of `story`."""

    slug: str
    title: str
    sentence: str
    topics: tuple[str, ...]
    minority: str
    why: str
    status: str  # on-track, at-risk, off-track, kept
    status_because: str
    targets: tuple[Target, ...]
    projects: tuple[str, ...] = ()
    despite: str = ""  # why it is said, although a figure says otherwise


# What is before the people now, from the theme of one promise: nobody has adopted it.
NEXT: Final = "Every bus stop has a seat, shade in summer and a roof in the rain."
NEXT_WHY: Final = "People who wait with children or with a stick said it, and those who gave up on the bus."
NEXT_MINORITY: Final = "Some would rather have more buses than better stops."
NEXT_FROM: Final = "Getting about, whatever your legs"

PROMISES: Final = (
    Promise(
        "play-close-to-home", "Play, close to every home",
        "Every child has somewhere good to play within a ten-minute walk, and every teenager has somewhere they are wanted.",
        ("play", "parks"), "Some people asked for quiet first: “Not another thing under my window.”",
        "Children asked for parks and places to play more than for anything else, and parents asked for them.", "on-track",
        "Three play areas have opened in two years and two more are paid for.",
        (Target("children-near-play", "Children within ten minutes' walk of a good place to play", "%", "up", "95", 2030, "Walking distances from every postcode, measured each March", "A walk that a six-year-old can manage.",
                ((2019, "61", None), (2020, "61", None), (2021, "63", None), (2022, "66", None), (2023, "70", None), (2024, "74", None), (2025, "79", None))),),
        ("A play area on Maypole Green", "Football under lights", "Chess tables in Oakhurst Park"),
    ),
    Promise(
        "clean-streets", "Streets we are proud of",
        "Rubbish is gone from the street the day after we hear of it, and those who dump it pay.",
        ("litter",), "A few said that fines fall on tenants for what landlords dump.",
        "The thing most people disliked, in every ward and on every kind of form.", "off-track",
        "Dumping rose again last year. We hear of it sooner, and clear it no sooner.",
        (Target("dumping-cleared-next-day", "Dumped rubbish cleared by the end of the next day", "%", "up", "90", 2028, "Street cleaning log", "People told us they can live with a day, not with a fortnight.",
                ((2019, "48", 5210), (2020, "44", 6105), (2021, "51", 6480), (2022, "57", 6902), (2023, "62", 7011), (2024, "60", 7544), (2025, "55", 8120))),
         Target("streets-found-clean", "Streets found clean on a surprise walk", "%", "up", "95", 2032, "Twelve walks a year with residents, drawn by lot", "Counted by residents, not by us.",
                ((2019, "71", 240), (2021, "73", 240), (2022, "76", 260), (2023, "79", 260), (2024, "80", 280), (2025, "81", 280)))),
    ),
    Promise(
        "homes-on-ordinary-wages", "Homes for people on ordinary wages",
        "Somebody who grew up here and works here can rent or buy a decent home here.",
        ("homes",), "One in nine who spoke of homes wanted no more building at all.",
        "Rents were named in every ward. Mould was named by people with asthma in the house.", "at-risk",
        "More homes were finished than ever, and rents still rose faster than pay.",
        (Target("rent-share-of-pay", "Middle private rent as a share of middle pay", "%", "down", "35", 2037, "Official rents and earnings, each October", "A third of pay is what people can carry and still save.",
                ((2019, "43", None), (2020, "44", None), (2021, "45", None), (2022, "47", None), (2023, "49", None), (2024, "50", None), (2025, "50", None))),
         Target("homes-let-by-income", "Homes finished that are let by income", "homes a year", "up", "500", 2030, "Completions, counted when the first household has its keys", "What the waiting list needs to get shorter each year.",
                ((2019, "120", None), (2020, "85", None), (2021, "160", None), (2022, "214", None), (2023, "290", None), (2024, "331", None), (2025, "362", None)))),
    ),
    Promise(
        "safe-after-dark", "Safe after dark",
        "Anyone can walk home, wait for a bus and cross the park after dark without fear.",
        ("safety",), "Young men told us that more police feels less safe to them. We are asking them what would.",
        "Nan and granddaughter said the same words on two forms from one house.", "at-risk",
        "Lights are mended sooner. Fewer people say they feel safe than a year ago.",
        (Target("feel-safe-after-dark", "People who feel safe on their street after dark", "%", "up", "75", 2030, "Yearly survey at 1,500 doors", "Asked at the door in every ward, so that those who do not go out are heard.",
                ((2019, "52", 1506), (2020, "55", 1211), (2021, "56", 1498), (2022, "58", 1502), (2023, "61", 1513), (2024, "60", 1500), (2025, "57", 1507))),
         Target("lights-mended", "Street lights mended within three days", "%", "up", "95", 2027, "Lighting contract log", "Three days is one weekend.",
                ((2019, "58", 1820), (2021, "66", 1764), (2022, "70", 1690), (2023, "82", 1655), (2024, "88", 1702), (2025, "93", 1688)))),
    ),
    Promise(
        "work-you-can-live-on", "Work you can live on",
        "Good work, and the training for it, within reach of everyone who wants it, at sixteen and at sixty.",
        ("jobs",), "Some said: first pay for the care I give for nothing.", "“Two jobs and still at the food bank” was said in eight wards.", "on-track",
        "More people are in work that pays the living wage than when we asked.",
        (Target("paid-living-wage", "Jobs here that pay the living wage", "%", "up", "90", 2032, "Official earnings survey", "A wage that a household can live on, set by others each year.",
                ((2019, "72", None), (2020, "73", None), (2021, "75", None), (2022, "76", None), (2023, "78", None), (2024, "81", None), (2025, "83", None))),),
        ("The Saturday repair café",),
    ),
    Promise(
        "every-child-helped-to-learn", "Every child helped to learn",
        "Every child is known by name, helped when it is hard, and can stay here to study.",
        ("schools",), "Some pupils said: fewer tests, not better ones.", "What pupils wrote most, after play, was about a teacher who was kind.", "on-track",
        "More pupils stay on after sixteen, and waits for extra help have stopped growing.",
        (Target("stay-on-at-17", "Young people learning or training at 17", "%", "up", "97", 2030, "School and college returns", "Leaving at sixteen with nothing follows a person for life.",
                ((2019, "88", None), (2020, "89", None), (2021, "90", None), (2022, "91", None), (2023, "92", None), (2024, "93", None), (2025, "94", None))),
         Target("weeks-for-extra-help", "Weeks that a family waits for a plan of extra help", "weeks", "down", "20", 2027, "Case records, the middle family", "Twenty weeks is what the law allows.",
                ((2019, "31", 210), (2020, "36", 188), (2021, "39", 240), (2022, "42", 266), (2023, "41", 290), (2024, "38", 301), (2025, "38", 322)))),
        despite="More families ask than in 2019, and the wait is four weeks shorter than at its worst. We say at risk if it grows again.",
    ),
    Promise(
        "well-and-not-alone", "Well, and not alone",
        "We see a doctor when we need one, live well for longer, and nobody goes a week without company.",
        ("health",), "A few asked that we leave people alone who like to be.", "Being alone was said quietly, and most often on paper.", "at-risk",
        "Fewer people are lonely. It is no easier to see a doctor.",
        (Target("often-lonely", "People who are often or always lonely", "%", "down", "4", 2032, "Yearly survey at 1,500 doors", "The harm to health is like that of smoking.",
                ((2019, "9", 1506), (2020, "14", 1211), (2021, "12", 1498), (2022, "10", 1502), (2023, "9", 1513), (2024, "8", 1500), (2025, "7", 1507))),
         Target("doctor-within-a-week", "People who saw a doctor within a week of asking", "%", "up", "85", 2030, "Yearly survey at 1,500 doors", "What people said they would call fair.",
                ((2019, "71", 1490), (2021, "66", 1471), (2022, "62", 1480), (2023, "60", 1500), (2024, "59", 1488), (2025, "58", 1492)))),
        ("A bench every hundred steps",),
    ),
    Promise(
        "a-town-centre-alive", "A town centre that is alive",
        "A market and a high street where there is something for every purse, and a reason to stay after five.",
        ("shops",), "Some like the betting shop and said so.", "Market traders and pupils asked for the same thing: a cinema.", "off-track",
        "The market is full. One shop in seven is empty.",
        (Target("empty-shops", "Shops that stand empty", "%", "down", "5", 2030, "Walked and counted each April and October", "One in twenty is a shop between two tenants. More is a gap.",
                ((2019, "9", 214), (2020, "12", 214), (2021, "15", 212), (2022, "13", 212), (2023, "12", 211), (2024, "13", 211), (2025, "14", 210))),),
        ("A bread oven at Market Cross", "A pop-up cinema"),
    ),
    Promise(
        "neighbours-who-know-each-other", "Neighbours who know each other",
        "People of every kind live side by side, know each other's names and stand up for each other.",
        ("neighbours",), "Some said that they moved here to be private, and that this is fine too.", "What most people liked was each other.", "on-track",
        "More streets hold a party each year, and more people say that we get on.",
        (Target("get-on-well", "People who say that different people get on well here", "%", "up", "85", 2030, "Yearly survey at 1,500 doors", "The same words since 2019, so that the years compare.",
                ((2019, "68", 1506), (2020, "71", 1211), (2021, "71", 1498), (2022, "72", 1502), (2023, "74", 1513), (2024, "75", 1500), (2025, "77", 1507))),),
        ("Lanterns for the winter parade", "A garden on Heron Road"),
    ),
    Promise(
        "art-made-here", "Art made here",
        "Everyone has a chance to make something, and to see it shown, without a train fare.",
        ("culture",), "Some would spend it on roads.", "The parade was named by people who had only watched it and by people who carried a lantern.", "kept",
        "Two in three took part in something last year. We will keep counting.",
        (Target("made-or-saw-art", "People who made or saw some art here in a year", "%", "up", "65", 2025, "Yearly survey at 1,500 doors", "Two in three is what the keenest boroughs reach.",
                ((2019, "41", 1506), (2020, "30", 1211), (2021, "44", 1498), (2022, "52", 1502), (2023, "58", 1513), (2024, "63", 1500), (2025, "67", 1507))),),
        ("Steel pans for Creekside", "A kiln for Creekside", "Hawthorn history walk"),
    ),
    Promise(
        "getting-about", "Getting about, whatever your legs",
        "Anybody can cross the borough on foot, on wheels or by bus, safely and in time.",
        ("roads", "transport"), "Drivers and cyclists do not agree about Forge Street, and may not.", "A lift at the station was asked for by people with prams, sticks, chairs and cases.", "on-track",
        "The lift has its money. Fewer people are hurt on our roads.",
        (Target("hurt-on-roads", "People badly hurt or killed on our roads", "a year", "down", "0", 2037, "Police records, checked by us", "No number above none is a target.",
                ((2019, "74", None), (2020, "52", None), (2021, "61", None), (2022, "66", None), (2023, "58", None), (2024, "55", None), (2025, "49", None))),),
    ),
    Promise(
        "heard-and-answered", "Heard, and answered",
        "You say it once. Somebody answers by a date, and you can follow what became of it.",
        ("council", "air"), "Some have heard this before, and will believe it when they see it. That is fair.", "“I have told six people the same story.”", "at-risk",
        "Most are answered. Three in ten are answered late.",
        (Target("answered-in-time", "Voices answered by the day we said", "%", "up", "95", 2027, "Invented for this example, not counted from this site's record", "A date that is not kept is worse than none.",
                ((2022, "34", 1240), (2023, "52", 1873), (2024, "66", 2210), (2025, "71", 2544))),),
    ),
)  # fmt: skip
