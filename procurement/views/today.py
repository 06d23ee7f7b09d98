"""What needs a category manager or the head of procurement today."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from categories.models import Agreement, Category, CategoryAssignment
from categories.runway import Outlook, outlooks
from core import formatting
from core.components import Term
from core.money import ZERO
from organizations.models import User
from organizations.requests import PersonRequest
from procurement.models import Allocation, BudgetAttest, RequisitionLine, RoutingRule
from procurement.order_times import next_order_time
from procurement.standing import standing_on
from procurement.states import COMMITTED, DELIVERABLE, LineStatus, OrderStatus
from procurement.views.orders import by_supplier, lines_to_order
from procurement.views.queue import queue_of
from procurement.wording import spelled, spelled_first

PACE_DAYS = 90
URGENT_DAYS = 30
ALMOST_FULL = 95
RUNWAY_YEARS = 4
MOST_ON_RUNWAY = 7


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that needs the person, its figure first."""

    figure: str
    title: str
    text: str
    url: str
    button: str
    needs: bool = True


@dataclass(frozen=True, slots=True)
class LateQueue:
    """A manager's queue that has passed its response time."""

    manager: User
    waiting: int
    overdue: int
    oldest: date
    amount: Decimal


@require_safe
def today(request: PersonRequest) -> HttpResponse:
    """Answer the one question of the page: what needs me today."""
    at = timezone.now()
    day = timezone.localdate(at)
    standing = standing_on(request.user, day)
    posts = [*standing.manages, *standing.deputises]
    agreements = _agreements(None if standing.roles.is_head else posts, day)
    views = outlooks(agreements, pace=_pace(agreements, day), day=day)
    late_queues = _late_queues(day) if standing.roles.is_head else []
    tasks = [
        *_queue_task(request.user, at, is_head=standing.roles.is_head),
        *_attest_task(request.user),
        *(task for task in _agreement_tasks(views, day) if task.needs or not standing.roles.is_head),
        *_late_task(None if standing.roles.is_head else posts, day),
        *(_head_tasks(request.user, late_queues, day) if standing.roles.is_head else []),
    ]
    context = {
        "tasks": sorted(tasks, key=lambda task: not task.needs),
        "heading": _heading(len(tasks), request.user),
        "day": day,
        "categories": _topmost(Category.objects.filter(pk__in=standing.manages).in_tree_order()),
        "terms": [_term(view, day) for view in views[:MOST_ON_RUNWAY]],
        "runway_start": date(day.year, 1, 1),
        "runway_end": date(day.year + RUNWAY_YEARS, 1, 1),
        "agreement_count": len(agreements),
        "ceilings": sorted(views, key=lambda view: -view.agreement.used_percent)[:MOST_ON_RUNWAY],
        "late_queues": late_queues,
        "waiting_orders": by_supplier(lines_to_order(request.user, at)),
        "next_order_time": next_order_time(at),
    }
    return render(request, "procurement/today.html", context)


def _topmost(categories: Iterable[Category]) -> list[Category]:
    """Categories that lie under none of the others."""
    hers = list(categories)
    ids = {category.pk for category in hers}
    return [category for category in hers if not ids & set(category.lineage[:-1])]


def _heading(count: int, user: User) -> str:
    if not count:
        return _("Inget behöver dig i dag, %(name)s") % {"name": user.first_name}
    text = ngettext(
        "%(count)s sak behöver dig i dag, %(name)s", "%(count)s saker behöver dig i dag, %(name)s", count
    )
    return text % {"count": spelled_first(count), "name": user.first_name}


def _language() -> str:
    return get_language() or "sv"


def _kr(amount: Decimal, decimals: int = 2) -> str:
    return formatting.kr(amount, decimals, language=_language())


def _day(day: date) -> str:
    return formatting.day(day, timezone.localdate(), language=_language())


