"""What people type finds the right thing first, among the real names of medicines (BDPM) and of medical devices (EMDN)."""

import csv
import gzip
from pathlib import Path

import pytest

from catalog.models import Item
from catalog.search import SearchQuery, search_items
from catalog.states import ItemStatus
from tests.cast import TODAY, Cast
from tests.long import LONG
from tests.office import bdpm

EMDN = Path(__file__).parents[2] / "office" / "classifications" / "emdn.csv.gz"
MEDICINES = (
    "DOLIPRANE",
    "IBUPROFENE",
    "AMOXICILLINE",
    "PARACETAMOL",
    "METFORMINE",
    "OMEPRAZOLE",
    "VENTOLINE",
    "INSULINE",
)
DEVICES = ("needle", "nephrostomy", "blood collection", "urethral")

QUERIES = [
    # what is typed, what one of the first so many is called
    ("doliprane 1000", "DOLIPRANE 1000 mg", 3),
    ("dolipran 500", "DOLIPRANE 500 mg", 3),
    ("ibuprofene 400", "IBUPROFENE", 3),
    ("ibuprofène", "IBUPROFENE", 3),
    ("ibuprofen", "IBUPROFENE", 5),
    ("amoxiciline", "AMOXICILLINE", 3),
    ("ventolin", "VENTOLINE", 3),
    ("metformine 850", "METFORMINE", 3),
    ("paracetamol comprimé", "PARACETAMOL", 3),
    ("omeprazole 20 mg gélule", "OMEPRAZOLE", 3),
    ("hypodermic needles", "Hypodermic needles", 3),
    ("hypodermc needle", "Hypodermic", 5),
    ("nephrostomy", "ephrostomy", 3),
    ("blood collection tubes", "lood collection", 5),
    ("catheter urethral", "rethral", 10),
]


@pytest.fixture
def assortment(cast: Cast) -> None:
    """Real names: devices down to the last level, and medicines of some substances; of all of them in the long run."""
    with gzip.open(EMDN, "rt", encoding="utf-8") as rows:
        devices = [row["name"] for row in csv.DictReader(rows)]
    medicines = sorted(set(bdpm.names().values()))
    if not LONG:
        devices = [
            name
            for place, name in enumerate(devices)
            if place % 20 == 0 or any(word in name.lower() for word in DEVICES)
        ]
        medicines = [name for name in medicines if name.startswith(MEDICINES)][:600]
    names = [*dict.fromkeys([*devices, *medicines])]
    Item.objects.bulk_create(
        Item(
            number=f"R{place:06d}",
            name=name[:150],
            category=cast.medical,
            base_unit="st",
            order_unit="st",
            status=ItemStatus.STANDARD,
        )
        for place, name in enumerate(names)
    )


@pytest.mark.usefixtures("assortment")
def test_the_right_thing_comes_first() -> None:
    misses = []
    for words, name, most in QUERIES:
        results = search_items(SearchQuery(text=words), day=TODAY)
        by_id = Item.objects.in_bulk(results.item_ids[:most])
        names = [by_id[each] for each in results.item_ids[:most]]
        if not any(name in str(item) for item in names):
            misses.append((words, [str(item) for item in names][:3]))
    assert misses == []
