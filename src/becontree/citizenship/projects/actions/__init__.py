"""What can be done with a project: propose, edit, ask for a check, verify, tell the news, deliver, close.

Each action: may I? is it valid? change, then the public record. Only what the public may see is recorded.
"""

from becontree.citizenship.projects.actions.checking import (
    decide_check,
    give_back,
    submit,
    verify,
)
from becontree.citizenship.projects.actions.delivering import (
    Measured,
    add_evidence,
    begin_delivery,
    close,
    end,
    post_update,
    raise_funds,
    stop_raising,
)
from becontree.citizenship.projects.actions.handing import invite, invited, join_in, step_back, why_not_join
from becontree.citizenship.projects.actions.writing import (
    Line,
    Wanted,
    as_read,
    budget_sums,
    edit,
    name_causes,
    propose,
    set_budget,
    set_needs,
)

__all__ = [
    "Line",
    "Measured",
    "Wanted",
    "add_evidence",
    "as_read",
    "begin_delivery",
    "budget_sums",
    "close",
    "decide_check",
    "edit",
    "end",
    "give_back",
    "invite",
    "invited",
    "join_in",
    "name_causes",
    "post_update",
    "propose",
    "raise_funds",
    "set_budget",
    "set_needs",
    "step_back",
    "stop_raising",
    "submit",
    "verify",
    "why_not_join",
]
