"""Submit a basket, or order in one step without one."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from catalog.models import ItemKind
from core.bulk import insert_rows, insert_unless
from core.compiled import compiled_once
from core.errors import KeyIsTaken
from core.keys import KeyHasOtherContent, content_hash
from core.money import ZERO
from core.transactions import operation
from core.verdicts import require
from organizations.models import Department, User
from procurement import permissions
from procurement.gates import unit_names
from procurement.models import (
    BudgetAttest,
    LineKind,
    Requisition,
    RequisitionLine,
)
from procurement.operations.baskets import Details, OrderUnitNotSold, PlaceOfAnotherDepartment, write_details
from procurement.operations.filling import Wish
from procurement.operations.line_deliveries import AS_THE_REST, check_delivery
from procurement.operations.submitting import (
    carry_out,
    check_complete,
    check_not_risen,
    freeze_lines,
    next_number,
    snapshot,
)
from procurement.planning import Plan, plan
from procurement.quantities import check_quantity


def preview(*, basket: Requisition, at: datetime) -> Plan:
    """
    Tell how the basket would be routed, decided and attested if it were submitted now. Changes nothing.

    :raises NobodyCanAttest: it needs an attest that only the requester could give.
    """
    return plan(basket, _lines_of(basket), at=at)


@operation
def submit(
    *,
    basket: Requisition,
    by: User,
    at: datetime,
    details: Details | None = None,
    lines: Collection[int] | None = None,
    shown_prices: Mapping[int, Decimal] | None = None,
) -> Requisition:
    """
    Submit a basket: freeze its lines, route each to one responsible person, decide what a standing approval
    covers, and ask for an attest above the requester's limit.

    ``details`` are saved with it in the same transaction, so that nobody else's go out with it.

    :param lines: ids of the lines to submit; the others stay in the person's basket, with the same coding string and
        place but no day. All of them when it is not given.
    :param shown_prices: what one unit of each line cost when she was shown the basket, by the line's id; of a line that
        is left out it is what it cost when it was put in the basket.
    :raises NotPermitted: the basket is somebody else's, or she no longer orders for the department.
    :raises AlreadySubmitted: it is submitted already.
    :raises BasketHasMoved: its department was merged in the same moment.
    :raises InvalidInput: it is empty or incomplete.
    :raises ItemNotOrderable: an item went out of the assortment while it lay in the basket.
    :raises PricesHaveRisen: a line costs more than she was shown.
    """
    requisition = next(iter(_locked(basket.pk)), None)
    if requisition is None:
        raise permissions.BasketHasMoved
    require(permissions.can_change_basket(by, requisition, at=at))
    if details is not None:
        write_details(requisition, details)
    basket_lines = _lines_of(requisition)
    sent_lines = basket_lines if lines is None else [line for line in basket_lines if line.pk in lines]
    check_complete(requisition, sent_lines, at=at)
    planned = plan(requisition, sent_lines, at=at, is_binding=True)
    check_not_risen(planned, [(shown_prices or {}).get(line.pk, line.unit_price) for line in sent_lines])
    requisition.number, requisition.submitted_at = next_number(at), at
    requisition.save(update_fields=["number", "submitted_at"])
    _keep_in_basket(requisition, [line for line in basket_lines if line not in sent_lines], at=at)
    freeze_lines(requisition, planned, at=at)
    carry_out(requisition, planned, by=by, at=at)
    return requisition


def _keep_in_basket(submitted: Requisition, lines: Sequence[RequisitionLine], *, at: datetime) -> None:
    """Let lines that are not submitted lie in a basket of their own."""
    if not lines:
        return
    basket = Requisition.objects.create(
        requester_id=submitted.requester_id,
        department_id=submitted.department_id,
        charged_department_id=submitted.charged_department_id,
        activity_id=submitted.activity_id,
        account_id=submitted.account_id,
        project_id=submitted.project_id,
        delivery_place_id=submitted.delivery_place_id,
        reason=submitted.reason,
        created_at=at,
    )
    submitted.lines.filter(pk__in=[line.pk for line in lines]).update(requisition=basket)


@dataclass(frozen=True, slots=True)
class PlacedRequisition:
    """A requisition with the lines and the attests that were made with it; nothing beside it when it was made before."""

    requisition: Requisition
    lines: Sequence[RequisitionLine] | None = None
    attests: Sequence[BudgetAttest] = ()


@operation
def place(
    *,
    key: UUID,
    department: Department,
    wanted: Sequence[Wish],
    details: Details,
    by: User,
    at: datetime,
    shown_prices: Sequence[Decimal | None] | None = None,
) -> PlacedRequisition:
    """
    Order items without a basket, in one step: for another system, or a template.

    ``key`` is the caller's; the same key with the same content gives the first requisition back.

    :param wanted: items, each with its category, and how many of which order unit: the item's own, where none is named.
    :param shown_prices: what one order unit of each of them in turn cost when she was shown it; None where none was shown.
    :raises NotPermitted: she does not order for the department.
    :raises InvalidInput: nothing is wanted, something is incomplete, a quantity is absurd.
    :raises ItemNotOrderable: an item cannot be ordered.
    :raises OrderUnitNotSold: an item is not sold in the unit that was named.
    :raises PricesHaveRisen: an item costs more than she was shown.
    :raises KeyIsTaken: somebody else has used the key.
    :raises KeyHasOtherContent: it was used for something else.
    """
    require(permissions.can_order_anew_for(by, department, at=at))
    content = content_hash(department, [_key_parts(wish) for wish in wanted], details)
    if earlier := _placed_before(key, content, by):
        return PlacedRequisition(earlier)
    if details.delivery_place.department_id != department.pk:
        raise PlaceOfAnotherDepartment
    requisition = Requisition(
        key=key,
        key_content=content,
        department=department,
        requester=by,
        charged_department=details.charged_department,
        activity=details.activity,
        account=details.account,
        project=details.project,
        delivery_place=details.delivery_place,
        needed_by_date=details.needed_by_date,
        reason=details.reason,
        created_at=at,
    )
    lines = [
        RequisitionLine(
            requisition=requisition,
            position=position,
            kind=LineKind.SERVICE if wish.item.kind == ItemKind.SERVICE else LineKind.ITEM,
            item=wish.item,
            description=wish.item.swedish_name,
            quantity=check_quantity(wish.quantity, wish.unit or wish.item.order_unit),
            unit=wish.unit or wish.item.order_unit,
            units_per_order_unit=wish.item.units_per_order_unit,
            unit_price=ZERO,
            charged_department=wish.delivery.charged_department,
            delivery_place=wish.delivery.delivery_place,
            needed_by_date=wish.delivery.needed_by_date,
        )
        for position, wish in enumerate(wanted, 1)
    ]
    for wish in wanted:
        check_delivery(wish.delivery, basket=requisition, day=timezone.localdate(at))
    check_complete(requisition, lines, at=at)
    planned = plan(requisition, lines, at=at, is_binding=True)
    _take_packs(planned, wanted)
    check_not_risen(planned, shown_prices or [None] * len(lines))
    for each in planned.lines:
        snapshot(requisition, each, at=at)
    requisition.number, requisition.submitted_at = next_number(at), at
    if not insert_unless(requisition, constraint="requisition_key_unique"):  # the same key at the same moment
        same = _placed_before(key, content, by)
        if same is None:
            raise KeyIsTaken
        return PlacedRequisition(same)
    for line in lines:
        line.requisition = requisition
    insert_rows(lines)
    return PlacedRequisition(requisition, lines, carry_out(requisition, planned, by=by, at=at))


def _key_parts(wish: Wish) -> tuple[object, ...]:
    """What a key stands for; only what is named, so that keys from before there was more to name hold."""
    parts: tuple[object, ...] = (wish.item, wish.quantity)
    if wish.unit:
        parts += (wish.unit,)
    if wish.delivery != AS_THE_REST:
        delivery = wish.delivery
        parts += (delivery.charged_department, delivery.delivery_place, delivery.needed_by_date)
    return parts


def _take_packs(planned: Plan, wishes: Sequence[Wish]) -> None:
    """
    Let each line be of the pack that is sold today in the order unit that was named.

    :raises OrderUnitNotSold: none is.
    """
    for each, wish in zip(planned.lines, wishes, strict=True):
        if wish.unit and each.price is not None:
            order_unit, each.line.units_per_order_unit = each.price.pack_of(wish.item)
            if order_unit != wish.unit:
                raise OrderUnitNotSold(item=wish.item.names, unit=unit_names(wish.unit))


def _placed_before(key: UUID, content: str, by: User) -> Requisition | None:
    """
    Give the requisition that was made with a key, if there is one.

    :raises KeyIsTaken: it is somebody else's.
    :raises KeyHasOtherContent: it is of something else.
    """
    for earlier in _placed_with(key):
        if earlier.requester_id != by.pk:
            raise KeyIsTaken
        if earlier.key_content != content:
            raise KeyHasOtherContent
        return earlier
    return None


@compiled_once
def _placed_with(key: UUID) -> QuerySet[Requisition]:
    return Requisition.objects.filter(key=key)


@compiled_once
def _locked(key: int) -> QuerySet[Requisition]:
    return (
        Requisition.objects.locked()
        .select_related(
            "department",
            "charged_department",
            "delivery_place",
            "requester",
            "activity",
            "account",
            "project",
        )
        .filter(pk=key)
    )


def _lines_of(requisition: Requisition) -> list[RequisitionLine]:
    lines = _live_lines(requisition)
    for line in lines:
        line.requisition = requisition
    return lines


@compiled_once
def _live_lines(requisition: Requisition) -> QuerySet[RequisitionLine]:
    return (
        RequisitionLine.objects.live()
        .filter(requisition=requisition)
        .select_related(
            "item__category", "category__account", "account", "charged_department", "delivery_place"
        )
        .order_by("position", "version")
    )
