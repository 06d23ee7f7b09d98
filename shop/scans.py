"""What is scanned at a delivery: the numbers that open it, and how many each row gets of what is counted (pure)."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from core.units import is_whole
from procurement.models import Allocation
from procurement.shares import THOUSANDTH, WHOLE, fair_shares

NOTHING = Decimal(0)

APART = re.compile(r"\s*[-\u2010-\u2015\u2212]\s*|\s+")
"""What people and keyboards write between the parts of a number."""
ORDER = re.compile(r"IO-?([0-9]{4})-?([0-9]{5,})", re.ASCII)
LAST_PART = re.compile(r"[0-9]{5}", re.ASCII)
MARKING = re.compile(r"([0-9]{4}-[0-9]{5,})(?:-|$)", re.ASCII)


def order_number(code: str) -> str:
    """The order's number that a code is, or the last part of one; as it was typed where it is neither."""
    text = APART.sub("-", code.strip()).upper()
    match = ORDER.fullmatch(text)
    return f"IO-{match[1]}-{match[2]}" if match else text


def is_last_part(number: str) -> bool:
    """Whether it can be the end of an order's number, as one reads it aloud."""
    return LAST_PART.fullmatch(number) is not None


def marked_number(code: str) -> str:
    """The requisition's number that a marking begins with, as the order asks for; empty when it has none."""
    match = MARKING.match(APART.sub("-", code.strip()))
    return match[1] if match else ""


def scanned_quantities(expected: Sequence[Allocation], scanned: Mapping[str, int]) -> dict[int, Decimal]:
    """
    How many of each row have been scanned, by its id, in order units.

    What is scanned of an item fills the lines of the order in the order given, and each line is divided fairly between those
    who asked for it. More than what is to come stands on the last of them, so that it is seen and can be said to be too many.

    :param scanned: how many times each item was read, by its number.
    """
    rows: dict[str, list[Allocation]] = defaultdict(list)
    for allocation in expected:
        item = allocation.order_line.item
        rows[item.number if item else ""].append(allocation)
    counts: dict[int, Decimal] = {}
    for number, allocations in rows.items():
        remaining = Decimal(scanned.get(number, 0))
        lines: dict[int, list[Allocation]] = defaultdict(list)
        for allocation in allocations:
            lines[allocation.order_line_id].append(allocation)
        for together in lines.values():
            claims = [each.remaining for each in together]
            total = min(remaining, sum(claims, NOTHING))
            step = WHOLE if is_whole(together[0].order_line.unit) else THOUSANDTH
            shares = fair_shares(total, claims, step=step)
            counts |= {each.pk: share for each, share in zip(together, shares, strict=True)}
            remaining -= total
        counts[allocations[-1].pk] += remaining
    return counts
