"""What people choose beside their words: the order of what is found, and one supplier's alone."""

from decimal import Decimal

import pytest

from catalog import search
from catalog.models import Item, Price
from catalog.search import SearchQuery, search_items
from catalog.statements import Sorting
from tests.cast import ALWAYS, TODAY, Cast, item
from tests.catalog.test_search import numbers


@pytest.fixture
def priced(cast: Cast) -> Cast:
    """Three staplers: dear, cheap for each, cheap for the box; two suppliers."""
    for number, name, price, factor, supplier in (
        ("170001", "Häftapparat ekonomi", "30", 1, cast.supplier),
        ("170002", "Häftapparat låda", "100", 10, cast.paper_supplier),
        ("170003", "Häftapparat åtta", "20", 1, cast.paper_supplier),
    ):
        thing = item(number, name, cast.office, unit="st", factor=factor)
        Price.objects.create(
            item=thing,
            agreement=cast.agreement if supplier == cast.supplier else None,
            supplier=supplier,
            unit_price=Decimal(price),
            valid_during=ALWAYS,
        )
    item("170000", "Häftapparat utan pris", cast.office, unit="st")
    return cast


@pytest.mark.parametrize(
    ("sorting", "order"),
    [
        (Sorting.RELEVANCE, ["170001", "170003", "170000", "170002"]),
        (Sorting.PRICE, ["170002", "170003", "170001", "170000"]),
        (Sorting.NAME, ["170001", "170002", "170000", "170003"]),
        (Sorting.TIMES, ["170003", "170002", "170001", "170000"]),
    ],
)
@pytest.mark.parametrize("text", ["häftapparat", ""])
def test_search_sorts_as_is_chosen(priced: Cast, sorting: Sorting, order: list[str], text: str) -> None:
    quantity_by_item = {Item.objects.get(number="170003").pk: 4}
    Item.objects.filter(number="170002").update(usual_weekly_quantity=9)
    query = SearchQuery(text=text, category=priced.office, sorting=sorting)
    hits = numbers(search_items(query, day=TODAY, bought=quantity_by_item))
    hits = [number for number in hits if number.startswith("1700")]
    if sorting == Sorting.RELEVANCE:
        assert hits[0] == "170001"  # the one under agreement
    else:
        assert hits == order


def test_search_sorted_by_price_shows_the_cheapest_of_a_family(priced: Cast) -> None:
    Item.objects.filter(number__in=["170001", "170002", "170003"]).update(family="häft")
    quantity_by_item = {Item.objects.get(number="170001").pk: 4}
    cheapest = search_items(
        SearchQuery(text="häftapparat", sorting=Sorting.PRICE), day=TODAY, bought=quantity_by_item
    )
    assert numbers(cheapest) == ["170002", "170000"]
    by_relevance = search_items(SearchQuery(text="häftapparat"), day=TODAY, bought=quantity_by_item)
    assert numbers(by_relevance) == ["170001", "170000"]


@pytest.mark.parametrize("most", [1, 1000])
@pytest.mark.parametrize("text", ["häftapparat", ""])
@pytest.mark.parametrize("within", [True, False])
def test_search_of_a_supplier_gives_what_would_be_ordered_from_it(
    priced: Cast, monkeypatch: pytest.MonkeyPatch, text: str, within: bool, most: int
) -> None:
    """Also when there is more than is ranked, and the supplier's items are among those that nobody has used."""
    monkeypatch.setattr(search, "MOST_RANKED", most)
    Price.objects.create(
        item=Item.objects.get(number="170003"),
        agreement=priced.agreement,
        supplier=priced.supplier,
        unit_price=Decimal(90),
        valid_during=ALWAYS,
    )  # under agreement before outside, so it would be ordered there
    Item.objects.filter(pk=priced.gloves.pk).update(usual_weekly_quantity=100)
    query = SearchQuery(text=text, supplier=priced.paper_supplier, category=priced.office if within else None)
    results = search_items(query, day=TODAY)
    assert "170002" in numbers(results)
    assert not {"170000", "170001", "170003"} & set(numbers(results))


def test_search_counts_by_supplier_whichever_is_chosen(priced: Cast) -> None:
    for chosen in (None, priced.supplier):
        results = search_items(SearchQuery(text="häftapparat", supplier=chosen), day=TODAY)
        assert {(each.pk, each.count) for each in results.by_supplier} == {
            (priced.supplier.pk, 1),
            (priced.paper_supplier.pk, 2),
        }
        assert results.total == (1 if chosen else 4)
