"""Exports of Decidim, CONSUL and Citizen Space: read in every dress that is documented, refused by name if broken."""

import io
import json
import zipfile

import pytest

from becontree.formats.platforms import READERS, read_citizen_space, read_consul, read_decidim
from becontree.methods.findings import Unusable

DECIDIM = (
    "id;category/id;category/name/en;scope/name/en;title/en;title/ca;body/en;state;supports;url;published_at\n"
    '7;1;Parks;Heath;More benches;Més bancs;"Two, by the pond";accepted;31;https://example.org/7;2026-01-02\n'
    "9;1;Parks;;;Només en català;Text;;;https://example.org/9;\n"
)
CONSUL_HEAD = (
    "ID,Title,Description,Administrator,Valuator,Valuation Group,Scope of operation,Feasibility,Val. Fin.,"
    "Unfeasibility explanation,Selected,Show to valuators,Author username\n"
)
CONSUL = CONSUL_HEAD + '3,Lights,More light,None,-,-,Whole city,"Feasible (€10,000)",Yes,-,Yes,No,ana\n'
CITIZEN = (
    "Response ID,Submitted,What would help?,Please explain,Please explain\nANON-1,2026-01-02,Benches,Shade,Water\n"
)


def zipped(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return out.getvalue()


def test_decidim_csv_with_translations():
    first, second = read_decidim(DECIDIM.encode()).ideas

    assert (first.id, first.title, first.text, first.supports) == ("7", "More benches", "Two, by the pond", 31)
    assert (first.place, first.category, first.state) == ("Heath", "Parks", "accepted")
    assert first.more == {"category/id": "1", "title/ca": "Més bancs"}
    assert (second.title, second.supports, second.place) == ("Només en català", None, "")
    assert read_decidim(DECIDIM.encode(), language="ca").ideas[0].title == "Més bancs"


def test_decidim_json_and_zip_are_the_same_ideas():
    facts = [{"id": 7, "title": {"en": "More benches", "ca": "x"}, "supports": 31, "meeting_urls": ["a", "b"]}]
    from_json = read_decidim(json.dumps(facts).encode()).ideas
    packed = zipped(**{"open-data/users.csv": "id\n1\n", "open-data/decidim-proposals.csv": DECIDIM, "README.md": "hi"})

    assert (from_json[0].id, from_json[0].title, from_json[0].supports) == ("7", "More benches", 31)
    assert from_json[0].more["meeting_urls"] == "a, b"
    assert read_decidim(packed).ideas == read_decidim(DECIDIM.encode()).ideas


def test_consul_csv_in_any_language_and_json():
    spanish = CONSUL.replace("Title", "Título").replace("Feasibility", "Viabilidad")
    idea = read_consul(CONSUL.encode()).ideas[0]

    assert (idea.id, idea.title, idea.place, idea.price) == ("3", "Lights", "Whole city", "€10,000")
    assert idea.state == "Feasible; Yes"
    assert read_consul(spanish.encode()).ideas[0].title == "Lights"
    assert read_consul(b'{"investments": [{"id": 3, "title": "Lights", "description": "x"}]}').ideas[0].text == "x"


def test_citizen_space_keeps_the_words_of_each_question():
    found = read_citizen_space(CITIZEN.encode())

    assert found.questions == ("What would help?", "Please explain", "Please explain (2)")
    assert found.responses[0].answers["Please explain (2)"] == "Water"
    assert (found.responses[0].id, found.responses[0].submitted) == ("ANON-1", "2026-01-02")


def test_citizen_space_without_ids_counts_lines_and_says_so():
    found = read_citizen_space(b"What would help?\nBenches\n")

    assert found.responses[0].id == "line 2"
    assert found.findings[0].code == "citizenspace.id"


HUGE = zipped(**{f"f{n}.txt": "" for n in range(2001)})
BROKEN = [
    ("decidim", "empty", b"", "table.empty"),
    ("decidim", "no id", b"title/en;body\nx;y\n", "platform.field"),
    ("decidim", "no title", b"id;title/en\n1;\n", "platform.field"),
    ("decidim", "twice", b"id;title/en\n1;a\n1;b\n", "platform.twice"),
    ("decidim", "ragged", b"id;title/en\n1;a;b\n", "table.row.ragged"),
    ("decidim", "json cut", b'[{"id": 1', "platform.json"),
    ("decidim", "json of text", b'["a"]', "platform.json"),
    ("decidim", "json object", b'{"a": 1}', "platform.json"),
    ("decidim", "json too deep", b"[" * 100_000, "platform.json"),
    ("decidim", "zip without proposals", zipped(**{"users.csv": "id\n1\n"}), "decidim.zip"),
    ("decidim", "zip cut", zipped(**{"x-proposals.csv": DECIDIM})[:60], "decidim.zip"),
    ("decidim", "zip of too many", HUGE, "decidim.zip"),
    ("consul", "columns", b"a,b\n1,2\n", "consul.columns"),
    ("consul", "no title", (CONSUL_HEAD + "3,,x,,,,,,,,,,\n").encode(), "platform.field"),
    ("consul", "twice", (CONSUL + "3,Lights,,,,,,,,,,,\n").encode(), "platform.twice"),
    ("consul", "json without id", b'[{"title": "x"}]', "platform.field"),
    ("citizen-space", "workbook", zipped(**{"xl/workbook.xml": ""}), "citizenspace.xlsx"),
    ("citizen-space", "no questions", b"Response ID\n1\n", "citizenspace.questions"),
    ("citizen-space", "id twice", CITIZEN.encode() + b"ANON-1,,,,\n", "citizenspace.id"),
    ("citizen-space", "no id in a row", CITIZEN.encode() + b",2026-01-01,a,b,c\n", "citizenspace.id"),
    ("citizen-space", "too many cells", b"Response ID,Q\n1,a,b\n", "table.row.ragged"),
]


@pytest.mark.parametrize(
    ("reader", "data", "code"), [(r, d, c) for r, _, d, c in BROKEN], ids=[f"{r}: {name}" for r, name, _, _ in BROKEN]
)
def test_a_broken_export_is_refused_by_name(reader, data, code):
    with pytest.raises(Unusable) as refused:
        READERS[reader](data, file="export")

    assert refused.value.findings[0].code == code
    assert refused.value.findings[0].message