def _queue_task(user: User, at: datetime, *, is_head: bool) -> list[Task]:
    """The queue; the head's needs without a category are a task of their own."""
    day = timezone.localdate(at)
    lines = queue_of(user, day).filter(status=LineStatus.AWAITING)
    if is_head:
        lines = lines.exclude(routing_rule=RoutingRule.TRIAGE)
    waiting = lines.aggregate(
        count=models.Count("pk"),
        overdue=models.Count("pk", filter=models.Q(response_due_date__lt=day)),
        oldest=models.Min("response_due_date"),
        amount=models.Sum("amount", default=ZERO),
    )
    if not waiting["count"]:
        return []
    total = _("Tillsammans %(amount)s.") % {"amount": _kr(waiting["amount"])}
    if waiting["overdue"]:
        late = ngettext(
            "%(count)s har passerat svarstiden, som gick ut %(day)s.",
            "%(count)s har passerat svarstiden, den äldsta gick ut %(day)s.",
            waiting["overdue"],
        )
        text = late % {"count": spelled_first(waiting["overdue"]), "day": _day(waiting["oldest"])}
    else:
        text = _("Nästa svarsdag är %(day)s.") % {"day": _day(waiting["oldest"])}
    return [
        Task(
            figure=str(waiting["count"]),
            title=ngettext("rad väntar på beslut", "rader väntar på beslut", waiting["count"]),
            text=f"{text} {total}",
            url=reverse("procurement:queue"),
            button=_("Öppna kön"),
            needs=bool(waiting["overdue"]),
        )
    ]


def _attest_task(user: User) -> list[Task]:
    waiting = (
        BudgetAttest.objects.awaiting(user)
        .order_by()
        .aggregate(count=models.Count("pk"), amount=models.Sum("amount", default=ZERO))
    )
    if not waiting["count"]:
        return []
    return [
        Task(
            figure=str(waiting["count"]),
            title=ngettext(
                "beställning väntar på attest", "beställningar väntar på attest", waiting["count"]
            ),
            text=_("Tillsammans %(amount)s.") % {"amount": _kr(waiting["amount"])},
            url=reverse("procurement:attests"),
            button=_("Attestera"),
        )
    ]


def _agreement_tasks(views: Iterable[Outlook], day: date) -> list[Task]:
    """Agreements whose ceiling, term or last day to give notice is near: one task each, whatever is near of it."""
    tasks = []
    for view in views:
        if view.ceiling_needs_you:
            tasks.append(_ceiling_task(view, day))
        elif view.ends_soon:
            tasks.append(_ending_task(view, day))
    return tasks


def _ceiling_task(view: Outlook, day: date) -> Task:
    agreement = view.agreement
    text = _("%(amount)s kvar.") % {"amount": _kr(agreement.remaining_amount, 0)}
    if view.ceiling_date is not None:
        until = formatting.short_day(view.ceiling_date, day, language=_language())
        text += " " + _("I nuvarande takt räcker det till %(day)s. Därefter stoppas nya rader.") % {
            "day": until
        }
    if view.ends_soon:
        text += " " + _term_text(view, day)
    return Task(
        figure=formatting.percent(agreement.used_percent, 0, language=_language()),
        title=_("av taket för %(title)s är använt") % {"title": agreement.title},
        text=text,
        url=agreement.get_absolute_url(),
        button=_("Se avtalet"),
        needs=agreement.used_percent >= ALMOST_FULL
        or view.ceiling_date is not None
        or _days_left(view, day) <= URGENT_DAYS,
    )


def _ending_task(view: Outlook, day: date) -> Task:
    agreement, days = view.agreement, _days_left(view, day)
    if view.notice_date is not None and view.notice_date >= day:
        title = ngettext(
            "dag kvar att ge besked om avtalet %(title)s",
            "dagar kvar att ge besked om avtalet %(title)s",
            days,
        )
    else:
        title = ngettext("dag kvar på avtalet %(title)s", "dagar kvar på avtalet %(title)s", days)
    return Task(
        figure=str(days),
        title=title % {"title": agreement.title},
        text=_term_text(view, day),
        url=agreement.get_absolute_url(),
        button=_("Se avtalet"),
        needs=days <= URGENT_DAYS,
    )


def _days_left(view: Outlook, day: date) -> int:
    """Days until notice must be given, or until the term ends when that day has passed."""
    last = (
        view.notice_date
        if view.notice_date is not None and view.notice_date >= day
        else view.agreement.end_date
    )
    return (last - day).days


def _term_text(view: Outlook, day: date) -> str:
    agreement = view.agreement
    facts = {
        "number": formatting.order_number(agreement.number),
        "end": formatting.short_day(agreement.end_date, day, language=_language()),
        "months": agreement.option_months,
    }
    text = _("%(number)s gäller till och med %(end)s.") % facts
    if agreement.option_months:
        text += " " + _("Det kan förlängas %(months)s månader.") % facts
    else:
        text += " " + _("Det kan inte förlängas.")
    if view.notice_date is not None and view.notice_date >= day:
        text += " " + _("Besked senast %(day)s.") % {"day": _day(view.notice_date)}
    return text


