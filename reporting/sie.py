"""
Files of vouchers for an accounting system: SIE 4I, «SIE filformat» of the SIE association (DOMAIN 3.8). Pure.

Every line is a label and fields, in CP437 (``#FORMAT PC8``). A dash, quotation mark or letter that CP437 has not is written as the
plain one that is nearest, what has none as a question mark, and what is no letter is left out. Dimension 1 is the cost centre and 6 the project by the standard; verksamhet has no number there and
gets the first free one, 20. Each voucher sums to nothing.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from core.money import to_amount
from core.printable import printable


class Dim(StrEnum):
    """The numbers of the dimensions."""

    COST_CENTER = "1"
    PROJECT = "6"
    ACTIVITY = "20"


PLAIN = (
    dict.fromkeys("‐‑‒–—―−", "-")
    | dict.fromkeys("‘’‚‛′", "'")
    | {"…": "...", "Ø": "O", "ø": "o", "Ł": "L", "ł": "l", "Đ": "D", "đ": "d", "€": "EUR"}
)
"""What CP437 has instead of what people and programs write."""

DIMENSION_NAMES = {Dim.COST_CENTER: "Ansvar", Dim.PROJECT: "Projekt", Dim.ACTIVITY: "Verksamhet"}


QUOTATION_MARKS = str.maketrans(dict.fromkeys("“”„‟", '"'))
"""Turned into the plain one before that is escaped."""


@dataclass(frozen=True, slots=True)
class CodedName:
    """A code with its name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Transaction:
    """What is booked on an account and on objects of dimensions; minus is credit. SEK, two decimals."""

    account: CodedName
    amount: Decimal
    objects: tuple[tuple[Dim, CodedName], ...] = ()


@dataclass(frozen=True, slots=True)
class Voucher:
    """Transactions of one day that sum to nothing."""

    day: date
    text: str
    rows: tuple[Transaction, ...]

    def __post_init__(self) -> None:
        if sum(row.amount for row in self.rows):
            raise ValueError("a voucher sums to nothing")


@dataclass(frozen=True, slots=True)
class Company:
    """Whose books: organisation number and name."""

    org_number: str
    name: str


def sie_4i(company: Company, vouchers: Sequence[Voucher], *, day: date, made_by: str) -> bytes:
    """Write a file that an accounting system takes vouchers in from; it gives them their numbers."""
    text = "".join(f"{line}\r\n" for line in _lines(company, vouchers, day, made_by))
    return "".join(map(_nearest, text)).encode("cp437", "replace")


def _lines(company: Company, vouchers: Sequence[Voucher], day: date, made_by: str) -> Iterator[str]:
    yield "#FLAGGA 0"
    yield '#PROGRAM "Rauk" 1'
    yield "#FORMAT PC8"
    yield f"#GEN {day:%Y%m%d} {_text(made_by)}"
    yield "#SIETYP 4"
    yield f"#ORGNR {company.org_number}"
    yield f"#FNAMN {_text(company.name)}"
    rows = [row for voucher in vouchers for row in voucher.rows]
    for account in _unique_by_code(row.account for row in rows):
        yield f"#KONTO {account.code} {_text(account.name)}"
    dim_objects = sorted(
        {(dim, dim_object) for row in rows for dim, dim_object in row.objects}, key=_by_number
    )
    for dim in dict.fromkeys(dim for dim, _named in dim_objects):
        yield f"#DIM {dim} {_text(DIMENSION_NAMES[dim])}"
    for dim, dim_object in dim_objects:
        yield f"#OBJEKT {dim} {_text(dim_object.code)} {_text(dim_object.name)}"
    for voucher in vouchers:
        yield f'#VER "" "" {voucher.day:%Y%m%d} {_text(voucher.text)}'
        yield "{"
        for row in voucher.rows:
            objects = " ".join(f"{dim} {_text(dim_object.code)}" for dim, dim_object in row.objects)
            yield f"   #TRANS {row.account.code} {{{objects}}} {to_amount(row.amount):f}"
        yield "}"


def _nearest(letter: str) -> str:
    """A letter as CP437 has it: itself, a plain dash or mark, or the letter without what stands above or below it."""
    try:
        letter.encode("cp437")
    except UnicodeEncodeError:
        return PLAIN.get(letter) or unicodedata.normalize("NFKD", letter)[0]
    return letter


def _unique_by_code(entries: Iterable[CodedName]) -> list[CodedName]:
    return sorted(set(entries), key=lambda each: each.code)


def _by_number(pair: tuple[Dim, CodedName]) -> tuple[int, str, str]:
    return int(pair[0]), pair[1].code, pair[1].name


def _text(text: str) -> str:
    """A field in quotation marks, on one line."""
    one_line = " ".join(printable(text).translate(QUOTATION_MARKS).split())
    escaped = one_line.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
