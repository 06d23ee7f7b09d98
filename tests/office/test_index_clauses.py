"""Index clauses from their registers to prices that wait for a decision: once for each day, with why, and never guessed."""

import csv
import io
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Count
from pytest_django import DjangoAssertNumQueries

from agreements.models import (
    Agreement,
    AgreementSupplier,
    IndexClause,
    IndexSeries,
    IndexValue,
    PriceClause,
)
from audit.models import Entry
from catalog.models import IndexAdjustment, Price, PriceProposal, ProposedPrice
from catalog.operations import price_decisions, price_proposals
from catalog.operations.index_adjustments import propose_by_index
from catalog.states import PriceProposalStatus
from core.errors import DomainError
from core.periods import add_months
from notices.models import Notice
from office.operations.indexing import propose_due
from organizations.models import User
from registers.models import Change
from registers.operations.applying import apply_import
from registers.operations.imports import request_import, run_import
from registers.operations.rows import add_row, change_row
from registers.register import REGISTERS
from tests import worlds
from tests.agreements.test_indexing import CPI_U
from tests.cast import NOW, TODAY, Cast, many_items
from tests.races import race
from tests.registers.files import xlsx

FROM = date(2021, 7, 1)
"""The cast's 18 May is within thirty days of the last day to ask, which is 1 June."""


def entered(register: str, by: User, /, **cells: str) -> int:
    return add_row(register=REGISTERS[register], cells=cells, by=by, at=NOW)


def cpi_u() -> list[tuple[date, str, date]]:
    """CPI-U by month, each published the fifteenth of the next."""
    with CPI_U.open() as file:
        rows = [(date.fromisoformat(f"{row['month']}-01"), row["value"]) for row in csv.DictReader(file)]
    return [(month, value, add_months(month, 1).replace(day=15)) for month, value in rows]


@pytest.fixture
def clause(cast: Cast) -> IndexClause:
    """Eighty per cent of the price follows CPI-U, each July by March, at most two per cent up; asked for thirty days before."""
    Agreement.objects.filter(pk=cast.agreement.pk).update(price_clause=PriceClause.INDEX)
    series = IndexSeries.objects.create(code="CPI-U", name="Konsumentpriser", base="1982–84 = 100")
    IndexValue.objects.bulk_create(
        IndexValue(series=series, month=month, value=value, published_date=published)
        for month, value, published in cpi_u()
    )
    clause_id = entered(
        "index_clauses", cast.manager, agreement=cast.agreement.number, series="CPI-U", base_month="2020-03",
        share_percent="80", cap_percent="2", interval_months="12", lag_months="4", notice_days="30",
        first_date=FROM.isoformat(), from_date="2020-07-01",
    )  # fmt: skip
    return IndexClause.objects.get(pk=clause_id)


def run(at: datetime = NOW) -> list[PriceProposal]:
    propose_due(at=at)
    return list(PriceProposal.objects.order_by("pk"))


def test_values_come_in_as_a_workbook_of_months(cast: Cast) -> None:
    """As a month, as a day of it, and as the statistics office writes it; the same file again changes nothing."""
    entered(
        "index_series", cast.head, code="CPI-U", name="Konsumentpriser", source="BLS", base="1982–84 = 100"
    )
    rows = [["CPI-U", f"{month:%Y-%m}", float(value), published] for month, value, published in cpi_u()]
    rows[0][1], rows[1][1], rows[2][1] = date(2018, 1, 31), "2018M02", "mars 2018"
    content = xlsx([["Prisindex", "Månad", "Indextal", "Publicerat"], *rows])
    for kind in ("new", "unchanged"):
        of_import = request_import(
            register=REGISTERS["index_values"],
            file_name="cpi.xlsx",
            content=io.BytesIO(content),
            by=cast.head,
            at=NOW,
        )
        run_import(of_import=of_import, at=NOW)
        assert dict(
            Change.objects.filter(of_import=of_import).values_list("kind").annotate(n=Count("pk"))
        ) == ({kind: 60})
        apply_import(of_import=of_import, by=cast.head, at=NOW)
    values = IndexValue.objects.order_by("month").values_list("month", "value", "published_date")
    assert list(values) == [(month, Decimal(value), published) for month, value, published in cpi_u()]


