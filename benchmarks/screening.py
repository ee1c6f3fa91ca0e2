"""How much personal data the screen finds in real answers, and how often it cries wolf.

    python benchmarks/screening.py setup      make an environment with Faker in it (benchmarks/.env-screening)
    python benchmarks/screening.py            plant 100, and 2,000 more, in the shared answers; measure; print JSON
    python benchmarks/screening.py missed     pieces of another planting (seed 7, not measured) that were not found
    python benchmarks/screening.py false      the real answers that were flagged, and what in them

100 planted pieces: 25 names with context, 25 streets, 25 telephone numbers, 25 e-mail addresses, each in another real
answer of the shared Austin survey. Held out: people's names, numbers and addresses come from Faker 40.54.0 (fourteen
languages' names), split in two by a checksum: one half was looked at while the rules were written, the other half,
which is measured, never. The sentences below were written before the rules, and `LATER` after the rules were done.
The planted sentence takes the case of its answer: CAPITALS in CAPITALS, and one in seven is all lower case.

Found: a finding of the right kind covers half of the planted piece or more (a name counts from its first word).
False alarm: a real answer in which anything at all is flagged, unless REAL names it: answers that do hold a person's
name, address, number or link, read by a person one by one.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import time
import zlib
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
ANSWERS = ROOT.parent / "shared" / "data" / "freetext" / "austin-community-survey-2016-2017.csv"
HOME = ROOT / "benchmarks" / ".env-screening"
PRACTICE = 7  # the seed of the planting that was looked at while the rules were written
KINDS = ("name", "street", "telephone", "email")
LOCALES = (
    ("en_GB",) * 5
    + ("en_BD", "en_BD", "en_PK", "en_PK", "en_IN", "yo_NG", "yo_NG", "ro_RO", "ro_RO", "pl_PL", "lt_LT")
    + ("pt_PT", "tr_TR", "it_IT", "fr_FR", "es_ES", "nl_NL")
)

NAMES = (
    "Thanks to {first} at the children's centre for everything.",
    "A big thank you to {full} who runs the food bank.",
    "Thank you {first}!",
    "{first} from the library was so helpful with my forms.",
    "My neighbour {first} keeps leaving mattresses in the alley.",
    "My neighbour, {full}, has lived here for forty years.",
    "I told Cllr {last} about this twice and nothing happened.",
    "Councillor {full} promised us it would be mended.",
    "Mr {last} at the housing office was rude to my mum.",
    "Mrs {last} next door is 84 and cannot cross the road.",
    "Ask {first} in the cafe, she knows all about it.",
    "Please call {full} about it, he has the photos.",
    "My name is {full} and I have lived here since 1998.",
    "I spoke to {first} on the phone and she told me to wait.",
    "{full} should be sacked, he never answers.",
    "My son {first} was mugged outside the station.",
    "The headteacher, Ms {last}, knows about the parking.",
    "It was a woman called {first} who shouted at the children.",
    "The landlord, {full}, does not repair anything.",
    "Dr {last} at the surgery saved my husband's life.",
    "Regards, {full}",
    "Many thanks, {first}",
    "My friend {first} would love to help with the garden.",
    "The man who deals drugs by the garages is {full}.",
    "I would like to run a sewing club with {full} from my block.",
    "Well done {full} for the street party.",
    "Best wishes {first} {last}",
    "Our caretaker {first} does a wonderful job, give him a rise.",
    "Everyone knows that {full} takes the money.",
    "Please tell {first} that her mum is worried about the stairs.",
)

STREETS = (
    "I live at {number} {street}.",
    "My address is {number} {street} if you want to come and look.",
    "The rats come from {number} {street}.",
    "I live in {street} and the noise at night is terrible.",
    "We live on {street}, next to the garages.",
    "Our house is in {street} and floods every winter.",
    "People at number {number} {street} are dealing.",
    "Flat {flat}, {number} {street} has been empty for two years.",
    "Come and see the damp at {number}{letter} {street}.",
    "My mum lives on her own in {street}.",
    "I moved to {street} in 2011 and love it.",
    "The lady at {number} {street} needs somebody to visit her.",
    "Our street, {street}, needs speed bumps.",
    "As a resident of {street} I never see a street cleaner.",
    "I have lived on {street} for twenty years.",
)
STREET_NAMES = (
    "Marlborough|Alibon|Oglethorpe|Fanshawe|Lillechurch|Hunters Hall|Wykeham|Osborne|Green|Verney|Arnold|Keppel|"
    "Sterry|Whalebone|Rose|Church|Station|Manor|Queen Elizabeth|St Awdrys|Blake|Cannington|Stamford|Porters|"
    "Harrow|Bonham|Grafton|Tenterden|Halbutt|Five Elms|Third|North|Old Dagenham|Victoria|Mill|Long"
).split("|")
STREET_KINDS = "Road|Road|Road|Avenue|Street|Close|Gardens|Lane|Crescent|Rd|Ave|Drive|Way|Grove|Terrace|Square".split(
    "|"
)

TELEPHONES = (
    "Call me on {it}.",
    "My number is {it}",
    "Ring {it} after six, please.",
    "You can text {it} if you need volunteers.",
    "Phone {it} and ask for the manager.",
    "tel {it}",
    "I gave you my mobile ({it}) in May and nobody rang.",
    "Whatsapp me {it}",
)
EMAILS = (
    "Email me at {it}.",
    "My email is {it}",
    "Please write to {it} about the hall.",
    "Contact: {it}",
    "I would help, {it}",
    "Send the minutes to {it} please.",
)
# Written when the rules were done; the first figure with them is in docs/benchmarks/screening.md.
LATER = {
    "name": (
        "Big up {first} and her team at the youth club!",
        "If it wasn't for {full} I would have given up.",
        "The lady who runs it, {first}, is a star.",
        "Can somebody have a word with {full} please.",
        "{full} from number 9 plays music all night.",
        "{first}'s mum is not well and nobody visits.",
        "Nurse {last} was so kind to my dad.",
        "I am {full}, I am twelve and I want a skate park.",
        "Pastor {last} lets us use the hall on Fridays.",
        "We all miss {first} who passed away in May.",
        "Contact {full} for the keys.",
        "My daughter {first} is scared to walk home.",
        "It was {full} who set the bins on fire.",
        "Credit to {first} for picking up litter every day.",
        "Yours sincerely, {full}",
        "My social worker {first} never rings back.",
        "The manager ({full}) said it was not his job.",
        "Uncle {first} has a shop there and he says the same.",
        "Me and {first} want a place to play cricket.",
        "Cllrs {last} and others should come and look.",
    ),
    "street": (
        "My nan has been at {number} {street} since 1951.",
        "We are at {number} {street} and the bins are never emptied.",
        "Please send someone to {number} {street}.",
        "I grew up in {street} and it was safe then.",
        "There is a cannabis farm at {number} {street}!",
        "Speed humps outside my house in {street} please.",
        "Being a tenant in {street} I feel forgotten.",
        "Number {number} {street} is an eyesore.",
        "I rent a room on {street}, it has mould.",
        "Our family home is on {street}.",
    ),
    "telephone": (
        "If you want to know more I am on {it}",
        "{it} is my number, any time.",
        "Leave a message at {it} for me.",
        "(M) {it}",
        "Give us a bell: {it}",
    ),
    "email": (
        "Get in touch: {it}",
        "{it} is where you can find me.",
        "Reply to {it} thanks",
        "My address for letters is {it}",
        "Drop me a line, {it}, if you need help.",
    ),
}
SPELT = {"0": "oh", "1": "one", "2": "two", "3": "three", "4": "four", "5": "five", "6": "six", "7": "seven"} | {
    "8": "eight",
    "9": "nine",
}

# Real answers that do name somebody (mayor, council members, authors: no private person) or hold a link, all read.
REAL = frozenset(
    "284 359 471 541 700 894 1341 1806 2061 2071 2074 2105 2107 2223 2244 2329 2331 2332 2473 2685 2860 2861 "
    "2878 2954 3016".split()
)


class Planted(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


def main() -> None:
    what = sys.argv[1] if len(sys.argv) > 1 else "measure"
    if what == "setup":
        uv = sorted((ROOT / ".tools").glob("uv-*/bin/uv"))[-1]
        subprocess.run([uv, "venv", "--quiet", "--clear", HOME], check=True)
        subprocess.run([uv, "pip", "install", "--quiet", "--python", HOME / "bin/python", "faker==40.54.0"], check=True)
        return
    if os.environ.get("IN_ENV") != "1":
        if not HOME.exists():
            sys.exit("Run `python benchmarks/screening.py setup` first.")
        command = [HOME / "bin" / "python", __file__, *sys.argv[1:]]
        sys.exit(subprocess.run(command, env={**os.environ, "IN_ENV": "1"}, check=False).returncode)
    sys.path.insert(0, str(ROOT / "src"))
    with ANSWERS.open(encoding="utf-8", newline="") as file:
        answers = [(row["id"], row["text"]) for row in csv.DictReader(file)]
    {"measure": measure, "missed": missed, "false": false}[what](answers)


def measure(answers: list[tuple[str, str]]) -> None:
    hundred = plant(answers, 1, 25)
    many = plant(answers, 2, 500)
    before = time.process_time()
    wrong = alarms(answers)
    took = time.process_time() - before
    real = sum(key in REAL for key, _, _ in wrong)
    later = plant(answers, 3, 250, later=True)
    unseen = {kind: sum(is_found(one) for one in later if one.kind == kind) for kind in KINDS}
    found = {kind: sum(is_found(one) for one in many if one.kind == kind) for kind in KINDS}
    print(
        json.dumps(
            {
                "answers": len(answers),
                "found of 100": sum(map(is_found, hundred)),
                "found of 2,000": {**found, "all": sum(found.values())},
                "found of 1,000 in later sentences": {**unseen, "all": sum(unseen.values())},
                "flagged, not planted": len(wrong),
                "of these real": real,
                "false alarms": f"{100 * (len(wrong) - real) / len(answers):.2f} %",
                "CPU seconds": round(took, 2),
            },
            indent=1,
        )
    )


def missed(answers: list[tuple[str, str]]) -> None:
    for one in (*plant(answers, PRACTICE, 400), *plant(answers, PRACTICE, 250, later="later" in sys.argv)):
        if not is_found(one):
            print(
                f"{one.kind:9} {one.text[one.start : one.end]!r} in {one.text[max(0, one.start - 50) : one.end + 40]!r}"
            )


def false(answers: list[tuple[str, str]]) -> None:
    for key, text, found in alarms(answers):
        for one in found:
            mark = "real " if key in REAL else ""
            around = text[max(0, one.start - 40) : one.end + 40]
            print(f"{key:5} {mark}{one.kind}: {text[one.start : one.end]!r} ({one.why}) in {around!r}")


def alarms(answers: list[tuple[str, str]]) -> list[tuple[str, str, Any]]:
    from becontree.methods import screening

    every = ((key, text, screening.find(text)) for key, text in answers)
    return [one for one in every if one[2]]


def is_found(one: Planted) -> bool:
    from becontree.methods import screening

    half = (one.end - one.start) / 2
    for found in screening.find(one.text):
        overlap = min(one.end, found.end) - max(one.start, found.start)
        if found.kind == one.kind and (
            overlap >= half or (one.kind == "name" and overlap > 0 and found.start <= one.start)
        ):
            return True
    return False


def plant(answers: list[tuple[str, str]], seed: int, each: int, later: bool = False) -> list[Planted]:
    """`each` pieces of every kind, each in an answer of its own."""
    from faker import Faker

    random = Random(seed)
    fakers = [Faker(locale) for locale in LOCALES]
    for number, faker in enumerate(fakers):
        faker.seed_instance(seed * 1000 + number)
    chosen = random.sample(answers, each * len(KINDS))
    return [
        put_in(random, answer, kind, *piece(random, fakers, kind, seed, later))
        for kind, (_, answer) in zip([kind for kind in KINDS for _ in range(each)], chosen, strict=True)
    ]


def piece(random: Random, fakers: list[Any], kind: str, seed: int, later: bool) -> tuple[str, str]:
    """(a sentence, what in it is personal)"""
    if kind == "name":
        faker = random.choice(fakers)
        woman = random.random() < 0.5
        while True:  # half of Faker's names are for looking at while rules are written, the other half for measuring
            first = faker.first_name_female() if woman else faker.first_name_male()
            last = faker.last_name_female() if woman else faker.last_name_male()
            if zlib.crc32(first.encode()) % 2 == (seed == PRACTICE) and zlib.crc32(last.encode()) % 2 == (
                seed == PRACTICE
            ):
                break
        shape = random.choice(LATER[kind] if later else NAMES)
        said = {"first": first, "last": last, "full": f"{first} {last}"}
        target = next(said[key] for key in ("full", "first", "last") if f"{{{key}}}" in shape)
        if "{first} {last}" in shape:
            target = said["full"]
        return shape.format(**said), target
    if kind == "street":
        street = f"{random.choice(STREET_NAMES)} {random.choice(STREET_KINDS)}"
        shape = random.choice(LATER[kind] if later else STREETS)
        sentence = shape.format(
            number=random.randrange(1, 300), flat=random.randrange(1, 60), letter=random.choice("abc"), street=street
        )
        return sentence, street
    if kind == "telephone":
        number = random.choice(fakers[:5]).phone_number()
        if random.random() < 0.3:
            number = telephone(random, "".join(one for one in number if one.isdigit()))
        return random.choice(LATER[kind] if later else TELEPHONES).format(it=number), number
    address = (
        random.choice(fakers[:5]).free_email() if random.random() < 0.5 else random.choice(fakers[:5]).company_email()
    )
    if random.random() < 0.3:
        address = address.replace("@", random.choice((" at ", " AT ", " (at) ", " @ ", "[at]")))
        if random.random() < 0.5:
            address = address.replace(".", " dot ")
    return random.choice(LATER[kind] if later else EMAILS).format(it=address), address


def telephone(random: Random, digits: str) -> str:
    """Ways in which people write a number so that it is read by people only."""
    way = random.randrange(4)
    if way == 0:
        return " ".join(digits)
    if way == 1:
        return " ".join(SPELT[one] for one in digits)
    if way == 2:
        return f"{digits[:5]} {' '.join(SPELT[one] for one in digits[5:])}"
    return "-".join((digits[:4], digits[4:7], digits[7:]))


def put_in(random: Random, answer: str, kind: str, sentence: str, target: str) -> Planted:
    """The sentence before, after or between the answer's own, in the case of the answer."""
    letters = [one for one in answer if one.isalpha()]
    if letters and sum(one.isupper() for one in letters) > 0.7 * len(letters):
        sentence, target = sentence.upper(), target.upper()
    elif random.random() < 1 / 7:
        sentence, target = sentence.lower(), target.lower()
    breaks = [at + 2 for at in range(len(answer) - 2) if answer[at] in ".!?" and answer[at + 1] == " "]
    at = random.choice([0, len(answer), *breaks])
    if sentence.lower().startswith(("regards", "many thanks", "best wishes")):
        at = len(answer)
    head, tail = answer[:at].rstrip(), answer[at:].lstrip()
    if head and head[-1].isalnum():
        head += "."
    start = len(f"{head} ".lstrip())
    text = f"{head} {sentence} {tail}".strip()
    where = text.index(target, start if head else 0)
    return Planted(kind, text, where, where + len(target))


if __name__ == "__main__":
    main()
