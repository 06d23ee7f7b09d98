"""Who may read what the chain has come to, beside those who have a part in it."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import NotPermitted
from core.verdicts import PERMITTED, Verdict, refused
from organizations.models import User
from organizations.permissions import roles_on


class ReportedByTheHead(NotPermitted):
    """Decisions by delegation are reported to the board by the head of procurement, and audited."""

    code = "reported_by_the_head"
    sentence = _("Listan över delegationsbeslut visas för inköpschefen och revisorer.")


def can_read_delegated_decisions(by: User, *, at: datetime) -> Verdict:
    """Whether the person may read the decisions taken by delegation: head of procurement and auditors."""
    roles = roles_on(by, timezone.localdate(at))
    return PERMITTED if roles.is_head or roles.is_auditor else refused(ReportedByTheHead())
