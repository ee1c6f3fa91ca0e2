"""Themes are the same for the same texts in any order, and what people decided outlives a re-run."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from becontree.methods.findings import Unusable
from becontree.methods.themes import Edit, find_themes, has_personal, repeats, without_personal
from becontree.methods.themes.words import clauses, fold, terms

BUSES = [
    "The bus is always late",
    "More buses at night",
    "Bus drivers are kind but the bus is late",
    "Night buses, please",
]
PARKS = ["The park needs more trees", "Plant trees in every park", "Park benches under the trees", "Trees for our park"]
RENT = ["Rent is too high for families", "High rent drives families out", "Cap the rent", "Our rent went up, too high"]
SMALL = [f"{text} number {at}" for at in range(5) for text in BUSES + PARKS + RENT]


def test_the_same_texts_in_any_order_give_the_same_themes() -> None:
    ids = [f"a{at}" for at in range(len(SMALL))]
    first = find_themes(SMALL, ids=ids)
    for seed in range(4):
        order = np.random.default_rng(seed).permutation(len(SMALL)).tolist()
        again = find_themes([SMALL[at] for at in order], ids=[ids[at] for at in order])

        assert [(theme.id, theme.label, sorted(theme.members)) for theme in again.themes] == [
            (theme.id, theme.label, sorted(theme.members)) for theme in first.themes
        ]


def test_two_runs_are_equal_in_everything() -> None:
    assert asdict(find_themes(SMALL)) == asdict(find_themes(SMALL))


def test_three_subjects_fall_apart() -> None:
    run = find_themes(SMALL, k=3)
    labels = " | ".join(theme.label for theme in run.themes)

    assert len(run.themes) == 3
    assert all(word in labels for word in ("bus", "tree", "rent"))


def test_labels_are_made_of_people_s_own_words() -> None:
    said = fold(" ".join(SMALL))

    assert all(word in said for theme in find_themes(SMALL).themes for term in theme.terms for word in term.split())


def test_quotations_are_from_the_texts_they_name() -> None:
    run = find_themes(SMALL)

    assert all(quote.text in SMALL[int(quote.id) - 1] for theme in run.themes for quote in theme.quotes)


def test_every_text_is_placed_unplaced_or_excluded() -> None:
    run = find_themes([*SMALL, "", "???", "zzz qqq"])
    placed = {name for theme in run.themes for name in theme.members}

    assert placed | set(run.unplaced) | set(run.excluded) == {str(at + 1) for at in range(len(SMALL) + 3)}
    assert not placed & set(run.unplaced)


def test_an_answer_may_be_about_several_things() -> None:
    both = "The bus is always late again today. Rent is too high for families."
    run = find_themes([*SMALL, both], k=3)

    assert sum(str(len(SMALL) + 1) in theme.members for theme in run.themes) == 2


def test_capitals_make_no_difference() -> None:
    assert terms(fold("THE BUSES")) == terms(fold("the buses"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("公共交通", ["公共", "共交", "交通"]),
        ("اَلْحَدِيقَة", ["الحديقة"]),
        ("Straße", ["strasse"]),
        ("l’école", ["l'école"]),
        ("ｂｕｓｅｓ", ["bus"]),
        ("รถเมล์", ["รถ", "ถเ", "เม", "มล", "ล์"]),
        ("🙂🙂", []),
        ("don't", ["don't"]),
    ],
    ids=["chinese", "arabic-vowels", "german", "french-apostrophe", "full-width", "thai", "emoji", "contraction"],
)
def test_words_of_many_languages(text: str, expected: list[str]) -> None:
    assert terms(fold(text)) == expected


def test_chinese_and_arabic_texts_find_themes() -> None:
    chinese = [f"公園需要更多樹木{at}" for at in range(8)] + [f"公車班次太少了{at}" for at in range(8)]
    arabic = [f"نريد حدائق واشجار اكثر {at}" for at in range(8)] + [f"الحافلة متأخرة دائما {at}" for at in range(8)]

    for texts in (chinese, arabic, chinese + arabic + SMALL):
        run = find_themes(texts, k=2 if len(texts) == 16 else 7)
        assert len(run.themes) >= 2
        assert all(theme.label for theme in run.themes)


def test_clauses_end_with_sentences_of_any_writing() -> None:
    assert clauses("公園太少了需要更多樹木。公車班次太少了希望增加！") == [
        "公園太少了需要更多樹木。",
        "公車班次太少了希望增加！",
    ]


def test_copies_and_near_copies_are_one_campaign_that_is_shown_and_counted() -> None:
    template = "Save the old library on Heathway because it is the heart of our whole community"
    campaign = [
        template,
        template.upper(),
        template + "!",
        template + " please",
        template + " now",
        "I agree: " + template,
    ]
    run = find_themes(SMALL + campaign)
    ids = {str(len(SMALL) + at + 1) for at in range(6)}

    assert any(set(names) == ids for names, _ in run.repeats)
    assert all(theme.different <= theme.size for theme in run.themes)


def test_repeats_equal_comparing_every_pair() -> None:
    texts = [f"{a} {b}" for a in SMALL[:8] for b in ("", "please", "right now if you can")]
    from becontree.methods.themes import repeats as found
    from becontree.methods.themes.repeats import ALIKE, _runs

    runs = [_runs(" ".join(terms(fold(text)))) for text in texts]
    leader = list(range(len(texts)))
    for one in range(len(texts)):
        for other in range(one):
            if len(runs[one] & runs[other]) >= ALIKE * len(runs[one] | runs[other]):
                leader = [leader[other] if leader[one] == at else at for at in leader]
    slow = {frozenset(at for at in range(len(texts)) if leader[at] == group) for group in set(leader)}

    assert {frozenset(one.texts) for one in found(texts)} == {group for group in slow if len(group) > 1}


def test_different_texts_are_no_repeats() -> None:
    assert repeats(["The bus is late again this morning", "Plant more trees in the park please"]) == ()


@pytest.mark.parametrize(
    "text",
    [
        "ann@example.org",
        "ring 020 7946 0018",
        "+44 (0)20 7946 0018",
        "I live at RM10 8XX",
        "see https://a.example/ann",
        "ask @ann_x",
    ],
)
def test_personal_details_are_found_and_left_out(text: str) -> None:
    assert has_personal(text)
    assert not has_personal(without_personal(text))


@pytest.mark.parametrize("text", ["Close the A13 in 2025", "It cost 1,250,000 pounds", "10 out of 10", "the no 5 bus"])
def test_ordinary_numbers_are_not_personal(text: str) -> None:
    assert not has_personal(text)


def test_a_person_s_details_are_in_no_quotation() -> None:
    run = find_themes([f"{text}, call 020 7946 0018" for text in SMALL])

    assert len(run.personal) == len(SMALL)
    assert not any(has_personal(quote.text) for theme in run.themes for quote in (*theme.quotes, *theme.borderline))


MORE = ["The night bus never comes, buses are late", "Trees in the park are lovely", "A wholly new idea about otters"]


def test_acts_of_people_outlive_a_run_with_new_texts() -> None:
    first = find_themes(SMALL, k=3)
    bus, tree, rent = (
        next(theme.id for theme in first.themes if word in theme.label) for word in ("bus", "tree", "rent")
    )
    members = {theme.id: set(theme.members) for theme in first.themes}
    lone = sorted(members[tree])[0]
    second = find_themes(
        [MORE[0], *SMALL, *MORE[1:]],  # a new row on top moves every row
        previous=first.memory,
        edits=[
            Edit("rename", theme=bus, label="Buses that come"),
            Edit("split", theme=tree, texts=(lone,), label="A lone tree"),
            Edit("exclude", theme=rent),
        ],
    )
    named = {theme.label: theme for theme in second.themes}

    assert "Buses that come" in named
    assert named["Buses that come"].named
    assert {str(int(one) + 1) for one in members[bus]} | {"1"} == set(named["Buses that come"].members)
    assert named["A lone tree"].members == (str(int(lone) + 1),)
    assert rent not in {theme.id for theme in second.themes}
    third = find_themes([MORE[0], *SMALL, *MORE[1:], "Yet another late bus at night"], previous=second.memory)
    again = {theme.label: theme for theme in third.themes}

    assert set(again["Buses that come"].members) >= set(named["Buses that come"].members)
    assert again["A lone tree"].members == named["A lone tree"].members
    assert rent not in {theme.id for theme in third.themes}
    assert len(third.memory.edits) == 3


def test_a_merge_outlives_a_run_with_new_texts() -> None:
    first = find_themes(SMALL, k=3)
    one, two, *_ = (theme.id for theme in first.themes)
    both = set(first.themes[0].members) | set(first.themes[1].members)
    merged = find_themes(SMALL, previous=first.memory, edits=[Edit("merge", themes=(one, two), label="Both")])
    again = find_themes([*SMALL, *MORE], previous=merged.memory)

    for run in (merged, again):
        theme = next(theme for theme in run.themes if theme.label == "Both")
        assert set(theme.members) >= both
        assert two not in {theme.id for theme in run.themes}


def test_an_excluded_text_stays_out() -> None:
    first = find_themes(SMALL, k=3)
    gone = first.themes[0].members[0]
    second = find_themes(SMALL, previous=first.memory, edits=[Edit("exclude", texts=(gone,))])
    third = find_themes([*SMALL, *MORE], previous=second.memory)

    for run in (second, third):
        assert gone in run.excluded
        assert all(gone not in theme.members for theme in run.themes)


def test_a_moved_text_stays_where_a_person_put_it() -> None:
    first = find_themes(SMALL, k=3)
    home, other = first.themes[0], first.themes[1]
    moved = home.members[0]
    second = find_themes(SMALL, previous=first.memory, edits=[Edit("move", texts=(moved,), theme=other.id)])
    third = find_themes([*SMALL, *MORE], previous=second.memory)

    for run in (second, third):
        assert [theme.id for theme in run.themes if moved in theme.members] == [other.id]


def test_a_run_without_new_texts_or_acts_changes_nothing() -> None:
    first = find_themes(SMALL, k=3)
    again = find_themes(SMALL, previous=first.memory)

    assert [(theme.id, theme.members) for theme in again.themes] == [
        (theme.id, theme.members) for theme in first.themes
    ]


@pytest.mark.parametrize(
    "edit",
    [
        Edit("rename", theme="t99", label="x"),
        Edit("rename", theme="t1", label=" "),
        Edit("merge", themes=("t1",)),
        Edit("merge", themes=("t1", "t99")),
        Edit("split", theme="t1"),
        Edit("split", theme="t1", texts=("nobody",)),
        Edit("exclude"),
        Edit("move", texts=("1",), theme="t99"),
        Edit("paint", theme="t1"),
    ],
    ids=lambda edit: f"{edit.act}-{edit.theme}-{len(edit.texts)}-{len(edit.themes)}",
)
def test_an_act_on_what_is_not_there_is_refused_by_number(edit: Edit) -> None:
    with pytest.raises(Unusable, match="Act 1 "):
        find_themes(SMALL, edits=[edit])


@pytest.mark.parametrize("texts", [[], [""], ["  ", "\n"]], ids=["none", "empty", "blank"])
def test_no_text_is_refused_with_a_reason(texts: list[str]) -> None:
    with pytest.raises(Unusable, match="There is no text"):
        find_themes(texts)


def test_ids_that_stand_twice_are_refused() -> None:
    with pytest.raises(Unusable, match="a stands twice"):
        find_themes(["x", "y"], ids=["a", "a"])


@settings(max_examples=40, deadline=None)
@given(texts=st.lists(st.text(max_size=60), min_size=1, max_size=30))
def test_any_texts_at_all_give_a_run_or_a_reason(texts: list[str]) -> None:
    try:
        run = find_themes(texts)
    except Unusable:
        return

    assert run.texts == len(texts)


def test_an_encoder_stands_beside_the_words_and_is_named() -> None:
    run = find_themes(
        SMALL, encoder=lambda texts: np.array([[len(text), text.count("e"), 1] for text in texts]), encoder_name="toy"
    )

    assert run.method == "themes/words@1+toy"
    assert run.themes
