"""What a need in words may wait for, as whoever decides about it sees it; and what needs may wait for a competition."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from catalog.models import RenewedCompetition
from organizations.models import User
from procurement import permissions
from procurement.competing import competition_states, competitions_for, needs_for
from procurement.models import RequisitionLine
from procurement.models.grounds import is_asked_about

MOST_NEEDS = 100


@dataclass(frozen=True, slots=True)
class Need:
    """A need in words, and what the reader may do: let it wait for the competition or wait no longer, or write to who may."""

    line: RequisitionLine
    may_act: bool
    may_write: bool = False


@dataclass(frozen=True, slots=True)
class Needs:
    """The needs that are tied to a competition, and those that could be by the reader or at her asking; no more than somebody reads."""

    tied: Sequence[Need]
    others: Sequence[Need]


def needs_of(competition: RenewedCompetition, *, user: User, at: datetime) -> Needs:
    """Gather those that the person may see, the oldest first; none that could be tied once it is decided."""
    visible_lines = RequisitionLine.objects.visible_to(user, timezone.localdate(at)).for_display()
    visible_lines = visible_lines.order_by("submitted_at", "pk")
    tied = list(visible_lines.filter(tied_competition=competition)[:MOST_NEEDS])
    others: list[RequisitionLine] = []
    if competition.is_open:
        others = list(visible_lines.filter(pk__in=needs_for(competition).values("pk"))[:MOST_NEEDS])
    needs = {line.pk: Need(line, bool(permissions.can_tie(user, line, at=at))) for line in (*tied, *others)}
    elsewhere = [need.line for need in needs.values() if not need.may_act]
    for line in _lines_to_write_about(elsewhere, user=user, at=at):
        needs[line.pk] = Need(line, may_act=False, may_write=True)
    offered = [needs[line.pk] for line in others]
    return Needs(
        [needs[line.pk] for line in tied], [each for each in offered if each.may_act or each.may_write]
    )


def _lines_to_write_about(
    lines: Sequence[RequisitionLine], *, user: User, at: datetime
) -> Iterator[RequisitionLine]:
    """Those that others decide and that the person has a part in the conversation about: one query, or none."""
    if not lines:
        return
    of_them = RequisitionLine.objects.filter(is_asked_about(user), pk__in=[line.pk for line in lines])
    asked_ids = set(of_them.values_list("pk", flat=True))
    for line in lines:
        if permissions.can_write_about(user, line, is_asked=line.pk in asked_ids, at=at):
            yield line


def competition_context(line: RequisitionLine, *, user: User, at: datetime) -> dict[str, object]:
    """How far it has been competed for, and the open competitions that the person may let a need wait for."""
    day, offered = timezone.localdate(at), list[RenewedCompetition]()
    may = bool(permissions.can_tie(user, line, at=at))
    if may and line.item_id is None and line.awaits_competition_id is None:
        competitions = RenewedCompetition.objects.visible_to(user, day)
        offered = list(competitions_for(line).filter(pk__in=competitions.values("pk")))
    return {
        "competed": competition_states([line], day=day).get(line.pk),
        "competitions": offered,
        "may_untie": may and line.tied_competition_id is not None,
    }
