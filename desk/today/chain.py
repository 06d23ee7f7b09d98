"""Tasks from queues, attests, deliveries and responsibility: each a figure, a sentence and a button."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models.fields.json import KT
from django.db.models.functions import JSONObject
from django.db.models.lookups import Exact
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from categories.models import Category, CategoryAssignment
from core import formatting
from core.compiled import compiled_once
from core.errors import localized
from core.languages import current_language
from core.money import ZERO
from core.ordering import swedish
from desk.addresses import QueueAddress
from desk.queue import Filter
from desk.today.tasks import Question, Task, in_full, sum_of
from organizations.models import User
from procurement.models import (
    LineDecision,
    RequisitionLine,
)
from procurement.routing import HELD
from procurement.states import LineStatus
from procurement.waiting import attests_to_give, lines_to_decide, lines_to_order
from procurement.wording import number_word_capitalised

LONGEST_QUOTE = 90
MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class LateQueue:
    """A manager's queue that has passed its response time."""

    manager: User
    waiting: int
    overdue: int
    oldest: date
    amount: Decimal


def queue_question(user: User, at: datetime, *, is_head: bool) -> Question:
    """
    The queue, as many lines as it shows, and those of them that something has happened to.

    The head's needs without a category are told of by themselves, and nothing more is said where there is nothing else.
    """
    day = timezone.localdate(at)
    return Question(_queue.asking(user, day, is_head), partial(_queue_tasks, day=day))


@compiled_once
def _queue(user: User, day: date, is_head: bool) -> models.QuerySet[Any, Any]:
    lines = lines_to_decide(user, day)
    triage = models.Q(Exact(models.Value(True), is_head), category=None)
    gone_on = models.Q(routing_rule__in=list(HELD))
    taken_back = ~models.Q(taken_back_reason="")
    latest = LineDecision.objects.filter(line=models.OuterRef("pk")).order_by("-at", "-pk")
    answer = latest.values(
        said=models.Case(
            models.When(
                reply__isnull=False, then=JSONObject(name="reply__by__first_name", text="reply__text")
            )
        )
    )
    return sum_of(
        lines.annotate(answer=models.Subquery(answer[:1])),
        count=models.Count("pk"),
        overdue=models.Count("pk", filter=models.Q(response_due_date__lt=day)),
        oldest=models.Min("response_due_date"),
        amount=in_full(models.Sum("amount", default=ZERO)),
        taken_back=models.Count("pk", filter=taken_back),
        reason=models.Min("taken_back_reason", filter=taken_back),
        triage=models.Count("pk", filter=triage),
        gone_on=models.Count("pk", filter=gone_on),
        late=ArrayAgg(KT("routing_facts__late"), filter=gone_on, distinct=True, default=[]),
        answers=ArrayAgg("answer", filter=models.Q(answer__isnull=False), order_by="pk", default=[]),
    )


def _queue_tasks(rows: Sequence[Mapping[str, Any]], *, day: date) -> list[Task]:
    if not rows:
        return []
    (waiting,) = rows
    answers = _answer_tasks([(each["name"], each["text"]) for each in waiting["answers"] or []])
    triage = _triage_tasks(waiting["triage"])
    if waiting["count"] == waiting["triage"]:
        return [*answers, *triage]
    total = _("Tillsammans %(amount)s.") % {
        "amount": formatting.kr(Decimal(waiting["amount"]), language=current_language())
    }
    oldest = date.fromisoformat(waiting["oldest"]) if waiting["oldest"] else None
    if waiting["overdue"]:
        late = ngettext(
            "%(count)s har passerat svarstiden, som gick ut %(day)s.",
            "%(count)s har passerat svarstiden, den äldsta gick ut %(day)s.",
            waiting["overdue"],
        )
        text = late % {
            "count": number_word_capitalised(waiting["overdue"]),
            "day": formatting.day(oldest, day, language=current_language()),
        }
    elif oldest is None:
        text = _("Raderna väntar på att leverantörer tävlar, och har ingen svarsdag förrän någon har vunnit.")
    else:
        text = _("Nästa svarsdag är %(day)s.") % {
            "day": formatting.day(oldest, day, language=current_language())
        }
    return [
        *_escalated_tasks(waiting["gone_on"], waiting["late"] or []),
        *_taken_back_tasks(waiting["taken_back"], waiting["reason"]),
        *answers,
        Task(
            figure=str(waiting["count"]),
            title=ngettext("rad väntar på beslut", "rader väntar på beslut", waiting["count"]),
            text=f"{text} {total}",
            url=reverse("desk:queue"),
            button=_("Öppna kön"),
            needs=bool(waiting["overdue"]),
        ),
        *triage,
    ]


