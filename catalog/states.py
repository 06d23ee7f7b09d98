"""
The life cycle of an item (DOMAIN 4.2): which states follow each other, and what an item must have to be in one.

The operations, the API and the register go by these tables; the database holds what stands in ``GUARDS`` as well.
"""

from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.states import Transitions


class ItemStatus(models.TextChoices):
    """Where an item is in the standard assortment's life cycle."""

    PROPOSED = "proposed", _("Föreslagen")
    ASSESSED = "assessed", _("Bedöms")
    TRIAL = "trial", _("På prov")
    STANDARD = "standard", _("Standard")
    PHASING_OUT = "phasing_out", _("Utgår")
    RETIRED = "retired", _("Utgången")
    BLOCKED = "blocked", _("Spärrad")


ITEM_TRANSITIONS: Transitions = {
    ItemStatus.PROPOSED: frozenset({ItemStatus.ASSESSED, ItemStatus.RETIRED}),
    ItemStatus.ASSESSED: frozenset({ItemStatus.TRIAL, ItemStatus.STANDARD, ItemStatus.RETIRED}),
    ItemStatus.TRIAL: frozenset({ItemStatus.STANDARD, ItemStatus.RETIRED, ItemStatus.BLOCKED}),
    ItemStatus.STANDARD: frozenset({ItemStatus.PHASING_OUT, ItemStatus.BLOCKED}),
    ItemStatus.PHASING_OUT: frozenset({ItemStatus.STANDARD, ItemStatus.RETIRED, ItemStatus.BLOCKED}),
    ItemStatus.BLOCKED: frozenset(
        {ItemStatus.TRIAL, ItemStatus.STANDARD, ItemStatus.PHASING_OUT, ItemStatus.RETIRED}
    ),
    ItemStatus.RETIRED: frozenset(),
}

GUARDS: Mapping[ItemStatus, tuple[str, ...]] = {
    ItemStatus.PROPOSED: (),
    ItemStatus.ASSESSED: (),
    ItemStatus.TRIAL: ("item_trial_has_departments",),
    ItemStatus.STANDARD: (),
    ItemStatus.PHASING_OUT: ("item_phasing_out_has_last_date", "item_phasing_out_has_replacement"),
    ItemStatus.RETIRED: (),
    ItemStatus.BLOCKED: ("item_blocked_has_reason",),
}
"""What the database asks of an item in each state, by the constraints' names; ``catalog.refusals`` has their sentences."""

WRITTEN_TRANSITIONS: Transitions = {
    status: targets - {ItemStatus.BLOCKED} if status != ItemStatus.BLOCKED else frozenset()
    for status, targets in ITEM_TRANSITIONS.items()
}
"""What a row of the register may change; an item is blocked and unblocked on its page, where those who have it are told."""

ORDERABLE = (ItemStatus.TRIAL, ItemStatus.STANDARD, ItemStatus.PHASING_OUT)
VISIBLE = (*ORDERABLE, ItemStatus.BLOCKED)


class PriceProposalStatus(models.TextChoices):
    """Where a proposal of new prices is."""

    PROPOSED = "proposed", _("Föreslaget")
    APPROVED = "approved", _("Godkänt")
    REJECTED = "rejected", _("Avslaget")
    WITHDRAWN = "withdrawn", _("Återtaget")
    LAPSED = "lapsed", _("Förfallet")


PRICE_PROPOSAL_TRANSITIONS: Transitions = {
    PriceProposalStatus.PROPOSED: frozenset(
        {
            PriceProposalStatus.APPROVED,
            PriceProposalStatus.REJECTED,
            PriceProposalStatus.WITHDRAWN,
            PriceProposalStatus.LAPSED,
        }
    ),
    PriceProposalStatus.APPROVED: frozenset(),
    PriceProposalStatus.REJECTED: frozenset(),
    PriceProposalStatus.WITHDRAWN: frozenset(),
    PriceProposalStatus.LAPSED: frozenset(),
}


class CompetitionStatus(models.TextChoices):
    """Where a renewed competition is."""

    OPEN = "open", _("Pågår")
    AWARDED = "awarded", _("Tilldelad")
    CANCELLED = "cancelled", _("Avbruten")


COMPETITION_TRANSITIONS: Transitions = {
    CompetitionStatus.OPEN: frozenset({CompetitionStatus.AWARDED, CompetitionStatus.CANCELLED}),
    CompetitionStatus.AWARDED: frozenset(),
    CompetitionStatus.CANCELLED: frozenset(),
}


class BidOutcome(models.TextChoices):
    """What one of the invited answered."""

    AWAITED = "awaited", _("Inget svar än")
    BID = "bid", _("Anbud")
    DECLINED = "declined", _("Avstår")
    NO_ANSWER = "no_answer", _("Svarade inte")
