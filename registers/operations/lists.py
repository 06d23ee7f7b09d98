"""
Make what a list shows a workbook, for whoever asks: counted, in a memory that does not grow with the list.

Making is work (`core.work`): a killed worker's is taken up by another, and begins again.
"""

import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone, translation

from core.addresses import address_of
from core.clock import Clock
from core.models import StoredFile
from core.transactions import operation
from core.verdicts import require
from core.wakeups import wake
from core.work import carry_out
from notices.operations.telling import News, tell
from organizations.models import User
from registers.downloads import write_rows
from registers.listing import Selection
from registers.models import ListFile
from registers.notices import LIST

KEPT = timedelta(days=7)
"""How long a workbook is kept for whoever asked for it."""


@operation
def request_list(*, selection: Selection, by: User, at: datetime) -> ListFile:
    """
    Ask for a list as a workbook; asked for again while the first is being made, it is the first.

    :raises NotPermitted: the register is not shown to her.
    """
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    require(selection.register.may_see(by, at))
    facts = {
        "register_name": selection.register.name,
        "query": selection.parameters(),
        "requested_by": by,
    }
    under_way = ListFile.objects.unfinished().filter(**facts).first()
    list_file = under_way or ListFile.objects.create(**facts, requested_at=at)
    wake("registers.run_list", list_id=list_file.pk)
    return list_file


def run_list(*, of_list: ListFile, at: datetime) -> ListFile:
    """Make the workbook; safe to call again, also after a crash in the middle."""
    return carry_out(of_list, at=at, steps=_make, give_up=_failed)


@operation
def forget_old_lists(*, at: datetime) -> int:
    """Take away the lists that have been kept as long as they are to be; returns how many. Their content goes with old files."""
    old = ListFile.objects.filter(requested_at__lt=at - KEPT).exclude(pk__in=ListFile.objects.unfinished())
    return old.delete()[0]


def _make(of_list: ListFile, clock: Clock) -> None:
    """Write the rows as whoever asked may see them now, in her language."""
    person = of_list.requested_by
    require(of_list.register.may_see(person, clock.now()))
    selection = of_list.selection
    of_list.advance(done=0, total=selection.rows().count())
    with tempfile.TemporaryDirectory(prefix="rauk-") as directory, translation.override(person.language):
        path = Path(directory) / "register.xlsx"
        write_rows(path, selection, counted=lambda count: of_list.advance(done=count))
        _keep(of_list, path, clock.now())


@operation
def _keep(of_list: ListFile, path: Path, at: datetime) -> None:
    with path.open("rb") as content:
        of_list.file = StoredFile.objects.keep(content, forget_after=at + KEPT)
    of_list.save(update_fields=["file"])
    of_list.finish(at=at)
    _tell(of_list, "made", at=at)


@operation
def _failed(of_list: ListFile, error: str, at: datetime) -> None:
    of_list.fail(at=at, error=error)
    _tell(of_list, "failed", at=at, error=error)


def _tell(of_list: ListFile, how: str, *, at: datetime, error: str = "") -> None:
    facts = {
        "register": of_list.register_name,
        "how": how,
        "error": error,
        "day": timezone.localdate(at + KEPT).isoformat(),
    }
    tell([News(of_list.requested_by_id, LIST, address_of(of_list), facts)], by=None, at=at)
