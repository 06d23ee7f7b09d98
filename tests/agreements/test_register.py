"""What the register of agreements holds by itself: drafts, holes, suppliers in their order, and who may call off."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from agreements.completeness import HOLES, WANTED
from agreements.models import (
    Agreement,
    AgreementAdministration,
    AgreementOption,
    AgreementSupplier,
    CallOffMethod,
    ConductLevel,
    Procedure,
    Supplier,
)
from agreements.operations import agreements as operations
from agreements.states import AgreementStatus
from catalog.models import Price
from catalog.pricing import best_prices
from categories.models import Category, CategoryAssignment
from core.diary import words_of
from core.errors import DomainError
from core.periods import add_months
from organizations.models import Administration, User
from procurement.market import offers
from registers.operations.rows import add_row, change_row
from registers.operations.writing import check_constraints
from registers.register import REGISTERS
from tests.cast import NOW, TODAY, Cast

FOUR_YEARS = DateRange(date(2020, 1, 1), date(2024, 1, 1))


def registered(cast: Cast, **facts: Any) -> Agreement:
    """A complete agreement, as the database keeps it."""
    complete: dict[str, Any] = {
        "number": "RA 7", "title": "Kläder", "category": cast.medical, "supplier": cast.supplier,
        "procedure": Procedure.OPEN, "valid_during": FOUR_YEARS, "ceiling_amount": Decimal(1000),
    }  # fmt: skip
    agreement = Agreement.objects.create(**complete | facts)
    return Agreement.objects.with_missing().get(pk=agreement.pk)


def holes(made: Agreement) -> list[str]:
    return [code for code in made.missing if code in HOLES]  # type: ignore[attr-defined]


def orphan() -> Category:
    """A category that nobody answers for."""
    category = Category.objects.create(code="99", tree_code="99", name="Övrigt", kind="goods")
    category.lineage = [category.pk]
    category.save()
    return category


def test_a_complete_agreement_is_active_when_it_is_registered(cast: Cast) -> None:
    agreement = registered(cast)
    assert (agreement.status, holes(agreement)) == (AgreementStatus.ACTIVE, [])


@pytest.mark.parametrize(
    ("facts", "hole"),
    [
        ({"ceiling_amount": 0}, "ceiling"),
        ({"valid_during": DateRange(date(2020, 1, 1), None)}, "end"),
        (
            {
                "valid_during": DateRange(date(2020, 1, 1), None),
                "until_further_notice": True,
                "long_term_reason": "Drift",
            },
            "end",
        ),
        ({"valid_during": DateRange(date(2020, 1, 1), date(2024, 1, 2))}, "long_term_reason"),
        ({"category": orphan}, "owner"),
    ],
)
def test_what_is_registered_with_a_hole_is_a_draft_and_cannot_be_activated(
    cast: Cast, facts: dict[str, Any], hole: str
) -> None:
    agreement = registered(cast, **{name: each() if callable(each) else each for name, each in facts.items()})
    assert (agreement.status, holes(agreement)) == (AgreementStatus.DRAFT, [hole])
    assert not agreement.is_orderable_on(TODAY)
    with pytest.raises(operations.AgreementLacks) as refusal:
        operations.activate(agreement=agreement, by=cast.head, at=NOW)
    assert str(HOLES[hole]) in str(refusal.value)
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.filter(pk=agreement.pk).update(status=AgreementStatus.ACTIVE)


def test_a_named_owner_is_enough_where_nobody_answers_for_the_category(cast: Cast) -> None:
    assert holes(registered(cast, category=orphan(), owner=cast.manager)) == []


def test_a_risk_category_asks_for_the_code_of_conduct_of_what_is_below_it(cast: Cast) -> None:
    Category.objects.filter(pk=cast.medical.pk).update(is_risk=True)
    facts = {"category": cast.gloves_category}
    assert registered(cast, **facts).status == AgreementStatus.DRAFT
    assert holes(registered(cast, number="RA 8", code_of_conduct_level=ConductLevel.NONE, **facts)) == [
        "risk"
    ]
    agreement = registered(cast, number="RA 9", code_of_conduct_level=ConductLevel.BASE, **facts)
    assert agreement.status == AgreementStatus.ACTIVE


def test_options_count_among_the_four_years(cast: Cast) -> None:
    agreement = registered(cast, valid_during=DateRange(date(2020, 1, 1), date(2023, 1, 1)))
    option = {"agreement": agreement, "decide_by_date": date(2022, 6, 1)}
    AgreementOption.objects.create(number=1, months=12, **option)
    with pytest.raises(IntegrityError, match="long_term"), transaction.atomic():
        AgreementOption.objects.create(number=2, months=1, **option)
    Agreement.objects.filter(pk=agreement.pk).update(long_term_reason="Inkörning i vården")
    AgreementOption.objects.create(number=2, months=1, **option)
    agreement.refresh_from_db()
    assert agreement.option_months == 13


def test_shares_are_a_hundred_per_cent_when_it_is_activated(cast: Cast) -> None:
    agreement = registered(cast, status=AgreementStatus.DRAFT, call_off_method=CallOffMethod.DISTRIBUTION_KEY)
    AgreementSupplier.objects.filter(agreement=agreement).update(share_percent=60)
    second = AgreementSupplier.objects.create(
        agreement=agreement, supplier=cast.paper_supplier, rank=2, share_percent=Decimal("39.99")
    )
    with pytest.raises(operations.AgreementLacks):
        operations.activate(agreement=agreement, by=cast.manager, at=NOW)
    AgreementSupplier.objects.filter(pk=second.pk).update(share_percent=40)
    assert operations.activate(agreement=agreement, by=cast.manager, at=NOW).status == AgreementStatus.ACTIVE


def test_every_code_of_what_is_missing_has_its_words(cast: Cast) -> None:
    bare = registered(cast, ceiling_amount=0, category=orphan(), call_off_method=CallOffMethod.RANKING)
    assert set(bare.missing) <= {*HOLES, *WANTED}  # type: ignore[attr-defined]
    assert bare.complete_percent == 100 * (14 - len(bare.missing)) // 14  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname IN ('agreement_holes', 'agreement_missing')")
        sql = " ".join(source for (source,) in cursor.fetchall())
    assert all(f"THEN '{code}'" in sql for code in {**HOLES, **WANTED})
    assert len(HOLES) + len(WANTED) == 14


def suppliers(made: Agreement) -> list[tuple[int, int]]:
    return list(made.suppliers.in_order().values_list("rank", "supplier_id"))


def test_the_supplier_is_the_first_in_rank_whichever_is_changed(cast: Cast) -> None:
    agreement = registered(cast)
    first, second = cast.supplier.pk, cast.paper_supplier.pk
    assert suppliers(agreement) == [(1, first)]
    AgreementSupplier.objects.create(agreement=agreement, supplier=cast.paper_supplier, rank=2)
    with transaction.atomic():
        agreement.suppliers.filter(supplier=first).update(rank=2)
        agreement.suppliers.filter(supplier=second).update(rank=1)
        check_constraints()
    agreement.refresh_from_db()
    assert agreement.supplier_id == second
    assert suppliers(agreement) == [(1, second), (2, first)]


def let_nobody_be_first(made: Agreement) -> None:
    made.suppliers.update(rank=2)
    check_constraints()


def test_an_agreement_always_has_a_first_supplier(cast: Cast) -> None:
    agreement = registered(cast)
    with pytest.raises(IntegrityError, match="no first supplier"), transaction.atomic():
        let_nobody_be_first(agreement)


def test_ranked_suppliers_are_asked_in_their_order_though_the_next_is_cheaper(cast: Cast) -> None:
    agreement = registered(cast, call_off_method=CallOffMethod.RANKING)
    AgreementSupplier.objects.create(agreement=agreement, supplier=cast.paper_supplier, rank=2)
    Price.objects.filter(item=cast.chair).delete()
    during = DateRange(date(2020, 1, 1), None)
    for seller, price in ((cast.paper_supplier, 10), (cast.supplier, 20)):
        Price.objects.create(
            item=cast.chair, agreement=agreement, supplier=seller, unit_price=price, valid_during=during
        )
    assert sold_by(cast) == cast.supplier
    Supplier.objects.filter(pk=cast.supplier.pk).update(blocked_reason="Konkurs")
    assert sold_by(cast) == cast.paper_supplier, "the next in rank, when the first cannot deliver"


def sold_by(cast: Cast) -> Supplier:
    price = best_prices([cast.chair.pk], day=TODAY).get(cast.chair.pk)
    assert price is not None
    return price.supplier


def other_administration(cast: Cast) -> Administration:
    return Administration.objects.create(
        authority=cast.administration.authority, code="SOF", name="Socialförvaltningen"
    )


def test_database_and_gate_say_the_same_of_who_may_call_off(cast: Cast) -> None:
    other = other_administration(cast)
    cases: list[list[Administration]] = [[], [other], [cast.administration], [cast.administration, other]]
    for number, allowed in enumerate(cases):
        agreement = registered(cast, number=f"RA 1{number}")
        for each in allowed:
            AgreementAdministration.objects.create(agreement=agreement, administration=each)
        agreement.refresh_from_db()
        for asking in (cast.administration, other):
            in_sql = Agreement.objects.filter(pk=agreement.pk).open_to([asking.pk]).exists()
            assert in_sql is agreement.is_open_to(asking.pk) is (not allowed or asking in allowed)
        AgreementAdministration.objects.filter(agreement=agreement).delete()
        agreement.refresh_from_db()
        assert agreement.open_to == []


@pytest.mark.parametrize("status", AgreementStatus)
@pytest.mark.parametrize("days", [-1, 0, 1])
def test_database_and_object_say_the_same_of_what_can_be_ordered_from(
    cast: Cast, status: AgreementStatus, days: int
) -> None:
    agreement = Agreement(
        status=status, valid_during=DateRange(date(2020, 1, 1), TODAY + timedelta(days=days))
    )
    if status != AgreementStatus.CEILING_REACHED:
        Agreement.objects.filter(pk=cast.agreement.pk).update(
            status=status, valid_during=agreement.valid_during
        )
        assert Agreement.objects.orderable_on(TODAY).exists() is agreement.is_orderable_on(TODAY)
        priced = cast.gloves.pk in best_prices([cast.gloves.pk], day=TODAY)
        assert priced is agreement.is_orderable_on(TODAY)


def test_an_administration_is_shown_only_the_prices_that_it_may_use(cast: Cast) -> None:
    other, ours = other_administration(cast), [cast.administration.pk]
    gloves, chair = cast.gloves.pk, cast.chair.pk
    assert gloves in offers([gloves], day=TODAY, administrations=ours)
    AgreementAdministration.objects.create(agreement=cast.agreement, administration=other)
    for prices in (offers, best_prices):
        assert gloves not in prices([gloves], day=TODAY, administrations=ours)
        assert gloves in prices([gloves], day=TODAY, administrations=[*ours, other.pk])
        assert gloves in prices([gloves], day=TODAY)
        assert chair in prices([chair], day=TODAY, administrations=ours), "outside agreements is for all"


ROW = {
    "number": "RA 2021-1", "title": "Kaffe", "category": "10", "supplier": "556000-0001", "procedure": "open",
    "from_date": "2021-05-01", "through_date": "2025-04-30", "ceiling_amount": "1000", "estimated_amount": "900",
}  # fmt: skip


def added(by: User, **cells: str) -> Agreement:
    row = add_row(register=REGISTERS["agreements"], cells=ROW | cells, by=by, at=NOW)
    return Agreement.objects.with_missing().get(pk=row)


@pytest.mark.parametrize("written", ["RS 2020/1154", "RS 1154-2020", " rs  2020/01154"])
def test_both_ways_of_writing_a_diary_number_are_one(cast: Cast, written: str) -> None:
    assert added(cast.manager, diary_number=written).diary_number == "RS 2020/1154"


def test_what_is_no_diary_number_is_refused(cast: Cast) -> None:
    with pytest.raises(DomainError) as refusal:
        added(cast.manager, diary_number="1154")
    assert "RS 2020/1154 eller RS 1154-2020" in str(refusal.value.by_column["diary_number"])  # type: ignore[attr-defined]
    with pytest.raises(IntegrityError, match="agreement_diary_number"), transaction.atomic():
        Agreement.objects.update(diary_number="RS 1154-2020")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("rs 1154-2020", ["RS 2020/1154"]),
        ("Handskar RS 2020/653 nitril", ["Handskar", "RS 2020/653", "nitril"]),
        ("RA 2020-014", ["RA", "2020-014"]),
        ("nitril blå", ["nitril", "blå"]),
        ("", []),
    ],
)
def test_a_diary_number_is_one_word_of_a_search(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def test_a_row_with_a_hole_becomes_a_draft_with_the_hole_named(cast: Cast) -> None:
    assert added(cast.manager).status == AgreementStatus.ACTIVE
    agreement = added(cast.manager, number="RA 2021-2", ceiling_amount="", through_date="")
    assert (agreement.status, holes(agreement)) == (AgreementStatus.DRAFT, ["ceiling", "end"])
    assert added(cast.manager, number="RA 2021-3", status="Utkast").status == AgreementStatus.DRAFT


def test_an_active_agreement_is_not_emptied_of_what_it_must_have(cast: Cast) -> None:
    for cells, code in (
        ({"ceiling_amount": ""}, "agreement_has_no_ceiling"),
        ({"through_date": ""}, "agreement_has_no_end"),
        ({"through_date": "2026-01-01"}, "long_term_has_no_reason"),
    ):
        with pytest.raises(DomainError) as refusal:
            change_row(
                register=REGISTERS["agreements"],
                row_id=cast.agreement.pk,
                cells=cells,
                by=cast.manager,
                at=NOW,
            )
        assert refusal.value.code == code


def test_a_price_is_of_any_of_the_agreements_suppliers_and_of_no_other(cast: Cast) -> None:
    price = {
        "item": cast.chair.number, "agreement": cast.agreement.number, "unit_price": "10",
        "supplier": cast.paper_supplier.org_number, "from_date": "2021-01-01",
    }  # fmt: skip
    CategoryAssignment.objects.filter(category=cast.office).update(manager=cast.manager)
    with pytest.raises(DomainError):
        add_row(register=REGISTERS["prices"], cells=price, by=cast.manager, at=NOW)
    cells = {"agreement": cast.agreement.number, "supplier": cast.paper_supplier.org_number, "rank": "2"}
    add_row(register=REGISTERS["agreement_suppliers"], cells=cells, by=cast.manager, at=NOW)
    assert add_row(register=REGISTERS["prices"], cells=price, by=cast.manager, at=NOW)


def years(first: date, months: int) -> DateRange:
    """So many months from a day."""
    return DateRange(first, add_months(first, months))


@pytest.mark.parametrize(
    ("law", "first", "longest"),
    [
        ("lou", date(2008, 1, 1), 48),
        ("lou", date(2007, 12, 31), None),
        ("luf", date(2017, 1, 1), 96),
        ("luf", date(2016, 12, 31), None),
        ("lufs", date(2011, 11, 1), 84),
        ("lufs", date(2011, 10, 31), None),
        ("luk", date(2017, 1, 1), 60),
        ("lov", date(2020, 1, 1), None),
    ],
)
def test_each_law_has_its_longest_term_with_options_and_until_further_notice_counted(
    cast: Cast, law: str, first: date, longest: int | None
) -> None:
    """LOU 7:2 four years, LUF 7:2 eight, LUFS (2009/81, 29.2) seven, LUK (2014/23, 18) five; LOV none."""
    CategoryAssignment.objects.update(valid_during=DateRange(date(2000, 1, 1), None))
    months = longest or 600
    AgreementOption.objects.create(
        agreement=registered(cast, law=law, valid_during=years(first, months - 6)),
        number=1, months=6, decide_by_date=first,
    )  # fmt: skip
    expected = [] if longest is None else ["long_term_reason"]
    for number, facts in enumerate(
        (
            {"valid_during": DateRange(first, add_months(first, months) + timedelta(days=1))},
            {"valid_during": DateRange(first, None), "until_further_notice": True, "notice_months": 6},
        )
    ):
        agreement = registered(cast, number=f"RA 8{number}", law=law, **facts)
        assert holes(agreement) == expected
        assert (
            holes(registered(cast, number=f"RA 9{number}", law=law, long_term_reason="Skäl", **facts)) == []
        )
    if longest is not None:
        with pytest.raises(IntegrityError, match="long_term"), transaction.atomic():
            AgreementOption.objects.create(
                agreement=Agreement.objects.get(number="RA 7"), number=2, months=1, decide_by_date=first
            )
