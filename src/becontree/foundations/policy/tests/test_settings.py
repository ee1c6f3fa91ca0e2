"""What a council sets for itself, and the pages that show and change it."""

import csv
import io
import json
import re
from datetime import UTC, date, datetime
from hashlib import sha256

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from becontree.foundations import policy
from becontree.foundations.access.gates import SECOND_FACTOR_KEY
from becontree.foundations.kit.errors import Invalid, NotAllowed
from becontree.foundations.people.actors import System
from becontree.foundations.people.models import Person, RoleHeld
from becontree.foundations.policy import registry, settings
from becontree.foundations.policy.models import CouncilSetting
from becontree.foundations.policy.rules import UnknownKey

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
KEY = "example.reminder_days"


@pytest.fixture(autouse=True)
def example(monkeypatch):
    monkeypatch.setattr(registry, "_known", {})
    settings.register(
        settings.Setting(
            KEY, "Days before the end", "When we remind people.", "whole", 3, unit="days", least=1, most=30
        )
    )
    settings.register(settings.Setting("example.fee", "Our fee", "What we keep.", "pence", 0, least=0))


WORDS = "example.words"
RUDE = ("crumpet", "damnable", "zounds")


@pytest.fixture
def list_of_words(example):
    settings.register(settings.Setting(WORDS, "Words to look at", "What we read first.", "words", "zounds,crumpet"))


@pytest.fixture
def administrator(db):
    person = Person.objects.create_user("admin@example.invalid", name="Ada")
    RoleHeld.objects.create(person=person, role="administrator", granted_at=NOW)
    return person


def set_days(value, by, **more):
    return settings.set_council(key=KEY, value=value, reason=more.pop("reason", "Asked for."), by=by, now=NOW, **more)


@pytest.mark.django_db
def test_the_default_holds_until_the_council_decides():
    assert settings.council(KEY, TODAY) == 3
    assert policy.at(TODAY).get(KEY) == 3


def test_each_version_holds_from_its_day(administrator):
    set_days(5, administrator)
    set_days(7, administrator, since=date(2026, 12, 1))

    assert [settings.council(KEY, date(2026, *day)) for day in ((11, 21), (11, 22), (11, 30), (12, 1))] == [3, 5, 5, 7]
    assert policy.at(date(2026, 11, 30)).value(KEY).source == "Set by this council: Asked for."


def test_of_two_on_one_day_the_later_stands(administrator):
    set_days(5, administrator)
    settings.set_council(key=KEY, value=6, reason="A slip.", by=administrator, now=NOW.replace(hour=10))

    assert settings.council(KEY, TODAY) == policy.at(TODAY).get(KEY) == 6


@pytest.mark.parametrize(
    ("value", "more", "field"),
    [
        (0, {}, "value"),
        (31, {}, "value"),
        ("5", {}, "value"),
        (True, {}, "value"),
        (5, {"reason": " "}, "reason"),
        (5, {"since": date(2026, 11, 21)}, "since"),
    ],
)
def test_a_value_that_cannot_stand_is_refused_with_its_field(administrator, value, more, field):
    with pytest.raises(Invalid) as refused:
        set_days(value, administrator, **more)

    assert list(refused.value.errors) == [field]


def test_only_administrators_and_the_software_may_set(administrator):
    resident = Person.objects.create_user("someone@example.invalid")
    with pytest.raises(NotAllowed):
        set_days(5, resident)

    set_days(5, System("example"), since=date(2020, 1, 1))

    assert settings.council(KEY, date(2020, 1, 1)) == 5


def test_a_setting_that_nobody_registered_is_named(administrator):
    with pytest.raises(UnknownKey, match=r"example.nothing"):
        settings.set_council(key="example.nothing", value=1, reason="?", by=administrator, now=NOW)


def test_what_was_set_is_never_changed(administrator):
    row = set_days(5, administrator)
    with pytest.raises(IntegrityError), transaction.atomic():
        CouncilSetting.objects.filter(pk=row.pk).update(value=9)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.delete()

    assert settings.council(KEY, TODAY) == 5


def test_a_text_that_is_not_there_says_so():
    setting = settings.Setting("example.bank", "Our bank", "", "text", "")
    assert (setting.shown(""), setting.typed(""), setting.shown("12")) == ("not set", "", "12")


def test_two_settings_of_one_key_are_refused():
    with pytest.raises(ValueError, match=KEY):
        settings.register(settings.Setting(KEY, "Other", "Other.", "whole", 4))


def test_a_default_out_of_bounds_is_refused():
    with pytest.raises(ValueError, match=r"The least is £1.00"):
        settings.Setting("example.least", "Least", "", "pence", 50, least=100)


