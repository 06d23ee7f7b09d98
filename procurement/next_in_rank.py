"""
Who is asked after a supplier that does not deliver, under an agreement whose suppliers are ranked (LOU 7:6).

The refusal is evidence: the supplier's answer is kept with its file, and the line's history names both suppliers.
"""

from collections.abc import Iterable

from agreements.models import AgreementSupplier, CallOffMethod


def ranked_after(parties: Iterable[AgreementSupplier], *, refused_by: int) -> list[AgreementSupplier]:
    """
    Give those who come after a supplier in rank, the nearest first.

    :param parties: the suppliers of one agreement, with the supplier itself.
    """
    ordered = sorted(parties, key=lambda party: (party.rank, party.pk))
    place = next((number for number, each in enumerate(ordered) if each.supplier_id == refused_by), None)
    if place is None:
        return []
    return [each for each in ordered[place + 1 :] if not each.supplier.is_blocked]


RANKED = (CallOffMethod.RANKING,)
"""The methods in which the next one is asked without anybody choosing."""
