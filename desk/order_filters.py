"""Which purchase orders a list shows, and which of them somebody has to see to."""

from datetime import date
from functools import lru_cache
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy

from core.compiled import CompiledOnce, planned_each_time
from procurement.models import (
    STILL_TO_COME,
    Allocation,
    Complaint,
    DayWish,
    Deviation,
    PurchaseOrder,
    ReceiptLine,
)
from procurement.models.orders import PurchaseOrderQuerySet
from procurement.states import DELIVERABLE, OrderStatus


class Filter(models.TextChoices):
    """Which orders are shown; the value stands in the address."""

    ALL = "alla", gettext_lazy("Alla")
    READY = "klara", gettext_lazy("Klara att skicka")
    SENT = "skickade", gettext_lazy("Skickade")
    LATE = "forsenade", gettext_lazy("Försenade")
    COMPLAINED = "reklamationer", gettext_lazy("Med öppen reklamation")
    DEVIATING = "avvikelser", gettext_lazy("Med avvikelse")
    CHANGED = "andringar", gettext_lazy("Ändringar att ta ställning till")
    WISHED = "onskade-dagar", gettext_lazy("Önskade leveransdagar")
    UNANSWERED = "obesvarade", gettext_lazy("Obesvarade")
    NOT_SENT = "inte-skickade", gettext_lazy("Inte skickade")
    CANCELLED = "makulerade", gettext_lazy("Makulerade")
    REFUSED = "blir-inte-av", gettext_lazy("Blir inte av")


MOST_QUESTIONS = 500
"""So many kinds of questions are kept compiled."""
TO_SEE_TO = (
    Filter.READY,
    Filter.CHANGED,
    Filter.WISHED,
    Filter.UNANSWERED,
    Filter.LATE,
    Filter.COMPLAINED,
    Filter.NOT_SENT,
)
"""What somebody has to do something about, and so is counted."""


def condition(chosen: Filter, day: date) -> models.Q:
    """What holds for the orders of a filter that day."""
    if chosen == Filter.ALL:
        return models.Q(pk__isnull=False)
    if chosen == Filter.LATE:
        late = Allocation.objects.filter(
            STILL_TO_COME,
            order_line__order=models.OuterRef("pk"),
            order_line__expected_date__lt=day,
            line__status__in=DELIVERABLE,
        )
        return models.Q(models.Exists(late), status=OrderStatus.SENT)
    if chosen == Filter.COMPLAINED:
        return models.Q(pk__in=Complaint.objects.open().values("receipt_line__allocation__order_line__order"))
    if chosen == Filter.DEVIATING:
        return models.Q(
            models.Exists(deviations().filter(allocation__order_line__order=models.OuterRef("pk")))
        )
    if chosen == Filter.CHANGED:
        return models.Q(pk__in=PurchaseOrder.objects.with_changes().values("pk"))
    if chosen == Filter.WISHED:
        return models.Q(pk__in=wished_orders().values("pk"))
    if chosen == Filter.UNANSWERED:
        return models.Q(pk__in=PurchaseOrder.objects.unanswered(day).values("pk"))
    if chosen == Filter.NOT_SENT:
        return models.Q(pk__in=PurchaseOrder.objects.not_sent().values("pk"))
    statuses = {
        Filter.READY: OrderStatus.READY,
        Filter.SENT: OrderStatus.SENT,
        Filter.CANCELLED: OrderStatus.CANCELLED,
        Filter.REFUSED: OrderStatus.REFUSED,
    }
    return models.Q(status=statuses[chosen])


@lru_cache(maxsize=MOST_QUESTIONS)
def latest(chosen: Filter, grounds: tuple[str, ...] | None, most: int) -> CompiledOnce[Any, dict[str, Any]]:
    """
    The latest so many orders of a filter by ``pk``, that ``day``, of what somebody sees on these grounds.

    Compiled once for each kind of person: it takes the ids of each ground by its name. Planned each time, since only the ids
    tell how little a ground is about.
    """

    def orders(day: Any, **ids: Any) -> models.QuerySet[Any, Any]:
        those = PurchaseOrder.objects.filter(condition(chosen, day))
        return those.latest_on(None if grounds is None else {name: ids[name] for name in grounds}, most=most)

    takes = {"day": date} | dict.fromkeys(grounds or (), list[int])
    return planned_each_time(CompiledOnce(orders, takes))


def wished_orders() -> PurchaseOrderQuerySet:
    """Orders of which a department would rather have something on another day, and has no answer."""
    wished = Allocation.objects.filter(STILL_TO_COME, line__in=DayWish.objects.open().values("line"))
    return PurchaseOrder.objects.filter(status=OrderStatus.SENT, pk__in=wished.values("order_line__order"))


def deviations() -> models.QuerySet[ReceiptLine]:
    """What departments have said was wrong with what came."""
    return ReceiptLine.objects.standing().exclude(deviation=Deviation.NONE)
