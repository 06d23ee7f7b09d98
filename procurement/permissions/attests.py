"""Who may attest, and by which right."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import WrongState
from core.verdicts import PERMITTED, Verdict, refused
from organizations.models import Department, User
from organizations.permissions import roles_on
from procurement.models import BudgetAttest
from procurement.permissions.lines import acts_as, people_acting
from procurement.permissions.refusals import (
    AttestIsDecided,
    AttestIsNotNeeded,
    AttestIsReplaced,
    NotYourAttest,
    OwnRequest,
)
from procurement.separation_of_duties import AttesterDecides
from procurement.standing import standing_on
from procurement.states import AttestStatus


class AttestRule(TextChoices):
    """By which right the person attested."""

    BUDGET_HOLDER = "budget_holder", _("som budgetansvarig")
    HEAD = "head", _("som inköpschef")
    DELEGATE = "delegate", _("på delegation")


WHAT_BECAME: Mapping[AttestStatus, type[WrongState]] = {
    AttestStatus.SUPERSEDED: AttestIsReplaced,
    AttestStatus.CLOSED: AttestIsNotNeeded,
}
"""Why an attest is not given, where it is not because it is decided already."""


@dataclass(frozen=True, slots=True)
class AttestCapacity:
    """The right by which a person attests, and in whose place."""

    rule: AttestRule
    on_behalf_of: User | None = None


def can_attest(by: User, attest: BudgetAttest, *, deciders: Collection[int], at: datetime) -> Verdict:
    """
    Whether the person may attest, or refuse to.

    :param deciders: who decides the requisition's lines (``separation_of_duties.deciders_in``).
    """
    if acts_as(by, attest.requisition.requester_id, at=at):
        return refused(OwnRequest())
    if attest.status != AttestStatus.PENDING:
        return refused(WHAT_BECAME.get(AttestStatus(attest.status), AttestIsDecided)())
    capacity = attest_capacity(by, attest, at=at)
    if capacity is None:
        return refused(NotYourAttest(responsible=attest.responsible.full_name))
    if not people_acting(by, capacity.on_behalf_of).isdisjoint(deciders):
        return refused(AttesterDecides())
    return PERMITTED


def attest_capacity(by: User, attest: BudgetAttest, *, at: datetime) -> AttestCapacity | None:
    """
    The right by which the person attests, own requests apart.

    A budget holder of the charged department whose limit suffices that day; the one asked, as long as she is a
    budget holder with a sufficient limit in the same administration, or head of procurement; her delegate. A closed
    account has no right.
    """
    if not by.is_active:
        return None
    capacity = _own_attest_capacity(by, attest, at=at)
    if capacity is not None:
        return capacity
    delegator = standing_on(by, timezone.localdate(at)).attests_for.get(attest.responsible_id)
    if delegator is not None and _own_attest_capacity(delegator, attest, at=at) is not None:
        return AttestCapacity(AttestRule.DELEGATE, delegator)
    return None


def _own_attest_capacity(by: User, attest: BudgetAttest, *, at: datetime) -> AttestCapacity | None:
    roles = roles_on(by, timezone.localdate(at))
    if _suffices(roles.attests_for.get(attest.department_id, 0), attest.judged_amount):
        return AttestCapacity(AttestRule.BUDGET_HOLDER)
    if attest.responsible_id != by.pk:
        return None
    if roles.is_head:
        return AttestCapacity(AttestRule.HEAD)
    sufficient = [pk for pk, limit in roles.attests_for.items() if _suffices(limit, attest.judged_amount)]
    administration = attest.department.administration_id
    departments = Department.objects.filter(pk__in=sufficient, administration=administration)
    return AttestCapacity(AttestRule.BUDGET_HOLDER) if sufficient and departments.exists() else None


def _suffices(limit: Decimal | int | None, amount: Decimal) -> bool:
    return limit is None or limit >= amount
