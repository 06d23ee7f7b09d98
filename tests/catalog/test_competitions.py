"""A renewed competition: everybody is invited, bids are opened when the time is over, one wins, and it stays so."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from agreements.models import Agreement, AgreementSupplier, Supplier
from agreements.permissions import NotYourAgreement
from audit.models import Entry
from catalog.models import CompetitionBid, CompetitionItem, Price, RenewedCompetition
from catalog.operations import competition_decisions as ending
from catalog.operations import competitions as operations
from catalog.pricing import best_prices
from catalog.states import BidOutcome, CompetitionStatus
from core.errors import DomainError
from procurement.call_off import CompetitionNeeded, WonCompetition
from procurement.models import RequisitionLine
from procurement.operations import baskets, decisions, requisitions
from procurement.operations.decidable import Outcome
from tests.api.door_worlds import with_details
from tests.cast import ALWAYS, NOW, TODAY, Cast
from tests.competing import LAST_DAY, THROUGH, bid, demanded, newcomer, started, won
from tests.races import race


def start(cast: Cast, **changed: Any) -> RenewedCompetition:
    defaults = {
        "agreement": demanded(cast), "subject": "Handskar", "invited_date": TODAY,
        "bids_by_date": TODAY + timedelta(days=10), "by": cast.manager, "at": NOW,
    }  # fmt: skip
    return operations.start_competition(**{**defaults, **changed})


def award(cast: Cast, competition: RenewedCompetition, **changed: Any) -> RenewedCompetition:
    defaults = {
        "winner": cast.supplier, "from_date": TODAY, "through_date": THROUGH, "reason": "Lägst pris",
        "by": cast.manager, "at": NOW,
    }  # fmt: skip
    return ending.award_competition(competition=competition, **{**defaults, **changed})


def cancel(cast: Cast, competition: RenewedCompetition, **changed: Any) -> RenewedCompetition:
    defaults = {"reason": "Behovet föll bort", "by": cast.manager, "at": NOW}
    return ending.cancel_competition(competition=competition, **{**defaults, **changed})


def events(cast: Cast) -> list[str]:
    return list(Entry.objects.about(cast.agreement).order_by("pk").values_list("event", flat=True))


def test_every_supplier_of_the_agreement_is_invited(cast: Cast) -> None:
    competition = started(cast, cast.gloves, cast.gown)
    invited = competition.bids.values_list("supplier", "outcome")
    assert set(invited) == {(cast.supplier.pk, "awaited"), (cast.paper_supplier.pk, "awaited")}
    assert set(competition.items.values_list("item", flat=True)) == {cast.gloves.pk, cast.gown.pk}
    assert (competition.diary_number, competition.started_by) == ("RS 2021/123", cast.manager)
    entry = Entry.objects.about(cast.agreement).get(event="competition.started")
    assert entry.details["invited"] == ", ".join(sorted([cast.supplier.name, cast.paper_supplier.name]))


def test_a_bid_wins_and_the_others_are_noted(cast: Cast) -> None:
    competition = won(cast, cast.gloves)
    competition.refresh_from_db()
    assert competition.winner is not None
    assert competition.award_during is not None
    assert (competition.status, competition.winner.supplier) == (CompetitionStatus.AWARDED, cast.supplier)
    assert (competition.award_during.lower, competition.through_date) == (TODAY, THROUGH)
    assert (competition.decided_by, competition.decided_at, competition.decision_reason) == (
        cast.manager, NOW, "Lägst pris",
    )  # fmt: skip
    assert set(competition.bids.values_list("supplier", "outcome", "amount")) == {
        (cast.supplier.pk, "bid", Decimal("5000.00")), (cast.paper_supplier.pk, "no_answer", None),
    }  # fmt: skip
    assert events(cast) == ["competition.started", "competition.bid_registered", "competition.awarded"]


def test_a_competition_is_called_off_with_a_reason(cast: Cast) -> None:
    competition = cancel(cast, started(cast))
    assert (competition.status, competition.winner, competition.award_during) == ("cancelled", None, None)
    assert events(cast)[-1] == "competition.cancelled"


@pytest.mark.parametrize("who", ["requester", "budget_holder", "controller", "auditor", "stranger"])
def test_who_does_not_answer_for_the_agreement_is_refused(cast: Cast, who: str) -> None:
    person, competition = getattr(cast, who), bid(cast, started(cast), cast.supplier)
    acts: list[Callable[[], Any]] = [
        lambda: start(cast, by=person),
        lambda: operations.register_bid(
            competition=competition, supplier=cast.supplier, outcome="declined", by=person, at=NOW
        ),
        lambda: award(cast, competition, by=person),
        lambda: cancel(cast, competition, by=person),
    ]
    for act in acts:
        with pytest.raises(NotYourAgreement):
            act()
    assert RenewedCompetition.objects.get().status == CompetitionStatus.OPEN


@pytest.mark.parametrize("who", ["manager", "deputy", "head"])
def test_who_answers_for_the_agreement_may(cast: Cast, who: str) -> None:
    assert award(cast, bid(cast, started(cast), cast.supplier), by=getattr(cast, who)).decided_by == getattr(
        cast, who
    )


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"subject": "  "}, operations.SubjectMissing),
        ({"diary_number": "nr 5"}, operations.DiaryNumberIsNone),
        ({"bids_by_date": TODAY}, operations.NoTimeToBid),
        ({"invited_date": TODAY + timedelta(days=1)}, operations.NoTimeToBid),
    ],
)
def test_what_cannot_be_started(cast: Cast, changed: dict[str, Any], refusal: type[DomainError]) -> None:
    with pytest.raises(refusal):
        start(cast, **changed)
    assert not RenewedCompetition.objects.exists()


@pytest.mark.parametrize("changed", [{"call_off_method": "single"}, {"status": "ended"}])
def test_no_competition_under_another_kind_of_agreement(cast: Cast, changed: dict[str, str]) -> None:
    agreement = demanded(cast)
    Agreement.objects.filter(pk=agreement.pk).update(**changed)
    with pytest.raises(operations.NoCompetitionHere):
        operations.start_competition(
            agreement=agreement, subject="x", invited_date=TODAY, bids_by_date=THROUGH, by=cast.manager, at=NOW
        )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_the_same_is_started_once_however_many_start_it(cast: Cast) -> None:
    demanded(cast)
    results = race(lambda: start(cast), lambda: start(cast, by=cast.head))
    assert sorted(type(each).__name__ for each in results) == ["CompetitionIsStarted", "RenewedCompetition"]
    cancel(cast, RenewedCompetition.objects.get())
    assert start(cast).is_open


def test_a_need_is_bought_from_whoever_has_won(cast: Cast) -> None:
    """The winner need not be the first in rank, and nobody else is ordered from."""
    line = need(cast)

    def approve() -> Outcome:
        return decisions.approve(
            lines=[line], supplier=cast.paper_supplier, agreement=demanded(cast), by=cast.manager, at=NOW
        )

    ((_line, refusal),) = approve().refused
    assert isinstance(refusal, CompetitionNeeded)
    won(cast, by=cast.paper_supplier)
    approved = approve().only()
    assert (approved.approved_supplier, approved.approved_agreement) == (cast.paper_supplier, cast.agreement)


def need(cast: Cast) -> RequisitionLine:
    """A need in words, in the agreement's category."""
    basket = baskets.open_basket(department=cast.ward, by=cast.requester, at=NOW)
    baskets.add_free_text(
        basket=basket, description="Specialhandskar", specification="", category=cast.gloves_category,
        quantity=Decimal(2), unit="st", estimated_unit_price=Decimal(100), suggested_supplier="", by=cast.requester,
        at=NOW,
    )  # fmt: skip
    return requisitions.submit(basket=with_details(cast, basket), by=cast.requester, at=NOW).lines.get()


