"""Files without headings are read by a mapping that a manager hands in once, on the page and through the API."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from audit.models import Entry
from catalog.models import Item, Price
from registers.models import FileMapping, Import
from registers.operations.applying import apply_import
from registers.operations.imports import run_import
from tests.cast import NOW, Cast
from tests.pages import signed_in
from tests.registers.test_imports_api import IMPORTS, program

pytestmark = pytest.mark.usefixtures("at_nine")

PAGE = reverse("registers:imports", args=["price_list"])
BDPM = (Path(__file__).parents[2] / "docs" / "mappings" / "bdpm.json").read_bytes()


def row(number: str, price: str, name: str = "DOLIPRANE 1000 mg") -> str:
    """A row of the French list as docs/price-lists.md puts it together, without headings."""
    cells = ["6000", "3000", "plaquette", "", "", "", number, "", "", price, "", "", "", name, number]
    return "\t".join(cells) + "\n"


def listed(*rows: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("lista.tsv", "".join(rows).encode())


def said(cast: Cast) -> dict[str, str]:
    """What holds of all the rows."""
    return {
        "items.category": cast.medical.code,
        "prices.agreement": cast.agreement.number,
        "prices.supplier": cast.supplier.org_number,
        "prices.from_date": "2021-05-18",
    }


def handed_in(client: Client, cast: Cast, file: SimpleUploadedFile, **more: object) -> Import:
    constants = {f"alla-{name}": text for name, text in said(cast).items()}
    answer = client.post(PAGE, {"file": file, **constants, **more})
    assert answer.status_code == 302, answer.content.decode()
    return taken_in(Import.objects.filter(led_by=None).latest("pk"))


def taken_in(made: Import) -> Import:
    return apply_import(of_import=run_import(of_import=made, at=NOW), by=None, at=NOW)


def prices() -> dict[str, Decimal]:
    medicines = Price.objects.filter(item__gtin__startswith="34009", valid_during__endswith=None)
    return {str(gtin): price for gtin, price in medicines.values_list("item__gtin", "unit_price")}


def test_a_mapping_is_handed_in_once_and_then_goes_with_its_source(cast: Cast) -> None:
    client = signed_in(cast.manager)
    assert 'name="mapping"' not in client.get(PAGE).content.decode()
    mapping = SimpleUploadedFile("bdpm.json", BDPM)
    first = handed_in(client, cast, listed(row("3400930000011", "2,50")), mapping_file=mapping)
    assert (first.source, first.is_headless) == ("BDPM", True)
    assert prices() == {"3400930000011": Decimal("2.5000")}
    assert Item.objects.get(gtin="3400930000011").name == "DOLIPRANE 1000 mg"
    assert '<option value="BDPM">BDPM</option>' in client.get(PAGE).content.decode()
    entry = Entry.objects.get(event="register.mapping_kept")
    assert (entry.by_id, entry.details["register"]) == (cast.manager.pk, "price_list")
    handed_in(client, cast, listed(row("3400930000028", "1 234,5")), source="BDPM")
    handed_in(client, cast, listed(row("3400930000035", "4,00")), mapping="BDPM", source="Annan")
    assert prices() == {
        "3400930000011": Decimal("2.5000"),
        "3400930000028": Decimal("1234.5000"),
        "3400930000035": Decimal("4.0000"),
    }
    other = json.loads(BDPM) | {"constants": {"items.base_unit": "st", "items.order_unit": "st"}}
    handed_in(
        client,
        cast,
        listed(row("3400930000042", "5,00")),
        mapping_file=SimpleUploadedFile("bdpm.json", json.dumps(other).encode()),
    )
    assert FileMapping.objects.get().constants["items.base_unit"] == "st"
    assert Item.objects.get(gtin="3400930000042").order_unit == "st"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"\xff",
        b"{}",
        b'{"source": "' + b"x" * 21 + b'"}',
        b'{"source": "A", "x": 1}',
        b"[" * 99_999,
    ],
    ids=["empty", "no object", "no text", "no source", "long source", "unknown", "deep"],
)
def test_what_is_no_mapping_is_refused_and_nothing_is_kept(cast: Cast, content: bytes) -> None:
    file = SimpleUploadedFile("m.json", content) if content else SimpleUploadedFile("m.json", b" ")
    answer = signed_in(cast.manager).post(
        PAGE, {"file": listed(row("3400930000011", "2")), "mapping_file": file}
    )
    assert answer.status_code == 400
    assert "Mappningen går inte att läsa." in answer.content.decode()
    assert not FileMapping.objects.exists()
    assert not Import.objects.exists()


def test_programs_choose_a_mapping_too(cast: Cast) -> None:
    client = program(cast.manager)
    facts = {"register": "price_list", "constants": json.dumps(said(cast))}
    fields = facts | {"file": listed(row("3400930000011", "2,50")), "mapping": "BDPM"}
    response = client.post(IMPORTS, fields, format="multipart")
    assert (response.status_code, response.json()["code"]) == (400, "register_mapping_unknown")
    mapping = SimpleUploadedFile("bdpm.json", BDPM)
    fields = facts | {"file": listed(row("3400930000011", "2,50")), "mapping_file": mapping}
    assert client.post(IMPORTS, fields, format="multipart").status_code == 202
    taken_in(Import.objects.filter(led_by=None).latest("pk"))
    fields = facts | {"file": listed(row("3400930000028", "3,50")), "mapping": "BDPM"}
    assert client.post(IMPORTS, fields, format="multipart").status_code == 202
    taken_in(Import.objects.filter(led_by=None).latest("pk"))
    assert prices() == {"3400930000011": Decimal("2.5000"), "3400930000028": Decimal("3.5000")}
