"""Decide what rows on accounts are."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from audit import trail
from categories.models import Category
from core.errors import InvalidInput
from core.transactions import operation
from core.verdicts import require
from organizations.models import User
from spend import permissions
from spend.events import Event
from spend.models import AccountMeaning, Meaning

LONGEST_NUMBER = 18


class SpanUnclear(InvalidInput):
    """A span is from one number through a higher one of as many digits."""

    code = "account_span_unclear"
    sentence = _("Ange ett spann som två kontonummer med lika många siffror, det lägsta först.")


class CategoryNeeded(InvalidInput):
    """It is said that the account is of a category, and not of which; or the other way."""

    code = "account_meaning_category_needed"
    sentence = _("Välj kategori när kontot är köp i en kategori, och annars ingen.")


@operation
def decide_meaning(
    *,
    source: str,
    first_account: str,
    last_account: str = "",
    meaning: Meaning,
    category: Category | None = None,
    by: User,
    at: datetime,
) -> AccountMeaning:
    """
    Say what rows on an account are, or on all accounts from one through another; what was decided before stays as it was.

    :param source: the ledger whose accounts they are; empty for all.
    :raises NotPermitted: she is not finance.
    :raises InvalidInput: the accounts are no span, or the category does not go with the meaning.
    """
    require(permissions.can_decide(by, at))
    last = last_account or first_account
    if last != first_account and not _is_span(first_account, last):
        raise SpanUnclear
    if (category is None) == (meaning is Meaning.CATEGORY):
        raise CategoryNeeded
    decided = AccountMeaning.objects.create(
        source=source,
        first_account=first_account,
        last_account=last,
        meaning=meaning,
        category=category,
        decided_by=by,
        decided_at=at,
    )
    trail.record(
        Event.ACCOUNT_MEANING_DECIDED,
        subject=decided,
        by=by,
        at=at,
        source=source,
        meaning=meaning.value,
        category=category.code if category else "",
    )
    return decided


def _is_span(first: str, last: str) -> bool:
    are_numbers = first.isascii() and last.isascii() and first.isdecimal() and last.isdecimal()
    return are_numbers and len(first) == len(last) <= LONGEST_NUMBER and first < last
