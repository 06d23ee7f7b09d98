"""Who may receive, take a receipt back, send goods back and say how a complaint ended."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import WrongState
from core.verdicts import PERMITTED, Verdict, refused
from organizations.models import Department, User
from organizations.permissions import roles_on
from procurement.models import Complaint, ReceiptKind, ReceiptLine, RequisitionLine
from procurement.permissions.refusals import LineNotDeliverable, NotYourDepartment
from procurement.separation_of_duties import ReceiverHasDecided
from procurement.states import CLOSED, DELIVERABLE

Deciders = Mapping[int, Collection[int]]
"""Who decided or attested each line, by its id (``separation_of_duties.deciders_of``)."""

TAKEN_BACK_WITHIN = timedelta(days=60)
"""A mistake is found by then: the invoice has come and been paid, and the month has been reported."""


class ReceiptIsOld(WrongState):
    """A receipt is taken back within sixty days; after that the goods are sent back, or finance corrects the books."""

    code = "receipt_is_old"
    sentence = _("Mottagningen är äldre än 60 dagar och kan inte tas tillbaka.")


class ReceiptIsTakenBack(WrongState):
    """What is taken back, or tells of something that was, is not taken back once more."""

    code = "receipt_is_taken_back"
    sentence = _("Mottagningen är redan tillbakatagen.")


class LineHasEnded(WrongState):
    """What is cancelled, or asked for once more, is not waited for because a receipt of it was a mistake."""

    code = "received_line_has_ended"
    sentence = _(
        "Det som inte kom är avbeställt eller har begärts på nytt, så mottagningen kan inte tas tillbaka."
    )


class ReceiptIsBuiltOn(WrongState):
    """Goods of the receipt have gone back, or a complaint about it is settled: what followed would hang in the air."""

    code = "receipt_is_built_on"
    sentence = _(
        "Varor ur mottagningen är redan returnerade eller reklamerade, så den kan inte tas tillbaka."
    )


class NothingToSendBack(WrongState):
    """Services are not sent back, and neither is what did not come."""

    code = "nothing_to_send_back"
    sentence = _("Det finns inget att skicka tillbaka på raden.")


class ComplaintIsSettled(WrongState):
    """Nothing is expected of the supplier any longer."""

    code = "complaint_is_settled"
    sentence = _("Reklamationen är redan avslutad.")


def can_receive_for(by: User, department: Department, *, at: datetime) -> Verdict:
    """Whether the person takes deliveries to the department: she orders for it, or receives its goods."""
    roles = roles_on(by, timezone.localdate(at))
    is_theirs = by.is_active and (department.pk in roles.orders_for or department.pk in roles.receives_for)
    return PERMITTED if is_theirs else refused(NotYourDepartment(department=department.name))


def _may_receive(by: User, line: RequisitionLine, *, deciders: Deciders, at: datetime) -> Verdict:
    verdict = can_receive_for(by, line.requisition.department, at=at)
    if verdict and by.pk in deciders.get(line.pk, ()):
        return refused(ReceiverHasDecided())
    return verdict


def can_receive(by: User, line: RequisitionLine, *, deciders: Deciders, at: datetime) -> Verdict:
    """Whether the person may receive the line, or accept the service."""
    verdict = _may_receive(by, line, deciders=deciders, at=at)
    if verdict and line.status not in DELIVERABLE:
        return refused(LineNotDeliverable())
    return verdict


def can_take_back(by: User, row: ReceiptLine, *, deciders: Deciders, at: datetime) -> Verdict:
    """
    Whether the person may take the received row back as a mistake.

    Whoever might have received it, within sixty days, as long as nothing has been built on it: nothing of it has been
    sent back, no complaint about it is settled, and its line has not ended.

    :param row: read by ``with_reversals()``.
    """
    verdict = _may_receive(by, row.allocation.line, deciders=deciders, at=at)
    if not verdict:
        return verdict
    if row.receipt.kind != ReceiptKind.DELIVERY or row.is_taken_back:
        return refused(ReceiptIsTakenBack())
    complaint: Complaint | None = getattr(row, "complaint", None)
    if row.returned_quantity or (complaint and complaint.ended):
        return refused(ReceiptIsBuiltOn())
    if row.allocation.line.status in CLOSED:
        return refused(LineHasEnded())
    return PERMITTED if at - row.receipt.received_at <= TAKEN_BACK_WITHIN else refused(ReceiptIsOld())


def can_send_back(by: User, row: ReceiptLine, *, deciders: Deciders, at: datetime) -> Verdict:
    """
    Whether the person may send goods of the received row back to the supplier.

    :param row: read by ``with_reversals()``.
    """
    line = row.allocation.line
    verdict = _may_receive(by, line, deciders=deciders, at=at)
    if not verdict:
        return verdict
    if row.receipt.kind != ReceiptKind.DELIVERY or row.is_taken_back:
        return refused(ReceiptIsTakenBack())
    return PERMITTED if not line.is_service and row.kept_quantity > 0 else refused(NothingToSendBack())


def can_settle(by: User, complaint: Complaint, *, is_open: bool, deciders: Deciders, at: datetime) -> Verdict:
    """Whether the person may say how the complaint ended: whoever may receive what it is about."""
    line = complaint.receipt_line.allocation.line
    verdict = _may_receive(by, line, deciders=deciders, at=at)
    return verdict if not verdict or is_open else refused(ComplaintIsSettled())
