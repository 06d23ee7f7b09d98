"""Who may write about a line, and ask others in."""

from datetime import datetime

from core.verdicts import PERMITTED, Verdict, refused
from organizations.models import User
from procurement.models import Consultation, RequisitionLine
from procurement.permissions.lines import acts_as, capacity_for
from procurement.permissions.ordering import can_order_for
from procurement.permissions.refusals import (
    LineNotOpen,
    NotYourConversation,
    NotYourLine,
    OwnRequest,
)
from procurement.states import CLOSED, LineStatus


def can_write_about(by: User, line: RequisitionLine, *, is_asked: bool, at: datetime) -> Verdict:
    """
    Whether the person may write about the line: who asked for it or orders for its department, who may decide it, and
    who is asked in. Also when it is decided or closed, so that nothing that somebody has written is lost.

    :param is_asked: whether she is asked in (``is_asked_in``).
    """
    if line.status == LineStatus.DRAFT:
        return refused(LineNotOpen())
    has_part = by.is_active and (
        line.requisition.requester_id == by.pk
        or capacity_for(by, line, at=at) is not None
        or bool(can_order_for(by, line.requisition.department, at=at))
        or is_asked
    )
    return PERMITTED if has_part else refused(NotYourConversation())


def can_ask_in(by: User, line: RequisitionLine, *, at: datetime) -> Verdict:
    """Whether the person may ask others in: who may decide the line, but for what she asked for, until it is closed."""
    if acts_as(by, line.requisition.requester_id, at=at):
        return refused(OwnRequest())
    if capacity_for(by, line, at=at) is None:
        return refused(NotYourLine(responsible=line.responsible.full_name if line.responsible else ""))
    return refused(LineNotOpen()) if line.status in {LineStatus.DRAFT, *CLOSED} else PERMITTED


def is_asked_in(person: User, line: RequisitionLine) -> bool:
    """Whether somebody has asked the person about the line, in whichever version."""
    return Consultation.objects.filter(
        person=person,
        message__line__requisition=line.requisition_id,
        message__line__position=line.position,
    ).exists()
