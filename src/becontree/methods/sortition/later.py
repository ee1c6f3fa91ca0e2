"""Before and after the draw: letters to addresses, replacements for those who drop out, alternates in reserve.

**Letters.** Addresses are drawn by lot within strata (deprivation, say). Each stratum gets letters in proportion to its
addresses times its weight, by largest remainder; inside a stratum every address has the same chance, which is
recorded, so that "chance of a letter x chance of a seat" can be shown.

**Replacements.** The confirmed stay, the quotas shrink by what they fill, and the same fair lottery runs again over
those left. In batches of three or four: one replacement alone can rarely meet every quota (practice of the Sortition
Foundation). Each batch needs a commitment and a beacon round of its own: "someone dropped out" must not become a way to
draw again.

**Alternates.** A reserve drawn in advance by the same lottery, for seats that drop-out rates make likely to fall free;
the shortfall that remains is measured by simulation. Rates start at one in ten, twice that for the groups that
practice shows to leave more often, and should come from a council's own figures. (The choice of alternates that is best
in expectation is in "Alternates, Assemble!", arXiv 2506.15716; ours is the simpler lottery over expected gaps.)

Source: practice of the Sortition Foundation (letters weighted by deprivation, batches, drop-out rates). Why: the
lottery is only as fair as what comes before and after it. Cost: one sort for letters; one selection a batch. Rejected:
the next on a list (its order was made for another panel).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from becontree.methods.draw.stream import Stream, chosen
from becontree.methods.findings import Finding, Unusable
from becontree.methods.sortition.pool import Person, Pool, pool

DROP_OUT = Fraction(1, 10)
BATCH = 3


@dataclass(frozen=True, slots=True)
class Letters:
    """The addresses that get a letter (in the order drawn, by stratum) and the chance of a letter in each stratum."""

    addresses: tuple[str, ...]
    chance: dict[str, Fraction]


def letters(
    addresses: Mapping[str, str], count: int, stream: Stream, *, weights: Mapping[str, Fraction] | None = None
) -> Letters:
    """Draw `count` addresses. addresses: {id: stratum}; weights: {stratum: weight}, 1 where none is given."""
    if not 0 <= count <= len(addresses):
        raise Unusable(Finding("select.letters", f"{count} letters cannot go to {len(addresses)} addresses."))
    strata: dict[str, list[str]] = {}
    for name in sorted(addresses):
        strata.setdefault(addresses[name], []).append(name)
    weight = {name: Fraction((weights or {}).get(name, 1)) for name in sorted(strata)}
    if any(value < 0 for value in weight.values()):
        raise Unusable(Finding("select.letters.weight", "A weight is below nothing."))
    share: dict[str, int] = dict.fromkeys(weight, 0)
    left, open_to = count, [name for name in weight if weight[name] > 0]
    while left and open_to:
        total = sum(weight[name] * len(strata[name]) for name in open_to)
        ideal = {name: left * weight[name] * len(strata[name]) / total for name in open_to}
        full = [name for name in open_to if share[name] + ideal[name] >= len(strata[name])]
        if full:  # a stratum that is written to altogether gives what is over to the rest
            for name in full:
                left -= len(strata[name]) - share[name]
                share[name] = len(strata[name])
            open_to = [name for name in open_to if name not in full]
            continue
        order = sorted(open_to, key=lambda name: (-(ideal[name] % 1), name))
        spare = left - sum(int(ideal[name]) for name in open_to)
        for place, name in enumerate(order):
            share[name] += int(ideal[name]) + (place < spare)
        left = 0
    if left:
        raise Unusable(
            Finding("select.letters.weight", "Weights of nothing leave too few addresses.", fix="Raise one.")
        )
    drawn = [name for stratum in sorted(strata) for name in chosen(strata[stratum], share[stratum], stream)]
    return Letters(tuple(drawn), {name: Fraction(share[name], len(strata[name])) for name in sorted(strata)})


def replacement_pool(whole: Pool, confirmed: Iterable[str], dropped: Iterable[str]) -> Pool:
    """The pool for the seats that fell free: everybody else, with the quotas less what the confirmed fill.

    Raises Unusable when the confirmed alone break a quota (that is a decision for a person), or when no seat is free.
    """
    stay, gone = set(confirmed), set(dropped)
    known = {person.id for person in whole.people}
    strangers = sorted((stay | gone) - known)
    if strangers or stay & gone:
        name = strangers[0] if strangers else sorted(stay & gone)[0]
        what = "is not in the pool" if strangers else "is both confirmed and dropped out"
        raise Unusable(Finding("select.replace.who", f"{name} {what}."))
    if len(stay) >= whole.seats:
        raise Unusable(Finding("select.replace.full", "No seat is free."))
    filled: Counter[tuple[str, str]] = Counter()
    homes = set()
    for person in whole.people:
        if person.id in stay:
            filled.update(zip(whole.features, person.answers, strict=True))
            homes.add(person.address)
    quotas = []
    for quota in whole.quotas:
        there = filled[quota.feature, quota.value]
        if there > quota.most:
            raise Unusable(
                Finding(
                    "select.replace.over",
                    f"{there} confirmed people are {quota.name}; at most {quota.most} may be.",
                    fix="Widen that quota, as a decision with a name and a date.",
                )
            )
        quotas.append(
            replace(quota, least=max(0, quota.least - there), most=quota.most - there, floor=None, ceiling=None)
        )
    homes.discard("")
    left = [
        person
        for person in whole.people
        if person.id not in stay | gone and not (whole.by_address and person.address in homes)
    ]
    return pool(left, quotas, whole.seats - len(stay), whole.features, by_address=whole.by_address)


def batch_is_due(free_seats: int, *, last_call: bool = False, batch: int = BATCH) -> bool:
    """Whether to draw replacements now: three seats free, or the last day."""
    return free_seats >= batch or (last_call and free_seats > 0)


def rate_of(
    person: Person, features: Sequence[str], doubled: Iterable[tuple[str, str]], rate: Fraction = DROP_OUT
) -> Fraction:
    """How likely a person is to drop out: `rate`, twice that when any of their answers is in `doubled`."""
    often = set(doubled)
    return min(
        Fraction(1), rate * (2 if any(pair in often for pair in zip(features, person.answers, strict=True)) else 1)
    )


def alternates_pool(
    whole: Pool, panel: Iterable[str], count: int, *, doubled: Iterable[tuple[str, str]] = (), rate: Fraction = DROP_OUT
) -> Pool:
    """The pool for `count` alternates: quotas are the panel's expected losses by category, floor to ceiling."""
    seated, often = set(panel), tuple(doubled)
    lost: dict[tuple[str, str], Fraction] = {}
    for person in whole.people:
        if person.id in seated:
            for pair in zip(whole.features, person.answers, strict=True):
                lost[pair] = lost.get(pair, Fraction(0)) + rate_of(person, whole.features, often, rate)
    quotas = []
    for quota in whole.quotas:
        rows = [value for pair, value in lost.items() if pair[0] == quota.feature]
        ideal = lost.get((quota.feature, quota.value), Fraction(0)) * count / (sum(rows) or 1)
        least = ideal.numerator // ideal.denominator
        quotas.append(replace(quota, least=least, most=least + 1 + (ideal > least), floor=0, ceiling=count))
    left = [person for person in whole.people if person.id not in seated]
    return pool(left, quotas, count, whole.features, by_address=whole.by_address)


