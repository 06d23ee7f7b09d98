"""
Who is asked after a supplier that does not deliver, under an agreement whose suppliers are ranked (LOU 7:6).

The refusal is evidence: the supplier's answer is kept with its file, and the line's history names both suppliers.
"""

from collections.abc import Collection, Iterable

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


def passed_over(
    parties: Iterable[AgreementSupplier],
    *,
    supplier_id: int,
    selling: Collection[int],
    refused: Collection[int],
) -> AgreementSupplier | None:
    """
    Give the first who comes before a supplier in rank and could get the order: sells the same, is not blocked, has not refused.

    :param parties: the suppliers of one agreement; a supplier that is none of them comes last.
    :param selling: who has a price for the same.
    :param refused: who has refused it.
    """
    for party in sorted(parties, key=lambda party: (party.rank, party.pk)):
        if party.supplier_id == supplier_id:
            return None
        if (
            party.supplier_id in selling
            and party.supplier_id not in refused
            and not party.supplier.is_blocked
        ):
            return party
    return None


RANKED = (CallOffMethod.RANKING,)
"""The methods in which the next one is asked without anybody choosing."""
