"""
The vouchers of a SIE file, one line for each transaction, for a ledger of what has been booked.

Of SIE 4B, «SIE filformat»: types 4E (a whole year) and 4I (from a subsystem) have vouchers, ``#VER`` with ``#TRANS`` in braces; types 1–3
have balances only. A transaction has an account, a list of objects, an amount (minus is credit), and perhaps a day, a text and a
quantity of its own. ``#BTRANS`` was struck out and is not read; ``#RTRANS`` was added, and the same transaction
follows as ``#TRANS`` for those who read nothing else. A voucher sums to nothing, or none of it can be used.

Dimension 1 is the cost centre, 6 the project and 9 the supplier by the standard; an object of a dimension below 1
(``#UNDERDIM``) stands for the cost centre where there is no other. Employees and customers (7 and 8) are not read: who they are is no
business of a follow-up of purchases. A voucher's number is told with its series and its day, since each year begins
anew, and some programs begin each month; one that the receiving system is to number (4I) is known by what it says.
"""

import hashlib
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput
from core.money import Kronor
from registers.cells import Cell
from registers.ledgers import UNNUMBERED
from registers.reading import sie
from registers.reading.lines import Line, Overview
from registers.reading.text import UnreadableFile
from registers.unreadable import Unreadable

HEADINGS = (
    "SIE-rad",
    "SIE-verifikation",
    "SIE-datum",
    "SIE-konto",
    "SIE-kontonamn",
    "SIE-kostnadsställe",
    "SIE-projekt",
    "SIE-leverantör",
    "SIE-text",
    "SIE-kvantitet",
    "SIE-belopp",
    "SIE-valuta",
)
"""What the columns are called where a SIE file has given them."""

COST_CENTER, SUPPLIER = "1", "9"
_NO_NUMBER = {"", "0"}
_DIGITS = 10


class BalancesOnly(UnreadableFile):
    """The file is of a type without vouchers."""

    code = "sie_balances_only"
    sentence = _(
        "SIE-filen är av typ %(type)s och har bara saldon. En reskontra behöver verifikationerna: "
        "exportera SIE typ 4 ur ekonomisystemet."
    )


class NoVouchers(UnreadableFile):
    """The file is of the right type, and has no transactions."""

    code = "sie_no_vouchers"
    sentence = _("SIE-filen har inga verifikationer för den valda tiden.")


class TakenInBefore(InvalidInput):
    """The program that the file is from has marked it as taken in."""

    code = "sie_taken_in_before"
    sentence = _(
        "Filen är märkt som redan inläst någon gång (#FLAGGA 1). Verifikationer som finns här sedan förut räknas inte igen."
    )


class VoucherDoesNotBalance(Unreadable):
    """The amounts of a voucher do not sum to nothing."""

    code = "sie_voucher_does_not_balance"
    sentence = _("Verifikation %(voucher)s på rad %(row)s går inte ihop: den summerar till %(sum)s.")


class VoucherUnreadable(Unreadable):
    """A transaction of the voucher cannot be read, so that it is not known what the voucher sums to."""

    code = "sie_voucher_unreadable"
    sentence = _(
        "Verifikation %(voucher)s på rad %(row)s går inte att läsa: rad %(broken)s saknar konto eller belopp."
    )


class VoucherNotEnded(Unreadable):
    """The voucher's closing brace is missing, so that some of it may be."""

    code = "sie_voucher_not_ended"
    sentence = _("Verifikation %(voucher)s på rad %(row)s saknar slut, så filen kan vara avbruten.")


@dataclass(frozen=True, slots=True)
class _Plan:
    """What the file says beside its vouchers."""

    type: str
    has_vouchers: bool
    is_taken_in: bool
    currency: str
    accounts: Mapping[str, str]
    suppliers: Mapping[str, str]
    """Names of the objects of dimension 9."""
    below: frozenset[str]
    """The dimensions below the cost centre."""


@dataclass(slots=True)
class _Voucher:
    """A voucher while it is read."""

    row: int
    series: str
    number: str
    day: str
    text: str
    transactions: list[sie.Label] = field(default_factory=list)
    broken: int = 0
    """The line of a transaction that cannot be read."""

    @property
    def name(self) -> str:
        """As people call it."""
        return " ".join(filter(None, (self.series, self.number))) or "–"


def voucher_lines(content: BinaryIO, overview: Overview) -> Generator[Line, None, None]:
    """
    Read the transactions of a file.

    :raises UnreadableFile: it is empty or too large, or has no vouchers.
    """
    text = sie.text_in(content)
    plan, overview.total = _plan(text)
    if not plan.has_vouchers:
        raise NoVouchers if plan.type == "4" else BalancesOnly(type=plan.type)
    if plan.is_taken_in:
        overview.left_out.append(TakenInBefore())
    yield Line("", 0, HEADINGS)
    for voucher, is_ended in _vouchers(text):
        yield from _lines(voucher, plan, is_ended)


