"""
Catalogues of Peppol BIS Catalogue 3 come in as price lists; what the official rules refuse is refused in their words.

The examples and the rules are OpenPEPPOL's, and may not be committed: they are read from beside the repository.
"""

from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from pytest_django import Settings

from agreements.models import Agreement, Supplier
from catalog.models import Item, Price
from core.units import Unit, unit_called
from office.peppol import catalogues
from registers.bundles import BUNDLES
from registers.models import ChangeKind, Import
from registers.operations.applying import apply_import
from registers.operations.imports import request_import, run_import
from registers.reading.lines import UNSAID, Line, Overview, lines
from registers.reading.text import UnreadableFile
from tests.cast import NOW, Cast
from tests.shared import shared

CASES = "peppol/examples/Cataloge wo response use cases"
EXAMPLES = [
    *(f"{CASES}/catalogue-wo-response-use-case-{n}.xml" for n in range(1, 7)),
    "peppol/examples/Catalogue_Example.xml",
]

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>{before}<Catalogue xmlns="urn:oasis:names:specification:ubl:schema:xsd:Catalogue-2"'
    ' xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"'
    ' xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">'
    "<cbc:IssueDate>2021-03-01</cbc:IssueDate>{inside}</Catalogue>"
)


def read(content: bytes) -> tuple[list[dict[str, str]], list[str]]:
    """The rows of a catalogue by heading, without what it does not say, and the notes."""
    overview = Overview()
    head, *body = lines(BytesIO(content), file_name="katalog.xml", overview=overview)
    rows = [
        {
            str(name): str(cell)
            for name, cell in zip(head.cells, line.cells, strict=True)
            if cell is not UNSAID
        }
        for line in body
    ]
    return rows, [note.code for note in overview.left_out]


def whole(inside: str, before: str = "") -> bytes:
    return HEAD.format(before=before, inside=inside).encode()


def line_of(
    inside: str = "",
    *,
    price: str = '<cbc:PriceAmount currencyID="SEK">20</cbc:PriceAmount>',
    number: str = "A1",
) -> str:
    return (
        "<cac:CatalogueLine><cbc:OrderableUnit>XBX</cbc:OrderableUnit>"
        '<cbc:ContentUnitQuantity unitCode="C62">10</cbc:ContentUnitQuantity>'
        f"{inside}<cac:RequiredItemLocationQuantity><cac:Price>{price}</cac:Price></cac:RequiredItemLocationQuantity>"
        "<cac:Item><cbc:Name>Penna</cbc:Name><cac:SellersItemIdentification>"
        f"<cbc:ID>{number}</cbc:ID></cac:SellersItemIdentification></cac:Item></cac:CatalogueLine>"
    )


@pytest.fixture
def _rules(settings: Settings) -> None:
    settings.PEPPOL_RULES = str(shared("peppol/xslt"))


@pytest.fixture
def seller(cast: Cast) -> Supplier:
    """Who the examples are from, with the agreements that they name."""
    Supplier.objects.filter(pk=cast.supplier.pk).update(gln="5790000435951")
    type(cast.agreement).objects.filter(pk=cast.agreement.pk).update(number="3299-RA")
    return cast.supplier


def handed_in(path: Path, content: bytes) -> Import:
    of_import = request_import(
        register=BUNDLES["price_list"],
        file_name=path.name,
        content=BytesIO(content),
        by=None,
        at=NOW,
        constants={"items.category": "10"},
    )
    return run_import(of_import=of_import, at=NOW)


@pytest.mark.usefixtures("_rules")
def test_every_example_comes_in_with_its_prices(seller: Supplier) -> None:
    counts_by_place = {}
    for place, example in enumerate(EXAMPLES):
        path = shared(example)
        in_kronor = path.read_bytes().replace(b'"NOK"', b'"SEK"').replace(b'"EUR"', b'"SEK"')
        of_import = handed_in(path, in_kronor.replace(b"CRT1387", b"3299-RA"))
        assert of_import.error == "", path
        refusals = [
            (change.row, change.sentence)
            for part in of_import.with_followers()
            for change in part.changes.filter(kind=ChangeKind.REFUSED)
        ]
        counts_by_place[place] = {part.register_name: part.counts() for part in of_import.with_followers()}
        assert refusals == [], (path, refusals)
        apply_import(of_import=of_import, by=None, at=NOW)
        if place == 0:
            pen = Item.objects.get(number="2451015")
            assert (pen.name, pen.order_unit, pen.base_unit, pen.units_per_order_unit) == (
                "Ballpoint pen. Blue 0.7 mm",
                "ask",
                "st",
                Decimal(10),
            )
            assert "felt pen" in pen.description
            assert Price.objects.get(item=pen).agreement == Agreement.objects.get(number="3299-RA")
    assert [
        tuple(
            counts_by_place[place][register][kind]
            for register in ("items", "prices")
            for kind in ("new", "changed")
        )
        for place in counts_by_place
    ] == [(7, 0, 7, 0), (1, 1, 1, 1), (4, 1, 4, 2), (0, 0, 0, 1), (4, 0, 4, 0), (2, 1, 3, 0), (0, 0, 0, 0)]


