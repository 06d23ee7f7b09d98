"""A price raise is proposed with its yearly effect, decided by another, and becomes price periods in one transaction."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from agreements.models import Agreement, PriceClause
from audit.models import Entry
from catalog.models import Price, PriceProposal
from catalog.operations import price_decisions, price_proposals
from catalog.operations.price_proposals import (
    NothingProposed,
    PriceHasChanged,
    PriceIsNoPrice,
    PriceOfAnotherAgreement,
    PricesAreFixed,
    ReasonOfPricesMissing,
    TooLateForPrices,
)
from catalog.states import PriceProposalStatus
from core.errors import DomainError, WrongState
from notices.models import Notice
from tests.cast import NOW, TODAY, Cast
from tests.catalog.proposing import NEXT, both, may_rise, proposed


@pytest.fixture(autouse=True)
def rising(cast: Cast) -> None:
    """Let the agreement's prices move."""
    may_rise(cast)


def periods(cast: Cast) -> list[tuple[Decimal, date | None, date | None]]:
    """The prices of gloves, the earliest first."""
    rows = Price.objects.filter(item=cast.gloves).order_by("valid_during")
    return [(each.unit_price, each.valid_during.lower, each.valid_during.upper) for each in rows]


def test_the_yearly_effect_is_the_difference_times_what_was_bought(cast: Cast) -> None:
    """12 000 gloves are 120 boxes of 100; three kronor more for each is 360 kr a year."""
    (row,) = proposed(cast).rows.all()
    assert (row.old_price, row.new_price) == (Decimal(58), Decimal(61))
    assert (row.annual_quantity, row.department_count) == (Decimal(120), 3)
    assert row.annual_effect == Decimal("360.00")


def test_what_was_not_bought_costs_nothing_more(cast: Cast) -> None:
    (row,) = proposed(cast, volumes={}).rows.all()
    assert (row.annual_quantity, row.department_count, row.annual_effect) == (0, 0, 0)


def test_an_approved_price_follows_the_old_one_that_ends_the_day_before(cast: Cast) -> None:
    proposal = price_decisions.approve_prices(proposal=proposed(cast), by=cast.deputy, at=NOW)
    assert periods(cast) == [
        (Decimal(58), date(2018, 1, 1), NEXT),
        (Decimal(61), NEXT, None),
    ]
    assert (proposal.status, proposal.decided_by) == (PriceProposalStatus.APPROVED, cast.deputy)
    assert [entry.event for entry in Entry.objects.about(proposal).order_by("pk")] == [
        "price_proposal.registered",
        "price_proposal.approved",
    ]


def test_an_approved_price_ends_when_the_old_one_would_have(cast: Cast) -> None:
    end = NEXT + timedelta(days=60)
    Price.objects.filter(item=cast.gloves).update(valid_during=DateRange(date(2018, 1, 1), end))
    price_decisions.approve_prices(proposal=proposed(cast), by=cast.head, at=NOW)
    assert periods(cast)[1] == (Decimal(61), NEXT, end)


def test_a_rejected_proposal_is_history(cast: Cast) -> None:
    proposal = proposed(cast)
    price_decisions.reject_prices(proposal=proposal, reason="För mycket", by=cast.deputy, at=NOW)
    proposal.refresh_from_db()
    assert (proposal.status, proposal.decision_reason) == (PriceProposalStatus.REJECTED, "För mycket")
    assert periods(cast) == [(Decimal(58), date(2018, 1, 1), None)]


def test_nobody_decides_what_she_has_registered(cast: Cast) -> None:
    for by in (cast.manager, cast.deputy):
        proposal = proposed(cast, by=by)
        for decide in (price_decisions.approve_prices, price_decisions.reject_prices):
            with pytest.raises(DomainError) as no:
                decide(proposal=proposal, reason="Ja", by=by, at=NOW)
            assert no.value.code == "price_proposal_registered_by_herself"
    with pytest.raises(IntegrityError), transaction.atomic():
        PriceProposal.objects.filter(pk=proposal.pk).update(
            status=PriceProposalStatus.APPROVED, decided_by=cast.deputy, decided_at=NOW
        )


@pytest.mark.parametrize(
    "who", ["requester", "office_deputy", "controller", "auditor", "administrator", "stranger"]
)
def test_only_who_answers_for_the_agreement_registers_and_decides(cast: Cast, who: str) -> None:
    by = getattr(cast, who)
    with pytest.raises(DomainError) as no:
        proposed(cast, by=by)
    assert no.value.code == "prices_are_for_their_manager"
    proposal = proposed(cast)
    with pytest.raises(DomainError) as no:
        price_decisions.approve_prices(proposal=proposal, by=by, at=NOW)
    assert no.value.code == "prices_are_for_their_manager"


def test_a_decided_proposal_is_decided(cast: Cast) -> None:
    proposal = proposed(cast)
    price_decisions.approve_prices(proposal=proposal, by=cast.deputy, at=NOW)
    for decide in (price_decisions.approve_prices, price_decisions.reject_prices):
        with pytest.raises(WrongState):
            decide(proposal=proposal, reason="Igen", by=cast.deputy, at=NOW)
    with pytest.raises(WrongState):
        price_proposals.withdraw_prices(proposal=proposal, by=cast.manager, at=NOW)
    assert len(periods(cast)) == 2


