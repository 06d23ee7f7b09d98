"""Whoever answers for an agreement is told what somebody else has decided of it. Used inside the operations that decide."""

from datetime import datetime

from django.utils import timezone

from agreements.models import Agreement
from agreements.notices import AGREEMENT_DECIDED
from categories.responsibility import posts_on, responsibility_for
from core.addresses import address_of
from notices.operations.telling import News, tell
from organizations.models import User


def tell_of_decision(agreement: Agreement, how: str, *, by: User, at: datetime, reason: str = "") -> None:
    """
    Tell the owner, the category's manager and the deputy, but not the one who decided.

    :param how: what was decided, as ``agreements.notices`` has it.
    """
    category = agreement.category
    post = responsibility_for(category, posts_on(timezone.localdate(at), category.lineage)).post
    people = [agreement.owner, *((post.manager, post.deputy) if post else ())]
    end = agreement.end_date
    facts = {
        "how": how,
        "title": agreement.title,
        "who": by.full_name,
        "day": end.isoformat() if end else "",
        "reason": reason,
    }
    ids = dict.fromkeys(person.pk for person in people if person is not None)
    tell([News(pk, AGREEMENT_DECIDED, address_of(agreement), facts) for pk in ids], by=by, at=at)
