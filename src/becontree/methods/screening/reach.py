"""How somebody can be reached or looked up: addresses, numbers, codes, accounts, links, as people type them.

Sources: Ofcom's numbering plan (UK numbers have nine or ten digits after the 0), the NHS data dictionary (ten digits,
the last a check modulo 11), HMRC's form of a National Insurance number, DVLA's forms of a number plate since 1983,
and Royal Mail's form of a postcode. Numbers may be spaced out or spelt ("oh seven seven double nine ..."). Cost: one
pass a kind.

Why forms and checks and not any long number: an amount or a date is no telephone number. Rejected: a library of all
countries' plans (what people here write is British, or begins with +).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from becontree.methods.screening.kinds import Found
from becontree.methods.screening.ordinary import is_ordinary

_EMAIL: Final = re.compile(r"(?<![\w.+-])[\w.+'-]{1,64}\s?@\s?[\w-]{1,63}(?:\s?\.\s?[\w-]{2,63})+", re.IGNORECASE)
_AT: Final = r"(?:@|[(\[{<]\s?(?:at|a|@)\s?[)\]}>]|\bat\b|-at-|_at_)"
_DOT: Final = r"(?:\.(?=\w)|\s\.\s|[(\[{<]\s?(?:dot|\.)\s?[)\]}>]|\bdot\b|-dot-)"
_SAID_EMAIL: Final = re.compile(
    rf"(?<![\w.+-])(?P<local>[\w+-]{{1,64}}(?:\s?{_DOT}\s?[\w+-]{{1,64}}){{0,4}})\s?(?P<at>{_AT})\s?"
    rf"(?P<host>[\w-]{{2,63}}(?:\s?(?P<dot>{_DOT})\s?[a-z][\w-]{{1,62}}){{1,4}})",
    re.IGNORECASE,
)
_MAILERS: Final = frozenset(
    "gmail googlemail yahoo ymail hotmail outlook live icloud me aol btinternet sky talktalk protonmail proton mail "
    "virginmedia msn gmx wp onet interia abv mailru yandex rocketmail".split()
)
_NOT_LOCAL: Final = frozenset(
    "look go site website page is are see us me it them you more online visit info up".split()
)
_MAIL_WORD: Final = re.compile(r"\b(?:e-?mail|mail|write|contact|reach|address|send)\w*\W", re.IGNORECASE)

_LINK: Final = re.compile(
    r"(?:https?://|www\.)[^\s<>\"]{1,300}"
    r"|\b(?:facebook|fb|instagram|twitter|x|tiktok|linkedin|snapchat|youtube|t|wa|nextdoor)\.(?:com|me)/[^\s<>\"]{1,200}",
    re.IGNORECASE,
)
_ACCOUNT: Final = re.compile(
    r"(?<![\w@.])@[a-z_][\w.]{2,29}"
    r"|\b(?:insta(?:gram)?|snap(?:chat)?|tiktok|twitter|telegram|ig|x)(?:\s(?:is|name|handle|account)){0,2}\s?[:=]\s?@?(?P<name>[\w.]{3,30})",
    re.IGNORECASE,
)

_NUMBER: Final = re.compile(r"(?<![\w.£$€,-])(?:\+|00)?\(?\d(?:[\s()./\u2010-\u2015-]{0,3}\d){6,16}(?!\w|[.,]\d)")
_RING: Final = re.compile(
    r"\b(?:tel|telephone|phone|mobile|mob|cell|call|ring|text|sms|whats?\s?app|number|no|contact|fax|landline|reach|rang)\b"
    r"[^.!?\n]{0,30}$",
    re.IGNORECASE,
)
_SAID: Final = {
    **{word: str(digit) for digit, word in enumerate("zero one two three four five six seven eight nine".split())},
    **dict.fromkeys(("oh", "o", "nought", "naught", "nil"), "0"),
}
_SAID_PART: Final = rf"(?:(?:(?:double|treble|triple)\s)?(?:{'|'.join(_SAID)})|\d{{1,6}}|hundred|thousand)"
_SAID_NUMBER: Final = re.compile(
    rf"(?<!\w)\+?{_SAID_PART}(?:[\s,.()-]{{1,3}}{_SAID_PART}){{3,16}}(?!\w)", re.IGNORECASE
)

_AREAS: Final = (
    "AB|AL|B|BA|BB|BD|BH|BL|BN|BR|BS|BT|CA|CB|CF|CH|CM|CO|CR|CT|CV|CW|DA|DD|DE|DG|DH|DL|DN|DT|DY|E|EC|EH|EN|EX|FK|FY|G|GL|"
    "GU|GY|HA|HD|HG|HP|HR|HS|HU|HX|IG|IM|IP|IV|JE|KA|KT|KW|KY|L|LA|LD|LE|LL|LN|LS|LU|M|ME|MK|ML|N|NE|NG|NN|NP|NR|NW|OL|OX|"
    "PA|PE|PH|PL|PO|PR|RG|RH|RM|S|SA|SE|SG|SK|SL|SM|SN|SO|SP|SR|SS|ST|SW|SY|TA|TD|TF|TN|TQ|TR|TS|TW|UB|W|WA|WC|WD|WF|WN|WR|"
    "WS|WV|YO|ZE"
)
_POSTCODE: Final = re.compile(rf"\b(?:{_AREAS})\d[A-Z\d]?[\s-]?\d[ABD-HJLNP-UW-Z]{{2}}\b", re.IGNORECASE)
_INSURANCE: Final = re.compile(r"\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z](?:[\s-]?\d{2}){3}[\s-]?[A-D]\b", re.IGNORECASE)
_HEALTH: Final = re.compile(r"(?<![\w.-])\d{3}[\s-]?\d{3}[\s-]?\d{4}(?![\w-])")
_HEALTH_WORD: Final = re.compile(r"\b(?:nhs|health|patient)\b[^.!?\n]{0,25}$", re.IGNORECASE)
_CARD: Final = re.compile(r"(?<![\w.-])\d(?:[\s-]?\d){14,18}(?![\w-])")
_SORT_CODE: Final = re.compile(
    r"(?<![\w-])\d\d-\d\d-\d\d(?![\w-])(?:[^\w\n]{1,4}(?:ac\w*\W{1,3})?(?:no\W{1,3})?\d{8})?", re.IGNORECASE
)
_BANK_WORD: Final = re.compile(r"\b(?:sort\s?code|account|bank|a/c|acc)\b[^.!?\n]{0,25}$", re.IGNORECASE)
_PLATE: Final = re.compile(
    r"\b(?:[A-HJ-PR-Y]{2}\d{2}\s?(?P<tail>[A-HJ-PR-Z]{3})|[A-HJ-NPR-Y]\d{1,3}\s?(?P<old>[A-HJ-PR-Z]{3}))\b",
    re.IGNORECASE,
)
_PLATE_WORD: Final = re.compile(
    r"\b(?:reg|registration|plate|car|van|lorry|vehicle|parked|driver|bmw|audi|ford)\b[^.!?\n]{0,40}$", re.IGNORECASE
)
_BIRTH: Final = re.compile(
    r"\b(?:born(?:\son)?|d\.?o\.?b\.?|date\sof\sbirth|birthday)\W{1,4}(?:is\s|on\s)?"
    r"(?P<day>\d{1,2}(?:st|nd|rd|th)?[\s./-](?:\d{1,2}|[a-z]{3,9})[\s./-](?:19|20)?\d\d)\b",
    re.IGNORECASE,
)


def emails(text: str) -> Iterator[Found]:
    for match in _EMAIL.finditer(text):
        yield Found("email", match.start(), match.end(), "an e-mail address")
    if "dot" not in text.lower() and " at" not in text.lower() and "(" not in text and "[" not in text:
        return
    for match in _SAID_EMAIL.finditer(text):
        local = match["local"].split()[-1].lower() if match["at"].lower() == "at" else match["local"].lower()
        hosts = re.split(r"\W+|\bdot\b", match["host"].lower())
        plain_at, plain_dot = match["at"].lower() == "at", match["dot"] == "."
        if plain_at and local in _NOT_LOCAL:
            continue
        if plain_at and plain_dot:
            before = text[max(0, match.start() - 40) : match.start()]
            odd = bool(re.search(r"[\d._+-]", match["local"])) or hosts[0] in _MAILERS or not is_ordinary(local)
            if not odd and not _MAIL_WORD.search(before):
                continue
        yield Found("email", match.start(), match.end(), "an e-mail address, written out")


def links(text: str) -> Iterator[Found]:
    for match in _LINK.finditer(text):
        end = match.start() + len(match.group().rstrip(".,;:!?)]}'"))
        yield Found("link", match.start(), end, "a link")


def accounts(text: str) -> Iterator[Found]:
    for match in _ACCOUNT.finditer(text):
        start = match.start("name") if match["name"] else match.start()
        if start > 0 or not match["name"]:
            yield Found("account", start, match.end(), "the name of an account")


def telephones(text: str) -> Iterator[Found]:
    for match in _NUMBER.finditer(text):
        shown = match.group()
        digits = re.sub(r"\D", "", shown)
        asked = _RING.search(text[max(0, match.start() - 45) : match.start()]) is not None
        if re.fullmatch(r"(?:(?:19|20)\d\d\D*){2,4}|\d{1,2}[./-]\d{1,2}[./-](?:\d\d){1,2}", shown):
            continue  # years, a date
        whole = re.fullmatch(r"\d{9,15}", shown) is not None
        american = re.fullmatch(r"\(?\d{3}\)?[\s.-]{1,2}\d{3}[\s.-]\d{4}", shown) is not None
        british = shown.lstrip("(").startswith(("0", "+")) or digits.startswith(("44", "07"))
        if len(digits) >= 9 and (asked or whole or american or british):
            yield Found("telephone", match.start(), match.end(), "a telephone number")
        elif asked and len(digits) in (7, 8) and re.fullmatch(r"\d{3,4}[\s-]?\d{4}", shown):
            yield Found("telephone", match.start(), match.end(), "a telephone number without its area")
    for match in _SAID_NUMBER.finditer(text):
        digits = said_digits(match.group())
        asked = _RING.search(text[max(0, match.start() - 45) : match.start()]) is not None
        if re.search("[a-z]", match.group(), re.IGNORECASE) and (
            9 <= len(digits) <= 15 or (asked and len(digits) >= 7)
        ):
            yield Found("telephone", match.start(), match.end(), "a telephone number, spelt")


def said_digits(said: str) -> str:
    """The digits of a spelt number.

    >>> said_digits("oh 77 double oh nine hundred one two three")
    '07700900123'
    """
    digits, times = "", 1
    for word in re.findall(r"[a-z]+|\d+", said.lower()):
        if word in ("double", "treble", "triple"):
            times = 2 if word == "double" else 3
            continue
        digits += {"hundred": "00", "thousand": "000"}.get(word) or _SAID.get(word, word) * times
        times = 1
    return digits


def numbers(text: str) -> Iterator[Found]:
    """Official numbers, bank details, plates, postcodes, dates of birth."""
    for match in _POSTCODE.finditer(text):
        yield Found("postcode", match.start(), match.end(), "a postcode")
    for match in _INSURANCE.finditer(text):
        yield Found("insurance number", match.start(), match.end(), "a National Insurance number")
    for match in _HEALTH.finditer(text):
        named = _HEALTH_WORD.search(text[max(0, match.start() - 40) : match.start()])
        if named and is_health_number(match.group()):
            yield Found("health number", match.start(), match.end(), "an NHS number")
    for match in _CARD.finditer(text):
        if is_card(match.group()):
            yield Found("bank", match.start(), match.end(), "the number of a bank card")
    for match in _SORT_CODE.finditer(text):
        if len(match.group()) > 8 or _BANK_WORD.search(text[max(0, match.start() - 40) : match.start()]):
            yield Found("bank", match.start(), match.end(), "bank details")
    for match in _PLATE.finditer(text):
        near = _PLATE_WORD.search(text[max(0, match.start() - 50) : match.start()]) is not None
        tail = match["tail"] or match["old"]
        if near or (match["tail"] and not (is_ordinary(tail.lower()) and not match.group().isupper())):
            if match["old"] and " " in match.group() and is_ordinary(tail.lower()):
                continue
            if is_ordinary(tail.lower()) and " " in match.group():
                continue
            yield Found("plate", match.start(), match.end(), "a number plate")
    for match in _BIRTH.finditer(text):
        yield Found("birth", match.start("day"), match.end("day"), "a date of birth")


def is_health_number(shown: str) -> bool:
    """Ten digits, the last of which checks the nine before modulo 11 (NHS data dictionary).

    >>> is_health_number("943 476 5919"), is_health_number("943 476 5918")
    (True, False)
    """
    digits = [int(one) for one in shown if one.isdigit()]
    check = 11 - sum(digit * (10 - place) for place, digit in enumerate(digits[:9])) % 11
    return check % 11 == digits[9] if check != 10 else False


def is_card(shown: str) -> bool:
    """Luhn's check, as on bank cards.

    >>> is_card("4111 1111 1111 1111"), is_card("4111 1111 1111 1112")
    (True, False)
    """
    digits = [int(one) for one in shown if one.isdigit()]
    doubled = [sum(divmod(2 * digit, 10)) if place % 2 else digit for place, digit in enumerate(reversed(digits))]
    return digits[0] in (3, 4, 5, 6) and sum(doubled) % 10 == 0
