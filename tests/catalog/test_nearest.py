"""The items whose names are most like what somebody wrote, found by index however large the assortment is."""

import pytest

from catalog.models import Item
from catalog.nearest import nearest_items
from catalog.states import ItemStatus
from tests.cast import TODAY, Cast, item


def numbers(text: str, **asked: object) -> list[str]:
    matches = nearest_items([text], day=TODAY, **asked).get(text, [])  # type: ignore[arg-type]
    items = Item.objects.in_bulk([each.item_id for each in matches])
    return [items[each.item_id].number for each in matches]


def test_nearest_names_come_first(cast: Cast) -> None:
    assert numbers("ergonomiska kontorsstolar med tyg", most=5)[0] == cast.chair.number


def test_nearest_finds_a_word_inside_a_compound(cast: Cast) -> None:
    assert numbers("En stol till receptionen") == [cast.chair.number]


def test_nearest_distance_is_nothing_for_a_name_with_all_the_words(cast: Cast) -> None:
    ((match,),) = nearest_items(["Kontorsstol ergonomisk"], day=TODAY).values()
    assert match.distance == pytest.approx(0, abs=1e-6)


def test_nearest_answers_many_texts_at_once(cast: Cast) -> None:
    matches_by_text = nearest_items(["stol", "handske nitril", "zzzzzz", ""], day=TODAY)
    assert matches_by_text.keys() == {"stol", "handske nitril"}


def test_nearest_keeps_to_the_category_and_to_what_can_be_ordered(cast: Cast) -> None:
    assert numbers("stol", category_id=cast.medical.pk) == []
    Item.objects.filter(pk=cast.chair.pk).update(status=ItemStatus.BLOCKED, blocked_reason="Återkallad")
    assert numbers("stol") == []
    assert numbers("stol", statuses=[ItemStatus.BLOCKED]) == [cast.chair.number]


def test_nearest_is_found_among_thousands(cast: Cast) -> None:
    pattern = cast.gloves
    Item.objects.bulk_create(
        Item(
            number=f"9{number:05d}",
            name=f"Vagn av slag {number * 104_729 % 9973}",
            category=pattern.category,
            base_unit="st",
            order_unit="st",
            status=ItemStatus.STANDARD,
        )
        for number in range(2000)
    )
    item("888888", "Tvättvagn hopfällbar", cast.office, unit="st")
    assert numbers("hopfällbar tvättvagn till avdelningen") == ["888888"]


@pytest.mark.parametrize("text", ["%", "_____", "\\\\\\", "a & b | !", "ö" * 500])
def test_nearest_survives_anything(cast: Cast, text: str) -> None:
    nearest_items([text], day=TODAY)
