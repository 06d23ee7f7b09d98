"""What a plan says is done: an activity, a milestone, or that an administration has come in."""

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from audit import trail
from core.errors import WrongState
from core.transactions import operation
from core.verdicts import require
from governance.days import require_day
from governance.events import Event
from governance.models import Onboarding, PlannedActivity
from governance.permissions import can_finish_activity, can_finish_onboarding
from organizations.models import User


class AlreadyDone(WrongState):
    """What is done is done once."""

    code = "plan_already_done"
    sentence = _("Det är redan klart.")


@operation
def finish_activity(*, activity: PlannedActivity, day: date, by: User, at: datetime) -> PlannedActivity:
    """
    Say that an activity or a milestone is done, and since when.

    :raises NotPermitted: she does not answer for it.
    :raises AlreadyDone: it is.
    :raises InvalidInput: the day is yet to come.
    """
    activity = PlannedActivity.objects.locked().select_related("plan").get(pk=activity.pk)
    require(can_finish_activity(by, activity, at=at))
    if activity.done_date is not None:
        raise AlreadyDone
    require_day(day, since=date.min, at=at)
    activity.done_date = day
    activity.save(update_fields=["done_date"])
    trail.record(Event.ACTIVITY_DONE, subject=activity, by=by, at=at, day=day.isoformat())
    return activity


@operation
def finish_onboarding(*, onboarding: Onboarding, day: date, by: User, at: datetime) -> Onboarding:
    """
    Say that an administration makes its purchases through the purchasing organisation, and since when.

    :raises NotPermitted: she is not head of procurement.
    :raises AlreadyDone: it does.
    :raises InvalidInput: the day is yet to come.
    """
    onboarding = Onboarding.objects.locked().select_related("administration").get(pk=onboarding.pk)
    require(can_finish_onboarding(by, at=at))
    if onboarding.done_date is not None:
        raise AlreadyDone
    require_day(day, since=date.min, at=at)
    onboarding.done_date = day
    onboarding.save(update_fields=["done_date"])
    trail.record(Event.ONBOARDING_DONE, subject=onboarding, by=by, at=at, day=day.isoformat())
    return onboarding
