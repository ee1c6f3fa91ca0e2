"""Votes brought in by the sheet: all or none, each once, counted like any other."""

from __future__ import annotations

import pytest

from becontree.citizenship.conversations import actions
from becontree.citizenship.conversations.models import Participant, Vote
from becontree.citizenship.conversations.tests.conftest import SETUP, Talk
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed


def test_sheets_count_like_votes_and_each_once(talk: Talk) -> None:
    sheets = [actions.Sheet(f"s{n}", {1: 1, 2: -1, 3: 0}) for n in range(30)]
    bring = {"conversation": talk.conversation, "by": SETUP, "now": talk.now}
    assert actions.bring_sheets(sheets=sheets, **bring) == 30
    assert actions.bring_sheets(sheets=[*sheets, actions.Sheet("new", {4: 1})], **bring) == 1
    assert Participant.objects.filter(channel="paper").count() == 31
    assert Vote.objects.count() == 91
    assert talk.draw()["votes"] == 91


def test_one_bad_sheet_and_nothing_is_counted(talk: Talk) -> None:
    bring = {"conversation": talk.conversation, "by": SETUP, "now": talk.now}
    good = actions.Sheet("good", {1: 1})
    with pytest.raises(Invalid, match="Sheet 2: there is no statement 99"):
        actions.bring_sheets(sheets=[good, actions.Sheet("bad", {99: 1})], **bring)
    with pytest.raises(Invalid, match="Sheet 2: a vote is"):
        actions.bring_sheets(sheets=[good, actions.Sheet("bad", {1: 7})], **bring)
    assert not Vote.objects.exists()
    with pytest.raises(NotAllowed):
        actions.bring_sheets(sheets=[good], conversation=talk.conversation, by=talk.person("rita"), now=talk.now)
    talk.close()
    with pytest.raises(Clash):
        actions.bring_sheets(sheets=[good], **bring)
