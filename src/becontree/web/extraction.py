"""Every string that a person reads, found in the templates and the code, for the catalogues and the reading-age check.

Django's own command needs xgettext on the machine. Babel reads the code; templates are compiled as Django compiles
them and their nodes are read, so that a message is exactly what a page asks for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from babel.messages.extract import extract
from django.template import Context, engines
from django.template.base import FilterExpression, Node, Template
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

PACKAGE: Final = Path(__file__).resolve().parent.parent
SKIPPED: Final = ("/tests/", "/migrations/", "/management/", "/demo/")
KEYWORDS: Final[dict[str, Any]] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


@dataclass(frozen=True, slots=True)
class Found:
    """One message where it stands: `path` below the package; `plural` and `context` empty where there are none."""

    path: str
    line: int
    message: str
    plural: str = ""
    context: str = ""


def templates(root: Path = PACKAGE) -> Iterator[Found]:
    """The messages of every template. Needs Django to be set up. Raises TemplateSyntaxError as a page would."""
    engine = engines["django"].engine  # type: ignore[attr-defined]
    for path in sorted([*root.rglob("templates/**/*.html"), *root.rglob("templates/**/*.txt")]):
        name = path.relative_to(root).as_posix()
        if "/tests/" in f"/{name}":
            continue
        source = path.read_text(encoding="utf-8")
        for node in Template(source, engine=engine).nodelist.get_nodes_by_type(Node):
            yield from _of_node(name, node)
        for number, text in enumerate(source.splitlines(), 1):
            for found in re.finditer(r"_\(\"([^\"]+)\"\)", text):
                yield Found(name, number, found.group(1))


def _of_node(name: str, node: Any) -> Iterator[Found]:
    line = getattr(getattr(node, "token", None), "lineno", 0) or 0
    context = getattr(node, "message_context", None)
    said = str(context.resolve(Context())) if isinstance(context, FilterExpression) else ""
    if isinstance(node, TranslateNode):
        literal = getattr(node.filter_expression.var, "literal", None)
        if isinstance(literal, str):
            # Django asks for it with its percent signs doubled.
            yield Found(name, line, literal.replace("%", "%%"), context=said)
    elif isinstance(node, BlockTranslateNode):
        singular, _ = node.render_token_list(node.singular)
        plural = node.render_token_list(node.plural)[0] if node.plural else ""
        yield Found(name, line, singular, plural, said)


def code(root: Path = PACKAGE) -> Iterator[Found]:
    """The messages of the Python files."""
    for path in sorted(root.rglob("*.py")):
        name = path.relative_to(root).as_posix()
        if any(part in f"/{name}" for part in SKIPPED):
            continue
        with path.open("rb") as source:
            for line, message, _, context in extract(
                "python", source, keywords=KEYWORDS, options={"encoding": "utf-8"}
            ):
                parts = message if isinstance(message, tuple) else (message,)
                if parts[0]:
                    yield Found(name, line, parts[0], parts[1] if len(parts) > 1 else "", context or "")
