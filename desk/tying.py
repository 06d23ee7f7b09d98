"""What a need in words may wait for, as whoever decides about it sees it; and what needs may wait for a competition."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from catalog.models import RenewedCompetition
from organizations.models import User
from procurement import permissions
from procurement.competing import competed_for, competitions_for, needs_for
from procurement.models import RequisitionLine

MOST_NEEDS = 100


@dataclass(frozen=True, slots=True)
class Need:
    """A need in words, and whether the reader may let it wait for the competition, or wait no longer."""

    line: RequisitionLine
    may_act: bool


@dataclass(frozen=True, slots=True)
class Needs:
    """The needs that are tied to a competition, and those that could be; no more than somebody reads."""

    tied: Sequence[Need]
    others: Sequence[Need]


def needs_of(competition: RenewedCompetition, *, user: User, at: datetime) -> Needs:
    """Gather those that the person may see, the oldest first; none that could be tied once it is decided."""
    seen = RequisitionLine.objects.visible_to(user, timezone.localdate(at)).for_display()
    seen = seen.order_by("submitted_at", "pk")
    tied = list(seen.filter(tied_competition=competition)[:MOST_NEEDS])
    others: list[RequisitionLine] = []
    if competition.is_open:
        others = list(seen.filter(pk__in=needs_for(competition).values("pk"))[:MOST_NEEDS])
    may_act = {line.pk: bool(permissions.can_reassign(user, line, at=at)) for line in (*tied, *others)}
    return Needs(
        [Need(line, may_act[line.pk]) for line in tied],
        [Need(line, may_act=True) for line in others if may_act[line.pk]],
    )


def competing_of(line: RequisitionLine, *, user: User, may: bool, day: date) -> dict[str, object]:
    """How far it has been competed for, and the open competitions that the person may let a need wait for."""
    offered: Sequence[RenewedCompetition] = ()
    if may and line.item_id is None and line.awaits_competition_id is None:
        seen = RenewedCompetition.objects.visible_to(user, day)
        offered = list(competitions_for(line).filter(pk__in=seen.values("pk")))
    return {
        "competed": competed_for([line], day=day).get(line.pk),
        "competitions": offered,
        "may_untie": may and line.tied_competition_id is not None,
    }
