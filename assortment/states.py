"""The states of a proposal, and of a search that found nothing (pure)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.states import Transitions


class ProposalStatus(models.TextChoices):
    """Where a proposal is."""

    RECEIVED = "received", _("Mottaget")
    ASSESSED = "assessed", _("Hos sortimentsrådet")
    RETURNED = "returned", _("Fråga till den som föreslog")
    ACCEPTED = "accepted", _("Ja")
    DECLINED = "declined", _("Nej")
    WITHDRAWN = "withdrawn", _("Tillbakadraget")


_ENDED = {ProposalStatus.ACCEPTED, ProposalStatus.DECLINED, ProposalStatus.WITHDRAWN}

PROPOSAL_TRANSITIONS: Transitions = {
    ProposalStatus.RECEIVED: frozenset({ProposalStatus.ASSESSED, ProposalStatus.RETURNED, *_ENDED}),
    ProposalStatus.ASSESSED: frozenset({ProposalStatus.RETURNED, *_ENDED}),
    ProposalStatus.RETURNED: frozenset({ProposalStatus.RECEIVED, ProposalStatus.ASSESSED, *_ENDED}),
    ProposalStatus.ACCEPTED: frozenset(),
    ProposalStatus.DECLINED: frozenset(),
    ProposalStatus.WITHDRAWN: frozenset(),
}

UNDECIDED = (ProposalStatus.RECEIVED, ProposalStatus.ASSESSED, ProposalStatus.RETURNED)
"""Nobody has said yes or no yet."""

WITH_MANAGER = (ProposalStatus.RECEIVED, ProposalStatus.ASSESSED)
"""Somebody other than the one who proposed has to act."""

AT_COUNCIL = (ProposalStatus.ASSESSED, ProposalStatus.RETURNED)
"""Where a proposal that has been put to a council is while the council votes: a question to the one who proposed stops no vote."""

DECIDED = (ProposalStatus.ACCEPTED, ProposalStatus.DECLINED)


class SearchStatus(models.TextChoices):
    """What has been done about a search that found nothing."""

    OPEN = "open", _("Väntar")
    ANSWERED = "answered", _("Fick en synonym")
    PROPOSED = "proposed", _("Blev ett förslag")
    DISMISSED = "dismissed", _("Lämnas utan åtgärd")


SEARCH_TRANSITIONS: Transitions = {
    SearchStatus.OPEN: frozenset({SearchStatus.ANSWERED, SearchStatus.PROPOSED, SearchStatus.DISMISSED}),
    SearchStatus.ANSWERED: frozenset({SearchStatus.OPEN}),
    SearchStatus.PROPOSED: frozenset({SearchStatus.OPEN}),
    SearchStatus.DISMISSED: frozenset(),
}
