"""
The sums of `price_volume_mix.split` in SQL, over rows that are things: whoever has the rows asks for them.

A row has ``quantity_before``, ``amount_before``, ``quantity_after``, ``amount_after`` (NUMERIC, quantities in base units), ``unit`` (text) and
``is_known``. ``SUMS`` gives the fields of a `Split` in their order, ``ROW`` those of a `Thing`.
"""

from dataclasses import fields
from decimal import Decimal
from typing import Any

from history.price_volume_mix import ComparedItem, Purchase, Split

ROW = "quantity_before, amount_before, quantity_after, amount_after, unit, is_known"

MATCHED = "is_known AND quantity_before > 0 AND quantity_after > 0"
"""Whether a row has a price in both periods."""


def _share(amount: str, part: str, whole: str) -> str:
    """
    Write amount × part ÷ whole, rounded half up to öre as `core.money.from_fraction` does.

    ``div`` is exact, where a division would be rounded twice.
    """
    return f"sign({amount} * {part}) * div(abs({amount} * {part}) * 200 + {whole}, 2 * {whole}) * 0.01"


_ONE_UNIT = f"min(unit) FILTER (WHERE {MATCHED}) = max(unit) FILTER (WHERE {MATCHED}) AND max(unit) FILTER (WHERE {MATCHED}) <> ''"

SUMS = f"""
coalesce(sum(amount_before) FILTER (WHERE {MATCHED}), 0) AS matched_before,
coalesce(sum(amount_after) FILTER (WHERE {MATCHED}), 0) AS matched_after,
coalesce(sum({_share("amount_before", "quantity_after", "quantity_before")}) FILTER (WHERE {MATCHED}), 0)
    AS after_at_old_prices,
coalesce(sum({_share("amount_after", "quantity_before", "quantity_after")}) FILTER (WHERE {MATCHED}), 0)
    AS before_at_new_prices,
coalesce(sum(amount_before) FILTER (WHERE is_known AND NOT ({MATCHED})), 0) AS gone_before,
coalesce(sum(amount_after) FILTER (WHERE is_known AND NOT ({MATCHED})), 0) AS new_after,
coalesce(sum(amount_before) FILTER (WHERE NOT is_known), 0) AS unknown_before,
coalesce(sum(amount_after) FILTER (WHERE NOT is_known), 0) AS unknown_after,
CASE WHEN {_ONE_UNIT} THEN sum(quantity_before) FILTER (WHERE {MATCHED}) END AS quantity_before,
CASE WHEN {_ONE_UNIT} THEN sum(quantity_after) FILTER (WHERE {MATCHED}) END AS quantity_after,
CASE WHEN {_ONE_UNIT} THEN max(unit) FILTER (WHERE {MATCHED}) ELSE '' END AS unit
"""


def thing_of(row: tuple[Any, ...]) -> ComparedItem:
    """Read the columns of ``ROW``."""
    quantity_before, amount_before, quantity_after, amount_after, unit, is_known = row
    return ComparedItem(
        Purchase(quantity_before, amount_before),
        Purchase(quantity_after, amount_after),
        unit,
        is_known=is_known,
    )


def as_json(split: Split) -> list[str | None]:
    """Write the sums in their order as JSON, with decimals as text."""
    values = (getattr(split, field.name) for field in fields(split))
    return [value if value is None else str(value) for value in values]


def from_json(row: list[str | None]) -> Split:
    """Read what ``as_json`` wrote."""
    *sums, unit = row
    values: list[Any] = [*(value if value is None else Decimal(value) for value in sums), unit]
    return Split(*values)
