"""Who may do what with what the ledger has booked."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import NotPermitted
from core.verdicts import PERMITTED, Verdict, refused
from history.permissions import FinanceOnly
from organizations.models import User
from organizations.permissions import roles_on
from reporting.permissions import can_see_savings


class LedgerRowsNotYours(NotPermitted):
    """Rows that nobody has said to be purchases may be wages, so no more people than needed read them."""

    code = "ledger_rows_not_yours"
    sentence = _(
        "Reskontrans rader visas för ekonomer och revisorer, eftersom de också kan gälla löner. Det som är köp visas på "
        "sidan Inköp vid sidan av systemet."
    )


def can_see_spend(by: User, at: datetime) -> Verdict:
    """Whether she sees what was bought beside the system: whoever sees the savings, in the same categories."""
    return can_see_savings(by, at=at)


def can_see_ledger(by: User, at: datetime) -> Verdict:
    """Whether she sees rows whatever their account means: finance, who say what it means, and auditors."""
    roles = roles_on(by, timezone.localdate(at))
    return PERMITTED if roles.is_controller or roles.is_auditor else refused(LedgerRowsNotYours())


def can_import_ledger(by: User, at: datetime) -> Verdict:
    """Whether she may bring in a ledger: finance."""
    return PERMITTED if roles_on(by, timezone.localdate(at)).is_controller else refused(FinanceOnly())


def can_decide(by: User, at: datetime) -> Verdict:
    """Whether she may say what an account means and who a supplier is: finance."""
    return PERMITTED if roles_on(by, timezone.localdate(at)).is_controller else refused(FinanceOnly())
