"""Who may order and attest for how much, by whose decision, and how much departments may spend."""

from collections.abc import Mapping
from datetime import date

from demo import data

Row = Mapping[str, object]

FIRST_DAY = date(2018, 11, 1)
FRAMES = {
    "2110": (900_000, "route"),
    "2140": (600_000, "warn"),
    "2141": (450_000, "warn"),
    "2150": (700_000, "warn"),
    "2161": (800_000, "warn"),
    "2310": (500_000, "warn"),
}
"""What departments may spend in a year, and what happens when it does not suffice."""


def roles(today: date) -> list[Row]:
    """Everybody's roles; the boards appoint the budget holders for a year at a time."""
    return [
        {
            "email": row.email,
            "role": row.role,
            "cost_center": row.cost_center,
            "amount_limit": "" if row.amount_limit is None else format(row.amount_limit.normalize(), "f"),
            "decision": f"RS {today.year - 1}/{int(row.cost_center):04d} § 12" if _is_appointed(row) else "",
            "from_date": FIRST_DAY,
        }
        for row in data.memberships()
    ]


def budget_frames(today: date) -> list[Row]:
    """The frames of some departments for this year and the next."""
    return [
        {
            "cost_center": cost_center,
            "amount": amount,
            "consequence": consequence,
            "decision": f"RS {year - 1}/214 § 8",
            "from_date": date(year, 1, 1),
            "through_date": date(year, 12, 31),
        }
        for cost_center, (amount, consequence) in FRAMES.items()
        for year in (today.year, today.year + 1)
    ]


def _is_appointed(row: data.Membership) -> bool:
    return row.role == "budget_holder"
