"""
What a row of a ledger is, beside its columns: its number and amount where its source tells neither, and who its supplier is. Pure.
"""

import hashlib
import re
from decimal import Decimal
from functools import lru_cache
from typing import Final

from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput
from core.money import line_amount, to_amount
from core.organisation_numbers import normalised
from registers.ledgers import UNNUMBERED, Refused

COMPLETED: Final = ("number", "amount", "supplier_number", "supplier_key")
"""The columns that `complete` sees to have a value, whatever the file has."""

_SAID = (
    "booked_date",
    "account",
    "cost_center",
    "project",
    "supplier_number",
    "supplier_name",
    "text",
    "quantity",
    "unit_price",
    "amount",
    "currency",
)
"""What a row without a number is told apart by, beside its voucher."""
_DIGITS = 12
_LEGAL_FORMS = {
    *(
        "ab",
        "aktiebolag",
        "aktiebolaget",
        "publ",
        "hb",
        "handelsbolag",
        "handelsbolaget",
        "kb",
        "kommanditbolag",
    ),
    *("kommanditbolaget", "ek", "ekonomisk", "för", "förening", "filial", "sverige", "sweden", "svenska"),
    *("as", "aps", "oy", "gmbh", "ltd", "limited", "inc", "bv", "nv", "sa", "srl"),
}
"""Words of a name that are written one day and left out the next; a name of nothing else keeps them."""


class AmountMissing(InvalidInput):
    """A row without an amount says nothing of what was spent."""

    code = "booked_amount_missing"
    sentence = _("Raden saknar belopp. Ange belopp, eller antal och pris.")


def complete(values: dict[str, str]) -> None:
    """
    Fill in the amount from quantity and price, the number from what the row says, and who the supplier is.

    :raises Refused: there is neither an amount nor what it would follow from.
    """
    if not values.get("amount"):
        if not values.get("quantity") or not values.get("unit_price"):
            raise Refused("amount", AmountMissing())
        amount = line_amount(Decimal(values["unit_price"]), Decimal(values["quantity"]))
        values["amount"] = _plain(amount)
    else:
        values["amount"] = _plain(to_amount(Decimal(values["amount"])))
    values["supplier_number"] = org_number(values.get("supplier_number", ""))
    values["supplier_key"] = supplier_key(values["supplier_number"], values.get("supplier_name", ""))
    if not values.get("number"):
        values["number"] = f"{values.get('voucher', '')}{UNNUMBERED}{_digest(values)}"


def supplier_key(number: str, name: str) -> str:
    """By what a source's supplier is known: its organisation number, else its name; nothing when it tells neither."""
    return number if _is_number(number) else name_key(name) or number


@lru_cache(maxsize=10_000)
def org_number(text: str) -> str:
    """An organisation number in its one form; what is none stays as it was written."""
    try:
        return normalised(text)
    except ValueError:
        return text


@lru_cache(maxsize=10_000)
def name_key(name: str) -> str:
    """Tell the same company apart from its spelling: lower case, words only, without its legal form."""
    words = re.findall(r"[^\W_]+", name.casefold().replace("&", " och "))
    telling = [word for word in words if word not in _LEGAL_FORMS]
    return " ".join(telling or words)[:160]


def _is_number(text: str) -> bool:
    try:
        return bool(text) and normalised(text) == text
    except ValueError:
        return False


def _plain(amount: Decimal) -> str:
    """As the registers write numbers."""
    return f"{amount.normalize():f}" if amount else "0"


def _digest(values: dict[str, str]) -> str:
    text = "\x1f".join(values.get(name, "") for name in _SAID)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:_DIGITS]
