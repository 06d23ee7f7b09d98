"""Who is told of a complaint: whoever reported it, and whoever answers for the category today."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from core.addresses import address_of
from core.clock import start_of
from notices.operations.putting_away import put_away
from notices.operations.telling import News, tell
from organizations.models import User
from procurement.complaint_notices import COMPLAINT_LATE, COMPLAINT_SETTLED, REPLACED
from procurement.models import (
    Complaint,
    ComplaintSettlement,
    Expectation,
    ReceiptLine,
    RequisitionLine,
    SettlementOutcome,
)
from procurement.operations.telling import those_who_answer


def tell_of_settling(settlement: ComplaintSettlement, *, by: User, at: datetime) -> None:
    """Tell how a complaint ended, but not whoever ended it; that its day had passed needs nobody any more."""
    (complaint,) = _with_lines([settlement.complaint_id])
    put_away([COMPLAINT_LATE], addresses=[_address(complaint)], at=at)
    facts = {
        **_facts(complaint),
        "outcome": settlement.outcome,
        "reference": settlement.reference,
        "who": by.full_name,
    }
    people = _concerned([complaint], at=at)[complaint.pk]
    tell([News(person, COMPLAINT_SETTLED, _address(complaint), facts) for person in people], by=by, at=at)


def outcome_of(row: ReceiptLine) -> str:
    """How a replacement has ended by the receipt after which nothing is left to come."""
    return SettlementOutcome.NOT_COMING if row.closed_quantity else REPLACED


def tell_of_replacing(outcomes: Mapping[int, str], *, by: User | None, at: datetime) -> None:
    """
    Tell of complaints that have ended, since nothing is left to come: what was to come anew is there, or will not come.

    :param outcomes: how, by the ids of the allocations of which something was left to come, and nothing is.
    """
    if not outcomes:
        return
    ended = Complaint.objects.unsettled().filter(
        expects=Expectation.REPLACEMENT, receipt_line__allocation__in=outcomes
    )
    complaints = _with_lines(ended.values_list("pk", flat=True))
    if not complaints:
        return
    put_away([COMPLAINT_LATE], addresses=[_address(each) for each in complaints], at=at)
    people = _concerned(complaints, at=at)
    news = []
    for each in complaints:
        facts = {
            **_facts(each),
            "outcome": outcomes[each.receipt_line.allocation_id],
            "reference": "",
            "who": by.full_name if by else "",
        }
        news += [News(person, COMPLAINT_SETTLED, _address(each), facts) for person in people[each.pk]]
    tell(news, by=by, at=at)


def late_complaints(day: date, since: date | None) -> Iterator[News]:
    """
    Those whose day has passed since the last morning without an end: each is told of once.

    :param since: the day of the morning before; None before the first.
    """
    late = Complaint.objects.open().filter(due_date__lt=day)
    if since is not None:
        late = late.filter(due_date__gte=since)
    complaints = _with_lines(late.values_list("pk", flat=True))
    people = _concerned(complaints, at=start_of(day)) if complaints else {}
    for complaint in complaints:
        facts = {
            **_facts(complaint),
            "complaint": complaint.pk,
            "expects": complaint.expects,
            "day": complaint.due_date.isoformat(),
        }
        for person in people[complaint.pk]:
            yield News(person, COMPLAINT_LATE, _address(complaint), facts)


def _address(complaint: Complaint) -> str:
    return f"{address_of(complaint.receipt_line.receipt)}#rad-{complaint.receipt_line_id}"


def _with_lines(ids: Any) -> list[Complaint]:
    complaints = Complaint.objects.filter(pk__in=list(ids)).select_related(
        "receipt_line__receipt",
        "receipt_line__allocation__order_line__order__supplier",
        "receipt_line__allocation__line__requisition",
        "receipt_line__allocation__line__category",
    )
    return list(complaints.order_by("pk"))


def _concerned(complaints: Sequence[Complaint], *, at: datetime) -> dict[int, list[int]]:
    """By the complaint's id."""
    lines: list[RequisitionLine] = [each.receipt_line.allocation.line for each in complaints]
    answering = those_who_answer(lines, at=at)
    return {
        each.pk: sorted({each.receipt_line.receipt.received_by_id, answering.get(line.pk, 0)} - {0})
        for each, line in zip(complaints, lines, strict=True)
    }


def _facts(complaint: Complaint) -> dict[str, Any]:
    row = complaint.receipt_line
    return {
        "supplier": row.allocation.order_line.order.supplier.name,
        "what": row.allocation.order_line.description,
        "quantity": str(complaint.quantity),
        "unit": row.unit,
    }
