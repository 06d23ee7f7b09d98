"""
The plan of a submission: for each line its price, responsible person, standing approval; for its parts their attests.

The basket page shows the plan, ``submit`` carries it out: both ask here, so what was promised is what happens.
Nine queries at most, whatever the number of lines, and one more where agreements demand a renewed competition.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db import connection
from django.utils import timezone

from catalog.families import families_of
from catalog.models import Item, Price
from catalog.nearest import nearest_items
from catalog.pricing import BestPrices
from catalog.states import VISIBLE, ItemStatus
from categories.models import Category, CategoryPolicy
from core.money import ZERO, line_amount
from core.working_days import add_working_days
from organizations.models import User
from procurement.attesting import OwnLimits, PlannedAttest, amounts_of, own_limits, plan_attests
from procurement.call_off import NOTHING_KNOWN, CallOff, awaits_competition
from procurement.calling_off import NO_PRICES, call_offs
from procurement.frames import FrameState, Share, frames_for, over_by_part, share_of
from procurement.gates import Terms
from procurement.market import offers
from procurement.models import LineKind, Requisition, RequisitionLine
from procurement.parts import Part
from procurement.posts import Posts
from procurement.recent_requests import earlier_of
from procurement.routing import Route
from procurement.splitting import RecentRequests, Thing, judged_amount, sums_of, thing_of, unseen_amount

DEFAULT_RESPONSE_DAYS = 2
FARTHEST_SUGGESTION = 0.5


@dataclass(slots=True)
class PlannedLine:
    """What will happen to one line."""

    line: RequisitionLine
    price: Price | None
    category: Category | None
    unit_price: Decimal
    amount: Decimal
    route: Route | None
    response_due_date: date
    responsible: User | None = None
    """Whom the route leads to."""
    policy: CategoryPolicy | None = None
    """The standing approval that decides the line at once, or None."""
    standing_limit: Decimal | None = None
    """Below which amount the category's lines can be decided at once, if they can at all."""
    call_off: CallOff = NOTHING_KNOWN
    """What the agreement's way of calling off asks of it."""

    @property
    def terms(self) -> Terms | None:
        """On what terms the line is asked for; None while a need in free text has no supplier."""
        if self.price is None:
            return None
        return Terms(
            item=self.price.item,
            quantity=self.line.quantity,
            unit=self.line.unit,
            unit_price=self.unit_price,
            amount=self.amount,
            agreement=self.price.agreement,
            supplier=self.price.supplier,
            units_per_order_unit=self.line.units_per_order_unit,
        )

    @property
    def awaits_competition(self) -> bool:
        """Whether its agreement demands that the suppliers compete first, and nobody has won what covers it."""
        return self.price is not None and awaits_competition(self.price.agreement, self.call_off)

    @property
    def thing(self) -> Thing:
        """What the limits are judged on."""
        return thing_of(self.line.item_id, self.category.pk if self.category else None)


@dataclass(slots=True)
class Plan:
    """What will happen to a basket."""

    lines: list[PlannedLine] = field(default_factory=list)
    total: Decimal = ZERO
    limits: OwnLimits | None = None
    earlier_amount: Decimal = ZERO
    """What was asked for of the same things in the week before, unattested."""
    frames: list[FrameState] = field(default_factory=list)
    """The budget frames that it takes from."""
    attests: list[PlannedAttest] = field(default_factory=list)

    @property
    def limit(self) -> Decimal | None:
        """For how much the requester orders without an attest; None for any amount."""
        if self.limits is None:
            return None
        each = [self.limits.of(department) for department in self.limits.charged]
        return min((limit for limit in each if limit is not None), default=None)

    @property
    def attest(self) -> PlannedAttest | None:
        """The first that is to be asked for."""
        return self.attests[0] if self.attests else None

    parts: frozenset[Part] = frozenset()

    @property
    def is_parted(self) -> bool:
        """Whether several pay, or it comes in several deliveries."""
        return len(self.parts) > 1