@pytest.mark.usefixtures("_rules")
def test_a_price_in_another_currency_is_refused_and_its_item_is_not(seller: Supplier) -> None:
    path = shared(EXAMPLES[0])
    of_import = handed_in(path, path.read_bytes())
    items, prices = (part.counts() for part in of_import.with_followers()[:2])
    assert (items["new"], items["refused"], prices["new"], prices["refused"]) == (7, 0, 0, 7)
    follower = of_import.followers.first()
    assert follower is not None
    change = follower.changes.first()
    assert change is not None
    assert change.sentence.startswith("Priset är i NOK. Priser i registret är i kronor: be leverantören")


@pytest.mark.usefixtures("_rules")
@pytest.mark.parametrize(
    ("spoilt", "by", "rule", "place"),
    [
        ("<cbc:IssueDate>2019-08-01</cbc:IssueDate>", "", "PEPPOL-T19-B00902", ""),
        ("trns:catalogue:3<", "trns:catalogue:2<", "PEPPOL-T19-R018", "CustomizationID"),
        (
            "<cbc:OrderableUnit>XBX<",
            "<cbc:OrderableUnit>ZZZZ<",
            "PEPPOL-COMMON-R",
            "CatalogueLine[1]/OrderableUnit",
        ),
    ],
)
def test_what_the_rules_refuse_is_refused_in_their_words_with_the_place(
    spoilt: str, by: str, rule: str, place: str
) -> None:
    text = shared(EXAMPLES[0]).read_bytes().decode("latin-1")
    assert spoilt in text
    with pytest.raises(catalogues.BreaksRules) as exc_info:
        read(text.replace(spoilt, by, 1).encode("latin-1"))
    assert "PEPPOL-" in str(exc_info.value)
    assert place in str(exc_info.value)


def test_without_the_rules_it_says_so(settings: Settings) -> None:
    settings.PEPPOL_RULES = ""
    _rows, notes = read(whole("<cbc:ActionCode>Replace</cbc:ActionCode>" + line_of()))
    assert notes == ["catalogue_unchecked", "catalogue_replaces"]
    settings.PEPPOL_RULES = "/nowhere"
    with pytest.raises(catalogues.RulesUnusable):
        read(whole(line_of()))


@pytest.mark.parametrize(
    ("price", "each"),
    [
        ('<cbc:PriceAmount currencyID="SEK">20</cbc:PriceAmount>', "20.0000"),
        (
            '<cbc:PriceAmount currencyID="SEK">200</cbc:PriceAmount><cbc:BaseQuantity unitCode="XBX">10</cbc:BaseQuantity>',
            "20.0000",
        ),
        (
            '<cbc:PriceAmount currencyID="SEK">2</cbc:PriceAmount><cbc:BaseQuantity unitCode="C62">1</cbc:BaseQuantity>',
            "20.0000",
        ),
        (
            (
                '<cbc:PriceAmount currencyID="SEK">3</cbc:PriceAmount><cbc:BaseQuantity unitCode="KGM">2</cbc:BaseQuantity>'
                "<cbc:OrderableUnitFactorRate>0.5</cbc:OrderableUnitFactorRate>"
            ),
            "0.7500",
        ),
    ],
)
def test_a_price_is_that_of_one_order_unit(price: str, each: str) -> None:
    (row,), _notes = read(whole(line_of(price=price)))
    assert row["prices.unit_price"] == each


