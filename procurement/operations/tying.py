"""A need in words is tied to a competition, which it then waits for as lines of items do, and is let go of it (ADR 0068)."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import trail
from catalog.models import RenewedCompetition
from catalog.operations.competition_news import facts_of_start
from catalog.operations.competitions import CompetitionIsDecided
from core.bulk import update_rows
from core.errors import InvalidInput, WrongState
from core.states import move
from core.transactions import operation
from core.verdicts import require
from notices.operations.telling import tell
from organizations.models import User
from procurement import permissions
from procurement.approving import AgreementOfAnotherCategory, covers
from procurement.competing import competed_news, facts_of_letting_go
from procurement.events import Event
from procurement.gates import AgreementNotForYou
from procurement.models import DecisionKind, RequisitionLine
from procurement.operations.competed import TIED_FIELDS, start_response_time
from procurement.operations.decidable import locked_lines
from procurement.operations.deciding import NewDecision, write_decisions
from procurement.operations.putting_away import put_away_for
from procurement.posts import Posts
from procurement.states import LINE_TRANSITIONS, LineStatus


class LineIsNoNeed(InvalidInput):
    """A line of an item waits for competitions about the item, by itself."""

    code = "line_is_no_need"
    sentence = _(
        "%(line)s har ett artikelnummer, och väntar av sig själv när leverantörerna tävlar om artikeln."
    )


class NeedIsTied(WrongState):
    """A need waits for one competition at a time."""

    code = "need_is_tied"
    sentence = _("%(line)s väntar redan på %(subject)s. Ta bort raden därifrån först.")


class NeedIsNotTied(WrongState):
    """It waits for no competition."""

    code = "need_is_not_tied"
    sentence = _("%(line)s är inte knuten till någon konkurrensutsättning.")


@operation
def tie_to_competition(
    *, line: RequisitionLine, competition: RenewedCompetition, by: User, at: datetime
) -> RequisitionLine:
    """
    Let a need in words wait for an open competition under an agreement that is for it; the requester is told.

    One that was returned with a question waits for its answer no longer: whoever decides it has gone on without.
    The competition is locked before the line, so that none is tied to what is decided in the same moment.

    :raises NotPermitted: the line is not hers to decide.
    :raises WrongState: the line or the competition is decided already, or the line waits for another.
    :raises InvalidInput: it is a line of an item, or the agreement is for something else.
    :raises AgreementNotForYou: the line's administration may not use the agreement.
    """
    competition = (
        RenewedCompetition.objects.locked().select_related("agreement__category").get(pk=competition.pk)
    )
    agreement = competition.agreement
    (line,) = locked_lines([line])
    require(permissions.can_tie(by, line, at=at))
    if line.item_id is not None:
        raise LineIsNoNeed(line=line.description)
    if not competition.is_open:
        raise CompetitionIsDecided
    if line.awaits_competition is not None and line.awaits_competition.is_open:
        raise NeedIsTied(line=line.description, subject=line.awaits_competition.subject)
    if not covers(agreement, line.category):
        raise AgreementOfAnotherCategory(agreement=agreement.number, category=str(agreement.category))
    if not agreement.is_open_to(line.requisition.department.administration_id):
        raise AgreementNotForYou(agreement=agreement.number)
    was_asked, capacity = line.status == LineStatus.RETURNED, permissions.capacity_for(by, line, at=at)
    if was_asked:
        move(line, to=LineStatus.AWAITING, transitions=LINE_TRANSITIONS)
    line.tied_competition = line.awaits_competition = competition
    line.response_due_date = None
    update_rows([line], ["status", *TIED_FIELDS])
    if was_asked and capacity is not None:
        write_decisions([NewDecision(line, DecisionKind.UNANSWERED, by, capacity)], at=at)
    _record(Event.LINE_TIED, line, competition, by=by, at=at)
    facts = {**facts_of_start(competition), "was_asked": was_asked}
    tell(competed_news([[line]], facts, timezone.localdate(at)), by=by, at=at)
    put_away_for([line.responsible_id, line.requisition.requester_id, by.pk], at=at)
    return line


@operation
def untie_from_competition(*, line: RequisitionLine, by: User, at: datetime) -> RequisitionLine:
    """
    Let a need wait for its competition no longer: it has its category's response days from now, where it had none.

    The requester is told of one that waited for bids.

    :raises NotPermitted: the line is not hers to decide.
    :raises WrongState: the line is decided already, or tied to nothing.
    """
    (line,) = locked_lines([line])
    require(permissions.can_tie(by, line, at=at))
    if line.tied_competition is None:
        raise NeedIsNotTied(line=line.description)
    waited_for = untie(line, by=by, at=at)
    update_rows([line], TIED_FIELDS)
    tell_of_letting_go(line, waited_for, by=by, at=at)
    return line


def untie(line: RequisitionLine, *, by: User, at: datetime) -> RenewedCompetition | None:
    """
    Let go of a need inside an operation, which saves it and tells of it, and write it to the trail.

    :returns: what it was tied to; None where it was not, and nothing is changed.
    """
    competition = line.tied_competition
    if competition is None:
        return None
    line.tied_competition = None
    if line.awaits_competition is not None:
        categories = [line.category] if line.category else []
        start_response_time(line, Posts.read([], categories, day=timezone.localdate(at)), since=at)
    _record(Event.LINE_UNTIED, line, competition, by=by, at=at)
    return competition


def tell_of_letting_go(
    line: RequisitionLine, competition: RenewedCompetition | None, *, by: User, at: datetime
) -> None:
    """Tell the requester that a need waits no longer; of one that is decided she has been told how it went."""
    if competition is not None and competition.is_open:
        facts = facts_of_letting_go(line, competition, by=by)
        tell(competed_news([[line]], facts, timezone.localdate(at)), by=by, at=at)


def tie_as_before(old: RequisitionLine, new: RequisitionLine) -> None:
    """Let a new version of a need wait for what the one before it was tied to."""
    if old.tied_competition_id is None:
        return
    new.tied_competition_id, new.awaits_competition_id = old.tied_competition_id, old.awaits_competition_id
    new.competed_at = old.competed_at
    if new.awaits_competition_id is not None:
        new.response_due_date = None
    update_rows([new], TIED_FIELDS)


def _record(
    event: Event, line: RequisitionLine, competition: RenewedCompetition, *, by: User, at: datetime
) -> None:
    capacity = permissions.capacity_for(by, line, at=at)
    trail.record(
        event,
        subject=line,
        by=by,
        at=at,
        on_behalf_of=capacity.on_behalf_of if capacity else None,
        rule=capacity.rule if capacity else "",
        renewed_competition=competition.subject,
        due=line.response_due_date.isoformat() if line.response_due_date else "",
    )
