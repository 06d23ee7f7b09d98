"""The indicators of a report: counted from the lines, as of the last day, and nothing where there is nothing."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from catalog.models import Price
from procurement.models import (
    Allocation,
    AwardRecord,
    CancellationNotice,
    Complaint,
    Deviation,
    Expectation,
    SettlementOutcome,
)
from procurement.operations import receipts
from procurement.operations.complaints import settle_complaint
from procurement.operations.orders import cancel_order, send_order
from procurement.operations.receipts import ReceiptEntry
from reporting.models import FollowUpReport, Indicator, IndicatorTarget
from reporting.operations import reports
from tests import worlds
from tests.cast import NOW, TODAY, Cast
from tests.procurement.answering import LATER, sent
from tests.procurement.test_award_records import record_of
from tests.procurement.test_reducing import reduce
from tests.reporting import follow_ups, initiatives


def outturns(report: FollowUpReport, of: str = "now") -> dict[str, Any]:
    assert report.snapshot is not None
    return {each["key"]: each[of]["value"] for each in report.snapshot["indicators"]}


def of_2021(cast: Cast, through: date = TODAY) -> dict[str, Any]:
    report = follow_ups.requested(cast, year=2021, through_date=through)
    return outturns(reports.build_report(report=report, at=NOW))


def test_without_anything_every_indicator_is_missing_and_none_is_nought(cast: Cast) -> None:
    report = reports.build_report(
        report=follow_ups.requested(cast, year=2019, through_date=date(2019, 6, 30)), at=NOW
    )
    keys = {key for key, value in outturns(report).items() if value is not None}
    assert keys <= {"agreements_active", "agreements_ending", "agreements_near_ceiling", "agreements_long"}
    assert report.snapshot is not None
    assert all(each["now"]["why"] for each in report.snapshot["indicators"] if each["now"]["value"] is None)


def test_effects_and_costs_are_those_of_the_report(cast: Cast) -> None:
    report = follow_ups.frozen(cast)
    values = outturns(report)
    assert (values["full_year"], values["realised"], values["realised_total"]) == (
        "26140.00",
        "7710.00",
        "7710.00",
    )
    assert report.snapshot is not None
    assert values["cost"] == report.snapshot["cost"]["period"]["amount"]
    assert Decimal(values["net"]) == Decimal(values["realised"]) - Decimal(values["cost"])
    assert outturns(report, "before")["full_year"] is None


def test_coverage_and_loyalty_are_of_the_value_of_lines(cast: Cast) -> None:
    cast.agreement.valid_during = (date(2020, 1, 1), date(2024, 1, 1))
    cast.agreement.save()
    Price.objects.filter(agreement=cast.agreement).update(valid_during=(date(2020, 1, 1), None))
    agreed = Price.objects.get(item=cast.gloves, agreement=cast.agreement).unit_price
    initiatives.delivered(cast, date(2020, 3, 1), "640", "1.00", agreement=cast.agreement)
    initiatives.delivered(cast, date(2020, 3, 2), "1", str(agreed + 2), agreement=cast.agreement)
    initiatives.delivered(cast, date(2020, 3, 3), "200", "1.00")
    initiatives.delivered(cast, date(2020, 3, 4), "1", "100.00", item=cast.chair)
    report = reports.build_report(report=follow_ups.requested(cast), at=NOW)
    values = outturns(report)
    everything = Decimal(640 + 200 + 100) + agreed + 2
    covered = everything - 100
    assert Decimal(values["coverage"]) == round(100 * covered / everything, 1)
    assert Decimal(values["loyalty"]) == round(100 * Decimal(640) / covered, 1)
    assert (values["assortment"], values["articles"]) == ("100.0", "2")


def test_the_basket_is_fishers_index_of_what_was_bought_both_years(cast: Cast) -> None:
    initiatives.delivered(cast, date(2019, 5, 1), "1000", "10.00")
    initiatives.delivered(cast, date(2019, 5, 1), "500", "40.00", item=cast.gown)
    initiatives.delivered(cast, date(2020, 5, 1), "1500", "9.00")
    initiatives.delivered(cast, date(2020, 5, 1), "300", "42.00", item=cast.gown)
    initiatives.delivered(cast, date(2020, 5, 2), "7", "999.00", item=cast.chair)
    values = outturns(reports.build_report(report=follow_ups.requested(cast), at=NOW))
    assert values["basket"] == "98.3", "example D: Fisher 0,9832"


def test_direct_awards_are_documented_by_the_last_day_or_not(cast: Cast) -> None:
    report_day = TODAY - timedelta(days=1)
    worlds.ordered(cast, (cast.gloves, 1))
    values = of_2021(cast)
    assert (values["awards"], values["awards_documented"]) == ("0", None)
    assert of_2021(cast, report_day)["awards"] is None
    assert not AwardRecord.objects.exists()


def test_what_came_to_nothing_is_no_direct_award_from_that_day(cast: Cast) -> None:
    record = record_of(cast)
    send_order(order=record.order, at=NOW)
    assert of_2021(cast)["awards"] == "1"
    cancel_order(order=record.order, reason="Behövs inte", by=cast.head, at=NOW)
    assert of_2021(cast)["awards"] == "0"
    CancellationNotice.objects.update(requested_at=NOW + timedelta(days=2))
    assert of_2021(cast)["awards"] == "1"


def test_complaints_and_deliveries_are_those_of_the_day(cast: Cast) -> None:
    worlds.received(cast, (cast.gloves, 3))
    values = of_2021(cast)
    assert (values["open_complaints"], values["delivery_median"]) == ("0", "0")
    yesterday = of_2021(cast, TODAY - timedelta(days=1))
    assert (yesterday["open_complaints"], yesterday["delivery_median"]) == (None, None)


def came(cast: Cast, entry: ReceiptEntry) -> None:
    receipts.receive(key=uuid4(), department=cast.ward, entries=[entry], by=cast.colleague, at=LATER)


def test_a_complaint_that_the_page_has_as_ended_is_not_open_in_the_report(cast: Cast) -> None:
    """All that is wanted has come, though fewer than were ordered: needed no longer, or settled otherwise."""
    for number in (1, 2):
        order = sent(cast, (cast.gloves, 10))
        allocation = Allocation.objects.get(order_line__order=order)
        entry = ReceiptEntry(
            allocation.pk, Decimal(2), Deviation.DAMAGED, Decimal(3), "", Expectation.REPLACEMENT
        )
        came(cast, entry)
        if number == 1:
            reduce(order, {allocation.pk: Decimal(3)}, by=cast.manager)
        else:
            entry = ReceiptEntry(
                allocation.pk, Decimal(0), Deviation.WRONG, Decimal(5), "", Expectation.REPLACEMENT
            )
            came(cast, entry)
            settle_complaint(
                complaint=Complaint.objects.get(quantity=5),
                outcome=SettlementOutcome.NOT_COMING,
                reference="Finns inte",
                by=cast.colleague,
                at=LATER,
            )
        assert of_2021(cast)["open_complaints"] == str(Complaint.objects.open().count()) == "1"
        came(cast, ReceiptEntry(allocation.pk, Decimal(3)))
        assert of_2021(cast)["open_complaints"] == str(Complaint.objects.open().count()) == "0"


def test_targets_are_those_of_the_last_day(cast: Cast) -> None:
    for starts, ends, value in (
        (date(2020, 1, 1), date(2020, 12, 31), "70"),
        (date(2020, 12, 31), None, "75"),
    ):
        IndicatorTarget.objects.create(
            indicator=Indicator.LOYALTY,
            direction="at_least",
            value=Decimal(value),
            valid_during=(starts, ends),
        )
    report = follow_ups.frozen(cast)
    assert report.snapshot is not None
    targets = {each["key"]: each["target"] for each in report.snapshot["indicators"]}
    assert targets["loyalty"] == {"direction": "at_least", "value": "75.00"}
    assert targets["coverage"] is None
