"""What rooms use: register a setting, ask for it, set it.

settings.register(Setting("crowdfunding.reminder_days", "Days before the end ...", "...", "whole", 3, unit="days"))
settings.council("crowdfunding.reminder_days", today)
"""

from becontree.foundations.policy.actions import set_council
from becontree.foundations.policy.queries import council
from becontree.foundations.policy.registry import Setting, known, register

__all__ = ["Setting", "council", "known", "register", "set_council"]
