"""
The category manager's queue: each line with what is remarkable about it, filtered and gathered in groups.

Pure: lines and prices in, rows and groups out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agreements.models import Agreement
from catalog.models import Item, Price
from core import formatting, reader
from core.languages import current_language
from core.money import line_amount
from desk.news import News
from desk.price_curves import PriceCurve
from procurement.models import LineKind, RequisitionLine
from procurement.routing import HELD
from procurement.states import LineStatus

SECOND = timedelta(seconds=1)
"""The moment in the address is of whole seconds."""
REMARKABLE_WEEKS = 3
"""From how many normal weeks a quantity is pointed out."""


class Filter(models.TextChoices):
    """Which lines of the queue are shown; the value stands in the address."""

    ALL = "alla", gettext_lazy("Alla")
    OVERDUE = "over-svarstiden", gettext_lazy("Över svarstiden")
    DUE = "svar-i-dag", gettext_lazy("Ska ha svar i dag")
    DEVIATING = "avviker", gettext_lazy("Avviker")
    FREE_TEXT = "fritext", gettext_lazy("Fritext")
    UNSORTED = "utan-kategori", gettext_lazy("Saknar kategori")
    NEWS = "nytt", gettext_lazy("Har hänt något")
    ANSWERED = "svar", gettext_lazy("Svar har kommit")
    TAKEN_BACK = "har-kommit-tillbaka", gettext_lazy("Har kommit tillbaka")
    ESCALATED = "gatt-vidare", gettext_lazy("Har gått vidare hit")
    RETURNED = "vantar-pa-svar", gettext_lazy("Väntar på svar")


class Grouping(models.TextChoices):
    """What the queue is gathered by; the value stands in the address."""

    ARTICLE = "artikel", gettext_lazy("Artikel")
    DEPARTMENT = "enhet", gettext_lazy("Enhet")
    SUPPLIER = "leverantor", gettext_lazy("Leverantör")


@dataclass(frozen=True, slots=True)
class Flag:
    """A word of warning on a row; ``kind`` is how the tag component draws it."""

    label: str
    kind: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody answered to the latest question about a line."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the queue; ``answer`` is there until the line is decided or asked about again."""

    line: RequisitionLine
    department: int
    answer: Answer | None = None
    flags: tuple[Flag, ...] = ()
    is_overdue: bool = False
    is_due: bool = False
    """Whether the requester is to have her answer that very day."""
    is_deviating: bool = False
    price: Decimal | None = None
    """What one unit costs now, when that is not what it was asked for at."""
    happened_at: datetime | None = None
    """When something last happened to it that brings it to her: it came, it was answered, it came back."""
    news: tuple[News, ...] = ()
    """What has happened to it since she last saw it."""

    def has_come_since(self, since: datetime | None) -> bool:
        """Whether it came, or came back, after that moment."""
        return since is not None and self.happened_at is not None and self.happened_at > since + SECOND

    @property
    def unit_price(self) -> Decimal:
        """What one unit is approved at: as it was asked for at, or what it costs now."""
        return self.line.unit_price if self.price is None else self.price

    @property
    def risen_price(self) -> Decimal | None:
        """What one unit costs now, when that is more than it was asked for at."""
        return self.price if self.price is not None and self.price > self.line.unit_price else None

    @property
    def fallen_price(self) -> Decimal | None:
        """What one unit costs now, when that is less than it was asked for at."""
        return self.price if self.price is not None and self.price < self.line.unit_price else None

    @property
    def waits_for_price(self) -> bool:
        """Whether the requester must say yes to the price first."""
        return self.price is not None and self.price > self.line.shown_unit_price

    @property
    def amount(self) -> Decimal:
        """What the whole line costs now, SEK excluding VAT."""
        return line_amount(self.unit_price, self.line.quantity)

    @property
    def needs_supplier(self) -> bool:
        """Whether somebody must choose a supplier before the line can be approved."""
        return self.line.supplier_id is None

    @property
    def is_free_text(self) -> bool:
        """Whether it is a need in the person's own words, goods or service."""
        return self.line.kind != LineKind.ITEM

    @property
    def is_returned(self) -> bool:
        """Whether it waits for the requester's answer."""
        return self.line.status == LineStatus.RETURNED


