"""Verbs: bring streets, plan shifts, hand out devices, take what was said, leave doors alone, call back."""

from becontree.citizenship.outreach.actions.after import call_made, forget_call, knock_again, leave_alone
from becontree.citizenship.outreach.actions.shifts import (
    add_device,
    end_device,
    end_shift,
    join,
    leave_shift,
    open_own,
    plan_shift,
)
from becontree.citizenship.outreach.actions.streets import import_streets
from becontree.citizenship.outreach.actions.taking import Answered, take, take_plain

__all__ = [
    "Answered",
    "add_device",
    "call_made",
    "end_device",
    "end_shift",
    "forget_call",
    "import_streets",
    "join",
    "knock_again",
    "leave_alone",
    "leave_shift",
    "open_own",
    "plan_shift",
    "take",
    "take_plain",
]
