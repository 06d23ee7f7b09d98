"""What made the spend of imported lines change from year to year: by hand, and against plain Python on the real files."""

import csv
import gzip
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
from pytest_django import DjangoAssertNumQueries

from agreements.indices import known_series
from agreements.models import IndexSeries, IndexValue
from core.money import to_amount, to_unit_price
from core.periods import add_months
from history.index_changes import Period, index_change
from history.models import PriceComparison, PurchaseHistoryLine
from history.price_volume_mix import Split, summed
from history.purchase_splits import PurchaseSplit, purchase_splits, split_purchases
from registers.kinds import Conventions
from registers.mappings import Mapping
from registers.operations.applying import apply_import
from registers.operations.imports import request_import, run_import
from registers.register import REGISTERS
from tests.cast import NOW
from tests.history.plain_splits import Parts, Row, parts, plain_splits
from tests.history.scms_files import (
    DELIVERED,
    EXTRACT,
    PACK,
    PRICE,
    QUANTITY,
    VALUE,
    brought_in,
    table,
)
from tests.history.test_price_savings import plain_lines
from tests.long import LONG
from tests.shared import shared, unpacked

CLOSE = Decimal("1e-26")
SCMS = "orders/scms_delivery_history.csv.gz"
UCI = "orders/uci_online_retail.csv.zst"
CPI = "index/us_cpi_u_monthly.csv"


def of(splits: list[PurchaseSplit], category: str, year: int) -> Split:
    (result,) = (each.split for each in splits if (each.category, each.year) == (category, year))
    return result


def test_splits_of_the_extract_by_hand(db: None) -> None:
    """
    By hand, from the 21 lines.

    Genie II: 2008 375 packs for 28 500, 2009 140 for 15 400. Price 15 400 − 140 × 76 = 4 760, quantity 10 640 − 28 500 = −17 860.
    Pediatric 2009: Zidovudine is new for 5 593.33, and Abacavir, which cost nothing, is gone. 2010: 760 packs become 500 for
    3 563.01, which had cost 3 679.82: price −116.81, quantity −1 913.51.
    """
    brought_in(EXTRACT.read_bytes())
    splits = split_purchases("scms")
    tests = of(splits, "HRDT / HIV test", 2009)
    assert parts(tests, "before after price quantity") == [28_500, 15_400, 4_760, -17_860]
    assert parts(tests, "new gone volume mix") == [0, 0, None, None]
    assert tests.indices is not None
    assert f"{tests.indices.fisher_price:.4f}" == f"{110 / 76:.4f}"
    children = of(splits, "ARV / Pediatric", 2009)
    assert parts(children, "before new gone") == [0, Decimal("5593.33"), 0]
    later = of(splits, "ARV / Pediatric", 2010)
    assert parts(later, "price quantity") == [Decimal("-116.81"), Decimal("-1913.51")]


