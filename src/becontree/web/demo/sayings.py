"""What 2,814 invented people of the example borough said, each in words of their own.

The numbers by channel are those of the real Borough Manifesto of 2016 (1,091 on paper, 564 online, 624 at secondary
and 535 at primary schools). The words are ours, put together by a seeded generator: no real person said them, and the
example says so wherever it shows them.

A pattern is a sentence with choices, `{this|that|}`, and places, `<park>`; one that begins with `A:` is for grown-ups
only, with `Y:` for the young. The seed decides everything: the same seed gives the same borough.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from becontree.web.demo.dice import Dice

MIX: Final = {"paper": 1_091, "web": 564, "secondary": 624, "primary": 535}
KINDS: Final = ("like", "dislike", "hope")

# ward -> its park, its streets, its school, its place to meet
LOCAL: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "F01": {"park": ("Maypole Green", "the green"), "street": ("Ribbon Lane", "Maypole Road", "the Maypole estate"), "hall": ("the children's centre",)},
    "F02": {"park": ("Oakhurst Park", "the park"), "street": ("Acorn Street", "Oakhurst Avenue"), "hall": ("Oakhurst Hall", "the community hall")},
    "F03": {"park": ("Lambourn Fields", "the fields"), "street": ("Lambourn Road", "Skylark Close"), "hall": ("the scout hut",)},
    "F04": {"park": ("the woods", "Forest Edge"), "street": ("Forest Road", "Verderers Way"), "hall": ("the church hall",)},
    "F05": {"park": ("Forge Gardens",), "street": ("Forge Street", "Bellows Lane"), "hall": ("the old forge",)},
    "F06": {"park": ("the square", "Market Cross"), "street": ("the high street", "Market Row", "Station Approach"), "hall": ("the library", "Market Cross Library")},
    "F07": {"park": ("Brook End rec", "the rec"), "street": ("Brook Street", "Brook Way"), "hall": ("the leisure centre",)},
    "F08": {"park": ("Aldersey Park",), "street": ("Heron Road", "Aldersey Road"), "hall": ("the temple hall", "the mosque")},
    "F09": {"park": ("Millrace Park", "the park by the mill"), "street": ("Mill Lane", "Weir Street"), "hall": ("Millrace Library",)},
    "F10": {"park": ("Hawthorn Hill", "the hill"), "street": ("College Road", "Hawthorn Hill"), "hall": ("the sixth form",)},
    "F11": {"park": ("Creekside Park", "the creek"), "street": ("Creek Path", "Wharf Road"), "hall": ("Creekside Hall", "the pavilion")},
    "F12": {"park": ("Marsh Lane rec", "the marsh"), "street": ("Marsh Lane", "Sluice Road"), "hall": ("the Methodist hall",)},
}  # fmt: skip
WEIGHTS: Final = {
    "F01": 9,
    "F02": 8,
    "F03": 4,
    "F04": 6,
    "F05": 8,
    "F06": 13,
    "F07": 11,
    "F08": 9,
    "F09": 9,
    "F10": 8,
    "F11": 10,
    "F12": 5,
}

SLOTS: Final = {
    "kin": "{my mum|my nan|my daughter|my son|my husband|my wife|my neighbour|my little boy|my dad|my sister}",
    "young kin": "{my mum|my nan|my little brother|my sister|my dad|my friend|my cousin|my grandad}",
    "when": "{after school|at night|in the evening|on a Sunday|at weekends|in the winter|in the summer|after dark|in the morning|when it rains}",
    "years": "{five|ten|twelve|twenty|thirty|forty} years",
}

# topic -> kind -> patterns. The topics are what people of such boroughs talk about; nobody sees these keys.
TOPICS: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "parks": {
        "like": (
            "<park>{, especially <when>|}.", "{The parks|Our parks}{ round here|} are {lovely|the best thing about it|where I go to breathe}.",
            "{Walking the dog|Sitting|Running} {in|round} <park> <when>.", "{Trees|Big old trees} everywhere{, leave them be|}.", "I love <park>, {I grew up in it|we go most days|it keeps me sane}.",
            "{Ducks|Squirrels|Birds|Skylarks|The herons} {in|by} <park>.",
        ),
        "dislike": (
            "{Nowhere|Not enough places} to sit in <park>.", "<park> is {never mown|full of dog mess|pitch black <when>|let go}.", "They {cut down|keep cutting} the trees on <street>.",
            "{The toilets|Toilets} in the park are {always shut|locked|disgusting}.", "{Broken|Rusty} swings in <park>{ for <years>|}.", "{Dog mess|Dog poo} {everywhere|in the park|on the grass}.",
        ),
        "hope": (
            "{More|Plant more} trees{ on <street>| please|}.", "A {café|proper café|tea hut} in <park>.", "{Keep|Look after} the {parks|green spaces}{, do not build on them|}.",
            "{Benches|Seats} with backs in <park> so <kin> can {rest|sit down}.", "A {park keeper|warden} {again|like there used to be}.", "Wild flowers{ and bees|} {on the verges|in <park>|everywhere}.",
        ),
    },
    "play": {
        "like": ("{The swings|The playground|The slide|The climbing frame} {in <park>|in the park|}.", "{Football|Cricket|Basketball} {in|at} <park>{ with my friends|}.", "{Swimming|Trampolining|Judo} at the leisure centre.", "There is {a lot|loads|something} for little ones {at the children's centre|to do}."),
        "dislike": ("{Nothing|There is nothing} for {teenagers|kids|young people} to do{ <when>|}.", "The playground {in <park>|} is {for babies|broken|boring|too small}.", "The big {kids|boys} {take over|smoke in} the playground.", "{Youth club|The youth club} {shut|closed}{ years ago|}{ and nothing came instead|}.", "Swimming costs {too much|more than we have}{ for a family of five|}."),
        "hope": ("{A youth club|Youth clubs|Somewhere to go} {for teenagers|for my age|<when>}{, warm and safe|}.", "A {skate park|bigger playground|splash pool|theme park|water park|trampoline park|football cage}{ in <park>|}{ please|}.", "{Free|Cheap} swimming{ for kids| in the holidays|}.", "{More|Better} {sports|clubs|football pitches}{ for girls| for children with disabilities|}.", "Things to do {in the holidays|<when>} that {do not cost much|are free}."),
    },
    "litter": {
        "like": ("{The bin men|The bin men and women|The street sweepers} {always say hello|work hard|are great}.", "It is {cleaner|much cleaner} than it {was|used to be}{ on <street>|}."),
        "dislike": ("{Rubbish|Litter|Fly-tipping|Mattresses|Old sofas} {everywhere|on <street>|dumped on <street>|by the garages|in the alley}.", "People {dump|fly-tip|leave} {rubbish|mattresses|their junk} and {nobody|no one} {stops them|comes|clears it for weeks}.", "{Bins|The bins} {overflowing|not emptied|left all over the pavement}{ on <street>|}.", "{Rats|There are rats} {in the alley|behind the shops|on <street>}.", "{Chewing gum|Spitting|Cans} {on the pavement|everywhere}. {Disgusting.|It is filthy.|}"),
        "hope": ("{Cleaner streets|Clean streets|A cleaner place|No more rubbish}{ please|, simple as that| for <kin>|}.", "{Fine|Catch|Stop} the fly-tippers{ and make them clean it up|}.", "{More|Bigger} {bins|recycling bins} {on <street>|by the shops|in <park>}.", "{Free|A free} collection for {sofas|big things|mattresses}{ so nobody dumps them|}.", "{Litter picks|A big clean-up} {with the schools|once a month|on every street}."),
    },
    "homes": {
        "like": ("My {flat|house|home|street}{ and the people in it|}.", "A:{We|I} got {a council house|our own front door} here {in 1987|after eight years|at last}.", "A:{Houses|Homes} are {cheaper|still cheaper} than {the rest of London|where we were}.", "A:{A|I have a} {garden|little garden}{ of my own|}."),
        "dislike": ("A:{Rents|The rents|House prices} {are too high|keep going up|are beyond people who work here}.", "{Damp|Mould|Black mould} {in the flat|in my bedroom|and nobody comes}{, <kin> has asthma|}.", "{Too many flats|They only build flats|Tower blocks everywhere} and {no family homes|nowhere to park|no doctors}.", "A:{Waiting list|The housing list} {is a joke|takes <years>|never moves}.", "A:{Landlords|Private landlords} who {do not mend anything|cram ten people in a house|put us out with two months' notice}.", "A:{My children|<kin>} {cannot|can't} afford to live {here|near me}."),
        "hope": ("A:{Homes|Houses|Flats} {people can afford|local people can afford|<kin> could rent}.", "{Council|More council} {houses|homes}{, with gardens|, built by the council|}.", "A {home|house} {of our own|near my mum|without damp}.", "A:{Bungalows|Places} for {older people|disabled people} so {family houses come free|we can stay near our friends}.", "A:{Rents|A rent} that {go by what you earn|people on ordinary wages can pay}.", "{Stop|Do something about} {bad landlords|houses crammed with people}."),
    },
    "safety": {
        "like": ("{I feel safe|It feels safe}{ here| on my road| with my neighbours about|}.", "{The police officer|Our PCSO|The wardens} who {walks|walk} round {and knows us|talks to the kids|}."),
        "dislike": ("{Knife crime|Knives|Gangs|Drugs|Drug dealing|Stabbings}{ round here| on <street>|}.", "{I do not feel safe|I don't go out|<kin> is scared to go out} {<when>|after dark|by the station}.", "{Mopeds|Motorbikes|E-scooters} {on the pavement|racing up <street>|in <park>}.", "{You never see|Where are} {a policeman|the police}{ any more|}{?|.}", "{Street drinkers|Men drinking|Men shouting} {by the station|outside the shops|in the square}.", "{Street lights|The lights} {out|broken} on <street>{ again|}."),
        "hope": ("{More police|Police on foot|Wardens}{ on the street| <when>| we know by name|}.", "{To feel safe|To be safe|I want to feel safe} {walking home|<when>|on the bus}.", "{Lights|Better lights|Street lights} {on <street>|in <park>|in the alley}{ that work|}.", "{No more|Stop} {knives|knife crime|gangs|stabbings}.", "{Cameras|CCTV} {on <street>|by the station} that {someone watches|works}."),
    },
    "roads": {
        "like": ("{Quiet|Quieter} {road|street} since {they closed the end|the bollards went in}.", "{The cycle path|The new crossing} {by the creek|on <street>}."),
        "dislike": ("{Parking|The parking}{ on <street>|} is {terrible|a nightmare|impossible}.", "{Potholes|Pot holes|Holes in the road}{ on <street>|}{, I broke a wheel|}.", "{Cars|Traffic|Lorries} {speeding|racing|stuck} {on|down} <street>{ past the school|}.", "{Pavements|Pavement} {broken|uneven|blocked by cars}{, <kin> fell|}.", "{Car fumes|The traffic|Pollution} {outside the school|makes me cough}."),
        "hope": ("{A crossing|A zebra crossing|A lollipop person} {on <street>|by the school}.", "{Mend|Fix} the {potholes|pavements|roads}{ on <street>|}.", "{Safe|Proper} {cycle lanes|bike paths|places to lock a bike}.", "{20 miles an hour|Slow the cars down} {on <street>|everywhere children are}.", "A:{Parking|Permits} {for people who live here|that does not cost the earth}."),
    },
    "transport": {
        "like": ("{The trains|The tube|The station|Trains} {into town|are quick|so close by}.", "{Buses|The buses|The night bus} {go everywhere|come often|right outside}.", "{Easy|It is easy} to get {to work|into London|anywhere}."),
        "dislike": ("{No lift|There is no lift} at the station{, with a pram it is hopeless|}.", "{Buses|The bus|The bus up Hawthorn Hill} {never comes|full every morning|stops at seven}.", "{Trains|The train} {packed|too dear|always late}."),
        "hope": ("{A lift|Lifts} at the station{ please| for prams and wheelchairs|}.", "{More buses|A bus} {<when>|to the hospital|to Marsh Lane|up the hill}.", "{A boat|Boats} {on the creek|to work}{!|.}", "{Shade|Shelter|A seat} at the bus stop."),
    },
    "jobs": {
        "like": ("A:{The college|Evening classes|The job shop} {helped me|got me my certificate|got <kin> work}.", "A:{Work|I work} {round the corner|ten minutes away|in the market}."),
        "dislike": ("{No jobs|There are no proper jobs}{ for young people| here, only warehouses| after fifty|}.", "A:{Zero hours|Agency work|Two jobs} and {still at the food bank|no time for the children}.", "A:{Factories|The factory} {shut|went} and {nothing came instead|it is all flats now}."),
        "hope": ("{Jobs|Proper jobs|Good jobs|Apprenticeships} {for local people|for our young people|you can live on|near home}.", "A:{Training|Classes|Courses} {in the evening|for people over fifty|in English|to be an electrician}.", "A:{Small|Cheap} {workshops|places} to {start a business|rent by the week}.", "Y:{I want to be|When I grow up I will be} {a vet|a footballer|a nurse|a builder|an engineer|a YouTuber|a teacher|a pilot} {here|in Fairlop|}."),
    },
    "schools": {
        "like": ("{My school|My teacher|My teachers|School} {is nice|is kind|is fun|helps me}.", "{Good|Really good} schools{ now, they were not when I was there|}.", "{My friends|My best friend} {at school|live on my road|}."),
        "dislike": ("{Not enough|No} {school places|help for children with special needs|teachers who stay}.", "{My|Our} school {has no field|is too full|is boring|dinners are horrible}.", "{Bullies|Bullying}{ at school| on the bus|}.", "{No|There is no} university {near|here}."),
        "hope": ("{A school|Schools} where {every child is helped|classes are smaller|children with autism are understood}.", "{Somewhere quiet|A place} to do homework {<when>|that is warm}.", "{More|Longer} {art|music|sport|playtime|trips}{ at school|}.", "{A university|A college} {here|in the town}{ so nobody has to leave|}."),
    },
    "health": {
        "like": ("{The hospital|My doctor|The nurses|The chemist} {looked after <kin>|is very kind|knows my name}.", "{The walking group|The exercise class|Chair yoga} at <hall>."),
        "dislike": ("{You cannot|Can't|Impossible to} {get|see} {a doctor|a GP|a dentist}.", "{Three weeks|A month|Ringing at eight every morning} {for|to get} {an appointment|a doctor}.", "{Too many|Nothing but} {chicken shops|betting shops|fast food places}{ near the school|}.", "A:{Lonely|I get lonely}{ since my husband died|, some weeks I speak to nobody|}.", "{Two years|A year} waiting for {help with my son's mental health|counselling}."),
        "hope": ("{A doctor|Doctors|A dentist} {you can see|near <street>|taking people on}.", "{Help|More help} for {mental health|people who are lonely|carers like me|older people at home}.", "{A gym|Exercise|Machines} {outside in <park>|for older people|that is cheap}.", "{Healthy|Cheap healthy} food{ near the schools| on the high street|}.", "A:To {live longer|be healthy|see my grandchildren grow up here}."),
    },
    "shops": {
        "like": ("{The market|The Saturday market|The stalls}{, you can get anything|, I know them all by name|}.", "{Shops|Food} from {everywhere|all over the world}{ on one street|}.", "{The bakery|The fish man|The fabric shop|The café} on {the high street|Market Row}."),
        "dislike": ("{Betting shops|Chicken shops|Vape shops|Empty shops} {everywhere|one after another on the high street}.", "{No|There are no} {decent shops|clothes shops|nice places to eat|cinema}{, we go to the next town|}.", "The {market|high street} {is dying|is not what it was|looks tired}."),
        "hope": ("{A cinema|A bowling alley|Nice restaurants|A proper department store|A bookshop}{ again| in the town| please|}.", "{Better|More} {shops|cafés}{ and fewer betting shops|}.", "{Keep|Save} the market.", "{No|Fewer} {betting shops|chicken shops|empty shops}."),
    },
    "neighbours": {
        "like": ("{My neighbours|The people|Friendly people|The neighbours}{, every one of them| on <street>| look out for you|}.", "{Everyone|People} {says|say} hello.", "{All|So many} {cultures|kinds of people|languages} {together|on one street|and we get on}.", "{Eid|Diwali|Christmas|Carnival} {on <street>|with everybody|in the square}.", "{Community spirit|The community|We help each other}."),
        "dislike": ("{Nobody|People do not} {knows their neighbours|talk|say hello} {any more|now}.", "{Racism|Rude people|People being racist}{ on the bus| at the shops|}.", "{Noise|Loud music|Shouting|Parties} {<when>|next door|till three}.", "{People|Everyone} {comes and goes|moves on}{, you never know who is next door|}.", "People who {blame|are rude about} {each other|whoever came last}."),
        "hope": ("{Street parties|A street party|A big lunch} {every summer|on <street>|again}.", "{People|Everyone} {getting on|to be kind|being kind to each other}{, wherever they come from|}.", "{Somewhere|A place} to {meet|have a cup of tea|sit with people} that {is free|is not a pub|has a kettle}.", "{To know|I want to know} my neighbours{ before I need them|}.", "{No|An end to} {racism|hate|bullying}."),
    },
    "culture": {
        "like": ("{The lantern parade|The parade|The steel band|The carnival|Music by the creek}{, I cried|, we never miss it|}.", "{The history|The old forge|The mill|The old buildings}.", "{Libraries|The library}{, warm and quiet|, I learnt to read there|, the lady who helps with forms|}."),
        "dislike": ("{Nothing|There is nothing} {going on|to see} {<when>|without going into London}.", "The library {shuts before I finish work|is only open three days|has hardly any books}.", "{Nobody|No one} {knows|teaches} {our history|what was made here}."),
        "hope": ("{A theatre|A museum|Concerts|A music studio|A dance school} {here|for young people|in <park>}.", "{Open|Keep open} the library{ in the evening| on Sundays|}.", "{More|A} {festivals|festival|parades|street art}{ made by people who live here|}.", "{To learn|Lessons in} {drums|guitar|dancing|drawing}{ for free|}."),
    },
    "council": {
        "like": ("A:{The council|The lady at the council|Somebody from the council} {rang me back|sorted it|listened}{ once|}.", "A:{You asked|Somebody asked me}. {That is a start.|Nobody has before.|}"),
        "dislike": ("{The council|They} {never|do not} {listen|answer|ring back|tell us what happened}.", "A:{Pay|We pay} {all that|so much} council tax{ for what|} and {nothing gets done|the street is a mess}.", "A:{I have told|I told} {six people|four departments} the same {story|thing}.", "A:{Everything|It is all} {online|on the computer} and I {have no computer|am seventy-nine}."),
        "hope": ("{Listen|Ask us|Come and ask} {first|before you decide|more often}.", "{Tell us|Say} what {you did|happened}{ with what we said|}.", "{One|Just one} {person|number|place} {to ask|who sorts it all out}.", "A:{Help|More help} {for|to} {people in debt|families at the end of the month|the food bank}{ before it gets bad|}."),
    },
    "air": {
        "like": ("{Clean|Fresh} air {by the creek|on the marsh|up the hill}.", "{The creek|The river|The marsh}{ at six in the evening| in winter|}."),
        "dislike": ("{The smell|Smoke|Dust} {from the works|on Wharf Road|<when>}.", "{It floods|The road floods|Flooding} {on <street>|by the garages} every time it rains.", "Too {hot|warm} in the flats {in the summer|every July}."),
        "hope": ("{Clean air|Cleaner air|Less smoke}{ for <kin>| by the schools|}.", "{Solar panels|Insulation|Warm homes} {on every roof|for council homes|and lower bills}.", "{Clean up|Look after} the {creek|river}{ so we can swim in it|}.", "{Electric|Quiet} buses{ and fewer lorries|}."),
    },
}  # fmt: skip

PREFERS: Final = {
    "paper": {"litter": 5, "homes": 5, "safety": 5, "health": 4, "neighbours": 4, "parks": 4, "roads": 3, "shops": 3, "council": 3, "transport": 2, "culture": 2, "jobs": 2, "air": 1, "play": 1, "schools": 1},
    "web": {"homes": 6, "litter": 4, "transport": 4, "roads": 4, "safety": 4, "shops": 3, "parks": 3, "jobs": 3, "schools": 2, "culture": 2, "council": 3, "health": 2, "neighbours": 2, "air": 2, "play": 1},
    "secondary": {"play": 6, "safety": 6, "schools": 4, "jobs": 4, "shops": 3, "litter": 3, "transport": 2, "neighbours": 3, "culture": 2, "parks": 2, "homes": 2, "air": 1, "health": 1},
    "primary": {"play": 8, "parks": 6, "schools": 5, "litter": 4, "neighbours": 3, "safety": 2, "roads": 2, "jobs": 2, "air": 1, "shops": 1},
}  # fmt: skip
ANSWERED: Final = {
    "paper": (0.82, 0.9, 0.88),
    "web": (0.7, 0.93, 0.9),
    "secondary": (0.75, 0.8, 0.8),
    "primary": (0.9, 0.6, 0.92),
}
OPENERS: Final = {
    "like": ("", "", "", "", "I like ", "Definitely ", "I would say ", "What I like: "),
    "dislike": ("", "", "", "", "", "The worst thing: ", "Sorry but ", "Honestly, ", "I have to say, "),
    "hope": ("", "", "", "", "", "In twenty years: ", "I hope for this: ", "My wish: ", "Please, "),
}
YOUNG: Final = {"secondary", "primary"}
YOUNG_TAILS: Final = (
    "",
    "",
    "",
    "",
    "",
    " That is all.",
    " It matters to me.",
    " My friends say so too.",
    " Please.",
    " I mean it.",
    " Everyone in my class thinks so.",
)
TAILS: Final = (
    "", "", "", "", "", "", "", "", " Thank you for asking.", " That is all.", " I have lived here <years>.", " I have said this before.", " It matters to me.", " Ask anyone.",
    " We only moved here last year.", " It would make such a difference.", " I mean it.", " <kin> says so too.",
)  # fmt: skip

NAMES: Final = tuple(
    "I' Eid Diwali Christmas Oakhurst Maypole Lambourn Forge Market Creek Mill Hawthorn Aldersey Marsh Brook CCTV London Saturday".split()
)

# Said in another language, with what it says in English: (language, kind, words, English). Written by us.
OTHER: Final = (
    ("ro", "like", "Parcul și oamenii de aici. Vecinii ne-au primit bine.", "The park and the people here. The neighbours made us welcome."),
    ("ro", "dislike", "Chiriile sunt prea mari pentru o familie care muncește.", "Rents are too high for a family that works."),
    ("ro", "hope", "Un loc de joacă nou și cursuri de engleză seara.", "A new playground, and English classes in the evening."),
    ("ro", "dislike", "Prea mult gunoi pe stradă, mai ales lângă garaje.", "Too much rubbish on the street, most of all by the garages."),
    ("pl", "like", "Targ w sobotę i dobre szkoły.", "The Saturday market and good schools."),
    ("pl", "hope", "Więcej ławek w parku i czyste ulice.", "More benches in the park, and clean streets."),
    ("pl", "dislike", "Trudno dostać się do lekarza.", "It is hard to see a doctor."),
    ("lt", "like", "Žalia aplinka ir ramūs kaimynai.", "The green, and quiet neighbours."),
    ("lt", "hope", "Norėčiau saugesnių gatvių vakare.", "I would like safer streets in the evening."),
    ("bn", "like", "এখানকার মানুষ আর বাজার আমার খুব ভালো লাগে।", "I like the people here and the market very much."),
    ("bn", "dislike", "বাড়ি ভাড়া অনেক বেশি, ঘরে স্যাঁতসেঁতে ভাব।", "The rent is very high, and the rooms are damp."),
    ("bn", "hope", "মেয়েদের জন্য খেলার জায়গা আর একটা পাঠাগার চাই।", "A place for girls to play, and a library."),
    ("ur", "like", "سب لوگ مل جل کر رہتے ہیں، یہ مجھے پسند ہے۔", "Everybody lives together here, and I like that."),
    ("ur", "dislike", "رات کو گلیوں میں روشنی نہیں ہوتی۔", "There is no light in the streets at night."),
    ("ur", "hope", "ہمارے بچوں کے لیے نوکریاں اور محفوظ پارک۔", "Jobs for our children, and a safe park."),
    ("sq", "like", "Shkolla e fëmijëve të mi është shumë e mirë.", "My children's school is very good."),
    ("sq", "hope", "Shtëpi që një familje mund t'i paguajë.", "Homes that a family can pay for."),
    ("yo", "hope", "Mo fẹ́ kí àwọn ọmọ wa ní iṣẹ́ tó dára níbí.", "I want our children to have good work here."),
    ("pt", "dislike", "O autocarro nunca chega a horas.", "The bus never comes on time."),
    ("so", "hope", "Meel dhalinyaradu ku kulmaan fiidkii.", "A place for young people to meet in the evening."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """One invented person's form: `answers` holds kind -> words, for those of the three questions they answered."""

    number: int
    source: str  # a key of MIX
    ward: str
    day: int  # of the round, from 0
    language: str
    may_quote: bool
    answers: dict[str, str]
    english: dict[str, str]