def _late_task(posts: Sequence[int] | None, day: date) -> list[Task]:
    """Deliveries that should have come, under the categories that she answers for today."""
    deliveries = Allocation.objects.filter(
        order_line__order__status=OrderStatus.SENT,
        order_line__expected_date__lt=day,
        received_quantity__lt=models.F("quantity"),
        line__status__in=DELIVERABLE,
    )
    if posts is not None:
        deliveries = deliveries.filter(line__category__lineage__overlap=list(posts))
    late = deliveries.aggregate(
        count=models.Count("line", distinct=True),
        suppliers=models.Count("order_line__order__supplier", distinct=True),
        oldest=models.Min("order_line__expected_date"),
    )
    if not late["count"]:
        return []
    suppliers = ngettext("%(count)s leverantör", "%(count)s leverantörer", late["suppliers"]) % {
        "count": spelled(late["suppliers"])
    }
    return [
        Task(
            figure=str(late["count"]),
            title=ngettext("rad har inte levererats i tid", "rader har inte levererats i tid", late["count"]),
            text=_("Från %(suppliers)s. Den äldsta skulle ha kommit %(day)s.")
            % {"suppliers": suppliers, "day": _day(late["oldest"])},
            url=f"{reverse('procurement:orders')}?visa=forsenade",
            button=_("Se ordrarna"),
            needs=False,
        )
    ]


def _head_tasks(user: User, late_queues: Sequence[LateQueue], day: date) -> list[Task]:
    tasks = []
    triage = queue_of(user, day).filter(routing_rule=RoutingRule.TRIAGE, status=LineStatus.AWAITING).count()
    if triage:
        tasks.append(
            Task(
                figure=str(triage),
                title=ngettext("behov saknar kategori", "behov saknar kategori", triage),
                text=_("Ge dem en kategori, så hamnar de hos den som ansvarar."),
                url=f"{reverse('procurement:queue')}?visa=fritext",
                button=_("Fördela"),
            )
        )
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
    orphans = orphan_count(day)
    if orphans:
        tasks.append(
            Task(
                figure=str(orphans),
                title=ngettext("kategori saknar ansvarig", "kategorier saknar ansvarig", orphans),
                text=_("Behov i dem går till dig tills någon har utsetts."),
                url=reverse("categories:assignments"),
                button=_("Se vem som ansvarar"),
            )
        )
    return tasks


def orphan_count(day: date) -> int:
    """Leaf categories for which nobody answers that day, neither on the leaf nor above it."""
    attended = CategoryAssignment.objects.filter(valid_during__contains=day).values("category")
    return Category.objects.leaves().exclude(lineage__overlap=ArraySubquery(attended)).count()


def _late_queues(day: date) -> list[LateQueue]:
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


def _agreements(posts: Sequence[int] | None, day: date) -> list[Agreement]:
    """Agreements in force under the categories that she answers for today; all for the head of procurement."""
    agreements = Agreement.objects.valid_on(day).select_related("supplier", "category")
    if posts is not None:
        agreements = agreements.filter(category__lineage__overlap=list(posts))
    return list(agreements.in_order())


def _pace(agreements: Sequence[Agreement], day: date) -> dict[int, Decimal]:
    """Kronor per day under each agreement, over the last ninety days."""
    rows = (
        RequisitionLine.objects.filter(
            approved_agreement__in=[agreement.pk for agreement in agreements],
            status__in=COMMITTED,
            decided_at__date__gt=day - timedelta(days=PACE_DAYS),
        )
        .values("approved_agreement")
        .annotate(amount=models.Sum("approved_amount"))
        .order_by("approved_agreement")
    )
    return {row["approved_agreement"]: row["amount"] / PACE_DAYS for row in rows}


def _term(view: Outlook, day: date) -> Term:
    """One agreement on the time axis."""
    agreement = view.agreement
    urgent, text = "", formatting.short_day(view.start_by, day, language=_language())
    if view.start_by <= day:
        urgent = _("Nu.") + " "
        text = (
            _("Taket nås %(day)s.") % {"day": _day(view.ceiling_date)}
            if view.ceiling_date
            else _("Avtalet slutar %(day)s.")
            % {"day": formatting.short_day(agreement.end_date, day, language=_language())}
        )
    return Term(
        label=agreement.title,
        sub=f"{formatting.order_number(agreement.number)}, {agreement.supplier.name}",
        url=agreement.get_absolute_url(),
        starts=agreement.valid_during.lower or day,
        ends=agreement.end_date,
        option_ends=view.option_end,
        ceiling_on=view.ceiling_date,
        start_by=view.start_by,
        urgent=urgent,
        text=text,
    )
