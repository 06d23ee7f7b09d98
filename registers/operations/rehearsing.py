"""Find out, before anybody applies an import, which of its rows would be refused: write them, and take that back."""

from datetime import datetime

from django.db import transaction

from core.transactions import operation
from registers.models import Import
from registers.operations.changing import Changes
from registers.operations.writing import lock_register, take_room

MANY = 10_000
"""More rows are tried on a copy of the table, where nothing follows of them."""


class _TakenBack(Exception):
    """Rolls back what was written."""


@operation
def rehearse(of_import: Import, *, at: datetime) -> None:
    """Refuse the rows that the register's rules or the database would refuse if they were written now."""
    register = of_import.register
    if register.ledger is not None:
        return  # comparing has told all that there is to refuse of facts
    lock_register(register)
    take_room()
    changes = Changes(of_import, by=of_import.requested_by, at=at)
    changes.refuse_out_of_reach()
    try:
        with transaction.atomic():
            # Where something follows of what is written, it is a part of what may be refused.
            if register.settle is None and of_import.changes.to_write().count() > MANY:
                changes.try_on_copy()
            changes.write_all()
            raise _TakenBack
    except _TakenBack:
        changes.refuse_again()
