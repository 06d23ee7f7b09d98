"""Items are found by the words and the code of the class that they are given, below those that are called so."""

import pytest

from catalog.models import Item
from catalog.search import SearchQuery, search_items
from categories.models import ClassificationCode, Scheme
from tests.cast import TODAY, Cast, item

pytestmark = pytest.mark.django_db


@pytest.fixture
def classed(cast: Cast) -> Item:
    """A thing whose name says nothing of what it is, in a class of CPV and in one of EMDN."""
    thing = item("200001", "Luer 5 ml transparent", cast.medical, unit="ask")
    thing.cpv = ClassificationCode.objects.create(
        code="33141310-6", scheme=Scheme.CPV, name="Injektionssprutor", name_en="Syringes"
    )
    thing.emdn = ClassificationCode.objects.create(
        code="A020101", scheme=Scheme.EMDN, name="Infusion pumps 100%", name_en="Infusion pumps 100%"
    )
    thing.save(update_fields=["cpv", "emdn"])
    ClassificationCode.objects.create(code="33141420-0", scheme=Scheme.CPV, name="Kirurgiska handskar")
    return thing


def numbers(text: str) -> list[str]:
    results = search_items(SearchQuery(text=text), day=TODAY)
    by_id = Item.objects.in_bulk(results.item_ids)
    return [by_id[pk].number for pk in results.item_ids]


@pytest.mark.parametrize(
    "words",
    [
        "injektionsspruta",
        "injektionssprutor",
        "spruta",
        "sprutor",
        "syringe",
        "syringes",
        "infusion pump",
        "luer spruta",
    ],
)
def test_an_item_is_found_by_its_class_in_either_language(classed: Item, words: str) -> None:
    assert numbers(words) == [classed.number]


@pytest.mark.parametrize("code", ["33141310-6", "33141310", "a020101", "A0201", "33141310-6 luer"])
def test_an_item_is_found_by_the_code_of_its_class_or_of_one_above(classed: Item, code: str) -> None:
    assert numbers(code) == [classed.number]


@pytest.mark.parametrize("words", ["kirurgiska", "33141420-0", "njektion", "100_", "A03", "pumps%handskar"])
def test_a_class_that_nothing_is_given_or_that_is_not_meant_finds_nothing(classed: Item, words: str) -> None:
    assert classed.number not in numbers(words)


def test_what_is_called_so_comes_before_what_is_in_a_class_called_so(classed: Item, cast: Cast) -> None:
    item("299999", "Engångsspruta utan agreement", cast.medical, unit="ask")
    assert numbers("spruta") == ["299999", classed.number]
    Item.objects.filter(pk=cast.gloves.pk).update(cpv=classed.cpv)
    assert numbers("spruta") == ["299999", cast.gloves.number, classed.number], (
        "agreed first, among those by class"
    )
