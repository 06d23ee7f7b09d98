"""New prices are decided about whole or in part, later or lower, and those concerned are told."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from agreements.operations.agreements import end
from catalog.models import Item, Price, PriceProposal
from catalog.operations.price_decisions import (
    EarlierThanProposed,
    NewerProposal,
    NewPriceIsOver,
    NoPriceChosen,
    NoRiseAllowed,
    approve_prices,
    decide_prices,
    reject_prices,
)
from catalog.operations.price_news import tell_of_passed
from catalog.operations.price_proposals import (
    AgreementIsOver,
    PriceHasChanged,
    ReasonOfPricesMissing,
    withdraw_prices,
)
from catalog.price_deciders import waiting_for
from catalog.states import PriceProposalStatus
from core.errors import DomainError, WrongState
from notices.models import Notice
from organizations.models import Absence
from tests.cast import ALWAYS, NOW, TODAY, Cast, many_items
from tests.catalog.proposing import NEXT, both, may_rise, price_of, proposed
from tests.races import race


@pytest.fixture(autouse=True)
def rising(cast: Cast) -> None:
    may_rise(cast)


def periods(item: Item) -> list[tuple[Decimal, date | None, date | None]]:
    rows = Price.objects.filter(item=item).order_by("valid_during")
    return [(each.unit_price, each.valid_during.lower, each.valid_during.upper) for each in rows]


def told(kind: str) -> list[str]:
    rows = Notice.objects.filter(kind=f"price_proposals_{kind}").select_related("recipient")
    return sorted(each.recipient.first_name for each in rows)


def test_some_are_approved_and_the_others_go_on_waiting(cast: Cast) -> None:
    proposal = proposed(cast, prices=both(cast))
    gloves = proposal.rows.get(price__item=cast.gloves)
    part = approve_prices(proposal=proposal, rows=[gloves.pk], by=cast.deputy, at=NOW)
    proposal.refresh_from_db()
    assert (part.pk, part.split_from_id) != (proposal.pk, None)
    assert (part.status, proposal.status) == (PriceProposalStatus.APPROVED, PriceProposalStatus.PROPOSED)
    assert [row.price.item for row in proposal.rows.all()] == [cast.gown]
    assert (len(periods(cast.gloves)), len(periods(cast.gown))) == (2, 1)
    reject_prices(proposal=proposal, reason="För dyrt", by=cast.deputy, at=NOW)
    assert len(periods(cast.gown)) == 1


def test_prices_of_another_proposal_are_no_choice(cast: Cast) -> None:
    first, other = proposed(cast), proposed(cast, prices={price_of(cast.gown): Decimal(160)})
    for decide in (approve_prices, reject_prices):
        with pytest.raises(NoPriceChosen):
            decide(proposal=first, rows=[other.rows.get().pk], reason="Ja", by=cast.deputy, at=NOW)


def test_a_later_day_is_approved_also_when_the_proposed_has_come(cast: Cast) -> None:
    proposal, late = proposed(cast), NOW + timedelta(days=40)
    with pytest.raises(DomainError, match="dagen efter"):
        approve_prices(proposal=proposal, by=cast.deputy, at=late)
    begins = NEXT + timedelta(days=20)
    approve_prices(proposal=proposal, from_date=begins, by=cast.deputy, at=late)
    proposal.refresh_from_db()
    assert (proposal.agreed_from_date, proposal.begins) == (begins, begins)
    assert periods(cast.gloves) == [(Decimal(58), date(2018, 1, 1), begins), (Decimal(61), begins, None)]


def test_no_price_rises_before_the_day_that_is_asked_for(cast: Cast) -> None:
    with pytest.raises(EarlierThanProposed):
        approve_prices(proposal=proposed(cast), from_date=NEXT - timedelta(days=1), by=cast.deputy, at=NOW)


def test_a_lower_price_is_agreed_on_with_a_reason(cast: Cast) -> None:
    """58 kr and two per cent are 59.16; the gown from 149 to 150 is below that and stays as it is proposed."""
    proposal = proposed(cast, prices={**both(cast), price_of(cast.gown): Decimal(150)})
    two = Decimal(2)
    with pytest.raises(ReasonOfPricesMissing):
        approve_prices(proposal=proposal, most_percent=two, by=cast.deputy, at=NOW)
    approve_prices(proposal=proposal, most_percent=two, reason="Enligt samtal", by=cast.deputy, at=NOW)
    assert periods(cast.gloves)[1][0] == Decimal("59.16")
    assert periods(cast.gown)[1][0] == Decimal(150)
    agreed = {row.price.item: row.agreed_price for row in proposal.rows.all()}
    assert agreed == {cast.gloves: Decimal("59.16"), cast.gown: None}
    total = PriceProposal.objects.with_totals().get()
    assert total.agreed_effect == Decimal("139.20")  # type: ignore[attr-defined]
    assert "lägre pris" in Notice.objects.get(kind="price_proposals_answered").sentence.title


@pytest.mark.parametrize("percent", ["0", "-1", "NaN"])
def test_a_largest_rise_is_a_rise(cast: Cast, percent: str) -> None:
    with pytest.raises(NoRiseAllowed):
        approve_prices(
            proposal=proposed(cast), most_percent=Decimal(percent), reason="Nej", by=cast.deputy, at=NOW
        )


def test_a_price_that_has_not_begun_becomes_the_approved_one(cast: Cast) -> None:
    """A price that is to come that very day is changed, and no period of no days is left."""
    price = price_of(cast.gloves)
    Price.objects.filter(pk=price.pk).update(valid_during=DateRange(NEXT, None))
    proposal = proposed(cast, prices={price_of(cast.gloves): Decimal(61)})
    approve_prices(proposal=proposal, by=cast.deputy, at=NOW)
    assert periods(cast.gloves) == [(Decimal(61), NEXT, None)]


def test_what_a_list_says_beside_the_price_comes_with_it(cast: Cast) -> None:
    proposal, through = proposed(cast), NEXT + timedelta(days=364)
    proposal.rows.update(lead_days=9, units_per_order_unit=200, through_date=through)
    approve_prices(proposal=proposal, by=cast.deputy, at=NOW)
    new = Price.objects.get(item=cast.gloves, unit_price=61)
    assert (new.lead_days, new.units_per_order_unit) == (9, Decimal(200))
    assert new.valid_during == DateRange(NEXT, through + timedelta(days=1))


@pytest.mark.parametrize("days", [1, 2])
def test_a_price_that_would_be_over_before_it_begins_is_not_approved(cast: Cast, days: int) -> None:
    """The old price stays; a period of no days would leave the item without any."""
    proposal = proposed(cast)
    proposal.rows.update(through_date=NEXT)
    begins = NEXT + timedelta(days=days)
    with pytest.raises(NewPriceIsOver) as refusal:
        approve_prices(proposal=proposal, from_date=begins, by=cast.deputy, at=NOW)
    assert "till och med torsdag 17\xa0juni" in str(refusal.value)
    assert periods(cast.gloves) == [(Decimal(58), date(2018, 1, 1), None)]
    approve_prices(proposal=proposal, by=cast.deputy, at=NOW)
    assert periods(cast.gloves)[1] == (Decimal(61), NEXT, NEXT + timedelta(days=1))


def test_what_is_over_or_proposed_anew_is_checked_when_it_is_decided(cast: Cast) -> None:
    proposal = proposed(cast)
    newer = proposed(cast, "60", at=NOW + timedelta(hours=1))
    with pytest.raises(NewerProposal):
        approve_prices(proposal=proposal, by=cast.deputy, at=NOW + timedelta(hours=2))
    reject_prices(proposal=newer, reason="Nej", by=cast.deputy, at=NOW + timedelta(hours=2))
    end(agreement=cast.agreement, reason="Slut", by=cast.manager, at=NOW + timedelta(hours=2))
    with pytest.raises(AgreementIsOver):
        approve_prices(proposal=proposal, by=cast.deputy, at=NOW + timedelta(hours=3))
    assert len(periods(cast.gloves)) == 1


def test_several_are_decided_alike_and_one_that_cannot_be_holds_none_up(cast: Cast) -> None:
    good = proposed(cast)
    stale = proposed(cast, prices={price_of(cast.gown): Decimal(160)})
    own_proposal = proposed(cast, prices={price_of(cast.gown): Decimal(161)}, by=cast.deputy)
    Price.objects.filter(item=cast.gown).update(unit_price=Decimal(150))
    outcome = decide_prices(
        proposals=[own_proposal, stale, good], is_yes=True, reason="", by=cast.deputy, at=NOW
    )
    assert [each.pk for each in outcome.decided] == [good.pk]
    assert {each.pk: refusal.code for each, refusal in outcome.refused} == {
        stale.pk: PriceHasChanged.code,
        own_proposal.pk: "price_proposal_registered_by_herself",
    }
    again = decide_prices(proposals=[good], is_yes=True, reason="", by=cast.deputy, at=NOW)
    assert (again.decided, isinstance(again.refused[0][1], WrongState)) == ([], True)
    assert len(periods(cast.gloves)) == 2
    with pytest.raises(ReasonOfPricesMissing):
        decide_prices(proposals=[stale], is_yes=False, reason=" ", by=cast.deputy, at=NOW)


def test_breaks_of_the_same_item_are_counted_once(cast: Cast) -> None:
    """Twelve thousand gloves are 120 boxes however many quantity breaks there are."""
    few = price_of(cast.gloves)
    many = Price.objects.create(
        item=cast.gloves,
        agreement=cast.agreement,
        supplier=cast.supplier,
        unit_price=Decimal(50),
        minimum_quantity=10,
        valid_during=ALWAYS,
    )
    proposal = proposed(cast, prices={many: Decimal(52), few: Decimal(61)})
    effects = [row.annual_effect for row in proposal.rows.order_by("price__minimum_quantity")]
    assert effects == [Decimal(360), Decimal(0)]


def test_who_is_to_decide_is_told_once_for_an_agreement_and_day(cast: Cast) -> None:
    """Karin registered them, so they wait for her deputy; Karin hears of the answer, and nobody of her own act."""
    first = proposed(cast)
    proposed(cast, prices={price_of(cast.gown): Decimal(160)})
    assert told("waiting") == ["Sofia"]
    assert [each.pk for each in waiting_for(cast.deputy, TODAY)][:1] == [first.pk]
    assert waiting_for(cast.manager, TODAY) == waiting_for(cast.head, TODAY) == []
    approve_prices(proposal=first, reason="Enligt avtalet", by=cast.deputy, at=NOW)
    (answer,) = Notice.objects.filter(kind="price_proposals_answered")
    assert (answer.recipient, "Enligt avtalet" in answer.sentence.text) == (cast.manager, True)
    proposed(cast, "62", prices={price_of(cast.gown): Decimal(170)}, at=NOW + timedelta(days=1))
    assert told("waiting") == ["Sofia", "Sofia"]


def unread(kind: str) -> list[str]:
    rows = Notice.objects.unread().filter(kind=f"price_proposals_{kind}").select_related("recipient")
    return sorted(each.recipient.first_name for each in rows)


def test_what_has_its_answer_is_told_no_more(cast: Cast) -> None:
    """Whoever answered it, and by whatever door: what nobody has read yet goes away, and is told anew of what comes later."""
    first, second = proposed(cast), proposed(cast, prices={price_of(cast.gown): Decimal(160)})
    tell_of_passed(at=NOW + timedelta(days=40))
    assert (unread("waiting"), unread("passed")) == (["Sofia"], ["Karin", "Karin", "Sofia", "Sofia"])
    reject_prices(proposal=first, reason="För dyrt", by=cast.head, at=NOW)
    assert (unread("waiting"), unread("passed")) == (["Sofia"], ["Karin", "Sofia"])
    withdraw_prices(proposal=second, by=cast.manager, at=NOW)
    assert unread("waiting") == unread("passed") == []
    proposed(cast, at=NOW + timedelta(seconds=1))
    assert unread("waiting") == ["Sofia"]


def test_a_part_that_waits_still_is_told_still(cast: Cast) -> None:
    proposal = proposed(cast, prices=both(cast))
    gloves = proposal.rows.get(price__item=cast.gloves)
    approve_prices(proposal=proposal, rows=[gloves.pk], by=cast.head, at=NOW)
    assert unread("waiting") == ["Sofia"]


def test_what_the_deputy_registers_waits_for_the_manager_and_what_nobody_is_left_for_for_the_head(
    cast: Cast,
) -> None:
    proposal = proposed(cast, by=cast.deputy)
    assert [each.pk for each in waiting_for(cast.manager, TODAY)] == [proposal.pk]
    Absence.objects.create(user=cast.manager, during=DateRange(TODAY, TODAY + timedelta(days=9)))
    assert [each.pk for each in waiting_for(cast.head, TODAY)] == [proposal.pk]


def test_when_the_day_comes_without_a_decision_the_old_price_stays_and_it_is_told_once(cast: Cast) -> None:
    proposal = proposed(cast)
    assert tell_of_passed(at=NOW + timedelta(days=29)) == 0
    assert tell_of_passed(at=NOW + timedelta(days=30)) == 1
    assert tell_of_passed(at=NOW + timedelta(days=31)) == 0
    assert told("passed") == ["Karin", "Sofia"]
    assert (periods(cast.gloves), proposal.has_passed(NEXT)) == (
        [(Decimal(58), date(2018, 1, 1), None)],
        True,
    )


def test_the_database_keeps_an_agreed_price_at_or_below_the_proposed(cast: Cast) -> None:
    proposal = proposed(cast)
    for wrong in (Decimal(62), Decimal(0)):
        with pytest.raises(IntegrityError), transaction.atomic():
            proposal.rows.update(agreed_price=wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        PriceProposal.objects.filter(pk=proposal.pk).update(agreed_from_date=NEXT + timedelta(days=1))


def test_as_many_statements_for_many_prices_as_for_two(cast: Cast) -> None:
    many = {price_of(each): Decimal(2) for each in many_items(cast, 12)}
    counts = []
    for prices in (both(cast), many):
        proposal = proposed(cast, prices=prices)
        with CaptureQueriesContext(connection) as statements:
            approve_prices(proposal=proposal, by=cast.deputy, at=NOW)
        counts.append(len(statements))
    assert counts[1] <= counts[0]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_does(cast: Cast) -> None:
    """One approves and another says no: the prices are what the one who came first decided, and the other is told."""
    proposal = proposed(cast)
    calls = [
        lambda: approve_prices(proposal=proposal, by=cast.deputy, at=NOW),
        lambda: reject_prices(proposal=proposal, reason="Nej", by=cast.head, at=NOW),
    ]
    answers = race(*calls)
    assert sum(isinstance(each, WrongState) for each in answers) == 1
    proposal.refresh_from_db()
    is_approved = proposal.status == PriceProposalStatus.APPROVED
    assert len(periods(cast.gloves)) == (2 if is_approved else 1)


@pytest.mark.django_db(transaction=True)
def test_of_two_proposals_of_a_price_approved_at_once_one_becomes_it(cast: Cast) -> None:
    first, second = proposed(cast), proposed(cast, "63")
    answers = race(
        lambda: approve_prices(proposal=first, by=cast.deputy, at=NOW),
        lambda: approve_prices(proposal=second, by=cast.head, at=NOW),
    )
    assert sum(isinstance(each, PriceHasChanged) for each in answers) == 1
    assert len(periods(cast.gloves)) == 2
