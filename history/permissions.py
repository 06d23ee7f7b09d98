"""Who may bring in purchases from elsewhere, and who sees them."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import NotPermitted
from core.verdicts import PERMITTED, Verdict, refused
from organizations.models import User
from organizations.permissions import roles_on


class FinanceOnly(NotPermitted):
    """Imports, baselines and the register are finance's."""

    code = "finance_only"
    sentence = _("Det här gör ekonomerna.")


class FiguresNotYours(NotPermitted):
    """Savings are for finance, head of procurement, auditors and those who answer for a category."""

    code = "figures_not_yours"
    sentence = _("Besparingarna visas för ekonomer, inköpschef, revisorer och kategoriansvariga.")


def can_import(by: User, at: datetime) -> Verdict:
    """Whether she may bring in order lines from other systems: finance."""
    return PERMITTED if roles_on(by, timezone.localdate(at)).is_controller else refused(FinanceOnly())


def can_see_history(by: User, at: datetime) -> Verdict:
    """Whether she sees imported lines and what prices in them were worth: finance, head of procurement, auditors."""
    return PERMITTED if roles_on(by, timezone.localdate(at)).sees_region else refused(FiguresNotYours())
