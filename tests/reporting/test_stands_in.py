"""Another item that was approved is counted by the factor that was said on the day of the decision."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from catalog.models import Equivalence, Item, Price, Substitution
from catalog.states import ItemStatus
from procurement.models import Allocation, ReceiptLine, RequisitionLine
from procurement.operations import baskets, decisions, orders, requisitions
from procurement.operations.receipts import ReceiptEntry, receive
from reporting.models import Saving
from tests import cast as cast_module
from tests import worlds
from tests.cast import ALWAYS, NOW, Cast
from tests.reporting import initiatives


@pytest.fixture
def sold(cast: Cast) -> Cast:
    """Gloves in boxes of 100, a hundred of them at 63.20, with a confirmed baseline for 2021."""
    initiatives.delivered(cast, date(2020, 12, 1), "100", "63.20")
    initiatives.confirmed(cast, effective=date(2021, 1, 1))
    return cast


def another(cast: Cast, number: str, *, price: str, units: int) -> Item:
    new_item = cast_module.item(number, f"Handske {number}", cast.gloves_category, unit="ask", factor=units)
    Price.objects.create(
        item=new_item,
        agreement=cast.agreement,
        supplier=cast.supplier,
        unit_price=Decimal(price),
        valid_during=ALWAYS,
    )
    return new_item


def replaces(new: Item, old: Item, factor: str, **more: str) -> Substitution:
    return Substitution.objects.create(
        from_item=old, to_item=new, factor=Decimal(factor), valid_during=ALWAYS, **more
    )


def decided(
    cast: Cast, line: RequisitionLine, instead: Item, quantity: int, condition: str = ""
) -> RequisitionLine:
    return decisions.substitute(
        line=line,
        item=instead,
        quantity=Decimal(quantity),
        by=cast.manager,
        at=NOW,
        comment="Slut",
        condition=condition,
    ).only()


def came(cast: Cast, quantity: int) -> Saving | None:
    """What was ordered comes, and the register is brought up to date."""
    orders.consolidate(at=NOW, due_only=False)
    receive(
        key=uuid4(),
        department=cast.ward,
        entries=[ReceiptEntry(Allocation.objects.get().pk, Decimal(quantity))],
        by=cast.colleague,
        at=NOW,
    )
    initiatives.computed()
    return Saving.objects.filter(receipt_line__isnull=False).first()


def test_the_factor_is_that_of_the_decision_whatever_is_said_later(sold: Cast) -> None:
    """
    Worked example (DOMAIN 2.2, base units): ten boxes of 100 at 63.20 asked for, 0.632 a glove. Two boxes of 50 at 30.00 for
    each: twenty came, 600.00, for what cost 632.00. Saved 32.00.
    """
    instead = another(sold, "104413", price="30.00", units=50)
    replacement = replaces(instead, sold.gloves, "2")
    line = decided(sold, worlds.line(sold), instead, 20)
    assert line.approved_factor == Decimal(1)
    replacement.factor = Decimal(4)
    replacement.save(update_fields=["factor"])
    saving = came(sold, 20)
    assert saving is not None
    assert (saving.baseline_price, saving.amount) == (Decimal("31.6000"), Decimal("32.00"))
    assert ReceiptLine.objects.get().stands_for == sold.gloves


def test_what_is_said_first_after_the_decision_is_not_said_then(sold: Cast) -> None:
    instead = another(sold, "104413", price="30.00", units=50)
    decided(sold, worlds.line(sold), instead, 20)
    replaces(instead, sold.gloves, "2")
    assert came(sold, 20) is None
    assert ReceiptLine.objects.get().stands_for is None


def test_a_carton_is_counted_as_the_boxes_in_it(sold: Cast) -> None:
    """The factor is of the items' own order units: one carton of ten boxes is twenty of the half boxes."""
    Price.objects.create(
        item=sold.gloves,
        agreement=sold.agreement,
        supplier=sold.supplier,
        unit_price=Decimal(600),
        order_unit="kartong",
        units_per_order_unit=Decimal(1000),
        valid_during=ALWAYS,
    )
    instead = another(sold, "104413", price="30.00", units=50)
    replaces(instead, sold.gloves, "2")
    basket = worlds.basket(sold, (sold.chair, 1))
    basket.lines.all().delete()
    baskets.add_item(
        basket=basket, item=sold.gloves, quantity=Decimal(1), unit="kartong", by=sold.requester, at=NOW
    )
    line = requisitions.submit(basket=basket, by=sold.requester, at=NOW).lines.get()
    assert line.units_per_order_unit == 1000
    decided(sold, line, instead, 20)
    saving = came(sold, 20)
    assert saving is not None
    assert (saving.baseline_price, saving.amount) == (Decimal("31.6000"), Decimal("32.00"))


