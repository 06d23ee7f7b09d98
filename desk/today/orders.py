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
from core.compiled import compiled_once
from core.languages import current_language
from desk.order_filters import wished_orders
from desk.today.tasks import Question, Task, rows_of, sum_of, within_categories
from procurement.models import STILL_TO_COME, Allocation, PurchaseOrder
from procurement.models.orders import PurchaseOrderQuerySet
from procurement.states import DELIVERABLE, OrderStatus
from procurement.wording import number_word

MOST_NAMED = 4


def late_delivery_question(posts: list[int] | None, day: date) -> Question:
    """Deliveries that should have come, under the categories that she answers for today."""
    return Question(_late_deliveries.asking(posts, day), partial(_late_delivery_tasks, day=day))


@compiled_once
def _late_deliveries(posts: list[int] | None, day: date) -> models.QuerySet[Any, Any]:
    deliveries = Allocation.objects.filter(
        within_categories(posts, "line__category"),
        STILL_TO_COME,
        order_line__order__status=OrderStatus.SENT,
        order_line__expected_date__lt=day,
        line__status__in=DELIVERABLE,
    )
    return sum_of(
        deliveries,
        count=models.Count("order_line__order", distinct=True),
        suppliers=models.Count("order_line__order__supplier", distinct=True),
        oldest=models.Min("order_line__expected_date"),
    )


def _late_delivery_tasks(rows: Sequence[Mapping[str, Any]], *, day: date) -> list[Task]:
    if not rows:
        return []
    (late,) = rows
    suppliers = ngettext("%(count)s leverantör", "%(count)s leverantörer", late["suppliers"]) % {
        "count": number_word(late["suppliers"])
    }
    return [
        Task(
            figure=str(late["count"]),
            title=ngettext(
                "inköpsorder har inte levererats i tid",
                "inköpsordrar har inte levererats i tid",
                late["count"],
            ),
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


def unsent_order_question(posts: list[int] | None) -> Question:
    """Messages about orders that could not be sent, with lines under the categories that she answers for today."""
    return Question(_unsent_orders.asking(posts), _unsent_order_tasks)


@compiled_once
def _unsent_orders(posts: list[int] | None) -> models.QuerySet[Any, Any]:
    return _counted_orders(PurchaseOrder.objects.not_sent(), posts)


def _unsent_order_tasks(orders: Sequence[Mapping[str, Any]]) -> list[Task]:
    return _order_tasks(
        orders,
        lambda count: ngettext(
            "inköpsorder gick inte att skicka", "inköpsordrar gick inte att skicka", count
        ),
        _("Till %(suppliers)s. Leverantören vet inte vad som gäller förrän du har försökt igen."),
        view="inte-skickade",
    )


def _counted_orders(orders: PurchaseOrderQuerySet, posts: list[int] | None) -> models.QuerySet[Any, Any]:
    """
    The oldest by name, each with how many there are.

    Of the orders that have lines under the categories that she answers for today; of all for the head.
    """
    lines = Allocation.objects.filter(
        within_categories(posts, "line__category"), order_line__order=models.OuterRef("pk")
    )
    return rows_of(
        orders.filter(models.Exists(lines)).order_by("created_at", "pk"),
        number="number",
        supplier="supplier__name",
        count=models.Window(models.Count("pk")),
    )[:MOST_NAMED]


def changed_order_question(posts: list[int] | None) -> Question:
    """Orders of which a supplier wants to change something."""
    return Question(_changed.asking(posts), _changed_order_tasks)


@compiled_once
def _changed(posts: list[int] | None) -> models.QuerySet[Any, Any]:
    return _counted_orders(PurchaseOrder.objects.with_changes(), posts)


def _changed_order_tasks(orders: Sequence[Mapping[str, Any]]) -> list[Task]:
    return _order_tasks(
        orders,
        lambda count: ngettext(
            "inköpsorder vill leverantören ändra", "inköpsordrar vill leverantörer ändra", count
        ),
        _("Från %(suppliers)s. Leverantören väntar på ditt besked."),
        view="andringar",
    )


def wished_day_question(posts: list[int] | None) -> Question:
    """Orders of which a department would rather have something on another day."""
    return Question(_wished_orders.asking(posts), _wished_day_tasks)


@compiled_once
def _wished_orders(posts: list[int] | None) -> models.QuerySet[Any, Any]:
    return _counted_orders(wished_orders(), posts)


def _wished_day_tasks(orders: Sequence[Mapping[str, Any]]) -> list[Task]:
    return _order_tasks(
        orders,
        lambda count: ngettext(
            "inköpsorder där någon vill ha en annan dag", "inköpsordrar där någon vill ha en annan dag", count
        ),
        _("Hos %(suppliers)s. Fråga leverantören, eller säg nej."),
        view="onskade-dagar",
    )


def unanswered_order_question(posts: list[int] | None, day: date) -> Question:
    """Orders that a supplier should have answered by now."""
    return Question(_unanswered.asking(posts, day), _unanswered_order_tasks)


@compiled_once
def _unanswered(posts: list[int] | None, day: date) -> models.QuerySet[Any, Any]:
    return _counted_orders(PurchaseOrder.objects.unanswered(day), posts)


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