def test_prices_are_proposed_by_index_with_their_effect_and_why(cast: Cast, clause: IndexClause) -> None:
    """March: 258.115 → 264.877 is 2.6198 %, 80 % of it 2.0958 %, and the clause lets prices rise by 2 %: 58.00 → 59.16."""
    worlds.received(cast, (cast.gloves, 10), at=NOW - timedelta(days=1))
    (proposal,) = run()
    assert (proposal.from_date, proposal.supplier, proposal.registered_by) == (FROM, cast.supplier, None)
    assert (proposal.status, proposal.index_clause) == (PriceProposalStatus.PROPOSED, clause)
    gloves, gown = proposal.rows.order_by("price__item__number")
    assert {row.price.item: (row.old_price, row.new_price) for row in (gloves, gown)} == {
        cast.gloves: (Decimal(58), Decimal("59.16")),
        cast.gown: (Decimal(149), Decimal("151.98")),
    }
    of_gloves = proposal.rows.get(price__item=cast.gloves)
    assert (of_gloves.annual_quantity, of_gloves.annual_effect) == (Decimal(10), Decimal("11.60"))
    why = proposal.index_adjustment
    assert (why.base_month, why.base_value) == (date(2020, 3, 1), Decimal("258.115"))
    assert (why.month, why.value) == (date(2021, 3, 1), Decimal("264.877"))
    assert (why.change_percent, why.percent, why.is_capped) == (Decimal("2.0958"), Decimal(2), True)
    assert proposal.reason == (
        "CPI-U (1982–84 = 100) gick från 258,115 i mars\u00a02020 till 264,877 i mars\u00a02021. "
        "80\u00a0% av priset följer, vilket ger +2,10\u00a0%. Klausulen höjer med högst 2,00\u00a0%. "
        "Den som vill ha ändringen ska begära den senast 2021-06-01."
    )
    (notice,) = Notice.objects.filter(kind="price_proposals_waiting")
    assert notice.recipient == cast.manager
    (entry,) = Entry.objects.about(proposal)
    assert (entry.event, entry.by_name, entry.by_id) == ("price_proposal.registered", "Rauk", None)


def test_a_day_has_one_proposal_however_often_it_is_looked_for(cast: Cast, clause: IndexClause) -> None:
    assert len(run()) == 1
    assert len(run(NOW + timedelta(days=1))) == 1
    rejected = price_decisions.reject_prices(
        proposal=PriceProposal.objects.get(), reason="Inte begärt", by=cast.manager, at=NOW
    )
    assert run() == [rejected]
    with pytest.raises(IntegrityError, match="once_of_a_clause_and_day"), transaction.atomic():
        PriceProposal.objects.create(
            agreement=cast.agreement, supplier=cast.supplier, index_clause=clause,
            from_date=FROM, reason="Igen", registered_at=NOW,
        )  # fmt: skip


def test_what_is_withdrawn_is_computed_anew_from_the_prices_of_the_day(
    cast: Cast, clause: IndexClause
) -> None:
    (first,) = run()
    Price.objects.filter(item=cast.gloves).update(unit_price=60)
    with pytest.raises(DomainError) as refusal:
        price_decisions.approve_prices(proposal=first, by=cast.manager, at=NOW)
    assert refusal.value.code == "price_has_changed"
    price_proposals.withdraw_prices(proposal=first, by=cast.manager, at=NOW)
    _first, second = run()
    assert second.rows.get(price__item=cast.gloves).new_price == Decimal("61.20")


def test_the_manager_decides_and_the_next_year_goes_on_from_there(cast: Cast, clause: IndexClause) -> None:
    """The month that was compared with is the base of the next: March 2021 → March 2022 is 264.877 → 287.504."""
    (first,) = run()
    price_decisions.approve_prices(proposal=first, by=cast.manager, at=NOW)
    later = NOW.replace(year=2022, month=6)
    _first, second = run(later)
    assert (second.from_date, second.index_adjustment.base_month) == (date(2022, 7, 1), date(2021, 3, 1))
    assert second.index_adjustment.change_percent == Decimal("6.8340")
    assert second.rows.get(price__item=cast.gloves).old_price == Decimal("59.16")


