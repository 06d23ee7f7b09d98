"""What was bought elsewhere under no agreement, for the direct-award limit (``procurement.similar_purchases``)."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet, Sum

from history.models import PurchaseHistoryLine
from procurement.similar_purchases import summed


def imported(*, authority: int, since: date, until: date) -> QuerySet[PurchaseHistoryLine, Any]:
    """What imported lines in the category of the outer question come to, as ``sum``; from a day through another."""
    return summed(outside(authority=authority, since=since, until=until), Sum("amount"))


def outside(*, authority: int, since: date, until: date) -> QuerySet[PurchaseHistoryLine]:
    """
    Imported lines under no agreement, delivered from a day through another.

    Those in other currencies are left out. One whose administration is not known counts for every authority.
    """
    return PurchaseHistoryLine.objects.filter(
        Q(administration=None) | Q(administration__authority=authority),
        agreement=None,
        currency="SEK",
        delivered_date__gte=since,
        delivered_date__lte=until,
    )
