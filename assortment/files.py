"""Who sees a file that came with a proposal: whoever sees the proposal."""

from datetime import datetime

from django.db.models import QuerySet

from assortment.models import Proposal, ProposalFile
from attachments.owners import Owner
from organizations.models import User


def _shown_to(user: User, at: datetime) -> QuerySet[ProposalFile]:
    return ProposalFile.objects.filter(proposal__in=Proposal.objects.visible_to(user).values("pk"))


OWNERS = (Owner(shown_to=_shown_to),)
