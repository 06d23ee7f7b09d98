"""
How long an agreement lasts: its end, its ceiling at the present pace, and when the next procurement must start.

Latest start = the earlier of end and exhaustion, minus the time that a procurement takes (DOMAIN 6.3, 31). An option is
no time until it is used. Every page asks here, so all of them say the same day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from agreements.models import Agreement

PROCUREMENT_DAYS = 270
"""Nine months from start to a new agreement in force."""

SOON_DAYS = 90
WARNING_PERCENT = 85
FURTHEST_DAYS = 20 * 365


@dataclass(frozen=True, slots=True)
class Outlook:
    """One agreement as it looks ahead."""

    agreement: Agreement
    start_by: date | None
    """When the next procurement must start; None until further notice, at a pace that the ceiling allows."""
    ceiling_date: date | None = None
    """When the ceiling is reached at the present pace; None when the term ends first."""
    option_end: date | None = None
    notice_date: date | None = None
    """Last day to give notice, or to prolong."""
    ends_soon: bool = False
    """Whether the term ends, or the notice is due, within three months."""

    @property
    def ceiling_needs_you(self) -> bool:
        """Whether the ceiling is close, or will be reached before the term ends."""
        return self.agreement.used_percent >= WARNING_PERCENT

    @property
    def warning(self) -> int:
        """The highest of the marks 70, 85 and 95 per cent that is passed; 0 when none is."""
        used = self.agreement.used_percent
        return next((mark for mark in (95, 85, 70) if used >= mark), 0)


def outlooks(agreements: Iterable[Agreement], *, day: date) -> list[Outlook]:
    """Look ahead from a day at the pace that the agreements come with (``with_pace``), most urgent first."""
    views = [outlook(agreement, agreement.pace, day) for agreement in agreements]  # type: ignore[attr-defined]
    return sorted(views, key=lambda view: (view.start_by or date.max, view.agreement.pk))


def outlook(agreement: Agreement, pace: Decimal, day: date) -> Outlook:
    """
    Look ahead from a day; pure.

    :param pace: kronor per day; an agreement without pace never reaches its ceiling.
    """
    end = agreement.end_date
    ceiling_date = _exhausted_on(agreement, pace, day)
    if ceiling_date is not None and end is not None and ceiling_date >= end:
        ceiling_date = None
    option_end = add_months(end, agreement.option_months) if end and agreement.option_months else None
    notice_date = add_months(end, -agreement.notice_months) if end and agreement.notice_months else None
    needed = ceiling_date or end
    close = [each for each in (end, notice_date) if each is not None and 0 <= (each - day).days <= SOON_DAYS]
    return Outlook(
        agreement=agreement,
        start_by=None if needed is None else needed - timedelta(days=PROCUREMENT_DAYS),
        ceiling_date=ceiling_date,
        option_end=option_end,
        notice_date=notice_date,
        ends_soon=bool(close),
    )


def _exhausted_on(agreement: Agreement, pace: Decimal, day: date) -> date | None:
    if pace <= 0:
        return None
    days = int(agreement.remaining_amount / pace)
    return day + timedelta(days=days) if days < FURTHEST_DAYS else None


def add_months(day: date, months: int) -> date:
    """The same day so many months later or earlier, or the month's last."""
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    first_of_next = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (first_of_next - timedelta(days=1)).day))
