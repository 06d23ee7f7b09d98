"""The category manager's queue, and one line of it with everything that a decision needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_FLOOR, Decimal
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from agreements.models import Agreement
from catalog.models import Price
from catalog.nearest import nearest_items
from catalog.pricing import BestPrices
from core.clock import start_of
from core.components import Link
from core.fragments import asks_for_part
from core.money import percent_of, to_quantity
from core.numbers import whole_number
from core.verdicts import Verdict
from desk.forms.accounts import coding_form_for
from desk.forms.decisions import CategoryForm, Choice, DecisionForm
from desk.price_curves import PriceCurve, price_curves
from desk.queue import (
    Filter,
    Group,
    Grouping,
    Row,
    filter_counts,
    full_row,
    groups_of,
    in_places,
    is_shown,
)
from desk.substitutes import Suggestion, suggestions_for, with_known
from desk.waiting import (
    answer_to,
    decided_count,
    decided_since,
    lines_on_the_page,
    outline,
    talks_about,
    waiting_lines,
)
from organizations.models import User
from organizations.requests import PersonRequest
from procurement import permissions
from procurement.market import offers
from procurement.models import LineDecision, RequisitionLine, RoutingRule
from procurement.reasons import reason_for
from procurement.separation_of_duties import attesters_in
from procurement.similar_purchases import similar_to
from procurement.standing import standing_on
from procurement.states import PAST_ATTESTS, UNDECIDED, LineStatus
from procurement.wording import spelled_first

ROWS_PER_PAGE = 30
SECONDS_LENGTH = 10
"""Digits of a moment in seconds since 1970, until the year 2286."""
MOST_DISTANCE = 0.5


@require_safe
def queue(request: PersonRequest) -> HttpResponse:
    """Show what waits for the person, gathered by what the rows have in common."""
    at = timezone.now()
    day = timezone.localdate(at)
    chosen, grouping = _chosen(request)
    lines = waiting_lines(request.user, day, start_of(day))
    rows = [outline(each, day) for each in lines]
    counts = filter_counts(rows)
    since = begun_at(request.GET.get("sedan", ""))
    gone = decided_since(request.user, since) if since else []
    shown = in_places([row for row in rows if is_shown(row, chosen)], gone, by=grouping)
    page = Paginator(shown, ROWS_PER_PAGE).get_page(request.GET.get("sida"))
    read = lines_on_the_page([row.line.pk for row in page.object_list], day)
    curves, talks = _curves(read, day), talks_about(read)
    on_the_page = [
        full_row(
            each, curve=curves.get(each.item_id or 0), day=day, answer=answer_to(each, talks.get(each.pk))
        )
        for each in read
    ]
    groups = groups_of(on_the_page, by=grouping, curves=curves)
    _add_similar(groups, day)
    decided = decided_count(request.user, day, lines)
    overdue = counts[Filter.OVERDUE]
    context = {
        "groups": groups,
        "page": page,
        "waiting_count": counts[Filter.ALL],
        "waiting_word": spelled_first(counts[Filter.ALL]),
        "overdue_count": overdue,
        "overdue_word": spelled_first(overdue),
        "oldest_date": min(
            (row.line.response_due_date or day for row in rows if row.is_overdue), default=None
        ),
        "decided_count": decided,
        "decided_of": decided + counts[Filter.ALL],
        "chips": _chips(counts, chosen, grouping),
        "segments": _segments(chosen, grouping),
        "grouping": grouping,
        "chosen": chosen,
        "at": at,
        "address": _query(chosen, grouping, since or at),
        "open_address": f"?{_query(chosen, grouping, since or at)}&rad=",
        "stands_still": bool(gone),
        "reload_address": _address(chosen, grouping),
        "refused": request.session.pop("refused_lines", []),
        **_open_line(request, page, [row.line for group in groups for row in group.rows], at, curves, talks),
    }
    template = "desk/_queue_answer.html" if asks_for_part(request) else "desk/queue.html"
    if asks_for_part(request) and request.htmx.target == "panel":
        template = "desk/_panel.html"
    return render(request, template, context)


@require_safe
def line(request: PersonRequest, pk: int) -> HttpResponse:
    """Show one line on a page of its own, as it is on a phone and without script."""
    at = timezone.now()
    found = visible_line(request.user, pk)
    return render(
        request,
        "desk/line.html",
        panel_context(request.user, found, at=at, address=request.GET.urlencode())
        | {"coding_form": coding_form_for(request.user, found, at=at)},
    )


def visible_line(user: User, pk: int) -> RequisitionLine:
    """One line that the person may see, with what a panel shows of it; 404 otherwise."""
    lines = with_known(
        RequisitionLine.objects.exclude(status=LineStatus.DRAFT), timezone.localdate()
    ).for_display()
    seen = RequisitionLine.objects.visible_to(user).filter(pk=pk).values("pk")
    return get_object_or_404(lines, pk__in=seen, pk=pk)


@dataclass(frozen=True, slots=True)
class CeilingAfter:
    """What an approval of the whole line would do to the agreement's ceiling."""

    percent: Decimal
    remaining: Decimal
    fits: Decimal
    is_enough: bool


