"""The whole story through the pages, as people would walk it: no model is written to except by a page or by the worker.

A resident's words become a project; four kinds of pledge and three kinds of fund pay for it; it is delivered; anyone
follows the thread back and recomputes every pound. The sums are those of the pamphlet's play facility.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.utils import override_settings
from django.utils import timezone

from becontree.citizenship.giving import exports, jobs, queries
from becontree.citizenship.giving.models import Campaign, Contribution, PayIn
from becontree.citizenship.projects.checklist import CHECKLIST
from becontree.citizenship.voices.models import Voice
from becontree.formats import threesixty
from becontree.foundations.kit.ids import short_id
from becontree.foundations.ledger.queries import balance, trial_balance
from becontree.foundations.payments.actions import deliver, process_inbox
from becontree.foundations.payments.practice import post
from becontree.foundations.record import actions as record
from becontree.verify import log
from becontree.web.demo import load, story, tales
from becontree.web.demo.borough import Borough, giver

PDF: Final = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
CROWD: Final = 48
SOURCES: Final = {"London Marathon Charitable Trust": 14_000_000, "Veolia": 5_999_900, "Sport England": 2_500_000}


@dataclass
class Walk:
    """Where the walk stands: how far the clock is moved, and what was found wrong."""

    shift: timedelta = timedelta()
    pages: int = 0
    faults: list[str] = field(default_factory=list)
    clients: dict[str, Client] = field(default_factory=dict)

    def as_(self, handle: str) -> Client:
        """Somebody's browser; "" is a visitor's."""
        if handle not in self.clients:
            client = Client(raise_request_exception=False, SERVER_NAME="127.0.0.1")
            if handle:
                client.post("/demo/people/", {"handle": handle})
            self.clients[handle] = client
        return self.clients[handle]

    def get(self, handle: str, path: str) -> str:
        with self.clock():
            answer = self.as_(handle).get(path)
        self.pages += 1
        if answer.status_code != 200:
            self.faults.append(f"{path} answered {answer.status_code} to {handle or 'a visitor'}")
            return ""
        return b"".join(answer.streaming_content).decode() if answer.streaming else answer.content.decode()  # type: ignore[attr-defined]

    def post(self, handle: str, path: str, data: dict[str, Any]) -> str:
        """Send a form; the address that it leads on to. A form that is refused is a fault, with what the page says."""
        with self.clock():
            answer = self.as_(handle).post(path, data)
            shown = re.search(rb'name="public-read" value="([0-9a-f]+)"', answer.content)
            if shown is not None:  # the words are shown as everybody will read them: read, tick, go on
                self.pages += 1
                answer = self.as_(handle).post(path, data | {"public-read": shown[1].decode(), "public-sure": "on"})
        self.pages += 1
        if answer.status_code not in {301, 302}:
            said = re.findall(
                r'class="errorlist"[^>]*>(.*?)</ul>|refusal.*?<p[^>]*>(.*?)</p>', answer.content.decode(), re.S
            )
            plain = re.sub(r"<[^>]+>|\s+", " ", " ".join(" ".join(part) for part in said)).strip()
            self.faults.append(f"{path} was not accepted from {handle or 'a visitor'} ({answer.status_code}): {plain}")
            return ""
        return str(answer["Location"])

    @contextmanager
    def clock(self) -> Iterator[None]:
        with override_settings(CLOCK_SHIFT=self.shift, THROTTLE_OFF=True):
            yield

    def work(self, rounds: int = 3) -> None:
        """What the worker does, now."""
        now = timezone.now() + self.shift
        for _ in range(rounds):
            for _, _, run in jobs.JOBS:
                run(now)
            deliver(now=now, limit=500)
            post.send_due(now=now, limit=500)
            process_inbox(now=now, limit=500)
        while record.sequence(now=now):
            pass

    def later(self, **span: int) -> None:
        self.shift += timedelta(**span)
        self.work()


def walk(home: Path, *, sessions: bool = True, schemas: Path | None = None) -> dict[str, Any]:
    """Walk the story in an empty installation and say what came of it: sums in pence, checks, faults."""
    town = load.load(timezone.now(), stories=False)
    steps = Walk()
    slug = _to_a_campaign(steps, sessions)
    _give(steps, town, slug)
    campaign = Campaign.objects.select_related("project").get()
    _collect_and_deliver(steps, campaign, slug, sessions)
    return _summary(steps, home, campaign, slug, sessions, schemas)


def _to_a_campaign(steps: Walk, sessions: bool) -> str:
    words = "A place to play on the green, for children on wheels as well."
    steps.post("", "/voices/say/", {"kind": "hope", "words": words, "ward": "F01", "may_quote": "on"})
    handle = Voice.objects.values_list("handle", flat=True).get(words=words)
    steps.later(hours=3)
    steps.post("marcus", f"/desk/voices/{handle}/", {"do": "publish"})
    if words not in steps.get("", f"/voices/{handle}/"):
        steps.faults.append("the published words are not on their page")
    tale = story.PLAY
    from becontree.foundations.people.models import Organisation

    group = Organisation.objects.get(name="Friends of Maypole Green")
    steps.later(days=1)
    led = steps.post("joan", "/my/projects/begin/", {
        "title": tale.title, "summary": tale.summary, "story": tale.story, "theme": "play", "ward": "F01",
        "place": tale.place, "organisation": str(group.pk), "causes": f"voice/{handle}",
    })  # fmt: skip
    slug = led.strip("/").split("/")[-1]
    lines = [*tale.budget, *((what, pence, "estimate") for what, pence in tale.running)]
    rows: dict[str, Any] = {"form-TOTAL_FORMS": len(lines), "form-INITIAL_FORMS": 0}
    for number, (what, pence, basis) in enumerate(lines):
        part = "capital" if number < len(tale.budget) else "running"
        rows |= {
            f"form-{number}-what": what,
            f"form-{number}-pence": f"{pence / 100:.2f}",
            f"form-{number}-part": part,
            f"form-{number}-basis": basis,
        }
    steps.post("joan", f"/my/projects/{slug}/budget/", rows)
    rows = {"form-TOTAL_FORMS": len(tale.needs), "form-INITIAL_FORMS": 0}
    for number, (kind, what, quantity, detail) in enumerate(tale.needs):
        rows |= {
            f"form-{number}-kind": kind,
            f"form-{number}-what": what,
            f"form-{number}-quantity": quantity,
            f"form-{number}-detail": detail,
        }
    steps.post("joan", f"/my/projects/{slug}/needs/", rows)
    paper = SimpleUploadedFile("quote.pdf", PDF, "application/pdf")
    steps.post("joan", f"/my/projects/{slug}/evidence/", {"kind": "quote", "title": "The maker's quote", "file": paper})
    steps.post("joan", f"/my/projects/{slug}/", {})
    steps.later(days=2)
    checks = {f"state-{item.code}": "met" if item.always else "not-needed" for item in CHECKLIST}
    steps.post("priya", f"/desk/projects/{slug}/", {"do": "all", **checks})
    steps.post("priya", f"/desk/projects/{slug}/", {"do": "verify"})
    today = (timezone.now() + steps.shift).date()
    for source, kind, part, pence in tale.elsewhere:
        if part == "running" and not sessions:
            continue
        steps.post("joan", f"/my/giving/projects/{slug}/elsewhere/", {
            "source": source, "kind": kind, "part": part, "pence": f"{pence / 100:.2f}", "on": today.isoformat(), "evidence_note": "Award letter",
        })  # fmt: skip
    for claimed in Contribution.objects.all():
        steps.post("priya", f"/desk/giving/elsewhere/{claimed.pk}/", {"outcome": "promised"})
    council = Organisation.objects.get(name="The Borough of Fairlop")
    opened = steps.post("priya", "/desk/giving/funds/new/", {
        "name": "Play places pot", "kind": "council", "funder": str(council.pk), "purpose": "Play areas that residents ask for.",
        "opens_on": today.isoformat(), "decides": "rule", "ratio_of": 7, "ratio_to": 1, "share_percent": 50, "per_project": "39,000",
        "min_backers": 20, "priority": 10,
    })  # fmt: skip
    fund = opened.strip("/").split("/")[-1]
    steps.post(
        "tom",
        f"/desk/giving/funds/{fund}/pay-in/",
        {"pence": "120,000", "reference": "opening", "on": today.isoformat()},
    )
    written = PayIn.objects.get(fund__slug=fund)
    steps.post("ruth", f"/desk/giving/pay-ins/{written.pk}/", {"do": "confirm", "read": queries.as_read(written)})
    closes = (timezone.now() + steps.shift + timedelta(days=40)).date()
    steps.post(
        "joan", f"/my/giving/projects/{slug}/open/", {"model": "all-or-nothing", "closes_on": closes.isoformat()}
    )
    return slug


def _give(steps: Walk, town: Borough, slug: str) -> None:
    """Forty-eight people give £5,599 through the practice provider's pages; others promise time, skills and things."""
    for number, pence in enumerate(tales.amounts(559_900, CROWD)):
        person = giver(town, number)
        client = Client(raise_request_exception=False, SERVER_NAME="127.0.0.1")
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        steps.clients[f"giver{number}"] = client
        led = steps.post(
            f"giver{number}", f"/projects/{slug}/give/", {"amount": f"{pence / 100:.2f}", "once": short_id()}
        )
        if not led:
            return
        steps.work(1)
        with steps.clock():
            hosted = client.get(led)
        if hosted.status_code == 302:
            steps.post(f"giver{number}", str(hosted["Location"]), {"card": "pays"})
        steps.work(1)
    page = steps.get("", f"/projects/{slug}/give/")
    for number, need in enumerate(sorted(set(re.findall(rf"/projects/{slug}/help/([0-9a-f-]+)/", page)))):
        steps.post(
            f"giver{number}", f"/projects/{slug}/help/{need}/", {"quantity": 4, "once": short_id(), "note": "Saturdays"}
        )


