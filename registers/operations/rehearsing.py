"""Find out, before anybody applies an import, which of its rows would be refused and what goes to somebody else: write them, and take that back."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from core.transactions import operation
from registers.handovers import count_handovers, last_entry
from registers.models import Import
from registers.operations.changing import Changes
from registers.operations.comparing import refuse_what_refers_to_nothing
from registers.operations.raising import refuse_rises
from registers.operations.writing import lock_register, set_work_mem

MANY = 10_000
"""More rows are tried on a copy of the table, where nothing follows of them; those that a trigger asks about in their place too."""


class _TakenBack(Exception):
    """Rolls back what was written."""


@operation
def rehearse(lead: Import, *, at: datetime) -> None:
    """Refuse the rows that the register's rules or the database would refuse if they were written now; of a bundle all parts in turn."""
    parts = lead.with_followers()
    if lead.register.ledger is not None:
        return  # comparing has told all that there is to refuse of facts
    for name in sorted({each.register_name for each in parts}):
        lock_register(name)
    set_work_mem()
    tried = [Changes(each, by=lead.requested_by, at=at) for each in parts]
    for each, changes in zip(parts, tried, strict=True):
        refuse_rises(each, by=lead.requested_by, at=at)
        changes.refuse_out_of_reach()
    # Where something follows of what is written, it is a part of what may be refused.
    is_on_copy = all(each.register.settle is None for each in parts) and any(
        each.register.tried_in_place != Q() and each.changes.to_write().count() > MANY for each in parts
    )
    if is_on_copy:
        _try_in_place(lead, parts, at=at)
    since = last_entry()
    try:
        with transaction.atomic():
            for each, changes in zip(parts, tried, strict=True):
                if is_on_copy:
                    changes.try_on_copy(is_whole=len(parts) > 1)
                if each.pk != lead.pk:
                    refuse_what_refers_to_nothing(each, with_file=False)
                changes.write_all()
            lead.handovers = count_handovers(since=since, at=at)
            raise _TakenBack
    except _TakenBack:
        lead.save(update_fields=["handovers"])
        for each, changes in zip(parts, tried, strict=True):
            if each.pk != lead.pk:
                refuse_what_refers_to_nothing(each, with_file=True)
            changes.refuse_again()


def _try_in_place(lead: Import, parts: Sequence[Import], *, at: datetime) -> None:
    """Refuse, of many rows, those that a trigger of the database refuses: they alone are written, and taken back."""
    tried = []
    for each in parts:
        condition = each.register.tried_in_place
        if condition is not None and each.changes.to_write().filter(condition).exists():
            tried.append(Changes(each, by=lead.requested_by, at=at))
            tried[-1].only = condition
    try:
        with transaction.atomic():
            for changes in tried:
                if changes.of_import.pk != lead.pk:
                    refuse_what_refers_to_nothing(changes.of_import, with_file=False)
                changes.write_all()
            raise _TakenBack
    except _TakenBack:
        for changes in tried:
            changes.refuse_again()
