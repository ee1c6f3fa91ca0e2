"""Quadratic match funding: many small gifts bring in more than one large gift of the same sum.

Computes, for gifts c_ip of givers i to project p (one giver's gifts summed first, in pounds), the subsidy S_p:

- `quadratic`: S_p = (sum_i sqrt(c_ip))**2 - sum_i c_ip.
  Source: Buterin, Hitzig, Weyl, "A Flexible Design for Funding Public Goods", Management Science 65 (2019);
  "capital-constrained" (CLR) when the pot is too small.
- `pairwise`: S_p = sum over ordered pairs i != j of k_ij * sqrt(c_ip * c_jp): two people who give together to many
  projects count less. Source of the form "published": Buterin, "Pairwise coordination subsidies" (2019), k_ij =
  K / (K + sum_q sqrt(c_iq * c_jq)), K in pounds; as K grows this becomes `quadratic`. (Gitcoin's calculator of 2023
  takes each unordered pair once: half of it, and the same shares of a pot that is spent.) The form "gitcoin-2020" is
  that of Gitcoin's code of 2020: k_ij = (K + 1) / sum_q sqrt(c_iq * c_jq), each unordered pair once, so that every pair
  brings K + 1 in all, whatever it gave. They are different rules; name the one you use.
- `cluster`: groups of givers count as one. T_pg = sum_i c_ip * w_ig, S_p = (sum_g sqrt(T_pg))**2 - sum_g T_pg.
- `cocm`: connection-oriented cluster match, S_p = sum over ordered pairs of groups g != h of sqrt(X_gh * X_hg), with
  X_gh = sum over i in g of K_ih / T_i, T_i the number of i's groups, K_ih = sqrt(c_ip) if i is tied to h (is in it, or
  shares a group with one of its members) and c_ip if not. Source: Miller, Weyl, Erichsen, "Beyond Collusion Resistance"
  (2022, SSRN 4311507). With groups that do not overlap it equals `cluster`. Ties may be graded, as in Gitcoin's
  calculator (the function COCM of gitcoinco/qf-calculator, 2023): k_ih is 1 if i is in h, else the chance that a walk
  from i to one of i's groups, to one of its members, to one of that member's groups, each alike, ends in h. "markov":
  K_ih = k_ih * sqrt(c_ip) + (1 - k_ih) * c_ip. "markov-harsh", its default: K_ih = (1 - k_ih) * c_ip.

The pot is then shared in proportion to S_p (`share_out`), to the penny, under caps.
Units: `pairwise` and `cocm` depend on the unit of money; it is the pound. `quadratic` and `cluster` do not.
Why offered: it pays for breadth of support, not depth of pockets. What to warn of: it rewards made-up people, so it
needs verified givers. Cost: linear in gifts; `pairwise` and `cocm` quadratic in a project's givers or groups.
Rejected: floats (see `roots`); the calculator's third kind of ties, the share of i's friends who are in h: no round
that was paid by it was found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from typing import Literal

from becontree.methods.findings import Finding, Unusable
from becontree.methods.matching.records import Match, Pledge, Project, Shared, by_project, checked
from becontree.methods.matching.refill import Above, share_out
from becontree.methods.matching.roots import SCALE, settled

Scale = Literal["down", "fill"]
Groups = Mapping[str, Sequence[str]] | Literal["profile", "project"]
Ties = Literal["shared", "markov", "markov-harsh"]
Tie = Callable[[tuple[str, ...], str], Fraction]  # of a giver's groups to another group: how far they are tied, 0 to 1


def quadratic(
    projects: Sequence[Project],
    pledges: Iterable[Pledge],
    *,
    pot: int,
    scale: Scale = "down",
    lot: Sequence[str] | None = None,
) -> Shared:
    """Share `pot` pence by quadratic funding.

    scale: "down" pays each project at most its subsidy (the rest of the pot is left); "fill" spends the whole pot.
    """
    gifts = _gifts(projects, pledges, pot)

    def subsidies() -> dict[str, Decimal]:
        return {name: _square_less_sum(list(given.values())) * 100 for name, given in _in_pounds(gifts).items()}

    return _shared("quadratic", gifts, projects, settled(subsidies), pot=pot, scale=scale, lot=lot)


def pairwise(
    projects: Sequence[Project],
    pledges: Iterable[Pledge],
    *,
    pot: int,
    k_pence: int,
    form: Literal["published", "gitcoin-2020"] = "published",
    scale: Scale = "down",
    lot: Sequence[str] | None = None,
) -> Shared:
    """Share `pot` pence by pairwise-bounded quadratic funding; `k_pence` is K (100 means one pound)."""
    if k_pence <= 0:
        raise Unusable(Finding("match.k", "K is not above zero.", field="k", fix="Give whole pence, for example 100."))
    gifts = _gifts(projects, pledges, pot)

    def subsidies() -> dict[str, Decimal]:
        k = Decimal(k_pence) / 100
        roots = {name: {i: c.sqrt() for i, c in given.items()} for name, given in _in_pounds(gifts).items()}
        together: dict[tuple[str, str], Decimal] = {}
        for given in roots.values():
            for i, j in combinations(given, 2):
                together[i, j] = together.get((i, j), Decimal(0)) + given[i] * given[j]
        if form == "published":
            weight = {pair: 2 * k / (k + total) for pair, total in together.items()}
        else:
            weight = {pair: (k + 1) / total for pair, total in together.items()}
        return {
            name: sum((weight[i, j] * given[i] * given[j] for i, j in combinations(given, 2)), Decimal(0)) * 100
            for name, given in roots.items()
        }

    return _shared(f"pairwise/{form}/K={k_pence}", gifts, projects, settled(subsidies), pot=pot, scale=scale, lot=lot)


def cluster(
    projects: Sequence[Project],
    pledges: Iterable[Pledge],
    *,
    pot: int,
    groups: Groups = "profile",
    scale: Scale = "down",
    lot: Sequence[str] | None = None,
) -> Shared:
    """Share `pot` pence by cluster match. groups: {group: givers}, or "profile" (same set of projects, one group)."""
    gifts = _gifts(projects, pledges, pot)
    of = _memberships(grouped(gifts, groups))

    def subsidies() -> dict[str, Decimal]:
        found = {}
        for name, given in _in_pounds(gifts).items():
            totals: dict[str, Decimal] = {}
            for giver, pounds in given.items():
                for group in of[giver]:
                    totals[group] = totals.get(group, Decimal(0)) + pounds / len(of[giver])
            found[name] = _square_less_sum(list(totals.values())) * 100
        return found

    return _shared(f"cluster/{_named(groups)}", gifts, projects, settled(subsidies), pot=pot, scale=scale, lot=lot)


def cocm(
    projects: Sequence[Project],
    pledges: Iterable[Pledge],
    *,
    pot: int,
    groups: Groups = "project",
    ties: Ties = "shared",
    scale: Scale = "down",
    lot: Sequence[str] | None = None,
) -> Shared:
    """Share `pot` pence by connection-oriented cluster match. groups: as in `cluster`, or "project" (its givers)."""
    if ties not in ("shared", "markov", "markov-harsh"):
        raise ValueError(f"There are no ties called {ties!r}; there are shared, markov and markov-harsh.")
    gifts = _gifts(projects, pledges, pot)
    members = grouped(gifts, groups)
    of = _memberships(members)
    tied = _shared_ties(members, of) if ties == "shared" else _walks(members, of)

    def subsidies() -> dict[str, Decimal]:
        found = {}
        for name, given in _in_pounds(gifts).items():
            present: dict[str, list[str]] = {}
            for giver in given:
                for group in of[giver]:
                    present.setdefault(group, []).append(giver)
            roots = {giver: pounds.sqrt() for giver, pounds in given.items()}

            def side(g: str, h: str, given=given, roots=roots, present=present) -> Decimal:  # type: ignore[no-untyped-def]
                total = Decimal(0)
                for i in present[g]:
                    k = tied(tuple(of[i]), h)
                    worth = given[i] * (k.denominator - k.numerator)
                    if ties != "markov-harsh":
                        worth += roots[i] * k.numerator
                    total += worth / (k.denominator * len(of[i]))
                return total

            pairs = ((side(g, h) * side(h, g)).sqrt() for g, h in combinations(present, 2))
            found[name] = 2 * sum(pairs, Decimal(0)) * 100
        return found

    name = f"cocm/{_named(groups)}" + ("" if ties == "shared" else f"/{ties}")
    return _shared(name, gifts, projects, settled(subsidies), pot=pot, scale=scale, lot=lot)


def _shared_ties(members: Mapping[str, Sequence[str]], of: Mapping[str, Sequence[str]]) -> Tie:
    """1 if one of the giver's groups is a group of somebody in h, else 0."""
    reach = {group: {other for giver in in_it for other in of[giver]} for group, in_it in members.items()}
    return lambda groups, h: Fraction(not reach[h].isdisjoint(groups))


