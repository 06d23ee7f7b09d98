"""A report tells what had been asked for and how far it had come on its last day, not what came of it since."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from reporting.report.governance import closed_share, governance_on
from tests.cast import TODAY, Cast
from tests.governance import worlds

pytestmark = pytest.mark.usefixtures("at_nine")


def test_a_recommendation_is_as_it_stood_that_day(cast: Cast) -> None:
    recommendation = worlds.verified(cast)
    days = dict(recommendation.steps.values_list("status", "date"))
    before = governance_on(days["verified"] - timedelta(days=1))
    assert [row["status"] for row in before["recommendations"]] != ["verified"]
    now = governance_on(TODAY)
    assert [(row["status"], row["number"]) for row in now["recommendations"]] == [
        ("verified", recommendation.number)
    ]
    assert (closed_share(before), closed_share(now)) == ((0, len(before["recommendations"])), (1, 1))
    assert governance_on(recommendation.received_date - timedelta(days=1))["recommendations"] == []


def test_an_assignment_that_was_given_later_is_not_told(cast: Cast) -> None:
    assignment = worlds.assignment(cast)
    assert [row["paragraph"] for row in governance_on(assignment.meeting_date)["assignments"]] == [
        assignment.paragraph
    ]
    assert governance_on(assignment.meeting_date - timedelta(days=1))["assignments"] == []


def test_an_activity_is_late_the_day_after_it_should_have_been_done(cast: Cast) -> None:
    activity = worlds.activity(cast)
    assert activity.done_date is None

    def state(days: int) -> str:
        return str(governance_on(activity.end_date + timedelta(days=days))["activities"][0]["state"])

    assert (state(0), state(1)) == ("begun", "late")


def test_three_questions_whatever_was_asked_for(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    worlds.verified(cast)
    worlds.assignment(cast)
    worlds.activity(cast)
    with django_assert_num_queries(3):
        governance_on(TODAY)
