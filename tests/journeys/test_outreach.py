"""A canvasser's phone and a stall's tablet: the network cut, the page reloaded, the clock wrong, two of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, Route, expect

from becontree.citizenship.outreach import actions, tablet
from becontree.citizenship.outreach.models import CallBack, Device, NoKnock, Shift, Visit
from becontree.citizenship.outreach.tests.conftest import SETUP, Outing, build
from becontree.citizenship.voices.models import Response, Voice
from becontree.foundations.policy import settings as council

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Visitor = Callable[..., Page]

WORDS = "Zaunkoenig: benches by the brook"
# Everything that a browser keeps for this site, as text.
DUMP = """async () => {
  const asked = (a) => new Promise((good, bad) => { a.onsuccess = () => good(a.result); a.onerror = bad; });
  const local = { ...localStorage }, session = { ...sessionStorage }, cookie = document.cookie;
  const found = { local, session, cookie, base: {}, caches: {}, workers: 0 };
  for (const { name, version } of await indexedDB.databases()) {
    const base = await asked(indexedDB.open(name, version));
    for (const store of base.objectStoreNames) {
      const all = (what) => asked(base.transaction(store).objectStore(store)[what]());
      found.base[`${name}/${store}`] = { keys: await all("getAllKeys"), rows: await all("getAll") };
    }
    base.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) found.caches[request.url] = await (await cache.match(request)).text();
  }
  found.workers = (await navigator.serviceWorker.getRegistrations()).length;
  return JSON.stringify(found);
}"""
FIELDS = """() => [...document.querySelectorAll("textarea, input:not([type=hidden], [type=radio], [type=checkbox])")]
  .map((box) => box.value).join("")"""
CONTROLLED = """() => navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller
  || new Promise((good) => navigator.serviceWorker.addEventListener("controllerchange", () => good(null))))
  .then(() => true)"""


@pytest.fixture
def outing(transactional_db: None) -> Outing:
    town = build()
    town.now = timezone.now()
    return town


def joined(page: Page, shift: Shift) -> Page:
    """Type in a code, as a canvasser does; wait until the page works without a network."""
    _, code = actions.add_device(shift=shift, by=SETUP, now=timezone.now())
    page.goto("/outreach/join/")
    page.get_by_label("The code").fill(code)
    page.get_by_role("button", name="Open the shift").click()
    page.wait_for_url("**/outreach/tablet/")
    page.evaluate(CONTROLLED)
    return page


def knock(page: Page, door: str, outcome: str, words: str = "", **more: str) -> None:
    page.get_by_role("button", name=door, exact=True).click()
    page.get_by_text(outcome, exact=True).click()
    if words:
        page.get_by_label("What do you hope for?").fill(words)
    for label, text in more.items():
        page.get_by_label(label.replace("_", " "), exact=True).fill(text)
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("heading", name="Heron Road", exact=True)).to_be_visible()


def waits(page: Page, words: str) -> None:
    expect(page.locator("[data-wait]")).to_have_text(words)


def sealed_only(page: Page, *private: str) -> dict[str, Any]:
    """What the browser keeps; none of `private` can be read in it, nor in a field of the page."""
    kept = page.evaluate(DUMP)
    typed = page.evaluate(FIELDS)
    for word in private:
        assert word not in kept
        assert word not in typed
    found: dict[str, Any] = json.loads(kept)
    return found


def test_a_canvasser_completes_a_street_without_a_network_and_sends_twice(outing: Outing, visitor: Visitor) -> None:
    shift = outing.shift()
    page = joined(visitor(phone=True), shift)
    context = page.context
    page.get_by_role("button", name="Heron Road").click()
    context.set_offline(True)
    page.reload()
    page.get_by_role("button", name="Heron Road").click()
    street = shift.streets.get(name="Heron Road")
    knock(page, "1", "Spoke with us", WORDS)
    knock(page, "3", "Not at home")
    page.get_by_role("button", name="5", exact=True).click()
    page.get_by_text("Asks for a call", exact=True).click()
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("alert")).to_contain_text("Telephone")
    page.get_by_label("Telephone").fill("020 7946 0123")
    page.get_by_role("button", name="Keep it").click()
    page.get_by_role("button", name="7", exact=True).click()
    page.get_by_text("Did not want to", exact=True).click()
    page.get_by_text("Please do not knock here again").click()
    page.get_by_role("button", name="Keep it").click()
    for door in street.doors[4:]:
        knock(page, door, "Did not want to")
    waits(page, "20 wait to be sent")
    page.reload()
    waits(page, "20 wait to be sent")
    kept = sealed_only(page, WORDS, "020 7946")
    assert not {"not-home", "refused", "call"} & set(json.dumps(kept["base"]).split('"'))
    assert Visit.objects.count() == 0

    context.set_offline(False)
    page.get_by_role("button", name="Send now").click()
    waits(page, "Everything is sent")
    page.reload()
    waits(page, "Everything is sent")
    kept = sealed_only(page, WORDS, "020 7946")

    assert not {"not-home", "refused", "call"} & set(json.dumps(kept["base"]).split('"'))
    assert kept["base"]["outreach/out"] == {"keys": [], "rows": []}
    assert kept["local"] == kept["session"] == {}
    assert (Visit.objects.count(), Response.objects.count(), Voice.objects.get().words) == (20, 1, WORDS)
    assert CallBack.objects.get().telephone == "020 7946 0123"
    assert NoKnock.objects.get().door == "7"

    page.get_by_role("button", name="I have finished").click()
    page.get_by_role("button", name="Forget everything here").click()
    expect(page.get_by_role("heading", name="The shift is over")).to_be_visible()
    kept = sealed_only(page, WORDS, "Heron Road")
    assert (kept["base"], kept["caches"], kept["workers"]) == ({}, {}, 0)
    assert not [cookie for cookie in context.cookies() if cookie["name"] == tablet.COOKIE]


def test_an_answer_lost_on_the_way_back_is_sent_again_and_counts_once(outing: Outing, visitor: Visitor) -> None:
    """The server has it, the tablet does not know: the worst moment for the network to go."""
    shift = outing.shift()
    page = joined(visitor(phone=True), shift)
    lost, down = [], [True]

    def lose(route: Any) -> None:
        if not down:
            route.continue_()
            return
        with suppress(PlaywrightError):  # the page may go while this is under way: that, too, is a lost answer
            route.fetch()
            lost.append(1)
            route.abort("connectionreset")

    page.route("**/outreach/tablet/send/", lose)
    page.get_by_role("button", name="Heron Road").click()
    knock(page, "1", "Spoke with us", WORDS)
    knock(page, "3", "Spoke with us", WORDS)
    waits(page, "2 wait to be sent")
    page.wait_for_function("() => document.querySelector('[data-net]').textContent !== ''")
    down.clear()
    page.reload()
    waits(page, "Everything is sent")

    assert lost
    assert (Visit.objects.count(), Response.objects.count()) == (2, 2)


def test_two_tablets_with_wrong_clocks_at_one_stall(outing: Outing, visitor: Visitor) -> None:
    shift = outing.shift("stall")
    pages = []
    for year in (2001, 2049):
        page = visitor()
        page.clock.install(time=f"{year}-01-01T12:00:00Z")
        pages.append(joined(page, shift))
    for number, page in enumerate(pages):
        page.context.set_offline(True)
        page.reload()
        for turn in range(2):
            page.get_by_role("button", name="Begin").click()
            page.get_by_label("What do you hope for?").fill(f"{WORDS} {number}{turn}")
            page.get_by_role("button", name="Keep it").click()
            page.get_by_role("button", name="Next person").click()
        waits(page, "2 wait to be sent")
        sealed_only(page, WORDS)
    for page in reversed(pages):
        page.context.set_offline(False)
        page.get_by_role("button", name="Send now").click()
        waits(page, "Everything is sent")
        sealed_only(page, WORDS)

    assert Response.objects.count() == 4
    assert {response.said_on for response in Response.objects.all()} == {shift.begins_on}
    assert {voice.words for voice in Voice.objects.all()} == {f"{WORDS} {a}{b}" for a in (0, 1) for b in (0, 1)}


def test_left_alone_it_locks_and_forgets_what_can_be_read(outing: Outing, visitor: Visitor) -> None:
    today = outing.now.date()
    council.set_council(
        key="outreach.idle_doorstep_minutes", value=5, since=today, reason="Test.", by=SETUP, now=outing.now
    )
    shift = outing.shift()
    page = visitor(phone=True)
    page.clock.install()
    joined(page, shift)
    page.context.set_offline(True)
    page.get_by_role("button", name="Heron Road").click()
    knock(page, "1", "Spoke with us", WORDS)
    page.get_by_role("button", name="3", exact=True).click()
    page.get_by_text("Spoke with us", exact=True).click()
    page.get_by_label("What do you hope for?").fill("Half-written Quillfeather")
    page.clock.fast_forward(6 * 60 * 1000)
    expect(page.get_by_role("heading", name="Locked")).to_be_visible()
    sealed_only(page, WORDS, "Quillfeather", "Heron Road")
    waits(page, "1 waits to be sent")
    page.context.set_offline(False)
    page.get_by_role("button", name="Open the list again").click()
    expect(page.get_by_role("button", name="Heron Road")).to_be_visible()
    waits(page, "Everything is sent")

    assert Voice.objects.get().words == WORDS


def test_a_shift_that_runs_out_without_a_network_leaves_nothing(outing: Outing, visitor: Visitor) -> None:
    shift = outing.shift("stall")
    page = visitor()
    page.clock.install()
    joined(page, shift)
    page.context.set_offline(True)
    page.get_by_role("button", name="Begin").click()
    page.get_by_label("What do you hope for?").fill(WORDS)
    page.get_by_role("button", name="Keep it").click()
    page.clock.fast_forward(100 * 3600 * 1000)
    expect(page.get_by_role("heading", name="The shift is over")).to_be_visible()
    kept = sealed_only(page, WORDS, "Market Cross")

    assert all(store["rows"] == [] for store in kept["base"].values())
    assert kept["caches"] == {}


def test_a_shift_ended_from_afar_sends_what_waits_and_wipes_itself(outing: Outing, visitor: Visitor) -> None:
    shift = outing.shift("stall")
    page = joined(visitor(), shift)
    page.context.set_offline(True)
    page.get_by_role("button", name="Begin").click()
    page.get_by_label("What do you hope for?").fill(WORDS)
    page.get_by_role("button", name="Keep it").click()
    actions.end_shift(shift=shift, by=SETUP, now=timezone.now())
    page.context.set_offline(False)
    expect(page.get_by_role("heading", name="The shift is over")).to_be_visible()
    kept = sealed_only(page, WORDS, "Market Cross")

    assert Voice.objects.get().words == WORDS
    assert all(store["rows"] == [] for store in kept["base"].values())


def test_a_try_that_began_without_the_network_does_not_hold_up_the_next(outing: Outing, visitor: Visitor) -> None:
    """The clock stands still, so that the try of every twenty seconds cannot come to the rescue."""
    page = visitor()
    page.clock.install()
    joined(page, outing.shift("stall"))
    held: list[Route] = []
    page.route("**/tablet/send/", lambda route: route.continue_() if held else held.append(route))
    page.get_by_role("button", name="Begin").click()
    page.get_by_label("What do you hope for?").fill(WORDS)
    page.get_by_role("button", name="Keep it").click()
    while not held:
        page.wait_for_timeout(20)
    page.clock.pause_at(page.evaluate("Date.now() / 1000 + 0.5"))
    page.evaluate("dispatchEvent(new Event('online'))")
    held[0].abort()
    waits(page, "Everything is sent")

    assert Voice.objects.get().words == WORDS


def test_a_lost_tablet_sends_nothing_and_wipes_itself(outing: Outing, visitor: Visitor) -> None:
    shift = outing.shift()
    page = joined(visitor(phone=True), shift)
    page.context.set_offline(True)
    page.get_by_role("button", name="Heron Road").click()
    knock(page, "1", "Did not want to")
    waits(page, "1 waits to be sent")
    actions.end_device(device=Device.objects.get(), lost=True, by=SETUP, now=timezone.now())
    page.context.set_offline(False)
    expect(page.get_by_role("heading", name="The shift is over")).to_be_visible()
    sealed_only(page, "Heron Road")

    assert Visit.objects.count() == 0


def test_the_device_opens_nothing_else(outing: Outing, visitor: Visitor) -> None:
    page = joined(visitor(), outing.shift("stall"))
    (cookie,) = [cookie for cookie in page.context.cookies() if cookie["name"] == tablet.COOKIE]

    assert (cookie["path"], cookie["httpOnly"], cookie["sameSite"]) == (tablet.PATH, True, "Strict")
    for address in ("/desk/outreach/", "/my/outreach/", "/my/", "/desk/"):
        page.goto(address)
        assert "/account/login/" in page.url


def test_a_resident_who_is_handed_an_officers_tablet_reaches_none_of_the_officers_pages(
    outing: Outing, visitor: Visitor
) -> None:
    shift = outing.shift("stall")
    CallBack.objects.create(
        shift=shift, name="Cordelia Ashbottle", telephone="020", asked_on=shift.begins_on, due_on=shift.begins_on
    )
    page = visitor(outing.officer())
    page.goto("/desk/outreach/calls/")
    expect(page.get_by_role("cell", name="Cordelia Ashbottle", exact=True)).to_be_visible()
    joined(page, shift)
    begin = page.get_by_role("button", name="Begin")
    expect(begin).to_be_visible()
    assert [
        link for link in page.get_by_role("link").all() if link.is_visible() and link.text_content() == "Desk"
    ] == []
    links = page.evaluate("() => [...document.querySelectorAll('a[href]')].map((each) => each.href)")
    for address in {*links, "/desk/", "/desk/outreach/calls/", "/my/", "/my/outreach/", "/people/me/"}:
        page.goto(address)
        expect(page.get_by_role("link", name="Desk", exact=True)).to_have_count(0)
        expect(page.get_by_text("Cordelia Ashbottle")).to_have_count(0)
    page.goto("/outreach/tablet/")
    for _ in range(len(links) + 12):  # all the way back
        if page.go_back() is None:
            break
        expect(page.get_by_text("Cordelia Ashbottle")).to_have_count(0)


def test_without_a_script_the_plain_form_does_the_same(outing: Outing, visitor: Visitor) -> None:
    shift = outing.shift()
    _, code = actions.add_device(shift=shift, by=SETUP, now=timezone.now())
    page = visitor(script=False, phone=True)
    page.goto("/outreach/join/")
    page.get_by_label("The code").fill(code)
    page.get_by_role("button", name="Open the shift").click()
    page.get_by_role("link", name="the plain form").click()
    page.get_by_label("Door", exact=True).fill("7")
    page.get_by_label("Spoke", exact=True).check()
    page.get_by_label("What do you hope for?").fill(WORDS)
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("status")).to_contain_text("taken down")

    assert (Visit.objects.get().door, Voice.objects.get().words) == ("7", WORDS)


def test_an_officer_plans_a_round_where_listening_is_thinnest_and_sends_a_canvasser(
    outing: Outing, visitor: Visitor
) -> None:
    outing.streets()
    outing.round()
    vera = outing.person("vera")
    page = visitor(outing.officer())
    page.goto("/desk/outreach/")
    page.get_by_role("main").get_by_role("link", name="Where to go next").click()
    page.get_by_role("button", name="Make the plan").click()
    expect(page.get_by_role("region", name="The plan")).to_contain_text("Nobody here was ever asked.")
    page.get_by_role("link", name="Make it a shift").click()
    page.get_by_label("For which listening round?").select_option("twenty-years")
    page.get_by_label("Canvasser's e-mail address").fill(vera.email)
    page.get_by_role("button", name="Plan it").click()
    page.get_by_role("button", name="Give me a code").click()
    expect(page.get_by_role("status").filter(has_text="It works once")).to_be_visible()
    shift = Shift.objects.get()
    assert shift.canvasser_id == vera.pk

    phone = visitor(vera, phone=True)
    phone.goto("/my/outreach/")
    phone.get_by_role("link", name="Doorstep round").click()
    phone.get_by_role("button", name="Open it on this phone").click()
    expect(phone.get_by_role("heading", name="Your streets")).to_be_visible()
    assert shift.begins_on <= timezone.now().date() + timedelta(days=1)
