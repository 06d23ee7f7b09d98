"""Baskets that cannot be sent, since their department has closed or their owner orders for another: she is told, and moves them."""

from datetime import date, datetime
from typing import Any

from django.db.models import Exists, F, Max, OuterRef, Q, TextField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils import timezone

from core.addresses import place
from core.bulk import update_rows
from core.transactions import operation
from core.verdicts import require
from notices.models import Notice
from notices.operations.telling import News, tell
from organizations.models import DeliveryPlace, Department, User
from procurement import permissions
from procurement.models import Requisition, RequisitionLine
from procurement.notices import STRANDED
from procurement.operations.putting_away import put_away_for
from procurement.operations.succession import hand_over_baskets_by_rule


@operation
def move_basket(*, basket: Requisition, department: Department, by: User, at: datetime) -> Requisition:
    """
    Let a person's basket be of another department that she orders for, together with the one that she has there already.

    :raises NotPermitted: it is not hers, or she does not order for the department.
    :raises BasketHasMoved: it is gone.
    :raises WrongState: it is submitted, or the department is closed.
    """
    department = Department.objects.get(pk=department.pk)
    is_at_target = Q(requester=by, department=department, submitted_at=None)
    basket_by_id = Requisition.objects.locked().filter(Q(pk=basket.pk) | is_at_target).in_bulk()
    own_basket = basket_by_id.pop(basket.pk, None)
    if own_basket is None:
        raise permissions.BasketHasMoved
    require(permissions.can_move_basket(by, own_basket, department, at=at))
    if basket_by_id:
        (other,) = basket_by_id.values()
        merge_basket(own_basket, into_basket=other.pk)
        own_basket.delete()
        put_away_for([by.pk], at=at)
        return other
    if own_basket.charged_department_id == own_basket.department_id:
        own_basket.charged_department = department
    own_basket.department = department
    own_basket.activity = department.activity
    own_basket.delivery_place = first_place(department, timezone.localdate(at))
    own_basket.save(update_fields=["department", "charged_department", "activity", "delivery_place"])
    own_basket.lines.filter(delivery_place__isnull=False).update(delivery_place=None)
    put_away_for([by.pk], at=at)
    return own_basket


@operation
def tell_of_stranded_baskets(*, at: datetime) -> int:
    """
    Tell the owners of baskets that cannot be sent any more, once for each day that a department closes; returns how many.

    A basket of somebody who orders for no department any longer goes to somebody else who orders for its own, as when she had left.
    """
    news = [*_closed_department_news(at), *_mover_news(at)]
    tell(news, by=None, at=at)
    return len(news)


def _mover_news(at: datetime) -> list[News]:
    """Those who order for other departments now; whoever knows it already is not told again."""
    day = timezone.localdate(at)
    earlier_notices = (
        Notice.objects.alias(basket=KT("facts__basket"))
        .filter(kind=STRANDED.name, recipient=OuterRef("requester"))
        .filter(basket=Cast(OuterRef("pk"), TextField()))
    )
    stranded = Requisition.objects.stranded(day).filter(is_ordered_for=False, requester__is_active=True)
    untold = (
        stranded.exclude(Exists(earlier_notices)).select_related("department", "requester").order_by("pk")
    )
    baskets: list[Any] = list(untold)
    news = [
        News(
            basket.requester_id,
            STRANDED,
            place("basket"),
            {"department": basket.department.name, "how": "moved", "basket": basket.pk},
        )
        for basket in baskets
        if basket.orders_somewhere
    ]
    owners = {each.requester for each in baskets if not each.orders_somewhere}
    for owner in sorted(owners, key=lambda user: user.pk):
        news += hand_over_baskets_by_rule(owner, day, how="moved")[0]
    return news


def _closed_department_news(at: datetime) -> list[News]:
    day = timezone.localdate(at)
    closed = Department.objects.select_for_update(no_key=True).filter(
        Q(told_baskets_date=None) | ~Q(told_baskets_date=F("closed_date")),
        closed_date__lte=day,
        merged_into=None,
    )
    departments = {each.pk: each for each in closed.order_by("pk")}
    if not departments:
        return []
    stranded = Requisition.objects.stranded(day).filter(department__in=departments, is_ordered_for=True)
    baskets = stranded.select_related("department").order_by("pk")
    news = [
        News(basket.requester_id, STRANDED, place("basket"), {"department": basket.department.name})
        for basket in baskets
    ]
    for department in departments.values():
        department.told_baskets_date = department.closed_date
    update_rows(list(departments.values()), ["told_baskets_date"])
    return news


def first_place(department: Department, day: date) -> DeliveryPlace | None:
    """Where a new basket of a department is delivered, until somebody says something else."""
    return DeliveryPlace.objects.open(day).filter(department=department).order_by("pk").first()


def merge_basket(basket: Requisition, *, into_basket: int) -> None:
    """
    Move the lines of one basket to the end of another, whose places they go to, inside an operation.

    What was chosen for the whole basket, another department that pays and a konto, is the lines' own from now on.
    """
    is_own = basket.charged_department_id == basket.department_id
    last = (
        RequisitionLine.objects.filter(requisition=into_basket).aggregate(last=Max("position"))["last"] or 0
    )
    for position, line in enumerate(basket.lines.order_by("position", "pk"), start=last + 1):
        line.requisition_id, line.position, line.delivery_place = into_basket, position, None
        line.account_id = line.account_id or basket.account_id
        if not is_own:
            line.charged_department_id = line.charged_department_id or basket.charged_department_id
        line.save(
            update_fields=["requisition", "position", "delivery_place", "account", "charged_department"]
        )
