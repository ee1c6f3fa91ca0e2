"""A letter from its template: `templates/messages/<room>/<name>.txt`, whose first line is "Subject: ...".

A translation stands beside it as `<name>.<language>.txt`; where there is none, the words of the template itself go
through Django's translations. Nothing in a letter is escaped: it is plain text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from django.conf import settings
from django.template import Context, TemplateDoesNotExist, loader
from django.utils import translation

_NAME: Final = re.compile(r"^[a-z][a-z0-9_]*/[a-z][a-z0-9_]*$")
_TITLE: Final = re.compile(r"\{# (.+?) #\}")


@cache
def title(template: str) -> str:
    """What officers call the letter: the comment that its template begins with; its path where it has none."""
    try:
        found: Any = loader.get_template(f"messages/{template}.txt", using="django")
    except TemplateDoesNotExist:  # a letter of a release that had it
        return template
    named = _TITLE.match(found.template.source)
    return named[1] if named else template


def render(template: str, context: Mapping[str, Any], *, language: str = "en", name: str = "") -> tuple[str, str]:
    """(subject, body). Raises ValueError for a template's or context's mistake: a programmer's, found at once."""
    if not _NAME.match(template):
        raise ValueError(f"{template!r} has to look like giving/pledge_thanks.")
    plain = json.loads(json.dumps(context))  # plain JSON only, so that a letter never holds on to a live object
    known = translation.check_for_language(language)
    with translation.override(language if known else settings.LANGUAGE_CODE):
        try:
            found = loader.select_template(
                [f"messages/{template}.{language}.txt", f"messages/{template}.txt"], using="django"
            )
        except TemplateDoesNotExist as error:
            raise ValueError(f"There is no template messages/{template}.txt.") from error
        around = {"name": name, "council_name": settings.COUNCIL_NAME, "site_url": settings.SITE_URL.rstrip("/")}
        text = found.template.render(Context(around | plain, autoescape=False))
    first, _, rest = text.lstrip().partition("\n")
    if not first.startswith("Subject:"):
        raise ValueError(f"messages/{template}.txt has to begin with a line 'Subject: ...'.")
    subject = " ".join(first.removeprefix("Subject:").split())
    return subject[:250], re.sub(r"\n{3,}", "\n\n", rest).strip() + "\n"
