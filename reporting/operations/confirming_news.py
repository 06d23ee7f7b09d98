"""Tell finance that baselines wait to be confirmed, and put that away when they wait no longer."""

from collections.abc import Iterable
from datetime import datetime

from core.addresses import address_of
from notices.operations.putting_away import put_away
from notices.operations.telling import News, tell
from organizations.models import User
from reporting.models import SavingInitiative
from reporting.notices import BASELINES_WAITING
from reporting.permissions import confirmers_of


def tell_confirmers(initiative: SavingInitiative, *, count: int, reason: str, by: User, at: datetime) -> None:
    """Tell those who may confirm what has been frozen, inside the operation that froze it."""
    if not count:
        return
    facts = {"initiative": initiative.name, "by": by.full_name, "count": count, "reason": reason}
    people = confirmers_of(initiative, at=at).order_by("pk").values_list("pk", flat=True)
    tell([News(person, BASELINES_WAITING, address_of(initiative), facts) for person in people], by=by, at=at)


def put_away_waiting(initiatives: Iterable[SavingInitiative], *, at: datetime) -> None:
    """Let what was told of these initiatives' baselines be done with, whoever was told."""
    put_away([BASELINES_WAITING], addresses=[address_of(each) for each in initiatives], at=at)
