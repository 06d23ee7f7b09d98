"""Swedish order in the database and in memory."""

import random

import pytest

from catalog.models import Item
from core.ordering import folded, swedish, swedish_key
from tests.cast import Cast, item

ORDER = [
    "Apelsin",
    "citron",
    "Énergidryck",
    "fänkål",
    "fönster",
    "Vit",
    "wellpapp",
    "zink",
    "ådra",
    "Åker",
    "ägg",
    "Öl",
    "östron",
]


def test_swedish_key_puts_å_ä_ö_last() -> None:
    shuffled = random.Random(4).sample(ORDER, len(ORDER))
    assert sorted(shuffled, key=swedish_key) == ORDER


@pytest.mark.django_db
def test_swedish_order_is_the_same_in_the_database(cast: Cast) -> None:
    for number, name in enumerate(random.Random(4).sample(ORDER, len(ORDER))):
        item(f"9{number:05d}", name, cast.office, unit="st")
    names = (
        Item.objects.filter(number__startswith="9").order_by(swedish("name")).values_list("name", flat=True)
    )
    assert list(names) == ORDER


def test_folded_drops_marks() -> None:
    assert folded("Ångbrytare ÖÄ é") == "angbrytare oa e"
