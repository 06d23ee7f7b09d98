"""The first page: what does the department need, what waits for you, what is on its way."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, Max, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum, prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from core import formatting, units
from core.addresses import address_of
from core.compiled import compiled_once
from core.languages import current_language
from organizations.models import Department, User
from organizations.requests import PersonRequest
from procurement.conversation import consultations_waiting_for
from procurement.market import offers
from procurement.models import (
    LEFT,
    Allocation,
    Consultation,
    DecisionKind,
    LineDecision,
    RequisitionLine,
)
from procurement.names import name_of
from procurement.states import DELIVERABLE, LineStatus
from procurement.waiting import attests_to_give, deliveries_due
from shop.carts import cart_of
from shop.habits import CONSIDERED, department_purchases, latest_requisition, usual_items
from shop.recent import recent_lines, recently_ordered
from shop.views.departments import department_choice

MOST_OF_QUESTION = 160
"""So many characters of a question are shown."""
MOST_QUESTIONS = 5
MOST_DELIVERIES = 5
MOST_ON_THE_WAY = 8
MOST_LINES = 60
REJECTED_SHOWN = timedelta(days=7)
OPEN = [LineStatus.AWAITING, LineStatus.RETURNED, LineStatus.APPROVED, *DELIVERABLE]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for the person, and where she does it."""

    title: str
    text: str
    action: str
    url: str
    is_first: bool = False


@dataclass(frozen=True, slots=True)
class OnTheWay:
    """A line that is not here yet."""

    line: RequisitionLine
    day: date | None
    title: str
    text: str
    tag: str
    kind: str


@require_safe
def start(request: PersonRequest) -> HttpResponse:
    """The orderer's first page; those who order for nobody are led to their own."""
    at = timezone.now()
    day = timezone.localdate(at)
    department = department_choice(request).department
    if department is None:
        return redirect("home")
    lines = _open_lines(request.user, department, at=at)
    purchases = department_purchases(department, day=day)[:CONSIDERED]
    latest = recent_lines(request.user, department, day=day)
    prices = offers(
        {*(each.item_id for each in purchases), *(line.item_id for line in latest if line.item_id)},
        day=day,
        administrations=[department.administration_id],
    )
    context = {
        "department": department,
        "ordering": department_choice(request),
        "waiting": _waiting(request, department, lines, at=at),
        "on_the_way": [_on_the_way(line, day) for line in lines[:MOST_ON_THE_WAY]],
        "latest": latest_requisition(department),
        "habits": usual_items(purchases, prices, day=day, department_id=department.pk),
        "recent": recently_ordered(latest, prices, user=request.user, department=department, day=day),
        "cart": cart_of(request.user, department),
        "address": reverse("shop:start"),
    }
    return render(request, "shop/start.html", context)


def _open_lines(person: User, department: Department, *, at: datetime) -> list[RequisitionLine]:
    """What the department has asked for and not got, soonest first, what has no day last; with the questions about it."""
    lines = _open(person, department, timezone.localdate(at), at - REJECTED_SHOWN)
    questions = (
        LineDecision.objects.filter(kind=DecisionKind.RETURNED).select_related("by").order_by("-at", "-pk")
    )
    prefetch_related_objects(lines, Prefetch("decisions", questions))
    return lines


@compiled_once
def _open(
    person: User, department: Department, day: date, rejected_since: datetime
) -> QuerySet[RequisitionLine]:
    allocations = Allocation.objects.filter(line=OuterRef("pk")).order_by().values("line")
    remaining = Sum(LEFT)
    return (
        RequisitionLine.objects.visible_to(person, day)
        .filter(
            Q(status__in=OPEN) | Q(status=LineStatus.REJECTED, decided_at__gte=rejected_since),
            requisition__department=department,
        )
        .select_related(
            "requisition", "item", "approved_item", "responsible", "approved_supplier", "decided_by"
        )
        .annotate(
            expected=Subquery(allocations.annotate(day=Max("order_line__expected_date")).values("day")),
            remaining=Subquery(allocations.annotate(left=remaining).values("left")),
        )
        .order_by(F("expected").asc(nulls_last=True), "-submitted_at", "pk")[:MOST_LINES]
    )


