"""When the effects of a year came: by quarter, the budget effect and what was avoided apart, with the year before."""

from typing import Any

from core.money import ZERO, to_amount
from reporting.models import EffectPart
from reporting.report.indicators import Period
from reporting.saved_months import Choice, SavedSum, saved_by_month


def quarters(now: Period, before: Period) -> list[dict[str, Any]]:
    """
    Sum up what was realised in each quarter that had begun, increases deducted, and of how many lines; three queries.

    A quarter of the year before is whole, but for the last one: it ends on the same day as the report.
    """
    budget, avoided = _by_quarter(now, EffectPart.BUDGET), _by_quarter(now, EffectPart.AVOIDED)
    earlier = _by_quarter(before, EffectPart.BUDGET)
    return [
        {
            "quarter": quarter,
            "lines": budget[quarter].count if quarter in budget else 0,
            "budget": _text(budget.get(quarter)),
            "avoided": _text(avoided.get(quarter)),
            "before": _text(earlier.get(quarter)),
        }
        for quarter in range(1, (now.ends.month + 2) // 3 + 1)
    ]


def _by_quarter(period: Period, part: EffectPart) -> dict[int, SavedSum]:
    sums: dict[int, SavedSum] = {}
    for month, each in saved_by_month(Choice(period.starts, period.ends, part)).items():
        quarter = (month + 2) // 3
        sums[quarter] = sums.get(quarter, SavedSum()) + each
    return sums


def _text(of: SavedSum | None) -> str:
    return f"{to_amount(of.net if of else ZERO):f}"
