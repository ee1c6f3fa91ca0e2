"""Every operation of the API asked for real, each answer held against the schema that the API publishes of itself.

`disagreements` works on whatever borough Django is set up for; `python -m tests.spec.api_answers HOME` makes the
example borough in an empty folder and prints, as JSON, how many answers there were and what did not agree.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

MANY: Final = 100  # of a longer list every row is held against its schema, and about this many are asked for alone
# The list an operation on one thing takes its names from, and what they are called there.
NAMED: Final = {
    "/api/v1/voices/{handle}": ("/api/v1/voices", "handle"),
    "/api/v1/conversations/{slug}": ("/api/v1/conversations", "slug"),
    "/api/v1/conversations/{slug}/statements": ("/api/v1/conversations", "slug"),
    "/api/v1/projects/{slug}": ("/api/v1/projects", "slug"),
    "/api/v1/funds/{slug}": ("/api/v1/funds", "slug"),
    "/api/v1/record/entries/{entry_id}": ("/api/v1/record/entries", "id"),
    "/api/v1/record/thread": ("/api/v1/record/entries", "thing"),
    "/api/v1/record/decisions/{entry_id}": ("/api/v1/record/decisions", "entry"),
    "/api/v1/record/checkpoints/{size}": ("/api/v1/record/checkpoints", "size"),
    "/api/v1/places/wards/{code}": ("/api/v1/places/wards", "code"),
    "/api/v1/policies/{key}": ("/api/v1/policies", "key"),
}


def disagreements(client: Any) -> tuple[Counter[str], list[str]]:
    """(answers by operation, a sentence for each fault). The rate limit is the caller's to lift."""
    from jsonschema import Draft202012Validator

    document = client.get("/api/v1/openapi.json").json()
    asked: Counter[str] = Counter()
    faults: list[str] = []
    lists: dict[str, list[Any]] = {}

    def look(operation: str, address: str) -> Any:
        answer = client.get(address)
        asked[operation] += 1
        declared = document["paths"][operation]["get"]["responses"].get(str(answer.status_code))
        if answer.status_code != 200 or declared is None:
            faults.append(f"{address}: {answer.status_code}")
            return None
        schema = declared["content"]["application/json"]["schema"] | {"components": document["components"]}
        body = answer.json()
        for error in Draft202012Validator(schema).iter_errors(body):
            faults.append(f"{address}: {error.json_path}: {error.message[:200]}")
        return body

    def pages(operation: str, address: str) -> Iterator[Any]:
        following: str | None = address
        while following:
            body = look(operation, following)
            yield from (body or {}).get("items", ())
            following = (body or {}).get("next")

    for operation in document["paths"]:
        if operation in NAMED:
            continue
        if operation.endswith("/latest"):
            look(operation, operation)
        else:
            lists[operation] = list(pages(operation, f"{operation}?size=100"))
    for operation, (listed, name) in NAMED.items():
        rows = lists[listed]
        for row in rows[:: max(1, len(rows) // MANY)]:
            if operation.endswith("/thread"):
                look(operation, f"{operation}?ref={row[name]}")
            elif operation.endswith("/statements"):
                list(pages(operation, operation.format(slug=row[name]) + "?size=100"))
            else:
                look(operation, operation.partition("{")[0] + str(row[name]))
    faults += [f"{operation}: was never asked" for operation in document["paths"] if not asked[operation]]
    return asked, faults


def main(home: Path) -> int:
    from becontree.cli import main as command

    if command(["demo", "--load-only", "--home", str(home)]):
        return 1
    from django.test import Client

    from becontree.web import api

    api.problems.LIMIT = 10**9  # type: ignore[misc]  # this asks more than a person would
    asked, faults = disagreements(Client(SERVER_NAME="127.0.0.1"))
    sys.stdout.write(json.dumps({"asked": asked, "faults": faults[:50]}, indent=1))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1])))