def everybody(seed: int = 2016, *, days: int = 75, mix: dict[str, int] | None = None) -> Iterator[Said]:
    """Everybody who was heard, in the order of the form numbers."""
    dice = Dice(f"sayings/{seed}")
    wards = list(WEIGHTS)
    number = 0
    for source, count in (mix or MIX).items():
        classroom, place = 0, wards[0]
        for _ in range(count):
            number += 1
            if source in {"secondary", "primary"}:
                if classroom == 0:  # a class at a time, from one ward and on one day
                    classroom, place, day = dice.randrange(18, 31), dice.weighted(WEIGHTS), dice.randrange(days)
                classroom -= 1
                ward = place
            else:
                ward, day = dice.weighted(WEIGHTS), dice.randrange(days)
            answers, english, language = _answers(dice, source, ward)
            yield Said(number, source, ward, day, language, dice.random() < 0.86, answers, english)


def _answers(dice: Dice, source: str, ward: str) -> tuple[dict[str, str], dict[str, str], str]:
    if source in {"paper", "web"} and dice.random() < 0.035:
        language = dice.choice(sorted({row[0] for row in OTHER}))
        rows = [row for row in OTHER if row[0] == language]
        picked = {row[1]: row for row in dice.sample(rows, dice.randrange(1, min(3, len(rows)) + 1))}
        return {k: row[2] for k, row in picked.items()}, {k: row[3] for k, row in picked.items()}, language
    given = [kind for kind, share in zip(KINDS, ANSWERED[source], strict=True) if dice.random() < share]
    if not given:
        given = [dice.choice(KINDS)]
    return {kind: _words(dice, source, ward, kind) for kind in given}, {}, "en"