def test_splits_are_kept_when_lines_have_come_in(
    db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    brought_in(EXTRACT.read_bytes())
    with django_assert_num_queries(1):
        expected = purchase_splits(source="scms")
    PriceComparison.objects.all().delete()
    with django_assert_num_queries(2):
        assert purchase_splits(source="scms") == expected
    assert expected == split_purchases("scms")
    assert purchase_splits(source="none") == []


def test_packs_are_compared_per_base_unit_and_one_unit_without_packs_has_volume_and_mix(db: None) -> None:
    """
    Pack of 30 at 6 becomes pack of 60 at 10: per tablet 0.2 and 0.1667. Lines without pack are apart, in packs of their own.

    Price 100 × 10 − 6 000 × 0.2 = −200. A group without packs, 10 at 5 and then 20 at 5, has a volume of 50 and no mix.
    """
    rows = [
        {DELIVERED: "2010-05-01", PACK: "30", QUANTITY: "100", VALUE: "600", PRICE: "6"},
        {DELIVERED: "2011-05-01", PACK: "60", QUANTITY: "100", VALUE: "1000", PRICE: "10"},
        {
            DELIVERED: "2010-05-01",
            PACK: "",
            QUANTITY: "10",
            VALUE: "50",
            PRICE: "5",
            "Sub Classification": "B",
        },
        {
            DELIVERED: "2011-05-01",
            PACK: "",
            QUANTITY: "25",
            VALUE: "125",
            PRICE: "5",
            "Sub Classification": "B",
        },
        {
            DELIVERED: "2011-06-01",
            PACK: "",
            QUANTITY: "-5",
            VALUE: "-25",
            PRICE: "5",
            "Sub Classification": "B",
        },
    ]
    brought_in(table(*rows).encode())
    splits = split_purchases("scms")
    packs, single_unit = of(splits, "HRDT / HIV test", 2011), of(splits, "HRDT / B", 2011)
    assert parts(packs, "price quantity volume") == [-200, 600, None]
    assert parts(single_unit, "price volume mix unit") == [0, 50, 0, "pack"]


def assert_same(splits: list[PurchaseSplit], expected: dict[tuple[str, int], Parts]) -> None:
    """What the program says of every group and year is what plain Python says, and adds up; Fisher's product is the ratio of values."""
    assert [(each.category, each.year) for each in splits] == sorted(expected)
    for each in splits:
        result, reference = each.split, expected[each.category, each.year]
        for name in ("before", "after", "price", "quantity", "new", "gone", "volume", "mix"):
            assert getattr(result, name) == reference[name], (each.category, each.year, name)
        assert result.price + result.quantity + result.new + result.gone == result.after - result.before
        if (indices := result.indices) is not None:
            assert (indices.laspeyres_price, indices.paasche_price) == (
                reference["laspeyres"],
                reference["paasche"],
            )
            product = indices.fisher_price * indices.fisher_quantity
            assert abs(product - indices.value) <= CLOSE * indices.value
            assert indices.value == result.matched_after / result.matched_before


def test_splits_of_the_scms_file_equal_plain_python(db: None) -> None:
    content = shared(SCMS).read_bytes()
    brought_in(content)
    rows = list(scms_rows(content))
    splits = purchase_splits(source="scms")
    assert_same(splits, plain_splits(rows))
    spend = {year: sum(row.amount for row in rows if row.year == year) for year in range(2006, 2016)}
    for year in range(2007, 2016):
        total = summed(each.split for each in splits if each.year == year)
        assert total.price + total.quantity + total.new + total.gone == spend[year] - spend[year - 1]


def scms_rows(content: bytes) -> Iterator[Row]:
    """The lines of the file, read without the program."""
    groups = csv.DictReader(StringIO(gzip.decompress(content).decode("utf-8-sig"), newline=""))
    for line, row in zip(plain_lines(content), groups, strict=True):
        has_pack = line.units_per_order_unit > 0
        yield Row(
            " / ".join(" ".join(row[name].split()) for name in ("Product Group", "Sub Classification")),
            (line.item_key, has_pack),
            line.delivered_date.year,
            line.quantity * (line.units_per_order_unit if has_pack else 1),
            line.amount,
            "" if has_pack else "pack",
        )


def test_dollar_prices_of_scms_beside_the_us_consumer_price_index(db: None) -> None:
    """
    The index has 1982–1984 = 100 until 2010, and then 2010-01 = 100: the series goes on as another, linked by that month.

    The mean of each year is that of its twelve months, told in the old base.
    """
    values = {
        date.fromisoformat(row["Date"]): Decimal(row["Index"])
        for row in csv.DictReader(StringIO(shared(CPI).read_text()))
    }
    link = date(2010, 1, 1)
    old = IndexSeries.objects.create(code="CPI-U", name="CPI-U", source="BLS", base="1982–1984 = 100")
    new = IndexSeries.objects.create(
        code="CPI-U 10", name="CPI-U", source="BLS", base="2010-01 = 100", continues=old, link_month=link
    )
    rebased = {month: to_unit_price(value / values[link] * 100) for month, value in values.items()}
    IndexValue.objects.bulk_create(
        [
            IndexValue(series=series, month=month, value=value, published_date=add_months(month, 1))
            for series, points in ((old, values), (new, rebased))
            for month, value in points.items()
            if (series == old and 2006 <= month.year < 2010)
            or (series == new and 2010 <= month.year <= 2015)
            or month == link
        ]
    )
    brought_in(shared(SCMS).read_bytes())
    splits = purchase_splits(source="scms")
    index = known_series([old.pk], day=date(2016, 6, 1))[old.pk]
    points = {
        month: value if month.year < 2010 else rebased[month] * values[link] / 100
        for month, value in values.items()
    }
    for year in range(2007, 2016):
        change = index_change(index, before=Period.year(year - 1), after=Period.year(year))
        before, after = (
            sum((value for month, value in points.items() if month.year == at), Decimal(0))
            for at in (year - 1, year)
        )
        assert abs(change.ratio - after / before) < CLOSE
        indices = summed(each.split for each in splits if each.year == year).indices
        assert indices is not None
        real = indices.fisher_price * before / after
        assert abs(change.real_price(indices) - real) < CLOSE


UCI_MAPPING = Mapping(
    source="uci",
    columns={
        "Row": "external_id",
        "Day": "delivered_date",
        "Item": "item_key",
        "Description": "description",
        "Quantity": "quantity",
        "UnitPrice": "unit_price",
        "Country": "department_name",
    },
    constants={
        "supplier_name": "Online Retail",
        "category_name": "Presenter",
        "currency": "GBP",
        "unit": "st",
    },
)
"""The file names no supplier, no group and no unit: whoever brings it in says them once."""


def uci_lines() -> list[dict[str, str]]:
    """
    The lines of the file, each with its place in it for number, since the file has duplicates and no number of its own.

    The time of day is left out, and a line that names nothing is called by its code. An ordinary run takes every line of one item
    in twenty, a long one all 541 909.
    """
    rows = list(csv.DictReader(StringIO(unpacked(UCI).decode("utf-8-sig"), newline="")))
    items = sorted({row["StockCode"] for row in rows})
    codes = {*items} if LONG else {*items[::20]}
    return [
        {
            "Row": str(number),
            "Day": row["InvoiceDate"][:10],
            "Item": row["StockCode"].lower(),
            "Description": row["Description"].strip() or row["StockCode"],
            "Quantity": row["Quantity"],
            "UnitPrice": row["UnitPrice"],
            "Country": row["Country"],
        }
        for number, row in enumerate(rows, start=1)
        if row["StockCode"] in codes
    ]


@pytest.mark.timeout(600)
def test_splits_of_the_uci_file_equal_plain_python(db: None) -> None:
    """Cancellations are lines with a minus, duplicates are lines, and what was written off has a price below nought."""
    lines = uci_lines()
    text = StringIO(newline="")
    writer = csv.DictWriter(text, fieldnames=list(lines[0]))
    writer.writeheader()
    writer.writerows(lines)
    of_import = request_import(
        register=REGISTERS["purchases"],
        file_name="online_retail.csv",
        content=BytesIO(text.getvalue().encode()),
        by=None,
        at=NOW,
        mapping=UCI_MAPPING,
        conventions=Conventions(decimal_sign="."),
    )
    apply_import(of_import=run_import(of_import=of_import, at=NOW), by=None, at=NOW)
    assert PurchaseHistoryLine.objects.filter(source="uci").count() == len(lines)
    expected = plain_splits(
        Row(
            "Presenter",
            (line["Item"], False),
            int(line["Day"][:4]),
            Decimal(line["Quantity"]),
            to_amount(Decimal(line["Quantity"]) * Decimal(line["UnitPrice"])),
            "st",
        )
        for line in lines
    )
    assert_same(purchase_splits(source="uci"), expected)