@pytest.fixture
def desk(administrator):
    client = Client()
    client.force_login(administrator, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session[SECOND_FACTOR_KEY] = True
    session.save()
    return client


def test_everybody_reads_every_rule_with_its_source(client, administrator, django_assert_max_num_queries):
    set_days(5, administrator, since=date(2099, 1, 1))
    with django_assert_max_num_queries(12):
        page = client.get("/policy/").content.decode()

    assert "Subsidy Control Act 2022 section 36(1)" in page
    assert "£315,000.00" in page
    assert "Days before the end" in page
    assert "From 1 January 2099" in page


@pytest.mark.django_db
def test_the_rules_of_another_day_can_be_read(client):
    assert "Subsidy Control Act" not in client.get("/policy/?on=2020-01-01").content.decode()
    assert "was not a date" in client.get("/policy/?on=yesterday").content.decode()


@pytest.mark.django_db
def test_the_rules_can_be_taken_as_csv_and_json(client):
    rows = list(csv.DictReader(io.StringIO(client.get("/policy/rules.csv").content.decode())))
    found = json.loads(client.get("/policy/rules.json").content)["rules"]

    assert len(rows) == len(found) > 30
    assert {row["key"]: row["value"] for row in rows}["subsidy.minimal_assistance"] == "31500000"
    assert {row["key"]: row["value"] for row in found}[KEY] == 3


def test_a_setting_shows_everything_it_ever_was(client, administrator):
    set_days(5, administrator, reason="People asked for more time.")

    assert "People asked for more time." in client.get(f"/policy/setting/{KEY}/").content.decode()
    assert client.get("/policy/setting/example.nothing/").status_code == 404


def test_an_administrator_changes_a_setting(desk):
    answer = desk.post(
        f"/desk/policy/{KEY}/", {"value": "5", "since": "2099-01-01", "reason": "Asked for."}, follow=True
    )

    assert answer.redirect_chain == [("/desk/policy/", 302)]
    assert settings.council(KEY, date(2099, 1, 1)) == 5


def test_a_slip_in_the_form_is_said_beside_its_field(desk):
    answer = desk.post(f"/desk/policy/{KEY}/", {"value": "99", "since": "2001-01-01", "reason": "x"})
    page = answer.content.decode()

    assert "The most is 30 days." in page
    answer = desk.post(f"/desk/policy/{KEY}/", {"value": "9", "since": "2001-01-01", "reason": "x"})

    assert "What held on a day that has passed cannot be changed" in answer.content.decode()
    assert not CouncilSetting.objects.exists()


@pytest.mark.django_db
def test_the_desk_is_for_administrators(client):
    assert client.get("/desk/policy/").status_code == 302
    client.force_login(
        Person.objects.create_user("someone@example.invalid"),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )

    assert client.get("/desk/policy/").status_code == 403
    assert client.post(f"/desk/policy/{KEY}/", {"value": "5"}).status_code == 403


def test_a_list_of_words_is_told_of_and_read_by_who_asks(list_of_words, client, desk):
    desk.post(
        f"/desk/policy/{WORDS}/",
        {"value": "Zounds, crumpet ,damnable,, zounds", "since": timezone.localdate(), "reason": "One more was met."},
    )
    listed = client.get("/policy/").text
    page = client.get(f"/policy/setting/{WORDS}/").text
    folded = "".join(re.findall(r"<details><summary>Show the 3 words.*?</details>", page, flags=re.S))

    print_of_it = sha256(b"crumpet\ndamnable\nzounds\n").hexdigest()
    assert f"3 words (list {print_of_it[:8]})" in listed
    assert "Set by this council: One more was met." in listed
    assert not [word for word in RUDE if word in listed]
    assert f'href="/policy/setting/{WORDS}/"' in listed
    assert "Warning" in folded
    assert "crumpet, damnable, zounds" in folded
    assert print_of_it in page
    outside = re.sub(r"<details>.*?</details>", "", page, flags=re.S)
    assert not [word for word in RUDE if word in outside]


def test_the_desk_folds_the_words_and_the_form_holds_them(list_of_words, desk):
    listed = desk.get("/desk/policy/").text
    page = desk.get(f"/desk/policy/{WORDS}/").text

    assert "2 words (list " in listed
    assert not [word for word in RUDE if word in listed]
    assert "crumpet, zounds</textarea>" in page
    said = desk.post(f"/desk/policy/{WORDS}/", {"value": "x" * 2001, "since": timezone.localdate(), "reason": "r"}).text
    assert "id_value_error" in said
    told = desk.post(
        f"/desk/policy/{WORDS}/", {"value": "crumpet", "since": timezone.localdate(), "reason": "r"}, follow=True
    ).text
    assert "Words to look at: 1 word (list " in told
    assert "crumpet" not in told


@pytest.mark.django_db
def test_a_list_of_words_can_still_be_held_against_its_fingerprint(list_of_words, client):
    rules = {row["key"]: row for row in json.loads(client.get("/policy/rules.json").content)["rules"]}
    words = sorted(rules[WORDS]["value"].split(","))
    made = sha256("".join(f"{word}\n" for word in words).encode()).hexdigest()

    assert rules[WORDS]["shown"] == f"2 words (list {made[:8]})"
