"""What takes two administrators, roles and lost second factors alike: homes, buttons, and what was typed.

Of the three (who asked, who decides, whom it is about), no two share a home. Households change while something waits:
what was in order when it was asked is looked at again when it is decided.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any, NamedTuple

import pytest
from django.core.cache import cache

from becontree.foundations.kit.errors import Clash, NotAllowed
from becontree.foundations.messages.models import Message
from becontree.foundations.people import actions, queries
from becontree.foundations.people.models import Person
from tests.spec import test_lost_factors as factors
from tests.spec import test_roles_by_two as roles
from tests.spec.two_people import NOW, SETUP, administrator, at_work, read_on, somebody

pytestmark = pytest.mark.django_db


class Kind(NamedTuple):
    """One of the two things that take two administrators."""

    spec: ModuleType
    somebody: Callable[[str], Person]
    decline: Callable[..., Any]
    waits_for: Callable[[Person], Any]
    told: str


FACTOR = Kind(
    factors,
    factors.officer,
    lambda one, by: actions.decline_reset(reset=one, why_not="Not like this", by=by, now=NOW),
    queries.resets_to_confirm,
    "Lost second factors to confirm",
)
ROLE = Kind(
    roles,
    somebody,
    lambda one, by: actions.decline_role(request=one, why_not="Not like this", by=by, now=NOW),
    lambda user: queries.roles_to_confirm(user, NOW),
    "Roles to confirm",
)
each_kind = pytest.mark.parametrize("kind", [FACTOR, ROLE], ids=["second factor", "role"])


@pytest.fixture(autouse=True)
def _clean_limits() -> None:
    cache.clear()


def live_together(*people: Person) -> None:
    actions.make_household(members=list(people), by=SETUP, now=NOW)


@each_kind
def test_whoever_has_moved_in_with_who_asked_does_not_decide_and_another_does(kind: Kind) -> None:
    pat, ada, bea, cleo = kind.somebody("pat"), administrator("ada"), administrator("bea"), administrator("cleo")
    waits = kind.spec.ask(pat, ada)
    page = f"{kind.spec.LIST}{waits.pk}/"
    before = at_work(bea).get(page).text
    live_together(ada, bea)

    with pytest.raises(NotAllowed, match="Somebody you live with asked for this"):
        kind.spec.confirm(waits, bea)
    with pytest.raises(NotAllowed, match="Somebody you live with asked for this"):
        kind.decline(waits, bea)
    assert at_work(bea).post(page, {"do": "confirm", "read": read_on(before)}).status_code == 403
    assert not kind.waits_for(bea).exists()
    assert kind.told not in at_work(bea).get("/desk/").text
    shown = at_work(bea).get(page).text
    assert "Somebody you live with asked for this. Another administrator must decide." in shown
    assert 'value="confirm"' not in shown
    waits.refresh_from_db()
    assert waits.state == "waits"
    kind.spec.confirm(waits, cleo)
    waits.refresh_from_db()
    assert (waits.state, waits.decided_by) == ("done", cleo)


@each_kind
def test_what_was_asked_by_one_who_lives_with_them_now_can_only_be_declined(kind: Kind) -> None:
    pat, ada, bea = kind.somebody("pat"), administrator("ada"), administrator("bea")
    waits = kind.spec.ask(pat, ada)
    live_together(pat, ada)

    with pytest.raises(Clash, match="lives with them now"):
        kind.spec.confirm(waits, bea)
    page = f"{kind.spec.LIST}{waits.pk}/"
    second = at_work(bea)
    answer = second.post(page, {"do": "confirm", "read": read_on(second.get(page).text)})
    assert answer.status_code == 422
    assert "Decline it, and let another administrator ask." in answer.text
    kind.decline(waits, bea)
    waits.refresh_from_db()
    assert waits.state == "declined"


@each_kind
def test_where_the_only_other_administrator_shares_a_home_with_who_asks_the_operator_does_it(kind: Kind) -> None:
    pat, ada, bea = kind.somebody("pat"), administrator("ada"), administrator("bea")
    live_together(ada, bea)

    with pytest.raises(Clash, match="Whoever runs the server"):
        kind.spec.ask(pat, ada)
    assert not Message.objects.exists()
    administrator("cleo")
    assert kind.spec.ask(pat, ada).state == "waits"
    assert not Message.objects.filter(person=bea).exists()  # who could not confirm is not asked to


@each_kind
@pytest.mark.parametrize("sent", [{}, {"do": ""}, {"do": "nonsense", "why_not": "I mean it"}])
def test_a_form_sent_without_one_of_its_buttons_decides_nothing(kind: Kind, sent: dict[str, str]) -> None:
    pat, ada, bea = kind.somebody("pat"), administrator("ada"), administrator("bea")
    waits = kind.spec.ask(pat, ada)

    answer = at_work(bea).post(f"{kind.spec.LIST}{waits.pk}/", sent | {"read": queries.as_read(waits)})

    waits.refresh_from_db()
    assert (answer.status_code, waits.state) == (200, "waits")


@each_kind
def test_what_was_typed_stands_there_still_where_it_is_refused(kind: Kind) -> None:
    pat, ada, bea = kind.somebody("pat"), administrator("ada"), administrator("bea")
    page = f"{kind.spec.LIST}{kind.spec.ask(pat, ada).pk}/"

    answer = at_work(bea).post(page, {"do": "decline", "why_not": "No"})

    assert answer.status_code == 422
    assert "Say why, in a few words." in answer.text
    assert 'value="No"' in answer.text
    assert read_on(answer.text)
