"""
How much of what each administration buys comes by orders of the system, and how much beside it.

Where a ledger has rows of the time, spend is what the ledger has booked as purchases: what was received here, and what was
bought beside it (``spend/off_system.py``). Without one it is what was delivered, here and by other systems, and what neither
tells of is not known. An administration of which the ledger has no purchases has no share, and never nought per cent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput
from core.money import ZERO, percent_of
from reporting.models import DeliveredLine
from spend.off_system import off_system_spend
from spend.selection import MOST_YEARS, Selection, sources


class SharePeriodImpossible(InvalidInput):
    """A period ends no earlier than it begins, and is as long as any of a ledger."""

    code = "share_period_impossible"
    sentence = _("Sista dagen är före den första, eller mer än tjugo år efter den.")


@dataclass(frozen=True, slots=True)
class ShareThroughSystem:
    """What an administration bought, SEK excluding VAT: ``here`` ordered and received in the system, the rest beside it."""

    here: Decimal
    beside: Decimal

    @property
    def percent(self) -> Decimal | None:
        """
        The share in percent, one decimal: here / (here + beside).

        None where more has been received than the ledger has booked yet, so that what was bought beside is not known.
        """
        return percent_of(self.here, self.here + self.beside) if self.beside >= 0 else None


@dataclass(frozen=True, slots=True)
class ThroughSystem:
    """
    The shares of the administrations, by id; those of which nothing is known are left out.

    :param ledger: the source and the days that were compared; None when there is no ledger of the time.
    :param missing_months: those of which the ledger has no rows, and which are not counted.
    :param unplaced: SEK that the ledger has booked on cost centres that are in no register.
    """

    shares: Mapping[int, ShareThroughSystem]
    ledger: Selection | None = None
    missing_months: tuple[date, ...] = ()
    unplaced: Decimal = ZERO


def through_system(*, since: date, through: date) -> ThroughSystem:
    """
    The shares of what was bought on these days.

    The ledger is the one with the latest row, as on the page of what is bought beside the system: two may tell of the same
    invoice, so they are never added.

    :raises SharePeriodImpossible: the last day is before the first, or too long after it.
    """
    if through < since or through.year - since.year > MOST_YEARS:
        raise SharePeriodImpossible
    of_the_time = (each for each in sources() if each.first <= through and each.last >= since)
    ledger = next(of_the_time, None)
    if ledger is None:
        return ThroughSystem(_delivery_shares(since, through))
    return _ledger_shares(Selection(ledger.name, since, through))


def _ledger_shares(chosen: Selection) -> ThroughSystem:
    """By what a ledger has booked as purchases, in the months of which it has rows."""
    figures = off_system_spend(chosen)
    parts = [part for part in figures.administrations if part.booked > 0]
    return ThroughSystem(
        {part.id: ShareThroughSystem(part.here, part.beside) for part in parts if part.id is not None},
        ledger=chosen,
        missing_months=figures.missing_months,
        unplaced=sum((part.booked for part in parts if part.id is None), ZERO),
    )


def _delivery_shares(since: date, through: date) -> Mapping[int, ShareThroughSystem]:
    """By what was delivered: a line that was received here came through the system, one that another system told of did not."""
    sums = (
        DeliveredLine.objects.filter(
            currency="SEK",
            delivered_date__gte=since,
            delivered_date__lte=through,
            administration__isnull=False,
        )
        .values("administration")
        .annotate(all=Sum("amount"), here=Sum("amount", filter=Q(receipt_line__isnull=False), default=ZERO))
        .order_by("administration")
    )
    return {
        row["administration"]: ShareThroughSystem(row["here"], row["all"] - row["here"])
        for row in sums
        if row["all"] > 0
    }
