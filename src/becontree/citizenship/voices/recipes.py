"""The recipes that an officer starts a round from: data in `recipes.toml`, read once."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Asked:
    """A question before it belongs to a round. `translations`: language -> {"text", "hint", "by"}."""

    kind: str
    text: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Recipe:
    slug: str
    name: str
    about: str
    title: str
    why: str
    changes: str
    easy_read: str
    weeks: int
    answer_weeks: int
    layout: str
    places: tuple[str, ...]
    questions: tuple[Asked, ...]
    privacy: str
    moderation: str


@cache
def recipes() -> dict[str, Recipe]:
    """By slug, in the order of the file."""
    found = tomllib.loads((files("becontree.citizenship.voices") / "recipes.toml").read_text(encoding="utf-8"))
    shared = {name: found[name].strip() for name in ("privacy", "moderation")}
    return {
        each["slug"]: Recipe(
            **{
                **each,
                "easy_read": each["easy_read"].strip(),
                "places": tuple(each["places"]),
                "questions": tuple(Asked(**question) for question in each["questions"]),
            },
            **shared,
        )
        for each in found["recipe"]
    }