def test_items_are_found_by_their_numbers(cast: Cast) -> None:
    twice = [(cast.gloves.number, Decimal(2)), (cast.gloves.number, Decimal("1.5"))]
    assert operations.quantities_by_item(twice) == {cast.gloves: Decimal("3.5")}
    with pytest.raises(operations.ItemsUnknown, match="999"):
        operations.items_numbered([cast.gloves.number, "999"])


def test_bids_are_sealed_until_the_time_is_over(cast: Cast) -> None:
    """LOU 7:8: that somebody declines is no bid, and may be noted at once."""
    competition = start(cast)
    for outcome, amount in (("bid", Decimal(5)), ("no_answer", None)):
        with pytest.raises(operations.BidsAreSealed):
            operations.register_bid(
                competition=competition, supplier=cast.supplier, outcome=outcome, amount=amount, by=cast.manager,
                at=NOW + timedelta(days=10),
            )  # fmt: skip
    declined = operations.register_bid(
        competition=competition, supplier=cast.supplier, outcome="declined", by=cast.manager, at=NOW
    )
    with pytest.raises(operations.BidsAreSealed):
        award(cast, declined)
    updated = operations.register_bid(
        competition=competition, supplier=cast.supplier, outcome="bid", amount=Decimal(5), by=cast.manager,
        at=NOW + timedelta(days=11),
    )  # fmt: skip
    assert updated.bids.get(supplier=cast.supplier).amount == Decimal(5)