def test_a_way_of_several_steps_is_counted_by_their_product(sold: Cast) -> None:
    """Boxes of 100 left for boxes of 50, two for one; those for boxes of 25, two for one: forty at 15.00 for ten."""
    middle, last = (
        another(sold, "104413", price="30.00", units=50),
        another(sold, "104414", price="15.00", units=25),
    )
    replaces(middle, sold.gloves, "2")
    replaces(last, middle, "2")
    line = worlds.line(sold)
    Item.objects.filter(pk=middle.pk).update(status=ItemStatus.RETIRED)
    line = decided(sold, line, last, 40)
    assert line.approved_factor == Decimal(1)
    saving = came(sold, 40)
    assert saving is not None
    assert (saving.item, saving.baseline_price, saving.amount) == (last, Decimal("15.8000"), Decimal("32.00"))


def test_a_baseline_compares_with_what_was_left_two_steps_ago(cast: Cast) -> None:
    """5 200 boxes of 100 at 63.20 are 20 800 of 25, at 15.80; 14.50 saves 1.30 each."""
    initiatives.example_deliveries(cast)
    Price.objects.filter(item=cast.gloves).delete()
    middle = cast_module.item("104413", "Handske", cast.gloves_category, unit="ask", factor=50)
    last = another(cast, "104414", price="14.50", units=25)
    replaces(middle, cast.gloves, "2")
    replaces(last, middle, "2")
    baseline = initiatives.confirmed(cast).baselines.get()
    assert (baseline.item, baseline.unit_price, baseline.annual_quantity) == (last, Decimal("15.8000"), 20800)
    assert baseline.full_year_effect == Decimal("27040.00")


def test_what_is_taken_in_a_crisis_is_kept_with_its_condition_and_not_compared(sold: Cast) -> None:
    instead = another(sold, "104413", price="30.00", units=50)
    replaces(
        instead, sold.gloves, "2", equivalence=Equivalence.CRISIS_ONLY, note="Vid brist, enligt smittskydd"
    )
    line = worlds.line(sold)
    with pytest.raises(decisions.ConditionNotRead) as refusal:
        decided(sold, line, instead, 20)
    assert str(refusal.value) == (
        "Bara i kris: ”Vid brist, enligt smittskydd” Läs det, och spara igen om det gäller här."
    )
    with pytest.raises(decisions.ConditionNotRead):
        decided(sold, line, instead, 20, condition="Vid brist")
    line = decided(sold, line, instead, 20, condition="Vid brist, enligt smittskydd")
    assert (line.approved_factor, line.approved_condition) == (None, "Vid brist, enligt smittskydd")
    assert came(sold, 20) is None


def test_an_undone_approval_leaves_nothing_of_the_replacement(sold: Cast) -> None:
    instead = another(sold, "104413", price="30.00", units=50)
    replaces(instead, sold.gloves, "2", equivalence=Equivalence.WITH_CONDITION, note="Bara vuxna")
    line = decided(sold, worlds.line(sold), instead, 20, condition="Bara vuxna")
    decisions.undo(lines=[line], by=sold.manager, at=NOW).only()
    line.refresh_from_db()
    assert (line.approved_factor, line.approved_condition) == (None, "")
