"""An order that the supplier has, what it says, and what whoever answers for the lines says to that."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID, uuid4

from agreements.models import Agreement
from organizations.models import User
from procurement.models import (
    AnswerOutcome,
    ChangeNotice,
    PurchaseOrder,
    RequisitionLine,
    SupplierAnswer,
)
from procurement.operations import answers, orders, settling
from procurement.operations.answered_lines import LineAnswer
from procurement.states import LineStatus
from tests import worlds
from tests.cast import NOW, Cast
from tests.procurement.messages import fresh

LATER = NOW + timedelta(hours=1)
CONFIRMED, CHANGED, REFUSED = AnswerOutcome.CONFIRMED, AnswerOutcome.CHANGED, AnswerOutcome.REFUSED


def sent(cast: Cast, *wanted: tuple[object, int]) -> PurchaseOrder:
    """An order that the supplier has."""
    (order,) = worlds.ordered(cast, *wanted)  # type: ignore[arg-type]
    return orders.send_order(order=order, at=NOW)


def say(
    order: PurchaseOrder, *lines: LineAnswer, by: User, key: UUID | None = None, version: int | None = None
) -> SupplierAnswer:
    return answers.register_answer(
        order=order,
        key=key or uuid4(),
        version=fresh(order).version if version is None else version,
        lines=lines,
        by=by,
        at=LATER,
    )


def settle(
    order: PurchaseOrder, *, by: User, agreed: tuple[int, ...] = (), declined: tuple[int, ...] = ()
) -> ChangeNotice:
    return settling.settle_changes(
        order=order, version=fresh(order).version, agreed=agreed, declined=declined, by=by, at=LATER
    )


def committed(cast: Cast) -> Decimal:
    amount: Decimal = Agreement.objects.get(pk=cast.agreement.pk).committed_amount
    return amount


def live(cast: Cast) -> RequisitionLine:
    return RequisitionLine.objects.exclude(status=LineStatus.SUPERSEDED).get()
