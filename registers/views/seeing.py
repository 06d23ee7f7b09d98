"""What every page of registers begins with: the register that is asked for, and whether the person may see it."""

from django.http import Http404
from django.utils import timezone

from core.views import let_in
from organizations.models import User
from organizations.requests import PersonRequest
from registers.listing import Selection, UnknownSelection
from registers.register import REGISTERS, Register


def register_for(user: User, name: str) -> Register:
    """
    The register of a name.

    :raises Http404: there is none.
    :raises PermissionDenied: it is not shown to the person.
    """
    register = REGISTERS.get(name)
    if register is None:
        raise Http404
    let_in(register.may_see(user, timezone.now()))
    return register


def selection_for(request: PersonRequest, register: Register) -> Selection:
    """
    What the address says that a list shows.

    :raises Http404: it names what is not there.
    """
    try:
        return Selection.of(register, request.GET)
    except UnknownSelection as unknown:
        raise Http404 from unknown


def may_change(user: User, register: Register) -> bool:
    """Whether the person may write in the register at all."""
    return bool(register.may_change(user, timezone.now()))
