"""Deciding as one person, by an operation or the panel's form, and what an agreement has committed."""

from decimal import Decimal

from django.test import Client
from django.urls import reverse

from organizations.models import User
from procurement.models import RequisitionLine
from procurement.operations import decisions
from tests.cast import NOW, Cast
from tests.pages import Answer


def approve(line: RequisitionLine, by: User) -> RequisitionLine:
    """Approve one line."""
    return decisions.approve(lines=[line], by=by, at=NOW).only()


def committed(cast: Cast) -> Decimal:
    """What the agreement of the cast has committed now."""
    cast.agreement.refresh_from_db()
    return Decimal(cast.agreement.committed_amount)


def answer(client: Client, line: RequisitionLine, **fields: object) -> Answer:
    """Send the panel's form."""
    return client.post(
        reverse("desk:decide", args=[line.pk]), {"order": str(line.pk), "address": "", **fields}
    )