def _collect_and_deliver(steps: Walk, campaign: Campaign, slug: str, sessions: bool) -> None:
    steps.later(days=42)
    for _ in range(3):
        steps.later(days=1)
    campaign.refresh_from_db()
    if campaign.state != Campaign.State.FUNDED:
        steps.faults.append(f"the campaign is {campaign.state}, not funded")
        return
    for contribution in campaign.contributions.filter(state="promised"):
        steps.post("tom", f"/desk/giving/elsewhere/{contribution.pk}/", {})
    steps.post("joan", f"/my/giving/projects/{slug}/agreement/", {})
    steps.post("priya", f"/desk/giving/campaigns/{campaign.slug}/agreement/", {})
    _pay(steps, campaign)
    steps.later(days=60)
    steps.post("joan", f"/my/projects/{slug}/news/", {"title": "It is open", "body": "Since ten this morning."})
    for pledge in campaign.pledges.exclude(kind="money"):
        steps.post("joan", f"/my/giving/projects/{slug}/", {"delivered": pledge.handle})
    steps.post("joan", f"/my/projects/{slug}/close/", {
        "what_changed": "Children of all kinds are on the green.", "results-TOTAL_FORMS": 1, "results-INITIAL_FORMS": 0,
        "results-0-what": "Children at play, per hour", "results-0-figure": "from 3 to 41", "results-0-counted_how": "Counted on six Saturdays",
        "results-0-period": "before and after", "results-0-n": 12,
    })  # fmt: skip


