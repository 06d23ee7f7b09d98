"""Who may do what in reporting."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import NotPermitted
from core.verdicts import PERMITTED, Verdict, refused
from organizations.models import User
from organizations.permissions import roles_on


class ReportsAreForHeadAndFinance(NotPermitted):
    """Only the head of procurement and finance ask for a report."""

    code = "reports_are_for_head_and_finance"
    sentence = _("Bara inköpschefen och ekonomer kan beställa en återrapport.")


def can_request_report(by: User, *, at: datetime) -> Verdict:
    """Whether she may ask for a follow-up report: head of procurement or finance."""
    roles = roles_on(by, timezone.localdate(at))
    return PERMITTED if roles.is_head or roles.is_controller else refused(ReportsAreForHeadAndFinance())