def joined(competition: RenewedCompetition) -> Supplier:
    """A supplier that the agreement gets while the competition is open."""
    supplier = newcomer()
    AgreementSupplier.objects.create(agreement=competition.agreement, supplier=supplier, rank=3)
    return supplier


def invite(cast: Cast, competition: RenewedCompetition, **changed: Any) -> RenewedCompetition:
    defaults = {"supplier": newcomer(), "invited_date": TODAY, "by": cast.manager, "at": NOW}
    return operations.invite_supplier(competition=competition, **{**defaults, **changed})


def test_who_joins_the_agreement_later_is_invited_while_there_is_time(cast: Cast) -> None:
    competition = start(cast)
    assert competition.read_uninvited() == []
    late = joined(competition)
    assert competition.read_uninvited() == [late]
    invite(cast, competition)
    assert competition.read_uninvited() == []
    assert competition.bids.get(supplier=late).invited_date == TODAY
    entry = Entry.objects.about(cast.agreement).get(event="competition.supplier_invited")
    assert entry.details["supplier"] == late.name
    with pytest.raises(operations.NotASupplierOfIt):
        invite(cast, competition)


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"invited_date": TODAY - timedelta(days=1)}, operations.InvitedTooLate),
        ({"invited_date": TODAY + timedelta(days=1)}, operations.InvitedTooLate),
        (
            {"invited_date": TODAY + timedelta(days=10), "at": NOW + timedelta(days=10)},
            operations.InvitedTooLate,
        ),
        ({"supplier": None}, operations.NotASupplierOfIt),
    ],
)
def test_who_cannot_be_invited_later(cast: Cast, changed: dict[str, Any], refusal: type[DomainError]) -> None:
    competition = start(cast)
    joined(competition)
    with pytest.raises(refusal):
        invite(cast, competition, **{name: value or cast.paper_supplier for name, value in changed.items()})


def test_the_database_lets_nobody_be_invited_too_late(cast: Cast) -> None:
    competition = start(cast)
    with pytest.raises(IntegrityError, match="has time to bid"), transaction.atomic():
        CompetitionBid.objects.create(
            competition=competition, supplier=joined(competition), invited_date=TODAY + timedelta(days=10)
        )


@pytest.mark.django_db(transaction=True)
def test_a_supplier_is_invited_once_however_many_invite_it(cast: Cast) -> None:
    competition = start(cast)
    joined(competition)
    results = race(lambda: invite(cast, competition), lambda: invite(cast, competition, by=cast.head))
    assert sorted(type(each).__name__ for each in results) == ["NotASupplierOfIt", "RenewedCompetition"]


def test_an_award_says_who_was_not_invited(cast: Cast) -> None:
    competition = bid(cast, started(cast), cast.supplier)
    late = joined(competition)
    award(cast, competition)
    entry = Entry.objects.about(cast.agreement).get(event="competition.awarded")
    assert entry.details["not_invited"] == late.name


def test_who_has_left_the_agreement_wins_nothing(cast: Cast) -> None:
    competition = bid(cast, started(cast), cast.paper_supplier)
    AgreementSupplier.objects.filter(supplier=cast.paper_supplier).delete()
    with pytest.raises(ending.WinnerHasLeft):
        award(cast, competition, winner=cast.paper_supplier)


@pytest.mark.parametrize(
    ("outcome", "amount"),
    [
        ("bid", None),
        ("bid", Decimal(0)),
        ("bid", Decimal("0.001")),
        ("declined", Decimal(5)),
        ("awaited", None),
    ],
)
def test_a_bid_has_an_amount_and_nothing_else_has(cast: Cast, outcome: str, amount: Decimal | None) -> None:
    with pytest.raises(operations.BidAmountWrong):
        operations.register_bid(
            competition=started(cast), supplier=cast.supplier, outcome=outcome, amount=amount, by=cast.manager, at=NOW
        )  # fmt: skip


