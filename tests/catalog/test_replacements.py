"""What replaces an item by way of others: on the day, approved all the way, with the product of the factors."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from catalog.models import Equivalence, Item, Substitution
from catalog.replacements import Replacement, all_replacements, replacements_of
from catalog.states import ItemStatus
from categories.models import CategoryPolicy
from tests.cast import ALWAYS, NOW, TODAY, Cast, item

pytestmark = pytest.mark.django_db


def chain(cast: Cast, *factors: str, packs: Sequence[int] = ()) -> list[Item]:
    """Items that have left for each other, the last of which is standard."""
    sizes = packs or [1] * (len(factors) + 1)
    items = [
        item(f"9000{n}", f"Led {n}", cast.gloves_category, unit="ask", factor=size)
        for n, size in enumerate(sizes)
    ]
    for (old, new), factor in zip(pairwise(items), factors, strict=True):
        Substitution.objects.create(from_item=old, to_item=new, factor=Decimal(factor), valid_during=ALWAYS)
        left(old)
    return items


def left(old: Item) -> None:
    old.status = ItemStatus.RETIRED
    old.save(update_fields=["status"])


def offered(old: Item, day: date = TODAY) -> Replacement | None:
    return replacements_of([old], day=day).get(old.pk)


def test_what_has_left_for_what_has_left_is_replaced_by_the_last(cast: Cast) -> None:
    """A box of 100 becomes two of 50, each of which becomes one and a half of 30: three boxes of 30, by base unit 0.9."""
    a, b, c = chain(cast, "2", "1.5", packs=[100, 50, 30])
    replacement = offered(a)
    assert replacement is not None
    assert (replacement.to_item, replacement.factor, replacement.base_factor) == (
        c,
        Decimal(3),
        Decimal("0.9"),
    )
    assert [replacement.instead_of(Decimal(n), Decimal(100)) for n in (1, 10)] == [3, 30]
    assert replacement.instead_of(Decimal(2), Decimal(1000)) == 60, "two cartons of ten boxes"
    assert (nearer := offered(b)) is not None
    assert nearer.factor == Decimal("1.5")
    assert offered(c) is None, "it stays"


def test_a_way_is_as_good_as_its_weakest_step_and_says_what_all_say(cast: Cast) -> None:
    a, b, c = chain(cast, "1", "1")
    Substitution.objects.filter(to_item=b).update(equivalence=Equivalence.WITH_CONDITION, note="Inte steril.")
    Substitution.objects.filter(to_item=c).update(note="Grönt lock.")
    replacement = offered(a)
    assert replacement is not None
    assert (replacement.to_item, replacement.equivalence, replacement.condition) == (
        c,
        "with_condition",
        "Inte steril. Grönt lock.",
    )
    assert (last := offered(b)) is not None
    assert (last.equivalence, last.condition) == ("full", "")
    Substitution.objects.filter(to_item=c).update(equivalence=Equivalence.CRISIS_ONLY)
    assert offered(a) is None
    (way,) = [each for each in all_replacements([a.pk], day=TODAY)[a.pk] if each.to_item == c]
    assert (way.is_for_crisis, way.is_offered, way.frozen_factor) == (True, False, None)


def test_every_step_is_valid_and_approved_that_day(cast: Cast) -> None:
    a, b, c = chain(cast, "1", "1")
    Substitution.objects.filter(to_item=c).update(valid_during=DateRange(date(2021, 1, 1), date(2021, 7, 1)))
    assert offered(a) is not None
    assert offered(a, date(2021, 7, 1)) is None, "the second step has ended, and what it began from has left"
    CategoryPolicy.objects.filter(category=cast.medical).update(needs_clinical_approval=True)
    assert offered(a) is None
    Substitution.objects.filter(from_item=a).update(approved_by=cast.head, approved_at=NOW)
    assert offered(a) is None
    Substitution.objects.filter(from_item=b).update(approved_by=cast.head, approved_at=NOW)
    assert offered(a) is not None


def test_what_stays_comes_before_what_leaves_and_that_before_nothing(cast: Cast) -> None:
    a, b, c = chain(cast, "1", "1")
    b.status, b.last_order_date = ItemStatus.PHASING_OUT, date(2021, 6, 30)
    b.save(update_fields=["status", "last_order_date"])
    assert (replacement := offered(a)) is not None
    assert replacement.to_item == c
    left(c)
    assert (replacement := offered(a)) is not None
    assert replacement.to_item == b
    assert offered(a, date(2021, 7, 1)) is None


def test_no_way_has_more_than_eight_steps(cast: Cast) -> None:
    links = chain(cast, *["1"] * 9)
    assert (replacement := offered(links[1])) is not None
    assert replacement.to_item == links[9]
    assert offered(links[0]) is None


def test_of_two_ways_the_better_is_taken(cast: Cast) -> None:
    """One with fewer steps, unless the other needs no condition."""
    a, _b, c = chain(cast, "2", "2")
    Substitution.objects.create(
        from_item=a,
        to_item=c,
        equivalence="with_condition",
        note="Bara vuxna",
        factor=Decimal(5),
        valid_during=ALWAYS,
    )
    assert (replacement := offered(a)) is not None
    assert (replacement.factor, replacement.condition) == (Decimal(4), "")
    Substitution.objects.filter(from_item=a, to_item=c).update(equivalence="full")
    assert (replacement := offered(a)) is not None
    assert (replacement.factor, replacement.note) == (Decimal(5), "Bara vuxna")
