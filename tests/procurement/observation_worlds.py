"""Purchases for follow-up to ask about, made by the real operations."""

from datetime import datetime, timedelta
from decimal import Decimal

from categories.models import Category, CategoryPolicy
from organizations.models import Membership, Role, User
from procurement.models import RequisitionLine
from procurement.observing import near_limits, odd_hours, pairs, splits
from procurement.observing.measures import measures_in
from procurement.observing.near_limits import NearLimit
from procurement.observing.observation import ObservedPeriod
from procurement.observing.odd_hours import OddHours
from procurement.observing.pairs import Pair
from procurement.observing.splits import Split
from procurement.operations import baskets, decisions, orders, requisitions
from tests import worlds
from tests.cast import NOW, TODAY, Cast

YEAR = ObservedPeriod.until(TODAY)
EVENING = NOW.replace(hour=22, minute=30)


def splits_in(period: ObservedPeriod) -> list[Split]:
    """The questions of a period by the values of its days."""
    return splits.splits_in(period, measures_in(period))


def pairs_in(period: ObservedPeriod) -> list[Pair]:
    """The same, of pairs."""
    return pairs.pairs_in(period, measures_in(period))


def near_limits_in(period: ObservedPeriod) -> list[NearLimit]:
    """The same, of sums just under a limit."""
    return near_limits.near_limits_in(period, measures_in(period))


def odd_hours_in(period: ObservedPeriod) -> list[OddHours]:
    """The same, of approvals when the region is closed."""
    return odd_hours.odd_hours_in(period, measures_in(period))


def days_ago(count: int, at: datetime = NOW) -> datetime:
    return at - timedelta(days=count)


def standing_approval(cast: Cast, limit: int = 2000) -> None:
    """Medical supplies below the limit are approved by themselves, in Karin's name."""
    CategoryPolicy.objects.filter(category=cast.medical).update(standing_approval_limit=limit)


def own_limit(person: User, limit: int) -> None:
    """For how much the person orders by herself."""
    Membership.objects.filter(user=person, role=Role.REQUESTER).update(amount_limit=limit)


def gloves(cast: Cast, boxes: int, at: datetime, *, by: User | None = None) -> RequisitionLine:
    """Boxes of gloves at 58 kr, ordered; Karin approves those that no standing approval does."""
    line = worlds.line(cast, (cast.gloves, boxes), by=by, at=at)
    if line.status == "awaiting":
        decisions.approve(lines=[line], by=User.objects.get(pk=cast.manager.pk), at=at).only()
    return line


def outside(
    cast: Cast,
    amount: int,
    at: datetime,
    *,
    by: User | None = None,
    decided_by: User | None = None,
    decided_at: datetime | None = None,
    description: str = "Lampa",
    category: Category | None = None,
) -> RequisitionLine:
    """A need in words, for office supplies unless another category is given, bought under no agreement from Kustpapper and ordered."""
    by = User.objects.get(pk=(by or cast.requester).pk)
    basket = baskets.open_basket(department=cast.ward, by=by, at=at)
    baskets.add_free_text(
        basket=basket, description=description, specification="", category=category or cast.office, quantity=Decimal(1), unit="st",
        estimated_unit_price=Decimal(amount), suggested_supplier="", by=by, at=at,
    )  # fmt: skip
    needed_by_date = (at + timedelta(days=7)).date()
    details = baskets.Details(cast.place, cast.ward, cast.activity, needed_by_date)
    line = requisitions.submit(basket=basket, details=details, by=by, at=at).lines.get()
    decider = User.objects.get(pk=(decided_by or cast.deputy).pk)
    moment = decided_at or at
    decisions.approve(lines=[line], supplier=cast.paper_supplier, by=decider, at=moment).only()
    orders.consolidate(at=moment, due_only=False)
    return line


def split(cast: Cast) -> list[RequisitionLine]:
    """Three orders of gloves on Monday, Wednesday and Thursday, together 5 220 kr where 2 000 kr goes by itself."""
    standing_approval(cast)
    return [gloves(cast, 30, days_ago(count)) for count in (15, 13, 12)]


def buy_often(cast: Cast, count: int) -> None:
    """So many needs in words from one supplier, a week apart."""
    for number in range(count):
        outside(cast, 100, days_ago(7 * (count - number)))


def plain(sentence: str) -> str:
    """The sentence with ordinary spaces."""
    return sentence.replace("\xa0", " ")


def order_for(cast: Cast, *amounts: int) -> None:
    """Orders of one thing each, weeks apart."""
    for number, amount in enumerate(amounts):
        outside(cast, amount, days_ago(14 * (len(amounts) - number)))
