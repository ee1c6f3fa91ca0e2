"""Every column that may hold a name or a way to reach somebody is found when they ask to be forgotten, or says why not.

A new column that looks like one stops this test until its room registers a kind (`foundations.forgetting.kinds`) that
names it, or it is put on the list below with its reason. A column of a row that belongs to an account (a reference to a
person that may not be empty) goes with the account, through the room's shredder.
"""

from __future__ import annotations

import re
from typing import Any, Final

from django.apps import apps
from django.db import models

from becontree.foundations.forgetting import kinds
from becontree.foundations.people.models import Person

# What the column of an address, a number or a name is called here, or may be called.
LOOKS: Final = re.compile(
    r"mail|address|phone|tele|mobile|contact|envelope|postcode|door|reach|tell_to|name|payer|payee|giver|sender|source"
    r"|recipient|description|reference|evidence_note|content|keeper|digest|(^|_)(ip|host|tel|sms|who|raw)($|_)"
)

A_THING: Final = "The name of a thing, a body or a post, not of a person."
CODE: Final = "A random number, a hash or a code of ours; it shows nobody."
PARTY: Final = "A random party id: the name behind it goes with the account."
FILE: Final = "The name of a file that an officer brought; the form says what belongs in it."

NOT_FOUND: Final[dict[str, str]] = {
    # foundations
    "people.organisation.name": A_THING,
    "places.borough.name": A_THING,
    "places.ward.name": A_THING,
    "places.venue.name": A_THING,
    "places.venue.address": "The address of a place where people meet.",
    "places.venue.postcode": "The postcode of a place where people meet.",
    "places.venue.keeper": "The reference of the hub that says so.",
    "places.load.file_name": FILE,
    "places.load.digest": CODE,
    "places.load.content": "A file of wards, venues or postcodes until it is used; none of them is about a person.",
    "ledger.account.name": A_THING,
    "ledger.journal.content": CODE,
    "payments.instruction.payer": PARTY,
    "payments.instruction.reference": CODE,
    "payments.practicesetup.reference": CODE,
    "payments.inbox.raw": "What the practice provider says: numbers and sums. The adapter of a real provider leaves "
    "names out before this is kept, or registers a kind.",
    "payments.bankstatement.file_name": FILE,
    "payments.payout.reference": CODE,
    "letters.leftaddress.digest": "Not a way to reach anybody: a keyed hash, kept so that no news goes there again.",
    "forgetting.wish.tell_to": "Where to answer the wish itself; emptied once the person was told.",
    "tasks.scheduledjob.name": A_THING,
    "tasks.worker.host": "The name of a machine of ours.",
    "measures.measure.source": A_THING,
    "measures.reading.source": A_THING,
    "measures.populationsource.digest": CODE,
    "measures.populationsource.address": "The address of a page on the web.",
    # citizenship
    "voices.response.source": "The name of a way in, such as a poster's code.",
    "voices.batch.file_name": FILE,
    "voices.batch.content": "A file or pile until it is taken in; goes after `voices.draft_days`, at most.",
    "voices.keying.content": "A typed form until both copies agree; goes with its pile, after `voices.draft_days`.",
    "outreach.street.name": A_THING,
    "outreach.visit.door": "A door, not who lives there; emptied some weeks after the shift.",
    "outreach.noknock.door": "A door, not who lives there, at their own wish that nobody knocks. The desk of the room "
    "takes it away when those who live there say so.",
    "conversations.conversation.host_name": "How who hosts is read: a body, or somebody whose account hosts it and "
    "whose name goes with the account.",
    "conversations.conversation.source": "Where a conversation was taken over from: its title and its sums.",
    "hubs.hub.name": A_THING,
    "projects.evidence.content": "A paper that organisers brought as evidence, kept for the accounts. No machine reads "
    "who is named in it: the officers for funding look, project by project.",
    "giving.fund.name": A_THING,
    "giving.payin.reference": "The bank's own reference of money that a body pays into a fund, as in the ledger's key.",
    "manifesto.target.source": A_THING,
    # other people's packages
    "auth.permission.name": A_THING,
    "auth.permission.codename": A_THING,
    "auth.group.name": A_THING,
    "django_tasks_database.dbtaskresult.queue_name": A_THING,
    "django_tasks_database.dbtaskresult.backend_name": A_THING,
}


TEXT: Final = (models.CharField, models.TextField, models.BinaryField, models.JSONField, models.GenericIPAddressField)


def looks_personal(column: models.Field[Any, Any]) -> bool:
    if column.choices or not isinstance(column, TEXT):  # a word from a list names nobody
        return False
    return isinstance(column, (models.EmailField, models.GenericIPAddressField)) or bool(LOOKS.search(column.name))


def goes_with_an_account(model: type[models.Model]) -> bool:
    """A row that cannot be there without its person, or without another row of which that is true."""
    if model is Person:
        return True
    wanted = [one for one in model._meta.get_fields() if isinstance(one, models.ForeignKey) and not one.null]
    return any(one.related_model is Person and one.name in {"person", "user", "giver"} for one in wanted)


def personal() -> set[str]:
    return {
        f"{model._meta.label_lower}.{column.name}"
        for model in apps.get_models()
        for column in model._meta.concrete_fields
        if looks_personal(column) and not goes_with_an_account(model)
    }


def found() -> set[str]:
    return {column for kind in kinds.every() for column in kind.columns}


def test_every_way_to_reach_somebody_is_found_or_says_why_not() -> None:
    missing = personal() - found() - set(NOT_FOUND)
    assert not missing, f"Register a kind that finds somebody by these, or say here why not: {sorted(missing)}"


def test_nothing_on_the_list_is_out_of_date() -> None:
    real = {f"{model._meta.label_lower}.{column.name}" for model in apps.get_models() for column in model._meta.fields}
    assert set(NOT_FOUND) <= real
    assert found() <= real
    assert not found() & set(NOT_FOUND)
    assert set(NOT_FOUND) <= personal()
    assert all(len(why) > 20 for why in NOT_FOUND.values())


def test_a_column_that_nobody_thought_of_is_seen() -> None:
    """The walk itself: an e-mail address by its kind, whatever it is called; a number by its name."""
    assert looks_personal(models.EmailField(name="whereabouts"))
    for name in ("telephone", "work_phone", "mobile", "e_mail", "contact_details", "full_name", "ip"):
        assert looks_personal(models.CharField(name=name)), name
    assert not looks_personal(models.CharField(name="title"))
    assert {"letters.message.address", "hubs.reminder.address", "outreach.callback.telephone"} <= personal()


def test_each_kind_says_what_it_finds_somebody_by() -> None:
    assert {kind.label for kind in kinds.every()} == {
        "account", "bank", "conversations", "giving", "hubs", "letters", "outreach", "voices",
    }  # fmt: skip
    assert all(kind.columns for kind in kinds.every())
