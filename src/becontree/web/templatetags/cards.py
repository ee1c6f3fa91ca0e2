"""Lists of cards: `{% load cards %}{% project_cards cards %}`, `{% voice_cards cards %}`.

A list shows eighteen, and a template run eighteen times costs more than everything else on the page: they are written
here, with the words that they share looked up once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext

from becontree.citizenship.voices.models import Voice
from becontree.web.templatetags.face import day, pounds_short, slim_bar

register = template.Library()

TAGS: Final = {"raising": " tag--live", "closed": " tag--good", "delivering": " tag--good", "ended": " tag--bad"}


@register.simple_tag
def project_cards(cards: Iterable[Mapping[str, Any]]) -> SafeString:
    """Projects as list items: each a mapping as `web.projects.cards` makes it."""
    everywhere, part, last = (
        gettext("All of the borough"),
        gettext("<strong>%(raised)s</strong> of %(target)s"),
        gettext("the last day"),
    )
    return mark_safe("".join(_card(card, everywhere, part, last) for card in cards))  # noqa: S308 - _card escapes


def _card(card: Mapping[str, Any], everywhere: str, part: str, last: str) -> str:
    project, campaign = card["project"], card["campaign"]
    money = ""
    if card.get("had") is not None:
        money = f'<p class="small">{escape(str(card["had"]))}</p>'
    elif campaign:
        said = [part % {"raised": pounds_short(campaign.raised), "target": pounds_short(campaign.target)}]
        if card["live"]:
            left = ngettext("%(days)s day left", "%(days)s days left", card["days"]) % {"days": card["days"]}
            said.append(left if card["days"] else last)
        told = campaign.people_told
        few = gettext("fewer than 5 people")
        said.append(few if told is None else ngettext("%(n)s person", "%(n)s people", told) % {"n": told})
        money = f'{slim_bar(campaign.raised, campaign.target)}<p class="small">{" · ".join(said)}</p>'
    words = 'lang="en-GB" dir="auto"'  # as people wrote them
    where = escape(project.ward.name if project.ward else everywhere)
    state = escape(card["state"])
    return (
        f'<li class="card"><h3><a href="{escape(project.get_absolute_url())}" {words}>{escape(project.title)}</a></h3>'
        f'<p class="soft small">{where} · {escape(str(project.get_theme_display()))}</p>'
        f"<p {words}>{escape(project.summary)}</p>"
        f'<div>{money}<p><span class="tag{TAGS.get(project.state, "")}">{state}</span></p></div></li>'
    )


@register.simple_tag
def voice_cards(cards: Iterable[Any]) -> SafeString:
    """Voices as list items: each of `cards` has its `voices`, and how many of them are `private` where it is a run."""
    private, said = (
        gettext("Counted; the speaker keeps the words private."),
        gettext("Said %(how)s, %(when)s"),
    )
    written = [
        _run(card.voices, card.private) if card.private > 1 else _voice(card.voices[0], private, said) for card in cards
    ]
    return mark_safe("".join(written))  # noqa: S308 - both escape


def _voice(voice: Voice, private: str, said: str) -> str:
    where = f'<span class="soft"> · {escape(voice.ward.name)}</span>' if voice.ward else ""
    words = f'<p class="soft">{escape(private)}</p>'
    if shown := voice.shown:
        short = escape(Truncator(shown).words(40, truncate=" …"))
        words = f'<p lang="{escape(voice.language)}" dir="auto">“{short}”</p>'
    told = escape(said % {"how": voice.get_channel_display(), "when": day(voice.said_on)})
    answers = voice.answers.all()
    answered = f' <span class="tag tag--good">{escape(answers[0].get_status_display())}</span>' if answers else ""
    return (
        f'<li class="card"><h3><a href="{escape(voice.get_absolute_url())}">{escape(voice.get_kind_display())}{where}'
        f'</a></h3>{words}<p class="soft small">{told}{answered}</p></li>'
    )


def _run(voices: list[Voice], private: int) -> str:
    """Several one after the other whose speakers keep the words to themselves: one card, each of them folded away."""
    many = escape(gettext("%(n)s more, kept private") % {"n": private})
    each = "".join(
        f'<li><a href="{escape(voice.get_absolute_url())}">{escape(voice.get_kind_display())}'
        f"{' · ' + escape(voice.ward.name) if voice.ward else ''}, {escape(day(voice.said_on))}</a></li>"
        for voice in voices
    )
    why = escape(gettext("They are counted like all others; their speakers keep the words to themselves."))
    see = escape(gettext("See each of them"))
    return (
        f'<li class="card"><p><strong>{many}</strong></p><p class="soft">{why}</p><details>'
        f"<summary>{see}</summary><ul>{each}</ul></details></li>"
    )
