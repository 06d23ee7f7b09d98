"""States of the chain. One table shows the process; docs/states.md is drawn from it."""

from collections.abc import Mapping
from enum import Enum

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.states import Transitions


class LineStatus(models.TextChoices):
    """Where a requisition line is."""

    DRAFT = "draft", _("I korgen")
    AWAITING = "awaiting", _("Prövas")
    RETURNED = "returned", _("Fråga till dig")
    APPROVED = "approved", _("Godkänd")
    ORDERED = "ordered", _("Beställd")
    PARTLY_RECEIVED = "partly_received", _("Delvis mottagen")
    RECEIVED = "received", _("Mottagen")
    REJECTED = "rejected", _("Avslagen")
    WITHDRAWN = "withdrawn", _("Återtagen")
    SUPERSEDED = "superseded", _("Ersatt av ny version")
    CANCELLED = "cancelled", _("Annullerad")


LINE_TRANSITIONS: Transitions = {
    LineStatus.DRAFT: frozenset({LineStatus.AWAITING, LineStatus.APPROVED}),
    LineStatus.AWAITING: frozenset(
        {
            LineStatus.APPROVED,
            LineStatus.REJECTED,
            LineStatus.RETURNED,
            LineStatus.WITHDRAWN,
            LineStatus.SUPERSEDED,
            LineStatus.CANCELLED,
        }
    ),
    LineStatus.RETURNED: frozenset(
        {LineStatus.AWAITING, LineStatus.WITHDRAWN, LineStatus.SUPERSEDED, LineStatus.CANCELLED}
    ),
    LineStatus.APPROVED: frozenset(
        {
            LineStatus.AWAITING,
            LineStatus.ORDERED,
            LineStatus.WITHDRAWN,
            LineStatus.SUPERSEDED,
            LineStatus.CANCELLED,
        }
    ),
    LineStatus.ORDERED: frozenset(
        {
            LineStatus.PARTLY_RECEIVED,
            LineStatus.RECEIVED,
            LineStatus.CANCELLED,
            LineStatus.APPROVED,
            LineStatus.AWAITING,
            LineStatus.SUPERSEDED,
        }
    ),
    LineStatus.PARTLY_RECEIVED: frozenset({LineStatus.RECEIVED, LineStatus.ORDERED}),
    LineStatus.RECEIVED: frozenset({LineStatus.PARTLY_RECEIVED, LineStatus.ORDERED}),
    LineStatus.REJECTED: frozenset(),
    LineStatus.WITHDRAWN: frozenset(),
    LineStatus.SUPERSEDED: frozenset(),
    LineStatus.CANCELLED: frozenset(),
}

UNDECIDED = (LineStatus.AWAITING, LineStatus.RETURNED)
COMMITTED = (LineStatus.APPROVED, LineStatus.ORDERED, LineStatus.PARTLY_RECEIVED, LineStatus.RECEIVED)
DELIVERABLE = (LineStatus.ORDERED, LineStatus.PARTLY_RECEIVED)
CLOSED = (LineStatus.REJECTED, LineStatus.WITHDRAWN, LineStatus.SUPERSEDED, LineStatus.CANCELLED)


class Release(Enum):
    """What of a commitment under a ceiling is given back."""

    NOTHING = "nothing"
    ALL = "all"
    WHAT_WILL_NOT_COME = "what will not come"


RELEASES: Mapping[tuple[LineStatus, LineStatus], Release] = {
    (LineStatus.APPROVED, LineStatus.AWAITING): Release.ALL,
    (LineStatus.APPROVED, LineStatus.ORDERED): Release.NOTHING,
    (LineStatus.APPROVED, LineStatus.WITHDRAWN): Release.ALL,
    (LineStatus.APPROVED, LineStatus.SUPERSEDED): Release.ALL,
    (LineStatus.APPROVED, LineStatus.CANCELLED): Release.ALL,
    (LineStatus.ORDERED, LineStatus.PARTLY_RECEIVED): Release.WHAT_WILL_NOT_COME,
    (LineStatus.ORDERED, LineStatus.RECEIVED): Release.WHAT_WILL_NOT_COME,
    (LineStatus.ORDERED, LineStatus.CANCELLED): Release.ALL,
    (LineStatus.ORDERED, LineStatus.AWAITING): Release.ALL,
    (LineStatus.ORDERED, LineStatus.SUPERSEDED): Release.ALL,
    (LineStatus.ORDERED, LineStatus.APPROVED): Release.NOTHING,
    (LineStatus.PARTLY_RECEIVED, LineStatus.RECEIVED): Release.WHAT_WILL_NOT_COME,
    (LineStatus.PARTLY_RECEIVED, LineStatus.ORDERED): Release.WHAT_WILL_NOT_COME,
    (LineStatus.RECEIVED, LineStatus.PARTLY_RECEIVED): Release.WHAT_WILL_NOT_COME,
    (LineStatus.RECEIVED, LineStatus.ORDERED): Release.WHAT_WILL_NOT_COME,
}
"""
What each step of a committed line releases, of the amount under the agreement and of the item's own ceiling.

What will not come is all that will not, whichever step said so: a receipt that is taken back may commit it again.
"""


