"""The category manager's queue."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalog.nearest import nearest_items
from catalog.pricing import BestPrices
from core.clock import start_of
from core.components import Link
from core.fragments import asks_for_part
from desk.addresses import AT_THE_END, QueueAddress
from desk.outcomes import PlacedNote, placed_note, pop_refusals
from desk.price_curves import PriceCurve
from desk.queue import (
    Filter,
    Group,
    Grouping,
    Row,
    filter_counts,
    full_row,
    groups_of,
    in_stable_order,
    is_shown,
)
from desk.views.lines import curves_of, panel_context
from desk.waiting import (
    MOST_ROWS,
    answer_to,
    decided_count,
    decided_since,
    decisions_by_line,
    lines_on_the_page,
    lines_waiting_for,
    row_from_line,
    waiting_in_all,
    waiting_lines,
)
from organizations.models import User
from organizations.requests import PersonRequest
from procurement.calling_off import ask_of_winners
from procurement.market import offers
from procurement.models import LineDecision, RequisitionLine, SavedQueue
from procurement.standing import standing_on
from procurement.wording import number_word_capitalised

ROWS_PER_PAGE = 30
MOST_DISTANCE = 0.5


@require_safe
def queue(request: PersonRequest) -> HttpResponse:
    """Show what waits for the person, gathered by what the rows have in common."""
    at = timezone.now()
    day = timezone.localdate(at)
    address = QueueAddress.of(request.GET.dict())
    whose = _queue_owner(request.user, address, day)
    if whose is None:
        lines = waiting_lines(request.user, day, start_of(day))
    else:
        lines = lines_waiting_for(whose.pk, request.user, day, start_of(day))
    rows = [row_from_line(each, day) for each in lines]
    counts = filter_counts(rows)
    decided_lines = decided_since(request.user, address.since) if address.since else []
    placed_rows = in_stable_order(
        [row for row in rows if is_shown(row, address.chosen)],
        decided_lines,
        by=address.grouping,
        since=address.since,
    )
    page = _page(request, placed_rows)
    ids = [row.line.pk for row in page.object_list]
    page_lines, saved = lines_on_the_page(ids, day, at_hand=_open_line_id(request, ids), user=request.user)
    ask_of_winners(page_lines, day=day)
    curves, talks = curves_of(page_lines, day), decisions_by_line(page_lines)
    news = {row.line.pk: row.news for row in page.object_list}
    on_the_page = [
        full_row(
            each,
            curve=curves.get(each.item_id or 0),
            day=day,
            answer=answer_to(each, talks.get(each.pk)),
            news=news[each.pk],
        )
        for each in page_lines
    ]
    groups = groups_of(on_the_page, by=address.grouping, curves=curves)
    _add_similar(groups, day)
    decided = decided_count(request.user, day, lines)
    overdue, is_cut = counts[Filter.OVERDUE], len(lines) >= MOST_ROWS
    waiting = waiting_in_all(request.user, whose, day) if is_cut else counts[Filter.ALL]
    frozen_address = replace(address, since=address.since or at)
    context: dict[str, Any] = {
        "groups": groups,
        "page": page,
        "whose": whose,
        "waiting_count": waiting,
        "waiting_word": number_word_capitalised(waiting),
        "shown_first": len(lines) if is_cut else 0,
        "overdue_count": overdue,
        "overdue_word": number_word_capitalised(overdue),
        "oldest_date": min(
            (row.line.response_due_date or day for row in rows if row.is_overdue), default=None
        ),
        "decided_count": decided,
        "decided_of": decided + waiting,
        "chips": _chips(counts, address),
        "segments": _segments(address),
        "grouping": address.grouping,
        "chosen": address.chosen,
        "at": at,
        "address": frozen_address.query,
        "open_address": f"?{frozen_address.query}&rad=",
        "stands_still": address.since is not None,
        "arrived_count": sum(row.has_come_since(address.since) for row in rows) if address.since else 0,
        "reload_address": replace(address, since=None).url,
        "refused": pop_refusals(request),
        "placed": _note_in_list(request, groups),
        **_saved_views(saved, address),
        **_open_line(
            request,
            page,
            [row.line for group in groups for row in group.rows],
            frozen_address,
            at,
            curves,
            talks,
        ),
    }
    context["has_news"] = bool(context["line"]) and bool(news[context["line"].pk])
    template = "desk/_queue_answer.html" if asks_for_part(request) else "desk/queue.html"
    if asks_for_part(request) and request.htmx.target == "panel":
        template = "desk/_panel.html"
    return render(request, template, context)


def _queue_owner(user: User, address: QueueAddress, day: date) -> User | None:
    """Whose lines the head of procurement looks at; everybody else sees her own queue."""
    if address.whose is None or not standing_on(user, day).roles.is_head:
        return None
    return User.objects.filter(pk=address.whose).first()


def _page(request: PersonRequest, rows: Sequence[Row]) -> Page[Row]:
    """The page that is asked for, or the one on which the line at hand stands."""
    pages = Paginator(rows, ROWS_PER_PAGE)
    line_id = request.GET.get("rad") or request.GET.get("nasta", "")
    place = next((number for number, row in enumerate(rows) if str(row.line.pk) == line_id), None)
    if "sida" in request.GET or place is None:
        return pages.get_page(request.GET.get("sida"))
    return pages.get_page(place // ROWS_PER_PAGE + 1)


def _note_in_list(request: PersonRequest, groups: Sequence[Group]) -> PlacedNote | None:
    """The note that stands in the list, if the list has its place."""
    note = placed_note(request)
    places = {str(row.line.pk) for group in groups for row in group.rows}
    return note if note and groups and (note.before == AT_THE_END or note.before in places) else None


def _add_similar(groups: list[Group], day: date) -> None:
    """Put the item that a free text is most like on its group, with its price; two queries whatever the number."""
    alone = {
        group.key: group.rows[0].line.description
        for group in groups
        if group.item is None and len(group.rows) == 1
    }
    item_by_text = {
        text: items[0].item_id
        for text, items in nearest_items(alone.values(), day=day).items()
        if items[0].distance <= MOST_DISTANCE
    }
    prices = offers(item_by_text.values(), day=day, administrations=None) if item_by_text else BestPrices(())
    for group in groups:
        item_id = item_by_text.get(alone.get(group.key, ""), 0)
        if item_id not in prices:
            continue
        department = group.rows[0].line.requisition.department
        price = prices.open_to(department.administration_id).get(item_id)
        if price is not None:
            group.similar, group.similar_price = price.item, price


def _open_line_id(request: PersonRequest, ids: Sequence[int]) -> int:
    """The line in the address, if the page has it, or the first."""
    line_id = request.GET.get("rad") or request.GET.get("nasta", "")
    return next((pk for pk in ids if str(pk) == line_id), ids[0] if ids else 0)


def _open_line(
    request: PersonRequest,
    page: Page[Row],
    lines: list[RequisitionLine],
    address: QueueAddress,
    at: datetime,
    curves: Mapping[int, PriceCurve],
    talks: Mapping[int, list[LineDecision]],
) -> dict[str, object]:
    """The line in the panel: the one in the address, or the first of the page."""
    if not lines:
        return {"line": None}
    at_hand = _open_line_id(request, [each.pk for each in lines])
    position = next(number for number, each in enumerate(lines) if each.pk == at_hand)
    context = panel_context(
        request.user, lines[position], at=at, address=address.query, curves=curves, talks=talks
    )
    return context | {
        "position": page.start_index() + position,
        "shown_count": page.paginator.count,
        "previous_line": lines[position - 1] if position else None,
        "next_line": lines[position + 1] if position + 1 < len(lines) else None,
        "order": ",".join(str(each.pk) for each in lines),
        "is_chosen": "rad" in request.GET,
        "is_next": "nasta" in request.GET,
    }


def _saved_views(saved: Sequence[SavedQueue], address: QueueAddress) -> dict[str, object]:
    """Her saved views as links, the one that is open, and whether what is open could be saved."""
    query = replace(address, since=None).query
    return {
        "saved": [
            Link(each.name, f"{reverse('desk:queue')}?{each.query}", is_current=each.query == query)
            for each in saved
        ],
        "open_view": next((each for each in saved if each.query == query), None),
        "can_be_saved": bool(query),
    }


def _chips(counts: dict[Filter, int], address: QueueAddress) -> list[Link]:
    filters = [each for each in Filter if counts[each] or each in (Filter.ALL, address.chosen)]
    return [
        Link(
            str(each.label),
            _fresh_url(address, chosen=each),
            count=counts[each],
            is_current=each == address.chosen,
        )
        for each in filters
    ]


def _segments(address: QueueAddress) -> list[Link]:
    return [
        Link(str(each.label), _fresh_url(address, grouping=each), is_current=each == address.grouping)
        for each in Grouping
    ]


def _fresh_url(address: QueueAddress, **changed: Any) -> str:
    """The queue shown otherwise, in the order of now."""
    return replace(address, since=None, **changed).url