def test_nobody_else_bids(cast: Cast) -> None:
    with pytest.raises(operations.NotInvited):
        bid(cast, started(cast), newcomer())


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"from_date": LAST_DAY}, ending.AwardPeriodWrong),
        ({"through_date": LAST_DAY}, ending.AwardPeriodWrong),
        ({"reason": " "}, ending.ReasonForAwardMissing),
    ],
)
def test_what_cannot_be_awarded(cast: Cast, changed: dict[str, Any], refusal: type[DomainError]) -> None:
    competition = bid(cast, started(cast), cast.supplier)
    with pytest.raises(refusal):
        award(cast, competition, **changed)
    assert competition.bids.filter(outcome=BidOutcome.AWAITED).exists(), (
        "nothing is noted of those who did not answer"
    )


def test_nobody_wins_without_a_bid(cast: Cast) -> None:
    with pytest.raises(ending.WinnerHasNoBid):
        award(cast, bid(cast, started(cast), cast.paper_supplier))


def test_a_blocked_supplier_wins_nothing(cast: Cast) -> None:
    competition = bid(cast, started(cast), cast.supplier)
    Supplier.objects.filter(pk=cast.supplier.pk).update(blocked_reason="Sanktioner")
    with pytest.raises(ending.WinnerIsBlocked):
        award(cast, competition)


@pytest.mark.parametrize("end", [award, cancel])
def test_what_is_decided_is_decided(cast: Cast, end: Callable[..., RenewedCompetition]) -> None:
    competition = bid(cast, started(cast, cast.gloves), cast.supplier)
    end(cast, competition)
    for act in (award, cancel):
        with pytest.raises(operations.CompetitionIsDecided):
            act(cast, competition)
    with pytest.raises(operations.CompetitionIsDecided):
        bid(cast, competition, cast.paper_supplier)


@pytest.mark.parametrize(
    "change",
    [
        lambda made, cast: RenewedCompetition.objects.update(decision_reason="Annat"),
        lambda made, cast: RenewedCompetition.objects.update(subject="Annat"),
        lambda made, cast: CompetitionBid.objects.update(amount=1, outcome="bid"),
        lambda made, cast: CompetitionBid.objects.filter(outcome="no_answer").delete(),
        lambda made, cast: CompetitionItem.objects.create(competition=made, item=cast.gown),
    ],
)
def test_the_database_keeps_what_is_awarded(
    cast: Cast, change: Callable[[RenewedCompetition, Cast], Any]
) -> None:
    competition = won(cast, cast.gloves)
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        change(competition, cast)


def test_the_database_lets_only_a_bid_win(cast: Cast) -> None:
    competition = bid(cast, started(cast), cast.supplier)
    other = competition.bids.get(supplier=cast.paper_supplier)
    with pytest.raises(IntegrityError, match="is won by a bid"), transaction.atomic():
        RenewedCompetition.objects.update(
            status="awarded", winner=other, award_during=ALWAYS, decided_by=cast.manager, decided_at=NOW,
            decision_reason="x",
        )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_two_who_decide_at_the_same_time_come_to_one_decision(cast: Cast) -> None:
    competition = bid(cast, started(cast), cast.supplier)
    outcomes = race(lambda: award(cast, competition), lambda: cancel(cast, competition))
    assert sum(isinstance(each, RenewedCompetition) for each in outcomes) == 1
    assert sum(isinstance(each, operations.CompetitionIsDecided) for each in outcomes) == 1


def test_the_winner_is_offered_though_another_is_cheaper(cast: Cast) -> None:
    Price.objects.create(
        item=cast.gloves, agreement=cast.agreement, supplier=cast.paper_supplier, unit_price=50, valid_during=ALWAYS
    )  # fmt: skip
    won(cast, cast.gloves)
    best = best_prices([cast.gloves.pk], day=TODAY).get(cast.gloves.pk)
    later = best_prices([cast.gloves.pk], day=THROUGH + timedelta(days=1)).get(cast.gloves.pk)
    assert best is not None
    assert later is not None
    assert (best.supplier, later.supplier) == (cast.supplier, cast.paper_supplier)


@pytest.mark.parametrize(
    ("agreement", "supplier", "item", "is_covered"),
    [
        (1, 2, 3, True),
        (1, 2, None, True),
        (1, 2, 4, False),
        (1, 9, 3, False),
        (9, 2, 3, False),
        (1, 9, None, False),
    ],
)
def test_what_a_won_competition_covers(
    agreement: int, supplier: int, item: int | None, is_covered: bool
) -> None:
    assert WonCompetition(1, 2, {3}).covers(agreement, supplier, item) == is_covered
