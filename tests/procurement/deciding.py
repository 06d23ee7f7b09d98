"""Deciding as one person, and what an agreement has committed."""

from decimal import Decimal

from organizations.models import User
from procurement.models import RequisitionLine
from procurement.operations import decisions
from tests.cast import NOW, Cast


def approve(line: RequisitionLine, by: User) -> RequisitionLine:
    """Approve one line."""
    return decisions.approve(lines=[line], by=by, at=NOW).only()


def committed(cast: Cast) -> Decimal:
    """What the agreement of the cast has committed now."""
    cast.agreement.refresh_from_db()
    return Decimal(cast.agreement.committed_amount)
