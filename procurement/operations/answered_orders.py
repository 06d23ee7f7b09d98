"""An order that is answered, or of which a change is settled: the parts that those share."""

from collections.abc import Collection, Mapping
from datetime import timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput, WrongState
from procurement.models import OrderLine, PurchaseOrder, still_to_come, wanted_quantity

FURTHEST = timedelta(days=366 * 2)
"""Nobody plans further ahead; a day that lies there is a slip of the pen."""


class OrderHasChanged(WrongState):
    """Something was answered or settled after the page was read."""

    code = "order_has_changed"
    sentence = _("Ordern har ändrats sedan du öppnade sidan. Se vad som gäller nu och försök igen.")


class NothingAnswered(InvalidInput):
    """An answer says something of at least one line."""

    code = "nothing_answered"
    sentence = _("Ange vad leverantören har svarat på minst en rad.")


class ChangeIsAsked(WrongState):
    """The supplier waits for an answer about the line."""

    code = "change_is_asked"
    sentence = _("Leverantören vill ändra %(line)s. Ta ställning till det först.")


class NoSuchOrderLine(InvalidInput):
    """The order has no line of that number."""

    code = "no_such_order_line"
    sentence = _("Ordern har ingen rad %(position)s.")


class LineIsSettled(WrongState):
    """The line does not come, or nothing is asked of it."""

    code = "answered_line_is_settled"
    sentence = _("%(line)s går inte att svara på längre.")


def next_version(order: PurchaseOrder) -> None:
    """Count up the order's version, and write when it was first answered."""
    order.version += 1
    order.save(update_fields=["version", "answered_at"])


def with_total_ordered(lines: QuerySet[OrderLine]) -> list[OrderLine]:
    """Read lines of an order with how much of each is to come in all, and whether any of it is left to: one query."""
    order_lines: list[OrderLine] = []
    for line in lines.annotate(quantity_wanted=wanted_quantity(), has_left=still_to_come()):
        line.wanted, line.is_coming = line.quantity_wanted, line.has_left
        order_lines.append(line)
    return order_lines


def lines_of(order: PurchaseOrder, positions: Collection[int] | Mapping[int, object]) -> dict[int, OrderLine]:
    """
    The order's lines by their numbers, with how much is to come in all and whether any of it is left to.

    :raises NoSuchOrderLine: it has none of a number.
    """
    order_lines = order.lines.filter(position__in=list(positions))
    lines = {line.position: line for line in with_total_ordered(order_lines)}
    for position in positions:
        if position not in lines:
            raise NoSuchOrderLine(position=position)
    return lines
