"""
How an agreement is called off: whether an order may go to a supplier under it (pure).

An agreement that demands a renewed competition (LOU 7:8) is ordered from only as far as one has been won; one that ranks its
suppliers (LOU 7:6) is ordered from in their order, or by the lowest price of the call-off. What waits for a competition may be
asked for all the same: the need is the reason why one is held (ADR 0068). ``procurement/calling_off.py`` reads the facts.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from agreements.models import Agreement, CallOffMethod
from core.errors import DomainError
from procurement.next_in_rank import RANKED


class CompetitionNeeded(DomainError):
    """The agreement is not ordered from directly: its suppliers compete first, and the winner is ordered from."""

    code = "competition_needed"
    sentence = _(
        "Avtalet %(agreement)s kräver förnyad konkurrensutsättning, och %(supplier)s har inte vunnit någon som gäller det här"
        " i dag. Den som ansvarar för avtalet bjuder in leverantörerna på avtalets sida, och registrerar vem som vann."
    )


class SupplierPassedOver(DomainError):
    """The agreement ranks its suppliers, and one who comes before has not refused."""

    code = "supplier_passed_over"
    sentence = _(
        "%(first)s kommer före %(supplier)s i rangordningen i avtalet %(agreement)s och har inte sagt nej. Välj artikeln från"
        " %(first)s, eller registrera på raden att leverantören har sagt nej."
    )


@dataclass(frozen=True, slots=True)
class WonCompetition:
    """A competition that somebody has won and that may be ordered from that day."""

    agreement_id: int
    supplier_id: int
    item_ids: Collection[int]
    """What it was about; none when it was about needs in words."""

    def covers(self, agreement_id: int, supplier_id: int, item_id: int | None) -> bool:
        """Whether it is of this agreement, was won by this supplier, and was about this item or is asked of a need."""
        is_same = (self.agreement_id, self.supplier_id) == (agreement_id, supplier_id)
        return is_same and (item_id is None or item_id in self.item_ids)


@dataclass(frozen=True, slots=True)
class CallOff:
    """What the agreement's way of calling off asks of one line that day."""

    is_won: bool = False
    """Whether the supplier has won a competition that covers it."""
    passed_over: str = ""
    """Who comes before the supplier in rank, sells the same and has not refused; empty when nobody does."""


NOTHING_KNOWN = CallOff()
"""Nobody has won anything: what has not been looked up is refused where the agreement demands it."""


def awaits_competition(agreement: Agreement | None, facts: CallOff) -> bool:
    """Whether an order under the agreement waits for a renewed competition that somebody wins."""
    demands = agreement is not None and agreement.call_off_method == CallOffMethod.MINI_COMPETITION
    return demands and not facts.is_won


def call_off(agreement: Agreement | None, supplier_name: str, facts: CallOff) -> DomainError | None:
    """Say why the agreement may not be ordered from like this; None when it may."""
    if agreement is None:
        return None
    if awaits_competition(agreement, facts):
        return CompetitionNeeded(agreement=agreement.number, supplier=supplier_name)
    if agreement.call_off_method in RANKED and facts.passed_over:
        return SupplierPassedOver(agreement=agreement.number, supplier=supplier_name, first=facts.passed_over)
    return None
