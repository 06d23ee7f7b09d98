"""The open basket as it is read on pages: its lines, their sum, and where it is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from core.money import ZERO
from organizations.models import Department, User
from procurement.models import Requisition, RequisitionLine
from procurement.planning import PlannedLine


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


def cart_of(user: User, department: Department | None) -> Cart:
    """Read the basket and its lines: two queries."""
    if department is None:
        return Cart()
    basket = (
        Requisition.objects.baskets()
        .filter(requester=user, department=department)
        .select_related(
            "department",
            "charged_department",
            "requester",
            "delivery_place",
            "activity",
            "account",
            "project",
        )
        .first()
    )
    if basket is None:
        return Cart()
    basket.requester = user
    lines = basket.lines.select_related("item__category", "category", "account").order_by("position", "pk")
    return Cart(basket, list(lines))
