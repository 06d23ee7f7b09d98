"""The renewed competitions of the demo's present: one that is won, and one whose bids are awaited."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from catalog.operations.bid_prices import OfferedPrice
from catalog.operations.competition_decisions import award_competition
from catalog.operations.competitions import register_bid, start_competition
from catalog.states import BidOutcome
from demo.operations.region import Registers

AGREEMENT = "RA {year}-114"
WON_ITEMS = {"183101": Decimal(160), "183104": Decimal(220)}
"""Hours that are asked for, by the number of the service."""
OFFERED = (
    {"183101": Decimal(1290), "183104": Decimal(1180)},
    {"183101": Decimal(1420), "183104": Decimal(1340)},
)
"""What an hour of each costs: the winner's first."""
MANAGER = "charlotte.oberg@gotland.example"


def live_competitions(registers: Registers, *, today: date) -> None:
    """Hold them under the agreement for management consultants, on days before today."""
    agreement, by = registers.agreements[AGREEMENT], registers.users[MANAGER]
    winner, other = (place.supplier for place in agreement.suppliers.select_related("supplier").in_order())
    invited, decided = _morning(today, -60), _morning(today, -30)
    won = start_competition(
        agreement=agreement,
        subject="Stöd till verksamhetsutveckling, ett år",
        invited_date=invited.date(),
        bids_by_date=_morning(today, -35).date(),
        items={registers.items[number]: hours for number, hours in WON_ITEMS.items()},
        by=by,
        at=invited,
    )
    for supplier, offered in zip((winner, other), OFFERED, strict=True):
        prices = [OfferedPrice(registers.items[number], price) for number, price in offered.items()]
        register_bid(
            competition=won, supplier=supplier, outcome=BidOutcome.BID, prices=prices, by=by, at=decided
        )
    award_competition(
        competition=won,
        winner=winner,
        from_date=decided.date(),
        through_date=decided.date() + timedelta(days=364),
        reason="Lägst pris, och båda uppfyller kraven.",
        by=by,
        at=decided,
    )
    start_competition(
        agreement=agreement,
        subject="Utredning av servicefunktionerna",
        invited_date=_morning(today, -6).date(),
        bids_by_date=_morning(today, 8).date(),
        by=by,
        at=_morning(today, -6),
    )


def _morning(today: date, days: int) -> datetime:
    return timezone.make_aware(datetime.combine(today + timedelta(days=days), time(8, 40)))
