"""People are told how renewed competitions go: whoever acts under the agreement, and whoever waits for what is competed for."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.module_loading import import_string

from catalog.models import RenewedCompetition
from catalog.notices import COMPETITION
from catalog.price_deciders import Deciders
from catalog.states import CompetitionStatus
from core.addresses import address_of
from core.transactions import operation
from notices.models import Notice
from notices.operations.putting_away import put_away
from notices.operations.telling import News, tell
from organizations.models import User

Followers = Callable[[RenewedCompetition, Mapping[str, Any], date], Iterable[News]]
"""What an app above this one tells of a competition that day: from it, and from what has become of it."""


def tell_of_start(competition: RenewedCompetition, *, by: User, at: datetime) -> None:
    """Tell that the suppliers have been invited."""
    _tell(competition, _start_facts(competition), by=by, at=at)


def tell_of_decision(competition: RenewedCompetition, *, by: User, at: datetime) -> None:
    """Tell who won and until when it may be ordered from, or that it was called off and why."""
    facts = {"how": "cancelled", "who": by.full_name, "reason": competition.decision_reason}
    if competition.winner is not None and competition.through_date is not None:
        facts = {
            "how": "awarded",
            "who": by.full_name,
            "supplier": competition.winner.supplier.name,
            "day": competition.through_date.isoformat(),
        }
    put_away([COMPETITION], addresses=[address_of(competition)], at=at)
    _tell(competition, facts, by=by, at=at)


@operation
def tell_of_ended(*, at: datetime) -> int:
    """
    Tell, once for each, that the time to bid is over and somebody is to decide; returns how many nobody had been told of.

    It is told again when whoever was told can no longer decide and somebody else can.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('competitions that are to be decided'))")
    day = timezone.localdate(at)
    ended = RenewedCompetition.objects.filter(status=CompetitionStatus.OPEN, bids_by_date__lt=day)
    waiting = list(ended.for_display().order_by("pk"))
    if not waiting:
        return 0
    deciders = Deciders.on(day)
    notices = Notice.objects.filter(
        kind=COMPETITION.name, facts__how="ended", address__in=[address_of(each) for each in waiting]
    )
    notice_keys = set(notices.values_list("recipient", "address"))
    news = [
        News(person.pk, COMPETITION, address_of(each), {**_facts_of(each), "how": "ended"})
        for each in waiting
        for person in deciders.under(each.agreement)
    ]
    fresh = [each for each in news if (each.person_id, each.address) not in notice_keys]
    tell(fresh, by=None, at=at)
    return len({each.address for each in fresh})


def _tell(competition: RenewedCompetition, what: Mapping[str, Any], *, by: User, at: datetime) -> None:
    facts = {**_facts_of(competition), **what}
    day = timezone.localdate(at)
    acting = Deciders.on(day).under(competition.agreement)
    news = [News(person.pk, COMPETITION, address_of(competition), facts) for person in acting]
    for path in settings.COMPETITION_FOLLOWERS:
        followers: Followers = import_string(path)
        news += followers(competition, facts, day)
    tell(news, by=by, at=at)


def facts_of_start(competition: RenewedCompetition) -> Mapping[str, Any]:
    """What is told of a competition that suppliers have been invited to."""
    return {**_facts_of(competition), **_start_facts(competition)}


def _start_facts(competition: RenewedCompetition) -> Mapping[str, Any]:
    return {"how": "started", "day": competition.bids_by_date.isoformat()}


def _facts_of(competition: RenewedCompetition) -> dict[str, Any]:
    return {"subject": competition.subject, "agreement": competition.agreement.title}
