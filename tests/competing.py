"""A renewed competition under the cast's agreement: demanded, held and won by real operations."""

from datetime import date, timedelta
from decimal import Decimal

from agreements.models import Agreement, AgreementSupplier, CallOffMethod, Supplier
from catalog.models import Item, RenewedCompetition
from catalog.operations.bid_prices import OfferedPrice
from catalog.operations.competition_decisions import award_competition
from catalog.operations.competitions import register_bid, start_competition
from catalog.states import BidOutcome
from tests.cast import NOW, TODAY, Cast

BEFORE = NOW - timedelta(days=20)
LAST_DAY = TODAY - timedelta(days=1)
THROUGH = TODAY + timedelta(days=60)


def demanded(cast: Cast) -> Agreement:
    """The agreement demands competition, between its supplier and the one of paper."""
    Agreement.objects.filter(pk=cast.agreement.pk).update(call_off_method=CallOffMethod.MINI_COMPETITION)
    AgreementSupplier.objects.get_or_create(
        agreement=cast.agreement, supplier=cast.paper_supplier, defaults={"rank": 2}
    )
    return Agreement.objects.get(pk=cast.agreement.pk)


def newcomer() -> Supplier:
    """A supplier that is none of the agreement's."""
    supplier, _is_new = Supplier.objects.get_or_create(
        org_number="556000-9999",
        defaults={"name": "Nykomlingen AB", "order_email": "order@nykomlingen.example"},
    )
    return supplier


def started(cast: Cast, *items: Item) -> RenewedCompetition:
    """Those who are invited have had until yesterday to bid."""
    return start_competition(
        agreement=demanded(cast), subject="Handskar till hösten", invited_date=BEFORE.date(), bids_by_date=LAST_DAY,
        items={each: Decimal(10) for each in items}, diary_number="rs 123-2021", by=cast.manager, at=BEFORE,
    )  # fmt: skip


def priced(competition: RenewedCompetition, price: str = "58") -> list[OfferedPrice]:
    """Every item of a competition at the same price, in its own order unit."""
    return [
        OfferedPrice(each.item, Decimal(price))
        for each in competition.items.select_related("item").order_by("item")
    ]


def bid(
    cast: Cast,
    competition: RenewedCompetition,
    supplier: Supplier,
    amount: str = "5000",
    *,
    price: str = "58",
) -> RenewedCompetition:
    """A bid that came in time, with a price of each item; so much for the whole."""
    return register_bid(
        competition=competition, supplier=supplier, outcome=BidOutcome.BID, amount=Decimal(amount),
        prices=priced(competition, price), by=cast.manager, at=NOW,
    )  # fmt: skip


def won(
    cast: Cast, *items: Item, by: Supplier | None = None, price: str = "58", through: date = THROUGH
) -> RenewedCompetition:
    """A competition that the agreement's supplier has won, or another."""
    winner = by or cast.supplier
    return award_competition(
        competition=bid(cast, started(cast, *items), winner, price=price), winner=winner, from_date=TODAY,
        through_date=through, reason="Lägst pris", by=cast.manager, at=NOW,
    )  # fmt: skip
