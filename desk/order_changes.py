"""What a supplier wants to change of an order, in words, beside what was ordered."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.utils.translation import gettext as _

from core import formatting, units
from core.fields import QuantityField
from core.languages import current_language
from procurement.models import Allocation, AnsweredLine, AnswerOutcome, OrderLine, PurchaseOrder
from procurement.states import AnswerStatus


@dataclass(frozen=True, slots=True)
class Change:
    """One line that the supplier wants to change."""

    line: OrderLine
    asked: AnsweredLine
    wanted: Decimal
    """How many are to come in all: what was ordered, less what will not come."""

    @property
    def can_be_agreed(self) -> bool:
        """Whether she may say yes: never to a higher price than was ordered at, nor to more than is wanted."""
        price, quantity = self.asked.unit_price, self.asked.quantity
        return (price is None or price <= self.line.due_unit_price) and (
            quantity is None or quantity <= self.wanted
        )

    @property
    def sentences(self) -> list[str]:
        """What is changed, each with what was ordered."""
        language, told = current_language(), []
        if self.asked.quantity is not None:
            told.append(
                _("%(after)s i stället för %(before)s.")
                % {
                    "after": units.counted(self.asked.quantity, self.line.unit, language=language),
                    "before": units.counted(self.wanted, self.line.unit, language=language),
                }
            )
        if self.asked.unit_price is not None:
            told.append(
                _("Priset blir %(after)s i stället för %(before)s.")
                % {
                    "after": formatting.unit_price(self.asked.unit_price, language=language),
                    "before": formatting.unit_price(self.line.due_unit_price, language=language),
                }
            )
        if self.asked.delivery_date is not None and self.asked.delivery_date != self.line.expected_date:
            told.append(
                _("Levereras %(after)s i stället för %(before)s.")
                % {
                    "after": formatting.weekday_day(self.asked.delivery_date, language=language),
                    "before": formatting.weekday_day(self.line.expected_date, language=language),
                }
            )
        return told


def changes_of(order: PurchaseOrder) -> list[Change]:
    """The changes of an order that nobody has settled: one query."""
    asked = (
        AnsweredLine.objects.filter(
            order_line__order=order,
            order_line__answer=AnswerStatus.CHANGED,
            outcome=AnswerOutcome.CHANGED,
        )
        .select_related("order_line__item")
        .annotate(wanted=Subquery(_wanted(), output_field=QuantityField()))
        .order_by("order_line__position", "-answer__received_at", "-pk")
        .distinct("order_line__position")
    )
    return [Change(each.order_line, each, each.wanted) for each in asked]


def _wanted() -> QuerySet[Allocation, Any]:
    """How many of the order's line are to come in all."""
    of_line = Allocation.objects.filter(order_line=OuterRef("order_line")).order_by().values("order_line")
    return of_line.annotate(wanted=Sum(F("quantity") - F("closed_quantity"))).values("wanted")
