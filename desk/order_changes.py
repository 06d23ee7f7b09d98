"""What a supplier wants to change of an order, in words, beside what was ordered."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import OuterRef, Subquery, Sum
from django.utils.translation import gettext as _

from core import formatting, units
from core.fields import QuantityField
from core.languages import current_language
from procurement.models import (
    Allocation,
    AnsweredLine,
    AnswerOutcome,
    OrderLine,
    PurchaseOrder,
    still_to_come,
    wanted_quantity,
)
from procurement.states import AnswerStatus


@dataclass(frozen=True, slots=True)
class Change:
    """One line that the supplier wants to change."""

    line: OrderLine
    asked: AnsweredLine
    wanted: Decimal
    """How many are to come in all: what was ordered, less what will not come."""
    received: Decimal

    @property
    def asks_too_much(self) -> bool:
        """Whether it is a higher price than was ordered at, or more than is wanted."""
        price, quantity = self.asked.unit_price, self.asked.quantity
        is_dearer = price is not None and price > self.line.due_unit_price
        return is_dearer or (quantity is not None and quantity > self.wanted)

    @property
    def has_come(self) -> bool:
        """Whether what has come already cannot be so: at another price, or more than the supplier would deliver."""
        price, quantity = self.asked.unit_price, self.asked.quantity
        return bool(self.received) and (price is not None or (quantity or self.received) < self.received)

    @property
    def can_be_agreed(self) -> bool:
        """Whether she may say yes."""
        return not self.asks_too_much and not self.has_come

    @property
    def sentences(self) -> list[str]:
        """What is changed, each with what was ordered."""
        language, sentences = current_language(), []
        if self.asked.quantity is not None:
            sentences.append(
                _("%(after)s i stället för %(before)s.")
                % {
                    "after": units.quantity_text(self.asked.quantity, self.line.unit, language=language),
                    "before": units.quantity_text(self.wanted, self.line.unit, language=language),
                }
            )
        if self.asked.unit_price is not None:
            sentences.append(
                _("Priset blir %(after)s i stället för %(before)s.")
                % {
                    "after": formatting.unit_price(self.asked.unit_price, language=language),
                    "before": formatting.unit_price(self.line.due_unit_price, language=language),
                }
            )
        if self.asked.delivery_date is not None and self.asked.delivery_date != self.line.expected_date:
            sentences.append(
                _("Levereras %(after)s i stället för %(before)s.")
                % {
                    "after": formatting.weekday_day(self.asked.delivery_date, language=language),
                    "before": formatting.weekday_day(self.line.expected_date, language=language),
                }
            )
        return sentences


def changes_of(order: PurchaseOrder) -> list[Change]:
    """The changes of an order that nobody has settled: one query."""
    answered_lines = (
        AnsweredLine.objects.filter(
            still_to_come("order_line"),
            order_line__answer=AnswerStatus.CHANGED,
            order_line__order=order,
            outcome=AnswerOutcome.CHANGED,
        )
        .select_related("order_line__item")
        .annotate(wanted=wanted_quantity("order_line"), received=_received_quantity())
        .order_by("order_line__position", "-answer__received_at", "-pk")
        .distinct("order_line__position")
    )
    return [Change(each.order_line, each, each.wanted, each.received) for each in answered_lines]


def _received_quantity() -> Subquery:
    of_line = Allocation.objects.filter(order_line=OuterRef("order_line")).order_by().values("order_line")
    quantities = of_line.annotate(came=Sum("received_quantity")).values("came")
    return Subquery(quantities, output_field=QuantityField())