def plan(
    requisition: Requisition,
    lines: Sequence[RequisitionLine],
    *,
    at: datetime,
    is_binding: bool = False,
) -> Plan:
    """
    Plan the lines as they would be submitted now; ``lines`` come with item and categories.

    :param is_binding: whether it is carried out in this transaction, so that sums are judged one order after another.
    """
    planned = plan_lines(requisition, lines, at=at)
    shares = _shares(requisition, planned)
    limits = own_limits(requisition, {share.part.department for share in shares}, day=timezone.localdate(at))
    is_judged = limits.is_finite or any(each.policy for each in planned)
    families = families_in(planned)
    if families and is_binding:
        lock_for_planning(requisition)
    earlier = earlier_of(requisition, things_in(planned, families), at=at) if is_judged else {}
    judge_standing(planned, earlier, families)
    result = Plan(
        lines=planned,
        total=sum((each.amount for each in planned), ZERO),
        limits=limits,
        earlier_amount=unseen_amount([each.thing for each in planned], earlier),
        frames=frames_for(shares),
        parts=frozenset(share.part for share in shares),
    )
    plan_attests_of(requisition, result, at=at)
    return result


def plan_attests_of(requisition: Requisition, planned: Plan, *, at: datetime) -> None:
    """
    Plan who attests, by the frames as the plan has them.

    :raises NobodyCanAttest: nobody but the requester is left.
    """
    deciders = {each.responsible.pk for each in planned.lines if each.responsible}
    deciders |= {each.policy.set_by_id for each in planned.lines if each.policy}
    shares = _shares(requisition, planned.lines)
    assert planned.limits is not None  # noqa: S101, a plan that is made has them
    planned.attests = plan_attests(
        requisition,
        amounts_of((share.part, share.amount) for share in shares),
        planned.limits,
        deciders=deciders,
        earlier_amount=planned.earlier_amount,
        over_frame=over_by_part(planned.frames),
        day=timezone.localdate(at),
    )


def lock_for_planning(requisition: Requisition) -> None:
    """Let orders of one department, or one requester, be judged one after another until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(turn, 0))"
            " FROM (SELECT turn FROM unnest(%s::text[]) AS turn ORDER BY 1) AS locked",
            [
                [
                    f"asked.department.{requisition.department_id}",
                    f"asked.requester.{requisition.requester_id}",
                ]
            ],
        )


def lock_frames(requisition: Requisition, planned: Plan, *, at: datetime) -> None:
    """
    Judge a plan again by frames that nobody else takes from until the operation is done. Used inside an operation.

    :raises NobodyCanAttest: nobody but the requester is left.
    """
    if not planned.frames:
        return
    before = over_by_part(planned.frames)
    planned.frames = frames_for(
        _shares(requisition, planned.lines), apart_from=requisition.pk, is_locked=True
    )
    if over_by_part(planned.frames) != before:
        plan_attests_of(requisition, planned, at=at)


def _shares(requisition: Requisition, planned: Sequence[PlannedLine]) -> list[Share]:
    return [share_of(requisition, each.line, each.amount) for each in planned]


def plan_lines(
    requisition: Requisition,
    lines: Sequence[RequisitionLine],
    *,
    at: datetime,
    prices: BestPrices | None = None,
) -> list[PlannedLine]:
    """
    Plan each line by itself: its price, who answers for it, and which standing approval might decide it.

    :param prices: today's ``offers`` of the items, if they are known.
    """
    day = timezone.localdate(at)
    if prices is None:
        prices = offers(
            [line.item_id for line in lines if line.item_id],
            day=day,
            administrations=[requisition.department.administration_id] if requisition.department_id else None,
        )
    suggestions = _suggest_categories(lines, day)
    price_of = [prices.get(line.item_id, line.quantity, unit=line.unit) for line in lines]
    categories = {
        line.position: _category_of(line, price, suggestions)
        for line, price in zip(lines, price_of, strict=True)
    }
    posts = Posts.read(
        [requisition.requester_id], [category for category in categories.values() if category], day=day
    )
    planned = []
    for line, price in zip(lines, price_of, strict=True):
        category = categories[line.position]
        unit_price = price.unit_price if price else line.unit_price
        policy = posts.policy_for(category)
        route = posts.route_for(category, requester_id=requisition.requester_id)
        if route and line.position in suggestions:
            route = Route(
                route.responsible, route.rule, {**route.facts, "item": suggestions[line.position].name}
            )
        days = policy.response_days if policy else DEFAULT_RESPONSE_DAYS
        planned.append(
            PlannedLine(
                line=line,
                price=price,
                category=category,
                unit_price=unit_price,
                amount=line_amount(unit_price, line.quantity),
                route=route,
                response_due_date=add_working_days(day, days),
                responsible=posts.people[route.responsible.pk] if route else None,
                policy=policy
                if policy and category and _may_stand_approved(line, price, category, posts, requisition)
                else None,
                standing_limit=policy.standing_approval_limit if policy else None,
            )
        )
    priced = [(each, terms) for each in planned if (terms := each.terms) is not None]
    line_call_offs = call_offs([(each.line, terms) for each, terms in priced], NO_PRICES, day=day)
    for (each, _terms), call_off in zip(priced, line_call_offs, strict=True):
        each.call_off = call_off
        if each.awaits_competition:
            each.policy = None
    return planned


def families_in(planned: Sequence[PlannedLine]) -> dict[int, frozenset[int]]:
    """The items that stand for those that a standing approval might decide, by the item's id: one query, or none."""
    return families_of({each.line.item_id for each in planned if each.policy and each.line.item_id})


