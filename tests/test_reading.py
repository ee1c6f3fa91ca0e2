"""The reading-age check counts as the published formula does, and finds what is too hard."""

from __future__ import annotations

import pytest

from tests.reading import LONGEST, faults, grade, pages, sentences, syllables

# Words with the syllables that a dictionary gives them; the rule is held to 19 in 20.
DICTIONARY = """
    1 a of prove moved closed homes names times signed asked eight straight whole please true blue house charge charged
    judged fixed faced used ruled failed whose choose queue real
    2 hybrid mammal creature reading passage council promised wanted table little people being science money nation
    special changes houses voices pages numbers machine quiet decide measured because something sometimes safely
    statement given poem doing going seeing refused needed added playground borough project entry record payment
    movement finished pledges raises boxes churches handled settled value argue issue create
    3 seemingly idea area usual video radio created evening beautiful decided delivered organised everyone evidence
    period museum library resident recompute computer everything improvement element annual manual continue agreement
    4 platypus=3 australian reptilian various experience society actually situation
    5 association individual
"""


def known() -> list[tuple[str, int]]:
    found, now = [], 0
    for word in DICTIONARY.split():
        if word.isdigit():
            now = int(word)
        else:
            name, _, other = word.partition("=")
            found.append((name, int(other) if other else now))
    return found


def test_syllables_are_right_for_19_words_in_20() -> None:
    wrong = [(word, count, syllables(word)) for word, count in known() if syllables(word) != count]

    assert len(wrong) <= len(known()) / 20, wrong


@pytest.mark.parametrize(
    ("words", "said", "level"),
    [
        (6, 6, -1.45),  # "The cat sat on the mat."
        (13, 24, 11.27),  # "The Australian platypus is seemingly a hybrid of a mammal and reptilian creature."
    ],
)
def test_published_examples_come_out(words: int, said: int, level: float) -> None:
    assert grade(words, 1, said) == pytest.approx(level, abs=0.01)


def test_a_message_is_read_without_tags_and_with_its_holes_filled() -> None:
    found = sentences(
        'We sent <strong>%(n)s</strong> letters to you. <a href="%(url)s">Read them</a> when you like: now.'
    )

    assert [each.text for each in found] == ["We sent this letters to you", "Read them when you like"]


def test_a_hard_page_is_named_with_its_hardest_sentence() -> None:
    hard = "Notwithstanding administrative considerations, municipal authorities facilitate participatory engagement. "
    easy = "We read what you say. You can see what came of it. "

    found = faults(pages([("web/hard.html", 7, hard * 15), ("web/easy.html", 3, easy * 12)]))

    assert "web/hard.html: reading age" in found[0]
    assert "web/hard.html:7" in found[1]
    assert not any("easy" in each for each in found)


def test_a_long_sentence_is_a_fault_wherever_it_stands() -> None:
    long = " ".join(["word"] * (LONGEST + 1)) + ". " + "We go on. You can read it all here. " * 20

    assert any(f"{LONGEST + 1} words" in each for each in faults(pages([("web/a.html", 1, long)])))


def test_small_pages_are_judged_together() -> None:
    short = "You can read it all here. " * 10
    found = pages([(f"{folder}.html", 1, short) for folder in ("web/templates/a", "web/templates/b", "home/x/c")])

    assert [(page.name, page.words) for page in found] == [("web/templates, small pages together", 120)]
