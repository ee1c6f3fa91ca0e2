"""Signing in through the pages: a code by e-mail, no password, limits, a second factor for the desk."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse

from becontree.foundations.people import actions
from becontree.foundations.people.actors import System
from becontree.foundations.people.models import Person

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SETUP = System("test")
CODE = re.compile(r"^[B-Z]{4}-[B-Z]{4}$", re.M)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clean_limits() -> None:
    cache.clear()


def somebody(email: str = "ada@example.org", **more: Any) -> Person:
    return actions.register(email=email, email_verified=True, by=SETUP, now=NOW, **more)


def code_in_the_post() -> str:
    found = CODE.search(str(mail.outbox[-1].body))
    assert found, mail.outbox[-1].body
    return found.group()


def sign_in(client: Client, email: str = "ada@example.org", **more: str) -> Any:
    client.post("/account/login/", {"login": email, **more})
    return client.post("/account/login/code/confirm/", {"code": code_in_the_post(), **more})


def enrol(person: Person) -> str:
    """Give the person an authenticator app; returns its secret."""
    secret = "JBSWY3DPEHPK3PXP"
    Authenticator.objects.create(
        user=person, type=Authenticator.Type.TOTP, data={"secret": get_adapter().encrypt(secret)}
    )
    return secret


def totp(secret: str) -> str:
    counters = list(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(secret, counters[len(counters) // 2]))


def prove_again(client: Client) -> None:
    """As if the person had just said once more that it is them."""
    session = client.session
    for record in session["account_authentication_methods"]:
        record["reauthenticated"] = True
        record["at"] = time.time()
    session.save()


def test_a_code_by_mail_signs_in(client: Client) -> None:
    person = somebody()

    answer = sign_in(client)

    assert (answer.status_code, answer["Location"]) == (302, "/my/")
    assert client.session["_auth_user_id"] == str(person.pk)


def test_a_person_put_in_by_hand_signs_in_and_is_confirmed_by_it(client: Client) -> None:
    person = actions.register(email="ada@example.org", by=SETUP, now=NOW)

    assert sign_in(client).status_code == 302
    assert person.emailaddress_set.get().verified  # type: ignore[attr-defined]


def test_a_wrong_code_three_times_ends_the_attempt(client: Client) -> None:
    somebody()
    client.post("/account/login/", {"login": "ada@example.org"})
    right = code_in_the_post()

    for _ in range(3):
        client.post("/account/login/code/confirm/", {"code": "BBBB-BBBB"})
    client.post("/account/login/code/confirm/", {"code": right})

    assert "_auth_user_id" not in client.session


def test_signing_up_takes_an_address_and_its_code(client: Client) -> None:
    client.post("/account/signup/", {"email": "New@Example.org"})
    assert "_auth_user_id" not in client.session

    answer = client.post("/account/confirm-email/", {"code": code_in_the_post()})

    person = Person.objects.get(email="new@example.org")
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(person.pk)
    assert person.created_at is not None
    assert not person.has_usable_password()


def test_the_pages_do_not_tell_who_has_an_account() -> None:
    somebody("known@example.org")
    seen = {}
    for name in ("known", "unknown"):
        for address, field in (("/account/login/", "login"), ("/account/signup/", "email")):
            client = Client()
            first = client.post(address, {field: f"{name}@example.org"})
            page = client.get(first["Location"])
            text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.content.decode())
            text = re.sub(r'nonce="[^"]+"', "", text).replace(f"{name}@example.org", "X")
            seen[name, field] = (first.status_code, first["Location"], page.status_code, text)

    assert seen["known", "login"] == seen["unknown", "login"]
    assert seen["known", "email"] == seen["unknown", "email"]


def test_the_owner_of_a_taken_address_is_told_by_mail_only(client: Client) -> None:
    somebody("known@example.org")

    client.post("/account/signup/", {"email": "known@example.org"})

    assert "You have one already" in mail.outbox[-1].body
    assert "/account/login/" in mail.outbox[-1].body
    assert Person.objects.filter(email="known@example.org").count() == 1


def test_asking_for_codes_is_limited_in_the_shared_cache(client: Client) -> None:
    somebody()
    answers = [Client().post("/account/login/", {"login": "ada@example.org"}) for _ in range(5)]

    assert sum(answer.status_code == 302 for answer in answers) == 3
    assert len(mail.outbox) == 3
    assert settings.CACHES["default"]["BACKEND"].endswith("DatabaseCache")


@pytest.mark.parametrize(
    "name",
    ["account_change_password", "account_set_password", "account_reset_password", "account_reset_password_from_key"],
)
def test_there_is_no_password_page(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize("path", ["password/change/", "password/reset/", "password/set/", "signup/passkey/"])
def test_password_addresses_do_not_exist(client: Client, path: str) -> None:
    assert client.get(f"/account/{path}").status_code == 404


def test_no_page_asks_for_a_password(client: Client) -> None:
    for path in ("login/", "signup/", "login/code/"):
        page = client.get(f"/account/{path}").content.decode()
        assert 'type="password"' not in page


def test_next_may_not_lead_away(client: Client) -> None:
    somebody()

    answer = sign_in(client, next="https://evil.example/")

    assert answer["Location"] == "/my/"


def test_an_erased_person_cannot_come_back_in(client: Client) -> None:
    person = somebody()
    sign_in(client)
    actions.erase(person=person, by=person, now=NOW)

    assert client.get("/people/me/").status_code == 302
    other = Client()
    other.post("/account/login/", {"login": "ada@example.org"})
    assert "no account" in mail.outbox[-1].body


def administrator(email: str = "ada@example.org") -> Person:
    person = somebody(email)
    actions.grant_role(person=person, role="administrator", by=SETUP, now=NOW)
    return person


def test_the_desk_leads_a_worker_without_a_second_factor_to_set_one_up(client: Client) -> None:
    administrator()
    sign_in(client)

    answer = client.get("/desk/people/", follow=True)

    assert answer.redirect_chain[0][0] == "/access/second-factor/?next=/desk/people/"
    assert "Set up a second factor" in answer.content.decode()
    assert client.get("/account/second-factor/totp/activate/").status_code == 200


def test_setting_up_an_app_through_the_pages(client: Client) -> None:
    person = administrator()
    sign_in(client)
    page = client.get("/account/second-factor/totp/activate/")
    secret = page.context["form"].secret

    answer = client.post("/account/second-factor/totp/activate/", {"code": totp(secret)}, follow=True)

    stored = Authenticator.objects.get(user=person, type="totp")
    assert secret not in str(stored.data)
    assert "Is it still you?" in answer.content.decode()
    assert client.get("/desk/people/").status_code == 302
    codes = client.post(answer.redirect_chain[-1][0], {"code": totp(secret)}, follow=True)
    assert "Your recovery codes" in codes.content.decode()
    assert len(codes.context["unused_codes"]) == 10
    assert client.get("/desk/people/").status_code == 200


def test_a_code_of_the_app_opens_the_desk_and_no_code_works_twice(client: Client) -> None:
    person = administrator()
    sign_in(client)
    code = totp(enrol(person))

    wrong = client.post("/access/second-factor/", {"code": "000000"})
    answer = client.post("/access/second-factor/", {"code": code, "next": "/desk/people/"})

    assert wrong.status_code == 400
    assert (answer.status_code, answer["Location"]) == (302, "/desk/people/")
    assert client.get("/desk/people/").status_code == 200
    other = Client()
    sign_in(other)
    assert other.post("/account/second-factor/authenticate/", {"code": code}).status_code == 200
    assert "_auth_user_id" not in other.session


def test_signing_in_with_the_second_factor_opens_the_desk_at_once(client: Client) -> None:
    person = administrator()
    secret = enrol(person)

    first = sign_in(client)
    assert first["Location"] == "/account/second-factor/authenticate/"
    client.post("/account/second-factor/authenticate/", {"code": totp(secret)})

    assert client.get("/desk/people/").status_code == 200


@pytest.mark.parametrize("kind", ["totp", "webauthn"])
def test_whoever_works_here_keeps_one_second_factor(client: Client, kind: str) -> None:
    person = administrator()
    secret = enrol(person)
    sign_in(client)
    client.post("/account/second-factor/authenticate/", {"code": totp(secret)})
    prove_again(client)
    first = Authenticator.objects.get(user=person, type="totp")
    if kind == "webauthn":
        Authenticator.objects.filter(pk=first.pk).update(type=kind, data={"name": "Key", "credential": {}})
    away = {"totp": "totp/deactivate/", "webauthn": f"webauthn/keys/{first.pk}/remove/"}[kind]

    page = client.post(f"/account/second-factor/{away}", follow=True).content.decode()
    assert "Set up another one first." in page
    assert Authenticator.objects.filter(pk=first.pk).exists()

    Authenticator.objects.create(user=person, type="webauthn", data={"name": "Second", "credential": {}})
    client.post(f"/account/second-factor/{away}", follow=True)
    assert not Authenticator.objects.filter(pk=first.pk).exists()


def test_a_resident_may_take_their_only_second_factor_away(client: Client) -> None:
    person = actions.register(email="rita@example.org", email_verified=True, by=SETUP, now=NOW)
    secret = enrol(person)
    sign_in(client, "rita@example.org")
    client.post("/account/second-factor/authenticate/", {"code": totp(secret)})
    prove_again(client)
    client.post("/account/second-factor/totp/deactivate/", follow=True)
    assert not Authenticator.objects.filter(user=person, type="totp").exists()


def test_the_second_factor_lasts_a_working_day(client: Client, settings: Any) -> None:
    from datetime import timedelta

    person = administrator()
    secret = enrol(person)
    sign_in(client)
    client.post("/account/second-factor/authenticate/", {"code": totp(secret)})

    settings.CLOCK_SHIFT = timedelta(hours=12, minutes=1)

    assert client.get("/desk/people/").status_code == 302


def test_guessing_the_second_factor_is_limited(client: Client) -> None:
    person = administrator()
    sign_in(client)
    secret = enrol(person)

    for guess in range(5):
        client.post("/access/second-factor/", {"code": f"00000{guess}"})
    answer = client.post("/access/second-factor/", {"code": totp(secret)})

    assert answer.status_code == 400
    assert client.get("/desk/people/").status_code == 302


def test_the_step_up_leads_nowhere_else(client: Client) -> None:
    person = administrator()
    sign_in(client)

    answer = client.post("/access/second-factor/", {"code": totp(enrol(person)), "next": "https://evil.example/"})

    assert answer["Location"] == "/desk/"


def test_stepping_up_renews_the_session_key(client: Client) -> None:
    person = administrator()
    sign_in(client)
    before = client.session.session_key

    client.post("/access/second-factor/", {"code": totp(enrol(person))})

    assert client.session.session_key != before


@pytest.mark.parametrize(
    "path",
    ["email/", "logout/", "sessions/", "second-factor/", "second-factor/totp/activate/", "second-factor/webauthn/add/"],
)
def test_every_page_of_ones_account_is_in_our_words(client: Client, path: str) -> None:
    client.force_login(somebody())

    page = client.get(f"/account/{path}")

    assert page.status_code == 200
    assert '<main id="main"' in page.content.decode()
    assert "Menu:" not in page.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "second-factor/webauthn/",
        "second-factor/recovery-codes/generate/",
        "second-factor/totp/deactivate/",
        "second-factor/reauthenticate/",
    ],
)
def test_pages_of_a_second_factor_in_use(client: Client, path: str) -> None:
    person = somebody()
    secret = enrol(person)
    sign_in(client)
    client.post("/account/second-factor/authenticate/", {"code": totp(secret)})
    prove_again(client)

    page = client.get(f"/account/{path}")

    assert page.status_code == 200
    assert '<main id="main"' in page.content.decode()


def test_changing_the_address_takes_a_code_sent_to_the_new_one(client: Client) -> None:
    person = somebody()
    sign_in(client)

    client.post("/account/email/", {"email": "new@example.org", "action_add": ""})
    person.refresh_from_db()
    assert person.email == "ada@example.org"
    assert mail.outbox[-1].to == ["new@example.org"]
    client.post("/account/confirm-email/", {"code": code_in_the_post()})

    person.refresh_from_db()
    assert person.email == "new@example.org"


def test_a_form_without_its_token_is_refused() -> None:
    client = Client(enforce_csrf_checks=True)

    answer = client.post("/account/login/", {"login": "ada@example.org"})

    assert answer.status_code == 403
    assert "Please try that again" in answer.content.decode()


def test_the_session_cookie_is_out_of_reach_of_scripts(client: Client) -> None:
    somebody()
    sign_in(client)
    cookie = client.cookies["becontree"]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert int(cookie["max-age"]) == 14 * 24 * 3600


def test_signing_in_renews_the_session_key(client: Client) -> None:
    somebody()
    client.post("/account/login/", {"login": "ada@example.org"})
    before = client.session.session_key

    client.post("/account/login/code/confirm/", {"code": code_in_the_post()})

    assert client.session.session_key != before


@pytest.mark.parametrize("path", ["/", "/account/login/", "/people/me/"])
def test_security_headers(client: Client, path: str) -> None:
    if path == "/people/me/":
        client.force_login(somebody())
    answer = client.get(path)
    policy = answer["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"


def test_personal_pages_are_not_kept_by_caches(client: Client) -> None:
    client.force_login(somebody())

    for path in ("/people/me/", "/access/who-read-about-me/"):
        assert "no-store" in client.get(path)["Cache-Control"]


def test_letters_say_whose_they_are_and_lead_on_safely(client: Client, settings: Any) -> None:
    settings.COUNCIL_NAME = "The Borough of Fairlop"
    client.post("/account/login/", {"login": "nobody@example.org", "next": "/projects/begin/"})
    first = mail.outbox[-1]
    Client().post("/account/login/", {"login": "other@example.org", "next": "https://evil.example/"})

    assert first.subject == "You have no account at The Borough of Fairlop yet"
    assert "/account/signup/?next=%2Fprojects%2Fbegin%2F" in first.body
    assert "evil" not in mail.outbox[-1].body
    assert first.from_email.startswith("The Borough of Fairlop <")


def test_in_the_middle_of_signing_up_nobody_is_sent_to_sign_up(client: Client) -> None:
    page = client.post("/account/signup/", {"email": "new@example.org", "next": "/my/"}, follow=True).content.decode()

    assert "Enter the code" in page
    assert "you have no account here yet" not in page
    assert "Then this address has an account here already." in page


def test_sixty_people_of_one_building_sign_in(client: Client) -> None:
    codes = [Client().post("/account/login/", {"login": f"p{n}@example.org"}).status_code for n in range(60)]

    assert set(codes) == {302}
