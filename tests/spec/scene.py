"""A borough with one of everything, made through the rooms' own actions, for the tests of access and of hostile input.

Every private thing carries a word from `SECRETS`, so that a test can ask of any answer whether it told one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.utils import timezone

from becontree.citizenship.conversations import actions as conversations
from becontree.citizenship.giving.actions import elsewhere, funds, grants, naming, paying_in, pledges
from becontree.citizenship.giving.models import Agreement, Campaign, Contribution
from becontree.citizenship.giving.tests.conftest import SETUP, Town
from becontree.citizenship.hubs import actions as hubs
from becontree.citizenship.manifesto import actions as manifesto
from becontree.citizenship.outreach import actions as outreach
from becontree.citizenship.outreach.models import CallBack
from becontree.citizenship.projects import actions as projects
from becontree.citizenship.voices import actions as voices
from becontree.citizenship.voices import tokens
from becontree.citizenship.voices.models import Appeal, Round
from becontree.foundations.access.gates import SECOND_FACTOR_KEY
from becontree.foundations.access.models import BreakGlass
from becontree.foundations.forgetting import actions as forgetting
from becontree.foundations.ledger import actions as ledger
from becontree.foundations.ledger.models import Journal
from becontree.foundations.measures import actions as measures
from becontree.foundations.messages import actions as letters
from becontree.foundations.messages import leaving
from becontree.foundations.payments import actions as payments
from becontree.foundations.payments.models import BankLine, Charge, Instruction
from becontree.foundations.people import actions as people
from becontree.foundations.people.models import FactorReset, Membership, Person, RoleHeld, RoleRequest
from becontree.foundations.places import actions as places
from becontree.foundations.places.models import Ward
from becontree.foundations.record import actions as record
from becontree.foundations.record.models import Decision, Entry

PDF = b"%PDF-1.4\n1 0 obj <</Type /Catalog>> endobj\n" + b"SECRETPAPER " * 8 + b"\n%%EOF"
EXAMPLE = files("becontree.foundations.places") / "example"
# What nobody outside the team may read, wherever it might leak from.
SECRETS = {
    "a waiting voice": "zugzwang-voice",
    "words of who was taken out": "be run by falconers",
    "an appeal about a ban": "gyrfalcon-appeal",
    "a held voice": "quagmire-voice",
    "a private paper": "bankletter-paper",
    "an offer to help": "pinafore-offer",
    "a helper's name": "Hester Quillfeather",
    "a helper's note": "kettle-note",
    "a giver's name": "Gideon Marrowbone",
    "a letter": "parchment-letter",
    "where to answer who asked to be forgotten": "thimble-row@example.invalid",
    "a caller's name": "Cordelia Ashbottle",
    "an appeal": "plea-appeal",
    "a waiting statement": "gallimaufry-statement",
    "a held statement": "hobbledehoy-statement",
    "an appeal about a statement": "beseech-statement",
    "an address for an answer": "lodestar@example.invalid",
    "the private paper itself": "SECRETPAPER",
}
# role in the table -> (how the person is registered, role, team)
ROLES: dict[str, tuple[str, str]] = {
    "funder": ("funder", ""),
    "panel-member": ("panel-member", ""),
    "officer:funding": ("officer", "funding"),
    "officer:engagement": ("officer", "engagement"),
    "officer:information": ("officer", "information"),
    "officer:homes": ("officer", "homes"),
    "finance": ("finance", ""),
    "auditor": ("auditor", ""),
    "administrator": ("administrator", ""),
}
DESK_ROLES = [role for role in ROLES if role.split(":")[0] in {"officer", "finance", "auditor", "administrator"}]


@dataclass
class Scene:
    """The borough, its people by role, and for each name of a path parameter the values that exist."""

    town: Town
    people: dict[str, Person] = field(default_factory=dict)
    things: dict[str, Any] = field(default_factory=dict)

    def client(self, role: str, *, second_factor: bool = False) -> Client:
        client = Client()
        if role != "anonymous":
            client.force_login(self.people[role])
            if second_factor:
                session = client.session
                session[SECOND_FACTOR_KEY] = True
                session.save()
        return client


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is done inside is rolled back; marked as a test's own block, so that durable blocks may stand in it."""
    block = transaction.atomic()
    block._from_testcase = True  # as django.test.TestCase does
    with block:
        yield
        transaction.set_rollback(True)


