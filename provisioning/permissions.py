"""Who arranges provisioning."""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import NotPermitted
from core.verdicts import PERMITTED, Verdict, refused
from organizations.models import Membership, Role, User
from organizations.permissions import roles_on


class ProvisioningIsForTheAdministrator(NotPermitted):
    """Whoever has a directory's key may open and close every account, so the administrator gives them out."""

    code = "provisioning_is_for_the_administrator"
    sentence = _("Bara systemadministratören ordnar med katalogens nycklar.")


def can_arrange_provisioning(by: User, *, at: datetime) -> Verdict:
    """Whether the person may see what directories tell, and make and take back their keys."""
    is_administrator = Role.ADMINISTRATOR in roles_on(by, timezone.localdate(at)).everywhere
    return PERMITTED if is_administrator else refused(ProvisioningIsForTheAdministrator())


def administrators_on(day: date) -> Sequence[int]:
    """The ids of those who arrange it that day."""
    return sorted(Membership.objects.holders([Role.ADMINISTRATOR], day))
