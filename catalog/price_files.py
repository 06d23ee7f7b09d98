"""Who sees a document that came with new prices: whoever sees the proposal."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from attachments.owners import Owner
from catalog.models import PriceProposal, PriceProposalFile
from organizations.models import User


def _shown_to(user: User, at: datetime) -> QuerySet[PriceProposalFile]:
    proposals = PriceProposal.objects.visible_to(user, timezone.localdate(at))
    return PriceProposalFile.objects.filter(proposal__in=proposals.values("pk"))


OWNERS = (Owner(shown_to=_shown_to),)
