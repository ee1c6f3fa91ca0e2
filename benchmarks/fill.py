"""A borough of any size, written straight into the tables, to measure pages with: the rows are valid, the people invented.

>>> fill(projects=400, pledges=8_000, voices=2_000, now=...)
"""

from __future__ import annotations

from datetime import datetime, timedelta

from becontree.citizenship.giving.models import Award, Campaign, Fund, Pledge
from becontree.citizenship.projects.models import BudgetLine, Cause, Need, Project
from becontree.citizenship.projects.models import Update as News
from becontree.citizenship.voices.models import Answer, Question, Response, Round, Voice
from becontree.foundations.ledger import actions as ledger
from becontree.foundations.people.models import Organisation, Person
from becontree.foundations.places.models import Ward
from becontree.foundations.record.models import Because, Entry, Thing
from becontree.web.demo import load
from becontree.web.demo.borough import Borough

WORDS = "A hope for the green by the mill where children and their nans can sit in the shade and talk".split()  # noqa: SIM905


def fill(*, projects: int, pledges: int, voices: int, now: datetime) -> None:
    """Fill an empty installation. Everything is spread evenly over wards, kinds, states and two years."""
    load._places(Borough(now))
    wards = list(Ward.objects.order_by("code"))
    people = [
        Person(email=f"p{n}@fill.example", name=f"Person {n}", created_at=now, ward_code=wards[n % 12].code)
        for n in range(max(50, pledges // 3))
    ]
    Person.objects.bulk_create(people, batch_size=500)
    group = Organisation.objects.create(
        slug="a-group", name="A group", kind="community-group", added_by="system:fill", added_at=now,
        verified_at=now, verified_by="system:fill", verified_how="filled", bank_verified_at=now,
        bank_verified_by="system:fill", bank_verified_how="filled",
    )  # fmt: skip
    owner = Person.objects.order_by("email")[0]
    closed = {
        "why": "To plan.", "changes": "The plan.", "answerer": "The cabinet", "privacy": "Little.", "moderation": "Fair.",
        "owner": owner, "opens_on": (now - timedelta(days=700)).date(), "answer_by": now.date(), "made_by": "system:fill",
        "closes_on": (now - timedelta(days=1)).date(), "made_at": now, "opened_at": now, "closed_at": now, "state": "closed",
    }  # fmt: skip
    round_ = Round.objects.create(slug="twenty-years", title="Twenty years", **closed)
    kinds = ("hope", "like", "dislike")
    questions = [Question(round=round_, position=n, kind=kind, text=f"What {kind}?") for n, kind in enumerate(kinds)]
    Question.objects.bulk_create(questions)
    Thing.objects.create(ref=round_.ref, kind="round", title=round_.title, url=round_.get_absolute_url())
    forms = [
        Response(
            round=round_,
            key=f"fill-{n}", channel=("web", "paper", "doorstep")[n % 3], ward=wards[n % 12], may_quote=n % 4 != 0,
            said_on=(now - timedelta(days=n % 700)).date(), entered_at=now,
        )
        for n in range(voices)
    ]  # fmt: skip
    Response.objects.bulk_create(forms, batch_size=500)
    said = [
        Voice(
            response=form, question=questions[n % 3], kind=kinds[n % 3], words=" ".join(WORDS[: 5 + n % 12]),
            state="published", published_at=now,
        )
        for n, form in enumerate(forms)
    ]  # fmt: skip
    Voice.objects.bulk_create(said, batch_size=500)
    Answer.objects.bulk_create(
        [
            Answer(voice=one, status="planned", body="We will.", team="Parks", by="system:fill", at=now)
            for one in said[::5]
        ],
        batch_size=500,
    )
    made = []
    states = ("raising", "raising", "delivering", "closed", "verified")
    for n in range(projects):
        state = states[n % 5]
        made.append(
            Project(
                slug=f"project-{n}", title=f"Project {n} by the mill", summary="Beds and benches for all.", story="We dig. " * 60,
                theme=Project.Theme.values[n % 8], ward=wards[n % 12], organisation=group, state=state,
                created_at=now - timedelta(days=n % 600), verified_at=now - timedelta(days=n % 600),
                closed_at=now if state == "closed" else None, what_changed="Much." if state == "closed" else "",
            )
        )  # fmt: skip
    Project.objects.bulk_create(made, batch_size=200)
    BudgetLine.objects.bulk_create(
        [BudgetLine(project=one, what=f"Line {k}", pence=100_000, basis="Quote") for one in made for k in range(4)],
        batch_size=500,
    )
    needs = [
        Need(project=one, kind=kind, what=f"Some {kind}", quantity=40) for one in made for kind in ("hours", "things")
    ]
    Need.objects.bulk_create(needs, batch_size=500)
    News.objects.bulk_create(
        [News(project=one, title="News", body="It goes on. " * 20, at=now) for one in made for _ in range(3)],
        batch_size=500,
    )
    Cause.objects.bulk_create(
        [Cause(project=one, ref=said[(n * 7 + k) % voices].ref) for n, one in enumerate(made) for k in range(4)],
        batch_size=500, ignore_conflicts=True,
    )  # fmt: skip
    fund = Fund.objects.create(
        slug="pot",
        name="Pot",
        kind="council",
        funder=group,
        purpose="All.",
        opens_on=(now - timedelta(days=700)).date(),
    )
    ledger.open_account(code=fund.account, name="Pot", kind="fund", floor=True)
    campaigns = []
    each = max(1, pledges // projects)
    for n, one in enumerate(made):
        if one.state == "verified":
            continue
        live = one.state == "raising"
        campaigns.append(
            Campaign(
                slug=one.slug, project=one, model="all-or-nothing", strategy="save-and-charge", provider="practice", target=400_000,
                opens_at=now - timedelta(days=20), closes_at=now + timedelta(days=1 + n % 40), state="live" if live else "funded",
                settled_at=None if live else now, crowd_promised=each * 1_000 if live else 0, crowd_collected=0 if live else each * 1_000,
                match_promised=50_000, backers=each,
            )
        )  # fmt: skip
    Campaign.objects.bulk_create(campaigns, batch_size=200)
    gifts = []
    for n in range(pledges):
        campaign = campaigns[n % len(campaigns)]
        gifts.append(
            Pledge(
                handle=f"g{n:08d}", campaign=campaign, giver=people[(n * 13) % len(people)], kind="money", pence=1_000,
                public_name=f"P{n}" if n % 3 == 0 else "", state="firm" if campaign.state == "live" else "collected",
                made_at=now - timedelta(hours=n % 400), firm_at=now,
            )
        )  # fmt: skip
    Pledge.objects.bulk_create(gifts, batch_size=500)
    Award.objects.bulk_create(
        [
            Award(fund=fund, campaign=one, pence=50_000, number=n + 1 if one.state == "funded" else None,
                  state="granted" if one.state == "funded" else "promised", granted_at=now if one.state == "funded" else None)
            for n, one in enumerate(campaigns)
        ],
        batch_size=200,
    )  # fmt: skip
    _record(said, made, campaigns, now)


def _record(said: list[Voice], made: list[Project], campaigns: list[Campaign], now: datetime) -> None:
    things = [Thing(ref=one.ref, kind="voice", title="A hope", url=one.get_absolute_url()) for one in said]
    things += [Thing(ref=one.ref, kind="project", title=one.title, url=one.get_absolute_url()) for one in made]
    things += [Thing(ref=one.ref, kind="campaign", title="Campaign", url=one.get_absolute_url()) for one in campaigns]
    Thing.objects.bulk_create(things, batch_size=500)
    common = {"facts": {}, "recorded_at": now, "entered_by": "system:fill", "happened_on": now.date()}
    heard = [Entry(kind="voice.heard", step="heard", thing_id=one.ref, title="A hope", **common) for one in said]
    begun = [
        Entry(kind="project.verified", step="facilitated", thing_id=one.ref, title=one.title, **common) for one in made
    ]
    opened = [
        Entry(kind="campaign.opened", step="facilitated", thing_id=one.ref, title="Campaign", **common)
        for one in campaigns
    ]
    Entry.objects.bulk_create([*heard, *begun, *opened], batch_size=500)
    causes = {one.ref: [c.ref for c in one.causes.all()] for one in made}
    Because.objects.bulk_create(
        [
            Because(entry=entry, thing_id=entry.thing_id, cause_id=ref)
            for entry in begun
            for ref in causes[entry.thing_id]
        ]
        + [Because(entry=entry, thing_id=one.ref, cause_id=one.project.ref) for entry, one in zip(opened, campaigns)],
        batch_size=500,
    )
