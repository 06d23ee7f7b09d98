"""Who may order for a department."""

from datetime import datetime

from django.utils import timezone

from core.verdicts import PERMITTED, Verdict, refused
from organizations.models import Department, User
from organizations.permissions import roles_on
from procurement.models import Requisition
from procurement.permissions.refusals import (
    AlreadySubmitted,
    DepartmentIsClosed,
    NotYourDepartment,
    NotYourRequisition,
)


def can_order_for(by: User, department: Department, *, at: datetime) -> Verdict:
    """Whether the person orders for the department."""
    is_theirs = by.is_active and department.pk in roles_on(by, timezone.localdate(at)).orders_for
    return PERMITTED if is_theirs else refused(NotYourDepartment(department=department.name))


def can_order_anew_for(by: User, department: Department, *, at: datetime) -> Verdict:
    """Whether the person may order something new for the department: she orders for it, and it is open."""
    verdict = can_order_for(by, department, at=at)
    if not verdict or department.is_open_on(timezone.localdate(at)):
        return verdict
    return refused(DepartmentIsClosed(department=department.name))


def can_move_basket(by: User, basket: Requisition, department: Department, *, at: datetime) -> Verdict:
    """Whether the person may let her basket be of another department: one that she orders for."""
    if basket.requester_id != by.pk:
        return refused(NotYourRequisition())
    if basket.is_submitted:
        return refused(AlreadySubmitted())
    return can_order_anew_for(by, department, at=at)


def can_change_basket(by: User, basket: Requisition, *, at: datetime) -> Verdict:
    """Whether the person may change or submit the basket."""
    if basket.requester_id != by.pk:
        return refused(NotYourRequisition())
    if basket.is_submitted:
        return refused(AlreadySubmitted())
    return can_order_anew_for(by, basket.department, at=at)
