"""What the example borough says, starts and gives. Data, no code. All people are invented."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

# name, e-mail, role, team, what the sign-in page says of them
PEOPLE: Final = [
    ("Amina Yusuf", "amina", "", "", "A resident of Maypole. She said what she hoped for, and gave."),
    ("Joan Pettit", "joan", "", "", "Runs the Friends of Maypole Green and three projects."),
    ("Kwame Osei", "kwame", "", "", "Runs the Creekside Steel Band and the repair café."),
    ("Sally Dock", "sally", "funder", "", "Speaks for Dock & Daughters, a firm with a growing fund."),
    ("Marcus Bell", "marcus", "officer", "engagement", "An officer who reads and answers what people say."),
    ("Priya Shah", "priya", "officer", "funding", "An officer who checks projects and looks after funds."),
    ("Tom Adeyemi", "tom", "finance", "", "Keeps the accounts."),
    ("Ruth Cohen", "ruth", "finance", "", "Keeps the accounts: the second person for every payment."),
    ("Helen Marsh", "helen", "auditor", "", "The auditor. She sees what was read and moved, and changes nothing."),
    ("Dev Patel", "dev", "administrator", "", "Grants roles and keeps the settings. He sees no case."),
    ("Grace Okoro", "grace", "administrator", "", "The second administrator, for what one may not do alone."),
]

# who deals with requests to be forgotten beside their own work: always two
INFORMATION: Final = ("marcus", "priya")

FIRST: Final = (
    "Ada Ben Cyd Dorothy Eve Femi Grace Hamid Iris Jakub Kaya Leon Mei Nadia Omar Pearl Quentin Rosa Samir Tess Uma "
    "Viktor Wanda Xin Yaw Zara"
).split()
LAST: Final = "Abbott Bello Carter Dhillon Evans Farrow Gomez Hughes Ibrahim Jonas Kaur Lowe Mensah".split()

# kind, ward, channel, days ago, words, may quote
VOICES: Final = [
    ("hope", "F01", "doorstep", 560, "Somewhere for the little ones to play that isn't the car park behind the shops.", True),
    ("hope", "F01", "paper", 556, "A proper playground on the green. My two climb the bike racks.", True),
    ("dislike", "F01", "doorstep", 555, "The old swings went five years ago and nobody said why.", True),
    ("hope", "F01", "event", 549, "Something a wheelchair can get on to as well. My sister watches from the path.", True),
    ("hope", "F02", "web", 548, "A play area like the one across the borough border. We take the bus there.", True),
    ("like", "F01", "doorstep", 547, "The green itself. Leave the trees be.", True),
    ("hope", "F01", "school", 541, "A slide that is really high and a place for my nan to sit.", True),
    ("hope", "F01", "school", 541, "Climbing!", True),
    ("dislike", "F01", "paper", 539, "Broken glass by the benches. I don't let mine go on their own.", True),
    ("hope", "F04", "phone", 533, "A place where teenagers are wanted, not moved along.", True),
    ("dislike", "F05", "doorstep", 320, "I bought a drill to hang one shelf. Everybody on this street owns a drill.", True),
    ("hope", "F05", "web", 318, "Borrow things instead of buying them.", True),
    ("hope", "F11", "event", 300, "Music outdoors in the summer like we had when I was a girl.", True),
    ("like", "F11", "doorstep", 299, "The creek path at six in the evening.", True),
    ("hope", "F11", "web", 280, "My lad drums on everything. Somewhere he can do it properly.", True),
    ("dislike", "F10", "paper", 240, "I can't get to the shops and back without sitting down, and there is nowhere to sit.", True),
    ("hope", "F10", "doorstep", 239, "A bench at the top of Hawthorn Hill.", True),
    ("hope", "F10", "phone", 233, "Benches. Just benches. With arms so you can get up again.", True),
    ("dislike", "F07", "doorstep", 210, "Nothing for young people after eight o'clock except the bus stop.", True),
    ("hope", "F07", "school", 205, "Football under lights so we can play when it's dark.", True),
    ("hope", "F07", "web", 200, "A late club on Fridays. Warm, safe, somebody about.", True),
    ("hope", "F06", "event", 180, "A place to bake together. Every family here has a bread.", True),
    ("like", "F06", "web", 179, "The Saturday market. I know all the stallholders by name.", True),
    ("dislike", "F09", "paper", 170, "The toaster only needed a fuse. It went in the skip.", True),
    ("hope", "F09", "event", 168, "Somebody to show me how to mend things.", True),
    ("hope", "F08", "doorstep", 150, "I'd grow vegetables if I had six feet of earth.", True),
    ("hope", "F08", "web", 149, "The strip by the garages on Heron Road is just nettles. Let us have it.", True),
    ("dislike", "F08", "doorstep", 148, "It floods by the garages every time it rains.", True),
    ("like", "F03", "web", 140, "Skylarks on Lambourn Fields in April.", True),
    ("hope", "F03", "paper", 139, "Wild flowers on the verges instead of mowing them to dust.", True),
    ("hope", "F12", "doorstep", 120, "Tell us when you've done something. We only hear when you haven't.", True),
    ("dislike", "F12", "phone", 118, "I have told six people the same story this year.", False),
    ("like", "F12", "web", 110, "My neighbours. All of them, even the noisy ones.", True),
    ("hope", "F02", "web", 96, "A chess table in the park. My grandfather taught me on one.", True),
    ("hope", "F04", "event", 190, "A history walk. Half this town doesn't know what the other half built.", True),
    ("dislike", "F06", "web", 80, "The lights on the high street have been out since the clocks changed.", True),
    ("hope", "F05", "paper", 430, "Lanterns again this winter please. My daughter still has hers.", True),
    ("like", "F05", "event", 424, "The lantern parade. I cried, and I am not a crier.", True),
    ("hope", "F11", "doorstep", 50, "A kiln. There are at least nine of us who would use it.", True),
    ("dislike", "F09", "doorstep", 40, "The library shuts before I finish work.", True),
    ("hope", "F09", "web", 31, "Open the library one evening. Just one.", True),
    ("hope", "F03", "web", 20, "Bees. Plant for bees.", True),
    ("like", "F10", "phone", 12, "The woman at the post office who carries my parcel to the counter.", True),
    ("hope", "F01", "web", 9, "Sessions at the play area for children who need it quiet.", True),
    ("dislike", "F07", "web", 5, "Mopeds on the pavement on Brook Street.", True),
]  # fmt: skip
WAITING: Final = [
    ("hope", "F04", "web", "A map of all the footpaths, at the station, so visitors can find the woods."),
    ("dislike", "F06", "web", "Mr Harker at number 12 never puts his bins away and everybody knows it."),
    ("hope", "F02", "web", "More shade at the bus stops. It was thirty degrees."),
]
ANSWERS: Final = [
    (5, "cannot", "Parks", "The trees stay. We have written them into the plan of the green, with the age of each."),
    (
        8,
        "done",
        "Parks",
        "We swept the green and moved the bottle bank. A warden now passes on Friday and Saturday nights.",
    ),
    (
        39,
        "underway",
        "Libraries",
        "From March the library is open until eight on Tuesdays. Residents run the desk from six.",
    ),
]

GROUPS: Final = [
    # name, kind, charity number, lead's e-mail
    ("Friends of Maypole Green", "charity", "1999901", "joan"),
    ("Creekside Steel Band", "community-group", "", "kwame"),
    ("Heron Road Gardeners", "community-group", "", "joan"),
    ("Brook End Late Club", "cic", "", "kwame"),
]


@dataclass(frozen=True)
class Tale:
    """A project of the example borough and what becomes of it. Pounds in pence; days are days ago."""

    title: str
    summary: str
    story: str
    theme: str
    ward: str
    place: str
    group: int
    causes: tuple[int, ...]
    budget: tuple[tuple[str, int, str], ...]
    needs: tuple[tuple[str, str, int, str], ...]
    began: int
    days: int = 0  # length of the campaign; 0: none
    model: str = "all-or-nothing"
    gifts: int = 0  # of the crowd, in pence, in all
    givers: int = 0
    elsewhere: tuple[tuple[str, str, str, int], ...] = ()
    ends: str = ""  # "closed", "delivering", "cancelled", "submitted", "draft", "verified"; "" as the campaign has it
    news: tuple[tuple[int, str, str], ...] = ()
    what_changed: str = ""
    results: tuple[tuple[str, str, str, str, int], ...] = ()
    running: tuple[tuple[str, int], ...] = field(default=())
    award: int = 0  # pence, by the officers' fund
    rest: str = ""  # "listed", "cooling": half was paid, and the other half waits for a second person or for the clock


PLAY: Final = Tale(
    "A play area on Maypole Green",
    "Swings, a high slide, climbing, and a roundabout that a wheelchair rolls on to.",
    "Forty doors on the Maypole estate told us the same thing: there is nowhere for children to play. The swings went, and the "
    "nearest playground is two buses away.\n\nWe asked children to draw what they wanted, and a maker to price it. Everything on the "
    "green can be reached on wheels. There is shade, and there are seats, because grandparents come too.\n\nThe sums on this page are "
    "those of the real play facility that Our Story in Barking and Dagenham tells of: £269,598 from five sources. The people are "
    "invented.",
    "play", "F01", "Maypole Green", 0, (0, 1, 2, 3, 4, 6, 7),
    (("Play equipment, made and set up", 18_240_000, "Quote of the maker, three compared"),
     ("Safe ground and paths", 5_180_000, "Quote"),
     ("Levelling, drains and seats", 2_439_800, "Quote"),
     ("Gates and fence", 1_100_000, "Price list")),
    (("hours", "Planting and painting weekend", 120, "Gloves and tea are there"),
     ("skills", "A carpenter for the story bench", 16, ""),
     ("things", "Planters or half barrels", 12, "Any that hold water")),
    began=520, days=70, gifts=559_900, givers=40,
    elsewhere=(("London Marathon Charitable Trust", "trust", "capital", 14_000_000), ("Veolia", "company", "capital", 5_999_900),
               ("Sport England", "public", "capital", 2_500_000), ("London Marathon Charitable Trust", "trust", "running", 1_000_000)),
    ends="closed",
    news=((420, "The diggers are here", "The ground is being levelled. The two big oaks have a fence around their roots."),
          (365, "Thirty-one people painted the fence", "Somebody's nan out-painted all of us."),
          (330, "It is open", "Since ten this morning. The slide had a queue by five past.")),
    what_changed="There is a play area on Maypole Green, and children of all kinds are on it. Parents from four streets run the tidy-up "
    "rota. A further £10,000, kept apart from the sum above, pays for sports sessions on Saturdays.",
    results=(("Children at play, per hour", "from 3 to 41", "Counted by two people on six Saturdays, 10 to 12, before and after", "June 2025 and January 2026", 12),
             ("Parents who feel safe there", "83%", "Asked at the gate, one answer a family", "January 2026", 64)),
    running=(("Sports sessions, first year", 1_000_000),),
)  # fmt: skip

TALES: Final = [
    Tale("A garden on Heron Road", "Raised beds that everyone can reach, where the nettles are now.",
         "The strip by the garages has been nettles for ten years. We want eighteen raised beds, a tap, a shed and a path that does not flood. "
         "Six beds are high enough for a wheelchair. Anybody on the road may have one for a year.",
         "green", "F08", "Heron Road, by the garages", 2, (25, 26, 27),
         (("Timber and soil for 18 beds", 186_000, "Quote"), ("Tap and water meter", 94_000, "Quote"), ("Path and drain", 140_000, "Quote")),
         (("hours", "Digging days", 90, "Two Saturdays in spring"), ("things", "Spades, forks, barrows", 14, ""), ("skills", "Somebody who can plumb a tap", 4, "")),
         began=26, days=40, gifts=118_500, givers=14),
    Tale("Steel pans for Creekside", "Twelve new pans, so that nobody waits for a turn.",
         "Forty of us share eleven pans. Twelve more mean two bands, one of beginners, and music by the creek on summer evenings.",
         "culture", "F11", "Creekside Hall", 1, (12, 14), (("Twelve pans and stands", 264_000, "Quote of the maker"), ("Cases", 16_000, "Price list")),
         (("skills", "Somebody to teach reading music", 30, ""), ("hours", "Carrying and setting up", 40, "")),
         began=33, days=48, gifts=96_000, givers=12),
    Tale("The Saturday repair café", "Bring what is broken. Somebody shows you how to mend it.",
         "Toasters, trousers, bicycles. Four tables, proper tools, and people who know how. The first Saturday of each month.",
         "learning", "F09", "Millrace Library", 1, (23, 24), (("Tools for four tables", 98_000, "Price list"), ("Safety tests", 32_000, "Quote"), ("Insurance, one year", 20_000, "Quote")),
         (("skills", "Menders of clothes", 48, ""), ("skills", "Menders of electrical things", 48, "With a certificate"), ("hours", "Tea and welcome", 60, ""), ("things", "Sewing machines", 3, "Working or nearly")),
         began=18, days=42, gifts=41_500, givers=11),
    Tale("A bench every hundred steps", "Seats with arms, from the bus stop to the top of Hawthorn Hill.",
         "Nine benches of oak, each with arms to push up on and a place for a frame beside it. People told us where; the map is on this page's papers.",
         "care", "F10", "Hawthorn Hill", 0, (15, 16, 17), (("Nine benches", 495_000, "Quote"), ("Setting them in the ground", 105_000, "Quote")),
         (("hours", "Oiling the oak in May", 18, ""),), began=39, days=50, gifts=247_000, givers=15, award=0),
    Tale("Football under lights", "Brook End cage, open until ten on Fridays, with people about.",
         "Lights that do not shine into bedrooms, two youth workers, and a kettle. The young people who asked for it run the rota.",
         "play", "F07", "Brook End cage", 3, (18, 19, 20), (("Lights and meter", 640_000, "Quote"), ("Goals and nets", 110_000, "Price list"), ("Shelter", 150_000, "Quote")),
         (("hours", "Friday evenings", 80, "Checked, as you work with young people"),), began=30, days=56, gifts=152_000, givers=12,
         elsewhere=(("A housing association", "other", "capital", 200_000),), award=150_000),
    Tale("A bread oven at Market Cross", "One oven, every family's bread.",
         "A clay oven in the corner of the square, lit on market days. Bring dough. We have counted twenty-six kinds of bread already.",
         "food", "F06", "Market Cross", 0, (21,), (("Oven and roof", 270_000, "Quote"), ("Flue and fire safety", 60_000, "Quote")),
         (("hours", "Building week", 70, ""), ("things", "Bricks, any colour", 400, "")), began=14, days=60, model="keep-what-you-raise", gifts=58_000, givers=12),
    Tale("A kiln for Creekside", "A shared kiln, and evenings to learn.",
         "Nine of us make pots and fire them in three other boroughs. A kiln in the hall, with somebody who knows it, two evenings a week.",
         "learning", "F11", "Creekside Hall", 1, (38,), (("Kiln and wiring", 380_000, "Quote"),), (("skills", "A potter to lead", 40, ""),),
         began=1, days=50, gifts=0, givers=0),
    Tale("A library of things", "Borrow a drill, a tent, a cake tin for forty.",
         "A room in the old forge with shelves, a list, and people at the desk on Saturdays. You borrow for a week and bring it back clean.",
         "care", "F05", "The Old Forge", 0, (10, 11), (("Shelves and first hundred things", 480_000, "Price list"), ("A desk and a small computer", 110_000, "Price list"), ("Repairs to the room", 160_000, "Quote")),
         (("hours", "Saturday desk", 150, ""), ("things", "Things that work", 200, "Drills, tents, ladders")), began=190, days=56, gifts=250_000, givers=14,
         ends="delivering", rest="listed", elsewhere=(("Aldersey Trust", "trust", "capital", 250_000),),
         news=((96, "Two hundred things", "You brought 214 things in one weekend. We have eleven pasta machines."), (40, "The doors open in January", "The floor is dry. The shelves are up."))),
    Tale("Lanterns for the winter parade", "Six hundred lanterns, made by those who carry them.",
         "Workshops in nine schools and halls, willow and tissue and glue, and one night when the whole town walks to the mill.",
         "culture", "F05", "From the forge to the mill", 1, (36, 37), (("Willow, tissue, lamps", 146_000, "Price list"), ("Two artists, nine workshops", 94_000, "Quote")),
         (("hours", "Stewards on the night", 60, ""),), began=400, days=45, gifts=95_000, givers=16, ends="closed",
         news=((346, "It rained and nobody minded", "Five hundred and ninety lanterns. We counted."),),
         what_changed="The town walked together on a wet Thursday in December. Three streets have made it their own and will run it this winter.",
         results=(("Lanterns carried", "590", "Counted at the bridge by two people", "11 December 2025", 590), ("People who met a neighbour for the first time", "62%", "Asked at the mill, hands up in groups of about 20", "11 December 2025", 310))),
    Tale("A splash pool at Millrace", "Somewhere to be wet on a hot day.",
         "A shallow pool with fountains that come out of the ground. It is a lot of money, and we asked all the same.",
         "play", "F09", "Millrace Park", 0, (), (("Pool, pumps and drains", 4_400_000, "Estimate"), ("Fence and shade", 400_000, "Estimate")), (),
         began=260, days=60, gifts=173_000, givers=11),
    Tale("Hawthorn history walk", "Twelve plaques, written by those who remember.",
         "Who worked where, who danced where, which house the bomb missed. Twelve plaques and a map.",
         "culture", "F04", "Forest Edge to Hawthorn", 2, (34,), (("Twelve plaques", 144_000, "Quote"), ("Map", 36_000, "Quote")), (("hours", "Listening to older neighbours", 30, ""),),
         began=170, days=45, model="keep-what-you-raise", gifts=92_000, givers=11, ends="delivering", rest="cooling"),
    Tale("A pop-up cinema", "Films in the car park, chairs from home.",
         "A screen, a licence and a popcorn machine for six Fridays.", "culture", "F06", "Market Cross car park", 1, (),
         (("Screen and sound hire", 210_000, "Quote"), ("Licences", 60_000, "Price list")), (), began=150, days=50, gifts=36_000, givers=6, ends="cancelled"),
    Tale("A bee corridor", "Wild flowers on every verge from the fields to the mill.",
         "Two miles of verge, mown once a year instead of twelve times. The council saves the mowing; we sow the seed.",
         "green", "F03", "Lambourn Road", 2, (29, 41), (("Seed", 64_000, "Price list"), ("Signs", 22_000, "Quote")), (("hours", "Sowing day", 40, ""),), began=16, ends="verified"),
    Tale("Chess tables in Oakhurst Park", "Two stone tables, four stools, one long afternoon.",
         "We bring our own sets. The tables stay out all year.", "play", "F02", "Oakhurst Park", 0, (33,), (("Two tables and stools", 175_000, "Quote"),), (), began=6, ends="submitted"),
    Tale("An orchard for the school lane", "Twenty apple trees that anybody may pick.",
         "We are still asking the landowner.", "green", "F12", "Marsh Lane", 2, (), (("Twenty trees and stakes", 58_000, ""),), (), began=3, ends="draft"),
]  # fmt: skip
