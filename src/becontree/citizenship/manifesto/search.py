"""Full-text search over what may be quoted: one way to ask, on PostgreSQL and on SQLite, with the same answers.

A query is plain words: all of them must occur, each as the beginning of a word ("bus" finds "buses"), without regard to
case and accents. Signs have no meaning, so no query can be broken or dangerous: words are cut out of it here, and only
letters and digits reach the database.

PostgreSQL: an index (GIN) over the voices' own table, by an expression; nothing is copied. SQLite: an FTS5 index whose
words are kept in step by triggers of the database, so that what is withdrawn is gone in the same statement. Both are
put in place after each `migrate`, as guards are. Source: PostgreSQL 15 manual, 12 and 53.4; SQLite FTS5, 4.4.3.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from typing import Any, Final

from django.apps import AppConfig
from django.db import connections
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.signals import post_migrate

from becontree.citizenship.voices.models import Voice

MOST_WORDS: Final = 8
LONGEST_WORD: Final = 40
_WORD: Final = re.compile(r"[^\W_]+")

# Letters with an accent, and the letter that both engines take them for.
_ACCENTED: Final = {
    chr(code): base[0]
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))
    if len(base := unicodedata.normalize("NFKD", chr(code).lower())) > 1
    and base[0].isascii()
    and base[0].isalpha()
    and all(unicodedata.combining(mark) for mark in base[1:])
}


def words_of(query: str) -> list[str]:
    """The words of a query as they are looked for.

    >>> words_of("Café, BUSES & 'play'; DROP TABLE x --")
    ['cafe', 'buses', 'play', 'drop', 'table', 'x']
    """
    return list(dict.fromkeys(word[:LONGEST_WORD] for word in _folded_words(query[:400])))[:MOST_WORDS]


def holds(text: str, wanted: Iterable[str]) -> bool:
    """Whether a text that is not in the index holds every word as the index would find it: as a word's beginning.

    >>> holds("Play, close to every home: parks and cafés", ["park", "cafe"]), holds("A spark", ["park"])
    (True, False)
    """
    there = set(_folded_words(text))
    return all(any(word.startswith(one) for word in there) for one in wanted)


def _folded_words(text: str) -> list[str]:
    folded = "".join(_ACCENTED.get(letter, letter) for letter in unicodedata.normalize("NFC", text.lower()))
    return _WORD.findall(folded)


def matching(rows: QuerySet[Voice], query: str) -> QuerySet[Voice]:
    """Those voices whose shown words hold every word of the query. A query without any word narrows nothing."""
    wanted = words_of(query)
    if not wanted:
        return rows if not query.strip() else rows.none()
    if connections[rows.db].vendor == "postgresql":
        asked = " & ".join(f"'{word}':*" for word in wanted)
        sql = f"SELECT id FROM voices_voice WHERE state = 'published' AND {_VECTOR} @@ to_tsquery('simple', %s)"  # noqa: S608 - our own text
    else:
        asked = " ".join(f'"{word}"*' for word in wanted)
        sql = (
            "SELECT s.voice FROM manifesto_search_words s WHERE s.n IN "
            "(SELECT rowid FROM manifesto_search WHERE manifesto_search MATCH %s)"
        )
    return rows.filter(pk__in=RawSQL(sql, [asked]))  # noqa: S611 - the words are a parameter


_SHOWN: Final = "CASE WHEN masked <> '' THEN masked ELSE words END"
# Immutable throughout, so that it may stand in an index: lower case, accents off, every sign a space.
_SIGNS: Final = (
    r"[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00a9\u00ab-\u00b1\u00b4\u00b6-\u00b8\u00bb\u00bf"
    r"\u2000-\u206f\u3000-\u3003]+"
)
_FOLDED: Final = (
    f"regexp_replace(translate(lower({_SHOWN}), '{''.join(_ACCENTED)}', '{''.join(_ACCENTED.values())}'), "
    f"'{_SIGNS}', ' ', 'g')"
)
_VECTOR: Final = f"to_tsvector('simple', {_FOLDED})"

# Named after its own text, so that another version of it gets its own index and the present one stays.
_INDEX: Final = f"manifesto_search_{hashlib.sha256(_VECTOR.encode()).hexdigest()[:8]}"
_POSTGRESQL: Final = (
    f"CREATE INDEX IF NOT EXISTS {_INDEX} ON voices_voice USING gin (({_VECTOR})) WHERE state = 'published'",
)
_NEW_SHOWN: Final = "CASE WHEN NEW.masked <> '' THEN NEW.masked ELSE NEW.words END"
_GONE: Final = (
    "INSERT INTO manifesto_search (manifesto_search, rowid, words) "
    "SELECT 'delete', n, words FROM manifesto_search_words WHERE voice = OLD.id; "
    "DELETE FROM manifesto_search_words WHERE voice = OLD.id; "
)
_COME: Final = (
    f"INSERT INTO manifesto_search_words (voice, words) SELECT NEW.id, {_NEW_SHOWN} "  # noqa: S608 - our own text
    "WHERE NEW.state = 'published'; "
    "INSERT INTO manifesto_search (rowid, words) SELECT n, words FROM manifesto_search_words WHERE voice = NEW.id; "
)
_SQLITE: Final = (
    "DROP TRIGGER IF EXISTS manifesto_search_come",
    "DROP TRIGGER IF EXISTS manifesto_search_change",
    "DROP TRIGGER IF EXISTS manifesto_search_gone",
    "DROP TABLE IF EXISTS manifesto_search",
    "DROP TABLE IF EXISTS manifesto_search_words",
    "CREATE TABLE manifesto_search_words (n INTEGER PRIMARY KEY, voice TEXT NOT NULL UNIQUE, words TEXT NOT NULL)",
    "CREATE VIRTUAL TABLE manifesto_search USING fts5(words, content='manifesto_search_words', content_rowid='n', "
    "tokenize='unicode61 remove_diacritics 2')",
    f"INSERT INTO manifesto_search_words (voice, words) SELECT id, {_SHOWN} FROM voices_voice "  # noqa: S608 - ours
    "WHERE state = 'published'",
    "INSERT INTO manifesto_search (manifesto_search) VALUES ('rebuild')",
    f"CREATE TRIGGER manifesto_search_come AFTER INSERT ON voices_voice BEGIN {_COME}END",
    "CREATE TRIGGER manifesto_search_change AFTER UPDATE OF words, masked, state, id ON voices_voice "
    f"BEGIN {_GONE}{_COME}END",
    f"CREATE TRIGGER manifesto_search_gone AFTER DELETE ON voices_voice BEGIN {_GONE}END",
)


def install(using: str = "default") -> None:
    """Put the index in place; on SQLite anew, as its triggers may be gone. Nothing where voices have no table yet."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if "voices_voice" not in connection.introspection.table_names(cursor):
            return
        if connection.vendor == "postgresql":
            cursor.execute("SELECT 1 FROM pg_class WHERE relname = %s AND relkind = 'i'", [_INDEX])
            if cursor.fetchone() is not None:
                return
        for statement in _POSTGRESQL if connection.vendor == "postgresql" else _SQLITE:
            cursor.execute(statement)


def keep_in_place(app: AppConfig) -> None:
    """Put the index back after each migrate: SQLite drops triggers when it remakes a table."""
    post_migrate.connect(_after_migrate, sender=app, dispatch_uid="becontree.manifesto.search")


def _after_migrate(sender: AppConfig, using: str, **kwargs: Any) -> None:
    install(using)
