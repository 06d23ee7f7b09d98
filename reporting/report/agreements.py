"""The agreements of a report: those in force on its last day, those that end soon, and those near their ceiling."""

from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import F

from agreements.models import Agreement
from core.addresses import address_of
from core.money import percent_of, to_amount
from core.periods import last_day
from reporting.report import links
from reporting.report.names import NamesOn, names_on

ENDING_MONTHS = 9
NEAR_CEILING = Decimal("0.80")


def agreements_on(through: date) -> dict[str, Any]:
    """
    Agreements in force on the report's last day: those that end soon, and those near their ceiling that day.

    Their days are those that they had then: an option, a notice or an end that came later changes none of them.
    """
    active: Any = Agreement.objects.in_force_at_the_end_of(through).with_committed_through(through)
    limit, names = _months_after(through, ENDING_MONTHS), names_on(through)
    ending = active.filter(during_then__endswith__lte=limit + timedelta(days=1)).order_by(
        "during_then__endswith", "number"
    )
    near_ceiling = active.filter(committed_then__gt=NEAR_CEILING * F("ceiling_amount")).order_by(
        -F("committed_then") / F("ceiling_amount"), "number"
    )
    return {
        "active": active.count(),
        "url": links.agreements(),
        "ending": [_agreement(each, names) for each in ending.select_related("supplier")],
        "near_ceiling": [_agreement(each, names) for each in near_ceiling.select_related("supplier")],
    }


def _months_after(day: date, months: int) -> date:
    """Take the same day so many months later; the month's last day when it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _agreement(agreement: Any, names: NamesOn) -> dict[str, Any]:
    """One agreement with what was committed under it then (``committed_then``), and its days then."""
    ceiling = agreement.ceiling_amount
    used_percent = percent_of(agreement.committed_then, ceiling) if ceiling else Decimal("100.0")
    return {
        "number": agreement.number,
        "title": names.agreement(agreement),
        "supplier": names.supplier(agreement.supplier),
        "ends": last_day(agreement.during_then).isoformat() if agreement.during_then.upper else "",
        "option_months": agreement.option_months_then,
        "ceiling": _sek(ceiling),
        "committed": _sek(agreement.committed_then),
        "used_percent": f"{used_percent:f}",
        "url": address_of(agreement),
    }


def _sek(amount: Decimal) -> str:
    return f"{to_amount(amount):f}"