def build() -> Scene:
    now = timezone.now() - timedelta(days=40)
    town = Town(now=now)
    scene = Scene(town)
    olive = town.person("olive")
    places.name_borough(name="Fairlop", by=SETUP, now=now, example=True)
    places.import_wards((EXAMPLE / "wards.geojson").read_bytes(), by=SETUP, now=now)
    places.import_venues((EXAMPLE / "venues.csv").read_bytes(), by=SETUP, now=now)
    ward = Ward.objects.order_by("code").first()
    assert ward is not None
    town.group = people.add_organisation(name="Friends of Heron Road", kind="community-group", by=olive, now=now)
    people.verify_organisation(organisation=town.group, how="seen", by=SETUP, now=now)
    people.verify_bank(organisation=town.group, how="seen", by=SETUP, now=now)
    town.council = people.add_organisation(name="The council", kind="council", by=SETUP, now=now)
    _people(scene)
    heard = _voices(scene, ward, now)
    _manifesto(scene, heard, now)
    fund = town.fund(pence=500_000)
    scene.things["pay-in"] = paying_in.pay_in(
        fund=fund, pence=2_000_000, reference="SCENE-1", on=now.date(), by=scene.people["finance-two"], now=now
    )
    done, paid = _done(scene, ward, heard)
    live = _live(scene, ward)
    _talks(scene, ward, town.now)
    _hubs(scene, ward, town.now)
    _measured(scene, town.now)
    _outreach(scene, town.now)
    _record(scene, town.now)
    _money(scene, paid, town.now)
    _desk(scene, town.now)
    scene.things |= {
        "ward": ward,
        "fund": fund,
        "done": done,
        "live": live,
        "organisation": town.group,
    }
    return scene


def _people(scene: Scene) -> None:
    town = scene.town
    scene.people["organiser"] = town.person("olive")
    scene.people["resident"] = town.person("rita")
    for role, (code, team) in ROLES.items():
        name = role.replace(":", "-")
        scene.people[role] = town.officer(name, code, team)
    for second in ("finance-two",):
        scene.people[second] = town.officer(second, "finance")
    scene.people["administrator-two"] = town.officer("administrator-two", "administrator")


def _voices(scene: Scene, ward: Ward, now: datetime) -> Any:
    rita = scene.people["resident"]
    say = {"kind": "hope", "by": rita, "now": now, "ward": ward}
    heard = voices.say(words="Somewhere to grow beans.", may_quote=True, **say)
    voices.publish(voice=heard, by=SETUP, now=now)
    voices.answer(voice=heard, status="planned", body="A garden.", team="Parks", by=SETUP, now=now)
    quiet = voices.say(words=f"Not for showing {SECRETS['a held voice']}", may_quote=False, **say)
    voices.publish(voice=quiet, by=SETUP, now=now)
    waiting = voices.say(words=f"Please read {SECRETS['a waiting voice']}", may_quote=True, **say)
    held = voices.say(words=f"Held back {SECRETS['a held voice']}", may_quote=True, **say)
    voices.hold(voice=held, reason="personal", note="", by=SETUP, now=now)
    appeal = voices.appeal(voice=held, words=SECRETS["an appeal"], by=rita, now=now)
    scene.things |= {"voice": heard, "quiet": quiet, "waiting": waiting, "held": held, "appeal": appeal}
    scene.things["own"] = tokens.own(heard.response)
    _round(scene, now)
    return heard


