"""
Dividing something between several fairly: by the largest remainder (pure).

What is divided is all divided, in whole steps. When there is less than was asked for, nobody gets more than she asked for. The
same question has the same answer: of two with equal remainders the larger share comes first, and then the earlier.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

WHOLE, THOUSANDTH, ORE = Decimal(1), Decimal("0.001"), Decimal("0.01")


def fair_shares(total: Decimal, claims: Sequence[Decimal], *, step: Decimal) -> list[Decimal]:
    """
    Divide a total by what each asked for, or by any other weights.

    :param total: a multiple of the step; nothing is divided of less.
    :param claims: none below zero; when all are zero it is divided evenly. What is to bound the shares is in multiples of the step.
    :param step: what no share is divided below.
    """
    if not claims:
        return []
    steps = int(total / step)
    weights = [Fraction(each) for each in claims]
    if not any(weights):
        weights = [Fraction(1)] * len(claims)
    whole = sum(weights)
    quotas = [weight * steps / whole for weight in weights]
    shares = [int(quota) for quota in quotas]
    by_remainder = sorted(
        range(len(claims)), key=lambda place: (shares[place] - quotas[place], -weights[place], place)
    )
    for place in by_remainder[: steps - sum(shares)]:
        shares[place] += 1
    return [share * step for share in shares]