def ceiling_after(
    agreement: Agreement, *, quantity: Decimal, amount: Decimal, unit_price: Decimal
) -> CeilingAfter:
    """Reckon the ceiling as it would be after the decision; ``fits`` in order units, whole ones."""
    after = agreement.committed_amount + amount
    room = agreement.remaining_amount
    fits = (room / unit_price).to_integral_value(ROUND_FLOOR) if unit_price else quantity
    ceiling = agreement.ceiling_amount
    return CeilingAfter(
        percent=percent_of(after, ceiling) if ceiling else Decimal(100),
        remaining=ceiling - after,
        fits=to_quantity(min(fits, quantity)),
        is_enough=after <= ceiling,
    )


def panel_context(
    user: User,
    found: RequisitionLine,
    *,
    at: datetime,
    address: str = "",
    form: DecisionForm | None = None,
    curves: Mapping[int, PriceCurve] | None = None,
    talks: Mapping[int, list[LineDecision]] | None = None,
) -> dict[str, object]:
    """
    Gather what the panel shows of one line; a number of queries that does not grow with anything.

    :param curves: the price curves of the page's items, if they are known, and ``talks`` what was said of its lines.
    """
    day = timezone.localdate(at)
    curve = (_curves([found], day) if curves is None else curves).get(found.item_id or 0)
    talk = (talks_about([found]) if talks is None else talks).get(found.pk, [])
    attests = list(found.requisition.attests.select_related("responsible", "decided_by"))
    may = permissions.can_decide(user, found, attesters=attesters_in(attests), at=at)
    may_undo = permissions.can_undo(user, found, at=at)
    row = full_row(found, curve=curve, day=day)
    after = _ceiling_of(row) if may else None
    similar = similar_to(found, day=day) if found.status in UNDECIDED else None
    suggestions = suggestions_for(found, day=day) if may else []
    return {
        "line": found,
        "row": row,
        "curve": curve,
        "best_agreed": curve.agreed_price_of(found) if curve else None,
        "normal": found.item.usual_weekly_quantity if found.item else None,
        "after": after,
        "similar": similar.with_another(row.amount) if similar else None,
        "why": reason_for(found),
        "attest": next(
            (each for each in attests if each.status not in PAST_ATTESTS and each.part == found.part), None
        ),
        "talk": talk,
        "verdict": may,
        "refusal": refusal_sentence(may),
        "may_undo": may_undo,
        "suggestions": suggestions,
        "form": form or (first_form(found, after, suggestions, day=day) if may else None),
        "may_except": similar is not None and bool(may) and _is_of_head(user, found, at=at),
        "category_form": CategoryForm()
        if may and (found.category_id is None or standing_on(user, day).roles.is_head)
        else None,
        "address": address,
        "at": at,
    }


def first_form(
    found: RequisitionLine, after: CeilingAfter | None, suggestions: list[Suggestion], *, day: date
) -> DecisionForm:
    """The form as it stands when nobody has touched it: what fits, and the first replacement."""
    fits = after.fits if after and not after.is_enough and after.fits > 0 else found.quantity
    first = suggestions[0] if suggestions else None
    is_full = after is not None and not after.is_enough
    proposed = found.routing_facts if found.routing_rule == RoutingRule.DIRECT_AWARD else {}
    return DecisionForm(
        line=found,
        day=day,
        initial={
            **({name: proposed[name] for name in ("supplier", "unit_price") if name in proposed}),
            "decision": Choice.ADJUST if is_full else Choice.APPROVE,
            "quantity": fits,
            "item": first.item.number if first else "",
            "substitute_quantity": first.quantity if first else found.quantity,
        },
    )