def _talks(scene: Scene, ward: Ward, now: datetime) -> None:
    """An open conversation that a resident's group hosts, with statements that wait and are held; and a draft."""
    words = {
        "title": "What should the square be?", "about": "It is being rebuilt.", "ground_rules": "No names.",
        "can_change": "The plan.", "answered_by": "The street team", "host_name": "Friends of Heron Road",
        "closes_at": now + timedelta(days=30), "answer_due": (now + timedelta(days=60)).date(), "ward": ward,
        "results": "live",
    }  # fmt: skip
    olive = scene.people["organiser"]
    talk = conversations.draft(by=olive, now=now, organisation=scene.town.group, host_kind="hub", **words)
    conversations.seed_statements(
        conversation=talk,
        words=[f"It should have {what}." for what in ("trees", "seats", "shade", "water", "a stage")],
        by=olive,
        now=now,
    )
    talk = conversations.open_(conversation=talk, by=olive, now=now)
    quiet = conversations.draft(by=olive, now=now, **words | {"title": "Not yet asked?"})
    rita = conversations.start(conversation=talk, key="rita", person=scene.people["resident"], now=now)
    say = {"conversation": talk, "participant": rita, "now": now}
    said = conversations.suggest(words=f"It should have {SECRETS['a waiting statement']}.", **say)
    held = conversations.suggest(words=f"It should not have {SECRETS['a held statement']}.", **say)
    conversations.hold(statement=held, reason="personal", by=SETUP, now=now)
    appeal = conversations.appeal(
        statement=held, participant=rita, words=SECRETS["an appeal about a statement"], now=now
    )
    conversations.leave_address(participant=rita, address=SECRETS["an address for an answer"], now=now)
    out = conversations.start(conversation=talk, key="out", now=now)
    conversations.suggest(
        conversation=talk, participant=out, words=f"It should not {SECRETS['words of who was taken out']}.", now=now
    )
    conversations.ban(participant=out, reason="hate", by=SETUP, now=now)
    conversations.appeal_ban(participant=out, words=SECRETS["an appeal about a ban"], now=now)
    scene.things |= {"talk": talk, "talk-draft": quiet, "said": said, "talk-appeal": appeal, "out": out}


def _manifesto(scene: Scene, heard: Any, now: datetime) -> None:
    """A study with a named theme, a sample, an aspiration that was adopted, its promise, and a report."""
    officer = scene.people["officer:engagement"]
    who: dict[str, Any] = {"by": officer, "now": now}
    study = manifesto.begin(title="Growing", question="What do you hope for?", rounds=["*"], **who)
    rows = b"ANSWER\n" + b"".join(b"Somewhere to grow beans here %d\n" % at for at in range(12))
    manifesto.import_answers(study=study, content=rows, column="ANSWER", **who)
    run = manifesto.ask_for_run(study=study, **who)
    manifesto.sort_now(run_id=run.pk, clock=lambda: now)
    manifesto.act(study=study, kind="seed", label="Growing food", clauses=[1, 2, 3], **who)
    sample = manifesto.draw_sample(study=study, size=10, seed="spec", **who)
    manifesto.publish(study=study, **who)
    theme = study.themes.get(code="p1")
    aspiration = manifesto.write(
        sentence="Everybody can grow food.", minority="Some want lawns.", themes=[theme], quotes=[heard.handle], **who
    )
    manifesto.open_to_people(aspiration=aspiration, **who)
    promise = manifesto.adopt(
        aspiration=aspiration, sentence="A garden in every ward.", vision_on=now.date() + timedelta(days=4_000),
        rationale="They asked.", team="Parks", authority="Cabinet", minutes="Minute 1", on=now.date(), **who,
    )  # fmt: skip
    report = manifesto.make_report(year=now.year, cut_on=now.date(), **who)
    manifesto.publish_report(report=report, **who)
    scene.things |= {
        "study": study, "theme": theme, "sample": sample, "aspiration": aspiration, "promise": promise, "report": report
    }  # fmt: skip


