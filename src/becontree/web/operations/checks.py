"""Is this installation safe to run? Each problem is a sentence with what to do; production does not start with any.

The settings' checks are Django system checks (`web.E…`), so every management command makes them too. Those that
need the database (`pending_migrations`, missing guards) are asked at start and by `becontree check`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from becontree.web.operations import contrast

LEAST_SECRET: Final = 50  # characters; Django's own advice
SAID_BETTER: Final = frozenset({"security.W009", "security.W018", "security.W020"})  # web.E002, E003, E004
HOW_TO_MAKE_ONE: Final = "python3 -c 'import secrets; print(secrets.token_urlsafe(60))'"
Level = Literal["stop", "advice", "fine"]


class NotSafe(Exception):
    """The installation must not start; `problems` says why."""

    def __init__(self, problems: Iterable[Line]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(["Becontree does not start, because:", *(line.text for line in self.problems)]))


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the answer: how grave, the sentence, what to do about it."""

    level: Level
    sentence: str
    fix: str = ""
    code: str = ""

    @property
    def text(self) -> str:
        return f"- {self.sentence}" + (f" {self.fix}" if self.fix else "")


@checks.register
def settings_are_safe(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """web.E001 to E008: what production refuses; nothing of it is asked of a demo or a test."""
    if settings.MODE not in {"production", "demo", "test"}:
        return [
            checks.Error(f"BECONTREE_MODE is {settings.MODE!r}.", hint="Use production or demo.", id="web.E001"),
        ]
    if settings.MODE != "production":
        return []
    return [checks.Error(sentence, hint=fix, id=code) for code, sentence, fix in _production()]


@checks.register
def colours_can_be_read(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """web.E010: text at 7:1 and edges at 3:1 in the council's colours, light and dark."""
    file = finders.find("becontree/theme.css")
    if not isinstance(file, str):
        return [checks.Error("The colour file becontree/theme.css cannot be found.", id="web.E010")]
    with open(file, encoding="utf-8") as handle:  # noqa: PTH123 - a finder's answer
        pairs = contrast.faint(handle.read())
    hint = "Change one of the two colours in theme.css."
    return [checks.Error(pair.sentence, hint=hint, id="web.E010") for pair in pairs]


def _production() -> Iterable[tuple[str, str, str]]:
    try:
        secret = settings.SECRET_KEY
    except ImproperlyConfigured:
        secret = ""
    if len(secret) < LEAST_SECRET or len(set(secret)) < 10 or secret.startswith(("django-insecure-", "only-for-")):
        said = "is not set" if not secret else "is too short or too simple"
        yield "web.E002", f"The secret key {said}.", f"Put the output of {HOW_TO_MAKE_ONE} into BECONTREE_SECRET_KEY."
    if settings.DEBUG:
        yield (
            "web.E003",
            "BECONTREE_DEBUG is on, which shows strangers the inside of this installation.",
            "Take it out of the environment.",
        )
    if not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        yield (
            "web.E004",
            "It is not said under which names this site is served.",
            "Set BECONTREE_HOSTS to them, such as ideas.example.gov.uk, without a star.",
        )
    plain = not settings.SECURE_SSL_REDIRECT
    if not plain and urlsplit(settings.SITE_URL).scheme != "https":
        yield (
            "web.E005",
            f"The site's address {settings.SITE_URL} is not https.",
            "Set BECONTREE_SITE_URL to an https address; only where nothing leaves the building, set "
            "BECONTREE_PLAIN_HTTP=1.",
        )
    if settings.PAYMENT_PROVIDER == "practice":
        yield (
            "web.E006",
            "Payments are practice payments: people would believe that they gave.",
            "Set BECONTREE_PAYMENT_PROVIDER to bankfile.",
        )
    if not settings.COUNCIL_NAME:
        yield "web.E007", "The council has no name.", "Set BECONTREE_COUNCIL_NAME."
    if not settings.SQLITE_WAL_SAFE and connection.vendor == "sqlite" and _journal_mode() == "wal":
        yield (
            "web.E008",
            "The database file is in WAL mode and this SQLite can damage such a file under several writers.",
            "Install pysqlite3, or use PostgreSQL.",
        )


def _journal_mode() -> str:
    """As the settings would have it: no connection is opened to ask."""
    return "wal" if "journal_mode=wal" in str(connection.settings_dict["OPTIONS"]).lower() else "delete"


def nothing_set_up() -> str:
    """What to do where no Becontree is set up at the database that the settings name; empty where one is.

    Asked before the first query, as SQLite makes an empty file of whatever it is asked to open.
    """
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite" and not Path(name).is_file():
        return (
            f"There is no database at {name}. Set BECONTREE_HOME or BECONTREE_DATABASE_URL to the installation meant."
        )
    try:
        missing = not connection.introspection.table_names()
    except DatabaseError as error:
        return f"The database does not answer: {(str(error).splitlines() or [''])[0]}"
    return (
        f"The database {_shown_name(name)} is empty. Set it up with `becontree manage migrate`, or set "
        "BECONTREE_HOME or BECONTREE_DATABASE_URL to the installation meant."
        if missing
        else ""
    )


def _shown_name(name: str) -> str:
    """The database as people know it: its file, or its name and machine; never a password."""
    host = str(connection.settings_dict.get("HOST") or "")
    return f"{name} at {host}" if host else name


def pending_migrations() -> list[str]:
    """The migrations that the database still lacks, as app.name. Raises DatabaseError if it does not answer."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def database_problems() -> list[Line]:
    """What only the database can tell: does it answer, is it up to date, are its guards in place."""
    try:
        if connection.vendor == "sqlite" and (problem := nothing_set_up()):
            return [Line("stop", problem, "A new installation begins with `becontree manage migrate`.", "db.3")]
        pending = pending_migrations()
        if pending:
            count = f"{len(pending)} change{'s' if len(pending) > 1 else ''}"
            return [
                Line("stop", f"The database lacks {count} of this version.", "Run `becontree manage migrate`.", "db.1")
            ]
        messages = checks.run_checks(tags=[checks.Tags.database], databases=["default"])
    except (DatabaseError, ImproperlyConfigured, OSError) as error:
        first = (str(error).splitlines() or ["no reason given"])[0]
        return [Line("stop", f"The database does not answer: {first}", "Look at BECONTREE_DATABASE_URL.", "db.2")]
    return [_line(message) for message in messages]


def settings_problems(*, deployment: bool = False) -> list[Line]:
    """What the settings and the code alone can tell; `deployment` adds Django's own advice for production."""
    messages = checks.run_checks(include_deployment_checks=deployment)
    return [_line(each) for each in messages if not each.is_silenced() and each.id not in SAID_BETTER]


def _line(message: checks.CheckMessage) -> Line:
    grave: Level = "stop" if message.is_serious() else "advice"
    return Line(grave, str(message.msg), str(message.hint or ""), str(message.id))


def look() -> list[Line]:
    """Everything, gravest first, and in words what is fine."""
    production = settings.MODE == "production"
    wrong = settings_problems(deployment=production)
    in_database = database_problems()
    found = [*wrong, *in_database]
    fine = [Line("fine", f"This is a {settings.MODE} installation on {_engine()}.")]
    if production and not wrong:
        fine.append(Line("fine", "The secret, the names, https, payments and the record's key are in order."))
    elif not any(line.level == "stop" for line in wrong):
        fine.append(Line("fine", "The settings are in order."))
    if not in_database:
        fine.append(Line("fine", "The database is up to date and every guard is in place."))
    if not any(line.code == "web.E010" for line in wrong):
        fine.append(Line("fine", "The colours can be read, by day and by night."))
    order = {"stop": 0, "advice": 1}
    return sorted(found, key=lambda line: order[line.level]) + fine


def _engine() -> str:
    if connection.vendor != "sqlite":
        return "PostgreSQL"
    import sqlite3

    return f"SQLite {sqlite3.sqlite_version} ({_journal_mode().upper()} journal)"


def refuse_unless_safe(*, database: bool = True) -> None:
    """Called before web or worker starts. Raises NotSafe: in production for anything grave, else for the database.

    A demo with an odd setting still starts: it can hurt nobody. Nothing starts on a database that lacks migrations.
    """
    problems = settings_problems() if settings.MODE == "production" else []
    if database:
        problems += database_problems()
    grave = [line for line in problems if line.level == "stop"]
    if grave:
        raise NotSafe(grave)