def _walks(members: Mapping[str, Sequence[str]], of: Mapping[str, Sequence[str]]) -> Tie:
    """k of the docstring above. It depends on a giver's groups only, so it is worked out once for each set of them."""
    steps: dict[str, dict[str, Fraction]] = {}
    for group, in_it in members.items():
        step = steps[group] = {}
        for giver in in_it:
            for other in of[giver]:
                step[other] = step.get(other, Fraction(0)) + Fraction(1, len(in_it) * len(of[giver]))
    known: dict[tuple[tuple[str, ...], str], Fraction] = {}

    def tied(groups: tuple[str, ...], h: str) -> Fraction:
        if h in groups:
            return Fraction(1)
        if (groups, h) not in known:
            known[groups, h] = sum((steps[g].get(h, Fraction(0)) for g in groups), Fraction(0)) / len(groups)
        return known[groups, h]

    return tied


def grouped(gifts: Mapping[str, Mapping[str, int]], groups: Groups) -> dict[str, tuple[str, ...]]:
    """{group: its givers}, in order of names. A giver in no group of a given list becomes a group alone."""
    givers = sorted({giver for given in gifts.values() for giver in given})
    if groups == "project":
        return {project: tuple(given) for project, given in gifts.items() if given}
    if groups == "profile":
        profile = {giver: "+".join(p for p, given in gifts.items() if giver in given) for giver in givers}
        return {name: tuple(g for g in givers if profile[g] == name) for name in sorted(set(profile.values()))}
    placed = {giver for in_it in groups.values() for giver in in_it}
    named = {group: tuple(sorted(set(in_it) & set(givers))) for group, in_it in sorted(groups.items())}
    alone = {f"alone: {giver}": (giver,) for giver in givers if giver not in placed}
    return {group: in_it for group, in_it in (named | alone).items() if in_it}


