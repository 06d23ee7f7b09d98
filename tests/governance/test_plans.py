"""What a plan says is done, by whom it may be said, and how it stood on a day."""

from datetime import date, timedelta

import pytest

from core.errors import NotPermitted
from governance.days import DayHasNotCome
from governance.models import Onboarding, PlannedActivity
from governance.operations import plans
from organizations.models import Administration
from tests.cast import NOW, TODAY, Cast
from tests.governance import worlds
from tests.pages import signed_in, text_of

pytestmark = pytest.mark.django_db


def test_finish_activity(cast: Cast) -> None:
    activity = plans.finish_activity(activity=worlds.activity(cast), day=TODAY, by=cast.manager, at=NOW)
    assert activity.done_date == TODAY
    with pytest.raises(plans.AlreadyDone):
        plans.finish_activity(activity=activity, day=TODAY, by=cast.head, at=NOW)


def test_finish_onboarding(cast: Cast) -> None:
    onboarding = plans.finish_onboarding(onboarding=worlds.onboarding(cast), day=TODAY, by=cast.head, at=NOW)
    with pytest.raises(plans.AlreadyDone):
        plans.finish_onboarding(onboarding=onboarding, day=TODAY, by=cast.head, at=NOW)


@pytest.mark.parametrize("who", ["requester", "deputy", "controller", "auditor"])
def test_who_answers_for_nothing_finishes_nothing(cast: Cast, who: str) -> None:
    with pytest.raises(NotPermitted):
        plans.finish_activity(activity=worlds.activity(cast), day=TODAY, by=getattr(cast, who), at=NOW)
    with pytest.raises(NotPermitted):
        plans.finish_onboarding(onboarding=worlds.onboarding(cast), day=TODAY, by=getattr(cast, who), at=NOW)


def test_nothing_is_done_before_its_day(cast: Cast) -> None:
    tomorrow = TODAY + timedelta(days=1)
    with pytest.raises(DayHasNotCome):
        plans.finish_activity(activity=worlds.activity(cast), day=tomorrow, by=cast.head, at=NOW)


def test_how_the_plan_stood_on_a_day(cast: Cast) -> None:
    plans.finish_activity(activity=worlds.activity(cast), day=date(2021, 5, 10), by=cast.manager, at=NOW)
    plans.finish_onboarding(onboarding=worlds.onboarding(cast), day=TODAY, by=cast.head, at=NOW)
    states = [
        (activity.is_begun_then, activity.is_done_then, activity.is_late_then)
        for day in (date(2021, 1, 1), date(2021, 4, 30), date(2021, 5, 1), date(2021, 5, 10))
        for activity in PlannedActivity.objects.as_of(day)
    ]
    assert states == [
        (False, False, False),
        (True, False, False),
        (True, False, True),
        (True, True, False),
    ]
    assert Onboarding.objects.as_of(TODAY).get().is_done_then
    assert not Onboarding.objects.as_of(TODAY - timedelta(days=1)).get().is_done_then


def test_an_administration_that_has_gone_up_in_another_is_late_with_nothing(cast: Cast) -> None:
    onboarding = worlds.onboarding(cast)
    into = Administration.objects.create(authority=cast.authority, code="SOF", name="Socialförvaltningen")
    july = date(2021, 7, 1)
    assert Onboarding.objects.as_of(july).get().is_late_then
    Administration.objects.filter(pk=cast.administration.pk).update(
        closed_date=date(2021, 6, 15), merged_into=into
    )
    assert not Onboarding.objects.as_of(july).get().is_late_then
    assert Onboarding.objects.as_of(date(2021, 6, 14)).get().is_late_then
    page = text_of(signed_in(cast.head).get(f"/styrning/planer/{onboarding.plan.code}/"))
    assert "Uppgått i SOF" in page
    assert f"Anteckna {cast.administration.code} som inne" not in page
