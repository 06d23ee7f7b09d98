"""Find out, before anybody applies an import, which of its rows would be refused: write them, and take that back."""

from datetime import datetime

from django.db import transaction

from core.transactions import operation
from registers.models import Import
from registers.operations.changing import Changes
from registers.operations.writing import lock_register

MOST_REHEARSED = 10_000
"""A difference of more rows is not rehearsed; what is refused then is told when it is applied."""


class _TakenBack(Exception):
    """Rolls back what was written."""


@operation
def rehearse(of_import: Import, *, at: datetime) -> None:
    """Refuse the rows that the register's rules or the database would refuse if they were written now."""
    if of_import.register.ledger is not None:
        return  # comparing has told all that there is to refuse of facts
    lock_register(of_import.register)
    changes = Changes(of_import, by=of_import.requested_by, at=at)
    changes.refuse_out_of_reach()
    if of_import.changes.to_write().count() > MOST_REHEARSED:
        return
    try:
        with transaction.atomic():
            changes.write_all()
            raise _TakenBack
    except _TakenBack:
        changes.refuse_again()
