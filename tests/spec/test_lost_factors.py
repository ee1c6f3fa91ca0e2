"""A second factor lost with its codes: one administrator asks, another confirms, and nobody comes round that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client

from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.messages import actions as letters
from becontree.foundations.messages.models import Message
from becontree.foundations.people import actions, queries
from becontree.foundations.people.models import Change, FactorReset, Person
from becontree.foundations.people.tests.test_signin import prove_again, sign_in, totp
from tests.spec.two_people import NOW, SETUP, administrator, at_work, in_the_same_moment, read_on, somebody

WHY = "The telephone fell into the Roding, and the codes were in its case."
NOTE = "Today at 9am at my desk"
LIST, ASK, HISTORY = "/desk/people/second-factors/", "/desk/people/second-factors/ask/", "/desk/people/roles/history/"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clean_limits() -> None:
    cache.clear()


def with_factor(person: Person) -> Person:
    secret = get_adapter().encrypt("JBSWY3DPEHPK3PXP")
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": secret})
    RecoveryCodes.activate(person)
    return person


def officer(name: str = "olu") -> Person:
    return with_factor(somebody(name, ("officer", "funding")))


def ask(person: Person, by: Person, now: datetime = NOW, **other: str) -> FactorReset:
    said = {"reason": WHY, "checked": "in-person", "check_note": NOTE} | other
    return actions.ask_reset(person=person, by=by, now=now, **said)


def confirm(waits: FactorReset, by: Person, now: datetime = NOW, read: str | None = None) -> FactorReset:
    read = queries.as_read(FactorReset.objects.get(pk=waits.pk)) if read is None else read
    return actions.confirm_reset(reset=waits, read=read, by=by, now=now)


def factors(person: Person) -> int:
    return Authenticator.objects.filter(user=person).count()


def test_one_asks_another_confirms_and_the_person_sets_up_a_new_one_before_anything_else() -> None:
    olu, ada, bea = officer(), at_work(administrator("ada")), at_work(administrator("bea"))
    old = at_work(olu)
    assert old.get("/my/").status_code == 200

    asked = ada.post(
        ASK, {"email": "olu@example.org", "reason": WHY, "checked": "in-person", "check_note": NOTE}, follow=True
    )
    assert "Asked: Olu is told by e-mail. A second administrator must confirm it by" in asked.text
    assert factors(olu) == 2  # the app and its recovery codes: nothing has changed yet
    waits = FactorReset.objects.get()
    assert "Lost second factors to confirm" in bea.get("/desk/").text
    assert "Lost second factors to confirm" not in ada.get("/desk/").text
    assert "another administrator must confirm" in ada.get(f"{LIST}{waits.pk}/").text
    shown = bea.get(f"{LIST}{waits.pk}/").text
    assert WHY in shown
    assert "They stood before me" in shown
    done = bea.post(f"{LIST}{waits.pk}/", {"do": "confirm", "read": read_on(shown)}, follow=True)
    assert "Confirmed. Olu is told, and signed out everywhere." in done.text

    assert factors(olu) == 0
    assert old.get("/my/").status_code == 302  # signed out
    new = Client()
    assert letters.deliver(datetime.now(tz=UTC) + timedelta(minutes=1)) == 2
    sign_in(new, "olu@example.org")
    for path in ("/", "/my/", "/desk/", "/people/me/"):
        held_up = new.get(path)
        assert held_up.status_code == 302, path
        assert held_up["Location"].startswith("/access/second-factor/")
    assert new.post("/people/me/", {"name": "Mallory"}).status_code == 302
    assert Person.objects.get(pk=olu.pk).name == "Olu"
    assert "no other page opens" in new.get("/access/second-factor/").text
    prove_again(new)
    secret = new.get("/account/second-factor/totp/activate/").context["form"].secret
    new.post("/account/second-factor/totp/activate/", {"code": totp(secret)})
    assert new.get("/my/").status_code == 200
    assert not Person.objects.get(pk=olu.pk).needs_factor


def test_the_person_is_told_at_both_steps_and_the_log_and_the_auditor_see_it() -> None:
    olu, ada, bea = officer(), administrator("ada"), administrator("bea")
    waits = ask(olu, ada)
    told = Message.objects.get(person=olu)
    assert "Nothing has changed yet" in told.body
    assert "/people/me/second-factor/" in told.body
    confirm(waits, bea, NOW + timedelta(hours=1))

    assert [one.template for one in Message.objects.filter(person=olu).order_by("made_at")] == [
        "people/factor_asked",
        "people/factor_gone",
    ]
    assert [one.what for one in Change.objects.filter(subject=f"person/{olu.pk}", what__contains="factor")] == [
        "second factor reset done",
        "second factor reset asked",
    ]
    assert WHY not in str(list(Change.objects.values_list("facts", flat=True)))
    auditor = at_work(somebody("hel", ("auditor", "")))
    for page in (auditor.get(HISTORY).text, auditor.get(LIST).text):
        for said in ("Olu", "by Ada", "by Bea", "taken away", "Roding"):
            assert said in page
    assert "Roding" not in auditor.get(HISTORY, {"who": str(ada.pk)}).text
    lines = b"".join(auditor.get("/desk/people/second-factors.csv").streaming_content).decode()
    assert "Olu" in lines
    assert "Bea" in lines
    assert auditor.get(ASK).status_code == 403


def test_never_one_pair_of_hands() -> None:
    olu, ada, bea = officer(), with_factor(administrator("ada")), administrator("bea")
    cleo = administrator("cleo")
    with pytest.raises(NotAllowed, match="you or somebody you live with"):
        ask(ada, ada)
    with pytest.raises(NotAllowed, match="Only an administrator"):
        ask(ada, olu)
    waits = ask(olu, ada)
    with pytest.raises(NotAllowed, match="You asked for this yourself"):
        confirm(waits, ada)
    with pytest.raises(NotAllowed, match="Only an administrator"):
        confirm(waits, olu)
    with pytest.raises(NotAllowed):
        actions.decline_reset(reset=waits, why_not="I know better", by=ada, now=NOW)
    own = ask(ada, bea)
    with pytest.raises(NotAllowed, match="you or somebody you live with"):
        confirm(own, ada)
    actions.make_household(members=[ada, cleo], by=SETUP, now=NOW)
    with pytest.raises(NotAllowed, match="you or somebody you live with"):
        confirm(own, cleo)
    assert at_work(ada).post(f"{LIST}{waits.pk}/", {"do": "confirm"}).status_code == 403
    assert factors(olu) == factors(ada) == 2

    for decided_by in (ada, olu):  # nor does the database take it
        with pytest.raises(IntegrityError), transaction.atomic():
            FactorReset.objects.filter(pk=waits.pk).update(state="done", decided_by=decided_by, decided_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        FactorReset.objects.filter(pk=waits.pk).update(state="done", decided_by=None, decided_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        FactorReset.objects.filter(pk=waits.pk).update(asked_by=olu)


def test_what_is_confirmed_is_what_was_read() -> None:
    olu, ada, bea = officer(), administrator("ada"), administrator("bea")
    waits, second = ask(olu, ada), at_work(bea)
    where = f"{LIST}{waits.pk}/"
    before = read_on(second.get(where).text)
    actions.change_details(person=olu, name="Olu Who Moved", by=olu, now=NOW)
    again = second.post(where, {"do": "confirm", "read": before})
    assert again.status_code == 422
    assert "This is not what you read" in again.text
    assert "Olu Who Moved" in again.text
    assert read_on(again.text) != before
    assert second.post(where, {"do": "confirm"}).status_code == 422
    assert factors(olu) == 2
    assert second.post(where, {"do": "confirm", "read": read_on(again.text)}).status_code == 302
    assert factors(olu) == 0


@pytest.mark.parametrize("changed", [{"reason": "Stolen"}, {"checked": "rang"}, {"check_note": "At the gate"}])
def test_each_thing_that_the_page_says_is_in_the_mark(changed: dict[str, str]) -> None:
    olu, ada, bea = officer(), administrator("ada"), administrator("bea")
    waits = ask(olu, ada)
    read = queries.as_read(waits)
    FactorReset.objects.filter(pk=waits.pk).update(**changed)
    with pytest.raises(Clash, match="not what you read"):
        confirm(waits, bea, read=read)
    assert factors(olu) == 2


def test_one_stopped_and_asked_anew_is_another() -> None:
    olu, ada, bea = officer(), administrator("ada"), administrator("bea")
    first = ask(olu, ada)
    read = queries.as_read(first)
    actions.stop_reset(reset=first, by=olu, now=NOW)
    second = ask(olu, ada)
    with pytest.raises(Clash, match="not what you read"):
        confirm(second, bea, read=read)
    with pytest.raises(Clash, match="decided already"):
        confirm(first, bea, read=read)
    assert factors(olu) == 2


def test_a_request_grows_too_old() -> None:
    olu, ada, bea = officer(), administrator("ada"), administrator("bea")
    waits, late = ask(olu, ada), NOW + timedelta(days=3)
    with pytest.raises(Clash, match="too old"):
        confirm(waits, bea, late)
    assert factors(olu) == 2
    assert actions.expire_resets(late) == 1
    assert actions.expire_resets(late) == 0
    waits.refresh_from_db()
    assert (waits.state, Message.objects.filter(person=olu, template="people/factor_kept").count()) == ("expired", 1)
    again = ask(olu, ada, now=late)
    confirm(again, bea, late + timedelta(hours=1))
    assert factors(olu) == 0


def test_an_old_request_makes_way_for_a_new_one_before_any_job_ran() -> None:
    olu, ada = officer(), administrator("ada")
    administrator("bea")
    first = ask(olu, ada)
    with pytest.raises(Clash, match="waits to be confirmed"):
        ask(olu, ada, now=NOW + timedelta(days=2))
    second = ask(olu, ada, now=NOW + timedelta(days=4))
    first.refresh_from_db()
    assert (first.state, second.state) == ("expired", "waits")


def test_whoever_asked_must_still_be_an_administrator_and_so_must_whoever_confirms() -> None:
    olu, ada, bea = officer(), administrator("ada"), administrator("bea")
    cleo = administrator("cleo")
    waits = ask(olu, ada)
    assert bea.has_role("administrator")
    actions.end_role(held=bea.roles_held.get(), reason="Has left", by=cleo, now=NOW)
    with pytest.raises(NotAllowed):
        confirm(waits, bea)
    actions.end_role(held=ada.roles_held.get(), reason="Asked for what was not true", by=cleo, now=NOW)
    with pytest.raises(Clash, match="no administrator any longer"):
        confirm(waits, cleo)
    actions.decline_reset(reset=waits, why_not="Whoever asked is gone", by=cleo, now=NOW)
    assert factors(olu) == 2
    assert not Person.objects.get(pk=olu.pk).needs_factor


@pytest.mark.django_db(transaction=True)
def test_of_two_who_confirm_in_the_same_moment_one_does() -> None:
    olu, ada = officer(), administrator("ada")
    two = [administrator("bea"), administrator("cleo")]
    waits = ask(olu, ada)

    answers = in_the_same_moment(lambda person: confirm(waits, person), two)

    assert answers == ["done", "people.reset_decided"]
    assert Message.objects.filter(person=olu, template="people/factor_gone").count() == 1


def test_where_nobody_else_could_confirm_the_page_says_what_the_operator_does() -> None:
    olu, ada = officer(), administrator("ada")
    shown = at_work(ada).get(LIST).text
    assert "There is one administrator only" in shown
    assert "becontree manage reset_second_factor" in shown
    assert ASK not in shown
    with pytest.raises(Clash, match="Whoever runs the server"):
        ask(olu, ada)
    bea = with_factor(administrator("bea"))  # two now, but the second is the one who lost theirs
    with pytest.raises(Clash, match="Whoever runs the server"):
        ask(bea, ada)
    assert ask(olu, ada).state == "waits"


def test_the_operator_does_it_at_the_server_with_the_same_traces() -> None:
    ada = with_factor(administrator("ada"))
    at_work(ada)
    out = StringIO()
    words = ["--reason", WHY, "--checked", "rang", "--note", NOTE]
    call_command("reset_second_factor", "Ada@Example.org", *words, stdout=out)

    assert "Taken away" in out.getvalue()
    ada.refresh_from_db()
    assert ada.needs_factor
    assert (factors(ada), UserSession.objects.filter(user=ada).count()) == (0, 0)
    assert Message.objects.get(person=ada).template == "people/factor_gone"
    assert Change.objects.get(what="second factor reset done").by == "system:reset_second_factor"
    page = at_work(somebody("hel", ("auditor", ""))).get(HISTORY).text
    assert "by The server" in page
    for address in ("ada@example.org", "nobody@example.org"):
        with pytest.raises(CommandError):
            call_command("reset_second_factor", address, *words, stdout=out)
    with pytest.raises(NotAllowed):
        actions.reset_at_server(person=ada, reason=WHY, checked="rang", check_note=NOTE, by=ada, now=NOW)  # type: ignore[arg-type]


def test_whoever_has_not_lost_it_stops_it() -> None:
    olu, ada, bea = officer(), administrator("ada"), administrator("bea")
    waits = ask(olu, ada)
    page = at_work(olu)
    assert "Stop it: mine is not lost" in page.get("/people/me/second-factor/").text
    assert at_work(bea).post("/people/me/second-factor/").status_code == 302
    assert FactorReset.objects.get().state == "waits"
    page.post("/people/me/second-factor/")
    with pytest.raises(Clash, match="decided already"):
        confirm(waits, bea)
    assert "Nobody has asked" in page.get("/people/me/second-factor/").text
    assert factors(olu) == 2


def test_the_second_says_no_and_why_and_the_first_takes_back() -> None:
    olu, ada, bea = officer(), administrator("ada"), administrator("bea")
    waits, second = ask(olu, ada), at_work(bea)
    assert second.post(f"{LIST}{waits.pk}/", {"do": "decline", "why_not": " "}).status_code == 422
    said = second.post(f"{LIST}{waits.pk}/", {"do": "decline", "why_not": "I rang Olu: not true"}, follow=True).text
    assert "Declined. Nothing was changed, and Olu is told." in said
    assert "I rang Olu: not true" in at_work(ada).get(LIST).text
    assert "There is nothing more to decide" in second.post(f"{LIST}{waits.pk}/", {"do": "confirm"}).text
    again = ask(olu, ada)
    with pytest.raises(NotAllowed):
        actions.stop_reset(reset=again, by=bea, now=NOW)
    assert "Taken back." in at_work(ada).post(f"{LIST}{again.pk}/", {"do": "take-back"}, follow=True).text
    assert factors(olu) == 2


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"email": "nobody@example.org"}, "Nobody has an account with this address."),
        ({"email": "pat@example.org"}, "They have no second factor."),
        ({"checked": ""}, "Choose how you checked."),
        ({"reason": "x"}, "Say why, in a few words."),
        ({"reason": ""}, "There is something to put right"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(answers: dict[str, str], said: str) -> None:
    officer(), somebody("pat"), administrator("bea")
    given = {"email": "olu@example.org", "reason": WHY, "checked": "rang", "check_note": NOTE} | answers
    answer = at_work(administrator("ada")).post(ASK, given)
    assert answer.status_code == 422
    assert said in answer.text
    assert NOTE in answer.text
    assert not FactorReset.objects.exists()


def test_reasons_that_no_page_would_send_are_refused() -> None:
    olu, ada = officer(), administrator("ada")
    administrator("bea")
    for other in ({"checked": "because"}, {"reason": " "}, {"check_note": ""}, {"reason": "x" * 501}):
        with pytest.raises(Invalid):
            ask(olu, ada, **other)


def test_a_session_that_nobody_wrote_down_ends_too() -> None:
    olu, ada, bea = officer(), administrator("ada"), administrator("bea")
    old = at_work(olu)
    UserSession.objects.filter(user=olu).delete()
    assert old.get("/people/me/").status_code == 200
    confirm(ask(olu, ada), bea)
    assert old.get("/people/me/").status_code == 302


def test_a_resident_is_not_held_up_and_one_who_is_forgotten_leaves_no_words() -> None:
    rita, ada, bea = with_factor(somebody("rita")), administrator("ada"), administrator("bea")
    confirm(ask(rita, ada), bea)
    rita.refresh_from_db()
    assert not rita.needs_factor
    assert WHY in str(actions.export(person=rita, by=rita, now=NOW))
    with_factor(rita)
    waits = ask(rita, ada)
    actions.erase(person=rita, by=rita, now=NOW)
    assert set(FactorReset.objects.values_list("reason", "check_note")) == {("", "")}
    with pytest.raises(Clash):
        confirm(waits, bea)
    assert "Someone who has left" in at_work(ada).get(LIST).text


@pytest.mark.parametrize("many", [1, 9])
def test_the_lists_keep_their_budget(many: int, django_assert_max_num_queries: Callable[[int], Any]) -> None:
    ada, bea = administrator("ada"), administrator("bea")
    for number in range(many):
        waits = ask(officer(f"olu{number}"), ada)
        if number % 2:
            confirm(waits, bea)
    page = at_work(bea)
    for path in (LIST, HISTORY):
        with django_assert_max_num_queries(12):
            page.get(path)
