"""The pages of places: the map for everybody, the import for an administrator."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from becontree.cli import main
from becontree.foundations.access.gates import SECOND_FACTOR_KEY
from becontree.foundations.people.actors import System
from becontree.foundations.people.models import Person, RoleHeld
from becontree.foundations.places import actions, queries
from becontree.foundations.places.models import Load

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
EXAMPLE = Path(actions.__file__).parent / "example"
pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client: Client) -> Client:
    person = Person.objects.create_user("admin@example.org")
    RoleHeld.objects.create(person=person, role="administrator", granted_at=NOW, grant_reason="test")
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session[SECOND_FACTOR_KEY] = timezone.now().timestamp()
    session.save()
    return client


def test_an_empty_borough_says_what_to_do_next(client: Client) -> None:
    assert b"becontree import wards" in client.get("/places/").content


def test_everybody_sees_the_map_its_table_and_each_ward(client: Client, django_assert_max_num_queries) -> None:
    for name in ("wards", "venues"):
        path = next(EXAMPLE.glob(f"{name}.*"))
        actions.IMPORTS[name](path.read_bytes(), by=System("test"), now=NOW)
    with django_assert_max_num_queries(12):
        body = client.get("/places/").content.decode()

    assert body.count('class="ward"') == 12
    assert "Market Cross Library" in body
    assert client.get("/places/F06/").status_code == 200
    assert client.get("/places/NOPE/").status_code == 404
    for address in ("/places/wards.csv", "/places/venues.csv", "/places/wards.geojson"):
        assert client.get(address).status_code == 200


def test_what_we_publish_can_be_imported_again(client: Client) -> None:
    actions.import_wards((EXAMPLE / "wards.geojson").read_bytes(), by=System("test"), now=NOW)
    published = client.get("/places/wards.geojson").content

    assert len(actions.import_wards(published, by=System("test"), now=NOW)) == 12


def test_an_administrator_looks_first_and_then_uses_the_file(administrator: Client) -> None:
    file = SimpleUploadedFile("wards.geojson", (EXAMPLE / "wards.geojson").read_bytes())
    answer = administrator.post("/desk/places/", {"kind": "wards", "file": file})

    assert queries.wards().count() == 0
    assert b"Market Cross" in administrator.get(answer["Location"]).content
    administrator.post(answer["Location"])
    assert queries.wards().count() == 12
    assert Load.objects.get().content == ""
    assert administrator.post(answer["Location"]).status_code == 409


def test_a_bad_file_is_explained_on_the_page(administrator: Client) -> None:
    file = SimpleUploadedFile("wards.csv", b"code,name,wkt\nW1,One,CIRCLE(2)\n")
    answer = administrator.post("/desk/places/", {"kind": "wards", "file": file})

    assert answer.status_code == 422
    assert b"line 2" in answer.content


def test_a_resident_may_not_bring_files(client: Client) -> None:
    client.force_login(
        Person.objects.create_user("a@example.org"), backend="allauth.account.auth_backends.AuthenticationBackend"
    )

    assert client.get("/desk/places/").status_code == 403


def test_the_command_imports_or_says_why_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("code,name\nW1,\n")

    assert main(["import", "wards", str(EXAMPLE / "wards.geojson")]) == 0
    assert "12 wards were imported" in capsys.readouterr().out
    assert main(["import", "wards", str(EXAMPLE / "wards.geojson"), "--check"]) == 0
    assert main(["import", "wards", str(bad)]) == 1
    assert "line 2" in capsys.readouterr().err
    assert main(["import", "wards", str(tmp_path / "none.csv")]) == 2
    assert queries.wards().count() == 12