def _hubs(scene: Scene, ward: Ward, now: datetime) -> None:
    """A hub that the resident's group keeps, an offer to help in it, and a meeting whose room is open."""
    olive = scene.people["organiser"]
    words = {"name": "The hub on Heron Road", "about": "Neighbours.", "place": "The hall", "when": "Tuesdays"}
    words |= {"address": "1 Heron Road"}
    hub = hubs.open_hub(organisation=scene.town.group, wards=[ward], by=olive, now=now, **words)
    hubs.offer(hub=hub, words=SECRETS["an offer to help"], by=scene.town.person("hal"), now=now)
    planned = hubs.plan(
        conversation=scene.things["talk"], hub=hub, starts_at=now + timedelta(hours=1), place="The hall",
        agenda=["Tea"], by=olive, now=now,
    )  # fmt: skip
    room = hubs.begin(meeting=planned, by=olive, now=now)
    scene.things |= {"hub": hub, "room": hubs.show(meeting=room, number=1, by=olive, now=now)}


def _round(scene: Scene, now: datetime) -> None:
    """A round that is open, one that is not yet, and a pile, a class and a file of the open one."""
    draft = voices.draft(recipe="street", by=SETUP, now=now)
    listening = voices.draft(recipe="twenty-years", by=SETUP, now=now)
    officer = scene.people["officer:engagement"]
    voices.edit(
        round=listening, by=SETUP, now=now, answerer="The cabinet", team="Engagement", owner=officer,
        asks_equality=True, closes_on=now.date() + timedelta(days=90), answer_by=now.date() + timedelta(days=180),
    )  # fmt: skip
    voices.previewed(round=listening, by=SETUP, now=now)
    listening = voices.open_round(round=type(listening).objects.get(pk=listening.pk), by=SETUP, now=now)
    kept = {"channel": "paper", "language": "en", "place": "Library"}
    pile = voices.begin_pile(round=listening, by=officer, now=now, kept=kept)
    school = voices.begin_pile(round=listening, by=officer, now=now, kept=kept | {"channel": "school"}, way="class")
    brought = voices.bring(round=listening, data=b"id,like\n1,Trees\n", name="a.csv", by=officer, now=now)
    scene.things |= {"round": listening, "round-draft": draft, "pile": pile, "class": school, "file": brought}


def _done(scene: Scene, ward: Ward, heard: Any) -> tuple[Campaign, Any]:
    """A project that reached its target, whose agreement is signed and whose money one person asked to pay out."""
    town = scene.town
    project = town.project(title="Beds on Heron Road", pence=20_000, ward=ward, causes=[heard.ref])
    campaign = town.campaign(project, days=20)
    pledge = town.gives("gwen", campaign, 12_000)
    Person.objects.filter(pk=town.person("gwen").pk).update(name=SECRETS["a giver's name"])
    town.later(days=31)
    campaign.refresh_from_db()
    agreement = Agreement.objects.get(campaign=campaign)
    grants.sign(agreement=agreement, by=town.person("olive"), now=town.now)
    grants.sign(agreement=agreement, by=scene.people["officer:funding"], now=town.now)
    grants.ask_payout(campaign=campaign, pence=5_000, by=scene.people["officer:funding"], now=town.now)
    scene.things["done-pledge"] = pledge
    return campaign, pledge