def _triage_tasks(count: int) -> list[Task]:
    """Needs that wait for a category."""
    if not count:
        return []
    return [
        Task(
            figure=str(count),
            title=ngettext("behov saknar kategori", "behov saknar kategori", count),
            text=_("Ge dem en kategori, så hamnar de hos den som ansvarar."),
            url=QueueAddress(Filter.UNSORTED).url,
            button=_("Fördela"),
        )
    ]


def _escalated_tasks(count: int, late: Sequence[str]) -> list[Task]:
    """Lines that have come to her because somebody else did not decide them in time."""
    if not count:
        return []
    return [
        Task(
            figure=str(count),
            title=ngettext("rad har gått vidare till dig", "rader har gått vidare till dig", count),
            text=_("%(names)s har inte beslutat i tid.") % {"names": ", ".join(late[:MOST_NAMED])},
            url=f"{reverse('desk:queue')}?visa=gatt-vidare",
            button=_("Se raden") if count == 1 else _("Se raderna"),
        )
    ]


def _taken_back_tasks(count: int, reason: str | None) -> list[Task]:
    """Lines that were approved and came back before they were ordered, with the reason of one of them."""
    if not count:
        return []
    return [
        Task(
            figure=str(count),
            title=ngettext("godkänd rad har kommit tillbaka", "godkända rader har kommit tillbaka", count),
            text=Truncator(localized(reason or "")).chars(LONGEST_QUOTE),
            url=f"{reverse('desk:queue')}?visa=har-kommit-tillbaka",
            button=_("Se raden") if count == 1 else _("Se raderna"),
        )
    ]


def _answer_tasks(answers: Sequence[tuple[str, str]]) -> list[Task]:
    """Questions that have been answered, on lines that she is to decide."""
    if not answers:
        return []
    name, text = answers[0]
    return [
        Task(
            figure=str(len(answers)),
            title=ngettext("fråga har fått svar", "frågor har fått svar", len(answers)),
            text=f"{name}: ”{Truncator(text).chars(LONGEST_QUOTE)}”",
            url=f"{reverse('desk:queue')}?visa=svar",
            button=_("Läs svaren") if len(answers) > 1 else _("Läs svaret"),
        )
    ]


def attest_question(user: User, day: date) -> Question:
    """Requisitions whose budget she is to attest."""
    return Question(_attests.asking(user, day), _attest_tasks)


@compiled_once
def _attests(user: User, day: date) -> models.QuerySet[Any, Any]:
    amount = in_full(models.Sum("amount", default=ZERO))
    gone_on = models.Count("pk", filter=~models.Q(escalation=""))
    return sum_of(attests_to_give(user, day), count=models.Count("pk"), gone_on=gone_on, amount=amount)


def _attest_tasks(rows: Sequence[Mapping[str, Any]]) -> list[Task]:
    if not rows:
        return []
    (waiting,) = rows
    text = _("Tillsammans %(amount)s.") % {
        "amount": formatting.kr(Decimal(waiting["amount"]), language=current_language())
    }
    if waiting["gone_on"]:
        text += " " + ngettext(
            "%(count)s har gått vidare till dig, sedan någon annan har dröjt.",
            "%(count)s har gått vidare till dig, sedan någon annan har dröjt.",
            waiting["gone_on"],
        ) % {"count": number_word_capitalised(waiting["gone_on"])}
    return [
        Task(
            figure=str(waiting["count"]),
            title=ngettext(
                "beställning väntar på attest", "beställningar väntar på attest", waiting["count"]
            ),
            text=text,
            url=reverse("desk:attests"),
            button=_("Attestera"),
        )
    ]


