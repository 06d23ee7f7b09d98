"""What the items cost in a bid, and how the winner's prices become the agreement's on the days of the award."""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from catalog.models import BidPrice, CompetitionBid, Item, Price, RenewedCompetition
from catalog.operations import competitions as operations
from catalog.operations.bid_prices import (
    OfferedPrice,
    PackIsNoPack,
    PricedTwice,
    PriceIsProposedUpon,
    PriceOfAnotherItem,
    WinnerHasNoPrices,
)
from catalog.operations.competition_decisions import award_competition
from catalog.operations.price_proposals import PriceIsNoPrice, propose_prices
from catalog.pricing import best_prices
from catalog.refusals import PackMissing
from catalog.states import BidOutcome
from core.errors import DomainError
from office.rules import breaches
from registers.models import Import
from registers.operations.applying import BuiltUpon, apply_import, take_back_import
from registers.operations.imports import request_import, run_import
from registers.operations.writing import PeriodsOverlap
from registers.register import REGISTERS
from registers.unreadable import UnknownUnit
from tests.cast import ALWAYS, NOW, TODAY, Cast, many_items
from tests.catalog.proposing import may_rise
from tests.competing import THROUGH, bid, priced, started, won

FIRST, AFTER = date(2018, 1, 1), THROUGH + timedelta(days=1)


def periods(item: Item, **terms: Any) -> list[tuple[Decimal, date | None, date | None]]:
    """The prices of an item, the earliest first, each with its first day and the one after its last."""
    rows = Price.objects.filter(item=item, **terms).order_by("valid_during", "pk")
    return [(each.unit_price, each.valid_during.lower, each.valid_during.upper) for each in rows]


def register(cast: Cast, *prices: OfferedPrice, **changed: Any) -> RenewedCompetition:
    defaults = {
        "supplier": cast.supplier,
        "outcome": BidOutcome.BID,
        "prices": prices,
        "by": cast.manager,
        "at": NOW,
    }
    competition = changed.pop("competition", None) or started(cast, cast.gloves)
    return operations.register_bid(competition=competition, **{**defaults, **changed})


def award(cast: Cast, competition: RenewedCompetition, **changed: Any) -> RenewedCompetition:
    defaults = {
        "winner": cast.supplier, "from_date": TODAY, "through_date": THROUGH, "reason": "Lägst pris", "by": cast.manager,
        "at": NOW,
    }  # fmt: skip
    return award_competition(competition=competition, **{**defaults, **changed})


def test_the_amount_follows_from_the_prices_and_the_volume(cast: Cast) -> None:
    """Ten boxes of 100 are asked for; a carton of 20 boxes at 1 000 is 50 a box, which is cheaper than 52.50."""
    carton = OfferedPrice(cast.gloves, Decimal(1000), "Kartong", Decimal(2000))
    competition = register(cast, OfferedPrice(cast.gloves, Decimal("52.50")))
    assert competition.bids.get(supplier=cast.supplier).amount == Decimal(525)
    register(cast, OfferedPrice(cast.gloves, Decimal("52.50")), carton, competition=competition)
    supplier_bid = competition.bids.get(supplier=cast.supplier)
    assert supplier_bid.amount == Decimal(500)
    assert set(supplier_bid.prices.values_list("order_unit", "units_per_order_unit", "unit_price")) == {
        ("", cast.gloves.units_per_order_unit, Decimal("52.5")), ("kartong", Decimal(2000), Decimal(1000)),
    }  # fmt: skip


def test_an_amount_that_the_supplier_has_written_stands(cast: Cast) -> None:
    """It may hold more than the items, such as the journey."""
    competition = register(cast, OfferedPrice(cast.gloves, Decimal(50)), amount=Decimal(900))
    assert competition.bids.get(supplier=cast.supplier).amount == Decimal(900)


def test_an_answer_that_is_registered_anew_has_its_new_prices_alone(cast: Cast) -> None:
    competition = register(cast, OfferedPrice(cast.gloves, Decimal(50)))
    register(cast, OfferedPrice(cast.gloves, Decimal(51)), competition=competition)
    assert [each.unit_price for each in BidPrice.objects.all()] == [Decimal(51)]
    register(cast, outcome=BidOutcome.DECLINED, competition=competition)
    assert not BidPrice.objects.exists()
    rows = [
        entry.details["bid_prices"]
        for entry in Entry.objects.filter(event="competition.bid_registered").order_by("pk")
    ]
    assert rows == [f"{cast.gloves.number} 50.0000", f"{cast.gloves.number} 51.0000", ""]


