"""Is what the law says readable?"""

from __future__ import annotations

from typing import Any

from django.core import checks

from becontree.foundations.policy.rules import BadPolicy, rules


@checks.register
def policies_can_be_read(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """policy.E001: every policy file keeps the rules of policies/README.md."""
    try:
        rules()
    except BadPolicy as error:
        return [checks.Error(str(error), hint="Mend the file; policies/README.md says how.", id="policy.E001")]
    return []
