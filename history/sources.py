"""
What a line of another system is, beside its columns: how it is told, and what follows of its own values.

Known systems are described by a `Layout`; any other file is matched by its headings, and by what somebody says of them once.
"""

import re
from decimal import Decimal
from functools import lru_cache
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import formatting
from core.errors import InvalidInput
from core.money import line_amount
from registers.kinds import Conventions
from registers.ledgers import Layout, Refused
from registers.unreadable import ValueMissing

LAYOUTS: Final = {
    "scms": Layout(
        gettext_lazy("SCMS-leveranshistorik"),
        headings={
            "ID": "external_id",
            "Country": "department_name",
            "Delivered to Client Date": "delivered_date",
            "Product Group": "category_name",
            "Sub Classification": "category_name",
            "Vendor": "supplier_name",
            "Item Description": "description",
            "Unit of Measure (Per Pack)": "units_per_order_unit",
            "Line Item Quantity": "quantity",
            "Line Item Value": "amount",
            "Pack Price": "unit_price",
            "Unit Price": "",
            "Weight (Kilograms)": "note",
            "Freight Cost (USD)": "note",
            "Line Item Insurance (USD)": "note",
        },
        constants={"currency": "USD", "unit": "pack"},
        conventions=Conventions(day_order="mdy"),
    )
}
"""USAID's SCMS Delivery History is of medicines, tests and consumables 2006–2015, priced per pack in USD."""

COMPLETED: Final = ("item_key", "amount", "note")

_ITEM_PREFIX = re.compile(r"#[^*]*\*\*")
_NOTE_LENGTH = 200
_OFF_BY = 1
"""A line value may differ so much from quantity times price before it is said, in the line's currency."""


class NotKnownWhose(InvalidInput):
    """Neither the source's own name nor our number tells."""

    code = "purchase_not_known_whose"
    sentence = gettext_lazy("Ange enhet, kategori och leverantör, med namn eller med vår kod.")


@lru_cache(maxsize=10_000)
def item_key(description: str) -> str:
    """Tell the same item apart from its spelling: lower case, no leading ``#id**``, white space collapsed."""
    text = description.strip()
    prefix = _ITEM_PREFIX.match(text)
    return " ".join(text[prefix.end() if prefix else 0 :].split()).lower()


def complete(values: dict[str, str]) -> None:
    """
    Fill in the item's key, and the line value where the source does not tell it; say where it is not quantity times price.

    :raises Refused: it is not told what it is, or whose it was.
    """
    if not values.get("item_key"):
        values["item_key"] = item_key(values.get("item_number") or values["description"])
    if not values["item_key"]:
        raise Refused("description", ValueMissing(column=gettext_lazy("Benämning")))
    for name, number in _TOLD_BY:
        if not values.get(name):
            values.pop(name, None)  # the register's own name is written down with the number
            if not values.get(number):
                raise Refused(name, NotKnownWhose())
    expected = line_amount(Decimal(values["unit_price"]), Decimal(values["quantity"]))
    if not values.get("amount"):
        values["amount"] = f"{expected.normalize():f}"
    values["note"] = _note(values.get("note", ""), expected, Decimal(values["amount"]))


_TOLD_BY = (
    ("department_name", "cost_center"),
    ("category_name", "category_code"),
    ("supplier_name", "supplier_number"),
)


def _note(note: str, expected: Decimal, amount: Decimal) -> str:
    """Keep what a later reader should know: a value that is not quantity times price."""
    if abs(expected - amount) <= _OFF_BY:
        return note
    remark = _("Radvärdet är inte antal × pris, %(expected)s") % {"expected": formatting.number(expected, 2)}
    return note if remark in note else "; ".join(filter(None, (remark, note)))[:_NOTE_LENGTH]
