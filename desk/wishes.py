"""On which other days departments would rather have what an order still has to come, for whoever answers for it."""

from collections.abc import Iterable
from datetime import date

from procurement.models import Allocation, DayWish, PurchaseOrder


def wishes_of(order: PurchaseOrder) -> list[DayWish]:
    """Those that nobody has answered, the first day first: one query."""
    wishes = DayWish.objects.open().of_order(order.pk).order_by("wanted_date", "pk")
    return list(wishes.select_related("message__by", "line__item", "line__requisition__department"))


def wished_day_by_line(wishes: Iterable[DayWish], waiting: Iterable[Allocation]) -> dict[int, date]:
    """
    The day that is wished for of each line of the order, by its id; the first where departments wish for different ones.

    :param waiting: what is left to come of the order.
    """
    of_line: dict[int, date] = {}
    for wish in wishes:
        of_line.setdefault(wish.line_id, wish.wanted_date)
    days: dict[int, date] = {}
    for each in waiting:
        day = of_line.get(each.line_id)
        if day is not None:
            days[each.order_line_id] = min(day, days.get(each.order_line_id, day))
    return days