@dataclass(slots=True)
class Group:
    """Rows that share an article, a department or a supplier, and the facts that they share."""

    key: str
    title: str
    rows: list[Row] = field(default_factory=list)
    item: Item | None = None
    agreement: Agreement | None = None
    curve: PriceCurve | None = None
    unit_price: Decimal | None = None
    similar: Item | None = None
    similar_price: Price | None = None

    @property
    def amount(self) -> Decimal:
        """Sum of the rows, SEK excluding VAT."""
        return sum((row.amount for row in self.rows), Decimal("0.00"))

    @property
    def quantity(self) -> Decimal | None:
        """Sum of the rows' quantities when they are counted in one unit."""
        units = {row.line.unit for row in self.rows}
        return sum((row.line.quantity for row in self.rows), Decimal(0)) if len(units) == 1 else None

    @property
    def unit(self) -> str:
        """The unit that the quantity is counted in."""
        return self.rows[0].line.unit

    @property
    def is_single(self) -> bool:
        """Whether one row says it all, so that the group needs no head of its own."""
        return len(self.rows) == 1

    @property
    def approvable(self) -> list[Row]:
        """Rows that can be approved as they stand."""
        return [
            row
            for row in self.rows
            if not row.needs_supplier and not row.is_returned and not row.waits_for_price
        ]

    @property
    def approvable_ids(self) -> str:
        """Their ids, as the button posts them."""
        return ",".join(str(row.line.pk) for row in self.approvable)

    @property
    def above_agreement(self) -> Decimal | None:
        """How much dearer than the agreement price one unit is; None when it is not."""
        if self.curve is None or self.unit_price is None:
            return None
        prices = [self.curve.agreed_price_of(row.line) for row in self.rows]
        agreed = min((price for price in prices if price is not None), default=self.unit_price)
        return self.unit_price - agreed if agreed < self.unit_price else None


def row_of(
    line: RequisitionLine,
    *,
    price: Decimal | None,
    agreed_price: Decimal | None,
    day: date,
    usual: Decimal | None,
    department: int,
    answer: Answer | None = None,
    news: tuple[News, ...] = (),
) -> Row:
    """
    Say what is remarkable about one line; nothing but its own fields is read of it.

    :param price: what one unit costs today on its own terms, and ``agreed_price`` under the best agreement.
    :param usual: how much of its item is used in a normal week, if anybody knows, and ``department`` who asks.
    """
    is_overdue = (
        line.status == LineStatus.AWAITING
        and line.response_due_date is not None
        and line.response_due_date < day
    )
    price = None if price == line.unit_price else price
    deviations = _deviations(line, agreed_price, price, weeks=line.quantity / usual if usual else Decimal(0))
    flags = list(deviations)
    if line.kind == LineKind.FREE_TEXT:
        flags.append(Flag(_("Fritext"), "freetext"))
    if line.kind == LineKind.SERVICE:
        flags.append(Flag(_("Tjänst"), "freetext"))
    if line.category_id is None:
        flags.append(Flag(_("Saknar kategori"), "warning"))
    if price is not None and price < line.unit_price:
        fallen = formatting.unit_price(price, language=current_language())
        flags.append(Flag(_("Priset har sjunkit till %(price)s") % {"price": fallen}, "done"))
    if line.routing_rule in HELD:
        flags.append(
            Flag(_("Har gått vidare från %(name)s") % {"name": line.routing_facts.get("late", "")}, "late")
        )
    if line.taken_back_reason:
        flags.append(Flag(_("Har kommit tillbaka"), "warning"))
    return Row(
        line=line,
        department=department,
        answer=answer,
        flags=tuple(flags),
        is_overdue=is_overdue,
        is_due=line.status == LineStatus.AWAITING and line.response_due_date == day,
        is_deviating=bool(deviations),
        price=price,
        news=news,
    )


def full_row(
    line: RequisitionLine,
    *,
    curve: PriceCurve | None,
    day: date,
    answer: Answer | None = None,
    news: tuple[News, ...] = (),
) -> Row:
    """Say what is remarkable about a line that is read with its item and its department."""
    usual_quantity = line.item.usual_weekly_quantity if line.item else None
    department = line.requisition.department_id
    return row_of(
        line,
        price=curve.price_of(line) if curve else None,
        agreed_price=curve.agreed_price_of(line) if curve else None,
        day=day,
        usual=usual_quantity,
        department=department,
        answer=answer,
        news=news,
    )


