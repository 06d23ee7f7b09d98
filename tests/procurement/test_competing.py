"""What agreements demand competition for is asked for, waits, and is bought from whoever wins; people are told on the way."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from catalog.models import RenewedCompetition
from catalog.operations.competition_decisions import award_competition, cancel_competition
from catalog.operations.competition_news import tell_of_ended
from categories.models import CategoryPolicy
from notices.models import Notice
from organizations.models import Absence
from procurement.call_off import CompetitionNeeded
from procurement.competing import CompetitionState, competition_states, items_waiting
from procurement.gates import PriceNotAccepted
from procurement.models import RequisitionLine
from procurement.operations import amendments, decisions, orders
from procurement.operations.price_questions import ask_about_prices
from procurement.states import LineStatus
from tests import worlds
from tests.cast import ALWAYS, NOW, TODAY, Cast
from tests.competing import THROUGH, bid, demanded, started, won
from tests.pages import signed_in, text_of


def asked(cast: Cast) -> RequisitionLine:
    """Gloves that wait for the agreement's suppliers to compete."""
    demanded(cast)
    return worlds.line(cast, (cast.gloves, 10))


def told(kind: str) -> dict[str, list[str]]:
    """What each person has been told of a kind, by first name, the first first."""
    titles: dict[str, list[str]] = {}
    for each in Notice.objects.filter(kind=kind).select_related("recipient").order_by("pk"):
        titles.setdefault(each.recipient.first_name, []).append(each.sentence.title)
    return titles


def cancel(cast: Cast, competition: RenewedCompetition) -> RenewedCompetition:
    return cancel_competition(competition=competition, reason="Behovet föll bort", by=cast.head, at=NOW)


def award(cast: Cast, competition: RenewedCompetition) -> RenewedCompetition:
    return award_competition(
        competition=bid(cast, competition, cast.supplier), winner=cast.supplier, from_date=TODAY, through_date=THROUGH,
        reason="Lägst pris", by=cast.head, at=NOW,
    )  # fmt: skip


def test_it_waits_though_it_would_stand_approved(cast: Cast) -> None:
    CategoryPolicy.objects.update(standing_approval_limit=Decimal(1000))
    line = asked(cast)
    assert line.status == LineStatus.AWAITING
    ((_line, refusal),) = decisions.approve(lines=[line], by=cast.manager, at=NOW).refused
    assert isinstance(refusal, CompetitionNeeded)


def test_it_is_bought_from_whoever_wins_at_what_it_bid(cast: Cast) -> None:
    """The winner need not be the one whose price was shown, nor have had a price; nobody writes it in the register."""
    line = asked(cast)
    assert line.supplier == cast.supplier
    won(cast, cast.gloves, by=cast.paper_supplier, price="57")
    approved = decisions.approve(lines=[line], by=cast.manager, at=NOW).only()
    assert (approved.approved_supplier, approved.approved_unit_price) == (cast.paper_supplier, Decimal(57))
    (order,) = orders.consolidate(at=NOW, due_only=False)
    assert order.supplier == cast.paper_supplier
    line.refresh_from_db()
    assert line.supplier == cast.supplier, "what was asked for stays as it was"


def test_a_dearer_winner_is_asked_about_by_the_clock(cast: Cast) -> None:
    """The question is about the winner's price, stays until it is answered, and the answer is to that price."""
    line = asked(cast)
    won(cast, cast.gloves, by=cast.paper_supplier, price="61")
    assert (ask_about_prices(at=NOW), ask_about_prices(at=NOW)) == (1, 0)
    line.refresh_from_db()
    assert line.asked_unit_price == Decimal(61)
    ((_line, refusal),) = decisions.approve(lines=[line], by=cast.manager, at=NOW).refused
    assert isinstance(refusal, PriceNotAccepted)
    amendments.accept_price(line=line, unit_price=Decimal(61), by=cast.requester, at=NOW)
    assert ask_about_prices(at=NOW) == 0
    approved = decisions.approve(
        lines=[line], by=cast.manager, at=NOW, unit_prices={line.pk: Decimal(61)}
    ).only()
    assert (approved.approved_supplier, approved.approved_unit_price) == (cast.paper_supplier, Decimal(61))


def test_what_has_been_won_dearer_is_not_changed_without_a_yes(cast: Cast) -> None:
    line = asked(cast)
    won(cast, cast.gloves, by=cast.paper_supplier, price="61")
    with pytest.raises(PriceNotAccepted):
        amendments.revise_line(line=line, quantity=Decimal(11), specification="", by=cast.requester, at=NOW)


@pytest.mark.usefixtures("at_nine")
def test_whoever_decides_sees_the_winner_and_its_price(cast: Cast) -> None:
    line = asked(cast)
    won(cast, cast.gloves, by=cast.paper_supplier, price="49.50")
    karin = signed_in(cast.manager)
    for address in (f"/rader/{line.pk}/", f"/ko/?rad={line.pk}"):
        page = text_of(karin.get(address))
        assert "Priset har sjunkit till 49,50" in page
        assert f"<dt>Leverantör</dt><dd>{cast.paper_supplier.name}</dd>" in page