def expected_shortfall(
    whole: Pool,
    panel: Sequence[str],
    alternates: Sequence[str],
    stream: Stream,
    *,
    doubled: Iterable[tuple[str, str]] = (),
    rate: Fraction = DROP_OUT,
    trials: int = 1000,
) -> Fraction:
    """Mean number of least numbers' seats left unfilled, when alternates step in for whoever is most missed."""
    by_id, often = {person.id: person for person in whole.people}, tuple(doubled)
    rates = {name: rate_of(by_id[name], whole.features, often, rate) for name in (*panel, *alternates)}

    def stays(name: str) -> bool:
        chance = rates[name]
        return stream.uniform(chance.denominator) >= chance.numerator

    total = 0
    for _ in range(trials):
        here = [by_id[name] for name in panel if stays(name)]
        spare = [by_id[name] for name in alternates if stays(name)]
        counts = Counter(pair for person in here for pair in zip(whole.features, person.answers, strict=True))
        least = {(quota.feature, quota.value): quota.least for quota in whole.quotas}
        for _ in range(whole.seats - len(here)):
            if not spare:
                break
            worth = [
                sum(counts[pair] < least[pair] for pair in zip(whole.features, person.answers, strict=True))
                for person in spare
            ]
            person = spare.pop(worth.index(max(worth)))
            counts.update(zip(whole.features, person.answers, strict=True))
        total += sum(max(0, wanted - counts[pair]) for pair, wanted in least.items())
    return Fraction(total, trials)
