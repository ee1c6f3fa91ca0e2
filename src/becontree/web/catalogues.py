"""The languages of the site, and their catalogues: written as .po files, compiled here when a process starts.

A bare machine has no gettext tools and a release carries no compiled files that could be stale: Babel compiles what is
committed. The compiled files stand in a folder named after the contents of all catalogues, made in one move, so that
two processes that start together, or two versions side by side, never read half a file or each other's.

A catalogue says in its head whether a machine wrote it (`# Translated-By: machine`); pages in that language then say
so. An entry that a person has checked carries the comment `checked` (docs/languages.md).
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

SOURCE: Final = Path(__file__).resolve().parent / "locale"
ENGLISH: Final = "en-gb"
# Code, its own name, which way it runs. The first is the language that everything is written in.
LANGUAGES: Final = [(ENGLISH, "English", "ltr"), ("ro", "Română", "ltr"), ("ur", "اردو", "rtl")]
DIRECTION: Final = {code: direction for code, _, direction in LANGUAGES}


def compiled(home: Path, source: Path = SOURCE) -> Path:
    """The folder of compiled catalogues for LOCALE_PATHS, made under `home` where it is not there yet."""
    catalogues = sorted(source.glob("*/LC_MESSAGES/django.po"))
    sum_of_all = hashlib.sha256(b"".join(path.read_bytes() for path in catalogues)).hexdigest()[:16]
    folder = home / "locale" / sum_of_all
    if folder.is_dir():
        return folder
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix="making-", dir=folder.parent))
    made.chmod(0o755)
    for path in catalogues:
        target = made / path.relative_to(source).with_suffix(".mo")
        target.parent.mkdir(parents=True, exist_ok=True)
        with path.open("rb") as text, target.open("wb") as binary:
            write_mo(binary, read_po(text, locale=path.parent.parent.name))
    try:
        os.rename(made, folder)  # noqa: PTH104 - must fail where another process was first
    except OSError:
        if not folder.is_dir():
            raise
    return folder


@cache
def by_machine(language: str, source: Path = SOURCE) -> bool:
    """Whether a machine translated this language's pages, as its catalogue's head says."""
    path = source / language / "LC_MESSAGES" / "django.po"
    if not path.is_file():
        return False
    with path.open(encoding="utf-8") as text:
        return bool(re.search(r"^# Translated-By: machine", text.read(4000), re.M))


def remember_what_is_said() -> None:
    """Look each text up once a language and process, not each time that it is shown: for a server, when it starts.

    A text goes through every catalogue of every application, and in English it stands in none of them: that was a tenth
    of what a page costs.
    """
    from django.utils.translation import trans_real

    for code, _, _ in LANGUAGES:
        catalogue: Any = trans_real.translation(code)
        if not hasattr(catalogue.gettext, "cache_info"):
            catalogue.gettext = lru_cache(maxsize=16_384)(catalogue.gettext)