@pytest.mark.parametrize(
    ("offered", "refusal"),
    [
        ({"unit_price": Decimal(0)}, PriceIsNoPrice),
        ({"unit_price": Decimal("0.00001")}, PriceIsNoPrice),
        ({"unit_price": Decimal("NaN")}, PriceIsNoPrice),
        ({"unit_price": Decimal(200_000_000)}, PriceIsNoPrice),
        ({"order_unit": "kartong"}, PackMissing),
        ({"order_unit": "kartong", "units_per_order_unit": Decimal(0)}, PackIsNoPack),
        ({"order_unit": "kartong", "units_per_order_unit": Decimal("1e9")}, PackIsNoPack),
        ({"order_unit": "tunnland", "units_per_order_unit": Decimal(3)}, UnknownUnit),
        ({"item": "gown"}, PriceOfAnotherItem),
    ],
)
def test_what_is_no_price(cast: Cast, offered: dict[str, Any], refusal: type[DomainError]) -> None:
    fields = {"item": cast.gloves, "unit_price": Decimal(50), **offered}
    if isinstance(fields["item"], str):
        fields["item"] = getattr(cast, fields["item"])
    with pytest.raises(refusal):
        register(cast, OfferedPrice(**fields))
    assert not BidPrice.objects.exists()


def test_an_item_has_one_price_in_each_unit(cast: Cast) -> None:
    """The item's own unit is the same whether it is named or not."""
    offer = OfferedPrice(cast.gloves, Decimal(50), cast.gloves.order_unit)
    with pytest.raises(PricedTwice):
        register(cast, OfferedPrice(cast.gloves, Decimal(51)), offer)


def test_a_bid_without_amount_and_without_every_price_is_none(cast: Cast) -> None:
    competition = started(cast, cast.gloves, cast.gown)
    with pytest.raises(operations.BidAmountWrong):
        register(cast, OfferedPrice(cast.gloves, Decimal(50)), competition=competition)
    with pytest.raises(operations.BidAmountWrong):
        register(cast, *priced(competition), outcome=BidOutcome.DECLINED, competition=competition)
    register(cast, OfferedPrice(cast.gloves, Decimal(50)), amount=Decimal(900), competition=competition)
    with pytest.raises(WinnerHasNoPrices, match=cast.gown.number):
        award(cast, competition)
    assert periods(cast.gloves) == [(Decimal(58), FIRST, None)]


def test_the_winners_prices_are_the_agreements_on_the_days_of_the_award(cast: Cast) -> None:
    Price.objects.filter(item=cast.gloves).update(lead_days=9)
    won(cast, cast.gloves, price="49.50")
    assert periods(cast.gloves) == [
        (Decimal(58), FIRST, TODAY),
        (Decimal("49.5"), TODAY, AFTER),
        (Decimal(58), AFTER, None),
    ]
    assert set(Price.objects.filter(item=cast.gloves).values_list("lead_days", "units_per_order_unit")) == {
        (9, cast.gloves.units_per_order_unit)
    }
    assert periods(cast.gown) == [(Decimal(149), FIRST, None)]
    best = best_prices([cast.gloves.pk], day=TODAY).get(cast.gloves.pk)
    assert best is not None
    assert (best.supplier, best.unit_price) == (cast.supplier, Decimal("49.5"))
    entry = Entry.objects.about(cast.agreement).get(event="competition.awarded")
    assert entry.details["bid_prices"] == f"{cast.gloves.number} 49.5000"
    assert breaches(NOW) == []


