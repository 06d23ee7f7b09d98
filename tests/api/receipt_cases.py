"""Taking back, sending back and complaints, as said at each door."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from procurement.models import Allocation, Complaint, Deviation, Expectation, Receipt
from procurement.operations import receipts
from tests import worlds
from tests.api.doors import Act, Case
from tests.cast import NOW, Cast

KEY = UUID("6a1f4f0e-58c8-4b8e-9f0e-000000000002")


def received(cast: Cast) -> Receipt:
    return worlds.received(cast)


def damaged(cast: Cast) -> Complaint:
    worlds.ordered(cast)
    entry = receipts.ReceiptEntry(
        Allocation.objects.get().pk, Decimal(8), Deviation.DAMAGED, Decimal(2), "", Expectation.CREDIT
    )
    receipts.receive(key=uuid4(), department=cast.ward, entries=[entry], by=cast.colleague, at=NOW)
    return Complaint.objects.get()


def taken_at_api(cast: Cast, made: Receipt) -> Act:
    return f"receipts/{made.pk}/take-back/", {
        "key": str(KEY),
        "reason": "Fel order",
        "rows": [made.lines.get().pk],
    }


def taken_at_web(cast: Cast, made: Receipt) -> Act:
    fields = {"key": str(KEY), "reason": "Fel order", "rows": [made.lines.get().pk]}
    return f"/ta-emot/mottagningar/{made.pk}/ta-tillbaka/", fields


def sent_at_api(quantity: str) -> Callable[[Cast, Any], Act]:
    def act(cast: Cast, receipt: Receipt) -> Act:
        rows = [{"row": receipt.lines.get().pk, "quantity": quantity}]
        body = {"key": str(KEY), "reason": "Passar inte", "expects": "replacement", "rows": rows}
        return f"receipts/{receipt.pk}/send-back/", body

    return act


def sent_at_web(quantity: str) -> Callable[[Cast, Any], Act]:
    def act(cast: Cast, receipt: Receipt) -> Act:
        fields = {
            "key": str(KEY), "reason": "Passar inte", "expects": "replacement", f"row-{receipt.lines.get().pk}": quantity,
        }  # fmt: skip
        return f"/ta-emot/mottagningar/{receipt.pk}/skicka-tillbaka/", fields

    return act


def settled_at_api(outcome: str, reference: str) -> Callable[[Cast, Any], Act]:
    body = {"outcome": outcome, "reference": reference}
    return lambda cast, complaint: (f"complaints/{complaint.pk}/settle/", body)


def settled_at_web(outcome: str, reference: str) -> Callable[[Cast, Any], Act]:
    fields = {"outcome": outcome, "reference": reference}
    return lambda cast, complaint: (f"/ta-emot/reklamationer/{complaint.pk}/", fields)


RECEIPTS = [
    Case("take back", received, "colleague", taken_at_api, taken_at_web),
    Case("take back", received, "auditor", taken_at_api, taken_at_web, "not_your_department"),
    Case("take back", lambda cast: damaged(cast).receipt_line.receipt, "colleague", taken_at_api, taken_at_web),
    Case("send back", received, "colleague", sent_at_api("2"), sent_at_web("2")),
    Case("send back", received, "colleague", sent_at_api("11"), sent_at_web("11"), "more_than_received"),
    Case("settle", damaged, "requester", settled_at_api("done", "K 17"), settled_at_web("done", "K 17")),
    Case("settle", damaged, "requester", settled_at_api("not_coming", ""), settled_at_web("not_coming", ""),
         "settlement_reason_missing"),
    Case("settle", damaged, "auditor", settled_at_api("done", ""), settled_at_web("done", ""),
         "not_your_department"),
]  # fmt: skip
