"""Leave rows of a difference out, or take them in again, before it is applied."""

from collections.abc import Collection
from datetime import datetime

from core.transactions import operation
from organizations.models import User
from registers.models import WRITTEN, ChangeKind, Import
from registers.operations.applying import require_applicable
from registers.operations.writing import permit


@operation
def leave_out(
    *,
    of_import: Import,
    kind: ChangeKind | None = None,
    is_proposed: bool | None = None,
    ids: Collection[int] | None = None,
    is_left_out: bool = True,
    by: User | None,
    at: datetime,
) -> int:
    """
    Leave out rows that would be written, all of a kind or those with the ids; or take them in again.

    :param is_proposed: of those that become proposals, or of the others.

    :raises NotPermitted: she may not change the register.
    :raises WrongState: it is not compared, or is applied already.
    :returns: how many rows it concerned.
    """
    lead = Import.objects.select_for_update(no_key=True, of=("self",)).get(pk=of_import.lead.pk)
    permit(of_import.register, by=by, at=at)
    require_applicable(lead, is_taking_back=False)
    rows = of_import.changes.filter(kind__in=WRITTEN)
    if kind is not None:
        rows = rows.filter(kind=kind)
    if is_proposed is not None:
        rows = rows.filter(is_proposed=is_proposed)
    if ids is not None:
        rows = rows.filter(pk__in=ids)
    return rows.exclude(is_left_out=is_left_out).update(is_left_out=is_left_out)
