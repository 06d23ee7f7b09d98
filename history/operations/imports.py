"""
Bring in order lines from other systems.

A file is first kept as it came, then read in steps of some hundred rows, each a transaction of its own: whatever
stops the reading, it goes on from the rows that are missing. Source and external id make every line come in once.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit import trail
from core.clock import Clock
from core.errors import InvalidInput
from core.transactions import operation
from core.verdicts import require
from core.work import carry_out
from history import permissions
from history.events import Event
from history.importing.files import EmptyFile, text_of
from history.importing.formats import READERS
from history.importing.lines import Reader, ReadLine, RefusedRow, Row
from history.models import ImportRefusal, PurchaseHistoryLine, PurchaseImport
from organizations.models import User

STEP = 500
"""So many rows are brought in at a time."""


class UnknownFormat(InvalidInput):
    """No reader has this name."""

    code = "unknown_format"
    sentence = gettext_lazy("Formatet %(file_format)s finns inte.")


@operation
def request_import(
    *, file_name: str, content: bytes, file_format: str, by: User | None, at: datetime
) -> PurchaseImport:
    """
    Keep a file of order lines, to be read by `run_import`. ``by`` is None for the command line.

    :raises NotPermitted: she is not finance.
    :raises UnreadableFile: empty, too large, damaged, not text, or not in this format.
    """
    if by is not None:
        require(permissions.can_import(by, at=at))
    if file_format not in READERS:
        raise UnknownFormat(file_format=file_format)
    if next(READERS[file_format].rows(text_of(content)), None) is None:
        raise EmptyFile
    purchase_import = PurchaseImport.objects.create(
        file_name=file_name[-200:],
        file_format=file_format,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        requested_by=by,
        requested_at=at,
    )
    trail.record(
        Event.IMPORT_REQUESTED,
        subject=purchase_import,
        by=by,
        at=at,
        sha256=purchase_import.sha256,
        size=len(content),
    )
    return purchase_import


def run_import(*, purchase_import: PurchaseImport, at: datetime) -> PurchaseImport:
    """
    Read a kept file into the purchase history; safe to call again, also after a crash in the middle.

    Nothing happens when it is finished or when another worker has it. Refused rows are kept with their reason.
    """
    return carry_out(purchase_import, at=at, steps=_read, give_up=_failed)


def _read(purchase_import: PurchaseImport, clock: Clock) -> None:
    """Bring in the rows of the file, step by step."""
    reader = READERS[purchase_import.file_format]
    rows = list(reader.rows(text_of(bytes(purchase_import.content))))
    purchase_import.already_present_count = 0
    for first in range(0, len(rows), STEP):
        _bring_in(purchase_import, reader, rows[first : first + STEP], done=first, total=len(rows))
    _finished(purchase_import, clock.now())


@transaction.atomic
def _bring_in(
    purchase_import: PurchaseImport, reader: Reader, rows: Sequence[Row], *, done: int, total: int
) -> None:
    """Bring in one step, one import of a source at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"purchase history {reader.source}"])
    lines = [row for row in rows if isinstance(row, ReadLine)]
    refused = [row for row in rows if isinstance(row, RefusedRow)]
    there = _present(reader.source, [line.external_id for line in lines])
    new = []
    for line in lines:
        known = there.get(line.external_id)
        if known is None:
            new.append(_history_line(purchase_import, reader, line))
        elif known.purchase_import_id != purchase_import.pk:
            if _differs(known, line):
                refused.append(_conflict(line))
            else:
                purchase_import.already_present_count += 1
    PurchaseHistoryLine.objects.bulk_create(new)
    ImportRefusal.objects.bulk_create(
        [
            ImportRefusal(
                purchase_import=purchase_import,
                row=row.row,
                field=row.field,
                reason=row.reason[:300],
                raw=row.raw,
            )
            for row in refused
        ],
        ignore_conflicts=True,
    )
    _count(purchase_import, done=done + len(rows), total=total)


def _present(source: str, external_ids: list[str]) -> dict[str, PurchaseHistoryLine]:
    """Find what is already in the history."""
    known = PurchaseHistoryLine.objects.filter(source=source, external_id__in=external_ids)
    return {line.external_id: line for line in known}


def _differs(known: PurchaseHistoryLine, line: ReadLine) -> bool:
    """Whether the file says something else about a line than what came in before."""
    fields = (
        "delivered_date",
        "department_name",
        "supplier_name",
        "category_name",
        "item_key",
        "quantity",
        "unit_price",
        "amount",
    )
    return any(getattr(known, field) != getattr(line, field) for field in fields)


def _conflict(line: ReadLine) -> RefusedRow:
    """Refuse a line that is present with other facts; what came in is never changed."""
    raw = (
        f"{line.external_id}, {line.delivered_date}, {line.description}, {line.quantity} × {line.unit_price}"
    )
    return RefusedRow(line.row, "ID", _("Raden finns redan, men med andra uppgifter."), raw)


def _history_line(purchase_import: PurchaseImport, reader: Reader, line: ReadLine) -> PurchaseHistoryLine:
    return PurchaseHistoryLine(
        source=reader.source,
        external_id=line.external_id,
        purchase_import=purchase_import,
        delivered_date=line.delivered_date,
        department_name=line.department_name,
        supplier_name=line.supplier_name,
        category_name=line.category_name,
        item_key=line.item_key,
        description=line.description,
        quantity=line.quantity,
        unit=reader.unit,
        units_per_order_unit=line.units_per_order_unit,
        unit_price=line.unit_price,
        amount=line.amount,
        currency=reader.currency,
        note=line.note,
    )


def _count(purchase_import: PurchaseImport, *, done: int, total: int) -> None:
    """Write down what has become of the rows so far."""
    purchase_import.imported_count = purchase_import.lines.count()
    purchase_import.refused_count = purchase_import.refusals.count()
    purchase_import.save(update_fields=["imported_count", "refused_count", "already_present_count"])
    purchase_import.advance(done=done, total=total)


@transaction.atomic
def _finished(purchase_import: PurchaseImport, at: datetime) -> None:
    with connection.cursor() as cursor:
        # The planner has to know of the new lines at once: comparing them takes a second then, and a minute otherwise.
        cursor.execute("ANALYZE history_purchasehistoryline")
    purchase_import.finish(at=at)
    trail.record(
        Event.IMPORT_FINISHED,
        subject=purchase_import,
        by=purchase_import.requested_by,
        at=at,
        imported=purchase_import.imported_count,
        already_present=purchase_import.already_present_count,
        refused=purchase_import.refused_count,
    )


@transaction.atomic
def _failed(purchase_import: PurchaseImport, error: str, at: datetime) -> None:
    purchase_import.fail(at=at, error=error)
    trail.record(
        Event.IMPORT_FAILED, subject=purchase_import, by=purchase_import.requested_by, at=at, error=error
    )