def _pay(steps: Walk, campaign: Campaign) -> None:
    """Asked for by one, agreed to by another, listed, released, and found on the bank's own statement."""
    held = queries.held(campaign)
    steps.post(
        "tom", f"/desk/giving/campaigns/{campaign.slug}/pay/", {"pence": f"{held / 100:.2f}", "once": short_id()}
    )
    payout = queries.payouts_of(campaign).first()
    if payout is None:
        steps.faults.append("no payment was asked for")
        return
    steps.post("ruth", f"/desk/payments/payouts/{payout.pk}/", {"do": "approve"})
    made = steps.post("tom", "/desk/payments/lists/", {})
    steps.post("ruth", made, {"do": "release"})
    if payout.reference not in steps.get("tom", f"{made}payments.csv"):
        steps.faults.append("the payment is not in the bank's file")
    if queries.held(campaign) or balance(campaign.held).posted != held:
        steps.faults.append("the ledger says paid before the bank does")
    steps.later(days=1)
    day = (timezone.now() + steps.shift).date()
    line = f"Date,Description,Amount\n{day:%d/%m/%Y},BACS {payout.reference},{-held / 100:.2f}\n"
    steps.post("tom", "/desk/payments/lines/import/", {"file": SimpleUploadedFile("bank.csv", line.encode())})