def _gifts(projects: Sequence[Project], pledges: Iterable[Pledge], pot: int) -> dict[str, dict[str, int]]:
    return by_project(checked(pledges, projects, pot), projects)


def _in_pounds(gifts: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, Decimal]]:
    return {name: {giver: Decimal(pence) / 100 for giver, pence in given.items()} for name, given in gifts.items()}


def _square_less_sum(values: Sequence[Decimal]) -> Decimal:
    if len(values) < 2:
        return Decimal(0)  # one giver alone brings exactly nothing, not a rounding error
    return sum((value.sqrt() for value in values), Decimal(0)) ** 2 - sum(values, Decimal(0))


def _memberships(members: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """{giver: their groups}, in the order of the groups."""
    of: dict[str, list[str]] = {}
    for group, in_it in members.items():
        for giver in in_it:
            of.setdefault(giver, []).append(group)
    return of


def _named(groups: Groups) -> str:
    return groups if isinstance(groups, str) else "given"


def _shared(
    name: str,
    gifts: Mapping[str, Mapping[str, int]],
    projects: Sequence[Project],
    subsidies: Mapping[str, int],
    *,
    pot: int,
    scale: Scale,
    lot: Sequence[str] | None,
) -> Shared:
    caps = {project.id: project.cap for project in projects if project.cap is not None}
    ceiling: Above = "weights" if scale == "down" else "none"
    shares = share_out(subsidies, pot, caps=caps, unit=SCALE, ceiling=ceiling, lot=lot)
    matches = []
    for project, given in gifts.items():
        wanted = subsidies[project] // SCALE
        paid = shares.pence[project]
        code = "per_project" if project in shares.capped else "pot" if shares.short and subsidies[project] else ""
        matches.append(Match(project, sum(given.values()), len(given), wanted, paid, (code,) if code else ()))
    broken_by = "lot" if lot is not None else "id"
    ties: tuple[dict[str, object], ...] = (
        ({"between": list(shares.tied), "broken_by": broken_by},) if shares.tied else ()
    )
    paid = sum(match.paid for match in matches)
    findings: tuple[Finding, ...] = ()
    if paid < pot:
        text = f"{pot - paid} pence of the pot could not be placed."
        findings = (Finding("match.pot.left", text, "note", field="pot"),)
    steps = tuple({"round": number, "capped": list(names)} for number, names in enumerate(shares.rounds, 1))
    return Shared(f"{name}/{scale}@1", pot, paid, pot - paid, tuple(matches), steps, ties, findings)
