"""How the demo's agreements follow an index."""

from collections.abc import Mapping
from datetime import date

from core.periods import add_months
from demo import data


def index_clauses(today: date) -> list[Mapping[str, object]]:
    """The terms of the present's agreements whose prices follow an index."""
    latest_month = date.fromisoformat(f"{data.terms(today)['index_values'][-1]['month']}-01")
    followed = [row for row in data.agreements() if (row.era, row.price_clause) == ("present", "index")]
    return [_index_clause(row, today, latest_month) for row in followed]


def _index_clause(row: data.Agreement, today: date, latest_month: date) -> Mapping[str, object]:
    """Eighty per cent of the price follows, each year from the agreement's second, by the latest month that the file has."""
    starts = row.starts(today)
    second = add_months(starts.replace(day=1), 12)
    ahead = second
    while ahead <= today:
        ahead = add_months(ahead, 12)
    lag = min(max((ahead.year - latest_month.year) * 12 + ahead.month - latest_month.month, 1), 24)
    return {
        "agreement": row.number_on(today),
        "series": "CPI-U",
        "base_month": f"{add_months(second, -12 - lag):%Y-%m}",
        "share_percent": 80,
        "threshold_percent": 1,
        "cap_percent": 4,
        "lag_months": lag,
        "notice_days": 60,
        "first_date": second,
        "from_date": starts,
    }
