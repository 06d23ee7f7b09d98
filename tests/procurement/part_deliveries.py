"""Orders that several departments pay, or that come in several deliveries."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

from django.db.backends.postgresql.psycopg_any import DateRange

from catalog.models import Item
from organizations.models import BudgetFrame, Department
from procurement.models import Requisition, RequisitionLine
from procurement.operations import requisitions
from procurement.operations.baskets import Details
from procurement.operations.filling import Wish
from procurement.operations.line_deliveries import Delivery
from tests.cast import NOW, Cast

YEAR = DateRange(date(2021, 1, 1), date(2022, 1, 1))
IN_A_WEEK = date(2021, 5, 25)
IN_JUNE = date(2021, 6, 1)


def frame(
    department: Department, amount: int | str, consequence: str = "route", during: DateRange = YEAR
) -> BudgetFrame:
    """What a department may spend in 2021, unless another period is given."""
    return BudgetFrame.objects.create(
        department=department, valid_during=during, amount=Decimal(amount), consequence=consequence
    )


def placed(cast: Cast, *wanted: tuple[Item, int, Delivery], charged: Department | None = None) -> Requisition:
    """Order in one call, each thing with how it differs from the rest."""
    return requisitions.place(
        key=uuid4(),
        department=cast.ward,
        wanted=[Wish(item, Decimal(quantity), "", delivery) for item, quantity, delivery in wanted],
        details=Details(cast.place, charged or cast.ward, cast.activity, IN_A_WEEK),
        by=cast.requester,
        at=NOW,
    ).requisition


def line_with(requisition: Requisition, item: Item) -> RequisitionLine:
    """The line that asks for an item."""
    return requisition.lines.get(item=item)