def test_breaks_and_other_packs_give_way_and_come_back(cast: Cast) -> None:
    """Else what reaches a break, or is ordered by the carton, would not be at the price that won."""
    terms = {
        "item": cast.gloves,
        "agreement": cast.agreement,
        "supplier": cast.supplier,
        "valid_during": ALWAYS,
    }
    Price.objects.create(**terms, unit_price=70, minimum_quantity=100)
    Price.objects.create(**terms, unit_price=2000, order_unit="kartong", units_per_order_unit=2000)
    won(cast, cast.gloves, price="49.50")

    def best(day: date, unit: str = "") -> Decimal:
        price = best_prices([cast.gloves.pk], day=day).get(cast.gloves.pk, Decimal(100), unit=unit)
        assert price is not None
        return Decimal(price.unit_price)

    assert (best(TODAY), best(TODAY, "kartong")) == (Decimal("49.5"), Decimal("49.5"))
    assert (best(AFTER), best(AFTER, "kartong")) == (Decimal(70), Decimal(2000))


def test_other_suppliers_and_agreements_keep_their_prices(cast: Cast) -> None:
    other = {"item": cast.gloves, "unit_price": 61, "valid_during": ALWAYS}
    Price.objects.create(agreement=cast.agreement, supplier=cast.paper_supplier, **other)
    Price.objects.create(agreement=None, supplier=cast.supplier, **other)
    won(cast, cast.gloves)
    assert len(Price.objects.filter(unit_price=61, valid_during=ALWAYS)) == 2


def test_what_begins_among_the_days_begins_after_them(cast: Cast) -> None:
    turn = TODAY + timedelta(days=20)
    Price.objects.filter(item=cast.gloves).update(valid_during=DateRange(FIRST, turn))
    same = {"item": cast.gloves, "agreement": cast.agreement, "supplier": cast.supplier}
    Price.objects.create(**same, unit_price=63, valid_during=DateRange(turn, None))
    won(cast, cast.gloves, price="50")
    assert periods(cast.gloves) == [
        (Decimal(58), FIRST, TODAY),
        (Decimal(50), TODAY, AFTER),
        (Decimal(63), AFTER, None),
    ]


def among(cast: Cast) -> Price:
    """A price that holds on some days of the award alone."""
    turn, end = TODAY + timedelta(days=20), TODAY + timedelta(days=30)
    Price.objects.filter(item=cast.gloves).update(valid_during=DateRange(FIRST, turn))
    return Price.objects.create(
        item=cast.gloves, agreement=cast.agreement, supplier=cast.supplier, unit_price=63, valid_during=DateRange(turn, end)
    )  # fmt: skip


def test_what_holds_among_the_days_alone_never_holds(cast: Cast) -> None:
    among(cast)
    won(cast, cast.gloves, price="50")
    assert periods(cast.gloves) == [(Decimal(58), FIRST, TODAY), (Decimal(50), TODAY, AFTER)]


def test_a_price_that_is_proposed_upon_is_not_taken_away(cast: Cast) -> None:
    may_rise(cast)
    price = among(cast)
    propose_prices(
        agreement=cast.agreement, prices={price: Decimal(65)}, from_date=TODAY + timedelta(days=25), reason="Dyrare",
        volumes={}, by=cast.manager, at=NOW,
    )  # fmt: skip
    competition = bid(cast, started(cast, cast.gloves), cast.supplier, price="50")
    with pytest.raises(PriceIsProposedUpon):
        award(cast, competition)
    competition.refresh_from_db()
    assert competition.is_open
    assert {price for price, _lower, _upper in periods(cast.gloves)} == {Decimal(58), Decimal(63)}


def test_what_has_won_again_gives_way_to_the_later_award(cast: Cast) -> None:
    won(cast, cast.gloves, price="50")
    days = TODAY + timedelta(days=10)
    won(cast, cast.gloves, price="47", through=days)
    assert periods(cast.gloves) == [
        (Decimal(58), FIRST, TODAY),
        (Decimal(47), TODAY, days + timedelta(days=1)),
        (Decimal(50), days + timedelta(days=1), AFTER),
        (Decimal(58), AFTER, None),
    ]


