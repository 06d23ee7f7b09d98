"""
What a line has of its department's money, in four parts, computed from the rows each time it is asked.

A line is *requested* until it is ordered, then *ordered* until it has come, then *received*; what was asked for and will
not come is *released*. The four are what was asked for, whatever happens to the line. It belongs to the day when it is
to come: the last day of a service, the needed-by day of everything else.
"""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, DateField, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Greatest, Round

from core.fields import AmountField, QuantityField
from core.money import ZERO
from procurement.models import Allocation, RequisitionLine
from procurement.states import CLOSED, UNDECIDED, LineStatus

PARTS = ("requested", "ordered", "received", "released")


@dataclass(frozen=True, slots=True)
class Spending:
    """What lines have of a department's money, SEK excluding VAT."""

    requested: Decimal = ZERO
    ordered: Decimal = ZERO
    received: Decimal = ZERO
    released: Decimal = ZERO

    @property
    def taken(self) -> Decimal:
        """What is not free for something else."""
        return self.requested + self.ordered + self.received


def with_spending(lines: QuerySet[RequisitionLine]) -> QuerySet[Any, Any]:
    """Annotate submitted lines with ``charged_on``, ``asked`` and its four parts."""
    nothing = Value(ZERO, AmountField())
    received_quantity = (
        Allocation.objects.filter(line=OuterRef("pk"))
        .order_by()
        .values("line")
        .annotate(came=Sum("received_quantity"))
        .values("came")
    )
    approved = F("approved_amount") - F("released_amount")
    so_far = Round(
        F("approved_unit_price")
        * Coalesce(Subquery(received_quantity), Decimal(0), output_field=QuantityField()),
        precision=2,
        output_field=AmountField(),
    )
    is_partly = Q(status=LineStatus.PARTLY_RECEIVED)

    def by_status(*cases: When) -> Case:
        return Case(*cases, default=nothing, output_field=AmountField())

    return lines.exclude(status=LineStatus.DRAFT).annotate(
        charged_on=charged_on(),
        asked=Greatest("amount", Coalesce("approved_amount", "amount"), output_field=AmountField()),
        requested=by_status(
            When(status__in=UNDECIDED, then=F("amount")),
            When(status=LineStatus.APPROVED, then=F("approved_amount")),
        ),
        ordered=by_status(
            When(status=LineStatus.ORDERED, then=approved),
            When(is_partly, then=approved - so_far),
        ),
        received=by_status(When(status=LineStatus.RECEIVED, then=approved), When(is_partly, then=so_far)),
        released=by_status(
            When(status__in=CLOSED, then=F("asked")),
            When(approved_amount__isnull=False, then=F("asked") - approved),
        ),
    )


def charged_on(prefix: str = "") -> Coalesce:
    """The day to which a line's money belongs."""
    days = (f"{prefix}{name}" for name in ("service_end_date", "service_start_date", "needed_by_date"))
    return Coalesce(*days, output_field=DateField())


def spending_of_frames(frames: Collection[int], *, apart_from: int | None = None) -> dict[int, Spending]:
    """
    What is taken of each of these budget frames, by its id: one query.

    :param apart_from: a requisition that is being judged, and is left out.
    """
    path = "charged_department__budget_frames"
    rows = (
        with_spending(RequisitionLine.objects.exclude(requisition=apart_from))
        .filter(
            **{
                f"{path}__in": list(frames),
                f"{path}__valid_during__startswith__lte": F("charged_on"),
                f"{path}__valid_during__endswith__gt": F("charged_on"),
            }
        )
        .order_by()
        .values(path)
        .annotate(**{f"sum_{part}": Sum(part) for part in PARTS})
    )
    return {row[path]: Spending(*(row[f"sum_{part}"] for part in PARTS)) for row in rows}
