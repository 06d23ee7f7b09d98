"""Report days on which a person does not decide, so that her deputy does."""

from datetime import datetime

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import trail
from core.errors import InvalidInput
from core.transactions import operation
from core.verdicts import require
from organizations import permissions
from organizations.events import Event
from organizations.models import Absence, User


class AbsenceOverlaps(InvalidInput):
    """The person is already reported absent on some of these days."""

    code = "absence_overlaps"
    sentence = _("Frånvaro är redan anmäld för några av dagarna.")


@operation
def report_absence(*, user: User, during: DateRange, by: User, at: datetime) -> Absence:
    """
    Report a person absent; routing looks at it from the moment it is there.

    :raises NotPermitted: for somebody else, without being head of procurement.
    :raises AbsenceOverlaps: some of the days are reported already.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    require(permissions.can_arrange_for(by, user, day=timezone.localdate(at)))
    if Absence.objects.filter(user=user, during__overlap=during).exists():
        raise AbsenceOverlaps
    absence = Absence.objects.create(user=user, during=during)
    trail.record(
        Event.ABSENCE_REPORTED, subject=absence, by=by, at=at, during=[str(during.lower), str(during.upper)]
    )
    return absence
