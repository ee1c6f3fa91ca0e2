"""The public API: what it says, what it never says, how few queries it takes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from ninja import Schema

from becontree.web import api
from tests.spec import api_answers
from tests.spec.scene import SECRETS, Scene, undone

pytestmark = pytest.mark.django_db
LISTS = [
    "voices", "conversations", "projects", "funds", "grants", "record/entries", "record/decisions",
    "record/checkpoints",
    "places/wards", "places/venues", "policies",
]  # fmt: skip


def details(scene: Scene) -> list[str]:
    things = scene.things
    return [
        f"voices/{things['voice'].handle}",
        f"conversations/{things['talk'].slug}",
        f"conversations/{things['talk'].slug}/statements",
        f"projects/{things['done'].project.slug}",
        f"projects/{things['live'].project.slug}",
        f"funds/{things['fund'].slug}",
        f"record/entries/{things['entry'].pk}",
        f"record/decisions/{things['decision'].pk}",
        f"record/thread?ref={things['done'].project.ref}",
        "record/checkpoints/latest",
        f"record/checkpoints/{things['checkpoint'].size}",
        f"places/wards/{things['ward'].code}",
        "policies/voices.read_days",
    ]


@pytest.mark.parametrize("address", LISTS)
def test_a_list_answers_in_at_most_twelve_queries(
    scene: Scene, client: Client, address: str, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(12):
        answer = client.get(f"/api/v1/{address}")

    assert answer.status_code == 200, answer.content
    assert answer.json()["count"] >= 1


def test_a_detail_answers_in_at_most_fifteen_queries(
    scene: Scene, client: Client, django_assert_max_num_queries: Any
) -> None:
    for address in details(scene):
        with django_assert_max_num_queries(15):
            answer = client.get(f"/api/v1/{address}")

        assert answer.status_code == 200, (address, answer.content)


def test_nothing_private_is_in_any_answer_whoever_asks(scene: Scene) -> None:
    names = {person.name for person in scene.people.values()} | {
        str(person.pk) for person in scene.people.values()
    }  # fmt: skip
    for role in ("anonymous", "officer:engagement", "officer:funding"):
        client = scene.client(role, second_factor=True)
        for address in [*LISTS, *details(scene)]:
            said = client.get(f"/api/v1/{address}").content.decode()
            told = [what for what, word in SECRETS.items() if word in said]

            assert told == [], (address, role)
            assert not [name for name in names if f'"{name}"' in said], (address, role)


def test_a_projects_sources_come_to_what_it_raised(scene: Scene, client: Client) -> None:
    for project in client.get("/api/v1/projects").json()["items"]:
        campaign = project["campaign"]
        parts = sum(campaign[part] for part in ("crowd_pence", "match_pence", "elsewhere_pence"))

        assert sum(source["pence"] for source in campaign["sources"]) == campaign["raised_pence"] == parts > 0


def test_a_fund_adds_up_and_its_grants_are_those_of_the_360giving_file(scene: Scene, client: Client) -> None:
    (fund,) = client.get("/api/v1/funds").json()["items"]
    grants = client.get(f"/api/v1/grants?fund={fund['slug']}").json()["items"]
    file = client.get("/funds/360giving.json").json()

    assert fund["paid_in_pence"] == fund["granted_pence"] + fund["promised_pence"] + fund["left_pence"]
    assert sum(grant["pence"] for grant in grants) == fund["granted_pence"] > 0
    assert {grant["id"] for grant in grants} == {grant["id"] for grant in file["grants"]}


def test_words_are_null_without_leave_to_show_them(scene: Scene, client: Client) -> None:
    shown = client.get(f"/api/v1/voices/{scene.things['voice'].handle}").json()
    quiet = client.get(f"/api/v1/voices/{scene.things['quiet'].handle}").json()

    assert (shown["words"], shown["language"]) == ("Somewhere to grow beans.", "en")
    assert (quiet["words"], quiet["language"]) == (None, "")


@pytest.mark.parametrize("what", ["waiting", "held"])
def test_a_voice_that_is_not_published_is_not_there(scene: Scene, client: Client, what: str) -> None:
    answer = client.get(f"/api/v1/voices/{scene.things[what].handle}")

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


def test_a_conversation_says_what_its_pages_say_and_nothing_while_votes_are_hidden(
    scene: Scene, client: Client, django_assert_max_num_queries: Any
) -> None:
    talk = scene.things["talk"]
    shown = client.get(f"/api/v1/conversations/{talk.slug}").json()
    with django_assert_max_num_queries(12):
        statements = client.get(f"/api/v1/conversations/{talk.slug}/statements").json()["items"]
    with undone():
        type(talk).objects.filter(pk=talk.pk).update(results="close")
        hidden = client.get(f"/api/v1/conversations/{talk.slug}").json()
        quiet = client.get(f"/api/v1/conversations/{talk.slug}/statements").json()["items"]
        file = json.loads(b"".join(client.get("/conversations/list.json").streaming_content))  # type: ignore[attr-defined]

    assert shown["question"] == "What should the square be?"
    assert shown["common_ground"] == []
    assert [one["words"] for one in statements] == [
        f"It should have {what}." for what in ("trees", "seats", "shade", "water", "a stage")
    ]
    assert hidden["groups"] is hidden["common_ground"] is hidden["votes"] is None
    assert {one["agree"] for one in quiet} == {None}
    assert [row["votes"] for row in file] == [None]


def test_a_conversation_that_has_not_opened_is_not_there(scene: Scene) -> None:
    slug = scene.things["talk-draft"].slug
    for address in (f"conversations/{slug}", f"conversations/{slug}/statements"):
        assert scene.client("organiser").get(f"/api/v1/{address}").status_code == 404


def test_a_draft_is_not_there_even_for_its_organiser(scene: Scene) -> None:
    answer = scene.client("organiser").get(f"/api/v1/projects/{scene.things['draft'].slug}")

    assert answer.status_code == 404


@pytest.mark.parametrize(
    "query",
    ["?page=-1", "?page=0", "?page=1e9", "?page=abc", "?page=1.0", "?page=", "?size=101", "?size=0", "?what=1",
     "?page=1&page=2", "?kind=shout", "?words=%00", "?ward=../etc", "?page=%D9%A1", "?page=100001"],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_with_its_name(scene: Scene, client: Client, query: str) -> None:
    answer = client.get(f"/api/v1/voices{query}")
    said = answer.json()

    assert answer.status_code == said["status"] == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert said["errors"][0]["where"] == ["query", query[1:].partition("=")[0]]


def test_past_the_end_there_is_nothing(scene: Scene, client: Client) -> None:
    assert client.get("/api/v1/voices?page=99").status_code == 404


def test_pages_follow_one_another_without_a_gap(scene: Scene, client: Client) -> None:
    whole = [ward["code"] for ward in client.get("/api/v1/places/wards").json()["items"]]
    seen, address = [], "/api/v1/places/wards?size=3"
    while address:
        answer = client.get(address).json()
        seen += [ward["code"] for ward in answer["items"]]
        address = answer["next"]

    assert seen == whole


def test_every_operation_declares_the_same_problem(scene: Scene, client: Client) -> None:
    document = client.get("/api/v1/openapi.json").json()

    assert document["openapi"].startswith("3.1")
    for address, operations in document["paths"].items():
        assert set(operations) == {"get"}, address
        for status in ("400", "404", "422", "429"):
            content = operations["get"]["responses"][status]["content"]

            assert content == {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


def test_every_answer_is_what_the_schema_says(scene: Scene, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api.problems, "LIMIT", 10**9)
    _, faults = api_answers.disagreements(client)

    assert faults == []


def test_every_answer_of_the_example_borough_is_what_the_schema_says(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.spec.api_answers", str(tmp_path)],
        capture_output=True, text=True, timeout=900, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    assert found["faults"] == []
    assert sum(found["asked"].values()) > 300


def test_no_two_schema_classes_share_a_name() -> None:
    """In the document a name is one schema: of two classes, the second would take the first one's place unseen."""
    modules = [module for name, module in sys.modules.items() if name.startswith("becontree.web.api")]
    classes = {
        kind
        for module in modules
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, Schema) and kind.__module__.startswith("becontree.")
    }
    names = Counter(kind.__name__ for kind in classes)

    assert len(names) > 30
    assert [name for name, times in names.items() if times > 1] == []


