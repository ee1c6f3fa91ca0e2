"""What people do with themes can be undone and replayed, and a new run keeps it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from becontree.citizenship.manifesto.sorting import Act, Base, State, Suggested, carry_over, replay

BASE = Base(
    themes={code: Suggested(code, (f"word {code}",), (1,), (2,)) for code in ("t1", "t2", "t3")},
    placed={1: {"t1": 900}, 2: {"t1": 400, "t2": 500}, 3: {"t2": 800}, 4: {"t3": 700}},
    guesses={5: ("t1", 300), 6: ("t3", 200)},
)
CODES = st.sampled_from(["t1", "t2", "t3", "p1", "p2"])
CLAUSES = st.lists(st.integers(1, 6), min_size=1, max_size=4, unique=True).map(tuple)
ACTS = st.one_of(
    st.builds(Act, st.sampled_from(["name"]), theme=CODES, label=st.sampled_from(["Buses", "Parks"])),
    st.builds(Act, st.sampled_from(["hide", "show"]), theme=CODES),
    st.builds(Act, st.just("merge"), themes=st.lists(CODES, min_size=2, max_size=3).map(tuple)),
    st.builds(Act, st.just("seed"), new=st.sampled_from(["p1", "p2"]), clauses=CLAUSES, label=st.just("New")),
    st.builds(Act, st.just("split"), theme=CODES, new=st.sampled_from(["p1", "p2"]), clauses=CLAUSES),
    st.builds(Act, st.sampled_from(["move", "add", "remove", "keep"]), theme=CODES, clauses=CLAUSES),
    st.builds(Act, st.just("place"), themes=st.lists(CODES, max_size=2).map(tuple), clauses=CLAUSES),
    st.builds(Act, st.sampled_from(["exclude", "include"]), clauses=CLAUSES),
)


def seen(state: State) -> object:
    """What a page would show: who is where, under which name."""
    themes = {c: (t.label, t.named, t.hidden) for c, t in state.themes.items() if not t.gone}
    return themes, {clause: set(held) for clause, held in state.placed.items()}, state.excluded, state.touched


def members(state: State, code: str) -> list[int]:
    return sorted(state.members(code))


def test_without_acts_it_is_what_the_machine_suggested() -> None:
    state = replay(BASE, [])

    assert members(state, "t1") == [1, 2]
    assert not any(theme.named for theme in state.themes.values())
    assert state.guesses == {5: ("t1", 300), 6: ("t3", 200)}


def test_a_merge_takes_texts_names_and_guesses_along() -> None:
    state = replay(BASE, [Act("name", theme="t3", label="Parks"), Act("merge", themes=("t1", "t3"))])

    assert members(state, "t1") == [1, 2, 4]
    assert state.live("t3") is None
    assert (state.themes["t1"].label, state.themes["t1"].named) == ("Parks", True)
    assert state.guesses[6] == ("t1", 200)


def test_a_split_takes_only_its_own_texts() -> None:
    state = replay(BASE, [Act("split", theme="t1", new="p1", clauses=(2,), label="Night buses")])

    assert (members(state, "t1"), members(state, "p1")) == ([1], [2])
    assert members(state, "t2") == [2, 3]


def test_a_second_theme_leaves_the_first() -> None:
    state = replay(BASE, [Act("add", theme="t3", clauses=(1,))])

    assert (members(state, "t1"), members(state, "t3")) == ([1, 2], [1, 4])


def test_what_is_left_out_is_nowhere_until_it_is_taken_back() -> None:
    out = replay(BASE, [Act("exclude", clauses=(1,), reason="spam")])
    back = replay(BASE, [Act("exclude", clauses=(1,)), Act("include", clauses=(1,))])

    assert (1 in out.placed, out.excluded) == (False, {1: "spam"})
    assert (1 in back.placed, back.excluded, 1 in back.touched) == (False, {}, True)


def test_an_act_about_a_theme_that_was_never_begun_does_nothing_and_says_so() -> None:
    state = replay(BASE, [Act("name", theme="p1", label="x"), Act("move", theme="p1", clauses=(1,))])

    assert state.idle == [0, 1]
    assert seen(state) == seen(replay(BASE, []))


@given(st.lists(ACTS, max_size=12), st.data())
def test_undoing_an_act_is_as_if_it_had_never_been(acts: list[Act], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(acts)))
    extra = data.draw(ACTS)
    done = [*acts[:at], extra, *acts[at:]]

    assert seen(replay(BASE, [*done[:at], *done[at + 1 :]])) == seen(replay(BASE, acts))


@given(st.lists(ACTS, max_size=12))
def test_nothing_is_ever_lost_or_in_a_theme_that_is_not_there(acts: list[Act]) -> None:
    state = replay(BASE, acts)
    live = {code for code, theme in state.themes.items() if not theme.gone}

    assert all(set(held) <= live and held for held in state.placed.values())
    assert not state.placed.keys() & state.excluded.keys()
    assert not state.placed.keys() & state.guesses.keys()
    assert all(guess in live for guess, _ in state.guesses.values())


@given(st.lists(ACTS, max_size=12))
def test_a_new_run_that_knows_nothing_of_the_acts_keeps_every_one_of_them(acts: list[Act]) -> None:
    fresh = Base(themes={"t9": Suggested("t9", ("bins",))}, placed={7: {"t9": 600}, 5: {"t9": 500}, 1: {"t9": 400}})
    before = replay(BASE, acts)
    after = replay(carry_over(BASE, fresh, acts), acts)

    assert after.idle == before.idle
    for clause in before.touched:
        was, now = before.placed.get(clause, {}), after.placed.get(clause, {})
        assert now.keys() <= was.keys(), clause
        assert {code for code, near in was.items() if near is None} <= now.keys(), clause
    for code, theme in before.themes.items():
        if theme.touched and not theme.gone:
            assert (after.themes[code].label, after.themes[code].named) == (theme.label, theme.named)


@given(st.lists(ACTS, max_size=8))
def test_what_is_kept_as_text_is_read_back_as_it_was(acts: list[Act]) -> None:
    assert [Act.of(act.kind, act.as_dict()) for act in acts] == acts
    assert Base.of(BASE.as_dict()) == BASE
