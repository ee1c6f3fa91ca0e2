"""Campaigns, pledges of four kinds, the names givers show, money from elsewhere, match funds and what they award."""

from becontree.citizenship.giving.models.awards import Award, Slice
from becontree.citizenship.giving.models.campaigns import Agreement, Campaign
from becontree.citizenship.giving.models.funds import Fund, PayIn
from becontree.citizenship.giving.models.pledges import Contribution, NameRuling, Pledge

__all__ = ["Agreement", "Award", "Campaign", "Contribution", "Fund", "NameRuling", "PayIn", "Pledge", "Slice"]