def test_prices_that_were_approved_in_part_go_on_from_there(cast: Cast, clause: IndexClause) -> None:
    """Two years later the month is that of the part that was approved, also for what was let go."""
    (first,) = run()
    gloves = first.rows.get(price__item=cast.gloves)
    price_decisions.approve_prices(proposal=first, rows=[gloves.pk], by=cast.manager, at=NOW)
    price_decisions.reject_prices(proposal=first, reason="För dyrt", by=cast.manager, at=NOW)
    assert len(run()) == 2
    later = run(NOW.replace(year=2022, month=6))[-1]
    assert later.index_adjustment.base_month == date(2021, 3, 1)
    assert {row.old_price for row in later.rows.all()} == {Decimal("59.16"), Decimal(149)}


def test_a_change_that_was_rejected_counts_the_next_time(cast: Cast, clause: IndexClause) -> None:
    price_decisions.reject_prices(proposal=run()[0], reason="Inte begärt", by=cast.manager, at=NOW)
    _first, second = run(NOW.replace(year=2022, month=6))
    assert second.index_adjustment.base_month == date(2020, 3, 1)


def test_breaks_order_units_and_each_supplier_follow(cast: Cast, clause: IndexClause) -> None:
    AgreementSupplier.objects.create(agreement=cast.agreement, supplier=cast.paper_supplier, rank=2)
    facts = {
        "item": cast.gloves,
        "agreement": cast.agreement,
        "valid_during": DateRange(date(2018, 1, 1), None),
    }
    Price.objects.create(**facts, supplier=cast.supplier, unit_price=50, minimum_quantity=100)
    carton = {"order_unit": "kartong", "units_per_order_unit": 1000}
    Price.objects.create(**facts, **carton, supplier=cast.supplier, unit_price=500)
    Price.objects.create(**facts, supplier=cast.paper_supplier, unit_price=70)
    first, second = run()
    assert sorted(row.new_price for row in first.rows.all()) == [51, Decimal("59.16"), Decimal("151.98"), 510]
    assert (second.supplier, second.rows.get().new_price) == (cast.paper_supplier, Decimal("71.40"))


def test_a_fall_is_proposed_too_and_not_held_by_the_cap(cast: Cast, clause: IndexClause) -> None:
    IndexValue.objects.filter(month=date(2021, 3, 1)).update(value=Decimal("232.3035"))
    (proposal,) = run()
    assert proposal.index_adjustment.percent == Decimal(-8)
    assert proposal.rows.get(price__item=cast.gloves).new_price == Decimal("53.36")


def test_a_small_change_waits_for_the_next_time(cast: Cast, clause: IndexClause) -> None:
    IndexClause.objects.update(threshold_percent=3, cap_percent=5)
    assert run() == []
    assert run(NOW.replace(year=2022, month=6))[0].index_adjustment.base_month == date(2020, 3, 1)


def test_a_month_that_is_not_published_yet_is_waited_for(cast: Cast, clause: IndexClause) -> None:
    IndexValue.objects.filter(month=date(2021, 3, 1)).update(published_date=TODAY + timedelta(days=1))
    assert run() == []
    assert len(run(NOW + timedelta(days=1))) == 1


@pytest.mark.parametrize(
    ("change", "at"),
    [
        ({}, NOW.replace(day=1)),
        ({}, NOW.replace(month=7, day=1)),
        ({"valid_during": DateRange(date(2020, 7, 1), date(2021, 6, 1))}, NOW),
        ({"first_date": date(2021, 9, 1)}, NOW),
    ],
)
def test_nothing_is_proposed_before_and_after_its_time(
    cast: Cast, clause: IndexClause, change: dict[str, Any], at: datetime
) -> None:
    if change:
        IndexClause.objects.update(**change)
    assert run(at) == []


