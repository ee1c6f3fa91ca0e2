"""Reads: what holds on a day, and how it came to be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from becontree.foundations.policy import registry
from becontree.foundations.policy.models import CouncilSetting
from becontree.foundations.policy.rules import NotInForce, Plain, UnknownKey, Value, in_force, rules

_ALWAYS = date(1, 1, 1)


class Policy:
    """Every rule and setting as it stands on one day."""

    def __init__(self, on: date) -> None:
        self.on = on

    def get(self, key: str) -> Plain:
        """The bare value. Raises UnknownKey, or NotInForce where nothing holds on the day."""
        return self.value(key).value

    def whole(self, key: str) -> int:
        """The value, which must be a whole number (pence, days, percent ...)."""
        found = self.get(key)
        if not isinstance(found, int):
            raise TypeError(f"{key} is not a whole number.")
        return found

    def value(self, key: str) -> Value:
        """The value with its source and days. Raises UnknownKey, or NotInForce where nothing holds on the day."""
        versions = rules().get(key)
        if versions is None:
            try:
                return self._council[key]
            except KeyError:
                raise UnknownKey(f"There is no rule and no council setting called {key!r}.") from None
        found = in_force(versions, self.on)
        if found is None:
            spans = ", ".join(f"{each.since} to {each.until or 'now'}" for each in versions)
            raise NotInForce(f"{key} has no value on {self.on}; it has from {spans}.")
        return found

    def national(self) -> list[Value]:
        """Every rule of the country in force, by key."""
        return [value for versions in rules().values() if (value := in_force(versions, self.on))]

    def council(self) -> list[Value]:
        """Every setting of this council, by key. One query."""
        return list(self._council.values())

    @cached_property
    def _council(self) -> dict[str, Value]:
        latest: dict[str, CouncilSetting] = {}
        for row in CouncilSetting.objects.filter(since__lte=self.on):  # oldest first: the last one stands
            latest[row.key] = row
        return {each.key: _value(each, latest.get(each.key)) for each in registry.known()}


@dataclass(frozen=True, slots=True)
class Version:
    """A council setting as it once stood, stands or will stand."""

    shown: str
    since: date
    reason: str
    words: tuple[str, ...] = ()


def council(key: str, on: date) -> registry.Plain:
    """What this council has set, or the default. One query. Raises UnknownKey."""
    setting = registry.setting(key)
    row = CouncilSetting.objects.filter(key=key, since__lte=on).order_by("since", "set_at", "id").last()
    return setting.default if row is None else row.value


def history(key: str) -> list[Version]:
    """Every version of a setting, newest first, those to come included. One query. Raises UnknownKey."""
    setting = registry.setting(key)
    rows = CouncilSetting.objects.filter(key=key).order_by("-since", "-set_at", "-id")
    return [Version(setting.shown(row.value), row.since, row.reason, setting.words(row.value)) for row in rows]


def to_come(on: date) -> Iterable[tuple[registry.Setting, Version]]:
    """Settings that will change after a day, soonest first. One query."""
    known = {each.key: each for each in registry.known()}
    for row in CouncilSetting.objects.filter(since__gt=on).order_by("since", "key", "set_at"):
        if setting := known.get(row.key):
            yield setting, Version(setting.shown(row.value), row.since, row.reason)


def _value(setting: registry.Setting, row: CouncilSetting | None) -> Value:
    value = setting.default if row is None else row.value
    return Value(
        key=setting.key,
        title=setting.title,
        value=value,
        said=setting.shown(value),
        words=setting.words(value),
        unit=setting.unit,
        source=setting.source if row is None else f"Set by this council: {row.reason}",
        standing="council",
        since=_ALWAYS if row is None else row.since,
        note=setting.about,
        subject="This council's own settings",
    )
