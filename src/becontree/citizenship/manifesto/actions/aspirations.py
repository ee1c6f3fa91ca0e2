"""Write an aspiration, put it before the people, take down what they agreed on, drop it with reasons."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from becontree.citizenship.manifesto import sources
from becontree.citizenship.manifesto.actions.studies import enter_theme, plain_line, plain_text
from becontree.citizenship.manifesto.models import Agreement, Aspiration, Quote, Theme
from becontree.citizenship.manifesto.permissions import must_engage
from becontree.citizenship.manifesto.queries import telling
from becontree.foundations.kit.errors import Clash, Invalid
from becontree.foundations.kit.ids import slug_for
from becontree.foundations.people.actors import Actor, party_id
from becontree.foundations.record import actions as record
from becontree.foundations.record.models import Thing

MOST_QUOTES: Final = 12
Group = tuple[str, int, int, int, int]


@transaction.atomic
def write(
    *,
    sentence: str,
    minority: str,
    themes: Sequence[Theme],
    by: Actor,
    now: datetime,
    aspiration: Aspiration | None = None,
    rests_on: str = "",
    quotes: Sequence[str] = (),
    minority_quotes: Sequence[str] = (),
    once: str = "",
) -> Aspiration:
    """Write an aspiration, or write a draft anew. It rests on themes that a person named and on voices (by handle) that
    may be quoted and were let through; and it says what the minority thinks, or that nobody said otherwise.
    """
    must_engage(by)
    if aspiration is None and once and (found := Aspiration.objects.filter(once=once).first()) is not None:
        return found
    sentence = plain_line(sentence, 240)
    errors = {}
    if not sentence:
        errors["sentence"] = _("Write one sentence that people could agree with.")
    if not plain_text(minority):
        errors["minority"] = _("Say what the minority thinks; if nobody said otherwise, say that.")
    if not themes:
        errors["themes"] = _("Choose at least one theme that it comes from.")
    elif unnamed := [theme for theme in themes if not theme.named or theme.hidden or not theme.live]:
        errors["themes"] = _("%(label)s has no name yet that a person gave it, or is hidden. Name it first.") % {
            "label": unnamed[0].code
        }
    wanted = {**dict.fromkeys(quotes, False), **dict.fromkeys(minority_quotes, True)}
    if len(wanted) > MOST_QUOTES:
        errors["quotes"] = _("Choose at most %(most)d quotes.") % {"most": MOST_QUOTES}
    elif lost := sorted(wanted.keys() - quotable(list(wanted))):
        errors["quotes"] = _("These voices may not be quoted: %(handles)s.") % {"handles": ", ".join(lost)}
    if errors:
        raise Invalid("aspiration.incomplete", _("Some parts need another look."), errors=errors)
    values = {"sentence": sentence, "minority": plain_text(minority)[:4_000], "rests_on": plain_text(rests_on)[:4_000]}
    if aspiration is None:
        taken = set(Aspiration.objects.values_list("slug", flat=True))
        aspiration = Aspiration.objects.create(
            slug=slug_for(sentence, taken=taken), written_by=party_id(by), written_at=now, once=once, **values
        )
    else:
        aspiration = locked(aspiration)
        if aspiration.state != Aspiration.State.DRAFT:
            raise Clash("aspiration.fixed", _("People have read this sentence; it cannot change. Take it back first."))
        for name, value in values.items():
            setattr(aspiration, name, value)
        aspiration.save(update_fields=list(values))
    aspiration.themes.set(themes)
    aspiration.quotes.all().delete()
    Quote.objects.bulk_create(
        Quote(aspiration=aspiration, handle=handle, minority=minor) for handle, minor in wanted.items()
    )
    return aspiration


def quotable(handles: Sequence[str]) -> set[str]:
    """Which of these voices may be quoted: let through by a moderator, with their speaker's consent, still there."""
    found = sources.words(handles)
    return {handle for handle, said in found.items() if said.may_quote}


@transaction.atomic
def open_to_people(*, aspiration: Aspiration, by: Actor, now: datetime) -> Aspiration:
    """Put it before everybody, on the record, because of the themes and voices it rests on."""
    must_engage(by)
    aspiration = locked(aspiration)
    move(aspiration, Aspiration.State.OPEN)
    aspiration.opened_at = now
    aspiration.save(update_fields=["state", "opened_at"])
    record.thing(
        ref=aspiration.ref,
        kind="aspiration",
        title=aspiration.sentence,
        url=aspiration.get_absolute_url(),
        step="heard",
    )
    record.enter(
        kind="aspiration.opened",
        step="heard",
        thing=aspiration.ref,
        title=f"An aspiration, to be agreed: {aspiration.sentence[:200]}",
        because=causes(aspiration, by=by, now=now),
        facts={"quotes": aspiration.quotes.count()},
        on=now.date(),
        by=by,
        now=now,
    )
    return aspiration