def _live(scene: Scene, ward: Ward) -> Campaign:
    """A project that raises money now, with helpers, private papers and money claimed from elsewhere; and a draft."""
    town = scene.town
    olive = town.person("olive")
    project = projects.propose(
        title="A drum for the square", summary="Loud.", story="Boom.", theme="culture", by=olive, now=town.now,
        ward=ward, organisation=town.group,
    )  # fmt: skip
    projects.set_budget(project=project, lines=[projects.Line("Drum", 50_000)], by=olive, now=town.now)
    projects.set_needs(project=project, needs=[projects.Wanted("hours", "Carrying", 20)], by=olive, now=town.now)
    evidence = projects.add_evidence(
        project=project, kind="governance", title=SECRETS["a private paper"],
        upload=SimpleUploadedFile("letter.pdf", PDF), by=olive, now=town.now,
    )  # fmt: skip
    draft = projects.propose(
        title="Quiet draft", summary="Not yet.", story="Later.", theme="play", by=olive, now=town.now
    )
    projects.submit(project=project, by=olive, now=town.now)
    for check in list(project.checks.all()):
        projects.decide_check(project=project, code=check.code, state="met", by=SETUP, now=town.now)
    project = projects.verify(project=project, by=SETUP, now=town.now)
    campaign = town.campaign(project, days=60)
    hal = town.person("hal")
    Person.objects.filter(pk=hal.pk).update(name=SECRETS["a helper's name"])
    need = project.needs.get()
    pledges.offer_help(need=need, quantity=3, note=SECRETS["a helper's note"], by=hal, now=town.now)
    named = pledges.offer_help(need=need, quantity=1, public_name="The Mayor", by=hal, now=town.now)
    ruling = naming.hide(pledge=named, name=named.public_name, reason="pretends", by=SETUP, now=town.now)
    ruling = naming.appeal(ruling=ruling, words="It is my name.", by=hal, now=town.now)
    scene.things |= {"named": named, "name-ruling": ruling}
    gift = town.gives("gwen", campaign, 1_000)
    contribution = elsewhere.claim(
        project=project, source="A trust", kind="trust", part="capital", pence=1_000, on=town.now.date(),
        evidence_note="A letter", by=olive, now=town.now,
    )  # fmt: skip
    scene.things |= {
        "evidence": evidence,
        "draft": draft,
        "need": need,
        "pledge": gift,
        "contribution": contribution,
    }
    return campaign


def _outreach(scene: Scene, now: datetime) -> None:
    """A doorstep round on one street, with a call to make and a door to leave alone."""
    listening = Round.objects.create(
        slug="at-the-door", title="At the door", why="To plan.", changes="The plan.", answerer="The cabinet",
        privacy="Little.", moderation="By reasons.", owner=scene.people["officer:engagement"], team="Engagement",
        state="open", opens_on=now.date(), closes_on=now.date() + timedelta(days=60),
        answer_by=now.date() + timedelta(days=90), made_by="system:tests", made_at=now, opened_at=now,
    )  # fmt: skip
    code = Ward.objects.order_by("code").values_list("code", flat=True)[0]
    (street,) = outreach.import_streets(f"street,ward,doors\nHeron Road,{code},1-9\n".encode(), by=SETUP, now=now)
    shift = outreach.plan_shift(
        kind="doorstep", round=listening, begins_on=now.date(), streets=[street], by=SETUP, now=now,
    )  # fmt: skip
    call = CallBack.objects.create(
        shift=shift, name=SECRETS["a caller's name"], telephone="020 7946 0000", asked_on=now.date(), due_on=now.date()
    )
    left = outreach.leave_alone(street=street, door="7", by=SETUP, now=now)
    scene.things |= {"shift": shift, "call": call, "left": left}


def _measured(scene: Scene, now: datetime) -> None:
    measure = measures.define(
        title="People who know a neighbour", unit="%", direction="up", source="A survey", formula="Of all asked",
        owner="Engagement", by=SETUP, now=now,
    )  # fmt: skip
    measures.read(measure=measure, on=now.date(), value="61.5", n=400, by=SETUP, now=now)
    scene.things["measure"] = measure


def _record(scene: Scene, now: datetime) -> None:
    record.sequence(now=now)
    scene.things["checkpoint"] = record.checkpoint(now=now)
    scene.things["entry"] = Entry.objects.order_by("sequence").first()
    scene.things["decision"] = Decision.objects.order_by("pk").first()


