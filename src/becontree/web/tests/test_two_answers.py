"""Enter in a box presses the first button of its form: so the box for "why not?" is in no form that says yes."""

from __future__ import annotations

import re
from pathlib import Path

import becontree

SAYS_YES = re.compile(r'value="(confirm|approve|release)"')
FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)


def test_no_form_with_a_box_gives_a_role_pays_or_closes_the_books_at_enter() -> None:
    """The attack on oneself: "no, I do not know them", Enter, and the role was given and the payment agreed to."""
    checked, wrong = 0, []
    for path in sorted(Path(becontree.__file__).parent.rglob("templates/**/*.html")):
        for form in FORM.findall(path.read_text(encoding="utf-8")):
            if SAYS_YES.search(form):
                checked += 1
                if "{% fields" in form and path.name != "reset.html":  # its box has lines, where Enter begins another
                    wrong.append(path.name)
    assert (checked >= 4, wrong) == (True, [])