def test_every_field_and_parameter_is_described(scene: Scene, client: Client) -> None:
    document = client.get("/api/v1/openapi.json").json()
    bare = [
        f"{name}.{field}"
        for name, schema in document["components"]["schemas"].items()
        for field, about in schema.get("properties", {}).items()
        if not about.get("description")
    ] + [
        f"{address} {each['name']}"
        for address, operations in document["paths"].items()
        for each in operations["get"].get("parameters", ())
        if not (each.get("description") or each["schema"].get("description"))
    ]

    assert bare == []


def test_the_api_s_own_address_leads_to_its_page(client: Client, db: None) -> None:
    for address in ("/api/", "/api/v1/"):
        answer = client.get(address)

        assert (answer.status_code, answer["Location"]) == (302, "/api/v1/docs")


def test_too_many_requests_are_told_to_wait(scene: Scene, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api.problems, "LIMIT", 2)
    answers = [client.get("/api/v1/funds") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2]["Retry-After"] == "60"
    assert answers[2].json()["title"] == "Too Many Requests"


def test_any_other_address_is_a_problem_for_programs(client: Client, db: None) -> None:
    answer = client.get("/api/v1/people")

    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(scene: Scene, client: Client, method: str) -> None:
    assert getattr(client, method)("/api/v1/voices").status_code == 405


def test_the_page_for_programmers_lists_every_operation(client: Client, db: None) -> None:
    page = client.get("/api/v1/docs").content.decode()

    for address in api.schema()["paths"]:
        assert address in page


def test_open_data_lists_files_that_are_there_with_the_fields_they_have(scene: Scene, client: Client) -> None:
    page = client.get("/open-data/")
    for set_ in page.context["downloads"]:
        assert set_.links, set_.title
        for address, form in set_.links:
            answer = client.get(address)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content

            assert answer.status_code == 200, address
            if form == "CSV":
                head = body.decode("utf-8-sig").splitlines()[0].split(",")
                assert [name.strip('"') for name in head] == list(set_.fields), address
            if form == "JSON":
                assert json.loads(body)
