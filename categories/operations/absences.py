"""Days on which a person does not decide, so that her deputy does: report, change, withdraw."""

from datetime import datetime
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import trail
from categories import permissions
from categories.notices import ABSENCE
from core.addresses import place
from core.errors import InvalidInput, WrongState
from core.periods import last_day
from core.transactions import operation
from core.verdicts import require
from core.wakeups import wake
from notices.operations.telling import News, tell
from organizations.events import Event
from organizations.models import Absence, User


class AbsenceOverlaps(InvalidInput):
    """The person is already reported absent on some of these days."""

    code = "absence_overlaps"
    sentence = _("Frånvaro är redan anmäld för några av dagarna.")


class AbsenceIsOver(WrongState):
    """The absence has been, or is withdrawn; what has been is not changed."""

    code = "absence_is_over"
    sentence = _("Frånvaron har redan varit, eller är tillbakatagen.")


@operation
def report_absence(*, user: User, during: DateRange, by: User, at: datetime) -> Absence:
    """
    Report a person absent; what waits for her goes to her deputy while she is away. She is told when another does it.

    :raises NotPermitted: for somebody else, whose deputy she is not; the head and the administrator may.
    :raises AbsenceOverlaps: some of the days are reported already.
    """
    _permit(user, by=by, at=at)
    if Absence.objects.filter(user=user, during__overlap=during).exists():
        raise AbsenceOverlaps
    absence = Absence.objects.create(user=user, during=during)
    _record(Event.ABSENCE_REPORTED, absence, by=by, at=at)
    return absence


@operation
def change_absence(*, absence: Absence, during: DateRange, by: User, at: datetime) -> Absence:
    """
    Change the days of an absence that is not over.

    :raises NotPermitted: for somebody else, whose deputy she is not; the head and the administrator may.
    :raises AbsenceIsOver: it has been, or is withdrawn.
    :raises AbsenceOverlaps: some of the days are reported already.
    """
    _permit(absence.user, by=by, at=at)
    absence = _current_absence(absence, at=at)
    others = Absence.objects.filter(user=absence.user, during__overlap=during).exclude(pk=absence.pk)
    if others.exists():
        raise AbsenceOverlaps
    before = absence.during
    absence.during = during
    absence.save(update_fields=["during"])
    _record(Event.ABSENCE_CHANGED, absence, by=by, at=at, before=[str(before.lower), str(before.upper)])
    return absence


@operation
def withdraw_absence(*, absence: Absence, by: User, at: datetime) -> None:
    """
    Take an absence back. One that has begun ends yesterday: she decides again from today.

    :raises NotPermitted: for somebody else, whose deputy she is not; the head and the administrator may.
    :raises AbsenceIsOver: it has been, or is withdrawn.
    """
    _permit(absence.user, by=by, at=at)
    absence = _current_absence(absence, at=at)
    _record(Event.ABSENCE_WITHDRAWN, absence, by=by, at=at)
    day = timezone.localdate(at)
    if absence.during.lower is not None and absence.during.lower >= day:
        absence.delete()
        return
    absence.during = DateRange(absence.during.lower, day)
    absence.save(update_fields=["during"])


def _permit(user: User, *, by: User, at: datetime) -> None:
    """Lock the person, and ask whether ``by`` may arrange this for her."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    require(permissions.can_arrange_absence_of(by, user, at=at))


def _current_absence(absence: Absence, *, at: datetime) -> Absence:
    fresh = Absence.objects.not_over(timezone.localdate(at)).select_related("user").filter(pk=absence.pk)
    row = fresh.first()
    if row is None:
        raise AbsenceIsOver
    return row


def _record(event: Event, absence: Absence, *, by: User, at: datetime, **details: Any) -> None:
    during = [str(absence.during.lower), str(absence.during.upper)]
    trail.record(event, subject=absence, by=by, at=at, during=during, **details)
    days = [absence.during.lower, last_day(absence.during)]
    facts = {"how": event.value, "who": by.full_name, "days": [day.isoformat() for day in days if day]}
    tell([News(absence.user_id, ABSENCE, place("absence"), facts)], by=by, at=at)
    wake("procurement.reroute_waiting")