def _is_of_head(user: User, line: RequisitionLine, *, at: datetime) -> bool:
    """Whether the person may let the line pass the direct-award limit."""
    capacity = permissions.capacity_for(user, line, at=at)
    return capacity is not None and permissions.is_of_head(user, capacity, at=at)


def refusal_sentence(verdict: Verdict) -> str:
    """The sentence that stands instead of a button."""
    return str(verdict.refusal) if verdict.refusal else ""


def _ceiling_of(row: Row) -> CeilingAfter | None:
    agreement, quantity = row.line.agreement, row.line.quantity
    if agreement is None:
        return None
    return ceiling_after(agreement, quantity=quantity, amount=row.amount, unit_price=row.unit_price)


def _chosen(request: PersonRequest) -> tuple[Filter, Grouping]:
    chosen, grouping = request.GET.get("visa", ""), request.GET.get("grupp", "")
    return (
        Filter(chosen) if chosen in Filter.values else Filter.ALL,
        Grouping(grouping) if grouping in Grouping.values else Grouping.ARTICLE,
    )


def begun_at(value: str) -> datetime | None:
    """Read the moment from which the order of the queue stands still, seconds in the address; None for anything else."""
    seconds = whole_number(value) if len(value) == SECONDS_LENGTH else None
    return None if seconds is None else datetime.fromtimestamp(seconds, tz=UTC)


def _curves(lines: list[RequisitionLine], day: date) -> dict[int, PriceCurve]:
    prices = Price.objects.filter(item__in={each.item_id for each in lines if each.item_id})
    return price_curves(prices.select_related("agreement", "supplier"), day=day)


def _add_similar(groups: list[Group], day: date) -> None:
    """Put the item that a free text is most like on its group, with its price; two queries whatever the number."""
    alone = {
        group.key: group.rows[0].line.description
        for group in groups
        if group.item is None and len(group.rows) == 1
    }
    near = {
        text: items[0].item_id
        for text, items in nearest_items(alone.values(), day=day).items()
        if items[0].distance <= MOST_DISTANCE
    }
    prices = offers(near.values(), day=day, administrations=None) if near else BestPrices(())
    for group in groups:
        item_id = near.get(alone.get(group.key, ""), 0)
        if item_id not in prices:
            continue
        department = group.rows[0].line.requisition.department
        price = prices.open_to(department.administration_id).get(item_id)
        if price is not None:
            group.similar, group.similar_price = price.item, price


def _open_line(
    request: PersonRequest,
    page: Page[Row],
    lines: list[RequisitionLine],
    at: datetime,
    curves: Mapping[int, PriceCurve],
    talks: Mapping[int, list[LineDecision]],
) -> dict[str, object]:
    """The line in the panel: the one in the address, or the first of the page."""
    wanted = request.GET.get("rad") or request.GET.get("nasta", "")
    position = next((number for number, each in enumerate(lines) if str(each.pk) == wanted), 0)
    if not lines:
        return {"line": None}
    chosen, grouping = _chosen(request)
    address = _query(chosen, grouping, begun_at(request.GET.get("sedan", "")) or at)
    context = panel_context(request.user, lines[position], at=at, address=address, curves=curves, talks=talks)
    return context | {
        "position": page.start_index() + position,
        "shown_count": page.paginator.count,
        "previous_line": lines[position - 1] if position else None,
        "next_line": lines[position + 1] if position + 1 < len(lines) else None,
        "order": ",".join(str(each.pk) for each in lines),
        "is_chosen": "rad" in request.GET,
        "is_next": "nasta" in request.GET,
    }


def _query(chosen: Filter, grouping: Grouping, since: datetime | None = None) -> str:
    parts = {}
    if chosen != Filter.ALL:
        parts["visa"] = chosen.value
    if grouping != Grouping.ARTICLE:
        parts["grupp"] = grouping.value
    if since is not None:
        parts["sedan"] = str(int(since.timestamp()))
    return urlencode(parts)


def _address(chosen: Filter, grouping: Grouping) -> str:
    query = _query(chosen, grouping)
    return reverse("desk:queue") + (f"?{query}" if query else "")


def _chips(counts: dict[Filter, int], chosen: Filter, grouping: Grouping) -> list[Link]:
    return [
        Link(str(each.label), _address(each, grouping), count=counts[each], is_current=each == chosen)
        for each in Filter
        if counts[each] or each in (Filter.ALL, chosen)
    ]


def _segments(chosen: Filter, grouping: Grouping) -> list[Link]:
    return [Link(str(each.label), _address(chosen, each), is_current=each == grouping) for each in Grouping]
