"""The access table: every address x every role, asked for real, printed as docs/access-table.md.

`python -m tests.spec.access_table --write` writes it; without `--write` it says whether the file is stale.
`test_access_table.py` asks everything again and holds each answer against the file and against the gates.
"""

from __future__ import annotations

import inspect
import re
import sys
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any, Final

from django.urls import URLPattern, URLResolver, get_resolver

FILE: Final = Path(__file__).resolve().parents[2] / "docs" / "access-table.md"
PLAIN_ROLES: Final = ("anonymous", "resident", "organiser", "funder", "panel-member")
DESK_ROLES: Final = (
    "officer:funding",
    "officer:engagement",
    "officer:information",
    "officer:homes",
    "finance",
    "auditor",
    "administrator",
)
ROLES: Final = PLAIN_ROLES + DESK_ROLES
PARAMETER: Final = re.compile(r"<(?:\w+:)?(\w+)>")
NO_METHOD: Final = "405"  # a row that answers so to everybody is left out: the address takes the other method only
HEAD: Final = """# Who may come to which address

Every address of the site and every operation of the API, asked for by somebody of every role, with real things in the
address. Written by `python -m tests.spec.access_table --write`; the tests ask everything again and fail where an answer
differs from this page, or from what the page's own gate says.

- **open**: answered (also where the form was empty, or the thing's state says no).
- **sign-in**: sent to sign in. **2nd**: sent to show the second factor; **2nd, open**: open once it is shown.
- **refused**: told plainly that it is not theirs (403). **hidden**: for them there is no such thing (404).
- **405**: past the gate, but the address takes only a sent form.

`GET` unless the row says `POST` (with nothing in the form). "officer:homes" stands for an officer of any team that has
nothing to do with it.

"""


@dataclass(frozen=True, slots=True)
class Row:
    """One address to ask for: `shown` as the table says it, `address` with real things in it."""

    shown: str
    address: str
    method: str
    gate: tuple[str, ...]
    desk: bool


@dataclass(slots=True)
class Asked:
    """What came back: `cells` by role, and which secrets each role was told, by (role, row)."""

    cells: dict[str, dict[str, str]] = field(default_factory=dict)
    told: dict[tuple[str, str], list[str]] = field(default_factory=dict)


