"""Is the council's colour file readable: WCAG 2.2 contrast of each pair that the pages use, light and dark.

Sources: WCAG 2.2, relative luminance and contrast ratio; success criteria 1.4.6 (text, 7:1) and 1.4.11 (edges, 3:1).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

TEXT: Final = 7.0
EDGE: Final = 3.0
_GROUNDS: Final = ("page", "panel", "well")
_PILLARS: Final = ("citizenship", "services", "economy")
# (what lies on top, what lies under it, the least ratio)
PAIRS: Final[tuple[tuple[str, str, float], ...]] = (
    *((ink, ground, TEXT) for ink in ("text", "text-soft", "link") for ground in _GROUNDS),
    *((pillar, ground, TEXT) for pillar in _PILLARS for ground in ("page", "panel", f"{pillar}-wash")),
    *((state, ground, TEXT) for state in ("good", "bad") for ground in ("page", "panel", f"{state}-wash")),
    *(("text", f"{name}-wash", TEXT) for name in (*_PILLARS, "good", "bad")),
    ("action-text", "action", TEXT),
    ("action-text", "services", TEXT),
    *(("warm", ground, TEXT) for ground in ("page", "panel")),
    *((part, ground, EDGE) for part in ("warm-fill", "roof") for ground in ("page", "panel")),
    ("focus-ink", "focus", TEXT),
    *(("edge-firm", ground, EDGE) for ground in _GROUNDS),
    *(("action", ground, EDGE) for ground in _GROUNDS),
)
_BLOCK: Final = re.compile(r"(@media\s*\(prefers-color-scheme:\s*dark\)\s*\{\s*)?:root\s*\{([^}]*)\}")
_PROPERTY: Final = re.compile(r"--([\w-]+)\s*:\s*([^;]+);")
_VAR: Final = re.compile(r"var\(\s*--([\w-]+)\s*\)")
_HEX: Final = re.compile(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")


@dataclass(frozen=True, slots=True)
class Faint:
    """A pair that is too close. `ratio` is 0 where a colour is missing or is not written as #rrggbb."""

    scheme: str
    top: str
    under: str
    ratio: float
    least: float

    @property
    def sentence(self) -> str:
        if not self.ratio:
            return f"The {self.scheme} theme needs --{self.top} and --{self.under} as colours like #0a4f53."
        return (
            f"In the {self.scheme} theme --{self.top} on --{self.under} has a contrast of {self.ratio:.1f}:1; "
            f"{self.least:.0f}:1 is the least."
        )


def ratio(one: str, other: str) -> float:
    """The contrast of two colours written #rgb or #rrggbb, 1 to 21.

    >>> ratio("#000", "#ffffff")
    21.0
    """
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return round((light + 0.05) / (dark + 0.05), 9)


def themes(css: str) -> dict[str, dict[str, str]]:
    """The custom properties of a theme file: {"light": …, "dark": …}; the dark ones lie over the light ones."""
    plain = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    light: dict[str, str] = {}
    dark: dict[str, str] = {}
    for dark_block, body in _BLOCK.findall(plain):
        (dark if dark_block else light).update((name, value.strip()) for name, value in _PROPERTY.findall(body))
    return {"light": light, "dark": light | dark}


def faint(css: str) -> list[Faint]:
    """Every pair of PAIRS that is too close, in either scheme; empty is good."""
    found = []
    for scheme, values in themes(css).items():
        for top, under, least in PAIRS:
            colours = (_colour(top, values), _colour(under, values))
            reached = ratio(*colours) if all(colours) else 0.0
            if reached < least:
                found.append(Faint(scheme, top, under, reached, least))
    return found


def _colour(name: str, values: Mapping[str, str]) -> str:
    value = values.get(name, "")
    for _ in range(8):
        other = _VAR.fullmatch(value)
        if not other:
            break
        value = values.get(other[1], "")
    return value if _HEX.fullmatch(value) else ""


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
