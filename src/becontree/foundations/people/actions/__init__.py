"""The verbs of `people`: the only writers. Each says who (`by`) and when (`now`), and leaves a `Change`."""

from becontree.foundations.people.actions.asked import (
    ask_role,
    confirm_role,
    decline_role,
    expire_roles,
    grant_at_server,
    stop_role,
)
from becontree.foundations.people.actions.factors import (
    ask_reset,
    confirm_reset,
    decline_reset,
    expire_resets,
    factor_set_up,
    reset_at_server,
    stop_reset,
)
from becontree.foundations.people.actions.households import leave_household, make_household
from becontree.foundations.people.actions.organisations import (
    add_organisation,
    join,
    leave,
    verify_bank,
    verify_organisation,
    withdraw_verification,
)
from becontree.foundations.people.actions.persons import change_details, erase, export, register
from becontree.foundations.people.actions.roles import end_role, grant_role

__all__ = [
    "add_organisation",
    "ask_reset",
    "ask_role",
    "change_details",
    "confirm_reset",
    "confirm_role",
    "decline_reset",
    "decline_role",
    "end_role",
    "erase",
    "expire_resets",
    "expire_roles",
    "export",
    "factor_set_up",
    "grant_at_server",
    "grant_role",
    "join",
    "leave",
    "leave_household",
    "make_household",
    "register",
    "reset_at_server",
    "stop_reset",
    "stop_role",
    "verify_bank",
    "verify_organisation",
    "withdraw_verification",
]