def _plan(text: str) -> tuple[_Plan, int]:
    """Read what stands beside the vouchers, and count the transactions."""
    text_by_label: dict[str, str] = {"#SIETYP": "1", "#FLAGGA": "0", "#VALUTA": "SEK"}
    accounts: dict[str, str] = {}
    suppliers: dict[str, str] = {}
    below: set[str] = set()
    count = 0
    for _row, label, fields, _braced in sie.labels(text):
        match label, fields:
            case "#TRANS", _fields:
                count += 1
            case (("#SIETYP" | "#FLAGGA" | "#VALUTA"), [value, *_others]):
                text_by_label[label] = value
            case "#KONTO", [account, name, *_others]:
                accounts[account] = name
            case "#OBJEKT", [dimension, code, name, *_others] if dimension == SUPPLIER:
                suppliers[code] = name
            case "#UNDERDIM", [dimension, _name, above, *_others] if above == COST_CENTER:
                below.add(dimension)
    plan = _Plan(
        type=text_by_label["#SIETYP"][:10],
        has_vouchers=count > 0,
        is_taken_in=text_by_label["#FLAGGA"] == "1",
        currency=text_by_label["#VALUTA"],
        accounts=accounts,
        suppliers=suppliers,
        below=frozenset(below),
    )
    return plan, count


def _vouchers(text: str) -> Iterator[tuple[_Voucher, bool]]:
    """The vouchers in their order, each with whether its closing brace was there."""
    voucher: _Voucher | None = None
    for label in sie.labels(text):
        if label.name == "#VER":
            if voucher is not None:
                yield voucher, False
            series, number, day, words = [*label.fields, "", "", "", ""][:4]
            voucher = _Voucher(label.row, series, number, day, words)
        elif label.name == "}" and voucher is not None:
            yield voucher, True
            voucher = None
        elif label.name == "#TRANS" and voucher is not None:
            voucher.transactions.append(label)
            if _amount(label) is None:
                voucher.broken = voucher.broken or label.row
    if voucher is not None:
        yield voucher, False


def _lines(voucher: _Voucher, plan: _Plan, is_ended: bool) -> Iterator[Line]:
    """The transactions of a voucher, refused together where it cannot be used."""
    refusals = _refusal(voucher, is_ended)
    voucher_key = f"{voucher.day}:{voucher.series}:{voucher.number}"
    if voucher.number in _NO_NUMBER:
        voucher_key = f"{voucher.day}:{voucher.series}:{UNNUMBERED}{_digest(voucher)}"
    for place, transaction in enumerate(voucher.transactions, start=1):
        cells = _cells(voucher, transaction, plan)
        yield Line("", transaction.row, [f"{voucher_key}:{place}", *cells], refusals)


def _refusal(voucher: _Voucher, is_ended: bool) -> Mapping[int, Unreadable]:
    facts = {"voucher": voucher.name[:60], "row": voucher.row}
    if not is_ended:
        return {0: VoucherNotEnded(**facts)}
    if voucher.broken:
        return {0: VoucherUnreadable(**facts, broken=voucher.broken)}
    total = sum((_amount(each) or Decimal(0) for each in voucher.transactions), Decimal(0))
    if total:
        return {0: VoucherDoesNotBalance(**facts, sum=Kronor(total))}
    return {}


def _cells(voucher: _Voucher, transaction: sie.Label, plan: _Plan) -> list[Cell]:
    """What a transaction says, in the order of the headings after the first."""
    account, amount, day, words, quantity = [*transaction.fields, "", "", "", "", ""][:5]
    objects = _objects(transaction.braced or ())
    below = (code for dimension, code in objects.items() if dimension in plan.below)
    supplier = objects.get(SUPPLIER, "")
    booked = day or voucher.day
    return [
        voucher.name if voucher.name != "–" else "",
        _day(booked) or booked,
        account,
        plan.accounts.get(account, ""),
        objects.get(COST_CENTER) or next(below, ""),
        objects.get(sie.PROJECT, ""),
        plan.suppliers.get(supplier) or supplier,
        words or voucher.text,
        _number(quantity) or "",
        _amount(transaction) if _amount(transaction) is not None else amount,
        plan.currency,
    ]


def _objects(listed: Sequence[str]) -> dict[str, str]:
    """The first object of each dimension in a list of pairs."""
    objects: dict[str, str] = {}
    for dimension, code in zip(listed[::2], listed[1::2], strict=False):
        objects.setdefault(dimension, code)
    return objects


def _amount(transaction: sie.Label) -> Decimal | None:
    return _number(transaction.fields[1]) if len(transaction.fields) > 1 else None


def _number(text: str) -> Decimal | None:
    """A number with a point, as the standard has it, or with a comma, as some programs write."""
    try:
        number = Decimal(text.replace(",", ".")) if len(text) <= 30 else Decimal("NaN")
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < Decimal("1e20") else None


def _day(text: str) -> date | None:
    """A day of eight digits."""
    try:
        return date.fromisoformat(text) if len(text) == 8 and text.isdecimal() else None
    except ValueError:
        return None


def _digest(voucher: _Voucher) -> str:
    """What stands for the number of a voucher that has none yet."""
    parts = [voucher.text, *(repr((each.fields, each.braced)) for each in voucher.transactions)]
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()[:_DIGITS]
