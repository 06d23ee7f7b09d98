"""What must hold of an item's state: in the register by the table of transitions, in the database between rows."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from catalog.models import Equivalence, Item, Substitution, Trial
from catalog.replacements import replacements_of
from catalog.states import ITEM_TRANSITIONS, WRITTEN_TRANSITIONS, ItemStatus
from categories.models import CategoryPolicy
from core.errors import DomainError
from registers.operations.rows import change_row
from registers.operations.writing import check_constraints
from registers.register import REGISTERS
from tests.cast import ALWAYS, NOW, TODAY, Cast, item
from tests.races import race

LATER = TODAY + timedelta(days=30)
WRITTEN = [(before, after) for before, targets in WRITTEN_TRANSITIONS.items() for after in sorted(targets)]
OTHERS = [
    (before, after)
    for before in ItemStatus
    for after in ItemStatus
    if before != after and after not in WRITTEN_TRANSITIONS[before]
]


def in_state(cast: Cast, status: ItemStatus) -> Item:
    """The gown in a state, with whatever any state asks for."""
    Trial.objects.create(item=cast.gown, department=cast.ward, valid_during=DateRange(TODAY, LATER))
    Substitution.objects.create(from_item=cast.gown, to_item=cast.gloves, valid_during=ALWAYS)
    Item.objects.filter(pk=cast.gown.pk).update(
        status=status, blocked_reason="Återkallad", last_order_date=LATER
    )
    return cast.gown


def write(cast: Cast, thing: Item, **cells: str) -> None:
    change_row(register=REGISTERS["items"], row_id=thing.pk, cells=cells, by=cast.manager, at=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize(("before", "after"), WRITTEN)
def test_the_register_takes_what_the_table_allows(cast: Cast, before: ItemStatus, after: ItemStatus) -> None:
    thing = in_state(cast, before)
    write(cast, thing, status=after)
    thing.refresh_from_db()
    assert thing.status == after


@pytest.mark.django_db
@pytest.mark.parametrize(("before", "after"), OTHERS)
def test_the_register_refuses_what_it_does_not(cast: Cast, before: ItemStatus, after: ItemStatus) -> None:
    thing = in_state(cast, before)
    with pytest.raises(DomainError) as refusal:
        write(cast, thing, status=after)
    is_a_step = after in ITEM_TRANSITIONS[before]
    code = "item_blocked_on_its_page" if is_a_step else "item_status_out_of_order"
    assert code in {
        refusal.value.code,
        *(each.code for each in getattr(refusal.value, "by_column", {}).values()),
    }
    thing.refresh_from_db()
    assert thing.status == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"status": "phasing_out", "last_order_date": "2021-06-18"}, "item_replacement_missing"),
        ({"status": "phasing_out"}, "item_last_order_date_missing"),
    ],
)
def test_the_register_asks_for_what_a_state_needs(cast: Cast, cells: dict[str, str], code: str) -> None:
    with pytest.raises(DomainError) as refusal:
        write(cast, cast.gown, **cells)
    assert refusal.value.code == code


def refused(change: Callable[[], object]) -> None:
    """The database refuses the change when the transaction ends."""

    def act() -> None:
        with transaction.atomic():
            change()
            check_constraints()

    with pytest.raises(IntegrityError):
        act()


@pytest.mark.django_db
@pytest.mark.parametrize("status", [ItemStatus.TRIAL, ItemStatus.PHASING_OUT])
def test_what_a_state_needs_is_not_taken_away(cast: Cast, status: ItemStatus) -> None:
    thing = in_state(cast, status)
    check_constraints()
    if status == ItemStatus.TRIAL:
        refused(Trial.objects.all().delete)
    else:
        refused(Substitution.objects.all().delete)
        refused(lambda: Substitution.objects.update(equivalence=Equivalence.CRISIS_ONLY, note="Vid brist"))
        refused(lambda: Substitution.objects.update(valid_during=DateRange(None, TODAY)))
    assert Item.objects.get(pk=thing.pk).status == status


@pytest.mark.django_db(transaction=True)
def test_an_item_leaves_while_its_replacement_is_taken_away(cast: Cast) -> None:
    Substitution.objects.create(from_item=cast.gown, to_item=cast.gloves, valid_during=ALWAYS)
    gown = Item.objects.filter(pk=cast.gown.pk)
    results = race(
        lambda: gown.update(status=ItemStatus.PHASING_OUT, last_order_date=LATER),
        lambda: Substitution.objects.filter(from_item=cast.gown).delete(),
    )
    assert sum(isinstance(result, IntegrityError) for result in results) == 1
    is_leaving = gown.get().status == ItemStatus.PHASING_OUT
    assert is_leaving == Substitution.objects.filter(from_item=cast.gown).exists()


@pytest.fixture
def third(cast: Cast) -> Item:
    return item("104700", "Förkläde engångs", cast.medical, unit="förp", factor=10)


@pytest.mark.django_db
def test_items_do_not_replace_each_other_in_a_circle(cast: Cast, third: Item) -> None:
    for one, other in ((cast.gloves, cast.gown), (cast.gown, third)):
        Substitution.objects.create(from_item=one, to_item=other, valid_during=DateRange(TODAY, LATER))
    for first, last in ((TODAY, None), (LATER - timedelta(days=1), None), (None, TODAY + timedelta(days=1))):
        with pytest.raises(IntegrityError, match="circle"), transaction.atomic():
            Substitution.objects.create(
                from_item=third, to_item=cast.gloves, valid_during=DateRange(first, last)
            )
    # On other days there is no circle.
    Substitution.objects.create(from_item=third, to_item=cast.gloves, valid_during=DateRange(LATER, None))
    with pytest.raises(IntegrityError, match="circle"), transaction.atomic():
        Substitution.objects.filter(from_item=third).update(valid_during=DateRange(TODAY, None))


@pytest.mark.django_db(transaction=True)
def test_two_that_would_make_a_circle_together(cast: Cast, third: Item) -> None:
    Substitution.objects.create(from_item=third, to_item=cast.gloves, valid_during=ALWAYS)

    def say(one: Item, other: Item) -> Substitution:
        with transaction.atomic():
            return Substitution.objects.create(from_item=one, to_item=other, valid_during=ALWAYS)

    results = race(lambda: say(cast.gloves, cast.gown), lambda: say(cast.gown, third))
    assert sum(isinstance(result, IntegrityError) for result in results) == 1
    assert Substitution.objects.count() == 2


@pytest.mark.django_db
def test_a_category_may_ask_for_a_clinical_reviewer(cast: Cast) -> None:
    """The nearest policy up the tree says; what nobody has approved is not offered, nor what is for a crisis alone."""
    Item.objects.filter(pk=cast.chair.pk).update(status=ItemStatus.RETIRED)
    Item.objects.filter(pk=cast.gloves.pk).update(status=ItemStatus.RETIRED)
    gloves, chair = Item.objects.get(pk=cast.gloves.pk), Item.objects.get(pk=cast.chair.pk)
    for each in (gloves, chair):
        Substitution.objects.create(from_item=each, to_item=cast.gown, valid_during=ALWAYS)

    def offered() -> set[int]:
        return set(replacements_of([gloves, chair], day=TODAY))

    assert offered() == {gloves.pk, chair.pk}
    CategoryPolicy.objects.filter(category=cast.medical).update(needs_clinical_approval=True)
    assert offered() == {chair.pk}
    assert [each.from_item for each in Substitution.objects.awaiting_review(TODAY)] == [gloves]
    Substitution.objects.update(approved_by=cast.head, approved_at=NOW)
    assert offered() == {gloves.pk, chair.pk}
    Substitution.objects.filter(from_item=gloves).update(factor=2)
    assert offered() == {chair.pk}
    Substitution.objects.filter(from_item=gloves).update(
        approved_by=cast.head, approved_at=NOW, valid_during=DateRange(TODAY, date(2021, 12, 31))
    )
    assert offered() == {gloves.pk, chair.pk}, "it ends earlier, within what she approved"
    Substitution.objects.filter(from_item=gloves).update(valid_during=DateRange(TODAY, date(2022, 1, 31)))
    assert offered() == {chair.pk}
    CategoryPolicy.objects.create(
        category=cast.gloves_category, response_days=2, set_by=cast.manager, valid_during=ALWAYS
    )
    assert offered() == {gloves.pk, chair.pk}
    Substitution.objects.update(equivalence=Equivalence.CRISIS_ONLY, note="Vid brist")
    assert offered() == set()
