"""Price, volume and mix of delivered lines: the worked example through the program, and any lines against the formulas."""

import random
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from pytest_django import DjangoAssertNumQueries

from catalog.models import Equivalence, Item, Substitution
from categories.models import Category
from history.index_changes import Period
from history.models import PurchaseHistoryLine
from history.price_volume_mix import ComparedItem, Purchase, Split, old_equivalents, split, summed
from reporting.models import DeliveredLine
from reporting.price_volume_mix import CategorySplit, Compared, by_category, by_item
from tests import cast as cast_module
from tests import worlds
from tests.cast import ALWAYS, Cast
from tests.history.plain_splits import parts
from tests.reporting import test_stands_in
from tests.reporting.initiatives import delivered

BEFORE, AFTER = Period.year(2019), Period.year(2020)
COMPARED = Compared(BEFORE, AFTER)


def item(
    cast: Cast, number: str, *, units: int = 1, base: str = "st", within: Category | None = None
) -> Item:
    """Something to buy among the gloves, or in another category."""
    new_item = cast_module.item(
        number, f"Artikel {number}", within or cast.gloves_category, unit="ask", factor=units
    )
    new_item.base_unit = base
    new_item.save()
    return new_item


def of(splits: Iterable[CategorySplit], category: Category | None) -> Split:
    """The split of one category."""
    (result,) = (each.split for each in splits if each.category == category)
    return result


def replaces(new: Item, old: Item, factor: str = "1", **facts: Any) -> Substitution:
    """One item replaces another, so many packs of it for one."""
    return Substitution.objects.create(
        **{"from_item": old, "to_item": new, "factor": Decimal(factor), "valid_during": ALWAYS, **facts}
    )


def example_d(cast: Cast) -> tuple[Item, Item]:
    """DOMAIN 2.5, example D: A 10 → 9 kr, 1 000 → 1 500; B 40 → 42 kr, 500 → 300. A comes in packs of ten, and some go back."""
    a, b = item(cast, "A", units=10), item(cast, "B")
    delivered(cast, date(2019, 3, 1), "100", "100", item=a)
    delivered(cast, date(2019, 12, 31), "500", "40", item=b)
    delivered(cast, date(2020, 1, 1), "160", "90", item=a)
    delivered(cast, date(2020, 6, 1), "-10", "90", item=a)
    delivered(cast, date(2020, 6, 1), "150", "84", item=b, units=2)
    return a, b


