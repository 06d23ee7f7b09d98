"""The open basket as it is read on pages: its lines, their sum, and where it is kept."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from core.compiled import compiled_once
from core.errors import WrongState
from core.money import ZERO
from organizations.models import Department, User
from procurement.models import Requisition, RequisitionLine
from procurement.planning import Plan, PlannedLine

SHOWN_PRICE = re.compile(r"\b([0-9]{1,18}):([0-9]{1,12}\.[0-9]{1,4})\b", re.ASCII)


@dataclass(frozen=True, slots=True)
class Cart:
    """A person's basket for a department; ``basket`` is None until something is put in it."""

    basket: Requisition | None = None
    lines: Sequence[RequisitionLine] = field(default_factory=list)

    @property
    def total(self) -> Decimal:
        """Sum of the lines, SEK excluding VAT."""
        return sum((line.amount for line in self.lines), ZERO)


@dataclass(frozen=True, slots=True)
class CartPlan:
    """What would happen to the basket's lines, counted."""

    direct: int = 0
    decided: int = 0

    @classmethod
    def of(cls, planned: Sequence[PlannedLine]) -> "CartPlan":
        """Count those that a standing approval decides, and those that a person does."""
        direct = sum(each.policy is not None for each in planned)
        return cls(direct=direct, decided=len(planned) - direct)


def shown_prices(cart: Cart, plan: Plan) -> str:
    """What the page shows that one unit of each line costs, for its form to send back: ``12:58.0000 13:4.5000``."""
    planned = [(each.line.pk, each.unit_price) for each in plan.lines]
    stored_prices = [(line.pk, line.unit_price) for line in cart.lines]
    return " ".join(f"{pk}:{unit_price}" for pk, unit_price in planned or stored_prices)


def prices_in(text: str) -> dict[int, Decimal]:
    """Read what ``shown_prices`` wrote, leaving out what is not of that shape."""
    return {int(pk): Decimal(unit_price) for pk, unit_price in SHOWN_PRICE.findall(text)}


class BasketHasChanged(WrongState):
    """What she sends is what she was shown: something has been put in or taken out since, in another window."""

    code = "basket_has_changed"
    sentence = _("Korgen har ändrats sedan sidan visades. Se över raderna och skicka den igen.")


def check_lines_unchanged(cart: Cart, price_by_line: Mapping[int, Decimal]) -> None:
    """
    See to it that the basket holds the lines that she was shown, and no others.

    :param price_by_line: what the page showed, by the lines' ids; empty when it is not known.
    :raises BasketHasChanged: it holds others.
    """
    if price_by_line and price_by_line.keys() != {line.pk for line in cart.lines}:
        raise BasketHasChanged


def submitted_requisition(user: User, price_by_line: Mapping[int, Decimal]) -> Requisition | None:
    """What she has sent already of the lines that she was shown, in one order or the latest of several: one query, or none."""
    if not price_by_line:
        return None
    requisitions = Requisition.objects.submitted().filter(requester=user, lines__in=list(price_by_line))
    return requisitions.first()


def cart_of(user: User, department: Department | None) -> Cart:
    """Read the basket and its lines: one query, and one more when it is empty."""
    if department is None:
        return Cart()
    lines = _lines(user.pk, department.pk)
    baskets = [lines[0].requisition] if lines else _baskets(user.pk, department.pk)
    if not baskets:
        return Cart()
    basket = baskets[0]
    basket.requester, basket.department = user, department
    for line in lines:
        line.requisition = basket
    return Cart(basket, lines)


def stranded_of(user: User, day: date) -> QuerySet[Any, Any]:
    """
    Her baskets that cannot be sent, with how many lines lie in each, and whether the department ``is_closed``.

    For departments that have closed, and for those that she orders for no longer, such as when she has moved to another.
    """
    stranded: QuerySet[Any, Any] = (
        Requisition.objects.stranded(day).filter(requester=user).annotate(held_count=Count("lines"))
    )
    return stranded.select_related("department").order_by("pk")


ON_THE_PAGE = ("charged_department", "delivery_place", "activity", "account", "project")
"""What the page says of a basket beside its own fields."""


@compiled_once
def _lines(requester: int, department: int) -> QuerySet[RequisitionLine]:
    return (
        RequisitionLine.objects.filter(
            requisition__submitted_at=None,
            requisition__requester=requester,
            requisition__department=department,
        )
        .live()
        .select_related(
            *(f"requisition__{name}" for name in ON_THE_PAGE),
            "item__category__account",
            "category__account",
            "account",
            "charged_department",
            "delivery_place",
        )
        .defer("item__search_vector", "item__description")
        .order_by("position", "version")
    )


@compiled_once
def _baskets(requester: int, department: int) -> QuerySet[Requisition]:
    return (
        Requisition.objects.baskets()
        .filter(requester=requester, department=department)
        .select_related(*ON_THE_PAGE)
    )
