"""What has been scanned of a delivery, row by row: each code that is read counts one of what is ordered (pure)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from procurement.models import Allocation

NOTHING = Decimal(0)


def counted_rows(coming: Sequence[Allocation], scanned: Mapping[str, int]) -> dict[int, Decimal]:
    """
    How many of each row have been scanned, by its id, in order units.

    What is scanned of an item fills its rows in the order given; more than what is to come stands on the last of them, so
    that it is seen and can be said to be too many.

    :param scanned: how many times each item was read, by its number.
    """
    rows: dict[str, list[Allocation]] = defaultdict(list)
    for allocation in coming:
        item = allocation.order_line.item
        rows[item.number if item else ""].append(allocation)
    counts: dict[int, Decimal] = {}
    for number, allocations in rows.items():
        left = Decimal(scanned.get(number, 0))
        for allocation in allocations:
            counts[allocation.pk] = min(left, allocation.remaining)
            left -= counts[allocation.pk]
        counts[allocations[-1].pk] += left
    return counts
