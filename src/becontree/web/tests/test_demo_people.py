"""The example's invented people: the real mix, the same every time, and texts that are sentences."""

from __future__ import annotations

from collections import Counter

from becontree.web.demo import promised, sayings, story, talks


def test_the_mix_is_that_of_the_real_manifesto() -> None:
    people = list(sayings.everybody())
    assert Counter(said.source for said in people) == sayings.MIX
    assert len(people) == 2_814
    assert [said.number for said in people] == list(range(1, 2_815))
    assert {said.ward for said in people} == set(sayings.LOCAL)


def test_the_same_seed_says_the_same_and_another_does_not() -> None:
    small = {"paper": 40, "primary": 30}
    first = list(sayings.everybody(5, mix=small))
    assert first == list(sayings.everybody(5, mix=small))
    assert first != list(sayings.everybody(6, mix=small))


def test_every_text_is_spun_to_its_end_and_few_are_alike() -> None:
    texts = [words for said in sayings.everybody() for words in said.answers.values()]
    assert texts
    assert all(words.strip() and not set("{}<>|") & set(words) for words in texts)
    assert not any(words.startswith(("A:", "Y:")) for words in texts)
    assert len(set(texts)) > 0.85 * len(texts)


def test_every_choice_of_every_pattern_can_be_said() -> None:
    for topic, kinds in sayings.TOPICS.items():
        assert set(kinds) == set(sayings.KINDS), topic
        for pattern in (pattern for patterns in kinds.values() for pattern in patterns):
            assert pattern.count("{") == pattern.count("}"), pattern
    for wishes in sayings.PREFERS.values():
        assert set(wishes) <= set(sayings.TOPICS)


def test_promises_rest_on_topics_and_name_projects_of_the_example() -> None:
    titles = {tale.title for tale in [story.PLAY, *story.TALES]}
    assert len(promised.PROMISES) == 12
    for promise in promised.PROMISES:
        assert set(promise.topics) <= set(sayings.TOPICS)
        assert set(promise.projects) <= titles
        assert promise.targets
        for target in promise.targets:
            years = [year for year, _, _ in target.readings]
            assert years == sorted(set(years))


def test_votes_of_a_conversation_are_the_same_every_time() -> None:
    first = list(talks.everybody(talks.STREET))
    assert first == list(talks.everybody(talks.STREET))
    assert len(first) == sum(talks.STREET.leanings)
    for cast in first:
        assert len({at for at, _ in cast.votes}) == len(cast.votes)
