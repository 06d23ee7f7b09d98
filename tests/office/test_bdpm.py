"""The French list of medicines of 2017 comes in as a catalogue, those of 2021 and 2022 as differences; plain Python counts the same."""

import json
from contextlib import suppress
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from catalog.models import Item, Price
from registers.models import ChangeKind, Import
from tests.cast import Cast
from tests.long import LONG
from tests.office import bdpm

MAPPING = Path(__file__).parents[2] / "docs" / "mappings" / "bdpm.json"


def taken_in(path: Path, day: str, cast: Cast) -> dict[str, int]:
    """Have the command read and apply a list, and give its counts in the words of the plain ones."""
    constants = {
        "items.category": cast.medical.code,
        "prices.agreement": cast.agreement.number,
        "prices.supplier": cast.supplier.org_number,
        "prices.from_date": day,
    }
    out = StringIO()
    with suppress(SystemExit):
        call_command(
            "import_register",
            "price_list",
            str(path),
            *(f"--constant={name}={text}" for name, text in constants.items()),
            mapping=MAPPING,
            complete=True,
            apply=True,
            output="json",
            stdout=out,
        )
    items, prices = json.loads(out.getvalue())["parts"]
    moves = prices["moves"]
    return {
        "added": items["counts"]["new"],
        "changed otherwise": items["counts"]["changed"],
        "first price": prices["counts"]["new"] - moves["rises"] - moves["falls"],
        "up": moves["rises"],
        "down": moves["falls"],
        "ended": _ended_count(),
        "refused": items["counts"]["refused"] + prices["counts"]["refused"],
    }


def _ended_count() -> int:
    """How many prices end, and not because another one follows."""
    prices = Import.objects.filter(register_name="prices").latest("pk")
    begun = prices.changes.filter(kind=ChangeKind.NEW).values_list("values__item", flat=True)
    ended_ids = prices.changes.filter(kind=ChangeKind.ENDED).values_list("subject_id", flat=True)
    return Price.objects.filter(pk__in=ended_ids).exclude(item__number__in=list(begun)).count()


@pytest.mark.parametrize("every", [97, *([1] if LONG else [])])
def test_three_lists_in_a_row_tell_what_plain_python_counts(every: int, cast: Cast, tmp_path: Path) -> None:
    Price.objects.filter(agreement=cast.agreement).delete()
    reference = bdpm.Told()
    for day in list(bdpm.LISTS)[: 3 if LONG else 2]:
        path = tmp_path / f"bdpm-{day}.txt"
        path.write_bytes(bdpm.content(day, every=every))
        expected = reference.take(bdpm.presentations(day, path.read_bytes()))
        assert taken_in(path, day, cast) == expected, day
        if every == 1 and day == "2017-03-01":
            assert (expected["added"], expected["refused"]) == (20_083, 1)
    medicines = Item.objects.filter(gtin__startswith="34009")
    assert medicines.count() == len(reference.items)
    assert Price.objects.filter(item__in=medicines, valid_during__endswith=None).count() == len(
        reference.prices
    )