def _waiting(
    request: PersonRequest, department: Department, lines: list[RequisitionLine], *, at: datetime
) -> list[Waiting]:
    """Questions first, then deliveries that should be here, then attests."""
    language = current_language()
    zone = timezone.get_current_timezone()
    entries: list[Waiting] = []
    for line in [line for line in lines if line.status == LineStatus.RETURNED][:MOST_QUESTIONS]:
        question = next(iter(line.decisions.all()), None)
        if question is None:
            continue
        moment_text = formatting.moment(question.at, at, zone, language=language)
        title = _("%(name)s har en fråga om %(what)s") % {
            "name": question.by.full_name,
            "what": _with_small_letter(name_of(line)),
        }
        text = _("%(question)s Frågan kom %(when)s.") % {
            "question": _shortened(question.comment),
            "when": moment_text,
        }
        url = f"{address_of(line.requisition)}#fraga-{line.pk}"
        entries.append(Waiting(title, text, _("Svara"), url, is_first=not entries))
    for line in [line for line in lines if line.is_asked_about_price][:MOST_QUESTIONS]:
        title = _("Priset på %(what)s har stigit") % {"what": _with_small_letter(name_of(line))}
        text = _("Från %(before)s till %(after)s. Raden väntar på ett ja eller nej.") % {
            "before": formatting.unit_price(line.shown_unit_price, language=language),
            "after": formatting.unit_price(line.asked_unit_price, language=language),
        }
        url = f"{address_of(line.requisition)}#pris-{line.pk}"
        entries.append(Waiting(title, text, _("Svara"), url, is_first=not entries))
    entries += [_due_delivery(each, at=at) for each in _due_deliveries(department, timezone.localdate(at))]
    for consultation in _open_consultations(request.user):
        message = consultation.message
        title = _("%(name)s vill veta vad du säger om %(what)s") % {
            "name": message.by.full_name,
            "what": _with_small_letter(name_of(message.line)),
        }
        url = reverse("shop:conversation", args=[message.line_id])
        entries.append(Waiting(title, _shortened(message.text), _("Svara"), url, is_first=not entries))
    attests = attests_to_give(request.user, timezone.localdate(at)).count()
    if attests:
        title = ngettext(
            "%(count)s beställning väntar på din attest",
            "%(count)s beställningar väntar på din attest",
            attests,
        )
        entries.append(
            Waiting(
                title % {"count": attests},
                _("Beslut och attest sker samtidigt."),
                _("Attestera"),
                reverse("desk:attests"),
            )
        )
    return entries


@compiled_once
def _open_consultations(person: User) -> QuerySet[Consultation]:
    return consultations_waiting_for(person)[:MOST_QUESTIONS]


def _due_deliveries(department: Department, day: date) -> list[dict[str, object]]:
    """Orders that should have come by now, one row each."""
    rows = (
        deliveries_due([department.pk], day)
        .values(
            number=F("order_line__order__number"),
            supplier=F("order_line__order__supplier__name"),
            place=F("order_line__order__delivery_place__name"),
        )
        .annotate(
            expected=Max("order_line__expected_date"),
            rows=Sum(1),
            quantity=Sum(LEFT),
            what=Max("order_line__description"),
            english=Max("order_line__item__name_en"),
            size=Max("order_line__item__size"),
            unit=Max("order_line__unit"),
        )
        .order_by("expected", "number")
    )
    return [dict(row) for row in rows[:MOST_DELIVERIES]]