@pytest.mark.parametrize("change", [{"price_clause": PriceClause.FIXED}, {"status": "ended"}])
def test_nothing_is_proposed_under_an_agreement_that_is_over_or_fixed(
    cast: Cast, clause: IndexClause, change: dict[str, Any]
) -> None:
    Agreement.objects.filter(pk=cast.agreement.pk).update(**change)
    assert run() == []


def test_one_that_fails_holds_up_no_other(cast: Cast, clause: IndexClause) -> None:
    """A price that would be absurd stops its supplier's prices, and no other's."""
    AgreementSupplier.objects.create(agreement=cast.agreement, supplier=cast.paper_supplier, rank=2)
    facts = {
        "item": cast.gown,
        "agreement": cast.agreement,
        "valid_during": DateRange(date(2018, 1, 1), None),
    }
    Price.objects.create(**facts, supplier=cast.paper_supplier, unit_price=70)
    Price.objects.filter(item=cast.gloves).update(unit_price=Decimal(99_999_999))
    (proposal,) = run()
    assert proposal.supplier == cast.paper_supplier


def test_the_number_of_questions_does_not_grow_with_the_prices(
    cast: Cast, clause: IndexClause, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    many_items(cast, 300)
    with django_assert_max_num_queries(20):
        propose_by_index(
            clause=clause, supplier=cast.supplier, from_date=FROM, volumes=lambda _items: {}, at=NOW
        )
    assert ProposedPrice.objects.count() == 302


@pytest.mark.django_db(transaction=True)
def test_two_that_look_at_once_propose_once(cast: Cast, clause: IndexClause) -> None:
    assert sorted(race(lambda: propose_due(at=NOW), lambda: propose_due(at=NOW))) == [0, 1]
    assert (PriceProposal.objects.count(), IndexAdjustment.objects.count()) == (1, 1)


def test_a_clause_that_prices_were_proposed_by_is_ended_and_not_changed(
    cast: Cast, clause: IndexClause
) -> None:
    register = REGISTERS["index_clauses"]
    change_row(register=register, row_id=clause.pk, cells={"share_percent": "81"}, by=cast.manager, at=NOW)
    run()
    with pytest.raises(DomainError) as refusal:
        change_row(
            register=register, row_id=clause.pk, cells={"share_percent": "80"}, by=cast.manager, at=NOW
        )
    assert "Lägg in en ny rad" in str(refusal.value)
    entered(
        "index_clauses", cast.manager, agreement=cast.agreement.number, series="CPI-U", base_month="2021-03",
        first_date="2022-07-01", from_date="2021-08-01",
    )  # fmt: skip
    clause.refresh_from_db()
    assert (clause.share_percent, clause.valid_during.upper) == (Decimal(81), date(2021, 8, 1))


IMPOSSIBLE = [
    ({"share_percent": "0"}, "Andelen ska vara större än 0"),
    ({"share_percent": "100,01"}, "Andelen ska vara större än 0"),
    ({"threshold_percent": "101"}, "Andelen ska vara större än 0"),
    ({"cap_percent": "0"}, "Högsta höjning ska vara större än 0"),
    ({"cap_percent": "2", "threshold_percent": "2,5"}, "Högsta höjning ska vara större än 0"),
    ({"interval_months": "0"}, "Prisändring kan ske"),
    ({"lag_months": "25", "first_date": "2024-01-01"}, "Prisändring kan ske"),
    ({"notice_days": "367"}, "Prisändring kan ske"),
    ({"base_month": "2021-03"}, "ska vara senare än basmånaden"),
    ({"base_month": "2021-08"}, "ska vara senare än basmånaden"),
    ({"from_date": "2021-08-01"}, "kan inte vara före klausulens första dag"),
    ({"base_month": "mars"}, "är ingen månad"),
    ({"base_month": "2021-13"}, "är ingen månad"),
    ({"series": "PPI"}, "PPI"),
]


def test_a_clause_that_cannot_be_is_refused_with_its_sentence(cast: Cast, clause: IndexClause) -> None:
    IndexClause.objects.all().delete()
    facts = {
        "agreement": cast.agreement.number, "series": "CPI-U", "base_month": "2020-03", "lag_months": "4",
        "first_date": "2021-07-01", "from_date": "2020-07-01",
    }  # fmt: skip
    for cells, sentence in IMPOSSIBLE:
        with pytest.raises(DomainError) as refusal:
            entered("index_clauses", cast.manager, **(facts | cells))
        assert sentence in str(refusal.value)
    assert entered("index_clauses", cast.manager, **facts)


def test_a_series_goes_on_by_a_month_and_never_as_itself(cast: Cast, clause: IndexClause) -> None:
    facts = {"name": "Konsumentpriser", "source": "BLS", "base": "2020 = 100"}
    with pytest.raises(DomainError) as refusal:
        entered("index_series", cast.head, code="CPI20", continues="CPI-U", **facts)
    assert "en månad då båda har ett indextal" in str(refusal.value)
    new = entered("index_series", cast.head, code="CPI20", continues="CPI-U", link_month="2020M12", **facts)
    old = IndexSeries.objects.get(code="CPI-U")
    with pytest.raises(IntegrityError, match="goes on as itself"), transaction.atomic():
        IndexSeries.objects.filter(pk=old.pk).update(continues=new, link_month=date(2020, 12, 1))
    with pytest.raises(IntegrityError, match="goes on as itself"), transaction.atomic():
        IndexSeries.objects.filter(pk=new).update(continues=new, link_month=date(2020, 12, 1))


def test_prices_follow_a_series_that_has_got_a_new_base(cast: Cast, clause: IndexClause) -> None:
    """From January CPI20 is published instead; it is 100 in December, which was 260.474, and 101.5 in March: 264.381."""
    IndexValue.objects.filter(month__gt=date(2020, 12, 1)).delete()
    facts = {"name": "Konsumentpriser", "source": "BLS", "base": "2020 = 100"}
    entered("index_series", cast.head, code="CPI20", continues="CPI-U", link_month="2020-12", **facts)
    for month, value in (("2020-12", "100"), ("2021-03", "101,5")):
        entered(
            "index_values", cast.head, series="CPI20", month=month, value=value, published_date="2021-04-15"
        )
    (proposal,) = run()
    assert proposal.index_adjustment.change_percent == Decimal("1.9421")
    assert [(each.code, each.old, each.new) for each in proposal.index_adjustment.bases] == [
        ("CPI20", Decimal("260.4740"), Decimal("100.0000"))
    ]
    assert (
        "Serien fortsätter som CPI20 med ny bas: 260,474 är 100,00 där i december\u00a02020."
        in proposal.reason
    )


def test_an_index_value_that_cannot_be_is_refused(cast: Cast, clause: IndexClause) -> None:
    facts = {"series": "CPI-U", "month": "2023-03", "value": "300", "published_date": "2023-04-15"}
    for cells, sentence in [
        ({"value": "0"}, ""),
        ({"published_date": "2023-02-28"}, "Indextalet kan inte vara publicerat före sin månad."),
        ({"month": "2021-03", "value": "1"}, "finns redan"),
    ]:
        with pytest.raises(DomainError) as refusal:
            entered("index_values", cast.head, **(facts | cells))
        assert sentence in str(refusal.value)


def test_an_agreement_by_index_lacks_a_clause_until_it_has_one(cast: Cast) -> None:
    def missing() -> list[str]:
        return Agreement.objects.with_missing().get(pk=cast.agreement.pk).missing  # type: ignore[attr-defined, no-any-return]

    assert "index_clause" not in missing()
    Agreement.objects.filter(pk=cast.agreement.pk).update(price_clause=PriceClause.INDEX)
    assert "index_clause" in missing()
    IndexClause.objects.create(
        agreement=cast.agreement, series=IndexSeries.objects.create(code="KPI", base="1980 = 100"),
        base_month=date(2020, 1, 1), first_date=FROM, valid_during=DateRange(date(2020, 7, 1), None),
    )  # fmt: skip
    assert "index_clause" not in missing()