@dataclass(frozen=True, slots=True)
class Coming:
    """What a supplier will be sent at the next order time."""

    supplier: str
    count: int
    amount: Decimal


def coming_question(user: User, at: datetime) -> Question:
    """Approved lines that wait for the order time, by supplier."""
    name = "approved_supplier__name"
    waiting = lines_to_order(user, at).select_related(None).filter(approved_supplier__isnull=False)
    by_supplier = waiting.order_by(swedish(name), "approved_supplier").values(name, "approved_supplier")
    facts = {"count": models.Count("pk"), "amount": in_full(models.Sum("approved_amount", default=ZERO))}
    rows = by_supplier.annotate(said=JSONObject(supplier=name, **facts)).values("said")
    return Question(rows, _upcoming_orders)


def _upcoming_orders(rows: Sequence[Mapping[str, Any]]) -> list[Coming]:
    return [Coming(each["supplier"], each["count"], Decimal(each["amount"])) for each in rows]


def head_tasks(user: User, late_queues: Sequence[LateQueue], tree: Sequence[Category]) -> list[Task]:
    """What the head of procurement alone sees to: late colleagues and categories of nobody; ``tree`` is all of them."""
    tasks = []
    others = [queue for queue in late_queues if queue.manager != user]
    if others:
        count = sum(queue.overdue for queue in others)
        tasks.append(
            Task(
                figure=str(count),
                title=ngettext("rad är försenad hos andra", "rader är försenade hos andra", count),
                text=_("Hos %(names)s.")
                % {"names": ", ".join(queue.manager.full_name for queue in others[:4])},
                url="#sena-koer",
                button=_("Se köerna"),
            )
        )
    orphans = _orphan_count(tree)
    if orphans:
        tasks.append(
            Task(
                figure=str(orphans),
                title=ngettext("kategori saknar ansvarig", "kategorier saknar ansvarig", orphans),
                text=_("Behov i dem går till dig tills någon har utsetts."),
                url=reverse("desk:assignments"),
                button=_("Se vem som ansvarar"),
            )
        )
    return tasks


@compiled_once
def tree_on(day: date) -> models.QuerySet[Category]:
    """All open categories, parents first, with ``is_attended``: whether somebody answers for it that day, there or above."""
    attended = CategoryAssignment.objects.filter(valid_during__contains=day).values("category")
    is_attended = models.ExpressionWrapper(
        models.Q(lineage__overlap=ArraySubquery(attended)), output_field=models.BooleanField()
    )
    return Category.objects.open().in_tree_order().annotate(is_attended=is_attended)


def _orphan_count(tree: Sequence[Category]) -> int:
    """Leaf categories for which nobody answers."""
    parents = {category.parent_id for category in tree}
    return sum(category.pk not in parents and not category.is_attended for category in tree)  # type: ignore[attr-defined]


def late_queues_on(day: date) -> list[LateQueue]:
    """Everybody whose queue has passed its response time, the longest first."""
    overdue = models.Q(response_due_date__lt=day)
    rows = list(
        RequisitionLine.objects.filter(status=LineStatus.AWAITING)
        .values("responsible")
        .annotate(
            waiting=models.Count("pk"),
            overdue=models.Count("pk", filter=overdue),
            oldest=models.Min("response_due_date", filter=overdue),
            amount=models.Sum("amount", filter=overdue, default=ZERO),
        )
        .filter(overdue__gt=0)
        .order_by("oldest", "-overdue", "responsible")
    )
    people = User.objects.in_bulk([row["responsible"] for row in rows])
    return [
        LateQueue(people[row["responsible"]], row["waiting"], row["overdue"], row["oldest"], row["amount"])
        for row in rows
    ]
