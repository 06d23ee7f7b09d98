"""The day on which something happened, as whoever notes it down says (pure)."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput


class DayHasNotCome(InvalidInput):
    """What has happened happened today or before."""

    code = "governance_day_has_not_come"
    sentence = _("Dagen har inte varit än. Ange i dag eller en tidigare dag.")


class DayBeforeTheLast(InvalidInput):
    """What follows on something does not happen before it."""

    code = "governance_day_before_the_last"
    sentence = _("Dagen är före %(day)s, då det förra hände.")


def require_day(day: date, *, since: date, at: datetime) -> None:
    """
    Let something have happened on a day.

    :param since: the day on which happened what it follows on.
    :raises DayHasNotCome: the day is yet to come.
    :raises DayBeforeTheLast: it would have happened before what it follows on.
    """
    if day > timezone.localdate(at):
        raise DayHasNotCome
    if day < since:
        raise DayBeforeTheLast(day=since)
