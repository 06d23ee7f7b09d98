"""For which department the person orders: one of hers, chosen in the session and checked each time."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import NotPermitted
from core.ordering import swedish_key
from organizations.models import Department, User
from organizations.permissions import roles_on
from organizations.requests import PersonRequest

SESSION_KEY = "department"


class OrdersForNobody(NotPermitted):
    """The person orders for no department today."""

    code = "orders_for_nobody"
    sentence = _("Du beställer inte för någon enhet.")


@dataclass(frozen=True, slots=True)
class DepartmentChoice:
    """The department that is ordered for now, and all that the person orders for."""

    department: Department | None = None
    choices: tuple[Department, ...] = ()


def department_choice(request: PersonRequest) -> DepartmentChoice:
    """Read it once per request; the person object lives no longer."""
    cache = request.user.remembered
    if DepartmentChoice not in cache:
        cache[DepartmentChoice] = _ordering_of(request.user, request.session.get(SESSION_KEY))
    own_ordering: DepartmentChoice = cache[DepartmentChoice]
    return own_ordering


def _ordering_of(user: User, chosen: object) -> DepartmentChoice:
    day = timezone.localdate()
    roles = roles_on(user, day)
    departments = [roles.departments[pk] for pk in roles.orders_for if roles.departments[pk].is_open_on(day)]
    if not departments:
        return DepartmentChoice()
    choices = tuple(sorted(departments, key=lambda department: swedish_key(department.name)))
    current = next((department for department in choices if department.pk == chosen), choices[0])
    return DepartmentChoice(current, choices)


def choose_department(request: PersonRequest, department_id: int) -> bool:
    """Remember the choice if the department is one of hers."""
    if department_id not in {department.pk for department in department_choice(request).choices}:
        return False
    request.session[SESSION_KEY] = department_id
    request.user.remembered.pop(DepartmentChoice, None)
    return True