class AttestStatus(models.TextChoices):
    """Where a budget attest is."""

    PENDING = "pending", _("Väntar på attest")
    ATTESTED = "attested", _("Attesterad")
    REFUSED = "refused", _("Attest nekad")
    SUPERSEDED = "superseded", _("Ersatt av ny attest")
    CLOSED = "closed", _("Behövs inte längre")


ATTEST_TRANSITIONS: Transitions = {
    AttestStatus.PENDING: frozenset(
        {AttestStatus.ATTESTED, AttestStatus.REFUSED, AttestStatus.SUPERSEDED, AttestStatus.CLOSED}
    ),
    AttestStatus.ATTESTED: frozenset({AttestStatus.SUPERSEDED}),
    AttestStatus.REFUSED: frozenset(),
    AttestStatus.SUPERSEDED: frozenset({AttestStatus.ATTESTED}),
    AttestStatus.CLOSED: frozenset(),
}

PAST_ATTESTS = (AttestStatus.SUPERSEDED, AttestStatus.CLOSED)


class OrderStatus(models.TextChoices):
    """Where a purchase order is, or a notice about it; how much has come is told by its allocations."""

    READY = "ready", _("Klar att skicka")
    SENT = "sent", _("Skickad")
    NOT_SENT = "not_sent", _("Inte skickad")
    CANCELLED = "cancelled", _("Makulerad")
    REFUSED = "refused", _("Blir inte av")


ORDER_TRANSITIONS: Transitions = {
    OrderStatus.READY: frozenset({OrderStatus.SENT, OrderStatus.NOT_SENT, OrderStatus.CANCELLED}),
    OrderStatus.SENT: frozenset({OrderStatus.CANCELLED, OrderStatus.REFUSED}),
    OrderStatus.NOT_SENT: frozenset({OrderStatus.READY, OrderStatus.SENT, OrderStatus.CANCELLED}),
    OrderStatus.CANCELLED: frozenset(),
    OrderStatus.REFUSED: frozenset(),
}


CAME_TO_NOTHING = (OrderStatus.CANCELLED, OrderStatus.REFUSED)
"""Nothing was bought by the order."""


class AnswerStatus(models.TextChoices):
    """What a supplier has said of a line of an order, and what came of it."""

    NONE = "none", _("Inte besvarad")
    CONFIRMED = "confirmed", _("Bekräftad")
    CHANGED = "changed", _("Ändring att ta ställning till")
    REFUSED = "refused", _("Leverantören levererar inte")
    DECLINED = "declined", _("Ändringen godtogs inte")
    CANCELLED = "cancelled", _("Avbeställd")


ANSWER_TRANSITIONS: Transitions = {
    AnswerStatus.NONE: frozenset(
        {AnswerStatus.CONFIRMED, AnswerStatus.CHANGED, AnswerStatus.REFUSED, AnswerStatus.CANCELLED}
    ),
    AnswerStatus.CONFIRMED: frozenset(
        {AnswerStatus.CONFIRMED, AnswerStatus.CHANGED, AnswerStatus.REFUSED, AnswerStatus.CANCELLED}
    ),
    AnswerStatus.CHANGED: frozenset(
        {AnswerStatus.CONFIRMED, AnswerStatus.CHANGED, AnswerStatus.REFUSED, AnswerStatus.DECLINED}
    ),
    AnswerStatus.REFUSED: frozenset(),
    AnswerStatus.DECLINED: frozenset(),
    AnswerStatus.CANCELLED: frozenset(),
}

NOT_DELIVERED = (AnswerStatus.REFUSED, AnswerStatus.DECLINED)
"""The supplier does not deliver the line: it has gone back to whoever answers for it."""

WILL_NOT_COME = (*NOT_DELIVERED, AnswerStatus.CANCELLED)
"""Nothing of the line comes."""


class RequisitionStatus(models.TextChoices):
    """Where a whole requisition is: always derived from its lines, never stored."""

    BASKET = "basket", _("Korg")
    QUESTION = "question", _("Väntar på ditt svar")
    UNDER_REVIEW = "under_review", _("Prövas")
    DECIDED = "decided", _("Beslutad")
    ORDERED = "ordered", _("Beställd")
    PARTLY_RECEIVED = "partly_received", _("Delvis levererad")
    RECEIVED = "received", _("Levererad")
    CLOSED = "closed", _("Avslutad utan köp")


def requisition_status(line_statuses: set[str], *, is_asked: bool = False) -> RequisitionStatus:
    """
    Derive the requisition's status from the statuses of its lines.

    :param is_asked: whether the requester is asked about a price of one that is not decided.
    """
    live = line_statuses - set(CLOSED)
    if LineStatus.DRAFT in live or not line_statuses:
        return RequisitionStatus.BASKET
    if not live:
        return RequisitionStatus.CLOSED
    if LineStatus.RETURNED in live or is_asked:
        return RequisitionStatus.QUESTION
    if LineStatus.AWAITING in live:
        return RequisitionStatus.UNDER_REVIEW
    if live == {LineStatus.RECEIVED}:
        return RequisitionStatus.RECEIVED
    if live & {LineStatus.RECEIVED, LineStatus.PARTLY_RECEIVED}:
        return RequisitionStatus.PARTLY_RECEIVED
    return RequisitionStatus.DECIDED if LineStatus.APPROVED in live else RequisitionStatus.ORDERED
