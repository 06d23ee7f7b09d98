"""Register what the purchasing organisation costs."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from audit import trail
from core.errors import InvalidInput
from core.transactions import operation
from core.verdicts import require
from organizations.models import User
from reporting import permissions
from reporting.events import Event
from reporting.models import OrganisationCost


class CostOverlaps(InvalidInput):
    """Some of the days have a cost already."""

    code = "cost_overlaps"
    sentence = _("Det finns redan en kostnad registrerad för några av dagarna.")


class PeriodBackwards(InvalidInput):
    """The period ends before it starts."""

    code = "period_backwards"
    sentence = _("Perioden slutar innan den börjar.")


@operation
def register_cost(
    *, starts: date, ends: date, persons: Decimal, amount: Decimal, note: str, by: User, at: datetime
) -> OrganisationCost:
    """
    Register the organisation's cost from one day through another, SEK.

    :raises NotPermitted: she is not finance.
    :raises InvalidInput: the period is backwards, or overlaps one that is registered.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('organisation cost'))")
    require(permissions.can_register_cost(by, at=at))
    if ends < starts:
        raise PeriodBackwards
    during = DateRange(starts, ends + timedelta(days=1))
    if OrganisationCost.objects.filter(during__overlap=during).exists():
        raise CostOverlaps
    cost = OrganisationCost.objects.create(during=during, persons=persons, amount=amount, note=note)
    trail.record(Event.COST_REGISTERED, subject=cost, by=by, at=at, amount=str(amount))
    return cost
