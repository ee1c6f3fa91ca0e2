"""Tables of people and quotas: both forms are read, and each broken file gets its sentence with the place."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from becontree.formats.sortition_csv import read_pool, read_quotas, write_panel, write_quotas
from becontree.methods.findings import Unusable

PEOPLE = "id,age,sex\np1,old,f\np2,old,m\np3,young,f\np4,young,m\n"
QUOTAS = "feature,value,min,max\nage,old,0,2\nage,young,0,2\nsex,f,1,1\nsex,m,1,1\n"
FOUNDATION_QUOTAS = (
    "category,name,min,max,min_flex,max_flex\nAge,old,0,2,0,3\nAge,young,0,2,0,3\nSex,f,1,1,,\nSex,m,1,1,-1,-1\n"
)
FOUNDATION_PEOPLE = (
    "nationbuilder_id,first_name,email,age,sex,primary_address1,primary_zip\n"
    "1,Ann,a@example.org,old,f,1 Elm Road,RM1\n2,Bob,b@example.org,old,m,1 ELM ROAD,rm1\n"
    "3,Cid,c@example.org,young,f,2 Elm Road,RM1\n4,Dee,d@example.org,young,m,,\n"
)


def test_our_form_is_read() -> None:
    pool = read_pool(PEOPLE, QUOTAS, 2)

    assert pool.features == ("age", "sex")
    assert [person.id for person in pool.people] == ["p1", "p2", "p3", "p4"]
    assert (pool.quotas[0].name, pool.quotas[0].least, pool.quotas[0].most) == ("age: old", 0, 2)


def test_the_foundations_form_is_read_with_flex_limits_and_addresses() -> None:
    pool = read_pool(FOUNDATION_PEOPLE, FOUNDATION_QUOTAS, 2, address=("primary_address1", "primary_zip"))

    assert pool.by_address
    assert (pool.quotas[0].floor, pool.quotas[0].ceiling) == (0, 3)
    assert (pool.quotas[-1].floor, pool.quotas[-1].ceiling) == (None, None)
    assert pool.people[0].address == pool.people[1].address != pool.people[2].address
    assert pool.people[3].address == ""


@pytest.mark.parametrize(
    "people",
    [
        PEOPLE.replace("\n", "\r\n"),
        "\ufeff" + PEOPLE,
        PEOPLE.replace(",", ";"),
        PEOPLE.replace(",", "\t"),
        PEOPLE.replace("old", "  old "),
        PEOPLE + "\n\n",
        PEOPLE.replace("id,age,sex", "ID,Age,SEX"),
    ],
)
def test_harmless_differences_change_nothing(people: str) -> None:
    assert read_pool(people.encode(), QUOTAS, 2) == read_pool(PEOPLE, QUOTAS, 2)


def q(row: str) -> str:
    return QUOTAS + row + "\n"


def p(row: str) -> str:
    return PEOPLE + row + "\n"


# name: (people, quotas, code, what the sentence must say)
BROKEN: dict[str, tuple[str | bytes, str | bytes, str, str]] = {
    "quotas empty": (PEOPLE, "", "table.empty", "The file is empty"),
    "quotas only a heading": (PEOPLE, "feature,value,min,max\n", "sortition.quotas.none", "no quotas"),
    "quotas without feature": (PEOPLE, QUOTAS.replace("feature", "thing"), "sortition.quotas.feature", "line 1"),
    "quotas without value": (PEOPLE, QUOTAS.replace("value", "thing"), "sortition.quotas.value", "'value' or 'name'"),
    "quotas without min": (PEOPLE, QUOTAS.replace("min", "least"), "sortition.quotas.min", "least number"),
    "quotas without max": (PEOPLE, QUOTAS.replace("max", "most"), "sortition.quotas.max", "greatest number"),
    "min is a word": (PEOPLE, q("age,odd,few,2"), "table.cell.whole", "line 6, min"),
    "max is a word": (PEOPLE, q("age,odd,0,many"), "table.cell.whole", "line 6, max"),
    "min is empty": (PEOPLE, q("age,odd,,2"), "table.cell.whole", "line 6, min"),
    "max is empty": (PEOPLE, q("age,odd,0,"), "table.cell.whole", "line 6, max"),
    "min is a fraction": (PEOPLE, q("age,odd,0.5,2"), "table.cell.whole", "'0.5' is not a whole number"),
    "max is a percentage": (PEOPLE, q("age,odd,0,10%"), "table.cell.whole", "'10%' is not a whole number"),
    "min is below zero": (PEOPLE, q("age,odd,-1,2"), "table.cell.range", "at least 0"),
    "max is absurd": (PEOPLE, q("age,odd,0,99999999"), "table.cell.range", "at most 200000"),
    "max is endless": (PEOPLE, q("age,odd,0," + "9" * 30), "table.cell.whole", "line 6, max"),
    "max below min": (PEOPLE, q("age,odd,3,2"), "sortition.quota.range", "The most (2) is below the least (3)"),
    "category empty": (PEOPLE, q(" ,odd,0,2"), "sortition.quota.feature", "line 6"),
    "answer of a quota empty": (PEOPLE, q("age, ,0,2"), "sortition.quota.value", "line 6"),
    "quota twice": (PEOPLE, q("age,old,0,2"), "sortition.quota.twice", "already given on line 2"),
    "quota twice but for spaces": (PEOPLE, q("age, old ,0,2"), "sortition.quota.twice", "already given on line 2"),
    "flex above min": (PEOPLE, "feature,value,min,max,min_flex,max_flex\nage,old,1,2,2,3\n", "sortition.quota.min_flex",
                       "lower limit (2)"),
    "flex below max": (PEOPLE, "feature,value,min,max,min_flex,max_flex\nage,old,1,2,0,1\n", "sortition.quota.max_flex",
                       "upper limit (1)"),
    "flex a word": (PEOPLE, "feature,value,min,max,min_flex,max_flex\nage,old,1,2,none,3\n", "table.cell.whole",
                    "line 2, min_flex"),
    "quota row too short": (PEOPLE, q("age,odd,0"), "table.row.ragged", "line 6"),
    "quota row too long": (PEOPLE, q("age,odd,0,2,7"), "table.row.ragged", "line 6"),
    "quota columns named twice": (PEOPLE, QUOTAS.replace("value", "feature"), "table.column.twice", "this name"),
    "people empty": ("", QUOTAS, "table.empty", "The file is empty"),
    "people only a heading": ("id,age,sex\n", QUOTAS, "sortition.people.none", "Nobody is in the file"),
    "people without ids": (PEOPLE.replace("id,", "who,"), QUOTAS, "sortition.people.id", "No column holds the ids"),
    "people without a category": (PEOPLE.replace("sex", "gender"), QUOTAS, "sortition.people.feature", "'sex'"),
    "id empty": (p(",old,f"), QUOTAS, "sortition.id.empty", "line 6, id"),
    "id twice": (p("p1,old,f"), QUOTAS, "sortition.id.twice", "already on line 2"),
    "id twice but for spaces": (p(" p1 ,old,f"), QUOTAS, "sortition.id.twice", "already on line 2"),
    "answer missing": (p("p5,,f"), QUOTAS, "sortition.answer.empty", "line 6, age"),
    "answer unknown": (p("p5,ancient,f"), QUOTAS, "sortition.answer.unknown", "'ancient'"),
    "answer in other capitals": (p("p5,Old,f"), QUOTAS, "sortition.answer.unknown", "Did you mean 'old'?"),
    "answer with a look-alike letter": (p("p5,оld,f"), QUOTAS, "sortition.answer.unknown", "The quotas know"),
    "person's row too short": (p("p5,old"), QUOTAS, "table.row.ragged", "This row has 2 cells"),
    "person's row too long": (p("p5,old,f,x"), QUOTAS, "table.row.ragged", "This row has 4 cells"),
    "quote never closed": (p('p5,"old,f'), QUOTAS, "table.quote.open", "never closed"),
    "text after a closing quote": (p('p5,"old"er,f'), QUOTAS, "table.quote", "closing quote"),
    "people in Latin-1": (p("p5,vi\u00e9ux,f").encode("latin-1"), QUOTAS, "table.encoding", "not UTF-8"),
    "quotas in Latin-1": (PEOPLE, q("age,vi\u00e9ux,0,2").encode("latin-1"), "table.encoding", "not UTF-8"),
    "a spreadsheet renamed": (b"PK\x03\x04\x00\x00,\x00", QUOTAS, "table.nul", "NUL"),
    "columns of people named twice": (PEOPLE.replace("sex", "age"), QUOTAS, "table.column.twice", "this name"),
    "column of people unnamed": ("id,,age,sex\np1,x,old,f\n", QUOTAS, "table.column.unnamed", "Column 2"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_gets_its_sentence(name: str) -> None:
    people, quotas, code, words = BROKEN[name]

    with pytest.raises(Unusable) as refused:
        read_pool(people, quotas, 2)
    assert code in [finding.code for finding in refused.value.findings]
    assert words in str(refused.value)


def test_all_broken_rows_are_told_at_once() -> None:
    with pytest.raises(Unusable) as refused:
        read_pool(p("p5,ancient,f") + "p6,old,x\n", QUOTAS, 2)

    assert [finding.line for finding in refused.value.findings] == [6, 7]


def test_a_missing_address_column_is_named() -> None:
    with pytest.raises(Unusable) as refused:
        read_pool(PEOPLE, QUOTAS, 2, address=("street",))

    assert refused.value.findings[0].code == "sortition.address"


def test_quotas_survive_writing_and_reading() -> None:
    for text in (QUOTAS, FOUNDATION_QUOTAS):
        quotas = read_quotas(text)

        assert read_quotas(write_quotas(quotas)) == quotas


def test_a_panel_is_written_safe_for_a_spreadsheet() -> None:
    pool = read_pool(PEOPLE.replace("p1", "=p1"), QUOTAS, 2)

    assert "'=p1,old,f" in write_panel(pool.people, pool.features)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.booleans())
def test_no_bytes_make_a_traceback(data: bytes, people: bool) -> None:
    with suppress(Unusable):
        assert read_pool(data if people else PEOPLE, QUOTAS if people else data, 2).people


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet='idagesx,;"\n\r\t p1old0\u00e9', max_size=120), st.booleans())
def test_no_text_makes_a_traceback(text: str, people: bool) -> None:
    with suppress(Unusable):
        assert read_pool(PEOPLE + text if people else PEOPLE, QUOTAS if people else QUOTAS + text, 2).people
