"""Writing `.pb`, with every field that was read.

Source: as in `reader`. Why every field: what a city wrote is not ours to leave out. Cost: one pass. Rejected: writing
only what a count needs.
"""

from __future__ import annotations

import csv
import io
from fractions import Fraction

from becontree.formats.pb.reader import PbFile
from becontree.methods.budgeting.election import Election


def write_text(file: PbFile) -> str:
    """The file as text. Reading it again gives the same fields in the same order."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator=file.line_end)
    writer.writerow(["META"])
    writer.writerow(["key", "value"])
    writer.writerows(file.meta.items())
    writer.writerow(["PROJECTS"])
    writer.writerow(file.project_fields)
    writer.writerows(file.project_rows)
    writer.writerow(["VOTES"])
    writer.writerow(file.vote_fields)
    writer.writerows(file.vote_rows)
    return out.getvalue()


def decimal(value: Fraction) -> str:
    """A decimal number, exactly.

    >>> decimal(Fraction(81, 2)), decimal(Fraction(5))
    ('40.5', '5')
    """
    if value.denominator == 1:
        return str(value.numerator)
    digits = 0
    while (value * 10**digits).denominator != 1:
        digits += 1
        if digits > 60:
            raise ValueError(f"{value} has no exact decimal form.")
    whole = str(abs(value.numerator) * 10**digits // value.denominator).rjust(digits + 1, "0")
    return f"{'-' if value < 0 else ''}{whole[:-digits]}.{whole[-digits:]}"


def from_election(election: Election, meta: dict[str, str] | None = None) -> PbFile:
    """A file of an election counted by us. Voters get running numbers: grouped ballots know no names."""
    ballots = election.ballots
    scored = election.ballot_type in ("cumulative", "scoring")
    rows: list[tuple[str, ...]] = []
    for number in range(len(ballots)):
        span = slice(int(ballots.starts[number]), int(ballots.starts[number + 1]))
        places = ballots.projects[span].tolist()
        values = [0] * len(places) if ballots.values is None else ballots.values[span].tolist()
        pairs = list(zip(places, values))
        if election.ballot_type == "ordinal":
            pairs.sort(key=lambda pair: pair[1])
        vote = ",".join(election.projects[place].id for place, _ in pairs)
        points = ",".join(decimal(Fraction(value, ballots.unit)) for _, value in pairs)
        for _ in range(int(ballots.people[number])):
            rows.append((str(len(rows) + 1), vote, points) if scored else (str(len(rows) + 1), vote))
    known = {
        "description": election.name,
        "num_projects": str(len(election.projects)),
        "num_votes": str(election.voters),
        "budget": decimal(election.budget),
        "vote_type": election.ballot_type,
        **(meta or {}),
    }
    if election.currency:
        known.setdefault("currency", election.currency)
    projects = tuple(
        (project.id, "999999999" if project.withdrawn else decimal(project.cost), str(votes), project.name)
        for project, votes in zip(election.projects, election.votes)
    )
    fields = ("voter_id", "vote", "points") if scored else ("voter_id", "vote")
    return PbFile(election, known, ("project_id", "cost", "votes", "name"), projects, fields, tuple(rows))
