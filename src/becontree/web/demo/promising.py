"""How what people said became a dozen promises of the example borough, their measures and its yearly report."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Final

from becontree.citizenship.manifesto import actions as manifesto
from becontree.citizenship.manifesto.models import Aspiration, Promise, Study, Theme
from becontree.citizenship.manifesto.queries import workbench
from becontree.citizenship.projects.models import Project
from becontree.citizenship.voices.models import Round
from becontree.foundations.measures import actions as measures
from becontree.web.demo import promised, story
from becontree.web.demo.borough import BEGAN

if TYPE_CHECKING:
    from becontree.web.demo.borough import Borough

# What the person who named the themes looked for, promise by promise.
WORDS: Final = {
    "play-close-to-home": ("play", "parks", "park ", "youth club", "swimming", "skate", "sport", "splash"),
    "clean-streets": ("clean", "fly-tip", "bins", "litter", "rubbish"),
    "homes-on-ordinary-wages": ("house", "homes", "home ", "flats", "rent", "bungalow", "landlord"),
    "safe-after-dark": ("safe", "police", "lights", "camera", "cctv", "wardens", "knife", "gangs"),
    "work-you-can-live-on": ("jobs", "apprentice", "training", "workshops", "i want to be", "grow up"),
    "every-child-helped-to-learn": ("school", "homework", "university", "college"),
    "well-and-not-alone": ("doctor", "dentist", "lonely", "health", "carers", "gym"),
    "a-town-centre-alive": ("shops", "market", "cinema", "restaurants", "café"),
    "neighbours-who-know-each-other": ("neighbours", "street part", "kind", "getting on", "racism", "cup of tea"),
    "art-made-here": ("theatre", "museum", "festival", "library", "drums", "dancing", "art"),
    "getting-about": ("bus", "crossing", "cycle", "lift", "potholes", "pavements", "miles an hour", "parking"),
    "heard-and-answered": ("ask us", "tell us", "listen", "person to ask", "number to ask", "what happened"),
}
MOST_SEEDS: Final = 40


def the_promises(town: Borough) -> None:
    """Themes that people named, a dozen promises with their measures and readings, and how each stands."""
    marcus = town.people["marcus"]
    study = _study(town, town.heard)
    by_topic = {theme.label: theme for theme in study.themes.all()}
    for place, promise in enumerate(promised.PROMISES):
        at = town.ago(BEGAN - 120) + timedelta(minutes=place)
        theme = by_topic[promise.title]
        quotes = _quotes(theme, WORDS[promise.slug])
        wish = manifesto.write(
            sentence=promise.sentence, minority=promise.minority, rests_on=promise.why, themes=[theme], quotes=quotes,
            by=marcus, now=at,
        )  # fmt: skip
        wish = manifesto.open_to_people(aspiration=wish, by=marcus, now=at)
        made = _adopt(town, promise, wish, at + timedelta(days=50))
        town.promises |= dict.fromkeys(promise.projects, made)
    next_one = manifesto.write(
        sentence=promised.NEXT, minority=promised.NEXT_MINORITY, rests_on=promised.NEXT_WHY,
        themes=[by_topic[promised.NEXT_FROM]], quotes=_quotes(by_topic[promised.NEXT_FROM], ("bus",)),
        by=marcus, now=town.ago(30),
    )  # fmt: skip
    manifesto.open_to_people(aspiration=next_one, by=marcus, now=town.ago(29))


def _year_end(town: Borough) -> date:
    """The last day of last year: what the last report speaks of, and the day of the last readings."""
    return date(town.today.year - 1, 12, 31)


def _year(town: Borough, year: int) -> int:
    """A year of `promised`, which was written in 2026, moved so that its last readings are last year's."""
    return year + town.today.year - 2026


def the_links(town: Borough) -> None:
    """What was there before the promises and belongs to one: the promise names it, and says why."""
    marcus = town.people["marcus"]
    for tale in [story.PLAY, *story.TALES]:
        promise = town.promises.get(tale.title)
        if promise is not None and town.ago(tale.began).date() <= promise.adopted_on:
            project = Project.objects.get(title=tale.title)
            manifesto.continues(
                promise=promise, thing=project.ref, by=marcus, now=town.ago(340),
                reasons="It began before there was a manifesto, from the same wishes. It is the first of what this promises.",
            )  # fmt: skip


