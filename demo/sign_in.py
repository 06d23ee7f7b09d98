"""The people of the demo region on the sign-in page, each one press away."""

from typing import Any

from django.conf import settings

from core.components import DemoPerson
from demo import data
from demo.models import Loading
from demo.operations.region import PASSWORD

CATEGORY_MANAGER = "category_manager"


def people_to_try() -> dict[str, Any]:
    """Name the people of the demo region for the sign-in page, where there is one."""
    if not (settings.DEMO and Loading.objects.exists()):
        return {}
    first, more = demo_people()
    return {"demo_people": first, "more_demo_people": more, "demo_password": PASSWORD}


def demo_people() -> tuple[list[DemoPerson], list[DemoPerson]]:
    """Name one person of each role, and then the others."""
    roles = {membership.email: membership.role for membership in data.memberships()}
    first: list[DemoPerson] = []
    more: list[DemoPerson] = []
    named_roles: set[str] = set()
    for person in data.people():
        if not person.is_demo_login:
            continue
        role = roles.get(person.email, CATEGORY_MANAGER)
        (more if role in named_roles else first).append(
            DemoPerson(f"{person.first_name} {person.last_name}", person.title, person.email)
        )
        named_roles.add(role)
    return first, more
