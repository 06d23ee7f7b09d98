"""Who answers for a category: its own post that day, or the nearest above it."""

from datetime import date, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange

from categories.models import Category, CategoryAssignment
from categories.responsibility import posts_on, responsibility_for
from organizations.models import Absence, User
from tests.cast import ALWAYS, TODAY, Cast, category


def deep(cast: Cast) -> Category:
    """Three steps below medical supplies."""
    nitrile = category("10.1.1", "Nitril", account=cast.account, parent=cast.gloves_category)
    return category("10.1.1.1", "Nitril, sterila", account=cast.account, parent=nitrile)


def manager_of(held: Category, day: date = TODAY) -> User | None:
    responsibility = responsibility_for(Category.objects.get(pk=held.pk), posts_on(day))
    return responsibility.post.manager if responsibility.post else None


def test_the_nearest_post_up_the_tree_answers(cast: Cast) -> None:
    leaf = deep(cast)
    assert manager_of(leaf) == cast.manager
    CategoryAssignment.objects.create(category=cast.gloves_category, manager=cast.deputy, valid_during=ALWAYS)
    assert manager_of(leaf) == cast.deputy
    assert manager_of(cast.medical) == cast.manager
    CategoryAssignment.objects.create(category=leaf, manager=cast.office_deputy, valid_during=ALWAYS)
    assert manager_of(leaf) == cast.office_deputy
    assert manager_of(cast.gloves_category) == cast.deputy


def test_a_post_counts_only_on_its_days(cast: Cast) -> None:
    leaf = deep(cast)
    CategoryAssignment.objects.create(
        category=leaf, manager=cast.deputy, valid_during=DateRange(TODAY, TODAY + timedelta(days=2))
    )
    assert manager_of(leaf, TODAY - timedelta(days=1)) == cast.manager
    assert manager_of(leaf, TODAY) == cast.deputy
    assert manager_of(leaf, TODAY + timedelta(days=1)) == cast.deputy
    assert manager_of(leaf, TODAY + timedelta(days=2)) == cast.manager


def test_it_is_told_whether_the_post_is_its_own_and_who_is_away(cast: Cast) -> None:
    leaf = deep(cast)
    Absence.objects.create(user=cast.manager, during=DateRange(TODAY, TODAY + timedelta(days=3)))
    above = responsibility_for(leaf, posts_on(TODAY))
    direct = responsibility_for(cast.medical, posts_on(TODAY))
    assert (above.is_inherited, direct.is_inherited) == (True, False)
    assert above.away_through == direct.away_through == TODAY + timedelta(days=2)
    assert (above.depth, direct.depth) == (3, 0)


def test_without_a_post_to_the_root_nobody_answers(cast: Cast) -> None:
    assert manager_of(category("90", "Övrigt", account=cast.account)) is None
