"""What comes to the goods reception: late, today, this week; and scanning to find it and to count it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Count, F, Max, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog.scanning import LONGEST_CODE, scan_result
from core.components import Link
from core.devices import with_camera
from core.numbers import whole_number
from core.ordering import swedish_key
from organizations.requests import PersonRequest
from procurement.models import Allocation, Complaint
from shop.scans import is_last_part, marked_number, order_number
from shop.views.receipts import MOST_ROWS, allocations_of, departments_of

MOST_DELIVERIES = 300
DAYS_AHEAD = 7


@dataclass(slots=True)
class Arrival:
    """One order's goods to one department, on one day."""

    number: str
    supplier: str
    place: str
    place_id: int
    department: str
    expected: date
    rows: int
    late_days: int
    asked: date | None
    """The other day that the supplier is asked for, and has not answered about."""

    @property
    def url(self) -> str:
        """Where it is received."""
        return f"{reverse('shop:receive')}?{urlencode({'order': self.number})}"


@dataclass(slots=True)
class Part:
    """The deliveries of one time."""

    title: str
    is_late: bool = False
    arrivals: list[Arrival] = field(default_factory=list)


@with_camera
@require_safe
def reception(request: PersonRequest) -> HttpResponse:
    """Show what is to come, by day and place, soonest first."""
    day = timezone.localdate()
    arrivals = _arrivals(request, day)
    places = {each.place_id: each for each in arrivals}
    chosen = whole_number(request.GET.get("plats", ""))
    shown_arrivals = [each for each in arrivals if chosen is None or each.place_id == chosen]
    complaints = Complaint.objects.open().filter(
        receipt_line__allocation__line__requisition__department__in=departments_of(request),
        due_date__lte=day,
    )
    context = {
        "parts": _parts(shown_arrivals, day),
        "today_count": sum(each.expected <= day for each in shown_arrivals),
        "places": _chips(places.values(), chosen, arrivals),
        "complaints": complaints.for_display(),
        "day": day,
    }
    return render(request, "shop/reception.html", context)


def _arrivals(request: PersonRequest, day: date) -> list[Arrival]:
    """Goods that are late or come within the week, one row for each order, department and day: one query."""
    rows = (
        allocations_of(request)
        .filter(order_line__expected_date__lte=day + timedelta(days=DAYS_AHEAD))
        .exclude(line__kind="service")
        .order_by()
        .values(
            number=F("order_line__order__number"),
            supplier=F("order_line__order__supplier__name"),
            place=F("order_line__order__delivery_place__name"),
            place_id=F("order_line__order__delivery_place"),
            department=F("line__requisition__department__name"),
            expected=F("order_line__expected_date"),
        )
        .annotate(asked=Max("order_line__asked_date"), rows=Count("pk"))
        .order_by("expected", "number", "department")[:MOST_DELIVERIES]
    )
    return [Arrival(**row, late_days=(day - row["expected"]).days) for row in rows]


def _parts(arrivals: list[Arrival], day: date) -> list[Part]:
    late, today, later = Part(_("Skulle ha kommit"), is_late=True), Part(_("I dag")), Part(_("Inom en vecka"))
    for each in arrivals:
        part = late if each.expected < day else today if each.expected == day else later
        part.arrivals.append(each)
    return [part for part in (late, today, later) if part.arrivals]


def _chips(places: Iterable[Arrival], chosen: int | None, arrivals: list[Arrival]) -> list[Link]:
    """One for each place, when there are several."""
    sorted_places = sorted(places, key=lambda each: (swedish_key(each.department), swedish_key(each.place)))
    if len(sorted_places) < 2:
        return []
    links = [Link(_("Alla platser"), "?", len(arrivals), is_current=chosen is None)]
    for each in sorted_places:
        count = sum(other.place_id == each.place_id for other in arrivals)
        label = f"{each.place}, {each.department}"
        links.append(Link(label, f"?plats={each.place_id}", count, is_current=chosen == each.place_id))
    return links


@require_safe
def scan(request: PersonRequest) -> HttpResponse:
    """
    Find what a code is of: an order's number opens it, and so does the marking that the order asks for; an item's code opens its
    delivery and counts one of it.

    What has been scanned stands in the address, so that it works without script, and a page that is read again counts
    nothing twice.
    """
    code = request.GET.get("kod", "").strip()[:LONGEST_CODE]
    open_number = request.GET.get("order", "")
    scanned_numbers = request.GET.getlist("skannat")[: MOST_ROWS - 1]
    allocations = allocations_of(request)
    numbers = _orders_named(allocations, code) if code else []
    if len(numbers) == 1:
        (number,) = numbers
        return redirect(_address(number, [] if number != open_number else scanned_numbers))
    if numbers:
        return redirect(f"{reverse('shop:receive')}?{urlencode({'bestallning': marked_number(code)})}")
    match = scan_result(code) if code else None
    if match is None:
        text = _("Ingen väntad leverans har koden %(code)s.") % {"code": code}
        messages.warning(request, text if code else _("Läs av eller skriv en kod."))
        return redirect(_address(open_number, scanned_numbers))
    within = allocations.filter(order_line__order__number=open_number) if open_number else allocations
    rows = within.filter(order_line__item=match.item)
    orders = _numbers_of(rows)
    if not orders:
        text = _(
            "%(item)s är inte beställd här. Notera den som avvikelse på ordern om den kom med leveransen."
        )
        messages.warning(request, text % {"item": match.item})
        return redirect(_address(open_number, scanned_numbers))
    if len(orders) > 1:
        query = urlencode({"artikel": match.item.number, "skannat": match.item.number})
        return redirect(f"{reverse('shop:receive')}?{query}")
    units = set(rows.values_list("order_line__unit", flat=True))
    if match.is_unknown_pack or (match.unit and match.unit not in units):
        text = _("Koden är en annan förpackning av %(item)s än den beställda. Räkna och skriv antalet.")
        messages.warning(request, text % {"item": match.item})
        return redirect(_address(orders[0], scanned_numbers))
    return redirect(_address(orders[0], [*scanned_numbers, match.item.number]))


def _orders_named(allocations: QuerySet[Allocation], code: str) -> list[str]:
    """The numbers of the orders that a code names: by what their goods are marked with, by number, or by the end of one."""
    number, marked = order_number(code), marked_number(code)
    if marked and (marked_so := _numbers_of(allocations.filter(line__requisition__number=marked))):
        return marked_so
    is_named = (
        Q(order_line__order__number__endswith=f"-{number}")
        if is_last_part(number)
        else Q(order_line__order__number__in=[number, f"IO-{marked}"])
    )
    return _numbers_of(allocations.filter(is_named))[-1:]


def _numbers_of(allocations: QuerySet[Allocation]) -> list[str]:
    return sorted(set(allocations.values_list("order_line__order__number", flat=True)))


def _address(order: str, scanned_numbers: list[str]) -> str:
    if not order:
        return reverse("shop:reception")
    return f"{reverse('shop:receive')}?{urlencode({'order': order, 'skannat': scanned_numbers}, doseq=True)}"
