"""Direct awards at both doors: documented, and let pass the limit."""

from decimal import Decimal
from typing import Any

from agreements.models import Threshold, ThresholdKind
from procurement.models import AwardBid, AwardRecord, RequisitionLine
from procurement.operations import decisions, orders
from tests.api.door_worlds import free_text_line
from tests.api.doors import Act, Case
from tests.cast import ALWAYS, NOW, Cast

WRITTEN = {
    "diary_number": "RS 653-2021", "subject": "Gungor", "term": "Engångsköp", "competition": "none", "reasons": "Brådska",
}  # fmt: skip


def record(cast: Cast) -> AwardRecord:
    """An order of 200 kr for two swings, which is to be documented."""
    Threshold.objects.create(kind=ThresholdKind.DOCUMENTATION, value=200, valid_during=ALWAYS)
    line = free_text_line(cast)
    decisions.approve(lines=[line], supplier=cast.paper_supplier, by=cast.deputy, at=NOW).only()
    orders.consolidate(at=NOW, due_only=False)
    return AwardRecord.objects.get()


def above_limit(cast: Cast) -> RequisitionLine:
    """Two swings at 100 kr, where 150 kr may be awarded directly."""
    Threshold.objects.create(kind=ThresholdKind.DIRECT_AWARD, value=Decimal(150), valid_during=ALWAYS)
    return free_text_line(cast)


def at_record(**more: Any) -> Any:
    bid = {"supplier_name": "Kustpapper AB", "org_number": "556000-0002", "amount": "200"}
    body = {**WRITTEN, "estimated_amount": "200", "bids": [bid], **more}
    return lambda cast, award_record: (f"award-records/{award_record.pk}/document/", body)


def on_page(**more: Any) -> Any:
    rows = {
        "bids-TOTAL_FORMS": "1",
        "bids-INITIAL_FORMS": "0",
        "bids-MIN_NUM_FORMS": "0",
        "bids-MAX_NUM_FORMS": "30",
    }
    bid = {
        "bids-0-supplier_name": "Kustpapper AB", "bids-0-org_number": "556000-0002", "bids-0-amount": "200",
        "bids-0-was_asked": "on",
    }  # fmt: skip
    return lambda cast, award_record: (
        f"/direktupphandlingar/{award_record.pk}/",
        {**WRITTEN, "estimated_amount": "200", **rows, **bid, **more},
    )


def approving(**more: Any) -> Any:
    def act(cast: Cast, line: RequisitionLine) -> Act:
        body = {"supplier": cast.paper_supplier.pk, "unit_price": "100", **more}
        return f"lines/{line.pk}/approve/", body

    return act


def deciding(**more: Any) -> Any:
    def act(cast: Cast, line: RequisitionLine) -> Act:
        body = {"decision": "approve", "supplier": cast.paper_supplier.pk, "unit_price": "100", **more}
        return f"/rader/{line.pk}/besluta/", body

    return act


GROUND = {"exception_ground": "urgency", "exception_reason": "Gungorna är borta"}
ALSO = [AwardRecord, AwardBid]
AWARDS = [
    Case("document", record, "deputy", at_record(), on_page(), also=ALSO),
    Case("complete", record, "head", at_record(is_complete=True), on_page(complete="1"), also=ALSO),
    Case("complete", record, "head", at_record(is_complete=True, term=""), on_page(complete="1", term=""),
         "award_record_lacks", also=ALSO),
    Case("document", record, "head", at_record(diary_number="653"), on_page(diary_number="653"),
         "award_diary_number_unknown", also=ALSO),
    Case("approve above the limit", above_limit, "head", approving(**GROUND), deciding(**GROUND)),
    Case("approve above the limit", above_limit, "head", approving(), deciding(), "direct_award_exception_missing"),
]  # fmt: skip
