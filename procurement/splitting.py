"""
A limit is judged on what is really asked for: all of a thing in the order, and over the week (pure).

Three lines of one item, or eight orders in a row, are one need, for whichever of her departments the requester sends them.
So are items that replace each other, and what somebody got instead of what she asked for. A thing is an item; needs in free
text are judged with the others of their category, since their words are whatever the requester writes.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from core.money import ZERO

WEEK = timedelta(days=7)

Thing = tuple[str, int | None]


@dataclass(frozen=True, slots=True)
class RecentRequests:
    """
    What the department, or the requester for another, has asked for of a thing during the week before.

    SEK excluding VAT; closed lines apart.
    """

    amount: Decimal = ZERO
    unattested_amount: Decimal = ZERO
    """The part of it in other requisitions that no budget holder has been asked about."""
    became: frozenset[Thing] = frozenset()
    """What was approved instead."""


NOTHING = RecentRequests()


def thing_of(item_id: int | None, category_id: int | None) -> Thing:
    """What a line asks for: its item, or its category when it is in free text."""
    return ("item", item_id) if item_id is not None else ("category", category_id)


def sums_of(amounts: Iterable[tuple[Thing, Decimal]]) -> dict[Thing, Decimal]:
    """What one order asks for of each thing."""
    sums: dict[Thing, Decimal] = defaultdict(lambda: ZERO)
    for thing, amount in amounts:
        sums[thing] += amount
    return dict(sums)


def judged_amount(
    thing: Thing,
    ordered: Mapping[Thing, Decimal],
    earlier: Mapping[Thing, RecentRequests],
    *,
    family: Collection[int] = (),
) -> Decimal:
    """
    What a standing approval is judged on: all of the thing in the order, and in the week before.

    :param family: ids of the items that stand for it (``catalog.families``).
    """
    alike = {thing, *(("item", item) for item in family)}
    alike |= {other for other, entry in earlier.items() if not alike.isdisjoint(entry.became)}
    return sum((ordered.get(each, ZERO) + earlier.get(each, NOTHING).amount for each in alike), ZERO)


def unseen_amount(things: Iterable[Thing], earlier: Mapping[Thing, RecentRequests]) -> Decimal:
    """What an own limit is judged on beside the order: the same things in the week before that nobody has attested."""
    return sum((earlier.get(thing, NOTHING).unattested_amount for thing in set(things)), ZERO)