def _words(dice: Dice, source: str, ward: str, kind: str) -> str:
    """One to three things in one answer, in one person's manner of writing."""
    likes = PREFERS[source]
    several = 1 + (dice.random() < 0.32) + (dice.random() < 0.08)
    topics: list[str] = []
    while len(topics) < several:
        topic = dice.weighted(likes)
        if topic not in topics:
            topics.append(topic)
    young = source in YOUNG
    parts = []
    for topic in topics:
        fit = [pattern for pattern in TOPICS[topic][kind] if not pattern.startswith("A:" if young else "Y:")]
        if fit:
            parts.append(_spin(dice, dice.choice(fit).removeprefix("A:").removeprefix("Y:"), ward, young=young))
    if not parts:
        return _words(dice, source, ward, kind)
    text = " ".join(_capital(part) for part in parts)
    if source == "primary":
        return _capital(text.replace(".", "!" if dice.random() < 0.3 else "."))
    opener = dice.choice(OPENERS[kind])
    if opener and not text.startswith("I "):
        text = opener + (text if text.startswith(NAMES) else text[0].lower() + text[1:])
    text = _capital(text + _spin(dice, dice.choice(YOUNG_TAILS if young else TAILS), ward, young=young))
    return _manner(dice, text, source)


def _manner(dice: Dice, text: str, source: str) -> str:
    """Some people write in capitals, some without any, some in a hurry."""
    roll = dice.random()
    if roll < (0.07 if source == "paper" else 0.02):
        return text.upper()
    if roll < (0.12 if source == "paper" else 0.3):
        return text.lower().rstrip(".")
    if roll < 0.34 and len(text) > 40:
        at = dice.randrange(10, len(text) - 4)
        if text[at - 1 : at + 3].isalpha():
            text = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text


def _spin(dice: Dice, pattern: str, ward: str, *, young: bool) -> str:
    """Choose in every `{a|b}`, from the inside out, and fill every `<slot>`."""
    local = LOCAL[ward]
    while found := re.search(r"<(\w+)>", pattern):
        name = "young kin" if young and found[1] == "kin" else found[1]
        pattern = pattern[: found.start()] + (SLOTS.get(name) or dice.choice(local[name])) + pattern[found.end() :]
    while found := re.search(r"\{([^{}]*)\}", pattern):
        pattern = pattern[: found.start()] + dice.choice(found[1].split("|")) + pattern[found.end() :]
    return re.sub(r"\s+", " ", pattern).replace(" .", ".").replace(" ,", ",")


def _capital(text: str) -> str:
    text = text.strip()
    return text[:1].upper() + text[1:]