def causes(aspiration: Aspiration, *, by: Actor, now: datetime) -> list[str]:
    """The references that an aspiration comes from, each known to the public record."""
    themes = [
        enter_theme(study=theme.study, theme=theme, by=by, now=now)
        for theme in aspiration.themes.select_related("study")
    ]
    voices = [f"voice/{quote.handle}" for quote in aspiration.quotes.all()]
    known = set(Thing.objects.filter(ref__in=voices).values_list("ref", flat=True))
    return [*themes, *(ref for ref in voices if ref in known)]


@transaction.atomic
def take_agreement(
    *, aspiration: Aspiration, conversation_ref: str, groups: Sequence[Group], by: Actor, now: datetime
) -> Agreement:
    """Take down what a conversation said, group by group: (label, people who saw it, agree, pass, disagree).

    These stand in public, so what would tell of 1 to 4 people is hidden before: groups with such numbers are told as
    one; then passing and disagreeing are told together (None, None); then nothing but who saw it.

    Called by conversations when they close. The same conversation again replaces what it said before, until the
    aspiration is adopted. Raises Invalid where the numbers do not add up.
    """
    must_engage(by)
    aspiration = locked(aspiration)
    if aspiration.state != Aspiration.State.OPEN:
        raise Clash("aspiration.state", _("Only an aspiration that is before the people can be agreed on."))
    rows: list[list[Any]] = []
    for label, n, agrees, passes, disagrees in groups:
        counts = (n, agrees, passes, disagrees)
        if any(not isinstance(one, int) or isinstance(one, bool) or one < 0 for one in counts):
            raise Invalid("agreement.counts", _("Counts are whole numbers from nought up."), "groups")
        if agrees + passes + disagrees > n:
            raise Invalid("agreement.sum", _("More answers than people in the group %(group)s.") % {"group": label})
        rows.append([plain_line(label, 80), n, agrees, passes, disagrees])
    rows = telling.protected(rows)
    if not rows:
        raise Invalid("agreement.empty", _("Give at least one group."), "groups")
    return Agreement.objects.update_or_create(
        aspiration=aspiration,
        conversation=conversation_ref,
        defaults={"groups": rows, "by": party_id(by), "at": now},
    )[0]


@transaction.atomic
def take_back(*, aspiration: Aspiration, by: Actor, now: datetime) -> Aspiration:
    """Back to a draft, to be written anew. What people agreed on was about the old words, so it goes."""
    must_engage(by)
    aspiration = locked(aspiration)
    move(aspiration, Aspiration.State.DRAFT)
    aspiration.agreements.all().delete()
    aspiration.dropped_because = ""
    aspiration.save(update_fields=["state", "dropped_because"])
    return aspiration


@transaction.atomic
def drop(*, aspiration: Aspiration, reasons: str, by: Actor, now: datetime) -> Aspiration:
    """Not taken further, and why."""
    must_engage(by)
    aspiration = locked(aspiration)
    reasons = plain_text(reasons)[:1_000]
    if not reasons:
        raise Invalid("aspiration.reasons", _("Say why it is not taken further."), "reasons")
    was_public = aspiration.is_public
    move(aspiration, Aspiration.State.DROPPED)
    aspiration.dropped_because = reasons
    aspiration.save(update_fields=["state", "dropped_because"])
    if was_public:
        record.enter(
            kind="aspiration.dropped",
            step="heard",
            thing=aspiration.ref,
            title=f"Not taken further: {aspiration.sentence[:200]}",
            facts={"reasons": reasons},
            on=now.date(),
            by=by,
            now=now,
        )
    return aspiration


def move(aspiration: Aspiration, state: str) -> None:
    if state not in Aspiration.MOVES[aspiration.state]:
        raise Clash("aspiration.state", _("It is %(state)s, so that cannot be done now.")
                    % {"state": aspiration.get_state_display()})  # fmt: skip
    aspiration.state = state


def locked(aspiration: Aspiration) -> Aspiration:
    return Aspiration.objects.select_for_update().get(pk=aspiration.pk)
