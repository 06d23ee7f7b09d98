"""Savings in base units: other packs, and items that replace others, are converted before they are compared."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from catalog.models import Equivalence, Item, Price, Substitution
from organizations.models import User
from procurement.models import Allocation, OrderLine, ReceiptLine
from procurement.operations import decisions, orders
from procurement.operations.receipts import ReceiptEntry, receive
from reporting.effects import effects
from reporting.models import BaselineMethod, Saving
from reporting.operations import savings
from tests import cast as cast_module
from tests import worlds
from tests.cast import ALWAYS, NOW, Cast
from tests.reporting import initiatives


def test_a_box_of_200_that_becomes_a_box_of_100_saves_what_it_saves(cast: Cast) -> None:
    """1 000 boxes of 200 at 120.00 (0.60 each); now 1 000 boxes of 100 at 58.00 (0.58): 0.02 on 100 000 gloves."""
    initiatives.delivered(cast, date(2020, 5, 1), "1000", "120.00", units=200)
    initiative = initiatives.confirmed(cast)
    baseline = initiative.baselines.get()
    assert (baseline.unit_price, baseline.units_per_order_unit, baseline.annual_quantity) == (
        Decimal(60),
        Decimal(100),
        Decimal(2000),
    )
    assert baseline.full_year_effect == Decimal("4000.00")
    initiatives.delivered(cast, date(2020, 10, 1), "1000", "58.00")
    initiatives.computed()
    saving = Saving.objects.get()
    assert (saving.baseline_price, saving.units_per_order_unit, saving.amount) == (
        Decimal(60),
        Decimal(100),
        Decimal("2000.00"),
    )


def test_a_line_in_another_pack_than_the_baseline_is_converted(cast: Cast) -> None:
    initiatives.example_deliveries(cast)
    initiatives.confirmed(cast)  # 63.20 for 100
    initiatives.delivered(cast, date(2020, 10, 1), "10", "120.00", units=200)
    initiatives.delivered(cast, date(2020, 10, 2), "10", "18.9600", units=30)
    initiatives.computed()
    first, second = Saving.objects.order_by("delivered_date")
    assert (first.baseline_price, first.amount) == (Decimal("126.4000"), Decimal("64.00"))
    assert (second.baseline_price, second.amount) == (Decimal("18.9600"), 0)


@pytest.mark.parametrize("units", [1, 3, 7, 100, 144, 1000])
def test_the_pack_alone_is_never_a_saving(cast: Cast, units: int) -> None:
    """The same price per glove, in whatever pack, saves nothing."""
    initiatives.delivered(cast, date(2020, 5, 1), "1000", "60.00")
    initiatives.confirmed(cast)
    price = (Decimal(60) * units / 100).quantize(Decimal("0.0001"))
    initiatives.delivered(cast, date(2020, 10, 1), "1000", str(price), units=units)
    initiatives.computed()
    assert Saving.objects.get().amount == 0


def test_an_old_price_keeps_the_pack_that_it_was_for(cast: Cast) -> None:
    Item.objects.filter(pk=cast.gloves.pk).update(units_per_order_unit=200)
    old = initiatives.old_agreement(cast, price="122.00")
    Item.objects.filter(pk=cast.gloves.pk).update(units_per_order_unit=100)
    initiatives.example_deliveries(cast)
    initiative = initiatives.initiative(cast, method=BaselineMethod.PREV_CONTRACT)
    initiative.old_agreement = old
    initiative.save()
    initiatives.frozen(cast, initiative)
    assert initiative.baselines.get().unit_price == 61
    assert initiative.baselines.get().full_year_effect == Decimal("15600.00")


def test_an_order_keeps_its_pack_to_the_receipt(cast: Cast) -> None:
    initiatives.delivered(cast, date(2020, 12, 1), "100", "63.20")
    initiatives.confirmed(cast, effective=date(2021, 1, 1))
    worlds.ordered(cast, (cast.gloves, 10))
    Item.objects.filter(pk=cast.gloves.pk).update(units_per_order_unit=50)
    assert OrderLine.objects.get().units_per_order_unit == 100
    receive(
        key=uuid4(),
        department=cast.ward,
        entries=[ReceiptEntry(Allocation.objects.get().pk, Decimal(10))],
        by=cast.colleague,
        at=NOW,
    )
    assert ReceiptLine.objects.get().units_per_order_unit == 100
    initiatives.computed()
    assert Saving.objects.get().amount == Decimal("52.00")


def successor(cast: Cast, *, price: str, units: int = 100, factor: str = "1") -> Item:
    """Gloves that replace the cast's, under the same agreement."""
    new_item = cast_module.item("104413", "Handske, ny", cast.gloves_category, unit="ask", factor=units)
    Price.objects.create(
        item=new_item,
        agreement=cast.agreement,
        supplier=cast.supplier,
        unit_price=Decimal(price),
        valid_during=ALWAYS,
    )
    Substitution.objects.create(
        from_item=cast.gloves,
        to_item=new_item,
        factor=Decimal(factor),
        valid_during=DateRange(date(2020, 1, 1), None),
    )
    return new_item


