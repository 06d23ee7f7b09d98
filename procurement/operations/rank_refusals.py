"""Register that a supplier has refused a line, so that the one after it in rank may get it."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from agreements.models import Supplier
from audit import trail
from core.bulk import insert_unless
from core.errors import InvalidInput, WrongState
from core.transactions import operation
from core.verdicts import require
from organizations.models import User
from procurement import permissions
from procurement.events import Event
from procurement.models import RankRefusal, RequisitionLine
from procurement.next_in_rank import RANKED
from procurement.operations.decidable import locked_lines


class NobodyToRefuse(InvalidInput):
    """Who refuses is one of the suppliers that the line's agreement ranks."""

    code = "nobody_to_refuse"
    sentence = _("Raden är inte på ett avtal som rangordnar %(supplier)s.")


class RefusalHasNoReason(InvalidInput):
    """What the supplier said is evidence."""

    code = "refusal_has_no_reason"
    sentence = _("Skriv vad leverantören svarade, och när.")


class RefusalIsRegistered(WrongState):
    """A supplier refuses a line once."""

    code = "refusal_is_registered"
    sentence = _("Det är redan registrerat att %(supplier)s har sagt nej.")


@operation
def register_rank_refusal(
    *, line: RequisitionLine, supplier: Supplier, reason: str, by: User, at: datetime
) -> RequisitionLine:
    """
    Register that a supplier of a ranked agreement has said no to what a waiting line asks for.

    :raises NotPermitted: the line is not hers to decide.
    :raises WrongState: it is decided already, or the same is registered.
    :raises InvalidInput: the agreement does not rank the supplier, or nothing is said of what it answered.
    """
    (line,) = locked_lines([line])
    require(permissions.can_reassign(by, line, at=at))
    capacity = permissions.capacity_for(by, line, at=at)
    agreement = line.agreement
    if (
        agreement is None
        or agreement.call_off_method not in RANKED
        or not agreement.suppliers.filter(supplier=supplier).exists()
    ):
        raise NobodyToRefuse(supplier=supplier.name)
    reason = reason.strip()
    if not reason:
        raise RefusalHasNoReason
    refusal = RankRefusal(line=line, supplier=supplier, reason=reason, registered_by=by, registered_at=at)
    if not insert_unless(refusal, constraint="rank_refusal_once"):
        raise RefusalIsRegistered(supplier=supplier.name)
    trail.record(
        Event.RANK_REFUSED,
        subject=line,
        by=by,
        at=at,
        on_behalf_of=capacity.on_behalf_of if capacity else None,
        rule=capacity.rule if capacity else "",
        supplier=supplier.name,
        comment=reason,
    )
    return line