def walk(resolver: Any = None, before: str = "") -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every pattern of the site, as (address, view)."""
    for pattern in (resolver or get_resolver()).url_patterns:
        address = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from walk(pattern, address)
        elif isinstance(pattern, URLPattern):
            yield address, pattern.callback


def values(scene: Any) -> dict[str, list[tuple[str, dict[str, Any]]]]:
    """For each address with parameters, or for a part that begins it: (label, parameters). The longest match holds."""
    got = scene.things
    live, done = got["live"].project.slug, got["done"].project.slug
    pk, slug = (lambda name: {"pk": got[name].pk}), (lambda text: {"slug": text})
    handles = [("", {"handle": got["voice"].handle}), ("waiting", {"handle": got["waiting"].handle})]
    projects = [("", slug(live)), ("draft", slug(got["draft"].slug))]
    talks = [("", slug(got["talk"].slug)), ("draft", slug(got["talk-draft"].slug))]
    return {
        "account/second-factor/webauthn/keys/": [("", {"pk": 1})],
        "projects/": projects,
        "projects/<slug:slug>/papers/": [("private", slug(live) | pk("evidence"))],
        "projects/<slug:slug>/give/": [("", slug(live))],
        "projects/<slug:slug>/help/": [("", slug(live) | {"need": got["need"].pk})],
        "api/v1/voices/": handles,
        "api/v1/conversations/": talks,
        "api/v1/projects/": projects,
        "api/v1/funds/": [("", slug(got["fund"].slug))],
        "api/v1/record/entries/": [("", {"entry_id": got["entry"].pk})],
        "api/v1/record/decisions/": [("", {"entry_id": got["decision"].pk})],
        "api/v1/record/checkpoints/": [("", {"size": got["checkpoint"].size})],
        "api/v1/places/wards/": [("", {"code": got["ward"].code})],
        "api/v1/policies/": [("", {"key": "voices.read_days"})],
        "api/v1/^": [("", {"rest": "nothing"})],
        "desk/voices/appeals/": [("", pk("appeal"))],
        "desk/voices/": [("waiting", {"handle": got["waiting"].handle})],
        "my/voices/": [("held", {"handle": got["held"].handle})],
        "voices/": handles,
        "voices/own/": [("", {"token": got["own"]})],
        "voices/rounds/": [("", slug(got["round"].slug))],
        "desk/voices/rounds/": [("", slug(got["round"].slug)), ("draft", slug(got["round-draft"].slug))],
        "desk/voices/piles/": [("", {"handle": got["pile"].handle})],
        "desk/voices/piles/<slug:handle>/class/": [("", {"handle": got["class"].handle})],
        "desk/voices/files/": [("", {"handle": got["file"].handle})],
        "conversations/": talks,
        "conversations/<slug:slug>/statements/<int:number>/": [("", talks[0][1] | {"number": got["said"].number})],
        "my/conversations/": talks,
        "my/conversations/<slug:slug>/statements/": [("", talks[0][1] | {"number": got["said"].number})],
        "my/conversations/<slug:slug>/appeals/": [("", talks[0][1] | pk("talk-appeal"))],
        "desk/conversations/": talks,
        "desk/conversations/<slug:slug>/statements/": [("", talks[0][1] | {"number": got["said"].number})],
        "desk/conversations/<slug:slug>/bans/": [("", talks[0][1] | {"who": got["out"].pk})],
        "desk/conversations/<slug:slug>/appeals/": [("", talks[0][1] | pk("talk-appeal"))],
        "desk/manifesto/studies/": [("", slug(got["study"].slug) | pk("sample") | {"code": got["theme"].code})],
        "desk/manifesto/aspirations/": [("", slug(got["aspiration"].slug))],
        "desk/manifesto/promises/": [("", slug(got["promise"].slug))],
        "desk/manifesto/reports/": [("", {"year": got["report"].year})],
        "manifesto/promises/": [("", slug(got["promise"].slug))],
        "manifesto/aspirations/": [("", slug(got["aspiration"].slug))],
        "manifesto/heard/": [("", slug(got["study"].slug))],
        "manifesto/state-of-the-borough/": [("", {"year": got["report"].year})],
        "conversations/join/": [("", {"code": got["room"].code})],
        "hubs/": [("", slug(got["hub"].slug))],
        "hubs/meetings/": [("", {"handle": got["room"].handle})],
        "my/hubs/": [("", slug(got["hub"].slug))],
        "my/hubs/meetings/": [("", {"handle": got["room"].handle})],
        "desk/hubs/": [("", slug(got["hub"].slug))],
        "desk/hubs/meetings/": [("", {"handle": got["room"].handle})],
        "desk/projects/": projects,
        "my/projects/": projects,
        "desk/giving/funds/": [("", slug(got["fund"].slug))],
        "desk/giving/pay-ins/": [("", pk("pay-in"))],
        "desk/giving/elsewhere/": [("", pk("contribution"))],
        "desk/giving/campaigns/": [("", slug(got["done"].slug))],
        "desk/giving/names/appeals/": [("", pk("name-ruling"))],
        "desk/giving/names/": [("", {"handle": got["named"].handle})],
        "my/giving/gifts/<slug:handle>/name/": [("", {"handle": got["named"].handle})],
        "my/giving/gifts/": [("", {"handle": got["pledge"].handle})],
        "my/giving/projects/": [("", slug(live))],
        "my/giving/projects/<slug:slug>/agreement/": [("", slug(done))],
        "funds/": [("", slug(got["fund"].slug))],
        "record/entry/": [("", pk("entry"))],
        "record/decision/": [("", {"pk": got["decision"].pk})],
        "record/checkpoints/": [("", {"size": got["checkpoint"].size})],
        "record/thread/": [("", {"ref": got["done"].project.ref})],
        "desk/ledger/reverse/": [("", {"journal_id": got["journal"].pk})],
        "desk/ledger/reversal/": [("", {"reversal_id": got["reversal"].pk})],
        "accounts/journal/": [("", {"journal_id": got["journal"].pk})],
        "accounts/account/": [("", {"code": "asset:bank:main"})],
        "desk/giving/gifts/": [("", {"handle": got["done-pledge"].handle})],
        "desk/payments/charges/": [("", {"charge": got["charge"].pk})],
        "desk/payments/lines/": [("", {"line": got["line"].pk})],
        "desk/payments/refunds/": [("", {"refund": got["refund"].pk})],
        "desk/payments/payouts/": [("", {"payout": got["payout"].pk})],
        "desk/payments/lists/": [("", {"number": got["list"].number})],
        "payments/go/": [("", {"instruction": got["instruction"].pk})],
        "payments/bank/": [("", {"reference": got["bank"].reference})],
        "payments/practice/": [("", {"setup": got["instruction"].remote_id})],
        "payments/hooks/": [("", {"provider": "practice"})],
        "desk/places/": [("", {"load_id": got["load"].pk})],
        "places/": [("", {"code": got["ward"].code})],
        "desk/messages/": [("of the engagement team", pk("letter"))],
        "my/messages/": [("somebody else's", pk("letter"))],
        "letters/leave/": [("", {"token": got["token"]})],
        "desk/access/glass/": [("", pk("glass"))],
        "desk/people/second-factors/": [("", {"reset_id": got["reset"].pk})],
        "desk/forgetting/": [("", {"handle": got["wish"].handle})],
        "desk/people/roles/asked/": [("", {"request_id": got["role-asked"].pk})],
        "desk/people/roles/": [("", pk("role"))],
        "desk/people/organisations/": [("", slug(got["organisation"].slug))],
        "people/organisations/leave/": [("", {"pk": got["membership"].pk})],
        "desk/policy/": [("", {"key": "voices.read_days"})],
        "policy/setting/": [("", {"key": "voices.read_days"})],
        "language/": [("", {"code": "ro"})],
        "words/": [("", {"size": "large"})],
        "desk/outreach/shifts/": [("", {"handle": got["shift"].handle})],
        "my/outreach/": [("somebody else's", {"handle": got["shift"].handle})],
        "measures/": [("", {"slug": got["measure"].slug})],
        "desk/measures/": [("", {"slug": got["measure"].slug})],
        "desk/measures/readings/": [("", {"pk": got["measure"].readings.get().pk})],
        "desk/tasks/again/": [("", {"task_id": uuid.UUID(int=1)})],
        "demo/": [("", {"pk": got["organisation"].pk, "slug": live, "key": "x", "who": "x", "name": "x"})],
    }


def rows(scene: Any) -> list[Row]:
    """Every address, filled in; raises KeyError for a parameter that `values` does not know: no cell is unstated."""
    known = values(scene)
    found = []
    for pattern, view in walk():
        names = PARAMETER.findall(pattern)
        gate = getattr(view, "gate", ())
        filled = [("", pattern)]
        if names:
            begins = max((part for part in known if pattern.startswith(part)), key=len, default="")
            if not begins:
                raise KeyError(f"{pattern}: tests/spec/access_table.py does not know what to put there.")
            filled = [(label, _filled(pattern, given)) for label, given in known[begins]]
        for label, address in filled:
            shown = pattern.replace("^(?P<rest>.*)$", "<rest>")
            shown = "/" + PARAMETER.sub(r"{\1}", shown) + (f" ({label})" if label else "")
            desk = pattern.startswith("desk/")
            methods = ("GET", "POST") if _posts(view) else ("GET",)
            found += [Row(shown, "/" + address, method, tuple(gate), desk) for method in methods]
    return found


def _filled(pattern: str, given: dict[str, Any]) -> str:
    pattern = pattern.replace("^(?P<rest>.*)$", "<rest>")
    return PARAMETER.sub(lambda found: str(given[found.group(1)]), pattern)


def _posts(view: Any) -> bool:
    """Whether a view takes POST: ours where its code says so, others' where their class does."""
    if (kind := getattr(view, "view_class", None)) is not None:
        return hasattr(kind, "post")
    if str(getattr(view, "__module__", "")).startswith("ninja."):
        return False
    source = inspect.getsource(inspect.unwrap(view))
    return "POST" in source or "_form_page(" in source


