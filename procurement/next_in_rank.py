"""
Who is asked after a supplier that does not deliver, under an agreement whose suppliers are ranked (LOU 7:6).

They are ranked by their places in the agreement, or under dynamic ranking by what each takes for the quantity that is called off.
The refusal is evidence: the supplier's answer is kept with its file, and the line's history names both suppliers.
"""

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal

from agreements.models import AgreementSupplier, CallOffMethod

Prices = Mapping[int, Decimal]
"""What one order unit of the same costs in the quantity that is called off, by the suppliers that sell it."""


def _ranked(parties: Iterable[AgreementSupplier], by_price: Prices | None) -> list[AgreementSupplier]:
    """The first in rank first; those that do not sell it last, where the price decides."""
    if by_price is None:
        return sorted(parties, key=lambda party: (party.rank, party.pk))
    last = max(by_price.values(), default=Decimal(0)) + 1
    return sorted(parties, key=lambda party: (by_price.get(party.supplier_id, last), party.rank, party.pk))


def ranked_after(parties: Iterable[AgreementSupplier], *, refused_by: int) -> list[AgreementSupplier]:
    """
    Give those who come after a supplier by their places in the agreement, the nearest first.

    :param parties: the suppliers of one agreement, with the supplier itself.
    """
    ordered = _ranked(parties, None)
    place = next((number for number, each in enumerate(ordered) if each.supplier_id == refused_by), None)
    if place is None:
        return []
    return [each for each in ordered[place + 1 :] if not each.supplier.is_blocked]


def cheapest_left(
    parties: Iterable[AgreementSupplier], *, selling: Prices, refused: Collection[int]
) -> list[AgreementSupplier]:
    """
    Give those who sell it and have not refused it, the cheapest first: who is asked next under dynamic ranking.

    :param parties: the suppliers of one agreement.
    """
    return [
        each
        for each in _ranked(parties, selling)
        if each.supplier_id in selling and each.supplier_id not in refused and not each.supplier.is_blocked
    ]


def passed_over(
    parties: Iterable[AgreementSupplier],
    *,
    supplier_id: int,
    selling: Prices,
    refused: Collection[int],
    is_by_price: bool = False,
) -> AgreementSupplier | None:
    """
    Give the first who comes before a supplier in rank and could get the order: sells the same, is not blocked, has not refused.

    :param parties: the suppliers of one agreement; a supplier that is none of them comes last.
    :param selling: who has a price for the same.
    :param refused: who has refused it.
    :param is_by_price: whether the lowest price comes first; of two that take the same either may get it.
    """
    own_price = selling.get(supplier_id)
    for party in _ranked(parties, selling if is_by_price else None):
        if party.supplier_id == supplier_id or (is_by_price and selling.get(party.supplier_id) == own_price):
            return None
        if (
            party.supplier_id in selling
            and party.supplier_id not in refused
            and not party.supplier.is_blocked
        ):
            return party
    return None


RANKED = (CallOffMethod.RANKING, CallOffMethod.DYNAMIC_RANKING)
"""The methods in which the next one is asked without anybody choosing."""
