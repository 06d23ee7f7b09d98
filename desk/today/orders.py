"""Tasks from orders that are at the suppliers: late, not sent, not answered, or to be changed."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import formatting
from core.languages import current_language
from desk.today.tasks import Question, Task, rows_of, sum_of
from procurement.models import STILL_TO_COME, Allocation, PurchaseOrder
from procurement.models.orders import PurchaseOrderQuerySet
from procurement.states import DELIVERABLE, OrderStatus
from procurement.wording import spelled

MOST_NAMED = 4


def late_delivery_question(posts: Sequence[int] | None, day: date) -> Question:
    """Deliveries that should have come, under the categories that she answers for today."""
    deliveries = Allocation.objects.filter(
        STILL_TO_COME,
        order_line__order__status=OrderStatus.SENT,
        order_line__expected_date__lt=day,
        line__status__in=DELIVERABLE,
    )
    if posts is not None:
        deliveries = deliveries.filter(line__category__lineage__overlap=list(posts))
    late = sum_of(
        deliveries,
        count=models.Count("line", distinct=True),
        suppliers=models.Count("order_line__order__supplier", distinct=True),
        oldest=models.Min("order_line__expected_date"),
    )
    return Question(late, partial(_late_delivery_tasks, day=day))


def _late_delivery_tasks(rows: Sequence[Mapping[str, Any]], *, day: date) -> list[Task]:
    if not rows:
        return []
    (late,) = rows
    suppliers = ngettext("%(count)s leverantör", "%(count)s leverantörer", late["suppliers"]) % {
        "count": spelled(late["suppliers"])
    }
    return [
        Task(
            figure=str(late["count"]),
            title=ngettext("rad har inte levererats i tid", "rader har inte levererats i tid", late["count"]),
            text=_("Från %(suppliers)s. Den äldsta skulle ha kommit %(day)s.")
            % {
                "suppliers": suppliers,
                "day": formatting.day(date.fromisoformat(late["oldest"]), day, language=current_language()),
            },
            url=f"{reverse('desk:orders')}?visa=forsenade",
            button=_("Se ordrarna"),
            needs=False,
        )
    ]


def unsent_order_question(posts: Sequence[int] | None) -> Question:
    """Messages about orders that could not be sent, with lines under the categories that she answers for today."""
    stuck = _of_hers(PurchaseOrder.objects.not_sent(), posts)
    return Question(_counted_orders(stuck), _unsent_order_tasks)


def _unsent_order_tasks(orders: Sequence[Mapping[str, Any]]) -> list[Task]:
    return _order_tasks(
        orders,
        lambda count: ngettext(
            "inköpsorder gick inte att skicka", "inköpsordrar gick inte att skicka", count
        ),
        _("Till %(suppliers)s. Leverantören vet inte vad som gäller förrän du har försökt igen."),
        view="inte-skickade",
    )


def _of_hers(orders: PurchaseOrderQuerySet, posts: Sequence[int] | None) -> PurchaseOrderQuerySet:
    """Those of the orders that have lines under the categories that she answers for today; all for the head."""
    if posts is None:
        return orders
    hers = Allocation.objects.filter(
        order_line__order=models.OuterRef("pk"), line__category__lineage__overlap=list(posts)
    )
    return orders.filter(models.Exists(hers))


def _counted_orders(orders: PurchaseOrderQuerySet) -> models.QuerySet[Any, Any]:
    """The oldest of them by name, each with how many there are."""
    return rows_of(
        orders.order_by("created_at", "pk"),
        number="number",
        supplier="supplier__name",
        count=models.Window(models.Count("pk")),
    )[:MOST_NAMED]


def changed_order_question(posts: Sequence[int] | None) -> Question:
    """Orders of which a supplier wants to change something."""
    changed = _of_hers(PurchaseOrder.objects.with_changes(), posts)
    return Question(_counted_orders(changed), _changed_order_tasks)


def _changed_order_tasks(orders: Sequence[Mapping[str, Any]]) -> list[Task]:
    return _order_tasks(
        orders,
        lambda count: ngettext(
            "inköpsorder vill leverantören ändra", "inköpsordrar vill leverantörer ändra", count
        ),
        _("Från %(suppliers)s. Leverantören väntar på ditt besked."),
        view="andringar",
    )


def unanswered_order_question(posts: Sequence[int] | None, day: date) -> Question:
    """Orders that a supplier should have answered by now."""
    unanswered = _of_hers(PurchaseOrder.objects.unanswered(day), posts)
    return Question(_counted_orders(unanswered), _unanswered_order_tasks)


def _unanswered_order_tasks(orders: Sequence[Mapping[str, Any]]) -> list[Task]:
    return _order_tasks(
        orders,
        lambda count: ngettext("inköpsorder är inte bekräftad", "inköpsordrar är inte bekräftade", count),
        _("Hos %(suppliers)s. Fråga om leveransen kommer, och skriv in svaret."),
        view="obesvarade",
    )


def _order_tasks(
    orders: Sequence[Mapping[str, Any]], title: Callable[[int], str], text: str, *, view: str
) -> list[Task]:
    """One task for all of them: the order itself when it is one, else their list."""
    if not orders:
        return []
    count = orders[0]["count"]
    names = ", ".join(dict.fromkeys(order["supplier"] for order in orders))
    return [
        Task(
            figure=str(count),
            title=title(count),
            text=text % {"suppliers": names},
            url=reverse("desk:order", args=[orders[0]["number"]])
            if count == 1
            else f"{reverse('desk:orders')}?visa={view}",
            button=_("Se ordern") if count == 1 else _("Se ordrarna"),
        )
    ]
