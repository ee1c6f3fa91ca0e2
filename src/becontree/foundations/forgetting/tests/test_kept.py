"""What the law keeps is told of and not taken away before its day. Letters to people who have no account."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail

from becontree.foundations.forgetting import accounts, actions, queries
from becontree.foundations.forgetting import bank as bank_lines
from becontree.foundations.forgetting.models import Wish
from becontree.foundations.forgetting.tests.test_pages import at_work
from becontree.foundations.forgetting.tests.test_wishes import NOW, SETUP, asked, somebody
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.messages import actions as letters
from becontree.foundations.messages import leaving
from becontree.foundations.messages.models import LeftAddress, Message
from becontree.foundations.payments import actions as payments
from becontree.foundations.payments.models import BankLine
from becontree.foundations.people import actions as people
from becontree.foundations.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def nia() -> Person:
    return somebody("nia", "officer", "information")


@pytest.fixture
def sol() -> Person:
    return somebody("sol", "officer", "information")


def bank(*lines: tuple[str, str, str], now: datetime = NOW) -> None:
    text = "Date,Description,Amount\n" + "".join(f"{on},{words},{amount}\n" for on, words, amount in lines)
    payments.import_statement(raw=text.encode(), file_name="s.csv", by=SETUP, now=now)


def parts(wish: Wish) -> list[str]:
    return [one.kind.label for one in queries.held(wish)]


def forgotten(wish: Wish, nia: Person, sol: Person, now: datetime = NOW) -> Wish:
    checked: Wish = actions.check(wish=wish, how="facts", by=nia, now=now)
    done: Wish = actions.confirm(wish=checked, by=sol, now=now)
    return done


@pytest.mark.parametrize(
    ("on", "until"),
    [
        (date(2020, 3, 31), date(2026, 3, 31)),
        (date(2020, 4, 1), date(2027, 3, 31)),
        (date(2026, 5, 4), date(2033, 3, 31)),
    ],
)
def test_an_entry_is_kept_for_the_years_of_the_policy_after_its_financial_year(on: date, until: date) -> None:
    assert accounts.until(on, NOW) == until
    last = datetime(until.year, until.month, until.day, 22, 59, tzinfo=UTC)  # 23:59 in London, in summer time
    assert accounts.must_stay(on, last)
    assert not accounts.must_stay(on, last + timedelta(minutes=1))


def test_an_entry_older_than_the_rule_is_kept_by_the_rule_of_today() -> None:
    assert accounts.until(date(1999, 5, 4), NOW) == date(2006, 3, 31)
    assert not accounts.must_stay(date(1999, 5, 4), NOW)


@pytest.mark.parametrize("given", ["Ada Lovegood", "lovegood ADA", "BCT48213X"])
def test_a_line_of_the_bank_is_found_kept_and_told_of_to_both(given: str, nia: Person, sol: Person) -> None:
    bank(("03/05/2026", "FPI LOVEGOOD ADA BCT48213X", "25.00"), ("03/05/2026", "FPI GOODLOVE ADA", "10.00"))
    wish = asked(nia, given)
    assert parts(wish) == ["bank"]
    checked = actions.check(wish=wish, how="facts", by=nia, now=NOW)
    with pytest.raises(Clash, match="The law keeps everything"):
        actions.confirm(wish=checked, by=sol, now=NOW)
    page = at_work(sol).get(wish.get_absolute_url()).content.decode()
    assert "FPI LOVEGOOD ADA" in page
    assert "until 31 March 2033" in page
    assert "This has to be kept." in page
    assert "Confirm: forget them" not in page

    actions.refuse(wish=checked, reason="law", words="It is our account book.", by=sol, now=NOW)
    body = Message.objects.get().body
    for said in (
        "It is our account book.", "A line of our bank statement of 3 May 2026, £25.00", "until 31 March 2033",
        "UK GDPR article 17(3)(b) and (e)", "so that they can be checked", "court",
    ):  # fmt: skip
        assert said in body
    assert "LOVEGOOD" not in body
    assert set(BankLine.objects.values_list("description", flat=True)) == {
        "FPI LOVEGOOD ADA BCT48213X", "FPI GOODLOVE ADA",
    }  # fmt: skip


def test_lines_that_stay_for_one_reason_stand_together(nia: Person) -> None:
    bank(*[(f"0{day}/05/2026", "FPI LOVEGOOD ADA", f"{day}.00") for day in (1, 2, 3)])
    checked = actions.check(wish=asked(nia, "Ada Lovegood"), how="facts", by=nia, now=NOW)
    actions.refuse(wish=checked, reason="law", words="No.", by=nia, now=NOW)
    body = Message.objects.get().body
    assert body.count("must be kept so that they can be checked") == 1
    assert "1 May 2026, £1.00; A line of our bank statement of 2 May 2026, £2.00; A line" in body


def test_who_was_not_checked_is_told_nothing_of_what_is_held(nia: Person) -> None:
    bank(("03/05/2026", "FPI LOVEGOOD ADA", "25.00"))
    actions.refuse(wish=asked(nia, "Ada Lovegood"), reason="law", words="We keep accounts.", by=nia, now=NOW)
    assert "bank statement" not in Message.objects.get().body


def test_an_account_goes_and_the_bank_line_beside_it_stays_and_is_told_of(nia: Person, sol: Person) -> None:
    ada = somebody("ada")
    bank(("03/05/2026", "FPI LOVEGOOD ADA", "25.00"))
    wish = asked(nia)
    assert actions.look_again(wish=wish, given="Ada Lovegood", by=nia, now=NOW) == 1
    forgotten(wish, nia, sol)
    ada.refresh_from_db()
    assert ada.erased_at is not None
    assert BankLine.objects.get().description == "FPI LOVEGOOD ADA"
    body = Message.objects.get(template="forgetting/forgotten").body
    for said in ("but for what stands below", "You can no longer sign in", "until 31 March 2033", "complain"):
        assert said in body
    assert "everything else that shows who you are is gone" not in body


def test_a_line_whose_years_are_over_loses_its_words_and_not_its_sum(nia: Person, sol: Person) -> None:
    bank(("31/03/2020", "FPI LOVEGOOD ADA", "25.00"), ("31/03/2020", "FPI BELL MARCUS", "25.00"))
    line = BankLine.objects.get(description="FPI LOVEGOOD ADA")
    forgotten(asked(nia, "Ada Lovegood"), nia, sol)
    line.refresh_from_db()
    assert (line.description, line.note, line.amount) == ("", "", 2500)
    assert BankLine.objects.filter(description="FPI BELL MARCUS").exists()
    bank(("31/03/2020", "FPI LOVEGOOD ADA", "25.00"))  # the same statement again brings nothing back
    assert BankLine.objects.count() == 2


@pytest.mark.parametrize(
    ("today", "last"),
    [
        (date(2026, 3, 31), date(2019, 3, 31)),
        (date(2026, 4, 1), date(2020, 3, 31)),
        (date(2028, 2, 29), date(2021, 3, 31)),
    ],
)
def test_the_last_day_that_need_not_be_kept(today: date, last: date) -> None:
    now = datetime.combine(today, NOW.timetz())

    assert accounts.over(now) == last
    assert not accounts.must_stay(last, now)
    assert accounts.must_stay(last + timedelta(days=1), now)


def test_old_lines_lose_their_words_by_themselves_once_somebody_has_matched_them() -> None:
    bank(
        ("31/03/2020", "FPI LOVEGOOD ADA", "25.00"), ("31/03/2020", "FPI BELL MARCUS", "30.00"),
        ("01/04/2020", "FPI REED RITA", "35.00"),
    )  # fmt: skip
    for name in ("LOVEGOOD ADA", "REED RITA"):
        line = BankLine.objects.get(description=f"FPI {name}")
        BankLine.objects.filter(pk=line.pk).update(
            matched="other", matched_to="asset:clearing", matched_by="system:test", matched_at=NOW, note=f"From {name}"
        )

    assert (bank_lines.empty_old(NOW), bank_lines.empty_old(NOW)) == (1, 0)
    assert set(BankLine.objects.values_list("description", "note", "amount")) == {
        ("", "", 2500), ("FPI BELL MARCUS", "", 3000), ("FPI REED RITA", "From REED RITA", 3500),
    }  # fmt: skip


def test_a_name_that_half_the_statement_holds_is_asked_for_in_full(nia: Person) -> None:
    bank(*[("03/05/2026", f"FASTER PAYMENT {number}", "1.00") for number in range(101)])
    with pytest.raises(Invalid) as refused:
        asked(nia, "Faster Payment")
    assert set(refused.value.errors) == {"given"}
    assert not Wish.objects.exists()
    for too_little in ("faster", "a b", "4"):
        assert parts(asked(nia, too_little)) == []


def test_letters_to_an_address_without_an_account_are_found_emptied_and_do_not_go(nia: Person, sol: Person) -> None:
    context = {"question": "Kettle?", "when": "now", "place": "x", "handle": "h", "came_on": "d"}

    def letter(to: str, key: str, template: str = "hubs/cancelled") -> Message:
        return letters.send(to=to, template=template, key=key, now=NOW, context=context)

    went, waits = letter("rita@example.org", "1"), letter("rita@example.org", "2")
    other, own = letter("ben@example.org", "3"), letter("rita@example.org", "own", "forgetting/nothing")
    Message.objects.filter(pk=went.pk).update(state="sent", sent_at=NOW, error="550 rita@example.org unknown")
    leaving.leave(leaving.token(went), now=NOW)
    wish = asked(nia, "Rita@Example.org")
    assert {str(one.row.pk) for one in queries.held(wish)} == {str(went.pk), str(waits.pk)}
    forgotten(wish, nia, sol)
    for one, state in ((went, "sent"), (waits, "nobody")):
        one.refresh_from_db()
        assert (one.address, one.subject, one.body, one.error, one.state) == ("", "", "", "", state)
    other.refresh_from_db()
    own.refresh_from_db()
    assert (other.address, own.address) == ("ben@example.org", "rita@example.org")
    body = Message.objects.get(template="forgetting/forgotten").body
    assert "That a letter went, and when" in body
    assert body.count("That a letter went, and when") == 1
    assert "so that no news goes there again" in body
    assert "What we held under what you gave us is gone" in body
    assert "sign in" not in body
    assert LeftAddress.objects.filter(digest=leaving.digest("rita@example.org")).exists()
    letters.deliver(NOW)
    sent = {(one.to[0], "Kettle" in str(one.body)) for one in mail.outbox}
    assert sent == {("ben@example.org", True), ("rita@example.org", False)}  # our own answer goes, and no other letter


def test_a_letter_on_paper_is_found_by_the_name_on_its_envelope(nia: Person, sol: Person) -> None:
    def paper(envelope: str, key: str) -> Message:
        context = {"question": "Kettle?", "when": "now", "place": "x"}
        return letters.send(to="", envelope=envelope, template="hubs/cancelled", key=key, now=NOW, context=context)

    hers, other = paper("Rita Réed\n3 Thimble Row", "1"), paper("Rita Read\n4 Thimble Row", "2")
    forgotten(asked(nia, "rita reed"), nia, sol)
    hers.refresh_from_db()
    other.refresh_from_db()
    assert (hers.envelope, hers.body, hers.state) == ("", "", "nobody")
    assert other.envelope == "Rita Read\n4 Thimble Row"


def test_an_account_is_found_by_its_telephone_and_never_by_its_name(nia: Person) -> None:
    ada = somebody("ada")
    people.change_details(person=ada, by=ada, now=NOW, phone="020 7946 0012")
    assert parts(asked(nia, "+44 20 79460012")) == ["account"]
    Wish.objects.get().parts.all().delete()
    assert parts(asked(nia, "Ada")) == []
    assert parts(asked(nia, "020 7946 0013")) == []


def test_what_is_somebody_elses_is_left_out_before_it_is_checked(nia: Person, sol: Person) -> None:
    for name in ("ada", "ben"):  # who live together and share a telephone
        person = somebody(name)
        people.change_details(person=person, by=person, now=NOW, phone="020 7946 0012")
    wish = asked(nia, "020 7946 0012")
    ada, ben = sorted(queries.held(wish), key=lambda one: str(one.row.name))
    wrong: Any = somebody("fay", "officer", "funding")
    with pytest.raises(NotAllowed):
        actions.leave_out(wish=wish, part=ben.part, by=wrong, now=NOW)
    other = asked(sol, "nobody@example.org")
    actions.leave_out(wish=other, part=ada.part, by=sol, now=NOW)  # another wish's part is not this one's to leave out
    page = at_work(nia).post(wish.get_absolute_url(), {"do": "out", "part": str(ben.part)})
    assert page.status_code == 302
    assert [one.row.name for one in queries.held(wish)] == ["Ada"]
    checked = actions.check(wish=wish, how="facts", by=nia, now=NOW)
    with pytest.raises(Clash):
        actions.leave_out(wish=checked, part=ada.part, by=nia, now=NOW)
    actions.confirm(wish=checked, by=sol, now=NOW)
    assert [Person.objects.get(pk=one.row.pk).erased_at is not None for one in (ada, ben)] == [True, False]


@pytest.mark.parametrize("part", ["", "x", "99999999999999999999", "²", "0"])
def test_a_part_that_is_none_changes_nothing(nia: Person, part: str) -> None:
    somebody("ada")
    wish = asked(nia)
    assert at_work(nia).post(wish.get_absolute_url(), {"do": "out", "part": part}).status_code == 302
    assert parts(wish) == ["account"]


@pytest.mark.parametrize("many", [1, 30])
def test_the_page_keeps_its_budget_of_queries_however_much_is_found(
    nia: Person, many: int, django_assert_max_num_queries: Any
) -> None:
    bank(*[("03/05/2026", f"FPI RITA REED {number}", "1.00") for number in range(many)])
    for number in range(many):
        context = {"question": "Kettle?", "when": "now", "place": "x"}
        letters.send(to="rita@example.org", template="hubs/cancelled", key=str(number), now=NOW, context=context)
    wish = asked(nia, "rita@example.org")
    actions.look_again(wish=wish, given="Rita Reed", by=nia, now=NOW)
    assert len(queries.held(wish)) == 2 * many
    client = at_work(nia)
    with django_assert_max_num_queries(15):
        page = client.get(wish.get_absolute_url()).content.decode()
    assert page.count("FPI RITA REED") == many