def test_worked_example_d_through_the_program(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    example_d(cast)
    with django_assert_num_queries(2):
        result = of(by_category(COMPARED), cast.gloves_category)
    assert parts(result, "before after unit") == [30_000, 26_100, "st"]
    assert parts(result, "price volume mix new gone") == [-900, 6_000, -9_000, 0, 0]
    assert result.indices is not None
    assert f"{result.indices.fisher_price:.4f} {result.indices.fisher_quantity:.4f}" == "0.9832 0.8849"
    with django_assert_num_queries(3):
        changes = by_item(COMPARED)
    assert split(each.thing for each in changes) == result


def test_other_days_and_currencies_are_not_in_it(cast: Cast) -> None:
    example_d(cast)
    delivered(cast, date(2018, 12, 31), "10", "1")
    delivered(cast, date(2021, 1, 1), "10", "1")
    delivered(cast, date(2020, 1, 1), "10", "1", currency="EUR")
    assert of(by_category(COMPARED), cast.gloves_category).after == 26_100


def line(day: date, amount: int, *, of_item: Item | None, within: Category | None) -> PurchaseHistoryLine:
    """A line that lacks something."""
    return PurchaseHistoryLine.objects.create(
        source="ledger",
        external_id=f"{day} {amount}",
        delivered_date=day,
        item_key="x",
        description="Diverse",
        quantity=1,
        unit_price=amount,
        amount=amount,
        item=of_item,
        category=within,
    )


def test_lines_without_item_or_category_are_apart(cast: Cast) -> None:
    example_d(cast)
    line(date(2019, 5, 1), 70, of_item=None, within=cast.gloves_category)
    line(date(2020, 5, 1), 100, of_item=None, within=cast.gloves_category)
    line(date(2020, 5, 1), 5, of_item=cast.gloves, within=None)
    splits = by_category(COMPARED)
    gloves = of(splits, cast.gloves_category)
    assert parts(gloves, "unknown price change") == [30, -900, -3_870]
    assert of(splits, None).new == 5


def test_different_base_units_have_no_volume_and_no_mix(cast: Cast) -> None:
    example_d(cast)
    litres = item(cast, "L", base="l")
    delivered(cast, date(2019, 5, 1), "10", "5", item=litres)
    assert of(by_category(COMPARED), cast.gloves_category).volume == 6_000  # gone: it has no price to compare
    delivered(cast, date(2020, 5, 1), "20", "5", item=litres)
    result = of(by_category(COMPARED), cast.gloves_category)
    assert parts(result, "volume mix price quantity") == [None, None, -900, -2_950]


def test_what_replaced_an_item_is_told_in_its_base_units(cast: Cast) -> None:
    """100 boxes of 100 at 60 (0.60). Then boxes of 50, two and a half for each: 250 at 20, which do for 10 000 gloves at 0.50."""
    old, new = item(cast, "O", units=100), item(cast, "N", units=50)
    replaces(new, old, "2.5")
    delivered(cast, date(2019, 5, 1), "100", "60", item=old)
    delivered(cast, date(2020, 5, 1), "250", "20", item=new)
    result = of(by_category(COMPARED), cast.gloves_category)
    assert parts(result, "price volume mix new gone") == [-1_000, 0, 0, 0, 0]
    (change,) = by_item(COMPARED)
    assert (change.item, change.replacements) == (old, (new,))
    assert change.thing.after == Purchase(Decimal(10_000), Decimal(5_000))


def test_both_of_two_that_replace_each_other_live_side_by_side(cast: Cast) -> None:
    old, new = item(cast, "O"), item(cast, "N")
    replaces(new, old)
    for day in (date(2019, 5, 1), date(2020, 5, 1)):
        delivered(cast, day, "10", "60", item=old)
        delivered(cast, day, "10", "50", item=new)
    delivered(cast, date(2020, 6, 1), "10", "50", item=new)
    result = of(by_category(COMPARED), cast.gloves_category)
    assert parts(result, "price volume mix") == [0, 550, -50]
    assert len(by_item(COMPARED)) == 2


@pytest.mark.parametrize(
    "facts",
    [
        {"equivalence": Equivalence.CRISIS_ONLY, "note": "Vid brist"},
        {"valid_during": DateRange(date(2018, 1, 1), date(2020, 12, 31))},
    ],
)
def test_what_replaces_only_in_a_crisis_or_no_longer_is_another_thing(
    cast: Cast, facts: dict[str, Any]
) -> None:
    old, new = item(cast, "O"), item(cast, "N")
    replaces(new, old, **facts)
    delivered(cast, date(2019, 5, 1), "10", "60", item=old)
    delivered(cast, date(2020, 5, 1), "10", "50", item=new)
    result = of(by_category(COMPARED), cast.gloves_category)
    assert parts(result, "price new gone") == [0, 500, -600]


def test_a_chain_of_replacements_is_one_thing(cast: Cast) -> None:
    """O, then N, then P: all told in O's base units, one P doing for two N and one N for three O."""
    old, new, last = item(cast, "O"), item(cast, "N"), item(cast, "P")
    replaces(new, old, "0.5")
    replaces(last, new, "0.5")
    delivered(cast, date(2019, 5, 1), "40", "1", item=old)
    delivered(cast, date(2019, 6, 1), "20", "2", item=new)
    delivered(cast, date(2020, 6, 1), "20", "5", item=last)
    (change,) = by_item(COMPARED)
    assert (change.item, set(change.replacements)) == (old, {new, last})
    assert change.thing.before == Purchase(Decimal(80), Decimal(80))
    assert change.thing.after == Purchase(Decimal(80), Decimal(100))


def test_what_came_in_anothers_place_is_told_by_the_factor_of_the_decision(cast: Cast) -> None:
    """
    100 boxes of 100 gloves at 63.20 (0.632). Then 20 boxes of 50 at 30.00 (0.60), approved in the place of ten: 1 000 × −0.032.

    What the register says of them later changes nothing.
    """
    delivered(cast, date(2020, 12, 1), "100", "63.20")
    instead = test_stands_in.another(cast, "104413", price="30.00", units=50)
    replacement = replaces(instead, cast.gloves, "2")
    test_stands_in.decided(cast, worlds.line(cast), instead, 20)
    replacement.factor = Decimal(4)
    replacement.save(update_fields=["factor"])
    test_stands_in.came(cast, 20)
    (change,) = by_item(Compared(Period.year(2020), Period.year(2021)))
    assert (change.item, change.replacements) == (cast.gloves, (instead,))
    assert change.thing.after == Purchase(Decimal(1_000), Decimal(600))
    assert split([change.thing]).price == -32


def test_a_category_is_that_of_the_lines_own_day(cast: Cast) -> None:
    """An item that moves is gone where it was, and new where it is; the sums of both are those of their lines."""
    delivered(cast, date(2019, 5, 1), "10", "60")
    cast.gloves.category = cast.office
    cast.gloves.save()
    delivered(cast, date(2020, 5, 1), "10", "50")
    splits = by_category(COMPARED)
    assert parts(of(splits, cast.gloves_category), "gone") == [-600]
    assert parts(of(splits, cast.office), "new") == [500]


def test_within_and_reach_choose_the_lines(cast: Cast) -> None:
    example_d(cast)
    delivered(cast, date(2020, 5, 1), "1", "3480", item=cast.chair)
    assert len(by_category(COMPARED)) == 2
    for chosen in (
        Compared(BEFORE, AFTER, within=cast.medical.pk),
        Compared(BEFORE, AFTER, reach=[cast.gloves_category.pk]),
        Compared(BEFORE, AFTER, category=cast.gloves_category.pk),
    ):
        assert [each.category for each in by_category(chosen)] == [cast.gloves_category]
    assert by_category(Compared(BEFORE, AFTER, reach=[])) == []


@pytest.mark.parametrize("seed", range(3))
def test_any_lines_are_split_as_the_formulas_say(cast: Cast, seed: int) -> None:
    """Items in three categories, in one base unit and in several, replaced, sent back, without item: the SQL and the formulas agree."""
    chance = random.Random(seed)
    categories = [cast.gloves_category, cast.office, cast.services]
    items = [
        item(
            cast,
            f"{number}",
            units=chance.choice([1, 3, 7, 100]),
            base="st" if number % 3 else chance.choice(["st", "l"]),
            within=categories[number % 3],
        )
        for number in range(18)
    ]
    pairs = {items[number + 3]: items[number] for number in range(6)}  # each in its own category
    factors = {new: Decimal(chance.choice(["1", "2", "0.3", "1.5"])) for new in pairs}
    for new, old in pairs.items():
        if new not in pairs.values() and old not in pairs:
            replaces(new, old, str(factors[new]))
    pairs = {new: old for new, old in pairs.items() if new not in pairs.values() and old not in pairs}
    for _line in range(150):
        chosen = chance.choice(items)
        delivered(
            cast,
            chance.choice([date(2019, 4, 1), date(2020, 4, 1)]),
            str(chance.choice([1, 2, 10, 333, "-0.5", -3])),
            str(Decimal(chance.randrange(1, 1_000_000)) / 10_000),
            item=chosen,
            units=chance.choice([None, None, 5]),
            amount=Decimal(chance.randrange(-1000, 1_000_000)) / 100,
        )
    assert_as_the_formulas_say(categories, pairs, factors)


def assert_as_the_formulas_say(
    categories: list[Category], pairs: dict[Item, Item], factors: dict[Item, Decimal]
) -> None:
    """The same from the lines, one by one."""
    sums: dict[tuple[int, Item, int], Purchase] = defaultdict(Purchase)
    for line in DeliveredLine.objects.select_related("item"):
        assert line.item is not None
        assert line.category_id is not None
        key = (line.category_id, line.item, line.delivered_date.year)
        units = line.units_per_order_unit or line.item.units_per_order_unit
        sums[key] = Purchase(sums[key].quantity + line.quantity * units, sums[key].amount + line.amount)

    def told(category: Category, each: Item) -> ComparedItem:
        return ComparedItem(sums[category.pk, each, 2019], sums[category.pk, each, 2020], each.base_unit)

    def joined(thing: ComparedItem, new: Item, old: Item) -> ComparedItem:
        factor = factors[new] * new.units_per_order_unit / old.units_per_order_unit
        return ComparedItem(
            old_equivalents_of(thing.before, factor), old_equivalents_of(thing.after, factor), old.base_unit
        )

    splits = by_category(COMPARED)
    for category in categories:
        things = {
            each: told(category, each) for _category, each, _year in list(sums) if _category == category.pk
        }
        for new, old in pairs.items():
            if new in things and old in things and not (things[new].is_matched and things[old].is_matched):
                come = joined(things.pop(new), new, old)
                things[old] = ComparedItem(
                    added(things[old].before, come.before),
                    added(things[old].after, come.after),
                    old.base_unit,
                )
        assert of(splits, category) == split(things.values())
    total = summed(each.split for each in splits)
    assert total.before == sum(each.amount for (_category, _item, year), each in sums.items() if year == 2019)
    assert total.price + total.quantity + total.new + total.gone + total.unknown == total.change


def old_equivalents_of(bought: Purchase, factor: Decimal) -> Purchase:
    return Purchase(old_equivalents(bought.quantity, factor), bought.amount)


def added(one: Purchase, other: Purchase) -> Purchase:
    return Purchase(one.quantity + other.quantity, one.amount + other.amount)