def test_a_price_of_a_unit_that_goes_with_nothing_is_refused() -> None:
    price = '<cbc:PriceAmount currencyID="SEK">3</cbc:PriceAmount><cbc:BaseQuantity unitCode="KGM">1</cbc:BaseQuantity>'
    rows = list(lines(BytesIO(whole(line_of(price=price))), file_name="x"))
    assert [str(why) for why in rows[1].refused.values()] == [
        "Priset är per KGM, men beställs per XBX, och katalogen säger inte hur de hör ihop."
    ]


def test_what_is_deleted_has_no_price_from_the_first_day(cast: Cast) -> None:
    line = line_of("<cbc:ActionCode>Delete</cbc:ActionCode>", number=cast.gloves.number)
    line = line.replace("<cbc:Name>Penna</cbc:Name>", "<cbc:Name>Annat</cbc:Name>")
    unknown = line_of("<cbc:ActionCode>Delete</cbc:ActionCode>", number="OKÄND")
    contract = f"<cac:ReferencedContract><cbc:ID>{cast.agreement.number}</cbc:ID></cac:ReferencedContract>"
    number = cast.supplier.org_number.replace("-", "")
    party = (
        '<cac:ProviderParty><cac:PartyLegalEntity><cbc:CompanyID schemeID="0007">'
        f"{number}</cbc:CompanyID></cac:PartyLegalEntity></cac:ProviderParty>"
    )
    for many, before in ((10, None), (100, date(2020, 1, 1))):
        Price.objects.create(
            item=cast.gloves,
            agreement=cast.agreement,
            supplier=cast.supplier,
            minimum_quantity=many,
            unit_price=50,
            valid_during=DateRange(date(2018, 1, 1), before),
        )
    of_import = handed_in(Path("x.xml"), whole(contract + party + line + unknown))
    assert [part.counts()["changed"] for part in of_import.with_followers()] == [0, 2, 0]
    assert [part.counts()["refused"] for part in of_import.with_followers()] == [1, 1, 0]
    apply_import(of_import=of_import, by=None, at=NOW)
    ended = Price.objects.filter(item=cast.gloves).order_by("minimum_quantity")
    assert [(each.unit_price, str(each.valid_during.upper)) for each in ended] == [
        (58, "2021-03-01"),
        (50, "2021-03-01"),
        (50, "2020-01-01"),
    ]
    cast.gloves.refresh_from_db()
    assert cast.gloves.name.startswith("Undersökningshandske")


BOMB = '<!DOCTYPE Catalogue [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE Catalogue [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (whole("<cbc:Name>&b;</cbc:Name>", BOMB), catalogues.CatalogueWithEntities),
        (whole("<cbc:Name>&a;</cbc:Name>", OUTSIDE), catalogues.CatalogueWithEntities),
        (whole("<cac:CatalogueLine>" * 10_000), catalogues.BrokenCatalogue),
        (whole("<a>" * 5_000 + "</a>" * 5_000), catalogues.BrokenCatalogue),
        (whole(line_of())[:-30], catalogues.BrokenCatalogue),
        (
            whole(line_of()).replace(b"<Catalogue ", b"<Order ").replace(b"</Catalogue>", b"</Order>"),
            catalogues.AnotherDocument,
        ),
        (
            b"<html xmlns='urn:oasis:names:specification:ubl:schema:xsd:Catalogue-2'></html>",
            catalogues.AnotherDocument,
        ),
    ],
)
def test_what_is_hostile_or_broken_gets_a_sentence(content: bytes, refusal: type[UnreadableFile]) -> None:
    with pytest.raises(refusal):
        read(content)


def test_the_reading_process_is_ended_when_it_takes_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogues, "MEMORY_LIMIT", 60_000_000)
    with pytest.raises(catalogues.CatalogueTooLarge):
        read(whole(line_of() * 60_000))
    monkeypatch.setattr(catalogues, "SIZE_LIMIT", 1000)
    with pytest.raises(catalogues.CatalogueTooLarge):
        read(whole(line_of() * 10))


@pytest.mark.parametrize("code", ["XBX", "EA", "KGM", "LBR", "XAH", "MTK", "MLT", "XCS", "XRO", "XBO", "HUR"])
def test_units_of_the_examples_are_known(code: str) -> None:
    assert isinstance(unit_called(code), Unit)


def test_an_utf_16_catalogue_is_read() -> None:
    rows, _notes = read(whole(line_of()).decode().replace("UTF-8", "UTF-16").encode("utf-16"))
    assert rows[0]["items.name"] == "Penna"
    assert isinstance(next(lines(BytesIO(whole(line_of())), file_name="x")), Line)
