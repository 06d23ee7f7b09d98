"""A renewed competition is awarded or called off."""

from datetime import date, datetime, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agreements.models import Supplier
from audit import trail
from catalog.events import Event
from catalog.models import RenewedCompetition
from catalog.operations.bid_prices import let_prices_hold, require_prices, written_prices
from catalog.operations.competition_news import tell_of_decision
from catalog.operations.competitions import check_time_is_over, locked_competition
from catalog.states import COMPETITION_TRANSITIONS, BidOutcome, CompetitionStatus
from core.errors import InvalidInput, WrongState
from core.states import move
from core.transactions import operation
from organizations.models import User


class WinnerHasNoBid(InvalidInput):
    """A competition is won by a bid that came."""

    code = "competition_winner_has_no_bid"
    sentence = _("Välj ett anbud som har kommit in.")


class WinnerIsBlocked(WrongState):
    """Whoever gets no new orders wins none."""

    code = "competition_winner_is_blocked"
    sentence = _("%(supplier)s är spärrad för nya beställningar.")


class WinnerHasLeft(WrongState):
    """Whoever is ordered from is a supplier of the agreement."""

    code = "competition_winner_has_left"
    sentence = _("%(supplier)s är inte längre leverantör i avtalet.")


class AwardPeriodWrong(InvalidInput):
    """An award is ordered from on days that come, the last no earlier than the first."""

    code = "competition_award_period"
    sentence = _("Ange från och till och med vilken dag det får avropas, tidigast i dag.")


class ReasonForAwardMissing(InvalidInput):
    """A decision has a reason."""

    code = "competition_reason_missing"
    sentence = _("Skriv skälet till beslutet.")


@operation
def award_competition(
    *,
    competition: RenewedCompetition,
    winner: Supplier,
    from_date: date,
    through_date: date,
    reason: str,
    by: User,
    at: datetime,
) -> RenewedCompetition:
    """
    Let a bid win: from then on the winner may be ordered from, for what it was about, on the days of the award.

    What the items cost in the bid is the agreement's price from the winner on those days; what it cost before gives way, and is
    resumed after them.

    Those who have not answered are noted as not having done so; those that the agreement has got since and that nobody invited
    are named in the trail.

    :raises NotPermitted: she does not answer for the agreement.
    :raises WrongState: it is decided, the time to bid is not over, the winner is blocked, has left the agreement or has not said
        what each item costs, or its prices cannot give way.
    :raises InvalidInput: the winner has not bid, the days cannot be, or no reason is given.
    """
    competition = locked_competition(competition, by=by, at=at)
    check_time_is_over(competition, at)
    bid = competition.bids.select_related("supplier").filter(supplier=winner, outcome=BidOutcome.BID).first()
    if bid is None:
        raise WinnerHasNoBid
    if bid.supplier.is_blocked:
        raise WinnerIsBlocked(supplier=bid.supplier.name)
    if not competition.agreement.suppliers.filter(supplier=winner).exists():
        raise WinnerHasLeft(supplier=bid.supplier.name)
    if not timezone.localdate(at) <= from_date <= through_date:
        raise AwardPeriodWrong
    reason = _reason(reason)
    bid.competition = competition
    prices = require_prices(bid)
    uninvited = competition.read_uninvited()
    competition.bids.filter(outcome=BidOutcome.AWAITED).update(
        outcome=BidOutcome.NO_ANSWER, registered_by=by, registered_at=at
    )
    competition.winner = bid
    competition.award_during = DateRange(from_date, through_date + timedelta(days=1))
    _decide(competition, CompetitionStatus.AWARDED, reason=reason, by=by, at=at)
    let_prices_hold(competition, bid, prices, by=by, at=at)
    trail.record(
        Event.COMPETITION_AWARDED,
        subject=competition.agreement,
        by=by,
        at=at,
        renewed_competition=competition.subject,
        supplier=bid.supplier.name,
        amount=str(bid.amount),
        bid_prices=written_prices(prices),
        from_date=from_date.isoformat(),
        through=through_date.isoformat(),
        reason=reason,
        not_invited=", ".join(each.name for each in uninvited),
    )
    tell_of_decision(competition, by=by, at=at)
    return competition


@operation
def cancel_competition(
    *, competition: RenewedCompetition, reason: str, by: User, at: datetime
) -> RenewedCompetition:
    """
    Call a competition off; nobody wins it.

    :raises NotPermitted: she does not answer for the agreement.
    :raises CompetitionIsDecided: it is awarded or called off already.
    :raises ReasonForAwardMissing: no reason is given.
    """
    competition = locked_competition(competition, by=by, at=at)
    reason = _reason(reason)
    _decide(competition, CompetitionStatus.CANCELLED, reason=reason, by=by, at=at)
    trail.record(
        Event.COMPETITION_CANCELLED,
        subject=competition.agreement,
        by=by,
        at=at,
        renewed_competition=competition.subject,
        reason=reason,
    )
    tell_of_decision(competition, by=by, at=at)
    return competition


def _decide(
    competition: RenewedCompetition, status: CompetitionStatus, *, reason: str, by: User, at: datetime
) -> None:
    move(competition, to=status, transitions=COMPETITION_TRANSITIONS)
    competition.decided_by, competition.decided_at, competition.decision_reason = by, at, reason
    competition.save(
        update_fields=["status", "winner", "award_during", "decided_by", "decided_at", "decision_reason"]
    )


def _reason(text: str) -> str:
    if not text.strip():
        raise ReasonForAwardMissing
    return text.strip()
