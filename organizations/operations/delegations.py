"""Let another person act in one's place for a period."""

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
from organizations.models import Delegation, User


class DelegationToYourself(InvalidInput):
    """A delegation needs somebody else."""

    code = "delegation_to_yourself"
    sentence = _("Du kan inte delegera till dig själv.")


class DelegationOverlaps(InvalidInput):
    """The delegator's rights are already delegated on some of these days."""

    code = "delegation_overlaps"
    sentence = _("Delegation finns redan för några av dagarna.")


class DelegationCycle(InvalidInput):
    """The delegate has delegated on the same days: nothing is delegated onward."""

    code = "delegation_cycle"
    sentence = _("%(delegate)s har själv delegerat under de dagarna och kan inte ta emot en delegation.")


@operation
def delegate(
    *, delegator: User, delegate: User, valid_during: DateRange, reason: str, by: User, at: datetime
) -> Delegation:
    """
    Give a dated delegation; without onward delegation there can be no cycle.

    :raises NotPermitted: for somebody else, without being head of procurement.
    :raises InvalidInput: to oneself, overlapping, or onward.
    """
    list(
        User.objects.select_for_update(no_key=True).filter(pk__in=[delegator.pk, delegate.pk]).order_by("pk")
    )
    require(permissions.can_arrange_for(by, delegator, day=timezone.localdate(at)))
    if delegator == delegate:
        raise DelegationToYourself
    same_days = Delegation.objects.filter(valid_during__overlap=valid_during)
    if same_days.filter(delegator=delegator).exists():
        raise DelegationOverlaps
    if same_days.filter(delegator=delegate).exists():
        raise DelegationCycle(delegate=delegate.full_name)
    delegation = Delegation.objects.create(
        delegator=delegator, delegate=delegate, valid_during=valid_during, reason=reason
    )
    trail.record(
        Event.DELEGATION_GIVEN, subject=delegation, by=by, at=at, delegate=delegate.full_name, reason=reason
    )
    return delegation
