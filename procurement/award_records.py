"""
The duty to document a direct award (pure).

LOU 19 a:11: what is awarded directly for at least the amount that is in force is documented: the authority, what was bought, its
term, estimated value and day of contract, whether and how competition was used, who was asked and who offered, who got it, and the
reasons. The documentation is complete within thirty days of the contract. The law's amount is "at least" (Upphandlingsmyndigheten);
the Competition Authority's page says "exceeds". The stricter holds here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DAYS = 30
REMINDER_DAYS = 7

HOLES: dict[str, Promise] = {
    "diary_number": _("diarienummer"),
    "subject": _("vad som köpts"),
    "term": _("löptid"),
    "estimated_amount": _("uppskattat värde"),
    "competition": _("om konkurrens användes"),
    "bids": _("minst en leverantör som tillfrågades"),
    "reasons": _("skäl"),
}
"""What a record lacks, in words."""


@dataclass(frozen=True, slots=True)
class Bid:
    """One supplier that was asked, or that offered without being asked."""

    supplier_name: str
    org_number: str = ""
    was_asked: bool = True
    amount: Decimal | None = None
    """What it offered, SEK; None when it made no offer."""


@dataclass(frozen=True, slots=True)
class AwardFacts:
    """What a person writes of an award."""

    diary_number: str = ""
    subject: str = ""
    term: str = ""
    estimated_amount: Decimal | None = None
    competition: str = ""
    reasons: str = ""
    bids: Sequence[Bid] = ()


def is_documented(amount: Decimal, threshold: Decimal | None) -> bool:
    """Whether an award of an amount is to be documented."""
    return threshold is not None and amount >= threshold


def due_date(contract_date: date) -> date:
    """The last day to have the documentation complete."""
    return contract_date + timedelta(days=DAYS)


def days_to_tell(contract_date: date) -> tuple[date, date, date]:
    """When who answers is told: the day after the contract, a week before the last day, and the day after it."""
    due = due_date(contract_date)
    return contract_date + timedelta(days=1), due - timedelta(days=REMINDER_DAYS), due + timedelta(days=1)


def missing_fields(facts: AwardFacts) -> list[str]:
    """What is still to be written, as codes of `HOLES`; every supplier that was asked is named when competition was used."""
    empty = [name for name in HOLES if name != "bids" and not getattr(facts, name)]
    return empty if facts.bids else [*empty, "bids"]


def in_words(holes: Iterable[str]) -> str:
    """Name what is lacking."""
    return ", ".join(str(HOLES[hole]) for hole in holes)
