"""Capped ratio: the match that councils and the Mayor of London offer beside a crowdfunding page.

Computes: for a project p with gifts c_ip of givers i, ratio r, giver's cap d, project's cash cap and share of target,

    match = min( floor(r * sum_i min(c_ip, d)),  cap_p,  floor(share * target_p) )

once the gates are open (enough backers, enough from the crowd first), within what is left in the pot.
Source: published rules of the Mayor of London's Crowdfund London with Spacehive (pledges within a cash cap and 75% of
the project's budget) and of Goteo's matchers (caps a pledge, a giver, a project).
Why: ratio, share and cash cap are *separate* facts of a fund. The pamphlet's play facility had 39,000 of council match
for 5,599 of crowd money: a ratio of 39,000:5,599, about 7 to 1, while its share of the target was below 15 per cent.
Cost: O(1) a pledge. The total is rounded, not each pledge, so that many small gifts lose no pennies.
Rejected: rounding pledge by pledge (1p gifts at one to two would bring nothing); a single percentage that means both
ratio and share.

What a closed gate holds back is not lost: gifts keep counting, and the pledge that opens it brings in all of it.

>>> play = Terms(ratio=Fraction(39_000, 5_599), share=Fraction(15, 100))
>>> quote(play, State(pot=39_000_00, target=269_598_00), 5_599_00).pence
3900000
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final, Literal

from becontree.methods.findings import Finding, Unusable
from becontree.methods.matching.apportion import apportion
from becontree.methods.matching.records import Match, Pledge, Project, Shared, checked

METHOD: Final = "capped-ratio"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The rules of one match fund. Money in whole pence; None means "no such limit".

    ratio: pence of match for each penny of gift that counts, for example Fraction(39000, 5599) or Fraction(1, 2).
    share: the largest part of a project's target that the match may pay, 0 to 1.
    per_project: the most the fund pays to one project.
    per_pledge, per_giver, per_giver_in_fund: how much of one pledge, of one giver's gifts to one project, and of one
        giver's gifts to all projects of the fund, counts for matching (pence of *gift*, not of match).
    pledges_per_giver: how many pledges of one giver count, over the whole fund.
    min_backers: distinct givers a project needs before any match.
    crowd_first, crowd_first_share: pence, or part of the target, that the crowd must have pledged before any match.
    """

    ratio: Fraction
    share: Fraction | None = None
    per_project: int | None = None
    per_pledge: int | None = None
    per_giver: int | None = None
    per_giver_in_fund: int | None = None
    pledges_per_giver: int | None = None
    min_backers: int = 0
    crowd_first: int = 0
    crowd_first_share: Fraction | None = None

    def __post_init__(self) -> None:
        found = []
        for name in ("ratio", "share", "crowd_first_share"):
            if isinstance(getattr(self, name), float):
                what = f"{name} is {getattr(self, name)}, which has no exact form."
                found.append(Finding("match.exact", what, field=name, fix="Give a Fraction: Fraction(39000, 5599)."))
        if self.ratio <= 0:
            found.append(
                Finding(
                    "match.ratio",
                    "The ratio is not above zero.",
                    field="ratio",
                    fix="Write it as 39000:5599 or 1:2.",
                )
            )
        for name in ("share", "crowd_first_share"):
            part = getattr(self, name)
            if part is not None and not 0 <= part <= 1:
                found.append(
                    Finding(
                        "match.share",
                        f"{part} is not between 0 and 1.",
                        field=name,
                        fix="75 per cent is 75/100.",
                    )
                )
        for name in (
            "per_project", "per_pledge", "per_giver", "per_giver_in_fund", "pledges_per_giver", "min_backers",
            "crowd_first",
        ):  # fmt: skip
            limit = getattr(self, name)
            if limit is not None and limit < 0:
                found.append(Finding("match.limit", f"{limit} is below zero.", field=name, fix="Give a whole number."))
        if found:
            raise Unusable(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Where one fund, one project and one giver stand before a pledge. Money in whole pence.

    pot: left in the fund's pot (not promised, not paid). target: what the project needs in all, None if not stated.
    crowd: pledged by the crowd to the project so far, of which `counted` counts for matching.
    matched: match of this fund already promised to the project. backers: its distinct givers so far.
    giver_here, giver_in_fund: gift pence of this giver that counted for this project, and in the whole fund.
    giver_pledges: pledges of this giver that counted in the fund. giver_known: already among the backers.
    """

    pot: int
    target: int | None = None
    cap: int | None = None
    crowd: int = 0
    counted: int = 0
    matched: int = 0
    backers: int = 0
    giver_here: int = 0
    giver_in_fund: int = 0
    giver_pledges: int = 0
    giver_known: bool = False


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit that bit. It brought `wanted` pence down to `allowed`; `of` says pence of what.

    Codes: per_pledge, per_giver, per_giver_in_fund, pledges_per_giver (gift that counts); per_project, share_of_target
    (the project's whole match); min_backers, crowd_first (held back until the gate opens); pot (this match).
    """

    code: str
    wanted: int
    allowed: int
    of: Literal["gift", "match"]
    message: str


@dataclass(frozen=True, slots=True)
class Quote:
    """What one pledge brings in: `pence` of match now; `counted` of the gift counted; `limits` that bit, in order.

    `caught_up` is the part of `pence` that belongs to earlier gifts (a gate that opened, a pot filled again).
    """

    pence: int
    counted: int
    limits: tuple[Limit, ...] = ()
    caught_up: int = 0


def quote(terms: Terms, state: State, pence: int) -> Quote:
    """The match that a pledge of `pence` brings in now, and why not more.

    Never above the pot, the caps or the ratio; adding up the quotes of a project's pledges gives its whole match.
    """
    if pence <= 0:
        raise Unusable(
            Finding(
                "match.pledge.amount",
                f"A pledge of {pence} pence.",
                field="pence",
                fix="A pledge is more than zero.",
            )
        )
    limits: list[Limit] = []
    counted = _counted(terms, state, pence, limits)
    new = replace(
        state,
        crowd=state.crowd + pence,
        counted=state.counted + counted,
        backers=state.backers + (not state.giver_known),
    )
    entitled = _entitled(terms, new, limits)
    due = max(0, entitled - state.matched)
    paid = min(due, max(0, state.pot))
    if paid < due:
        limits.append(_limit("pot", due, paid, "match", "The pot had {allowed} left for a match of {wanted}."))
    own = _part(terms.ratio, new.counted) - _part(terms.ratio, state.counted)
    return Quote(paid, counted, tuple(limits), caught_up=max(0, paid - own))


def after(state: State, quoted: Quote, pence: int) -> State:
    """The state once the pledge of `pence` and its match stand, for the same giver's next pledge to the project."""
    return replace(
        state,
        pot=state.pot - quoted.pence,
        crowd=state.crowd + pence,
        counted=state.counted + quoted.counted,
        matched=state.matched + quoted.pence,
        backers=state.backers + (not state.giver_known),
        giver_here=state.giver_here + quoted.counted,
        giver_in_fund=state.giver_in_fund + quoted.counted,
        giver_pledges=state.giver_pledges + (quoted.counted > 0),
        giver_known=True,
    )


def entitlement(terms: Terms, state: State) -> tuple[int, tuple[Limit, ...]]:
    """The whole match of a project as it stands, before the size of the pot, with the limits that bit."""
    limits: list[Limit] = []
    return _entitled(terms, state, limits), tuple(limits)


def share_pot(
    terms: Terms,
    projects: Sequence[Project],
    pledges: Iterable[Pledge],
    *,
    pot: int,
    when_short: Literal["first", "share"] = "first",
    lot: Sequence[str] | None = None,
) -> Shared:
    """The match of every project for a whole list of pledges, in the order in which they were made.

    when_short: "first" pays in the order of the pledges until the pot is empty; "share" works out what every project
    would be due and scales all of it down alike, by largest remainder (`lot` orders equal remainders).
    """
    listed = checked(pledges, projects, pot)
    bottomless = sum(pledge.pence for pledge in listed) * (_floor(terms.ratio) + 1)
    left = pot if when_short == "first" else bottomless
    states = {project.id: State(pot=0, target=project.target, cap=project.cap) for project in projects}
    wanted = dict.fromkeys(states, 0)
    here: dict[tuple[str, str], int] = {}
    in_fund: dict[str, tuple[int, int]] = {}
    backers: dict[str, set[str]] = {project.id: set() for project in projects}
    steps: list[dict[str, object]] = []
    bitten: dict[str, set[str]] = {project.id: set() for project in projects}
    for number, pledge in enumerate(listed, 1):
        spent, times = in_fund.get(pledge.giver, (0, 0))
        state = replace(
            states[pledge.project],
            pot=left,
            giver_here=here.get((pledge.project, pledge.giver), 0),
            giver_in_fund=spent,
            giver_pledges=times,
            giver_known=pledge.giver in backers[pledge.project],
        )
        quoted = quote(terms, state, pledge.pence)
        states[pledge.project] = after(state, quoted, pledge.pence)
        left -= quoted.pence
        here[pledge.project, pledge.giver] = state.giver_here + quoted.counted
        in_fund[pledge.giver] = (spent + quoted.counted, times + (quoted.counted > 0))
        backers[pledge.project].add(pledge.giver)
        bitten[pledge.project].update(limit.code for limit in quoted.limits)
        steps.append(
            {
                "pledge": number, "giver": pledge.giver, "project": pledge.project, "pence": pledge.pence,
                "counted": quoted.counted, "match": quoted.pence, "limits": [limit.code for limit in quoted.limits],
            }
        )  # fmt: skip
    order = sorted(states)
    paid = {name: states[name].matched for name in order}
    ties: list[dict[str, object]] = []
    cut = when_short == "share" and sum(paid.values()) > pot
    if cut:
        shares = apportion(paid, pot, lot=lot)
        if shares.tied:
            ties.append({"between": list(shares.tied), "broken_by": "lot" if lot is not None else "id"})
        paid = shares.pence
    matches = []
    for name in order:
        wanted[name] = _part(terms.ratio, states[name].counted)
        short = "pot" if paid[name] < states[name].matched else ""
        codes = bitten[name] - {"min_backers", "crowd_first"}  # a gate that later opened held nothing back
        codes |= {limit.code for limit in entitlement(terms, states[name])[1]} | ({short} if short else set())
        matches.append(
            Match(name, states[name].crowd, len(backers[name]), wanted[name], paid[name], tuple(sorted(codes)))
        )
    total = sum(paid.values())
    return Shared(f"{METHOD}/{when_short}@1", pot, total, pot - total, tuple(matches), tuple(steps), tuple(ties))


def _counted(terms: Terms, state: State, pence: int, limits: list[Limit]) -> int:
    """How much of the gift counts for matching, after the giver's own limits."""
    counted = pence
    allowances = (
        ("per_pledge", terms.per_pledge, 0, "Of one pledge, at most {allowed} counts."),
        ("per_giver", terms.per_giver, state.giver_here, "Of one giver's gifts to a project, {allowed} more counts."),
        (
            "per_giver_in_fund", terms.per_giver_in_fund, state.giver_in_fund,
            "Of one giver's gifts to all projects of the fund, {allowed} more counts.",
        ),
    )  # fmt: skip
    if terms.pledges_per_giver is not None and state.giver_pledges >= terms.pledges_per_giver:
        limits.append(
            _limit(
                "pledges_per_giver",
                counted,
                0,
                "gift",
                "This giver's earlier pledges have used up the match.",
            )
        )
        return 0
    for code, cap, used, message in allowances:
        if cap is not None and counted > max(0, cap - used):
            limits.append(_limit(code, counted, max(0, cap - used), "gift", message))
            counted = max(0, cap - used)
    return counted


def _entitled(terms: Terms, state: State, limits: list[Limit]) -> int:
    """The project's whole match at this point; a closed gate leaves it at what was promised before."""
    entitled = _part(terms.ratio, state.counted)
    caps = [cap for cap in (terms.per_project, state.cap) if cap is not None]
    if caps and entitled > min(caps):
        limits.append(
            _limit("per_project", entitled, min(caps), "match", "The fund pays one project at most {allowed}.")
        )
        entitled = min(caps)
    if terms.share is not None:
        most = _part(terms.share, _target(state, "share"))
        if entitled > most:
            message = f"The fund pays at most {terms.share} of the target, which is {{allowed}}."
            limits.append(_limit("share_of_target", entitled, most, "match", message))
            entitled = most
    if state.backers < terms.min_backers and entitled > state.matched:
        message = f"The match starts at {terms.min_backers} backers; so far there are {state.backers}."
        limits.append(_limit("min_backers", entitled, state.matched, "match", message))
        entitled = state.matched
    needed = terms.crowd_first
    if terms.crowd_first_share is not None:
        part = terms.crowd_first_share * _target(state, "crowd_first_share")
        needed = max(needed, -_floor(-part))
    if state.crowd < needed and entitled > state.matched:
        message = f"The match starts once the crowd has pledged {_pounds(needed)}; so far it is {_pounds(state.crowd)}."
        limits.append(_limit("crowd_first", entitled, state.matched, "match", message))
        entitled = state.matched
    return entitled


def _target(state: State, field: str) -> int:
    if state.target is None:
        raise Unusable(
            Finding(
                "match.target.missing", "The fund speaks of a part of the target, but this project states none.",
                field=field, fix="Give the project a target in pence.",
            )
        )  # fmt: skip
    return state.target


def _part(rate: Fraction, pence: int) -> int:
    """rate * pence rounded down, without building a fraction each time."""
    return rate.numerator * pence // rate.denominator


def _floor(value: Fraction) -> int:
    return value.numerator // value.denominator


def _pounds(pence: int) -> str:
    return f"£{pence // 100:,}.{pence % 100:02d}"


def _limit(code: str, wanted: int, allowed: int, of: Literal["gift", "match"], message: str) -> Limit:
    return Limit(code, wanted, allowed, of, message.format(wanted=_pounds(wanted), allowed=_pounds(allowed)))
