"""What the gate is told of how agreements are called off: no question but where an agreement demands something."""

from collections.abc import Iterable
from datetime import date

from agreements.models import CallOffMethod
from catalog.models import RenewedCompetition
from procurement.call_off import NOTHING_KNOWN, CallOff, Won
from procurement.gates import Terms


class CallOffs:
    """What is known that day of the call-offs of some lines."""

    def __init__(self, won: Iterable[Won] = ()) -> None:
        self.won = list(won)

    def of(self, terms: Terms) -> CallOff:
        """What is known of a line's terms."""
        agreement = terms.agreement
        if agreement is None or not self.won:
            return NOTHING_KNOWN
        item_id = terms.item.pk if terms.item else None
        return CallOff(is_won=any(each.covers(agreement.pk, terms.supplier.pk, item_id) for each in self.won))


def call_offs(all_terms: Iterable[Terms | None], *, day: date) -> CallOffs:
    """Read what has been won that day under the agreements that demand it: one query, and none where none does."""
    competing = {
        terms.agreement.pk
        for terms in all_terms
        if terms is not None
        and terms.agreement is not None
        and terms.agreement.call_off_method == CallOffMethod.MINI_COMPETITION
    }
    return CallOffs(_won(competing, day) if competing else ())


def _won(agreements: set[int], day: date) -> list[Won]:
    awarded = RenewedCompetition.objects.awarded_on(day).filter(agreement__in=agreements).with_items()
    rows = awarded.values_list("agreement", "winner__supplier", "item_ids").order_by("pk")
    return [Won(agreement, supplier, frozenset(items)) for agreement, supplier, items in rows]