def test_how_far_it_has_come(cast: Cast) -> None:
    line = asked(cast)
    assert competition_states([line], day=TODAY) == {line.pk: CompetitionState()}
    assert items_waiting(cast.agreement, day=TODAY) == {cast.gloves: Decimal(10)}
    going_on = started(cast, cast.gloves)
    assert competition_states([line], day=TODAY)[line.pk].going_on == going_on
    assert items_waiting(cast.agreement, day=TODAY) == {}
    award(cast, going_on)
    competed = competition_states([line], day=TODAY)[line.pk]
    assert (competed.going_on, competed.won) == (None, going_on)
    assert competition_states([line], day=THROUGH + timedelta(days=1))[line.pk] == CompetitionState()


def test_nothing_is_asked_of_other_agreements(cast: Cast, django_assert_num_queries: Any) -> None:
    lines = list(RequisitionLine.objects.filter(pk=worlds.line(cast).pk).select_related("agreement"))
    with django_assert_num_queries(0):
        assert competition_states(lines, day=TODAY) == {}


def test_who_acts_and_who_waits_are_told_how_it_goes(cast: Cast) -> None:
    asked(cast)
    competition = started(cast, cast.gloves)
    assert told("renewed_competition") == {}, "the manager started it herself"
    assert list(told("competed_order")) == ["Elin"]
    award(cast, competition)
    assert told("renewed_competition") == {
        "Karin": ["En konkurrensutsättning är avgjord: Handskar till hösten"]
    }
    assert len(told("competed_order")["Elin"]) == 2
    assert told("competed_queue") == {"Karin": ["En rad kan beställas efter en konkurrensutsättning"]}


def test_a_competition_that_is_called_off_is_told_with_its_reason(cast: Cast) -> None:
    asked(cast)
    cancel(cast, started(cast, cast.gloves))
    texts = [each.sentence.text for each in Notice.objects.filter(recipient=cast.manager)]
    assert any("Behovet föll bort" in text for text in texts)
    assert "får vänta på en leverantör" in told("competed_order")["Elin"][-1]
    assert told("competed_queue") == {"Karin": ["En rad väntar på en konkurrensutsättning som avbröts"]}


@pytest.mark.parametrize("end", [award, cancel])
def test_who_waits_for_other_items_is_told_nothing(
    cast: Cast, end: Callable[[Cast, RenewedCompetition], Any]
) -> None:
    asked(cast)
    end(cast, started(cast, cast.gown))
    assert told("competed_order") == told("competed_queue") == {}


def test_who_is_to_decide_is_told_once_when_the_time_is_over(cast: Cast) -> None:
    competition = started(cast)
    at = NOW - timedelta(days=1)
    assert tell_of_ended(at=at) == 0, "there is time until the day is over"
    assert tell_of_ended(at=NOW) == 1
    assert tell_of_ended(at=NOW + timedelta(hours=1)) == 0
    assert told("renewed_competition") == {"Karin": ["Anbudstiden är slut: Handskar till hösten"]}
    Absence.objects.create(user=cast.manager, during=ALWAYS)
    assert tell_of_ended(at=NOW + timedelta(hours=2)) == 1
    assert list(told("renewed_competition")) == ["Karin", "Sofia"], (
        "whoever decides in her place is told as well"
    )
    cancel(cast, competition)
    assert tell_of_ended(at=NOW + timedelta(hours=3)) == 0


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_notice_has_its_sentence(cast: Cast, language: str) -> None:
    asked(cast)
    tell_of_ended(at=NOW)
    award(cast, started(cast, cast.gloves))
    cancel(cast, started(cast, cast.gloves))
    with translation.override(language):
        for notice in Notice.objects.filter(
            kind__in=["renewed_competition", "competed_order", "competed_queue"]
        ):
            assert "%" not in notice.sentence.title + notice.sentence.text
            assert notice.sentence.text


@pytest.mark.usefixtures("at_nine")
def test_the_pages_say_that_it_is_competed_for(cast: Cast) -> None:
    demanded(cast)
    elin, karin = signed_in(cast.requester), signed_in(cast.manager)
    item = text_of(elin.get(f"/katalog/{cast.gloves.number}/"))
    assert "kräver att leverantörerna tävlar om den" in item
    assert "Leverantörerna tävlar först" in item
    assert "På avtal" not in item
    worlds.basket(cast, (cast.gloves, 10))
    basket = text_of(elin.get("/korg/"))
    assert "Avtalet kräver att leverantörerna tävlar först." in basket
    assert "Leverantörerna i avtalet ska tävla först." in basket
    line = asked(cast)
    page = text_of(elin.get(f"/bestallningar/{line.requisition.number}/"))
    assert "ska tävla om den först, och är inte inbjudna än" in page
    panel = text_of(karin.get(f"/rader/{line.pk}/"))
    assert "Leverantörerna ska tävla om den innan raden kan godkännas" in panel
    assert cast.gloves.number in karin.get(f"/avtal/{cast.agreement.pk}/konkurrens/ny/").content.decode()
    started(cast, cast.gloves)
    page = text_of(elin.get(f"/bestallningar/{line.requisition.number}/"))
    assert "tävlar om den, med anbud senast" in page
    assert "dag sedan anbudstiden gick ut" in text_of(karin.get("/i-dag/"))
