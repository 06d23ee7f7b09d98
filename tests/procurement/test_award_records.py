"""The duty to document a direct award: when it arises, who carries it out, and that it stays as it was completed."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from agreements.models import Threshold, ThresholdKind
from audit.models import Entry
from core.addresses import address_of
from core.diary import both_notations
from core.errors import DomainError
from notices.models import Notice
from organizations.models import User
from procurement.award_records import AwardFacts, Bid, days_to_tell, due_date, is_documented, missing_fields
from procurement.documents.award_record import award_document, award_pdf, award_text
from procurement.models import AwardRecord, PurchaseOrder
from procurement.operations import decisions, orders
from procurement.operations.award_records import DiaryNumberUnknown, RecordLacks, document
from procurement.operations.morning_notices import tell_morning
from procurement.operations.putting_away import put_away_all
from procurement.permissions import AwardIsDocumented, NotYourAward
from tests import worlds
from tests.cast import ALWAYS, NOW, TODAY, Cast
from tests.pages import signed_in

FULL = AwardFacts(
    diary_number="RS 653-2021",
    subject="Två blodtrycksmanschetter",
    term="Engångsköp",
    estimated_amount=Decimal(1900),
    competition="asked",
    reasons="Lägst pris",
    bids=(Bid("Nordmedica AB", "556000-0001", amount=Decimal(1900)), Bid("Sydmedica AB", was_asked=True)),
)


def documented_from(amount: int) -> Threshold:
    return Threshold.objects.create(kind=ThresholdKind.DOCUMENTATION, value=amount, valid_during=ALWAYS)


def awarded(cast: Cast) -> PurchaseOrder:
    """An order of 1 900 kr under no agreement."""
    line = worlds.free_text(cast, "Blodtrycksmanschett", category=cast.medical)
    decisions.approve(lines=[line], supplier=cast.supplier, by=cast.manager, at=NOW)
    (awarded_order,) = [
        order for order in orders.consolidate(at=NOW, due_only=False) if order.agreement_id is None
    ]
    return awarded_order


def record_of(cast: Cast) -> AwardRecord:
    documented_from(1900)
    return AwardRecord.objects.get(order=awarded(cast))


def write(
    record: AwardRecord, by: User, facts: AwardFacts = FULL, *, is_complete: bool = True
) -> AwardRecord:
    return document(record=record, facts=facts, is_complete=is_complete, by=by, at=NOW)


# The rule.


@pytest.mark.parametrize(
    ("amount", "threshold", "is_due"),
    [(100, 100, True), (101, 100, True), (99, 100, False), (99, None, False)],
)
def test_is_documented(amount: int, threshold: int | None, is_due: bool) -> None:
    assert is_documented(Decimal(amount), None if threshold is None else Decimal(threshold)) is is_due


def test_the_clock_is_thirty_days() -> None:
    assert due_date(date(2021, 5, 18)) == date(2021, 6, 17)
    assert days_to_tell(date(2021, 5, 18)) == (date(2021, 5, 19), date(2021, 6, 10), date(2021, 6, 18))


def test_holes_of() -> None:
    assert missing_fields(FULL) == []
    assert missing_fields(AwardFacts()) == [
        "diary_number",
        "subject",
        "term",
        "estimated_amount",
        "competition",
        "reasons",
        "bids",
    ]


def test_both_notations() -> None:
    assert both_notations("RS 2020/1154") == "RS 2020/1154 (RS 1154-2020)"
    assert both_notations("") == ""


# The duty comes with the order.


def test_an_order_of_the_amount_under_no_agreement_is_to_be_documented(cast: Cast) -> None:
    record = record_of(cast)
    assert (record.contract_date, record.due_date, record.amount) == (
        TODAY,
        TODAY + timedelta(days=30),
        Decimal(1900),
    )
    assert (record.authority_name, record.authority_org_number) == ("Region Gotland", "212000-0803")
    assert (record.supplier_name, record.supplier_org_number) == ("Nordmedica AB", "556000-0001")
    assert (record.subject, record.estimated_amount) == ("Blodtrycksmanschett", Decimal(1900))
    assert not record.is_complete


def test_no_duty_below_the_amount_nor_under_an_agreement(cast: Cast) -> None:
    documented_from(1901)
    awarded(cast)
    worlds.ordered(cast, (cast.gloves, 100))
    assert not AwardRecord.objects.exists()


def test_the_ground_of_an_exception_comes_along(cast: Cast) -> None:
    documented_from(1000)
    Threshold.objects.create(kind=ThresholdKind.DIRECT_AWARD, value=1000, valid_during=ALWAYS)
    line = worlds.free_text(cast, "Blodtrycksmanschett", category=cast.medical)
    outcome = decisions.approve(
        lines=[line],
        supplier=cast.supplier,
        by=cast.head,
        at=NOW,
        exception_ground="urgency",
        exception_reason="Vattenskada",
    )
    assert outcome.done
    orders.consolidate(at=NOW, due_only=False)
    record = AwardRecord.objects.get()
    assert (record.exception_ground, record.reasons) == ("urgency", "Vattenskada")


def test_the_ground_of_an_approval_that_was_taken_back_does_not(cast: Cast) -> None:
    documented_from(1000)
    limit = Threshold.objects.create(kind=ThresholdKind.DIRECT_AWARD, value=1000, valid_during=ALWAYS)
    line = worlds.free_text(cast, "Blodtrycksmanschett", category=cast.medical)
    assert decisions.approve(
        lines=[line],
        supplier=cast.supplier,
        by=cast.head,
        at=NOW,
        exception_ground="urgency",
        exception_reason="Vattenskada",
    ).done
    decisions.undo(lines=[line], by=cast.head, at=NOW)
    Threshold.objects.filter(pk=limit.pk).update(value=5000)
    assert decisions.approve(lines=[line], supplier=cast.supplier, by=cast.manager, at=NOW).done
    orders.consolidate(at=NOW, due_only=False)
    record = AwardRecord.objects.get()
    assert (record.exception_ground, record.reasons) == ("", "")


# Who writes it.


@pytest.mark.parametrize("who", ["manager", "deputy", "head"])
def test_document_completes_it(cast: Cast, who: str) -> None:
    record = write(record_of(cast), getattr(cast, who))
    record.refresh_from_db()
    assert (record.is_complete, record.completed_by) == (True, getattr(cast, who))
    assert record.diary_number == "RS 2021/653"
    assert [bid.supplier_name for bid in record.bids.order_by("position")] == [
        "Nordmedica AB",
        "Sydmedica AB",
    ]
    assert Entry.objects.get(event="award.completed").details["diary_number"] == "RS 2021/653"


@pytest.mark.parametrize(
    "who", ["requester", "colleague", "stranger", "budget_holder", "controller", "auditor", "administrator"]
)
def test_document_is_denied(cast: Cast, who: str) -> None:
    with pytest.raises(NotYourAward):
        write(record_of(cast), getattr(cast, who))
    assert not AwardRecord.objects.get().bids.exists()


def test_document_may_be_saved_half_way(cast: Cast) -> None:
    record = record_of(cast)
    write(record, cast.manager, AwardFacts(term="Ett år", bids=(Bid("A"),)), is_complete=False)
    write(record, cast.manager, AwardFacts(term="Två år", bids=(Bid("B"),)), is_complete=False)
    record.refresh_from_db()
    assert (record.term, record.is_complete) == ("Två år", False)
    assert [bid.supplier_name for bid in record.bids.all()] == ["B"]
    assert Entry.objects.filter(event="award.documented").count() == 2


def test_document_says_what_is_lacking(cast: Cast) -> None:
    record = record_of(cast)
    with pytest.raises(RecordLacks, match="diarienummer, om konkurrens användes"):
        write(record, cast.manager, replace(FULL, diary_number="", competition=""))
    assert not AwardRecord.objects.get().is_complete


def test_document_reads_either_notation_and_no_other(cast: Cast) -> None:
    record = record_of(cast)
    with pytest.raises(DiaryNumberUnknown):
        write(record, cast.manager, AwardFacts(diary_number="653"), is_complete=False)


def test_what_is_complete_stays(cast: Cast) -> None:
    record = write(record_of(cast), cast.manager)
    with pytest.raises(AwardIsDocumented):
        write(record, cast.manager)
    for act in (
        lambda: AwardRecord.objects.update(reasons="Annat"),
        lambda: record.bids.update(amount=1),
        lambda: record.bids.all().delete(),
        lambda: AwardRecord.objects.all().delete(),
    ):
        with pytest.raises((IntegrityError, DomainError)), transaction.atomic():
            act()


def test_what_the_contract_says_is_frozen_from_the_start(cast: Cast) -> None:
    record_of(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        AwardRecord.objects.update(amount=1)


# Who sees it, and who is told.


def test_who_sees_it(cast: Cast) -> None:
    record_of(cast)
    viewers = {
        who
        for who in ("requester", "stranger", "budget_holder", "manager", "deputy", "office_deputy", "head",
                    "controller", "auditor", "administrator")
        if AwardRecord.objects.visible_to(getattr(cast, who), TODAY).exists()
    }  # fmt: skip
    assert viewers == {"manager", "deputy", "head", "controller", "auditor"}


def test_who_answers_is_told_on_its_days(cast: Cast) -> None:
    record = record_of(cast)
    counts = []
    for days in range(1, 35):
        tell_morning(at=NOW + timedelta(days=days))
        counts.append(Notice.objects.filter(recipient=cast.manager, kind="award_record").count())
    hows = list(
        Notice.objects.filter(kind="award_record").order_by("pk").values_list("facts__how", flat=True)
    )
    assert hows == ["new", "soon", "late"]
    assert Notice.objects.filter(kind="award_record").exclude(recipient=cast.manager).count() == 0
    write(record, cast.manager)


def test_nobody_is_told_of_what_is_complete(cast: Cast) -> None:
    write(record_of(cast), cast.manager)
    tell_morning(at=NOW + timedelta(days=1))
    assert not Notice.objects.filter(kind="award_record").exists()


# For the diary.


def test_what_came_to_nothing_is_documented_by_nobody(cast: Cast) -> None:
    record = record_of(cast)
    filters = {"kind": "award_record", "recipient": cast.manager, "read_at": None}
    tell_morning(at=NOW + timedelta(days=1))
    assert Notice.objects.filter(**filters).exists()
    orders.cancel_order(order=record.order, reason="Behövs inte", by=cast.head, at=NOW + timedelta(days=1))
    put_away_all(at=NOW + timedelta(days=1))
    assert not Notice.objects.filter(**filters).exists()
    for days in range(2, 35):
        tell_morning(at=NOW + timedelta(days=days))
    assert not Notice.objects.filter(**filters).exists()
    assert not AwardRecord.objects.to_complete().exists()
    client = signed_in(cast.manager)
    for address in (reverse("desk:direct_awards"), address_of(record)):
        page = client.get(address).content.decode()
        assert "Köpet blev inte av" in page
        assert "Skulle ha varit klar" not in page


def test_documents_say_everything(cast: Cast) -> None:
    record = write(record_of(cast), cast.manager)
    text = award_text(award_document(record)).replace("\xa0", " ")
    for part in (
        "RS 2021/653 (RS 653-2021)",
        "Region Gotland, 212000-0803",
        "Två blodtrycksmanschetter",
        "Engångsköp",
        "Ja, flera leverantörer tillfrågades",
        "Nordmedica AB; 556000-0001; tillfrågad; 1 900,00 kr",
        "Sydmedica AB; tillfrågad; inget anbud",
        "Lägst pris",
        "Karin Sundblad",
    ):
        assert part in text
    assert award_pdf(award_document(record)).startswith(b"%PDF")