def ask(scene: Any, *, secrets: dict[str, str] | None = None) -> Asked:
    """Ask for every row as every role; nothing that a request changed stays."""
    asked = Asked()
    clients = {role: scene.client(role) for role in ROLES}
    stepped = {role: scene.client(role, second_factor=True) for role in DESK_ROLES}
    for row in rows(scene):
        cells = asked.cells.setdefault(f"{row.method} {row.shown}", {"gate": ", ".join(row.gate) or "its own"})
        for role in ROLES:
            cells[role] = _one(clients[role], row, role, asked, secrets)
            if row.desk and role in DESK_ROLES:
                after = _one(stepped[role], row, role, asked, secrets)
                cells[role] = after if after == cells[role] else f"{cells[role]}, {after}"
        if all(set(cells[role].split(", ")) == {NO_METHOD} for role in ROLES):
            del asked.cells[f"{row.method} {row.shown}"]
    return asked


def _one(client: Any, row: Row, role: str, asked: Asked, secrets: dict[str, str] | None) -> str:
    from tests.spec.scene import undone  # after Django is set up

    cookies = client.cookies.output(header="", sep=";")
    with undone():
        answer = client.get(row.address) if row.method == "GET" else client.post(row.address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    client.cookies = SimpleCookie(cookies)  # signing out, too, is undone
    if secrets:
        text = body.decode("utf-8", errors="replace")
        if told := [what for what, word in secrets.items() if word in text]:
            seen = asked.told.setdefault((role, f"{row.method} {row.shown}"), [])
            seen += [what for what in told if what not in seen]
    return said(answer)


def said(answer: Any) -> str:
    """What an answer means, in the table's words."""
    if answer.status_code in {301, 302, 303}:
        to = answer["Location"]
        if to.startswith("/access/second-factor/"):
            return "2nd"
        signs = to.startswith(("/account/login/?next", "/account/reauthenticate", "/account/second-factor/reauth"))
        return "sign-in" if signs else "open"
    if answer.status_code >= 500:
        raise AssertionError(f"{answer.status_code} from {answer.request['PATH_INFO']}")
    return {403: "refused", 404: "hidden", 405: NO_METHOD}.get(answer.status_code, "open")


def page(asked: Asked) -> str:
    """The whole file."""
    lines = ["| address | gate | " + " | ".join(ROLES) + " |", "|---|---|" + "---|" * len(ROLES)]
    for shown, cells in asked.cells.items():
        method, _, address = shown.partition(" ")
        lines.append(
            f"| `{address}`{' POST' if method == 'POST' else ''} | {cells['gate']} | "
            + " | ".join(cells[role] for role in ROLES)
            + " |"
        )
    return HEAD + "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    """Build a borough in a database of its own, ask for everything, and write or compare the file."""
    import logging
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "becontree.web.settings_test")
    import django

    django.setup()
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    from tests.spec.scene import build, undone

    logging.disable(logging.WARNING)
    setup_test_environment()
    kept = setup_databases(0, interactive=False)
    try:
        with undone():
            text = page(ask(build()))
    finally:
        teardown_databases(kept, 0)
    if "--write" in arguments:
        FILE.write_text(text, encoding="utf-8")
        return 0
    stale = not FILE.exists() or FILE.read_text(encoding="utf-8") != text
    sys.stdout.write("The access table is stale: run it with --write.\n" if stale else "The access table is right.\n")
    return int(stale)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
