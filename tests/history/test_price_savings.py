"""What price changes in imported lines were worth: by hand on an extract, and against plain Python on the real file."""

import csv
import gzip
import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from pytest_django import DjangoAssertNumQueries

from history import price_savings
from history.models import PriceBaseline, PriceComparison, PurchaseHistoryLine
from history.operations.comparing import keep_comparisons
from history.sources import item_key
from tests.history.scms_files import (
    DELIVERED,
    DESCRIPTION,
    EXTRACT,
    PACK,
    PRICE,
    QUANTITY,
    REAL,
    REAL_MISSING,
    VALUE,
    VENDOR,
    brought_in,
    table,
)


@pytest.fixture
def extract(db: None) -> None:
    brought_in(EXTRACT.read_bytes())


def test_price_savings_of_the_extract_by_hand(extract: None) -> None:
    """
    By hand, from the 21 lines.

    Genie II: 2006 (7 535 + 55 231.55) / (100 + 733) = 75.3500; 2007 −0.65 × 375 = −243.75 and −0.65 × 615 = −399.75;
    2008 76.0000 − 76 = 0; 2009 (76 − 110) × 140 = −4 760; 2010 (110 − 110) × 2 400 = 0.
    OraQuick: 2008 15.2500; 2009 −9.75 × 10, twice = −195; 2010 0; 2013 has no 2012: no baseline.
    Efavirenz: 2008 36 804 / 1 800 = 20.4467; 2009 3.8067 × 1 600 = 6 090.72.
    Zidovudine: 2009 5 593.33 / 760 = 7.3596; 2010 0.1996 × 400 = 79.84 and 0.3696 × 100 = 36.96.
    Abacavir 10910 has the price 0 and is left out.
    """
    result = price_savings.price_savings(source="scms")
    assert result.total.lines == 11
    assert result.total.spend == Decimal("414077.01")
    assert result.total.saving_positive == Decimal("6207.52")
    assert result.total.saving_negative == Decimal("-5598.50")
    assert result.total.saving_net == Decimal("609.02")
    assert (result.total.lines_without_baseline, result.lines_left_out) == (9, 1)
    assert result.by["department"]["Botswana"].saving_net == Decimal(-195)
    assert result.by["category"]["ARV / Adult"].saving_net == Decimal("6090.72")
    assert result.years[2010].saving_net == Decimal("116.80")


def test_every_sum_adds_up_whatever_it_is_grouped_by(extract: None) -> None:
    result = price_savings.price_savings(source="scms")
    for groups in (*result.by.values(), {str(year): sums for year, sums in result.years.items()}):
        for name in (
            "lines",
            "spend",
            "saving_net",
            "saving_positive",
            "saving_negative",
            "lines_without_baseline",
        ):
            assert sum(getattr(sums, name) for sums in groups.values()) == getattr(result.total, name)


def test_lines_are_those_behind_the_sum(extract: None) -> None:
    result = price_savings.price_savings(source="scms")
    for only, expected in (
        ("", result.total.saving_net),
        ("minskning", result.total.saving_positive),
        ("okning", result.total.saving_negative),
    ):
        page = price_savings.lines(source="scms", only=only, limit=100)
        assert page.saving == expected == sum(line.saving or 0 for line in page.lines)
    assert price_savings.lines(source="scms", only="utan", limit=100).count == 9
    genie = price_savings.lines(source="scms", year=2009, department="Côte d'Ivoire", limit=1)
    assert (genie.count, genie.lines[0].baseline, genie.saving) == (1, Decimal(76), Decimal(-4760))


@pytest.mark.parametrize("only", ["", "minskning", "okning", "utan"])
@pytest.mark.parametrize(
    "chosen",
    [{}, {"year": 2009}, {"year": 2010}, {"department": "Côte d'Ivoire"}, {"supplier": "Orgenics, Ltd"}],
)
def test_lines_are_the_same_with_the_baselines_that_were_kept(
    extract: None, chosen: dict[str, Any], only: str
) -> None:
    assert PriceBaseline.objects.filter(source="scms").exists()
    expected = price_savings.lines(source="scms", only=only, limit=100, **chosen)
    PriceComparison.objects.all().delete()
    assert price_savings.lines(source="scms", only=only, limit=100, **chosen) == expected


