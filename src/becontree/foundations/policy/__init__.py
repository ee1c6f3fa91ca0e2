"""By what rule: law and council settings as dated data with their source, and the statutory clocks.

    from becontree.foundations import policy
    policy.at(today).get("subsidy.minimal_assistance")            # 31500000
    policy.at(today).value("subsidy.minimal_assistance").source   # 'Subsidy Control Act 2022 section 36(1)'

One name space: a key is either a rule of the country (`policies/uk/*.toml`) or a setting of this council
(`policy.settings`). An unknown key, or one with no value on the day, is an error that says so.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from becontree.foundations.policy.queries import Policy


def at(on: date) -> Policy:
    """Every rule and setting as it stands on a day. Council settings take one query, at the first that is asked for."""
    from becontree.foundations.policy.queries import Policy

    return Policy(on)
