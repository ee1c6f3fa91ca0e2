"""A process of its own that fills an installation, then posts to its books until told to stop (for test_backup)."""

from __future__ import annotations

import os
import sys
from datetime import date, timedelta
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "becontree.web.settings")


def fill() -> Any:
    """A town with a funded campaign, words of all kinds, a signed record. Returns the town."""
    from becontree.citizenship.giving.tests.conftest import NOW, SETUP, Town
    from becontree.citizenship.voices import actions as voices
    from becontree.foundations.people import actions as people
    from becontree.foundations.record import actions as record

    town = Town()
    olive = town.person("olive")
    town.group = people.add_organisation(
        name="Friends of Heron Road", kind="community-group", by=olive, now=NOW, charity_number=""
    )
    people.verify_organisation(organisation=town.group, how="seen", by=SETUP, now=NOW)
    people.verify_bank(organisation=town.group, how="seen", by=SETUP, now=NOW)
    town.council = people.add_organisation(name="The council", kind="council", by=SETUP, now=NOW)
    town.fund()
    campaign = town.campaign()
    for name in ("ada", "ben", "cyd"):
        town.gives(name, campaign, 20_000)
    said = voices.say(kind="hope", words="Çocuklar için bir bahçe — 🌳", by=town.person("ada"), now=NOW, may_quote=True)
    voices.publish(voice=said, by=SETUP, now=NOW)
    town.later(days=31)
    while record.sequence(now=town.now):
        pass
    record.checkpoint(now=town.now)
    return town


def post_until_stopped(name: str) -> None:
    from becontree.citizenship.giving.tests.conftest import NOW, SETUP
    from becontree.foundations.ledger import actions as ledger
    from becontree.foundations.ledger.records import Line

    ledger.open_account(code="memo:busy:in", name="In", kind="memo")
    ledger.open_account(code="memo:busy:out", name="Out", kind="memo")
    number = 0
    while sys.stdin.readable():
        number += 1
        ledger.post(
            key=f"busy:{name}:{number}", kind="test.busy", occurred_on=date(2026, 5, 4),
            lines=[Line("memo:busy:in", "memo:busy:out", number)], subject="fund/council-pot", by=SETUP,
            now=NOW + timedelta(seconds=number),
        )  # fmt: skip
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    import django

    django.setup()
    fill() if sys.argv[1] == "fill" else post_until_stopped(sys.argv[1])
