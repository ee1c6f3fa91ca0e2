"""Names to show: read first where there is a doubt, hidden with a reason, appealed, and decided by somebody else."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from becontree.citizenship.giving import names, queries, shred
from becontree.citizenship.giving.actions import naming, pledges, showing
from becontree.citizenship.giving.forms import GiveForm
from becontree.citizenship.giving.models import NameRuling, Pledge
from becontree.citizenship.giving.tests.conftest import Town
from becontree.citizenship.projects.models import Need
from becontree.foundations.access.gates import SECOND_FACTOR_KEY
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.messages.models import Message

WORDS = {"council", "shit", "mayor", "nhs", "cunt"}
PLAIN = [
    "Rita",
    "Ola Adeyemi-Brown",
    "Zoë",
    "Friends of Heron Road",
    "محمد",
    "O'Neill",
    "The Smiths",
    "Scunthorpe United",
]
DOUBTFUL = [
    "Fairlop Council", "The MAYOR", "Sh1t", "s h i t", "Ring 07700 900123", "rita@example.org", "www.example.org",
    "12 Ripple Road", "RM8 1AA", "NHS",
]  # fmt: skip


@pytest.mark.parametrize("name", PLAIN)
def test_a_plain_name_is_shown_at_once(name: str) -> None:
    assert names.doubts(name, WORDS) == []


@pytest.mark.parametrize("name", DOUBTFUL)
def test_a_doubtful_name_is_read_first(name: str) -> None:
    assert names.doubts(name, WORDS) != []


def test_the_form_takes_a_place_in_a_name_and_no_message() -> None:
    for name, fine in (("Rita", True), ("Friends of Heron Road", True), ("Ring 07700 900123", False), ("<b>", False)):
        assert GiveForm({"amount": "5", "public_name": name, "once": "x"}).is_valid() is fine


@pytest.fixture
def gift(town: Town) -> Pledge:
    """A promise of help that wants to show a doubtful name."""
    project = town.project()
    need = Need.objects.create(project=project, kind="hours", what="Digging", quantity=10)
    town.campaign(project)
    given = {"need": need, "quantity": 1, "by": town.person("ada"), "now": town.now}
    pledges.offer_help(**given, public_name="Ada")
    return pledges.offer_help(**given, public_name="The Mayor")


def officer(town: Town, name: str) -> Any:
    return town.officer(name, "officer", "funding")


def test_a_doubtful_name_waits_and_the_gift_counts(town: Town, gift: Pledge) -> None:
    fay = officer(town, "fay")

    assert (gift.name_state, gift.state) == ("waiting", "firm")
    assert queries.public_names(gift.campaign) == ["Ada"]
    assert list(queries.names_to_read(fay)) == [gift]
    assert list(queries.names_to_read(town.person("zoe"))) == []
    naming.show(pledge=gift, name="The Mayor", by=fay, now=town.now)
    assert sorted(queries.public_names(gift.campaign)) == ["Ada", "The Mayor"]


def test_a_hidden_name_goes_from_the_page_and_its_giver_is_told(town: Town, gift: Pledge) -> None:
    naming.show(pledge=gift, name="The Mayor", by=officer(town, "fay"), now=town.now)
    with pytest.raises(Invalid):
        naming.hide(pledge=gift, name="The Mayor", reason="dislike", by=officer(town, "fay"), now=town.now)
    naming.hide(
        pledge=gift, name="The Mayor", reason="pretends", note="You are not.", by=officer(town, "fay"), now=town.now
    )
    letter = Message.objects.get(template="giving/name_hidden")

    assert queries.public_names(gift.campaign) == ["Ada"]
    assert letter.person_id == town.person("ada").pk
    gift.refresh_from_db()
    assert gift.state == "firm"
    for act in (naming.show, lambda **more: naming.hide(reason="insult", **more)):
        with pytest.raises(Clash):
            act(pledge=gift, name="The Mayor", by=officer(town, "fay"), now=town.now)


def test_an_appeal_is_the_givers_and_is_decided_by_another_officer(town: Town, gift: Pledge) -> None:
    fay, gus, ada = officer(town, "fay"), officer(town, "gus"), town.person("ada")
    ruling = naming.hide(pledge=gift, name="The Mayor", reason="pretends", by=fay, now=town.now)
    with pytest.raises(Clash):
        naming.decide_appeal(ruling=ruling, upheld=True, answer="x", by=gus, now=town.now)
    with pytest.raises(NotAllowed):
        naming.appeal(ruling=ruling, words="It is my name.", by=town.person("zoe"), now=town.now)
    with pytest.raises(Invalid):
        naming.appeal(ruling=ruling, words=" ", by=ada, now=town.now)
    ruling = naming.appeal(ruling=ruling, words="It is my name.", by=ada, now=town.now)
    with pytest.raises(Clash):
        naming.appeal(ruling=ruling, words="Again.", by=ada, now=town.now)
    assert list(queries.name_appeals()) == [ruling]
    with pytest.raises(NotAllowed):
        naming.decide_appeal(ruling=ruling, upheld=False, answer="No.", by=fay, now=town.now)
    with pytest.raises(Invalid):
        naming.decide_appeal(ruling=ruling, upheld=False, answer=" ", by=gus, now=town.now)
    naming.decide_appeal(ruling=ruling, upheld=True, answer="You are right.", by=gus, now=town.now)
    with pytest.raises(Clash):
        naming.decide_appeal(ruling=ruling, upheld=False, answer="No.", by=gus, now=town.now)

    assert (ruling.due_on - town.now.date()).days == 14  # ten working days
    assert "The Mayor" in queries.public_names(gift.campaign)
    assert Message.objects.filter(template="giving/name_decided").count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        NameRuling.objects.update(decided_by=str(fay.pk))


def test_nobody_decides_about_their_own_name(town: Town, gift: Pledge) -> None:
    ada = officer(town, "ada")
    with pytest.raises(NotAllowed):
        naming.hide(pledge=gift, name="The Mayor", reason="insult", by=ada, now=town.now)


@pytest.mark.parametrize("by", ["zoe", "ada"])
def test_nobody_else_hides_or_shows(town: Town, gift: Pledge, by: str) -> None:
    for act in (naming.show, lambda **more: naming.hide(reason="insult", **more)):
        with pytest.raises(NotAllowed):
            act(pledge=gift, name="The Mayor", by=town.person(by), now=town.now)


def test_forgetting_empties_the_name_and_the_appeal(town: Town, gift: Pledge) -> None:
    ruling = naming.hide(pledge=gift, name="The Mayor", reason="pretends", by=officer(town, "fay"), now=town.now)
    naming.appeal(ruling=ruling, words="It is my name.", by=town.person("ada"), now=town.now)
    assert "It is my name." in str(shred.export(town.person("ada")))
    shred.erase(town.person("ada"), town.now)
    gift.refresh_from_db()
    ruling.refresh_from_db()

    assert (gift.public_name, gift.name_doubts, ruling.appeal) == ("", "", "")


def test_the_pages_of_names(client: Any, town: Town, gift: Pledge, settings: Any) -> None:
    settings.CLOCK_SHIFT = town.now - timezone.now()

    def sit(person: Any) -> Any:
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        session = client.session
        session[SECOND_FACTOR_KEY] = True
        session.save()
        return client

    listed = sit(officer(town, "fay")).get("/desk/giving/names/").text
    assert "The Mayor" in listed
    assert "ada@example.invalid" not in listed
    one = f"/desk/giving/names/{gift.handle}/"
    assert client.post(one, {"do": "hide", "name": "The Mayor"}).status_code == 422  # no reason: said, and nothing done
    assert client.post(one, {"do": "hide", "name": "The Mayor", "reason": "pretends", "note": ""}).status_code == 302
    mine = f"/my/giving/gifts/{gift.handle}/name/"
    assert sit(town.person("zoe")).get(mine).status_code == 404
    page = sit(town.person("ada")).get(mine).text
    assert "pretends to be somebody else" in page
    assert client.post(mine, {"appeal": "But I am."}).status_code == 302
    ruling = NameRuling.objects.get()
    assert (
        sit(officer(town, "fay"))
        .post(f"/desk/giving/names/appeals/{ruling.pk}/", {"upheld": "yes", "answer": "So be it."})
        .status_code
        == 403
    )
    assert (
        sit(officer(town, "gus"))
        .post(f"/desk/giving/names/appeals/{ruling.pk}/", {"upheld": "yes", "answer": "So be it."})
        .status_code
        == 302
    )
    assert "So be it." in sit(town.person("ada")).get(mine).text


def gives(town: Town, campaign: Any, name: str, **more: Any) -> Pledge:
    pledge, _ = pledges.offer_money(
        campaign=campaign, pence=500, by=town.person("ada"), now=town.now, return_url="/{handle}/", public_name=name,
        **more,
    )  # fmt: skip
    Pledge.objects.filter(pk=pledge.pk, state="begun").update(state="firm", firm_at=town.now)
    town.now += timedelta(minutes=1)
    return pledge


def test_a_second_gift_shows_its_own_name_and_leaves_the_first(town: Town) -> None:
    campaign = town.campaign()
    gives(town, campaign, "Ada")
    gives(town, campaign, "A. Lovelace")

    assert queries.public_names(campaign) == ["A. Lovelace", "Ada"]  # by name; the other list by when
    assert queries.names_of(campaign, town.person("ada")) == ["A. Lovelace", "Ada"]
    assert queries.names_of(campaign, town.person("bob")) == []


@pytest.mark.parametrize("name", ["A. Lovelace", ""])
def test_a_new_name_for_all_stands_with_every_gift_but_a_hidden_one(town: Town, name: str) -> None:
    campaign = town.campaign()
    gives(town, campaign, "Ada")
    hidden = gives(town, campaign, "Rude")
    naming.hide(pledge=hidden, name="Rude", reason="insult", by=officer(town, "priya"), now=town.now)
    gives(town, campaign, name, name_for="all")
    hidden.refresh_from_db()

    assert queries.public_names(campaign) == ([name] if name else [])
    assert (hidden.public_name, hidden.name_state) == ("Rude", "hidden")


def test_a_new_name_for_all_is_read_first_where_there_is_a_doubt(town: Town) -> None:
    campaign = town.campaign()
    gives(town, campaign, "Ada")
    gives(town, campaign, "The Mayor", name_for="all")

    assert queries.public_names(campaign) == []
    assert queries.names_to_read(officer(town, "priya")).count() == 2


def test_the_same_form_sent_again_with_another_name_shows_what_was_written_last(town: Town) -> None:
    campaign = town.campaign()
    first = gives(town, campaign, "Ada", once="one-form")
    again = gives(town, campaign, "A. Lovelace", once="one-form")

    assert again.pk == first.pk
    assert queries.public_names(campaign) == ["A. Lovelace"]


def test_help_sent_again_keeps_the_last_name_and_note(town: Town) -> None:
    project = town.project()
    need = Need.objects.create(project=project, kind="hours", what="Digging", quantity=10)
    town.campaign(project)
    given = {"need": need, "quantity": 1, "by": town.person("ada"), "now": town.now, "once": "one-form"}
    pledges.offer_help(**given, public_name="Ada", note="Mondays")
    pledge = pledges.offer_help(**given, public_name="A. Lovelace", note="Tuesdays", name_for="all")
    pledge.refresh_from_db()

    assert (Pledge.objects.count(), pledge.public_name, pledge.note) == (1, "A. Lovelace", "Tuesdays")


def test_who_gives_again_reads_which_name_is_shown_and_chooses_for_all(client: Any, town: Town) -> None:
    town.now = timezone.now()
    campaign = town.campaign()
    gives(town, campaign, "Ada")
    address = f"/projects/{campaign.project.slug}/give/"
    assert "Your earlier gifts" not in client.get(address).text
    client.force_login(town.person("ada"))
    page = client.get(address)
    assert "Your earlier gifts to this project show <strong><bdi>Ada</bdi></strong>" in page.text
    assert page.context["form"]["public_name"].value() == "Ada"
    sent = {"amount": "5", "public_name": "A. Lovelace", "name_for": "all", "once": "another-form"}

    assert client.post(address, sent).status_code == 302
    assert queries.public_names(campaign) == ["A. Lovelace"]


def test_who_signs_in_at_the_act_is_asked_on_the_last_page(client: Any, town: Town) -> None:
    town.now = timezone.now()
    campaign = town.campaign()
    gives(town, campaign, "Ada")
    address = f"/projects/{campaign.project.slug}/give/"
    client.post(address, {"amount": "5", "public_name": "A. Lovelace", "once": "another-form"})
    client.force_login(town.person("ada"))
    page = client.get(address + "check/").text
    assert "with all of my gifts" in page

    assert client.post(address + "check/", {"name_for": "all"}).status_code == 302
    assert queries.public_names(campaign) == ["A. Lovelace"]


def test_the_order_of_the_names_does_not_tell_who_gave_last(town: Town) -> None:
    campaign = town.campaign()
    for name in ("Cal", "ada", "Bo"):
        gives(town, campaign, name)

    assert queries.public_names(campaign) == ["ada", "Bo", "Cal"]
    assert queries.public_names(campaign, most=2) == ["ada", "Bo"]


@pytest.mark.django_db
def test_the_public_rules_print_no_swear_words_but_say_that_there_is_a_list(client):
    page = client.get("/policy/").text

    assert "Words in a shown name that a person must read first" in page
    assert not [word for word in ("fuck", "cunt", "rapist", "hitler") if word in page]
    assert "(list " in page
    assert "rapist" in client.get("/policy/setting/giving.name_words/").text  # folded, for who asks


@pytest.mark.parametrize("do", ["show", "hide"])
def test_an_old_page_decides_nothing_about_a_name_that_nobody_read(
    client: Any, town: Town, gift: Pledge, do: str
) -> None:
    """An officer opens a waiting name; the giver writes another before the officer answers."""
    town.now = timezone.now()
    client.force_login(officer(town, "fay"), backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session[SECOND_FACTOR_KEY] = True
    session.save()
    address = f"/desk/giving/names/{gift.handle}/"

    def carried(page: str) -> str:
        return re.findall(r'<input type="hidden" name="name" value="([^"]*)"', page)[-1]

    old = {"do": do, "name": carried(client.get(address).text), "reason": "pretends", "note": ""}
    showing.anew(gift, "Sh1t", town.now)
    said = client.post(address, old).text

    assert "The giver has changed this name" in said
    gift.refresh_from_db()
    assert (gift.public_name, gift.name_state, NameRuling.objects.count()) == ("Sh1t", "waiting", 0)
    assert client.post(address, {**old, "name": ""}).status_code == 200  # a page that carries no name decides nothing
    gift.refresh_from_db()
    assert gift.name_state == "waiting"
    assert client.post(address, {**old, "name": carried(said)}).status_code == 302


def test_a_name_written_as_it_is_hidden_stays_hidden(town: Town, gift: Pledge) -> None:
    """The giver's form was read before the officer hid the name, and is kept after."""
    before = Pledge.objects.get(pk=gift.pk)
    naming.hide(pledge=gift, name="The Mayor", reason="pretends", by=officer(town, "fay"), now=town.now)
    showing.anew(before, "Ada", town.now)
    gift.refresh_from_db()

    assert (gift.public_name, gift.name_state) == ("The Mayor", "hidden")
