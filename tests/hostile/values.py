"""What no person types, and what programs have failed on."""

from collections.abc import Sequence
from typing import TypeVar

from tests.long import LONG

T = TypeVar("T")

TOO_LARGE_ID = str(2**63)


def some(values: Sequence[T], name: str, share: int = 3) -> Sequence[T]:
    """One in so many of the values, others for the next name; all of them in a long run."""
    return values if LONG else values[sum(name.encode()) % share :: share]


VALUES = [
    "",
    "-1",
    "1.5",
    "9" * 60,
    "-" + "9" * 60,
    "9" * 5000,
    TOO_LARGE_ID,
    "1e999",
    "NaN",
    "١٢",
    "12.500",
    "0000-00-00",
    "0001-01-01",
    "9999-12-31",
    "9999-12",
    "9999",
    "0",
    "a\x00b",
    "\ud800",
    "a\u0300\ufeff\u202e" * 100,
    "\r\nX-Injected: 1",
    "%00{0}%(x)s%s",
    "'\"<script>",
    "http://[",
    "../../etc/passwd",
    "[]",
    "🧤" * 500,
    "00000000-0000-0000-0000-000000000000",
]
