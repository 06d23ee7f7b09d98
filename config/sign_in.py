"""The sign-in page; in the demo region with its people, each one press away."""

from typing import Any

from django.conf import settings
from django.contrib.auth.views import LoginView

from core.components import DemoPerson
from core.sign_in import SignInForm
from demo import data
from demo.models import Loading
from demo.operations.region import PASSWORD

CATEGORY_MANAGER = "category_manager"


class SignIn(LoginView):
    """Sign in with e-mail and password."""

    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name the people of the demo region, where there is one."""
        context = super().get_context_data(**kwargs)
        if settings.DEMO and Loading.objects.exists():
            first, more = demo_people()
            context |= {"demo_people": first, "more_demo_people": more, "demo_password": PASSWORD}
        return context


def demo_people() -> tuple[list[DemoPerson], list[DemoPerson]]:
    """Name one person of each role, and then the others."""
    roles = {membership.email: membership.role for membership in data.memberships()}
    first: list[DemoPerson] = []
    more: list[DemoPerson] = []
    seen: set[str] = set()
    for person in data.people():
        if not person.is_demo_login:
            continue
        role = roles.get(person.email, CATEGORY_MANAGER)
        (more if role in seen else first).append(
            DemoPerson(f"{person.first_name} {person.last_name}", person.title, person.email)
        )
        seen.add(role)
    return first, more