def test_an_item_is_compared_with_what_it_replaces(cast: Cast) -> None:
    """5 200 boxes at 63.20 become two of the new box each: 31.60 a box, 10 400 a year; 29.00 saves 2.60 a box."""
    initiatives.example_deliveries(cast)
    Price.objects.filter(item=cast.gloves).delete()
    new = successor(cast, price="29.00", units=50, factor="2")
    initiative = initiatives.confirmed(cast)
    baseline = initiative.baselines.get()
    assert (baseline.item, baseline.unit_price, baseline.annual_quantity) == (new, Decimal("31.6000"), 10400)
    assert baseline.full_year_effect == Decimal("27040.00")
    assert baseline.evidence["replaces"] == [cast.gloves.pk]
    initiatives.delivered(cast, date(2020, 10, 1), "10", "29.00", item=new)
    initiatives.computed()
    assert Saving.objects.get().amount == Decimal("26.00")


def test_the_old_contract_of_what_is_replaced_is_the_price_before(cast: Cast) -> None:
    Price.objects.filter(item=cast.gloves).delete()
    new = successor(cast, price="29.00", units=50, factor="2")
    initiative = initiatives.initiative(cast, method=BaselineMethod.PREV_CONTRACT)
    initiatives.frozen(cast, initiative)
    baseline = initiative.baselines.get()
    assert (baseline.item, baseline.unit_price) == (new, Decimal("30.5000"))


def test_a_replaced_item_that_is_still_under_the_agreement_is_not_counted_twice(cast: Cast) -> None:
    initiatives.example_deliveries(cast)
    successor(cast, price="29.00", units=50, factor="2")
    initiative = initiatives.confirmed(cast)
    assert [baseline.item for baseline in initiative.baselines.all()] == [cast.gloves]


def test_a_baseline_ends_those_of_the_items_it_replaces_and_what_they_counted_is_withdrawn(
    cast: Cast,
) -> None:
    initiatives.example_deliveries(cast)
    first = initiatives.confirmed(cast)
    initiatives.delivered(cast, date(2021, 3, 15), "10", "58.00")
    initiatives.computed()
    Price.objects.filter(item=cast.gloves).delete()
    successor(cast, price="29.00", units=50, factor="2")
    initiatives.confirmed(cast, effective=date(2021, 3, 1))
    assert first.baselines.get().counts_during == DateRange(date(2020, 9, 1), date(2021, 3, 1))
    assert savings.is_due()
    initiatives.computed()
    saving = Saving.objects.current().get()
    assert (saving.amount, saving.calculation_version, saving.baseline.initiative) == (0, 2, first)
    assert effects(year=2021, through=date(2021, 12, 31)).net.realised == 0
    assert not savings.is_due()


def came_instead(cast: Cast, *, factor: str, quantity: str) -> tuple[Item, ReceiptLine]:
    """Boxes of 100 at 63.20 were asked for; boxes of 50 came at 30.00, ``factor`` of them for each of the others."""
    initiatives.delivered(cast, date(2020, 12, 1), "100", "63.20")
    initiatives.confirmed(cast, effective=date(2021, 1, 1))
    instead = cast_module.item("104413", "Handske, annan", cast.gloves_category, unit="ask", factor=50)
    Price.objects.create(
        item=instead,
        agreement=cast.agreement,
        supplier=cast.supplier,
        unit_price=Decimal(30),
        valid_during=ALWAYS,
    )
    Substitution.objects.create(
        from_item=cast.gloves,
        to_item=instead,
        factor=Decimal(factor),
        valid_during=DateRange(date(2020, 1, 1), None),
    )
    line = worlds.line(cast)
    manager = User.objects.get(pk=cast.manager.pk)
    decisions.substitute(
        line=line, item=instead, quantity=Decimal(quantity), by=manager, at=NOW, comment="x"
    ).only()
    orders.consolidate(at=NOW, due_only=False)
    receive(
        key=uuid4(),
        department=cast.ward,
        entries=[ReceiptEntry(Allocation.objects.get().pk, Decimal(quantity))],
        by=cast.colleague,
        at=NOW,
    )
    return instead, ReceiptLine.objects.get()


