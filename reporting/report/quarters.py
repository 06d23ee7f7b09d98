"""When the effects of a year came: by quarter, the budget effect and what was avoided apart, with the year before."""

from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.db.models.functions import ExtractQuarter

from core.money import ZERO, to_amount
from reporting.models import EffectPart, Saving
from reporting.report.indicators import Period


def quarters(now: Period, before: Period) -> list[dict[str, Any]]:
    """
    Sum up what was realised in each quarter that had begun, increases deducted; three queries.

    A quarter of the year before is whole, but for the last one: it ends on the same day as the report.
    """
    budget, avoided = _by_quarter(now, EffectPart.BUDGET), _by_quarter(now, EffectPart.AVOIDED)
    earlier = _by_quarter(before, EffectPart.BUDGET)
    return [
        {
            "quarter": quarter,
            "budget": _text(budget.get(quarter)),
            "avoided": _text(avoided.get(quarter)),
            "before": _text(earlier.get(quarter)),
        }
        for quarter in range(1, (now.ends.month + 2) // 3 + 1)
    ]


def _by_quarter(period: Period, part: EffectPart) -> dict[int, Decimal]:
    lines = Saving.objects.current().of_part(part).filter(delivered_date__range=(period.starts, period.ends))
    quarter = ExtractQuarter("delivered_date")
    return dict(lines.values(quarter=quarter).annotate(total=Sum("amount")).values_list("quarter", "total"))


def _text(amount: Decimal | None) -> str:
    return f"{to_amount(amount or ZERO):f}"
