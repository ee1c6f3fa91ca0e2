"""Finance, auditor and administrator take two administrators: one asks, another reads it and confirms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.messages.models import Message
from becontree.foundations.people import actions, queries
from becontree.foundations.people.models import Change, Person, RoleHeld, RoleRequest
from becontree.foundations.people.roles import BY_TWO, ROLES
from becontree.foundations.policy import settings
from tests.spec.two_people import NOW, SETUP, administrator, at_work, in_the_same_moment, read_on, somebody

WHY = "Keeps the books from May, in the place of Tom."
LIST, GRANT, HISTORY = "/desk/people/roles/asked/", "/desk/people/roles/grant/", "/desk/people/roles/history/"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clean_limits() -> None:
    cache.clear()


def ask(person: Person, by: Person, role: str = "finance", now: datetime = NOW, reason: str = WHY) -> RoleRequest:
    return actions.ask_role(person=person, role=role, reason=reason, by=by, now=now)


def confirm(waits: RoleRequest, by: Person, now: datetime = NOW, read: str | None = None) -> RoleHeld:
    read = queries.as_read(RoleRequest.objects.get(pk=waits.pk)) if read is None else read
    return actions.confirm_role(request=waits, read=read, by=by, now=now)


def has(person: Person, role: str = "finance") -> bool:
    return Person.objects.get(pk=person.pk).has_role(role)


def test_these_three_and_no_other() -> None:
    assert set(BY_TWO) == {"finance", "auditor", "administrator"}


@pytest.mark.parametrize("role", BY_TWO)
def test_one_asks_on_the_page_another_reads_and_confirms(role: str) -> None:
    fay, ada, bea = somebody("fay"), at_work(administrator("ada")), at_work(administrator("bea"))

    answers = {"email": "fay@example.org", "role": role, "reason": WHY}
    said = ada.post(GRANT, answers, follow=True).text
    assert "Asked: Fay is told, and does not have this role yet" in said
    assert not has(fay, role)
    waits = RoleRequest.objects.get()
    assert "Roles to confirm" in bea.get("/desk/").text
    assert "Roles to confirm" not in ada.get("/desk/").text
    assert "another administrator must confirm" in ada.get(f"{LIST}{waits.pk}/").text
    shown = bea.get(f"{LIST}{waits.pk}/").text
    for words in (WHY, "Fay", "fay@example.org", ROLES[role].name, "by Ada"):
        assert words in shown
    done = bea.post(f"{LIST}{waits.pk}/", {"do": "confirm", "read": read_on(shown)}, follow=True).text
    assert "Confirmed. Fay now has this role" in done
    assert has(fay, role)
    assert "confirmed by Bea" in ada.get("/desk/people/").text
    assert "Roles to confirm" not in bea.get("/desk/").text
    assert "There is nothing more to decide" in bea.get(f"{LIST}{waits.pk}/").text


def test_those_concerned_are_told_and_the_log_and_the_auditor_see_who_asked_and_who_confirmed() -> None:
    fay, ada, bea = somebody("fay"), administrator("ada"), administrator("bea")
    waits = ask(fay, ada)
    letters = {(one.person, one.template): one.body for one in Message.objects.select_related("person")}
    assert set(letters) == {(fay, "people/role_asked"), (bea, "people/role_waits")}
    assert "You do not have the role yet" in letters[fay, "people/role_asked"]
    assert f"{LIST}{waits.pk}/" in letters[bea, "people/role_waits"]
    assert "Fay" not in letters[bea, "people/role_waits"].replace("fay@", "")
    held = confirm(waits, bea, NOW + timedelta(hours=1))

    decided = Message.objects.filter(template="people/role_decided")
    assert {one.person for one in decided} == {fay, ada}
    assert all("A second administrator has confirmed it" in one.body for one in decided)
    assert (held.granted_by, held.confirmed_by, held.grant_reason) == (str(ada.pk), str(bea.pk), WHY)
    done = Change.objects.filter(subject=f"person/{fay.pk}", what__startswith="role")
    assert {(one.what, one.by) for one in done} == {("role asked", str(ada.pk)), ("role granted", str(bea.pk))}
    assert WHY not in str(list(done.values_list("facts", flat=True)))
    auditor = at_work(somebody("hel", ("auditor", "")))
    page = auditor.get(HISTORY).text
    for said in ("by Ada", "confirmed by Bea", WHY):
        assert said in page
    assert "confirmed by Bea" in auditor.get(HISTORY, {"by": str(bea.pk)}).text
    listed = auditor.get(LIST).text
    assert f"{LIST}{waits.pk}/" not in listed  # looks, and decides nothing
    assert auditor.get(f"{LIST}{waits.pk}/").status_code == 403
    lines = b"".join(auditor.get("/desk/people/roles/asked.csv").streaming_content).decode()
    for said in ("Fay", "Ada", "Bea", "given", WHY):
        assert said in listed
        assert said in lines


def test_never_one_pair_of_hands() -> None:
    fay, ada, bea, cleo = somebody("fay"), administrator("ada"), administrator("bea"), administrator("cleo")
    for role in BY_TWO:
        with pytest.raises(NotAllowed, match="Two administrators"):
            actions.grant_role(person=fay, role=role, reason=WHY, by=ada, now=NOW)
    with pytest.raises(NotAllowed, match="Only an administrator"):
        ask(ada, fay)
    with pytest.raises(NotAllowed, match="to themselves"):
        ask(ada, ada)
    waits = ask(fay, ada)
    with pytest.raises(NotAllowed, match="You asked for this yourself"):
        confirm(waits, ada)
    with pytest.raises(NotAllowed, match="You asked for this yourself"):
        actions.decline_role(request=waits, why_not="I know better", by=ada, now=NOW)
    with pytest.raises(NotAllowed, match="Only an administrator"):
        confirm(waits, fay)
    with pytest.raises(NotAllowed, match="decline it instead"):
        actions.stop_role(request=waits, by=bea, now=NOW)
    actions.make_household(members=[fay, cleo], by=SETUP, now=NOW)
    with pytest.raises(NotAllowed, match="you or somebody you live with"):
        confirm(waits, cleo)
    with pytest.raises(NotAllowed, match="you or somebody you live with"):
        ask(fay, cleo, "auditor")
    read = queries.as_read(waits)
    assert at_work(ada).post(f"{LIST}{waits.pk}/", {"do": "confirm", "read": read}).status_code == 403
    assert at_work(fay).post(f"{LIST}{waits.pk}/", {"do": "confirm", "read": read}).status_code == 403
    assert not has(fay)

    for decided_by in (ada, fay, None):  # nor does the database take it
        with pytest.raises(IntegrityError), transaction.atomic():
            RoleRequest.objects.filter(pk=waits.pk).update(state="done", decided_by=decided_by, decided_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleRequest.objects.filter(pk=waits.pk).update(asked_by=fay)
    held = confirm(waits, bea)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleHeld.objects.filter(pk=held.pk).update(confirmed_by=held.granted_by)


def test_whoever_gets_the_role_of_administrator_does_not_confirm_it_themselves() -> None:
    """Also where the server made them an administrator meanwhile, and another role waits for them."""
    fay, ada, bea = somebody("fay"), administrator("ada"), administrator("bea")
    waits = ask(fay, ada)
    actions.grant_role(person=fay, role="administrator", by=SETUP, now=NOW)
    with pytest.raises(NotAllowed, match="you or somebody you live with"):
        confirm(waits, fay)
    with pytest.raises(Clash, match="cannot be the same person"):
        confirm(waits, bea)
    assert not has(fay)


def test_what_is_confirmed_is_what_was_read() -> None:
    fay, ada, bea = somebody("fay"), administrator("ada"), administrator("bea")
    waits, second = ask(fay, ada), at_work(bea)
    where = f"{LIST}{waits.pk}/"
    before = read_on(second.get(where).text)
    actions.change_details(person=fay, name="Fay Who Keeps Books", by=fay, now=NOW)
    again = second.post(where, {"do": "confirm", "read": before})
    assert again.status_code == 422
    assert "This is not what you read" in again.text
    assert "Fay Who Keeps Books" in again.text
    assert not has(fay)
    actions.grant_role(person=fay, role="officer", team="funding", by=SETUP, now=NOW)
    after = read_on(again.text)
    assert second.post(where, {"do": "confirm", "read": after}).status_code == 422  # another role meanwhile
    assert second.post(where, {"do": "confirm"}).status_code == 422
    now = second.get(where).text
    assert "Officer (Funding)" in now
    assert second.post(where, {"do": "confirm", "read": read_on(now)}).status_code == 302
    assert has(fay)


def test_one_taken_back_and_asked_anew_is_another() -> None:
    fay, ada, bea = somebody("fay"), administrator("ada"), administrator("bea")
    first = ask(fay, ada)
    read = queries.as_read(first)
    assert "Taken back." in at_work(ada).post(f"{LIST}{first.pk}/", {"do": "take-back"}, follow=True).text
    second = ask(fay, ada)
    with pytest.raises(Clash, match="not what you read"):
        confirm(second, bea, read=read)
    with pytest.raises(Clash, match="decided already"):
        confirm(first, bea, read=read)
    assert not has(fay)


def test_a_request_lapses_after_the_days_that_the_council_has_set() -> None:
    fay, ada, bea = somebody("fay"), administrator("ada"), administrator("bea")
    waits = ask(fay, ada)
    assert waits.lapses_at == NOW + timedelta(days=7)
    late = waits.lapses_at
    assert queries.roles_to_confirm(bea, late - timedelta(seconds=1)).count() == 1
    assert queries.roles_to_confirm(bea, late).count() == 0
    with pytest.raises(Clash, match="too old"):
        confirm(waits, bea, late)
    assert actions.expire_roles(late) == 1
    assert actions.expire_roles(late) == 0
    waits.refresh_from_db()
    assert waits.state == "expired"
    told = Message.objects.filter(template="people/role_decided")
    assert {one.person for one in told} == {fay, ada}
    assert all("Nobody confirmed it in time" in one.body for one in told)
    settings.set_council(key="people.role_days", value=2, since=late.date(), reason="As agreed", by=SETUP, now=late)
    again = ask(fay, ada, now=late)
    assert again.lapses_at == late + timedelta(days=2)
    confirm(again, bea, late + timedelta(days=1))
    assert has(fay)


def test_an_old_request_makes_way_for_a_new_one_before_any_job_ran_and_its_page_says_so() -> None:
    fay, ada, bea = somebody("fay"), administrator("ada"), administrator("bea")
    first = ask(fay, ada, now=NOW - timedelta(days=8))
    page = at_work(bea).get(f"{LIST}{first.pk}/").text
    assert "nobody confirmed in time" in page
    assert "There is nothing more to decide" in page
    second = ask(fay, ada)
    with pytest.raises(Clash, match="waits to be confirmed"):
        ask(fay, bea)
    first.refresh_from_db()
    assert (first.state, second.state) == ("expired", "waits")


def test_whoever_asked_must_still_be_an_administrator_and_so_must_whoever_confirms() -> None:
    fay, ada, bea, cleo = somebody("fay"), administrator("ada"), administrator("bea"), administrator("cleo")
    waits = ask(fay, ada)
    assert bea.has_role("administrator")
    actions.end_role(held=bea.roles_held.get(), reason="Has left", by=cleo, now=NOW)  # one person's act, as before
    with pytest.raises(NotAllowed):
        confirm(waits, bea)
    actions.end_role(held=ada.roles_held.get(), reason="Asked for what was not true", by=cleo, now=NOW)
    with pytest.raises(Clash, match="no administrator any longer"):
        confirm(waits, cleo)
    actions.decline_role(request=waits, why_not="Whoever asked is gone", by=cleo, now=NOW)
    assert not has(fay)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_confirm_in_the_same_moment_one_does() -> None:
    fay, ada = somebody("fay"), administrator("ada")
    two = [administrator("bea"), administrator("cleo")]
    waits = ask(fay, ada)

    answers = in_the_same_moment(lambda person: confirm(waits, person), two)

    assert answers == ["done", "people.role_decided"]
    assert RoleHeld.objects.filter(person=fay, role="finance").count() == 1


def test_two_that_wait_and_may_not_stand_together_are_not_both_given() -> None:
    fay, ada, bea = somebody("fay"), administrator("ada"), administrator("bea")
    finance, auditor = ask(fay, ada), ask(fay, ada, "auditor")
    confirm(finance, bea)
    with pytest.raises(Clash, match="cannot be the same person"):
        confirm(auditor, bea)
    with pytest.raises(Clash, match="have this role already"):
        ask(fay, bea)
    assert not has(fay, "auditor")


def test_where_nobody_else_could_confirm_the_page_says_what_the_operator_does() -> None:
    fay, ada = somebody("fay"), administrator("ada")
    page = at_work(ada)
    for shown in (page.get(LIST).text, page.get(GRANT).text):
        assert "There is one administrator only" in shown
        assert "becontree manage grant_role" in shown
    answer = page.post(GRANT, {"email": "fay@example.org", "role": "finance", "reason": WHY})
    assert "Whoever runs the server grants this role" in answer.text
    assert not RoleRequest.objects.exists()
    page.post(GRANT, {"email": "fay@example.org", "role": "funder", "reason": WHY})  # the others as before
    assert has(fay, "funder")


def test_the_operator_grants_it_at_the_server_and_everybody_concerned_is_told() -> None:
    fay, out = somebody("fay"), StringIO()
    call_command("grant_role", "Fay@Example.org", "administrator", "--reason", "The first of two", stdout=out)
    assert "Granted" in out.getvalue()
    assert has(fay, "administrator")
    assert Message.objects.get(person=fay).template == "people/role_decided"
    bob = somebody("bob")
    ada = administrator("ada")
    waits = ask(bob, ada)
    call_command("grant_role", "bob@example.org", "finance", "--reason", "Keeps the books", stdout=out)
    waits.refresh_from_db()
    assert (waits.state, has(bob)) == ("stopped", True)
    told = Message.objects.filter(template="people/role_decided", body__contains="whoever runs the server gave")
    assert {one.person for one in told} == {fay, ada, bob}
    assert Change.objects.filter(what="role granted", by="system:grant_role").count() == 2
    assert "The system" in at_work(somebody("hel", ("auditor", ""))).get(HISTORY).text
    for address, role, reason in (
        ("nobody@example.org", "finance", "x y z"),
        ("bob@example.org", "finance", "Again"),
        ("bob@example.org", "auditor", "Checks themselves"),
        ("hel@example.org", "administrator", " "),
        ("hel@example.org", "officer", "No such choice"),
    ):
        with pytest.raises(CommandError):
            call_command("grant_role", address, role, "--reason", reason, stdout=out)
    with pytest.raises(NotAllowed):
        actions.grant_at_server(person=fay, role="auditor", reason=WHY, by=ada, now=NOW)  # type: ignore[arg-type]


def test_the_second_says_no_and_why() -> None:
    fay, ada, bea = somebody("fay"), administrator("ada"), administrator("bea")
    waits, second = ask(fay, ada), at_work(bea)
    where = f"{LIST}{waits.pk}/"
    assert second.post(where, {"do": "decline", "why_not": " "}).status_code == 422
    said = second.post(where, {"do": "decline", "why_not": "I rang Fay: no such person"}, follow=True).text
    assert "Declined. Nothing was changed, and Fay is told." in said
    assert "I rang Fay: no such person" in at_work(ada).get(LIST).text
    assert "There is nothing more to decide" in second.post(where, {"do": "confirm"}).text
    assert all("said no" in one.body for one in Message.objects.filter(template="people/role_decided"))
    assert not has(fay)


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"email": "nobody@example.org"}, "Nobody has an account with this address."),
        ({"email": "ada@example.org"}, "Nobody grants a role to themselves"),
        ({"reason": "x"}, "Say why, in a few words."),
        ({"team": "funding"}, "This role is not in a team."),
        ({"email": "bea@example.org"}, "cannot be the same person"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(answers: dict[str, str], said: str) -> None:
    somebody("fay"), administrator("bea"), administrator("cleo")
    given = {"email": "fay@example.org", "role": "finance", "reason": WHY} | answers
    answer = at_work(administrator("ada")).post(GRANT, given)
    assert said in answer.text
    assert given["reason"] in answer.text
    assert not RoleRequest.objects.exists()


def test_reasons_and_roles_that_no_page_would_send_are_refused() -> None:
    fay, ada = somebody("fay"), administrator("ada")
    administrator("bea")
    for other in ({"reason": " "}, {"reason": "x" * 501}, {"role": "officer"}, {"role": "resident"}, {"role": "king"}):
        with pytest.raises(Invalid):
            ask(fay, ada, **other)
    with pytest.raises(Invalid):
        actions.grant_at_server(person=fay, role="officer", reason=WHY, by=SETUP, now=NOW)


def test_one_who_is_forgotten_gets_no_role_and_leaves_no_words() -> None:
    fay, ada, bea = somebody("fay"), administrator("ada"), administrator("bea")
    waits = ask(fay, ada)
    assert WHY in str(actions.export(person=fay, by=fay, now=NOW))
    actions.erase(person=fay, by=fay, now=NOW)
    with pytest.raises(Clash):
        confirm(waits, bea)
    assert set(RoleRequest.objects.values_list("state", "reason")) == {("stopped", "")}
    page = at_work(ada).get(LIST).text
    assert "Someone who has left" in page
    assert "Fay" not in page


def test_an_administrator_who_is_forgotten_leaves_what_they_asked_for_to_be_declined() -> None:
    fay, ada, bea = somebody("fay"), administrator("ada"), administrator("bea")
    waits = ask(fay, ada)
    actions.erase(person=ada, by=ada, now=NOW)
    with pytest.raises(Clash, match="no administrator any longer"):
        confirm(waits, bea)
    assert "by Someone who has left" in at_work(bea).get(f"{LIST}{waits.pk}/").text


@pytest.mark.parametrize("many", [1, 9])
def test_the_pages_keep_their_budget(many: int, django_assert_max_num_queries: Callable[[int], Any]) -> None:
    ada, bea = administrator("ada"), administrator("bea")
    for number in range(many):
        waits = ask(somebody(f"fay{number}"), ada, now=timezone.now())
        if number % 2:
            confirm(waits, bea)
    page = at_work(bea)
    for path, most in ((LIST, 12), (HISTORY, 12), ("/desk/people/", 12), (f"{LIST}{waits.pk}/", 15)):
        with django_assert_max_num_queries(most):
            page.get(path)
