"""
How long an agreement lasts: its end, its ceiling at the present pace, and when the next procurement must start.

Latest start = the earlier of end and exhaustion, minus the time that a procurement takes in the category (DOMAIN 6.3, 31). An
option is no time until it is used; what each of those that remain would give is told beside it. Every page, the calendar and the
API ask here, of agreements read ``with_outlook``, so all of them say the same day.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from agreements.index_days import next_ask_by
from agreements.models import Agreement, AgreementOption, Deadline, IndexClause
from agreements.states import ORDERABLE, OptionDecision
from core.periods import add_months

USUAL_MONTHS = 9
"""From start to a new agreement in force, where no category says otherwise."""

SOON_DAYS = 90
WARNING_PERCENT = 85
FURTHEST_DAYS = 20 * 365


@dataclass(frozen=True, slots=True)
class Extension:
    """What it would be if an option, and those before it, were used."""

    option: AgreementOption
    end: date
    start_by: date


@dataclass(frozen=True, slots=True)
class Outlook:
    """One agreement as it looks ahead."""

    agreement: Agreement
    start_by: date | None
    """When the next procurement must start; None until further notice, at a pace that the ceiling allows."""
    ceiling_date: date | None = None
    """When the ceiling is reached at the present pace; None when the term ends first."""
    prolonged: Sequence[Extension] = ()
    """Option by option, those that can still be used."""
    notice_date: date | None = None
    """Last day to give notice; None when it has been given."""
    ask_date: date | None = None
    """Last day to ask for the next change of prices by index, read ``with_asking``; None where nobody has to beforehand."""
    ends_soon: bool = False
    """Whether the term ends, or the notice or an option is due, within three months."""

    @property
    def option(self) -> AgreementOption | None:
        """The option to decide next."""
        return self.prolonged[0].option if self.prolonged else None

    @property
    def option_end(self) -> date | None:
        """The last day if every option that remains is used."""
        return self.prolonged[-1].end if self.prolonged else None

    @property
    def ceiling_needs_you(self) -> bool:
        """Whether the ceiling is close, or will be reached before the term ends."""
        return self.agreement.used_percent >= WARNING_PERCENT

    @property
    def warning(self) -> int:
        """The highest of the marks 70, 85 and 95 per cent that is passed; 0 when none is."""
        percent = self.agreement.used_percent
        return next((mark for mark in (95, 85, 70) if percent >= mark), 0)

    def deadlines(self) -> list[tuple[Deadline, date]]:
        """The days that somebody has to act before, the earliest first; a procurement that has started has no start."""
        option = self.option
        days = {
            Deadline.OPTION: option.decide_by_date if option else None,
            Deadline.NOTICE: self.notice_date,
            Deadline.PRICES: self.ask_date,
            Deadline.START: None if self.agreement.procurement_started_date else self.start_by,
            Deadline.END: self.agreement.end_date,
        }
        return sorted(
            ((kind, day) for kind, day in days.items() if day is not None), key=lambda pair: pair[1]
        )

    def deadlines_within(self, day: date, days: int) -> list[tuple[Deadline, date]]:
        """Those that come within so many days, from the day itself on."""
        return [(kind, each) for kind, each in self.deadlines() if 0 <= (each - day).days <= days]


def outlooks(agreements: Iterable[Agreement], *, day: date) -> list[Outlook]:
    """Look ahead from a day, at agreements read ``with_outlook``; most urgent first."""
    views = [outlook_of(agreement, day=day) for agreement in agreements]
    return sorted(views, key=lambda view: (view.start_by or date.max, view.agreement.pk))


def outlook_of(agreement: Agreement, *, day: date) -> Outlook:
    """Look ahead from a day, at an agreement read ``with_outlook``."""
    return outlook(
        agreement,
        agreement.pace,  # type: ignore[attr-defined]
        day,
        lead_months=agreement.lead_months or USUAL_MONTHS,  # type: ignore[attr-defined]
        options=list(agreement.options.all()),
        clauses=getattr(agreement, "asking", ()),
    )


def outlook(
    agreement: Agreement,
    pace: Decimal,
    day: date,
    *,
    lead_months: int = USUAL_MONTHS,
    options: Sequence[AgreementOption] = (),
    clauses: Sequence[IndexClause] = (),
) -> Outlook:
    """
    Look ahead from a day; pure.

    :param pace: kronor per day; an agreement without pace never reaches its ceiling.
    :param lead_months: how long a procurement takes.
    """
    end = agreement.end_date
    exhausted = _exhaustion_date(agreement, pace, day)
    ceiling_date = None if exhausted is None or (end is not None and exhausted >= end) else exhausted
    needed_by = ceiling_date or end
    notice_date = _notice_date(agreement)
    prolonged = list(_extensions(agreement, open_options(agreement, options, day), exhausted, lead_months))
    decide_by = prolonged[0].option.decide_by_date if prolonged else None
    dates = [each for each in (end, notice_date, decide_by) if each is not None]
    return Outlook(
        agreement=agreement,
        start_by=None if needed_by is None else add_months(needed_by, -lead_months),
        ceiling_date=ceiling_date,
        prolonged=prolonged,
        notice_date=notice_date,
        ask_date=next_ask_by(clauses, day),
        ends_soon=any(0 <= (each - day).days <= SOON_DAYS for each in dates),
    )


def _notice_date(agreement: Agreement) -> date | None:
    if agreement.closed_at is not None:
        return None
    end = agreement.end_date
    before_end = add_months(end, -agreement.notice_months) if end and agreement.notice_months else None
    return agreement.notice_by_date or before_end


def open_options(
    agreement: Agreement, options: Iterable[AgreementOption], day: date
) -> Sequence[AgreementOption]:
    """
    The options that can still be used, in their order.

    They come one after the other: one that was let go, or whose day has passed, takes those after it along.
    """
    end = agreement.end_date
    if agreement.status not in ORDERABLE or end is None or end < day or agreement.closed_at is not None:
        return []
    usable_options = []
    for option in sorted(options, key=lambda each: each.number):
        if option.decision == OptionDecision.NOT_USED or option.has_passed(day):
            break
        if option.is_open:
            usable_options.append(option)
    return usable_options


def _extensions(
    agreement: Agreement, options: Iterable[AgreementOption], exhausted: date | None, lead_months: int
) -> Iterable[Extension]:
    after: date | None = agreement.valid_during.upper
    for option in options:
        after = add_months(after, option.months) if after else None
        if after is None:
            return
        end = after - timedelta(days=1)
        needed_by = end if exhausted is None else min(end, exhausted)
        yield Extension(option, end, add_months(needed_by, -lead_months))


def _exhaustion_date(agreement: Agreement, pace: Decimal, day: date) -> date | None:
    if pace <= 0:
        return None
    days = int(agreement.remaining_amount / pace)
    return day + timedelta(days=days) if days < FURTHEST_DAYS else None