def things_in(planned: Sequence[PlannedLine], families: Mapping[int, Collection[int]]) -> list[Thing]:
    """All that the lines are judged together with."""
    alike = [thing_of(pk, None) for family in families.values() for pk in family]
    return [*(each.thing for each in planned), *alike]


def judge_standing(
    planned: Sequence[PlannedLine],
    earlier: dict[Thing, RecentRequests],
    families: Mapping[int, Collection[int]],
) -> None:
    """Let a standing approval go when the thing's sum, in the order and over the week, reaches its limit."""
    ordered = sums_of((each.thing, each.amount) for each in planned)
    for each in planned:
        limit, family = each.standing_limit, families.get(each.line.item_id or 0, ())
        judged = judged_amount(each.thing, ordered, earlier, family=family)
        if each.policy and limit is not None and judged >= limit:
            each.policy = None


def _category_of(line: RequisitionLine, price: Price | None, suggestions: dict[int, Item]) -> Category | None:
    """The category of the item as it is now, the chosen one, or that of a similar item."""
    if line.item is not None:
        return price.item.category if price is not None else line.item.category
    if line.category is not None:
        return line.category
    return suggestions[line.position].category if line.position in suggestions else None


def _suggest_categories(lines: Sequence[RequisitionLine], day: date) -> dict[int, Item]:
    """The catalogue item most like each need that has no category: two queries when there is any."""
    needs = {
        line.position: line.description for line in lines if line.item_id is None and line.category_id is None
    }
    if not needs:
        return {}
    item_by_text = {
        text: items[0].item_id
        for text, items in nearest_items(needs.values(), day=day, statuses=VISIBLE).items()
        if items[0].distance <= FARTHEST_SUGGESTION
    }
    items = (
        Item.objects.select_related("category__account").in_bulk(item_by_text.values())
        if item_by_text
        else {}
    )
    return {position: items[item_by_text[text]] for position, text in needs.items() if text in item_by_text}


def _may_stand_approved(
    line: RequisitionLine,
    price: Price | None,
    category: Category,
    posts: Posts,
    requisition: Requisition,
) -> bool:
    """
    Standing approval: standard item and agreement price; its limit apart.

    It is never for a request of whoever set it, or of somebody she acts for, and it ends with her post and her account.
    """
    policy = posts.policy_for(category)
    return (
        policy is not None
        and policy.standing_approval_limit is not None
        and line.kind == LineKind.ITEM
        and price is not None
        and price.item.status == ItemStatus.STANDARD
        and price.agreement_id is not None
        and posts.may_approve_for(policy.set_by, category=category, requester_id=requisition.requester_id)
    )
