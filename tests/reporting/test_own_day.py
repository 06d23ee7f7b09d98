"""The past keeps its own organisation, category, supplier and price, whatever is moved or renamed today."""

from datetime import date
from decimal import Decimal

from agreements.models import Supplier
from catalog.models import Item
from categories.models import Category
from organizations.models import Administration, Department
from procurement.models import ReceiptLine
from reporting.effects import effects
from reporting.leakage import leakage
from reporting.models import DeliveredLine, Saving
from reporting.months import LineSelection
from reporting.overview.parts import by_administration, by_supplier
from reporting.selection import Selection
from tests import worlds
from tests.cast import TODAY, Cast
from tests.reporting import initiatives

WHOLE_2020 = {"ar": "2020", "till": "2020-12-31"}


def selected(**parameters: str) -> Selection:
    return Selection.of(WHOLE_2020 | parameters, today=TODAY)


def move_the_ward(cast: Cast) -> Administration:
    """Move the ward to another administration, and give it another name."""
    other = Administration.objects.create(authority=cast.authority, code="SOF", name="Socialförvaltningen")
    Department.objects.filter(pk=cast.ward.pk).update(administration=other, name="Omvårdnad 1")
    return other


def test_a_department_that_moves_takes_no_year_with_it(cast: Cast) -> None:
    initiatives.example_b(cast)
    before = by_administration(cast.controller, selected(), opened="HSF")
    other = move_the_ward(cast)
    assert by_administration(cast.controller, selected(), opened="HSF") == before
    assert [part.label for part in before] == ["Hälso- och sjukvårdsförvaltningen", "Medicinavdelning 1"]
    assert selected(forvaltning="SOF").savings(cast.controller).count() == 0
    assert selected(forvaltning="HSF").savings(cast.controller).count() == 4
    initiatives.delivered(cast, date(2021, 2, 1), "10", "58.00")
    initiatives.computed()
    saving = Saving.objects.get(delivered_date=date(2021, 2, 1))
    assert (saving.administration, saving.department_name) == (other, "Omvårdnad 1")


def test_a_department_that_moves_before_the_register_is_computed_takes_nothing_either(cast: Cast) -> None:
    initiatives.example_deliveries(cast)
    initiatives.confirmed(cast)
    initiatives.delivered(cast, date(2020, 9, 15), "300", "58.00")
    move_the_ward(cast)
    initiatives.computed()
    assert Saving.objects.get().administration == cast.administration


def test_a_received_line_keeps_its_day(cast: Cast) -> None:
    worlds.received(cast, (cast.gloves, 10))
    move_the_ward(cast)
    Supplier.objects.filter(pk=cast.supplier.pk).update(name="Annat AB")
    Item.objects.filter(pk=cast.gloves.pk).update(category=cast.office, units_per_order_unit=50)
    Category.objects.filter(pk=cast.gloves_category.pk).update(name="Övrigt", parent=None, lineage=[1])
    line = ReceiptLine.objects.get()
    assert (line.administration, line.administration_name) == (cast.administration, cast.administration.name)
    assert (line.department, line.department_name, line.cost_center) == (cast.ward, cast.ward.name, "2140")
    assert (line.category, line.category_name, line.category_code) == (
        cast.gloves_category,
        "Handskar",
        "10.1",
    )
    assert line.category_lineage == [cast.medical.pk, cast.gloves_category.pk]
    assert (line.supplier, line.supplier_name) == (cast.supplier, "Nordmedica AB")
    assert (line.supplier_org_number, line.units_per_order_unit) == ("556000-0001", Decimal(100))
    delivered = DeliveredLine.objects.get()
    assert (delivered.department_name, delivered.category, delivered.supplier_name, delivered.unit) == (
        cast.ward.name,
        cast.gloves_category,
        "Nordmedica AB",
        "ask",
    )
    assert DeliveredLine.objects.within([cast.medical.pk]).count() == 1


def test_an_item_that_is_recategorised_splits_no_plan_from_its_outcome(cast: Cast) -> None:
    initiatives.example_b(cast)
    before = effects(year=2020, through=date(2020, 12, 31))
    Item.objects.filter(pk=cast.gloves.pk).update(category=cast.office)
    assert effects(year=2020, through=date(2020, 12, 31)) == before
    cast.gloves.refresh_from_db()
    line = initiatives.delivered(cast, date(2020, 12, 1), "10", "58.00")
    assert line.category == cast.office
    initiatives.computed()
    (row,) = effects(year=2020, through=date(2020, 12, 31)).rows
    assert (row.category, row.root) == (cast.gloves_category, cast.medical)
    assert row.amounts.realised == before.net.realised + 52
    assert selected(kategori="10").savings(cast.controller).count() == 5


def test_a_category_that_moves_in_the_tree_takes_no_year_with_it(cast: Cast) -> None:
    initiatives.example_b(cast)
    before = effects(year=2020, through=date(2020, 12, 31), categories=[cast.medical.pk])
    Category.objects.filter(pk=cast.gloves_category.pk).update(
        parent=cast.office, lineage=[cast.office.pk, cast.gloves_category.pk], tree_code="20.10.1"
    )
    assert effects(year=2020, through=date(2020, 12, 31), categories=[cast.medical.pk]).net == before.net
    assert effects(year=2020, through=date(2020, 12, 31)).rows[0].root == cast.medical
    assert effects(year=2020, through=date(2020, 12, 31), categories=[cast.office.pk]).rows == ()
    assert selected(kategori="20").savings(cast.controller).count() == 0
    assert selected(kategori="10").savings(cast.controller).count() == 4


def test_a_supplier_is_called_what_it_was_called(cast: Cast) -> None:
    initiatives.example_b(cast)
    Supplier.objects.filter(pk=cast.supplier.pk).update(name="Annat AB")
    assert [part.label for part in by_supplier(cast.controller, selected())] == ["Nordmedica AB"]


def test_a_leak_is_told_with_the_names_of_its_day(cast: Cast) -> None:
    initiatives.delivered(cast, date(2021, 2, 1), "1", "100.00", item=cast.chair)
    move_the_ward(cast)
    Supplier.objects.update(name="Annat AB")
    (leak,) = leakage(LineSelection(date(2021, 1, 1), date(2021, 12, 31))).leaks
    assert (leak.department, leak.suppliers, leak.amount) == (
        "Medicinavdelning 1",
        ("Nordmedica AB",),
        Decimal(100),
    )
