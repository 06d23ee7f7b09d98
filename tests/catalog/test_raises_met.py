"""Raises of a winner's and of a loser's prices, approved or waiting, that begin before, among and after the days of an award."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from audit.models import Entry
from catalog.models import Price, PriceProposal, RenewedCompetition
from catalog.operations.competition_decisions import award_competition
from catalog.operations.price_decisions import approve_prices, reject_prices
from catalog.states import PriceProposalStatus
from core.errors import WrongState
from notices.models import Notice
from office.rules import breaches
from organizations.models import User
from tests.cast import NOW, TODAY, Cast
from tests.catalog.proposing import may_rise, proposed
from tests.catalog.test_bid_prices import periods
from tests.competing import bid, started
from tests.races import race

pytestmark = pytest.mark.django_db

FIRST, SOON = date(2018, 1, 1), NOW + timedelta(minutes=1)
BEFORE, BEGINS, AMONG, LAST, AFTER = (TODAY + timedelta(days=number) for number in (10, 20, 30, 50, 60))
RESUMED = LAST + timedelta(days=1)
OLD, RAISED, WON = Decimal(58), Decimal(61), Decimal(50)


def raised(
    cast: Cast, day: date, *, is_approved: bool, by: User | None = None, **facts: Any
) -> PriceProposal:
    """Gloves from 58 to 61 from a day on, proposed by the deputy, and perhaps approved by the manager."""
    may_rise(cast)
    proposal = proposed(cast, from_date=day, by=by or cast.deputy, **facts)
    return approve_prices(proposal=proposal, by=cast.manager, at=NOW) if is_approved else proposal


def awarded(cast: Cast, competition: RenewedCompetition | None = None) -> RenewedCompetition:
    """The agreement's supplier has won gloves at 50 on some days that come."""
    competition = competition or bid(cast, started(cast, cast.gloves), cast.supplier, price=str(WON))
    return award_competition(
        competition=competition, winner=cast.supplier, from_date=BEGINS, through_date=LAST, reason="Lägst pris",
        by=cast.manager, at=SOON,
    )  # fmt: skip


def holding(cast: Cast) -> dict[str, Decimal]:
    """What gloves cost before, among and after the days of the award."""
    price_by_name = {}
    for name, day in {
        "today": TODAY,
        "before": BEFORE,
        "among": AMONG,
        "resumed": RESUMED,
        "after": AFTER,
    }.items():
        price = Price.objects.get(item=cast.gloves, supplier=cast.supplier, valid_during__contains=day)
        price_by_name[name] = price.unit_price
    return price_by_name


def told(person: User) -> list[str]:
    """What the person has been told of her proposals since they were decided, the first first."""
    notices = Notice.objects.filter(recipient=person, kind="price_proposals_answered").order_by("pk")
    return [each.facts["how"] for each in notices]


APPROVED = {
    BEFORE: ({"before": RAISED, "resumed": RAISED, "after": RAISED}, ["approved"]),
    BEGINS: ({"before": OLD, "resumed": RAISED, "after": RAISED}, ["approved", "later"]),
    AMONG: ({"before": OLD, "resumed": RAISED, "after": RAISED}, ["approved", "later"]),
    RESUMED: ({"before": OLD, "resumed": RAISED, "after": RAISED}, ["approved"]),
    AFTER: ({"before": OLD, "resumed": OLD, "after": RAISED}, ["approved"]),
}


@pytest.mark.parametrize("day", APPROVED)
def test_what_is_approved_before_the_award_holds_but_on_its_days(cast: Cast, day: date) -> None:
    proposal = raised(cast, day, is_approved=True)
    awarded(cast)
    cost, news = APPROVED[day]
    assert holding(cast) == {"today": OLD, "among": WON, **cost}
    assert told(cast.deputy) == news
    events = [each.event for each in Entry.objects.about(proposal).order_by("pk")]
    assert ("price_proposal.gives_way" in events) == ("later" in news)
    proposal.refresh_from_db()
    assert proposal.status == PriceProposalStatus.APPROVED
    assert breaches(NOW) == []


def test_who_is_told_that_a_price_begins_later_is_told_the_day(cast: Cast) -> None:
    raised(cast, AMONG, is_approved=True)
    awarded(cast)
    notice = Notice.objects.get(recipient=cast.deputy, facts__how="later")
    assert notice.facts["day"] == RESUMED.isoformat()
    assert cast.supplier.name in notice.sentence.text


def test_what_was_approved_to_hold_among_the_days_alone_never_holds(cast: Cast) -> None:
    Price.objects.filter(item=cast.gloves).update(valid_during=DateRange(FIRST, LAST))
    proposal = raised(cast, AMONG, is_approved=True)
    awarded(cast)
    assert periods(cast.gloves) == [(OLD, FIRST, BEGINS), (WON, BEGINS, RESUMED)]
    assert told(cast.deputy) == ["approved", "never"]
    assert Entry.objects.about(proposal).filter(event="price_proposal.gives_way").exists()
    assert "kommer inte att gälla" in Notice.objects.get(facts__how="never").sentence.title


