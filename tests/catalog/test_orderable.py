"""Who can order what on which day: one rule, as a function of an item and as a question."""

from datetime import date, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from catalog.models import Item, Substitution, Trial
from catalog.permissions import can_be_ordered
from catalog.search import SearchQuery, search_items
from catalog.states import GUARDS, ITEM_TRANSITIONS, WRITTEN_TRANSITIONS, ItemStatus
from tests.cast import ALWAYS, TODAY, Cast, item

pytestmark = pytest.mark.django_db

DAYS = [TODAY + timedelta(days=days) for days in (-30, -11, -10, -1, 0, 1, 9, 10, 11)]
LAST_DATES = (None, TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=10))


@pytest.fixture
def shelf(cast: Cast) -> Cast:
    """An item in every state with every last order date; what is on trial is tried by the ward in two periods."""
    for status in ItemStatus:
        for place, last in enumerate(LAST_DATES):
            if status == ItemStatus.PHASING_OUT and last is None:
                continue
            thing = item(f"{status}-{place}", f"Artikel {status} {place}", cast.gloves_category, unit="st")
            if status == ItemStatus.TRIAL:
                for first, end in ((-10, -1), (1, 10)):
                    Trial.objects.create(
                        item=thing,
                        department=cast.ward,
                        valid_during=DateRange(
                            TODAY + timedelta(days=first), TODAY + timedelta(days=end + 1)
                        ),
                    )
            if status == ItemStatus.PHASING_OUT:
                Substitution.objects.create(from_item=thing, to_item=cast.gloves, valid_during=ALWAYS)
            reason = "Återkallad" if status == ItemStatus.BLOCKED else ""
            Item.objects.filter(pk=thing.pk).update(
                status=status, last_order_date=last, blocked_reason=reason
            )
    return cast


def test_the_function_and_the_question_agree_over_all_states_days_and_departments(shelf: Cast) -> None:
    departments = {"ward": shelf.ward.pk, "home": shelf.home.pk, "nobody": None}
    items = list(Item.objects.order_by("pk"))
    allowed: dict[str, set[str]] = {}
    for who, department in departments.items():
        for day in DAYS:
            by_query = set(
                Item.objects.orderable_on(day, department_id=department).values_list("pk", flat=True)
            )
            by_rule = {each.pk for each in items if can_be_ordered(each, day=day, department_id=department)}
            assert by_query == by_rule, (who, day)
            allowed.setdefault(who, set()).update(
                f"{each.number} {day}" for each in items if each.pk in by_query
            )
    assert {key.split("-")[0] for key in allowed["home"] if "-" in key.split(" ")[0]} == {
        "standard",
        "phasing_out",
    }
    assert allowed["home"] == allowed["nobody"]
    tried = {key for key in allowed["ward"] - allowed["home"] if key.startswith("trial-0")}
    assert tried == {f"trial-0 {day}" for day in DAYS if -10 <= (day - TODAY).days <= 10 and day != TODAY}
    assert f"phasing_out-2 {TODAY}" in allowed["home"]
    assert f"phasing_out-2 {TODAY + timedelta(days=1)}" not in allowed["home"]


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("proposed-0", "item_not_yet_orderable"),
        ("assessed-0", "item_not_yet_orderable"),
        ("trial-0", "item_on_trial"),
        ("phasing_out-1", "item_not_orderable"),
        ("retired-0", "item_not_orderable"),
        ("blocked-0", "item_blocked"),
    ],
)
def test_why_it_cannot_be_ordered(shelf: Cast, number: str, code: str) -> None:
    thing = Item.objects.get(number=number)
    refusal = can_be_ordered(thing, day=TODAY, department_id=shelf.home.pk).refusal
    assert refusal is not None
    assert refusal.code == code


def test_search_shows_what_is_on_trial_to_those_who_try_it(shelf: Cast) -> None:
    def shown(day: date, department: int | None) -> set[str]:
        results = search_items(
            SearchQuery(text="artikel trial"), day=day, department_id=department, per_page=100
        )
        return {each.number for each in Item.objects.filter(pk__in=results.item_ids)}

    tomorrow = TODAY + timedelta(days=1)
    numbers = {f"trial-{place}" for place in range(len(LAST_DATES))}
    assert shown(tomorrow, shelf.ward.pk) == numbers
    assert shown(TODAY, shelf.ward.pk) == set()
    assert shown(tomorrow, shelf.home.pk) == set()
    assert shown(TODAY, None) == numbers


def test_every_state_has_its_guards_and_its_moves() -> None:
    assert ITEM_TRANSITIONS.keys() == GUARDS.keys() == WRITTEN_TRANSITIONS.keys() == set(ItemStatus)
    for status, targets in WRITTEN_TRANSITIONS.items():
        assert targets <= ITEM_TRANSITIONS[status]
        assert ItemStatus.BLOCKED not in {status, *targets} or not targets
