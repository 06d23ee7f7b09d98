"""
Bring in order lines from other systems.

A file is first kept as it came, then read in steps of some thousand rows, each a transaction of its own: whatever
stops the reading, it goes on from the rows that are missing. No more than a step is held in memory. Source and external id make every line come in once.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import BinaryIO

from django.db import connection, transaction
from django.utils.translation import gettext_lazy

from audit import trail
from core.addresses import address_of
from core.clock import Clock
from core.errors import InvalidInput
from core.models import StoredFile
from core.transactions import operation
from core.verdicts import require
from core.work import carry_out
from history import permissions
from history.events import Event
from history.importing.files import count_rows
from history.importing.formats import READERS
from history.importing.lines import Reader, Row
from history.models import PurchaseImport
from history.operations.comparing import keep_comparison
from history.operations.staging import bring_in
from notices.operations.telling import News, tell
from organizations.models import User
from registers.notices import IMPORT
from registers.reading.text import EmptyFile, text_in

COUNTS = ["imported_count", "already_present_count", "refused_count"]

STEP = 2000
"""So many rows are brought in at a time."""


class UnknownFormat(InvalidInput):
    """No reader has this name."""

    code = "unknown_format"
    sentence = gettext_lazy("Formatet %(file_format)s finns inte.")


@operation
def request_import(
    *, file_name: str, content: BinaryIO, file_format: str, by: User | None, at: datetime
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
    if next(READERS[file_format].rows(text_in(content)), None) is None:
        raise EmptyFile
    file = StoredFile.objects.keep(content)
    purchase_import = PurchaseImport.objects.create(
        file_name=file_name[-200:],
        file_format=file_format,
        file=file,
        requested_by=by,
        requested_at=at,
    )
    trail.record(
        Event.IMPORT_REQUESTED,
        subject=purchase_import,
        by=by,
        at=at,
        sha256=file.sha256,
        size=file.size,
    )
    return purchase_import


def run_import(*, purchase_import: PurchaseImport, at: datetime) -> PurchaseImport:
    """
    Read a kept file into the purchase history; safe to call again, also after a crash in the middle.

    Nothing happens when it is finished or when another worker has it. Refused rows are kept with their reason.
    """
    return carry_out(purchase_import, at=at, steps=_read, give_up=_failed)


def _read(purchase_import: PurchaseImport, clock: Clock) -> None:
    """Read the file from its first row; rows that came in before are counted and left as they are."""
    reader = READERS[purchase_import.file_format]
    for name in COUNTS:
        setattr(purchase_import, name, 0)
    purchase_import.advance(done=0, total=count_rows(text_in(purchase_import.file.open())))
    rows, done = reader.rows(text_in(purchase_import.file.open())), 0
    while step := list(islice(rows, STEP)):
        done += len(step)
        _bring_in(purchase_import, reader, step, done=done)
    purchase_import.advance(done=done, total=done)
    with connection.cursor() as cursor:
        # The planner has to know of the new lines at once: comparing them takes a second then, and a minute otherwise.
        cursor.execute("ANALYZE history_purchasehistoryline")
    keep_comparison(source=purchase_import.file_format)
    _finished(purchase_import, clock.now())


@transaction.atomic
def _bring_in(purchase_import: PurchaseImport, reader: Reader, rows: Sequence[Row], *, done: int) -> None:
    """Bring in one step and write down what has become of the rows so far."""
    outcome = bring_in(purchase_import, reader, rows)
    purchase_import.imported_count += outcome.imported
    purchase_import.already_present_count += outcome.already_present
    purchase_import.refused_count += outcome.refused
    purchase_import.save(update_fields=COUNTS)
    purchase_import.advance(done=done)


@transaction.atomic
def _finished(purchase_import: PurchaseImport, at: datetime) -> None:
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
    _tell(purchase_import, "done", at=at)


def _tell(purchase_import: PurchaseImport, how: str, *, at: datetime, error: str = "") -> None:
    """Tell who handed the file in what became of it; nobody did on the command line."""
    if purchase_import.requested_by_id is not None:
        facts = {"file": purchase_import.file_name, "how": how, "error": error}
        news = News(purchase_import.requested_by_id, IMPORT, address_of(purchase_import), facts)
        tell([news], by=None, at=at)


@transaction.atomic
def _failed(purchase_import: PurchaseImport, error: str, at: datetime) -> None:
    purchase_import.fail(at=at, error=error)
    trail.record(
        Event.IMPORT_FAILED, subject=purchase_import, by=purchase_import.requested_by, at=at, error=error
    )
    _tell(purchase_import, "failed", at=at, error=error)
