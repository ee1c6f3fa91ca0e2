"""The example borough's story holds together: a thread begins with words, and what they led to comes after them."""

from __future__ import annotations

import pytest

from becontree.web.demo import promised, promising, story


@pytest.mark.parametrize("tale", [story.PLAY, *story.TALES], ids=lambda tale: tale.title)
def test_people_spoke_before_the_project_began(tale: story.Tale) -> None:
    late = [story.VOICES[cause][4] for cause in tale.causes if story.VOICES[cause][3] <= tale.began]

    assert late == []


def test_every_answer_is_to_something_that_was_said() -> None:
    assert all(story.VOICES[index][3] > 4 for index, *_ in story.ANSWERS)


def test_words_are_about_a_theme_where_one_of_its_words_begins() -> None:
    assert promising._about("More ART made here", ("art",))
    assert not promising._about("A street party by the start of the path", ("art",))
    assert promising._about("Benches in the park", ("park ",))


def test_no_invented_reading_is_said_to_come_from_the_record() -> None:
    sources = {target.source for promise in promised.PROMISES for target in promise.targets}
    assert sources
    assert not [source for source in sources if "record" in source and "not counted" not in source and "site" in source]