def _summary(
    steps: Walk, home: Path, campaign: Campaign, slug: str, sessions: bool, schemas: Path | None
) -> dict[str, Any]:
    campaign.refresh_from_db()
    page = steps.get("", f"/projects/{slug}/")
    thread = steps.get("", f"/record/thread/project/{slug}")
    for want in ("£269,598.00", "£140,000.00", "£59,999.00", "£25,000.00", "£5,599.00", "£39,000.00"):
        if want not in page:
            steps.faults.append(f"the project's page does not say {want}")
    for path in ("/", "/projects/", "/voices/", "/funds/", "/money/", "/record/", "/policy/"):
        steps.get("", path)
    running = sum(one.pence for one in queries.running_money(campaign.project))
    sources = {row["label"]: row["pence"] for row in queries.spread(campaign.project, campaign)["sources"]}  # type: ignore[index]
    capital = sum(sources.values())
    package = json.loads(exports.package(queries.granted_awards()))
    known = schemas or Path(settings.PACKAGE).parents[2] / "shared" / "data" / "360giving"
    known = known if known.is_dir() else Path.cwd().parent / "shared" / "data" / "360giving"
    giving_faults = [str(one) for one in threesixty.validate(package, known)] if known.is_dir() else None
    now = timezone.now() + steps.shift
    steps.work()
    record.checkpoint(now=now)
    folder = home / "record"
    record.publish(folder, now=now)
    verified = log.check_folder(folder)
    attacks = attack(folder, home / "attacked")
    trial = trial_balance()
    spent = balance(campaign.held)
    checks = {
        "pages": not steps.faults,
        "capital is 269,598.00 from five sources": capital == 26_959_800 and len(sources) == 5,
        "match 39,000 to crowd 5,599": (campaign.match_promised, campaign.crowd_collected) == (3_900_000, 559_900),
        "sessions are apart": running == (1_000_000 if sessions else 0),
        "everything was paid out": (spent.posted, capital + running) == (0, capital + running),
        "trial balance": trial.debit == trial.credit and queries.counters_off() == [],
        "the thread reaches the words": "A hope" in thread,
        "360Giving": giving_faults in (None, []) and len(package["grants"]) == 1,
        "the record verifies": verified == [],
        "every change to the record is found": all(attacks.values()),
    }
    return {
        "ok": all(checks.values()),
        "checks": checks,
        "pence": {
            "capital": capital, "sources": sources, "crowd": campaign.crowd_collected, "match": campaign.match_promised,
            "sessions": running, "with_sessions": capital + running if sessions else None,
            "trial_balance": {"debit": trial.debit, "credit": trial.credit},
        },
        "people": {"backers": campaign.backers, "pledges": campaign.pledges.count(), "pages_walked": steps.pages},
        "grants": [grant["id"] for grant in package["grants"]],
        "360giving_faults": "the schemas are not on this machine, so this was not checked" if giving_faults is None else giving_faults,
        "record": {"faults": verified, "attacks_found": attacks},
        "faults": steps.faults,
    }  # fmt: skip


def attack(folder: Path, scratch: Path) -> dict[str, bool]:
    """Change a published record in each of five ways; whether the verifier finds each."""

    def lines(copy: Path) -> tuple[Path, list[str]]:
        file = sorted(path for path in copy.rglob("*.jsonl") if path.stat().st_size)[0]
        return file, file.read_text(encoding="utf-8").splitlines(keepends=True)

    def put(file: Path, rows: list[str]) -> None:
        file.write_text("".join(rows), encoding="utf-8")

    def changed(copy: Path) -> None:
        file = lines(copy)[0]
        body = bytearray(file.read_bytes())
        place = len(body) // 2
        while not chr(body[place]).isalpha():
            place += 1
        body[place] ^= 1
        file.write_bytes(bytes(body))

    def removed(copy: Path) -> None:
        file, rows = lines(copy)
        put(file, rows[:1] + rows[2:])

    def swapped(copy: Path) -> None:
        file, rows = lines(copy)
        put(file, [rows[1], rows[0], *rows[2:]])

    def inserted(copy: Path) -> None:
        file, rows = lines(copy)
        put(file, [*rows[:2], rows[1], *rows[2:]])

    def replaced(copy: Path) -> None:
        file = sorted((copy / "checkpoints").rglob("*"))[0]
        file.write_text(
            re.sub(r"^(.*\n)(\d+)\n", r"\g<1>1\n", file.read_text(encoding="utf-8"), count=1), encoding="utf-8"
        )

    found = {}
    for name, break_it in (
        ("one byte changed", changed),
        ("one removed", removed),
        ("two swapped", swapped),
        ("one inserted", inserted),
        ("an old checkpoint replaced", replaced),
    ):
        shutil.rmtree(scratch, ignore_errors=True)
        shutil.copytree(folder, scratch)
        break_it(scratch)
        found[name] = bool(log.check_folder(scratch))
    shutil.rmtree(scratch, ignore_errors=True)
    return found


__all__ = ["attack", "walk"]
