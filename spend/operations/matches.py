"""Decide which of our suppliers a ledger's supplier is."""

from datetime import datetime

from django.db import connection
from django.utils.translation import gettext_lazy as _

from agreements.models import Supplier
from audit import trail
from core.errors import InvalidInput, WrongState
from core.transactions import operation
from core.verdicts import require
from organizations.models import User
from spend import permissions
from spend.events import Event
from spend.matches import latest_match
from spend.models import BookedCost, SupplierMatch


class UnknownLedgerSupplier(InvalidInput):
    """The ledger has no rows of such a supplier."""

    code = "ledger_supplier_unknown"
    sentence = _("Källan har inga rader från en sådan leverantör.")


class MatchedAlready(WrongState):
    """Somebody has decided who the supplier is."""

    code = "ledger_supplier_matched_already"
    sentence = _("Leverantören är redan kopplad. Ångra den kopplingen först.")


class NotMatched(WrongState):
    """There is nothing to undo."""

    code = "ledger_supplier_not_matched"
    sentence = _("Leverantören är inte kopplad, så det finns inget att ångra.")


@operation
def match_supplier(
    *, source: str, key: str, supplier: Supplier | None, by: User, at: datetime
) -> SupplierMatch:
    """
    Say which of our suppliers a source's supplier is; None for none of them. It holds of all its rows, and of those to come.

    :raises NotPermitted: she is not finance.
    :raises UnknownLedgerSupplier: the source has no such supplier.
    :raises MatchedAlready: it is decided.
    """
    _lock(source, key)
    require(permissions.can_decide(by, at))
    row = BookedCost.objects.filter(source=source, supplier_key=key).latest_first().first() if key else None
    if row is None:
        raise UnknownLedgerSupplier
    if latest_match(source, key) is not None:
        raise MatchedAlready
    decided = SupplierMatch.objects.create(
        source=source,
        supplier_key=key,
        name=row.supplier_name,
        supplier=supplier,
        decided_by=by,
        decided_at=at,
    )
    number = supplier.org_number if supplier else ""
    trail.record(Event.SUPPLIER_MATCHED, subject=decided, by=by, at=at, source=source, supplier=number)
    return decided


@operation
def undo_match(*, source: str, key: str, by: User, at: datetime) -> SupplierMatch:
    """
    Take a decision back by a new one, so that the supplier is to be matched again.

    :raises NotPermitted: she is not finance.
    :raises NotMatched: nothing is decided.
    """
    _lock(source, key)
    require(permissions.can_decide(by, at))
    before = latest_match(source, key)
    if before is None:
        raise NotMatched
    undone = SupplierMatch.objects.create(
        source=source, supplier_key=key, name=before.name, is_undone=True, decided_by=by, decided_at=at
    )
    trail.record(Event.SUPPLIER_MATCH_UNDONE, subject=undone, by=by, at=at, source=source)
    return undone


def _lock(source: str, key: str) -> None:
    """Let nobody else decide about the same supplier meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"ledger supplier {source} {key}"]
        )