def _money(scene: Scene, pledge: Any, now: datetime) -> None:
    finance, second = scene.people["finance"], scene.people["finance-two"]
    charge = Charge.objects.filter(purpose=pledge.ref).first()
    assert charge is not None
    text = f"Date,Description,Amount\n{now:%d/%m/%Y},SOMEBODY UNKNOWN,25.00\n"
    payments.import_statement(raw=text.encode(), file_name="s.csv", by=finance, now=now)
    journal = Journal.objects.filter(subject__startswith="fund/").first() or Journal.objects.first()
    assert journal is not None
    ledger.open_account(code="income:gifts", name="Gifts", kind="income")
    loose = ledger.post(
        key="scene:loose", kind="gift", occurred_on=now.date(),
        lines=[ledger.Line("asset:bank:main", "income:gifts", 100)], by=SETUP, now=now,
    )  # fmt: skip
    held = Campaign.objects.get(pk=pledge.campaign_id).held
    waits, goes = (
        payments.propose_payout(
            payee=scene.town.group, amount=300, purpose="campaign/x", from_account=held, key=key, by=finance, now=now
        )
        for key in ("scene:waits", "scene:goes")
    )
    payments.approve_payout(payout=goes, by=second, now=now)
    listed = payments.make_list(by=second, now=now)
    scene.things |= {
        "charge": charge,
        "instruction": Instruction.objects.get(pk=charge.instruction_id),
        "line": BankLine.objects.first(),
        "journal": loose,
        "reversal": ledger.ask_reversal(journal=loose, reason="Typed twice by mistake.", by=second, now=now),
        "refund": payments.refund(
            charge=charge, amount=100, key="scene:refund", reason="Asked for.", by=finance, now=now
        ),
        "payout": waits,
        "list": listed,
        "bank": payments.begin(
            payer=scene.people["resident"], amount=2_500, purpose=f"pledge/{pledge.handle}", return_url="/my/giving/",
            key="scene:bank", now=now, provider="bankfile",
        ),
    }  # fmt: skip


def _desk(scene: Scene, now: datetime) -> None:
    scene.things["wish"] = forgetting.take_down(
        given=str(scene.people["resident"].pk), came_by="letter", came_on=now.date(), tell_by="email",
        tell_to=SECRETS["where to answer who asked to be forgotten"],
        by=scene.people["officer:information"], now=now,
    )  # fmt: skip
    letter = letters.send(
        to=scene.people["resident"], template="voices/answered",
        context={"status": "x", "body": SECRETS["a letter"], "team": "Parks", "url": "/"},
        key="scene:letter", now=now, channel="print", team="engagement",
    )  # fmt: skip
    load, _ = places.hold(
        kind="venues", content=(EXAMPLE / "venues.csv").read_bytes(), by=scene.people["administrator"], now=now
    )
    glass = BreakGlass.objects.create(
        person=scene.people["officer:homes"], kind="voices.voice", thing=str(scene.things["waiting"].pk),
        reason="Somebody is in danger tonight.", opened_at=now, ends_at=now + timedelta(hours=3),
    )  # fmt: skip
    reset = FactorReset.objects.create(
        person=scene.people["officer:homes"], checked="rang", asked_by=scene.people["administrator"], asked_at=now
    )
    asked = RoleRequest.objects.create(
        person=scene.people["resident"], role="finance", reason="Keeps the books from May.",
        asked_by=scene.people["administrator-two"], asked_at=now, lapses_at=now + timedelta(days=365),
    )  # fmt: skip
    scene.things |= {
        "reset": reset,
        "role-asked": asked,
        "letter": letter,
        "load": load,
        "glass": glass,
        "token": leaving.token(letter),
        "membership": Membership.objects.get(organisation=scene.town.group),
        "role": RoleHeld.objects.get(person=scene.people["panel-member"]),
    }


__all__ = ["DESK_ROLES", "ROLES", "SECRETS", "Appeal", "Contribution", "Scene", "build", "funds"]