def the_report(town: Borough) -> None:
    """Last year's State of the Borough, as it was known on the year's last day."""
    marcus = town.people["marcus"]
    cut_on = _year_end(town)
    day = town.ago(min(200, (town.today.date() - cut_on).days))
    report = manifesto.make_report(
        year=cut_on.year, cut_on=cut_on, by=marcus, now=day,
        foreword="What got worse comes first. We would rather you read it from us.",
    )  # fmt: skip
    manifesto.publish_report(report=report, by=marcus, now=day + timedelta(minutes=20))


def _study(town: Borough, heard: Round) -> Study:
    """Everything hoped for: themes that a person began, and all that the machine found like them."""
    marcus, at = town.people["marcus"], town.ago(BEGAN - 100)
    study = manifesto.begin(
        title="What Fairlop hopes for", question="What do you hope for in twenty years?", rounds=[heard.slug], kinds=["hope"],
        by=marcus, now=at,
    )  # fmt: skip
    manifesto.take_in(study=study, by=marcus)
    parts = workbench.parts(list(study.clauses.select_related("answer")))
    taken: set[int] = set()
    for promise in promised.PROMISES:
        fits = [part.number for part in parts if part.number not in taken and _about(part.words, WORDS[promise.slug])][
            :MOST_SEEDS
        ]
        taken.update(fits)
        manifesto.act(study=study, kind="seed", label=promise.title, clauses=fits, by=marcus, now=at)
    run = manifesto.ask_for_run(study=study, by=marcus, now=at)  # the machine looks for more like what he began with
    manifesto.sort_now(run_id=run.pk, clock=lambda: at)
    return manifesto.publish(study=study, by=marcus, now=at)


def _about(said: str, words: Sequence[str]) -> bool:
    """Whether one of the words begins somewhere in it: "art" is in "art made here", not in "a street party"."""
    return bool(_any_of(tuple(words)).search(f"{said.lower()} "))


@cache
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(re.escape(word) for word in words)})") if words else re.compile(r"(?!)")


def _quotes(theme: Theme, words: Sequence[str]) -> list[str]:
    """Three of the theme's texts that may be quoted and hold its words: no two alike, the first word's first, then those
    of a good length."""
    parts = workbench.parts([one.clause for one in workbench.members(theme)])
    rows = [part for part in parts if part.may_quote and _about(part.words, words)]
    rows.sort(key=lambda part: (not _about(part.words, words[:1]), abs(len(part.words) - 45), part.number))
    return list(dict.fromkeys(part.handle for part in workbench.together(rows)))[:3]


def _adopt(town: Borough, promise: promised.Promise, wish: Aspiration, at: datetime) -> Promise:
    marcus = town.people["marcus"]
    made = manifesto.adopt(
        aspiration=wish, sentence=promise.sentence, vision_on=date(_year(town, promised.VISION_YEAR), 12, 31), rationale=promise.why,
        team="Policy", authority="Cabinet", minutes="Item 7, the Borough Manifesto", on=at.date(), by=marcus, now=at,
    )  # fmt: skip
    for target in promise.targets:
        known = measures.define(
            title=target.title, unit=target.unit, direction=target.direction, source=target.source,
            formula="As the source counts it.", owner="Policy", slug=target.slug, by=marcus, now=at,
        )  # fmt: skip
        for year, value, n in target.readings:
            measures.read(
                measure=known, on=date(_year(town, year), 12, 31), begins=date(_year(town, year), 1, 1), value=value, n=n,
                note="Invented for the example.", by=marcus, now=town.today,
            )  # fmt: skip
        first = target.readings[0]
        manifesto.set_target(
            promise=made, measure=known, baseline=Decimal(first[1]), baseline_on=date(_year(town, first[0]), 12, 31),
            value=Decimal(target.goal), by_on=date(_year(town, target.by), 12, 31), source=target.source, rationale=target.why,
            by=marcus, now=at,
        )  # fmt: skip
    told = _year_end(town)
    manifesto.tell_standing(
        promise=made,
        standing=promise.status,
        reasons=promise.status_because,
        despite=promise.despite,
        on=told,
        by=marcus,
        now=datetime.combine(told, at.timetz()),
    )
    return made
