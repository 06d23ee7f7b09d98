"""
What waits for a person, read for the queue: all of it in outline, the lines of one page in full.

A queue may hold a thousand lines. Filters, their numbers and the order of the rows need a dozen fields of each.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, F, Func, OuterRef, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Abs, Cast, Coalesce, Greatest, JSONObject, Sign

from catalog.models import Price
from core.clock import start_of
from core.compiled import compiled_once, planned_each_time
from desk.news import News, latest, unseen
from desk.paid_prices import paid_rows
from desk.queue import Answer, Row, row_of
from desk.substitutes import with_replacements
from organizations.models import User
from procurement.models import AUTOMATIC, LineDecision, RequisitionLine, SavedQueue, SeenLine
from procurement.models.line_questions import RequisitionLineQuerySet
from procurement.states import LineStatus
from procurement.waiting import queue_of

MOST_ROWS = 1000
"""So many lines a queue shows, those that are to have an answer first."""

OUTLINE = (
    "status", "kind", "category", "quantity", "units_per_order_unit", "unit_price", "accepted_unit_price", "agreement", "supplier", "taken_back_reason",
    "response_due_date", "submitted_at", "item", "version", "accepted_at", "routing_rule", "routing_facts",
)  # fmt: skip
"""What the filters, their numbers and the order of the queue read of a line."""


@planned_each_time
@compiled_once
def waiting_lines(user: User, day: date, since: datetime) -> QuerySet[RequisitionLine]:
    """
    What waits for the person, with no more than the filters, their numbers and the order of the rows ask.

    And how much she has ``decided_today``, which is read once and not for each.
    """
    return _outline_rows(queue_of(user, day), user, day, since)


@planned_each_time
@compiled_once
def lines_waiting_for(whose: int, user: User, day: date, since: datetime) -> QuerySet[RequisitionLine]:
    """The same of what somebody else answers for, as the head of procurement looks at it."""
    return _outline_rows(RequisitionLine.objects.undecided().filter(responsible=whose), user, day, since)


def _outline_rows(
    lines: RequisitionLineQuerySet, user: User, day: date, since: datetime
) -> QuerySet[RequisitionLine]:
    same = {"item": OuterRef("item"), "units_per_order_unit": OuterRef("units_per_order_unit")}
    valid = Price.objects.filter(**same, valid_during__contains=day)
    agreed = (
        Price.objects.on(day)
        .open_to_one(OuterRef("requisition__department__administration"))
        .filter(
            **same,
            agreement__isnull=False,
            supplier__blocked_reason="",
            minimum_quantity__lte=OuterRef("quantity"),
        )
    )
    own_prices = valid.filter(supplier=OuterRef("supplier")).annotate(
        terms=Coalesce("agreement_id", 0),
        asked_terms=Coalesce(OuterRef("agreement_id"), 0),
        apart=F("minimum_quantity") - OuterRef("quantity"),
    )
    of_so_many = (Greatest(Sign("apart"), 0), Abs("apart"))
    decisions = LineDecision.objects.filter(line=OuterRef("pk")).order_by("-at", "-pk")
    decided = _decisions_since(user, since).values(
        total=Func("line", function="COUNT", template="%(function)s(DISTINCT %(expressions)s)")
    )
    return (
        lines.only(*OUTLINE)
        .annotate(
            department=F("requisition__department"),
            usual_quantity=F("item__usual_weekly_quantity"),
            agreed_price=Subquery(agreed.order_by("unit_price").values("unit_price")[:1]),
            own_price=Subquery(
                own_prices.filter(terms=F("asked_terms"))
                .order_by(*of_so_many)
                .values(
                    said=JSONObject(unit=Cast("unit_price", TextField()), since="valid_during__startswith")
                )[:1]
            ),
            said=Subquery(
                decisions.values(said=JSONObject(at="at", reply="reply__text", replied="reply__at"))[:1]
            ),
            seen_at=Subquery(SeenLine.objects.filter(person=user, line=OuterRef("pk")).values("seen_at")[:1]),
            decided_today=Subquery(decided),
        )
        .order_by("response_due_date", "submitted_at", "pk")[:MOST_ROWS]
    )


def waiting_in_all(user: User, whose: User | None, day: date) -> int:
    """How many lines wait for a decision, however many the queue shows."""
    lines = (
        queue_of(user, day)
        if whose is None
        else RequisitionLine.objects.undecided().filter(responsible=whose)
    )
    return lines.filter(status=LineStatus.AWAITING).count()


def row_from_line(line: Any, day: date) -> Row:
    """A row of ``waiting_lines``, as far as the filters and the order ask."""
    decision, own_price = line.said or {}, line.own_price or {}
    is_answered = decision.get("reply") and line.status == LineStatus.AWAITING
    price = Decimal(own_price["unit"]) if own_price else None
    happened = {
        News.ANSWER: datetime.fromisoformat(decision["replied"]) if is_answered else None,
        News.VERSION: line.submitted_at if line.version > 1 else None,
        News.PRICE: start_of(date.fromisoformat(own_price["since"]))
        if price not in (None, line.unit_price) and own_price["since"]
        else None,
        News.ACCEPTED: line.accepted_at,
        News.TAKEN_BACK: datetime.fromisoformat(decision["at"])
        if line.taken_back_reason and decision
        else None,
    }
    row = row_of(
        line,
        price=price,
        agreed_price=line.agreed_price,
        day=day,
        usual=line.usual_quantity,
        department=line.department,
        answer=Answer("", decision["reply"]) if is_answered else None,
    )
    happened_at = latest(happened, line.submitted_at)
    return replace(row, news=unseen(happened, seen_at=line.seen_at), happened_at=happened_at)


def lines_on_the_page(
    ids: list[int], day: date, *, at_hand: int, user: User
) -> tuple[list[RequisitionLine], list[SavedQueue]]:
    """
    All of the lines that the page shows, in the order of the ids, and the person's saved views.

    :param at_hand: the line that is open: what was last paid for its item is read with it.
    """
    if not ids:
        return [], list(SavedQueue.objects.visible_to(user).in_order())
    line_by_id = {each.pk: each for each in _lines(ids, day, at_hand, user.pk)}
    views = getattr(line_by_id.get(at_hand), "saved_views", None) or []
    return [line_by_id[pk] for pk in ids if pk in line_by_id], [
        SavedQueue(person=user, **each) for each in views
    ]


@compiled_once
def _lines(ids: list[int], day: date, at_hand: int, person: int) -> QuerySet[RequisitionLine]:
    lines = with_replacements(RequisitionLine.objects.filter(pk__among=ids), day)
    views = SavedQueue.objects.filter(person=person).in_order()
    read_with_it = {
        "paid": ArraySubquery(paid_rows(OuterRef("item"))),
        "saved_views": ArraySubquery(views.values(said=JSONObject(id="pk", name="name", query="query"))),
    }
    is_open = When(pk=at_hand, then=Value(True))
    return (
        lines.for_display()
        .defer("item__search_vector", "item__description")
        .annotate(
            is_open=Case(is_open, default=Value(False)),
            **{
                name: Case(When(is_open=True, then=rows), default=None) for name, rows in read_with_it.items()
            },
        )
    )


def _decisions_since(user: User, since: datetime) -> QuerySet[LineDecision]:
    """What the person has decided since that moment, lines left out that wait again."""
    decisions = LineDecision.objects.filter(by=user, at__gte=since).exclude(rule__in=AUTOMATIC)
    return decisions.exclude(line__status=LineStatus.AWAITING).order_by()


def decided_count(user: User, day: date, lines: list[RequisitionLine]) -> int:
    """How many lines the person has decided today: read with those that wait, or by itself when none does."""
    if lines:
        return lines[0].decided_today  # type: ignore[attr-defined, no-any-return]
    return _decisions_since(user, start_of(day)).values("line").distinct().count()


def decisions_by_line(lines: Collection[RequisitionLine]) -> dict[int, list[LineDecision]]:
    """What has been decided and asked about each line, the earliest first, with replies: one query."""
    talks: dict[int, list[LineDecision]] = {}
    decisions = LineDecision.objects.filter(line__in=[each.pk for each in lines])
    for each in decisions.select_related("by", "on_behalf_of", "reply__by").order_by("at", "pk"):
        talks.setdefault(each.line_id, []).append(each)
    return talks


def answer_to(line: RequisitionLine, talk: list[LineDecision] | None) -> Answer | None:
    """The answer to the latest question about a line, where it is what happened last."""
    reply = getattr(talk[-1], "reply", None) if talk and line.status == LineStatus.AWAITING else None
    return Answer(reply.by.first_name, reply.text) if reply and reply.text else None


def decided_since(user: User, since: datetime) -> list[RequisitionLine]:
    """Lines that the person has decided since she began; they hold the places of their groups."""
    decided = LineDecision.objects.filter(by=user, at__gte=since).values("line")
    lines = RequisitionLine.objects.filter(pk__in=decided).exclude(status=LineStatus.AWAITING)
    return list(lines.for_display())
