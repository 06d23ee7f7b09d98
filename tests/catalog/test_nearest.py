"""The items whose names are most like what somebody wrote, found by the index however large the assortment is."""

import pytest
from django.db import connection

from catalog.models import Item
from catalog.states import ItemStatus
from tests.cast import TODAY, Cast, item


def test_nearest_names_come_first(cast: Cast) -> None:
    near = [each.number for each in Item.objects.nearest("ergonomiska kontorsstolar med tyg")]
    assert near[0] == cast.chair.number
    assert near == [each.number for each in Item.objects.nearest("ergonomiska kontorsstolar med tyg")]


def test_nearest_distance_is_nothing_for_a_name_with_all_the_words(cast: Cast) -> None:
    (found,) = Item.objects.nearest("Kontorsstol ergonomisk")[:1]
    assert found.distance == pytest.approx(0, abs=1e-6)  # type: ignore[attr-defined]


def test_nearest_is_read_in_order_from_the_index(cast: Cast) -> None:
    cast.gloves.pk, pattern = None, cast.gloves
    Item.objects.bulk_create(
        Item(
            number=f"9{number:05d}",
            name=f"Sak {number * 7919 % 100_003} av slag {number * 104_729 % 9973}",
            category=pattern.category,
            base_unit="st",
            order_unit="st",
            status=ItemStatus.STANDARD,
        )
        for number in range(5000)
    )
    item("888888", "Tvättvagn hopfällbar", cast.office, unit="st")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE catalog_item")
    asked = Item.objects.orderable_on(TODAY).nearest("hopfällbar tvättvagn till avdelningen")[:8]
    assert asked[0].number == "888888"
    assert "Index Scan using item_nearest_names" in asked.explain()
