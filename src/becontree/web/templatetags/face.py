"""What every template may use: `{% load face %}`.

Filters: `pounds`, `pounds_short`, `day`, `moment`, `percent_of`. Tags: `thread`, `funding`, `pager`, `error_summary`,
`fields`, `main_menu`, `foot_menu`, `desk_menu`, `query`. Pictures are SVG drawn here, always with their table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django import forms, template
from django.forms import BoundField
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_bidi, gettext, ngettext

from becontree.foundations.kit.dates import clock as write_clock
from becontree.foundations.kit.dates import day as write_day
from becontree.foundations.kit.dates import moment as write_moment
from becontree.foundations.kit.pence import pounds as write_pounds
from becontree.foundations.ledger import words as ledger_words
from becontree.foundations.record import words as record_words
from becontree.web import menus
from becontree.web.catalogues import ENGLISH
from becontree.web.knots import written
from becontree.web.languages import bar

register = template.Library()


def _isolated(figure: str) -> str:
    """A figure that keeps its own order among words that run from right to left (Unicode's isolates)."""
    return f"\u2066{figure}\u2069" if get_language_bidi() else figure


def _kept_whole(said: str) -> str:
    """A date that stays in one piece: beside an English name its first figure would else join the name's order."""
    return f"\u2067{said}\u2069" if get_language_bidi() else said


@register.filter
def tally(number: int | None) -> str:
    """A whole number as people write it: "2,814"."""
    return "" if number is None else _isolated(f"{number:,}")


@register.filter
def or_hidden(number: int | None) -> str:
    """A count that may be hidden, as it is about 1 to 4 people or would give such a count away."""
    return gettext("hidden") if number is None else str(number)


@register.filter
def pounds(pence: int | None) -> str:
    """Whole pence as "£1,234.50"; nothing for nothing."""
    return "" if pence is None else _isolated(write_pounds(int(pence)))


@register.filter
def pounds_short(pence: int | None) -> str:
    """Whole pence as "£1,234" where there are no odd pence."""
    return "" if pence is None else _isolated(write_pounds(int(pence), short=True))


@register.filter
def day(value: date | datetime | None) -> str:
    """A date as people say it: "3 May 2026"."""
    return "" if value is None else _kept_whole(write_day(value))


@register.filter
def moment(value: datetime | None) -> str:
    """A moment as people say it: "3 May 2026, 2.05pm"."""
    return "" if value is None else _kept_whole(write_moment(value))


@register.filter
def clock(value: datetime | None) -> str:
    """The time of day: "2.05pm"."""
    return "" if value is None else _kept_whole(write_clock(value))


@register.filter
def percent_of(part: int | None, whole: int | None) -> str:
    """`part` of `whole` as a percentage, whole from ten up, one place below.

    "under 0.1%" is not nothing, and "over 99%" not all: neither is rounded away.

    >>> [percent_of(part, 10_000) for part in (0, 1, 940, 9_940, 9_960, 9_999, 10_000)]
    ['0%', 'under 0.1%', '9.4%', '99%', 'over 99%', 'over 99%', '100%']
    """
    if not whole:
        return "–"
    share = 100 * (part or 0) / whole
    if 0 < share < 0.1:
        return gettext("under %(share)s") % {"share": "0.1%"}
    if 99.5 <= share < 100:
        return gettext("over %(share)s") % {"share": "99%"}
    return f"{share:.0f}%" if share >= 10 or share == 0 else f"{share:.1f}%"


def shares_of(parts: Sequence[int]) -> tuple[list[str], bool]:
    """Each part's percentage of them all to one place, and whether the percentages shown add up to 100.

    Each is rounded by itself, halves up: equal parts have equal shares, and anybody can work one out again from its two
    sums. Where they then do not make 100, the page says so. Rejected: to move the remainders until they do, which
    showed three equal sums as 34, 33 and 33. What is there is never 0%, nor a part all.

    >>> shares_of([140_000, 59_999, 39_000, 25_000, 5_599])
    (['51.9%', '22.3%', '14.5%', '9.3%', '2.1%'], False)
    >>> shares_of([1, 1, 1]), shares_of([99_999, 1]), shares_of([5, 0])
    ((['33.3%', '33.3%', '33.3%'], False), (['over 99.9%', 'under 0.1%'], True), (['100%', '0%'], True))
    """
    whole = sum(parts)
    if not whole:
        return ["–"] * len(parts), True
    found, tenths, told = [], 0, False
    for part in parts:
        share = (2 * 1000 * part + whole) // (2 * whole)
        tenths += share
        if 0 < 1000 * part < whole:
            found.append(gettext("under %(share)s") % {"share": "0.1%"})
            told = True
        elif share == 1000 and part < whole:
            found.append(gettext("over %(share)s") % {"share": "99.9%"})
            told = True
        else:
            found.append({0: "0%", 1000: "100%"}.get(share, f"{share // 10}.{share % 10}%"))
    return found, told or tenths == 1000


@register.filter
def of_unit(quantity: int, unit: str) -> str:
    """So many hours, things or pounds, as people say it: "1 hour", "3 items"."""
    if unit == "hour":
        return ngettext("%(n)s hour", "%(n)s hours", quantity) % {"n": quantity}
    if unit == "item":
        return ngettext("%(n)s item", "%(n)s items", quantity) % {"n": quantity}
    return f"{quantity} {unit}" + ("" if quantity == 1 else "s")


@register.filter
def step_name(step: str) -> str:
    """A step of the thread in the reader's language."""
    return str(record_words.STEP_NAMES.get(step, step))


@register.filter
def entry_kind(kind: str) -> str:
    """A kind of entry in the accounts, in the reader's language."""
    return ledger_words.kind(kind)


@register.filter
def record_kind(code: str) -> str:
    """A kind of entry on the record, in the reader's language."""
    return record_words.kind(code)


@register.filter
def account_kind(code: str) -> str:
    """A kind of account, in the reader's language."""
    return str(ledger_words.ACCOUNT_KINDS.get(code, code))


@register.filter
def unit_name(unit: str) -> str:
    """What an account is counted in, in the reader's language."""
    return str(ledger_words.UNITS.get(unit, unit))


@register.filter
def account_name(code: str) -> str:
    """The name of an account in the books."""
    return ledger_words.account_name(code)


@register.filter
def easy_read(text: str) -> SafeString:
    """An easy-read text: large, a line of its own for each line written, a lone line ending in a colon as a heading."""
    parts = [
        format_html("<h2>{}</h2>" if line.endswith(":") else "<p>{}</p>", line.removesuffix(":"))
        for line in (each.strip() for each in str(text or "").splitlines())
        if line
    ]
    return (
        format_html('<div class="easy flow" dir="auto">{}</div>', SafeString("".join(parts)))
        if parts
        else SafeString("")
    )


@register.filter
def sentences(text: str) -> SafeString:
    """A saying of several sentences, each on a line of its own; a screen reader reads on."""
    parts = re.split(r"(?<=[.!?۔])\s+", str(text))
    return format_html_join(" ", '<span class="sentence">{}</span>', ((part,) for part in parts))


@register.filter
def about(error: str, field: BoundField) -> str:
    """An error with the name of its question before it, unless the error says the name itself."""
    label = str(field.label)
    return error if _kept_name(label) in error else f"{label} – {error}"


def _kept_name(label: str) -> str:
    return label.rstrip("?:… ").strip()


@register.inclusion_tag("face/error_summary.html")
def error_summary(form: forms.BaseForm) -> dict[str, Any]:
    """What to put right, first on the page, each linked to its field."""
    return {"form": form}


@register.inclusion_tag("face/form.html")
def fields(form: forms.BaseForm) -> dict[str, Any]:
    """All fields of a form, each with label, hint and error tied together."""
    return {"form": form}


@register.inclusion_tag("face/narrowing.html", takes_context=True)
def narrowing(context: template.Context, form: Any, page: Any, csv: str) -> dict[str, Any]:
    """The filters of a list (`kit.narrowing`), how many fit, and all of them to take away at the address `csv`.

    The address carries on only what the form asks for: nothing else that somebody wrote into it comes back on the page.
    """
    asked = {name: value for name in form.asked if (value := context["request"].GET.get(name))}
    return {"form": form, "found": page.paginator.count, "csv": reverse(csv), "query": urlencode(asked)}


@register.simple_tag
def thread(knots: Any) -> SafeString:
    """The thread through a public thing: a `record.queries.Thread` or a list of knots, oldest first.

    Of a long one the first and the last few are open, with what is here; the rest is folded away (and printed). Of a
    long run about one thing's money the largest sum is open.
    """
    return written(list(getattr(knots, "steps", knots) or []), record_words.STEP_NAMES, day)


@register.inclusion_tag("face/pager.html", takes_context=True)
def pager(context: template.Context, page: Any, *, sends: bool = False) -> dict[str, Any]:
    """Links to the other pages of a list, keeping the filters in the address.

    sends: buttons instead, inside the list's own form: what is ticked and typed goes along as `page`.
    """
    query = context["request"].GET.copy()
    query.pop("page", None)
    numbers = [
        n if isinstance(n, int) else 0 for n in page.paginator.get_elided_page_range(page.number, on_each_side=1)
    ]
    return {"page": page, "numbers": numbers, "query": query.urlencode() + "&" if query else "", "sends": sends}


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """The present address's query with some parts changed; None drops a part."""
    now = context["request"].GET.copy()
    now.pop("page", None)
    for name, value in changes.items():
        now.pop(name, None)
        if value is not None:
            now[name] = str(value)
    return f"?{now.urlencode()}"


@register.inclusion_tag("face/funding.html")
def funding(
    sources: Iterable[Mapping[str, Any]],
    target: int | None = None,
    title: str = "",
    uid: str = "funding",
) -> dict[str, Any]:
    """One stacked bar by source, and its table.

    `sources`: mappings with `label`, `pence`, `kind` (crowd, own, council, company, trust, public, other), and where
    they apply `promised` (bool) and `url`. `target` in pence; what is missing is drawn empty.
    """
    rows: Sequence[Mapping[str, Any]] = [source for source in sources if source["pence"] > 0]
    raised = sum(source["pence"] for source in rows)
    whole = max(raised, target or 0)
    missing = whole - raised
    (*shares, missing_share), exact = shares_of([*(source["pence"] for source in rows), missing])
    at = 0.0
    parts = []
    for source, share in zip(rows, shares, strict=True):
        width = 1000 * source["pence"] / whole if whole else 0
        parts.append(dict(source) | {"x": f"{at:.2f}", "width": f"{width:.2f}", "share": share})
        at += width
    said = "; ".join(f"{part['label']} {write_pounds(part['pence'])} ({part['share']})" for part in parts) or gettext(
        "nothing yet"
    )
    described = gettext("Of %(whole)s: %(said)s.") % {"whole": write_pounds(whole), "said": said}
    if missing:
        described += " " + gettext("%(missing)s still needed.") % {"missing": write_pounds(missing)}
    return {
        "parts": parts,
        "missing": missing,
        "missing_share": missing_share,
        "exact": exact,
        "whole": whole,
        "title": title or gettext("Where the money comes from"),
        "description": described,
        "id": uid,
    }


@cache
def _address(name: str) -> str:
    """Where a menu's link leads; empty for a room that this installation does not have."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _is_here(path: str, address: str) -> bool:
    return path == address or (address not in {"/", _address("desk")} and path.startswith(address))


def _links(items: Iterable[tuple[str, Any]], here: str = "") -> SafeString:
    """A menu's links; `here` is the address of the one that the page belongs to."""
    return format_html_join(
        "",
        '<li><a href="{}"{}>{}</a></li>',
        (
            (address, SafeString(' aria-current="page"') if address == here else "", label)
            for name, label in items
            if (address := _address(name))
        ),
    )


@cache
def _menu(part: str, here: str, language: str) -> SafeString:
    """A menu that is the same for everybody, written once a language."""
    return _links(menus.MAIN if part == "main" else menus.FOOT[part], here)


@register.simple_tag(takes_context=True)
def reader_bar(context: template.Context) -> SafeString:
    """The languages and the size of words, first on every page."""
    return bar(get_language() or ENGLISH, bool(context.get("large_text")))


@register.simple_tag(takes_context=True)
def main_menu(context: template.Context) -> SafeString:
    path = getattr(context.get("request"), "path", "")
    here = next((found for name, _ in menus.MAIN if (found := _address(name)) and _is_here(path, found)), "")
    return _menu("main", here, get_language() or ENGLISH)


@register.simple_tag(takes_context=True)
def foot_menu(context: template.Context, part: str) -> SafeString:
    return _menu(part, "", get_language() or ENGLISH)


@register.simple_tag(takes_context=True)
def desk_menu(context: template.Context) -> SafeString:
    """The officer's own links: only what their roles open."""
    request = context.get("request")
    user = getattr(request, "user", None)
    items = [(name, label) for who, name, label in menus.DESK if user is not None and menus.may(user, who)]
    path = getattr(request, "path", "")
    return _links(
        items, max((found for name, _ in items if _is_here(path, found := _address(name))), key=len, default="")
    )


@register.simple_tag
def slim_bar(part: int, whole: int, label: str = "") -> SafeString:
    """A thin progress bar with its words for a screen reader."""
    width = min(1000, round(1000 * part / whole)) if whole else 0
    return format_html(
        '<svg class="bar bar--slim" viewBox="0 0 1000 10" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<rect class="ground" width="1000" height="10"/><rect class="src-crowd" width="{}" height="10"/></svg>',
        label or gettext("%(share)s of %(whole)s") % {"share": percent_of(part, whole), "whole": write_pounds(whole)},
        width,
    )