def _deviations(
    line: RequisitionLine, agreed: Decimal | None, price: Decimal | None, *, weeks: Decimal
) -> list[Flag]:
    flags = []
    if weeks >= REMARKABLE_WEEKS:
        count = reader.in_words(int(weeks))
        flags.append(Flag(_("%(count)s gånger en normal vecka") % {"count": count}, "flag"))
    if line.kind != LineKind.ITEM:
        return flags
    if price is not None:
        facts = {"price": formatting.unit_price(price, language=current_language())}
        if price > line.unit_price:
            flags.append(Flag(_("Priset har stigit till %(price)s") % facts, "up"))
        if price > line.shown_unit_price:
            flags.append(Flag(_("Beställaren är tillfrågad om priset"), "question"))
    if agreed is not None and line.unit_price > agreed:
        flags.append(Flag(_("Pris över avtal"), "up"))
    elif line.agreement_id is None:
        flags.append(Flag(_("Utanför avtal"), "no-agreement"))
    return flags


def is_shown(row: Row, chosen: Filter) -> bool:
    """Whether a filter lets a row through; returned lines wait for somebody else and have a filter of their own."""
    if chosen == Filter.RETURNED or row.is_returned:
        return row.is_returned and chosen == Filter.RETURNED
    if chosen == Filter.NEWS:
        return bool(row.news)
    if chosen == Filter.ANSWERED:
        return row.answer is not None
    if chosen == Filter.ESCALATED:
        return row.line.routing_rule in HELD
    if chosen == Filter.TAKEN_BACK:
        return bool(row.line.taken_back_reason)
    if chosen == Filter.OVERDUE:
        return row.is_overdue
    if chosen == Filter.DUE:
        return row.is_due
    if chosen == Filter.DEVIATING:
        return row.is_deviating
    if chosen == Filter.FREE_TEXT:
        return row.is_free_text
    if chosen == Filter.UNSORTED:
        return row.line.category_id is None
    return True


def filter_counts(rows: Iterable[Row]) -> dict[Filter, int]:
    """How many rows each filter lets through."""
    rows = list(rows)
    return {chosen: sum(is_shown(row, chosen) for row in rows) for chosen in Filter}


def in_stable_order(
    rows: Sequence[Row],
    decided_lines: Sequence[RequisitionLine],
    *,
    by: Grouping,
    since: datetime | None = None,
) -> list[Row]:
    """
    Lay the rows so that those of one group stand together, the group with the earliest response day first.

    :param decided_lines: lines that were decided since the person began; they hold the places of their groups.
    :param since: when she began; what has come since then stands last, so that nothing moves under her hand.
    """

    def when(row: Row) -> tuple[bool, date, float, int]:
        return (row.has_come_since(since), *_by_response_day(row.line))

    waiting = [(when(row), _place(row.line, row.department, by)) for row in rows]
    decided = [
        ((False, *_by_response_day(line)), _place(line, line.requisition.department_id, by))
        for line in decided_lines
    ]
    places: dict[str, int] = {}
    for _when, place in sorted([*waiting, *decided]):
        places.setdefault(place, len(places))
    return sorted(rows, key=lambda row: (places[_place(row.line, row.department, by)], when(row)))


def _by_response_day(line: RequisitionLine) -> tuple[date, float, int]:
    submitted = line.submitted_at.timestamp() if line.submitted_at else 0.0
    return line.response_due_date or date.max, submitted, line.pk


def groups_of(rows: Iterable[Row], *, by: Grouping, curves: Mapping[int, PriceCurve]) -> list[Group]:
    """Gather rows, in the order in which their groups are met."""
    groups: dict[str, Group] = {}
    for row in rows:
        key = _place(row.line, row.department, by)
        group = groups.get(key)
        if group is None:
            group = groups[key] = Group(key=key, title=_title(row.line, by))
        group.rows.append(row)
        if by == Grouping.ARTICLE and row.line.item is not None:
            group.item = row.line.item
            group.agreement = row.line.agreement
            group.unit_price = row.unit_price
            group.curve = curves.get(row.line.item.pk)
    return list(groups.values())


def _place(line: RequisitionLine, department: int, by: Grouping) -> str:
    if by == Grouping.DEPARTMENT:
        return f"enhet-{department}"
    if by == Grouping.SUPPLIER:
        return f"leverantor-{line.supplier_id or 0}"
    return f"rad-{line.pk}" if line.item_id is None else f"artikel-{line.item_id}-{line.agreement_id or 0}"


def _title(line: RequisitionLine, by: Grouping) -> str:
    if by == Grouping.DEPARTMENT:
        return line.requisition.department.name
    if by == Grouping.SUPPLIER:
        return line.supplier.name if line.supplier else _("Ingen leverantör vald")
    return str(line.item) if line.item else line.description