@pytest.mark.parametrize(
    ("factor", "quantity", "for_each", "price_before", "amount"),
    [("2", "20", "1", "31.6000", "32.00"), ("1", "10", "0.5", "63.2000", "332.00")],
    ids=["two of half the size", "one of half the size does as well"],
)
def test_what_came_instead_is_compared_with_what_was_asked_for(
    cast: Cast, factor: str, quantity: str, for_each: str, price_before: str, amount: str
) -> None:
    instead, received = came_instead(cast, factor=factor, quantity=quantity)
    assert (received.stands_for, received.stands_for_factor, received.units_per_order_unit) == (
        cast.gloves,
        Decimal(for_each),
        Decimal(50),
    )
    initiatives.computed()
    saving = Saving.objects.get()
    assert (saving.item, saving.baseline.item) == (instead, cast.gloves)
    assert (saving.baseline_price, saving.amount) == (Decimal(price_before), Decimal(amount))
    assert not savings.is_due()
    assert initiatives.computed().added_count == 0


@pytest.mark.parametrize(("year", "is_own"), [(2019, False), (2021, True)])
def test_what_came_instead_is_compared_with_its_own_baseline_only_while_that_counts(
    cast: Cast, year: int, is_own: bool
) -> None:
    instead, _received = came_instead(cast, factor="2", quantity="20")
    initiatives.delivered(cast, date(year - 1, 12, 1), "10", "35.00", item=instead)
    initiatives.confirmed(cast, effective=date(year, 1, 1))
    initiatives.computed()
    compared = Saving.objects.get(receipt_line__isnull=False)
    assert compared.baseline.item == (instead if is_own else cast.gloves)
    assert compared.baseline_price == Decimal("35.0000" if is_own else "31.6000")


def test_of_several_that_one_item_replaces_the_cheapest_is_its_price_before(cast: Cast) -> None:
    initiative = initiatives.initiative(cast, method=BaselineMethod.PREV_CONTRACT)
    dearer = cast_module.item("104400", "Handske, dyrare", cast.gloves_category, unit="ask", factor=100)
    Price.objects.create(
        item=dearer,
        agreement=initiative.old_agreement,
        supplier=cast.supplier,
        unit_price=Decimal(70),
        valid_during=DateRange(date(2016, 1, 1), date(2020, 9, 1)),
    )
    Price.objects.filter(item=cast.gloves, agreement=cast.agreement).delete()
    new = successor(cast, price="58.00")
    Substitution.objects.create(from_item=dearer, to_item=new, valid_during=DateRange(date(2020, 1, 1), None))
    initiatives.frozen(cast, initiative)
    baseline = initiative.baselines.get()
    assert (baseline.item, baseline.unit_price) == (new, Decimal("61.0000"))
    assert baseline.evidence["replaces"] == [cast.gloves.pk, dearer.pk]


def test_of_several_that_replace_an_item_the_one_that_does_fully_is_compared_with_it(cast: Cast) -> None:
    initiatives.example_deliveries(cast)
    Price.objects.filter(item=cast.gloves).delete()
    partly = successor(cast, price="58.00")
    Substitution.objects.filter(to_item=partly).update(
        equivalence=Equivalence.WITH_CONDITION, note="Inte för cytostatika"
    )
    fully = cast_module.item("104414", "Handske, likvärdig", cast.gloves_category, unit="ask", factor=100)
    Price.objects.create(
        item=fully,
        agreement=cast.agreement,
        supplier=cast.supplier,
        unit_price=Decimal(57),
        valid_during=ALWAYS,
    )
    Substitution.objects.create(
        from_item=cast.gloves, to_item=fully, valid_during=DateRange(date(2020, 1, 1), None)
    )
    assert [each.item for each in initiatives.confirmed(cast).baselines.all()] == [fully]