def _due_delivery(row: dict[str, object], *, at: datetime) -> Waiting:
    language = current_language()
    name = str(row["what"])
    if row["english"] and language.startswith("en"):
        name = f"{row['english']}, {row['size']}" if row["size"] else str(row["english"])
    if row["rows"] == 1:
        what = f"{units.quantity_text(row['quantity'], str(row['unit']), language=language)} {_with_small_letter(name)}"  # type: ignore[arg-type]
    else:
        rows: Any = row["rows"]
        what = ngettext("%(count)s rad", "%(count)s rader", rows) % {
            "count": formatting.in_words(rows, language=language)
        }
    title = _("%(supplier)s skulle ha lämnat %(what)s") % {"supplier": row["supplier"], "what": what}
    when = formatting.day(row["expected"], timezone.localdate(at), language=language)  # type: ignore[arg-type]
    text = _("Till %(place)s %(when)s. Räkna och kvittera så att fakturan kan betalas.") % {
        "place": row["place"],
        "when": when,
    }
    return Waiting(title, text, _("Ta emot"), f"{reverse('shop:receive')}?order={row['number']}")


def _on_the_way(line: RequisitionLine, day: date) -> OnTheWay:
    """Say what comes, from whom, and whether it is late."""
    language = current_language()
    expected: date | None = line.expected  # type: ignore[attr-defined]
    remaining = line.remaining if line.status == LineStatus.PARTLY_RECEIVED else line.coming_quantity  # type: ignore[attr-defined]
    what = _with_small_letter(str(line.approved_item) if line.approved_item else name_of(line))
    title = f"{units.quantity_text(remaining, line.approved_unit or line.unit, language=language)} {what}"
    number = formatting.order_number(line.requisition.number)
    responsible = line.responsible.full_name if line.responsible else ""
    if line.status in DELIVERABLE:
        supplier = line.approved_supplier.name if line.approved_supplier else ""
        text = (
            _("Rest från beställning %(number)s")
            if line.status == LineStatus.PARTLY_RECEIVED
            else _("%(supplier)s, beställning %(number)s")
        )
        if expected is not None and expected < day:
            late = ngettext("Försenad %(count)s dag", "Försenad %(count)s dagar", (day - expected).days)
            return OnTheWay(
                line,
                expected,
                title,
                text % {"supplier": supplier, "number": number},
                late % {"count": (day - expected).days},
                "late",
            )
        return OnTheWay(
            line, expected, title, text % {"supplier": supplier, "number": number}, _("På väg"), "truck"
        )
    if line.status == LineStatus.RETURNED:
        return OnTheWay(
            line,
            None,
            title,
            _("Hos er för svar, beställning %(number)s") % {"number": number},
            _("Fråga till dig"),
            "question",
        )
    if line.status == LineStatus.APPROVED:
        zone = timezone.get_current_timezone()
        due = line.order_due_at
        tag = (
            _("Beställs snart")
            if due is None
            else _("Beställs kl. %(clock)s") % {"clock": formatting.clock(due, zone)}
        )
        return OnTheWay(
            line,
            timezone.localdate(due) if due else None,
            title,
            _("Godkänd, beställning %(number)s") % {"number": number},
            tag,
            "done",
        )
    if line.status == LineStatus.REJECTED:
        decider = line.decided_by.full_name if line.decided_by else ""
        text = _("%(name)s avslog, beställning %(number)s") % {"name": decider, "number": number}
        return OnTheWay(line, None, title, text, _("Avslagen"), "stopped")
    text = _("Hos %(name)s, beställning %(number)s") % {"name": responsible, "number": number}
    if line.response_due_date is not None and line.response_due_date < day:
        return OnTheWay(line, None, title, text, _("Svaret dröjer"), "late")
    return OnTheWay(line, None, title, text, _("Prövas"), "half")


def _with_small_letter(text: str) -> str:
    """As the words stand in the middle of a sentence, abbreviations left alone."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _shortened(text: str) -> str:
    """As many whole sentences as there is room for; a sentence that is longer than that is cut between words."""
    text = " ".join(text.split())
    if len(text) > MOST_OF_QUESTION:
        within = text[: MOST_OF_QUESTION + 1]
        ends = max(within.rfind(f"{sign} ") for sign in ".?!")
        text = text[: ends + 1] if ends > 0 else within[:-2].rsplit(" ", 1)[0] + " …"
    return text if text.endswith((".", "?", "!", "…")) else f"{text}."