def test_a_winner_without_prices_before_gets_those_of_its_bid(cast: Cast) -> None:
    competition = register(
        cast, OfferedPrice(cast.gloves, Decimal(900), "kartong", Decimal(2000)), supplier=cast.paper_supplier
    )
    award(cast, competition, winner=cast.paper_supplier)
    (price,) = Price.objects.filter(supplier=cast.paper_supplier, item=cast.gloves)
    assert (price.agreement, price.order_unit, price.units_per_order_unit, price.minimum_quantity, price.lead_days) == (
        cast.agreement, "kartong", Decimal(2000), 1, 3,
    )  # fmt: skip
    assert (price.valid_during.lower, price.valid_during.upper) == (TODAY, AFTER)


def test_an_award_asks_as_much_however_many_items_there_are(cast: Cast) -> None:
    counts = []
    for items in ([cast.chair], [cast.gloves, cast.gown, *many_items(cast, 5)]):
        competition = bid(cast, started(cast, *items), cast.supplier)
        with CaptureQueriesContext(connection) as queries:
            award(cast, competition)
        counts.append(len(queries))
    assert counts[1] <= counts[0] + 3, (
        "ending what holds, reading what is proposed upon it, and its savepoint"
    )


@pytest.mark.parametrize("from_date", ["2021-05-01", "2021-06-01"])
def test_a_list_whose_price_has_given_way_is_not_taken_back(cast: Cast, from_date: str) -> None:
    """It held before the award and holds on after it, or begins after it instead: something has been done with it since."""
    may_rise(cast)
    head = "Artikelnummer;Pris;Avtalsnummer;Leverantör;Från och med"
    row = f"{cast.gloves.number};55;{cast.agreement.number};{cast.supplier.org_number};{from_date}"
    of_import = request_import(
        register=REGISTERS["prices"], file_name="lista.csv", content=BytesIO(f"{head}\n{row}".encode()), by=cast.manager,
        at=NOW,
    )  # fmt: skip
    run_import(of_import=of_import, at=NOW)
    of_import = apply_import(of_import=Import.objects.get(pk=of_import.pk), by=cast.manager, at=NOW)
    won(cast, cast.gloves, price="50")
    assert (Decimal(55), AFTER, None) in periods(cast.gloves)
    with pytest.raises((BuiltUpon, PeriodsOverlap)):
        take_back_import(of_import=of_import, by=cast.manager, at=NOW)
    assert (Decimal(50), TODAY, AFTER) in periods(cast.gloves)


@pytest.mark.parametrize("act", ["update", "delete", "insert", "undo"])
def test_the_database_keeps_the_prices_of_what_is_decided(cast: Cast, act: str) -> None:
    won(cast, cast.gloves)
    price = BidPrice.objects.get()
    acts: dict[str, Any] = {
        "update": lambda: BidPrice.objects.update(unit_price=1),
        "delete": lambda: BidPrice.objects.all().delete(),
        "insert": lambda: BidPrice.objects.create(
            bid=price.bid, item=cast.gloves, order_unit="kartong", units_per_order_unit=5, unit_price=1
        ),
        "undo": lambda: CompetitionBid.objects.update(outcome="declined", amount=None),
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        acts[act]()


def test_the_database_lets_only_a_priced_bid_win_and_only_a_bid_have_prices(cast: Cast) -> None:
    competition = register(cast, amount=Decimal(900))
    supplier_bid = competition.bids.get(supplier=cast.supplier)
    silent = competition.bids.get(supplier=cast.paper_supplier)
    for of_bid, item in ((silent, cast.gloves), (supplier_bid, cast.gown)):
        with pytest.raises(IntegrityError, match="is none, or its competition"), transaction.atomic():
            BidPrice.objects.create(bid=of_bid, item=item, unit_price=1)
    CompetitionBid.objects.filter(pk=silent.pk).update(
        outcome="no_answer", registered_by=cast.manager, registered_at=NOW
    )
    with pytest.raises(IntegrityError, match="a price of each item"), transaction.atomic():
        RenewedCompetition.objects.update(
            status="awarded",
            winner=supplier_bid,
            award_during=ALWAYS,
            decided_by=cast.manager,
            decided_at=NOW,
            decision_reason="x",
        )
    BidPrice.objects.create(bid=supplier_bid, item=cast.gloves, unit_price=1)
    with pytest.raises(IntegrityError, match="is no bid and has prices"), transaction.atomic():
        CompetitionBid.objects.filter(pk=supplier_bid.pk).update(outcome="declined", amount=None)
