"""How far the suppliers of an agreement are from their shares of what is ordered (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from agreements.models import AgreementSupplier
from core.money import percent_of

WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True)
class Standing:
    """One supplier, its share by the agreement, and its part of what is approved and ordered, both in per cent."""

    place: AgreementSupplier
    share_percent: Decimal
    outcome_percent: Decimal


def standings(places: Sequence[AgreementSupplier]) -> list[Standing]:
    """
    Compare what each supplier has got with its share, in the order given; nobody has got anything of nothing.

    Where the agreement says no shares, all have the same one.
    """
    total = sum((place.committed_amount for place in places), Decimal(0))
    return [
        Standing(
            place,
            WHOLE / len(places) if place.share_percent is None else place.share_percent,
            percent_of(place.committed_amount, total) if total else Decimal(0),
        )
        for place in places
    ]
