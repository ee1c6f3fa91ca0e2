"""Who may do what with campaigns, pledges, funds and payouts."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext

from becontree.citizenship.giving.models import Campaign, Fund, Pledge
from becontree.citizenship.projects.models import Project
from becontree.citizenship.projects.permissions import has_run, organises
from becontree.foundations.kit.errors import NotAllowed
from becontree.foundations.people.actors import System


def _role(actor: Any, role: str, team: str | None = None) -> bool:
    if isinstance(actor, System):
        return True
    return bool(getattr(actor, "is_authenticated", False) and actor.has_role(role, team))


def runs_funds(actor: Any) -> bool:
    return _role(actor, "officer", "funding")


def keeps_accounts(actor: Any) -> bool:
    return _role(actor, "finance")


def must_run_funds(actor: Any) -> None:
    if not runs_funds(actor):
        raise NotAllowed("giving.officer", gettext("Only officers who look after funds can do that."))


def must_keep_accounts(actor: Any, project: Project) -> None:
    """Somebody of finance who does not run the project whose money it is, and never did."""
    if not keeps_accounts(actor):
        raise NotAllowed("giving.finance", gettext("Only people who keep the accounts can do that."))
    if not isinstance(actor, System) and has_run(actor, project):
        raise NotAllowed(
            "giving.own", gettext("You run this project, or have run it, so somebody else must move its money.")
        )


def must_own(actor: Any, pledge: Pledge) -> None:
    if not isinstance(actor, System) and getattr(actor, "pk", None) != pledge.giver_id:
        raise NotAllowed("giving.pledge", gettext("This is somebody else's promise."))


def speaks_for(actor: Any, fund: Fund) -> bool:
    """Whether the person belongs to the body whose fund it is."""
    if isinstance(actor, System):
        return True
    return bool(
        getattr(actor, "is_authenticated", False)
        and fund.funder.memberships.filter(person=actor, left_at__isnull=True).exists()
    )


def own_pledges(user: Any) -> Q | None:
    return Q(giver=user)


def accounts_pledges(user: Any) -> Q | None:
    """Pledges that somebody of finance may look at to move or check money."""
    return Q() if _role(user, "finance") else None


def audited_pledges(user: Any) -> Q | None:
    """Pledges that an auditor may follow; their pages say neither who gave nor whom a name belongs to."""
    return Q() if _role(user, "auditor") else None


def named_pledges(user: Any) -> Q | None:
    """Gifts with a name to show, for those who read the names; their pages say neither who gave nor how much."""
    return ~Q(public_name="") if runs_funds(user) else None


def thanked_pledges(user: Any) -> Q | None:
    """Pledges of help (never of money) to the person's own projects: an organiser must be able to meet helpers."""
    mine = Project.objects.filter(organisers__person=user, organisers__until__isnull=True)
    return ~Q(kind="money") & Q(campaign__project__in=mine)


def may_see_campaign(actor: Any, campaign: Campaign) -> bool:
    return campaign.project.is_public or organises(actor, campaign.project) or runs_funds(actor)
