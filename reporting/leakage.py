"""
What was bought outside the agreements, by department: the leakage that a category manager is to see.

One rule for the sum and for the lines behind it: delivered this year, in SEK, under no agreement. Deliveries come from
orders that were approved without an agreement and from the imported ledger; what neither of them knows is not here.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from categories.models import Category
from core.money import ZERO
from organizations.models import User
from procurement.standing import standing_on
from reporting.models import DeliveredLine
from reporting.models.delivered import DeliveredLineQuerySet
from reporting.months import Group, LineSelection, groups


@dataclass(frozen=True, slots=True)
class Leak:
    """What one department bought outside the agreements: of what, from whom, how often, since when, for how much."""

    department: str
    cost_center: str
    categories: tuple[Category, ...]
    suppliers: tuple[str, ...]
    count: int
    first_date: date
    last_date: date
    amount: Decimal
    is_known: bool = True
    """Whether the department is in the register."""


@dataclass(frozen=True, slots=True)
class Leakage:
    """All of it, the department with the largest amount first."""

    leaks: tuple[Leak, ...]

    @property
    def count(self) -> int:
        """How many purchases."""
        return sum(leak.count for leak in self.leaks)

    @property
    def amount(self) -> Decimal:
        """SEK without VAT."""
        return sum((leak.amount for leak in self.leaks), ZERO)


def answered_for(user: User, day: date) -> list[int] | None:
    """
    Ids of the categories that she is to see the leakage of; None for the whole region.

    The head of procurement all; a manager her own and those that she steps in for; finance and auditors, who answer
    for no category, all.
    """
    standing = standing_on(user, day)
    if standing.roles.is_head:
        return None
    posts = [*standing.manages, *standing.deputises]
    return None if not posts and standing.roles.sees_region else posts


def bought_outside(
    user: User, *, within: Collection[int] | None, starts: date, ends: date
) -> DeliveredLineQuerySet:
    """Lines bought outside the agreements in some categories, as far as the person may see them."""
    lines = DeliveredLine.objects.visible_to(user).outside_agreements().within(within)
    return lines.filter(delivered_date__range=(starts, ends))


def leakage(chosen: LineSelection, tree: Iterable[Category] | None = None) -> Leakage:
    """
    Add what was bought outside the agreements by department: two queries.

    :param tree: all categories, if they are known.
    """
    rows = groups(replace(chosen, is_outside=True))
    parts: dict[str, list[Group]] = {}
    for row in rows:
        parts.setdefault(row.code, []).append(row)
    ids = {row.category for row in rows if row.category}
    category_by_id = {
        each.pk: each for each in (Category.objects.filter(pk__in=ids) if tree is None else tree)
    }
    leaks = [_leak(members, category_by_id) for members in parts.values()]
    return Leakage(tuple(sorted(leaks, key=lambda leak: (-leak.amount, leak.cost_center))))


def _leak(rows: Sequence[Group], category_by_id: dict[int, Category]) -> Leak:
    """Put the parts of one department together, the largest first."""
    categories = dict.fromkeys(category_by_id[row.category] for row in rows if row.category in category_by_id)
    return Leak(
        department=rows[0].name,
        cost_center=rows[0].code,
        categories=tuple(categories),
        suppliers=tuple(dict.fromkeys(row.supplier for row in rows)),
        count=sum(row.count for row in rows),
        first_date=min(row.first for row in rows),
        last_date=max(row.last for row in rows),
        amount=sum((row.amount for row in rows), ZERO),
        is_known=rows[0].department is not None,
    )
