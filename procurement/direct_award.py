"""
The direct-award limit: what is bought without a procurement stays within it (pure: facts in, refusal out).

LOU 19 a ch.: a purchase may be awarded directly when its value is no more than the limit that is in force that day. The value is
reckoned by LOU 5 ch.: nothing is split to stay under the limit (5:5), and what is bought again and again is valued by what similar
purchases came to in the twelve months before (5:11). Similar purchases are those of the same authority, in the same category, under
no agreement, ordered here or imported from elsewhere. The rule of the same kind during a fiscal year was removed 2022-02-01.

What would pass the limit is never refused for its size: the head of procurement decides it, and names the ground on which it is
awarded directly all the same (LOU 6:12–19, or 19 a ch.), with her reason.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, InvalidInput, Names
from core.money import ZERO, Kronor, percent_of
from core.periods import add_months

MONTHS = 12


class DirectAwardLimitPassed(DomainError):
    """With the line, similar purchases pass the direct-award limit; the head of procurement decides it."""

    code = "direct_award_limit_passed"
    sentence = _(
        "Med raden har regionen köpt %(category)s utanför avtal för %(amount)s på tolv månader. Gränsen för"
        " direktupphandling är %(limit)s, så raden går till inköpschefen, som avgör. Finns det ett avtal går det att godkänna"
        " raden på det."
    )


class ExceptionMissing(InvalidInput):
    """The head of procurement names a ground when she lets a line pass the direct-award limit."""

    code = "direct_award_exception_missing"
    sentence = _(
        "Med raden har regionen köpt %(category)s utanför avtal för %(amount)s på tolv månader. Gränsen för"
        " direktupphandling är %(limit)s. Välj vilket undantag köpet stöder sig på och skriv varför, eller avslå raden."
    )


class SimilarUnknown(InvalidInput):
    """Without a category nobody can tell what similar purchases come to."""

    code = "direct_award_category_missing"
    sentence = _(
        "Välj kategori för %(line)s innan den köps utanför avtal. Annars går det inte att se hur mycket regionen har köpt av"
        " samma slag."
    )


@dataclass(frozen=True, slots=True)
class SimilarPurchases:
    """What an authority has bought in a category under no agreement in the twelve months that end on a day, SEK."""

    category: Names
    amount: Decimal = ZERO
    limit: Decimal | None = None
    """The direct-award limit that day; None where the region has entered none."""

    def with_another(self, amount: Decimal) -> "SimilarPurchases":
        """The same with one purchase more."""
        return replace(self, amount=self.amount + amount)

    @property
    def is_above_limit(self) -> bool:
        """Whether they come to more than may be awarded directly."""
        return self.limit is not None and self.amount > self.limit

    @property
    def used_percent(self) -> Decimal:
        """How much of the limit they come to, per cent with one decimal; nought where there is no limit."""
        return percent_of(self.amount, self.limit) if self.limit else Decimal("0.0")

    @property
    def left(self) -> Decimal:
        """What is left under the limit, SEK."""
        return max(self.limit - self.amount, ZERO) if self.limit else ZERO


@dataclass(frozen=True, slots=True)
class LimitException:
    """The ground on which a line may pass the limit, and the reason, as whoever decides has given them."""

    ground: str = ""
    reason: str = ""

    @property
    def is_given(self) -> bool:
        """Whether both are."""
        return bool(self.ground and self.reason)


NO_EXCEPTION = LimitException()


@dataclass(frozen=True, slots=True)
class Award:
    """What is known of a line that would be bought under no agreement."""

    similar: SimilarPurchases | None
    """Those before it; None when the line has no category."""
    is_of_head: bool = False
    """Whether who decides is a head of procurement, or acts for one."""
    exception: LimitException = NO_EXCEPTION


def direct_award(award: Award, amount: Decimal, *, line: str) -> DomainError | None:
    """
    Say why a line may not be bought under no agreement by who decides it; None when it may.

    :param amount: what the line comes to, SEK.
    :param line: what it asks for.
    """
    if award.similar is None:
        return SimilarUnknown(line=line)
    after = award.similar.with_another(amount)
    if not after.is_above_limit:
        return None
    if award.is_of_head and award.exception.is_given:
        return None
    refusal = ExceptionMissing if award.is_of_head else DirectAwardLimitPassed
    return refusal(category=after.category, amount=Kronor(after.amount), limit=Kronor(after.limit or ZERO))


def first_similar_day(day: date) -> date:
    """The first of the twelve months that end on a day."""
    return add_months(day, -MONTHS) + timedelta(days=1)