def test_who_registered_it_is_told_when_another_takes_it_back(cast: Cast) -> None:
    proposal = proposed(cast)
    registered = proposal.registered_by
    other = cast.deputy if registered == cast.manager else cast.manager
    price_proposals.withdraw_prices(
        proposal=proposal, by=other, at=NOW, reason="Brevet gällde ett annat avtal."
    )
    notice = Notice.objects.get(kind="price_proposals_answered")
    assert notice.recipient == registered
    assert notice.sentence.title.startswith("Ditt prisförslag är återtaget")
    assert f"{other.full_name} tog tillbaka det. ”Brevet gällde ett annat avtal.”" in notice.sentence.text


def test_who_takes_her_own_back_is_told_nothing(cast: Cast) -> None:
    proposal = proposed(cast)
    assert proposal.registered_by is not None
    price_proposals.withdraw_prices(proposal=proposal, by=proposal.registered_by, at=NOW)
    assert not Notice.objects.filter(kind="price_proposals_answered").exists()


def test_the_same_proposal_again_is_the_first_while_it_waits(cast: Cast) -> None:
    """A double press; another price, reason or person is another, and so is the same after a no."""
    first = proposed(cast, "61")
    assert proposed(cast, "61", at=NOW + timedelta(seconds=1)) == first
    others = [
        proposed(cast, "62"),
        proposed(cast, "61", reason="Frakten har blivit dyrare."),
        proposed(cast, "61", by=cast.deputy),
        proposed(cast, "61", prices=both(cast)),
    ]
    assert len({first.pk, *(each.pk for each in others)}) == 5
    price_decisions.reject_prices(proposal=first, reason="Nej", by=cast.deputy, at=NOW)
    assert proposed(cast, "61") != first


def test_of_two_proposals_for_the_same_price_the_second_is_registered_anew(cast: Cast) -> None:
    first, second = proposed(cast, "61"), proposed(cast, "63")
    price_decisions.approve_prices(proposal=first, by=cast.deputy, at=NOW)
    with pytest.raises(PriceHasChanged):
        price_decisions.approve_prices(proposal=second, by=cast.deputy, at=NOW)
    assert [unit_price for unit_price, _from, _until in periods(cast)] == [Decimal(58), Decimal(61)]
    second.refresh_from_db()
    assert second.status == PriceProposalStatus.PROPOSED


def test_one_price_that_has_changed_leaves_every_price_as_it_was(cast: Cast) -> None:
    gown = Price.objects.get(item=cast.gown)
    prices = {Price.objects.get(item=cast.gloves): Decimal(61), gown: Decimal(160)}
    proposal = proposed(cast, prices=prices)
    Price.objects.filter(pk=gown.pk).update(unit_price=Decimal(150))
    with pytest.raises(PriceHasChanged):
        price_decisions.approve_prices(proposal=proposal, by=cast.deputy, at=NOW)
    assert periods(cast) == [(Decimal(58), date(2018, 1, 1), None)]


def test_a_proposal_is_decided_before_its_day(cast: Cast) -> None:
    proposal = proposed(cast)
    with pytest.raises(TooLateForPrices):
        price_decisions.approve_prices(proposal=proposal, by=cast.deputy, at=NOW + timedelta(days=30))
    proposal.refresh_from_db()
    assert proposal.status == PriceProposalStatus.PROPOSED
    price_decisions.approve_prices(proposal=proposal, by=cast.deputy, at=NOW + timedelta(days=29))


@pytest.mark.parametrize(
    ("others", "refusal"),
    [
        ({"from_date": TODAY}, TooLateForPrices),
        ({"reason": "  "}, ReasonOfPricesMissing),
        ({"prices": {}}, NothingProposed),
    ],
)
def test_what_is_no_proposal_is_refused(
    cast: Cast, others: dict[str, Any], refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        proposed(cast, **others)
    assert not PriceProposal.objects.exists()


@pytest.mark.parametrize("price", ["0", "-1", "NaN", "Infinity", "0.00004", "100000001"])
def test_an_absurd_price_is_refused(cast: Cast, price: str) -> None:
    with pytest.raises(PriceIsNoPrice):
        proposed(cast, price)


@pytest.mark.parametrize("price", ["58", "57.99", "58.00004"])
def test_what_raises_nothing_is_no_proposal(cast: Cast, price: str) -> None:
    with pytest.raises(NothingProposed):
        proposed(cast, price)


def test_prices_of_others_are_no_part_of_it(cast: Cast) -> None:
    chair = Price.objects.get(item=cast.chair)
    with pytest.raises(PriceOfAnotherAgreement):
        proposed(cast, prices={chair: Decimal(4000)})


def test_a_fixed_price_does_not_rise(cast: Cast) -> None:
    Agreement.objects.filter(pk=cast.agreement.pk).update(price_clause=PriceClause.FIXED)
    cast.agreement.refresh_from_db()
    with pytest.raises(PricesAreFixed):
        proposed(cast)