def test_baselines_are_kept_once(extract: None) -> None:
    before = list(
        PriceBaseline.objects.order_by("item_key", "has_pack", "year").values_list("item_key", "amount")
    )
    keep_comparisons()
    after = PriceBaseline.objects.order_by("item_key", "has_pack", "year").values_list("item_key", "amount")
    assert list(after) == before


def test_lines_of_nothing(db: None) -> None:
    assert price_savings.lines(source="scms", limit=10) == price_savings.LinePage(
        (), 0, Decimal(0), Decimal(0)
    )
    assert price_savings.price_savings(source="scms").total == price_savings.NOTHING


def test_comparison_is_kept_when_lines_have_come_in(
    extract: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        expected = price_savings.price_savings(source="scms")
    PriceComparison.objects.all().delete()
    with django_assert_num_queries(3):
        assert price_savings.price_savings(source="scms") == expected


def test_comparison_holds_until_another_line_comes_in(extract: None) -> None:
    before = price_savings.price_savings(source="scms")
    line = PurchaseHistoryLine.objects.filter(source="scms", delivered_date__year=2009).latest("pk")
    line.pk, line.external_id = None, "another"
    line.save()
    after = price_savings.price_savings(source="scms")
    assert after.total.spend == before.total.spend + line.amount
    keep_comparisons()
    assert PriceComparison.objects.current("scms").exists()
    assert price_savings.price_savings(source="scms") == after


def test_sources_are_told_with_the_latest_first(extract: None) -> None:
    line = PurchaseHistoryLine.objects.latest("pk")
    line.pk, line.source, line.currency = None, "ekonomi", "SEK"
    line.save()
    assert list(price_savings.sources().items()) == [("ekonomi", "SEK"), ("scms", "USD")]


def test_command_prints_json(extract: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("price_savings", "--baseline", "previous-year", "--output", "json")
    printed = json.loads(capsys.readouterr().out)
    assert printed["lines"] == 11
    assert (printed["spend"], printed["saving_net"]) == ("414077.01", "609.02")
    assert printed["by_supplier"].keys() >= {"Orgenics, Ltd"} or len(printed["by_supplier"]) > 1


def test_command_prints_amounts_as_text_and_no_number_with_decimals(
    extract: None, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(text: str) -> None:
        pytest.fail(f"{text} is a number with decimals")

    call_command("price_savings", "--output", "json")
    printed = json.loads(capsys.readouterr().out, parse_float=refused)
    result = price_savings.price_savings(source="scms")
    for group, name in (("by_category", "category"), ("by_supplier", "supplier")):
        for label, sums in printed[group].items():
            assert Decimal(sums["saving_net"]) == result.by[name][label].saving_net
            assert Decimal(sums["spend_without_baseline"]) == result.by[name][label].spend_without_baseline
    assert printed["by_year"]["2007"]["saving_positive"] == "0"


def test_command_prints_text(extract: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("price_savings")
    output = capsys.readouterr().out
    assert output.startswith("Total: lines=11 spend=414077.01 saving_net=609.02 ")
    assert "lines without baseline: 9" in output


@dataclass(frozen=True)
class ReadLine:
    """A line of the real file, read without the program."""

    delivered_date: date
    supplier_name: str
    item_key: str
    quantity: Decimal
    unit_price: Decimal
    amount: Decimal
    units_per_order_unit: Decimal


def plain_lines(content: bytes) -> list[ReadLine]:
    rows = csv.DictReader(StringIO(gzip.decompress(content).decode("utf-8-sig"), newline=""))
    return [
        ReadLine(
            datetime.strptime(f"{row[DELIVERED]} +0000", "%d-%b-%y %z").date(),
            " ".join(row[VENDOR].split()),
            item_key(row[DESCRIPTION]),
            *(Decimal(row[name]) for name in (QUANTITY, PRICE, VALUE, PACK)),
        )
        for row in rows
    ]


def plain_python(lines: list[ReadLine], *, in_base_units: bool = True) -> dict[str, Any]:
    """
    The definition, word by word, without the database.

    ``in_base_units`` False compares packs whatever they hold, as it was done before.
    """
    usable = [line for line in lines if line.quantity > 0 and line.unit_price > 0]
    value: dict[tuple[str, bool, int], Decimal] = defaultdict(Decimal)
    quantity: dict[tuple[str, bool, int], Decimal] = defaultdict(Decimal)

    def pack_of(line: ReadLine) -> Decimal:
        units = line.units_per_order_unit or Decimal(0)
        return units if in_base_units and units > 0 else Decimal(1)

    def key_of(line: ReadLine, year: int) -> tuple[str, bool, int]:
        return line.item_key, in_base_units and (line.units_per_order_unit or 0) > 0, year

    for line in usable:
        key = key_of(line, line.delivered_date.year)
        value[key] += line.amount
        quantity[key] += line.quantity * pack_of(line)
    count, spend, positive, negative = 0, Decimal(0), Decimal(0), Decimal(0)
    by_supplier: dict[str, Decimal] = defaultdict(Decimal)
    for line in usable:
        key = key_of(line, line.delivered_date.year - 1)
        if key not in quantity:
            continue
        baseline = (value[key] * pack_of(line) / quantity[key]).quantize(
            Decimal("0.0001"), rounding=ROUND_HALF_UP
        )
        saving = (baseline - line.unit_price) * line.quantity
        count += 1
        spend += line.amount
        positive += max(saving, Decimal(0))
        negative += min(saving, Decimal(0))
        by_supplier[line.supplier_name] += saving
    return {
        "lines": count,
        "spend": spend,
        "saving_net": positive + negative,
        "saving_positive": positive,
        "saving_negative": negative,
        "by_supplier": dict(by_supplier),
    }


def test_the_same_price_per_tablet_is_no_saving_in_another_pack(db: None) -> None:
    """100 packs of 30 at 5.00 the year before; then a pack of 60 at 10.00, at 9.00, and a line that tells no pack."""
    rows = [
        {DELIVERED: "2010-05-01", PACK: "30", QUANTITY: "100", VALUE: "500",
         PRICE: "5"},
        {DELIVERED: "2011-05-01", PACK: "60", QUANTITY: "100", VALUE: "1000",
         PRICE: "10"},
        {DELIVERED: "2011-06-01", PACK: "60", QUANTITY: "10", VALUE: "90",
         PRICE: "9"},
        {DELIVERED: "2011-07-01", PACK: "", QUANTITY: "10", VALUE: "90",
         PRICE: "9"},
    ]  # fmt: skip
    brought_in(table(*rows).encode())
    result = price_savings.price_savings(source="scms")
    assert (result.total.saving_net, result.total.saving_negative) == (Decimal(10), Decimal(0))
    assert (result.total.lines, result.total.lines_without_baseline) == (2, 2)


@pytest.mark.skipif(not REAL.exists(), reason=REAL_MISSING)
def test_price_savings_of_the_real_file_equals_plain_python(db: None) -> None:
    content = REAL.read_bytes()
    brought_in(content)
    rows = plain_lines(content)
    assert len({row.supplier_name for row in rows}) == 73
    expected = plain_python(rows)
    assert expected == plain_python(
        rows, in_base_units=False
    )  # the one item whose pack changes has no year before
    assert (expected["lines"], expected["spend"]) == (9480, Decimal("1568004269.76"))
    assert expected["saving_net"] == Decimal("161882293.9852")
    result = price_savings.price_savings(source="scms")
    for name in ("lines", "spend", "saving_net", "saving_positive", "saving_negative"):
        assert getattr(result.total, name) == expected[name], name
    suppliers = {name: sums.saving_net for name, sums in result.by["supplier"].items() if sums.lines}
    assert suppliers == expected["by_supplier"]
    assert result.total.lines + result.total.lines_without_baseline + result.lines_left_out == len(rows)
