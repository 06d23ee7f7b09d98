"""Proofs that end: each is told of once two months before and once after, counted, to whoever answers for the category."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from assortment.operations.proofs import AHEAD, proofs_in_the_morning
from assortment.tasks import tell_morning
from catalog.models import DocumentKind, ItemLabel, Label
from catalog.operations.illustrations import remove_document
from catalog.states import ItemStatus
from categories.models import CategoryAssignment
from notices.kinds import sentence_of
from notices.models import Notice
from organizations.models import Absence
from tests.cast import NOW, TODAY, Cast
from tests.catalog.illustrating import document

pytestmark = pytest.mark.usefixtures("at_nine")

SATURDAY = date(2021, 6, 5)


def proof(cast: Cast, last: date | None) -> ItemLabel:
    label, _is_new = Label.objects.get_or_create(code="svanen", name="Svanen")
    item_label, _is_new = ItemLabel.objects.update_or_create(
        item=cast.gloves, label=label, defaults={"valid_through_date": last}
    )
    return item_label


def told(day: date, since: date | None) -> list[tuple[int, int, int]]:
    news = proofs_in_the_morning(day, since)
    return [(each.person_id, each.facts["ending"], each.facts["ended"]) for each in news]


def test_a_proof_is_told_of_once_before_and_once_after(cast: Cast) -> None:
    """No morning is made on a Saturday or a Sunday; what falls on one is told of on the Monday."""
    proof(cast, SATURDAY)
    mornings = [
        day
        for day in (SATURDAY - AHEAD + timedelta(days=number) for number in range(-10, 75))
        if day.weekday() < 5
    ]
    people_by_day = {day: told(day, since) for since, day in pairwise(mornings)}
    assert {day: people for day, people in people_by_day.items() if people} == {
        SATURDAY - AHEAD: [(cast.manager.pk, 1, 0)],
        SATURDAY + timedelta(days=2): [(cast.manager.pk, 0, 1)],
    }


@pytest.mark.parametrize("last", [SATURDAY, SATURDAY + timedelta(days=40)])
def test_what_is_written_down_late_or_anew_is_told_of_the_morning_after(cast: Cast, last: date) -> None:
    """Within two months of its last day, and once; on the day after its last day once more."""
    wednesday, thursday, friday = (SATURDAY - timedelta(days=each) for each in (3, 2, 1))
    assert told(wednesday, wednesday - timedelta(days=1)) == []
    proof(cast, last)
    assert told(thursday, wednesday) == [(cast.manager.pk, 1, 0)]
    assert told(friday, thursday) == []
    proof(cast, last + timedelta(days=1))
    assert told(friday, thursday) == [(cast.manager.pk, 1, 0)]
    after = last + timedelta(days=2)
    assert told(after, last + timedelta(days=1)) == [(cast.manager.pk, 0, 1)]
    assert told(after + timedelta(days=1), after) == []


def test_what_has_ended_when_it_is_written_down_is_told_of_once(cast: Cast) -> None:
    proof(cast, TODAY - timedelta(days=30))
    assert told(TODAY, TODAY - timedelta(days=1)) == [(cast.manager.pk, 0, 1)]
    assert told(TODAY + timedelta(days=1), TODAY) == []


def test_a_document_that_ends_soon_when_it_is_added_is_told_of_until_it_is_taken_away(cast: Cast) -> None:
    added = document(cast, item=cast.gloves, kind=DocumentKind.PROOF, valid_through=TODAY + timedelta(days=9))
    assert told(TODAY, TODAY - timedelta(days=1)) == [(cast.manager.pk, 1, 0)]
    remove_document(document=added, by=cast.manager, at=NOW)
    assert told(TODAY + timedelta(days=10), TODAY) == []


def test_what_nobody_answers_for_is_told_of_when_somebody_does(cast: Cast) -> None:
    proof(cast, TODAY + timedelta(days=10))
    posts = CategoryAssignment.objects.all()
    period_by_post = {post.pk: post.valid_during for post in posts}
    posts.update(valid_during=DateRange(TODAY - timedelta(days=9), TODAY - timedelta(days=8)))
    assert told(TODAY, TODAY - timedelta(days=1)) == []
    for pk, during in period_by_post.items():
        CategoryAssignment.objects.filter(pk=pk).update(valid_during=during)
    assert told(TODAY + timedelta(days=1), TODAY) == [(cast.manager.pk, 1, 0)]


@pytest.mark.parametrize(("last", "counts"), [(-1, (0, 1)), (0, (1, 0)), (60, (1, 0)), (61, None)])
def test_the_first_morning_tells_of_all(cast: Cast, last: int, counts: tuple[int, int] | None) -> None:
    proof(cast, TODAY + timedelta(days=last))
    assert told(TODAY, None) == ([(cast.manager.pk, *counts)] if counts else [])


def test_what_the_catalogue_does_not_show_and_what_does_not_end_is_told_to_nobody(cast: Cast) -> None:
    ends = proof(cast, None)
    assert told(TODAY, None) == []
    proof(cast, TODAY)
    type(ends.item).objects.filter(pk=ends.item_id).update(status=ItemStatus.RETIRED)
    assert told(TODAY, None) == []


def test_the_deputy_is_told_too_while_the_manager_is_away(cast: Cast) -> None:
    proof(cast, TODAY)
    Absence.objects.create(user=cast.manager, during=DateRange(TODAY, TODAY + timedelta(days=5)))
    assert {person for person, _ending, _ended in told(TODAY, None)} == {cast.manager.pk, cast.deputy.pk}


def test_the_morning_tells_it_in_one_notice(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    proof(cast, TODAY + timedelta(days=1))
    with django_assert_num_queries(7):
        list(proofs_in_the_morning(TODAY, None))
    ItemLabel.objects.update(told_through_date=None)
    tell_morning()
    notice = Notice.objects.get(kind="proofs")
    assert notice.recipient_id == cast.manager.pk
    with translation.override("sv"):
        assert sentence_of("proofs", notice.facts).text == "Ett bevis går ut inom två månader."
        both = sentence_of("proofs", {"ended": 2, "ending": 3}).text
    assert both == "2 bevis har gått ut. 3 bevis går ut inom två månader."