@pytest.mark.parametrize("is_approved", [True, False])
@pytest.mark.parametrize("day", [BEFORE, AMONG, AFTER])
def test_what_is_raised_of_a_loser_stands(cast: Cast, day: date, *, is_approved: bool) -> None:
    competition = started(cast, cast.gloves)
    price = Price.objects.create(
        item=cast.gloves, agreement=cast.agreement, supplier=cast.paper_supplier, unit_price=OLD,
        valid_during=DateRange(FIRST, None),
    )  # fmt: skip
    proposal = raised(cast, day, is_approved=is_approved, prices={price: RAISED})
    awarded(cast, bid(cast, competition, cast.supplier, price=str(WON)))
    if not is_approved:
        approve_prices(proposal=proposal, by=cast.manager, at=NOW)
    assert periods(cast.gloves, supplier=cast.paper_supplier) == [(OLD, FIRST, day), (RAISED, day, None)]
    assert told(cast.deputy) == ["approved"]


def test_what_waits_and_begins_before_the_award_holds_until_it(cast: Cast) -> None:
    proposal = raised(cast, BEFORE, is_approved=False)
    awarded(cast)
    approve_prices(proposal=proposal, by=cast.manager, at=NOW)
    assert holding(cast) == {"today": OLD, "before": RAISED, "among": WON, "resumed": OLD, "after": OLD}


@pytest.mark.parametrize("day", [BEGINS, AMONG, LAST])
def test_what_waits_and_begins_among_the_days_lapses(cast: Cast, day: date) -> None:
    proposal = raised(cast, day, is_approved=False)
    assert Notice.objects.unread().filter(kind="price_proposals_waiting").exists()
    awarded(cast)
    proposal.refresh_from_db()
    assert (proposal.status, proposal.decided_by) == (PriceProposalStatus.LAPSED, cast.manager)
    assert proposal.decision_reason == (
        f"{cast.supplier.name} vann Handskar till hösten, och anbudets pris gäller från {BEGINS} till och med {LAST}."
    )
    assert told(cast.deputy) == ["lapsed"]
    assert proposal.decision_reason in Notice.objects.get(facts__how="lapsed").sentence.text
    assert not Notice.objects.unread().filter(kind="price_proposals_waiting").exists()
    assert Entry.objects.about(proposal).filter(event="price_proposal.lapsed").exists()
    for decide in (approve_prices, reject_prices):
        with pytest.raises(WrongState):
            decide(proposal=proposal, by=cast.manager, at=NOW, reason="Sent")
    assert holding(cast) == {"today": OLD, "before": OLD, "among": WON, "resumed": OLD, "after": OLD}
    assert breaches(NOW) == []


def test_what_has_lapsed_may_have_been_registered_by_who_awards(cast: Cast) -> None:
    proposal = raised(cast, AMONG, is_approved=False, by=cast.manager)
    awarded(cast)
    proposal.refresh_from_db()
    assert (proposal.status, told(cast.manager)) == (PriceProposalStatus.LAPSED, [])


def test_other_items_of_the_proposal_go_on_waiting(cast: Cast) -> None:
    gown = Price.objects.get(item=cast.gown)
    prices = {Price.objects.get(item=cast.gloves): RAISED, gown: Decimal(160)}
    proposal = raised(cast, AMONG, is_approved=False, prices=prices)
    awarded(cast)
    proposal.refresh_from_db()
    (part,) = proposal.parts.all()
    assert (proposal.status, part.status) == (PriceProposalStatus.PROPOSED, PriceProposalStatus.LAPSED)
    assert [row.price.item for row in proposal.rows.all()] == [cast.gown]
    approve_prices(proposal=proposal, by=cast.manager, at=NOW)
    assert Price.objects.filter(item=cast.gown, unit_price=160, valid_during=DateRange(AMONG, None)).exists()


@pytest.mark.parametrize("day", [RESUMED, AFTER])
def test_what_waits_and_begins_after_the_award_raises_what_is_resumed(cast: Cast, day: date) -> None:
    proposal = raised(cast, day, is_approved=False)
    awarded(cast)
    approve_prices(proposal=proposal, by=cast.manager, at=NOW)
    resumed = RAISED if day == RESUMED else OLD
    assert holding(cast) == {"today": OLD, "before": OLD, "among": WON, "resumed": resumed, "after": RAISED}
    assert told(cast.deputy) == ["approved"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("day", [BEFORE, AMONG, AFTER])
def test_a_raise_is_approved_while_the_competition_is_awarded(cast: Cast, day: date) -> None:
    proposal = raised(cast, day, is_approved=False)
    competition = bid(cast, started(cast, cast.gloves), cast.supplier, price=str(WON))
    acts: list[Callable[[], object]] = [
        lambda: approve_prices(proposal=proposal, by=cast.manager, at=NOW),
        lambda: awarded(cast, competition),
    ]
    results = race(*acts)
    proposal.refresh_from_db()
    competition.refresh_from_db()
    assert not competition.is_open, results
    assert proposal.status in (PriceProposalStatus.APPROVED, PriceProposalStatus.LAPSED), results
    assert holding(cast)["among"] == WON
    assert breaches(NOW) == []
