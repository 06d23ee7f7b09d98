"""Order by scanning: each code that is read puts one more in the basket."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalog.models import Item
from catalog.scanning import LONGEST_CODE, scan_result
from core import reader
from core.devices import with_camera
from core.errors import DomainError
from core.fragments import asks_for_part
from organizations.requests import PersonRequest
from procurement.operations import baskets, filling
from procurement.refusals import refuse, status_of
from shop.carts import cart_of
from shop.views.catalogue import row_context
from shop.views.departments import OrdersForNobody, department_choice

SHOWN = 8
SEARCH_FIELDS = ("katalog", "start")
"""Where a code was scanned into a search field."""


@with_camera
@require_http_methods(["GET", "HEAD", "POST"])
def scan(request: PersonRequest) -> HttpResponse:
    """Take a code from a scanner, a camera or the keyboard; a code that nothing has is said, and the next can be read."""
    at = timezone.now()
    department = department_choice(request).department
    if department is None:
        return refuse(request, OrdersForNobody(), back=reverse("shop:catalogue"))
    if request.method != "POST":
        return render(request, "shop/scanning/scan.html", _context(request))
    code = request.POST.get("kod", "").strip()[:LONGEST_CODE]
    match = scan_result(code) if code else None
    if match is None:
        text = (
            _("Ingen artikel har koden %(code)s.") % {"code": code}
            if code
            else _("Läs av eller skriv en kod.")
        )
        return _answer(request, {"refusal": text, "unknown": code}, status=422)
    item = match.item
    if match.is_unknown_pack:
        text = _(
            "Koden är en större förpackning av %(item)s, men det är inte registrerat vilken. Öppna artikeln och välj enhet."
        )
        return _answer(request, {"refusal": text % {"item": item}, "item": item}, status=422)
    try:
        basket = baskets.open_basket(department=department, by=request.user, at=at)
        line = filling.scan(basket=basket, item=item, unit=match.unit, by=request.user, at=at)
    except DomainError as refusal:
        return _answer(request, {"refusal": str(refusal), "item": item}, status=status_of(refusal))
    count = reader.counted(line.quantity, line.unit)
    sentence = _("%(item)s: %(count)s i korgen.") % {"item": item, "count": count}
    if not asks_for_part(request):
        messages.success(request, sentence)
        return redirect("shop:scan")
    context = {"sentence": sentence, "line": line, "item": item, "is_row_shown": _shows(request, item)}
    return _answer(request, {**row_context(request, item, at=at), **context})


def _shows(request: PersonRequest, item: Item) -> bool:
    """Whether the page that a code was scanned on shows the item's row, which is then to be drawn anew."""
    return f"artikel-{item.number}" in request.POST.get("rader", "").split()


def _answer(request: PersonRequest, context: dict[str, object], *, status: int = 200) -> HttpResponse:
    """Answer with the part under the field, or the whole page, in which the field is the first thing."""
    if not asks_for_part(request):
        return render(request, "shop/scanning/scan.html", _context(request) | context, status=status)
    view = request.POST.get("view", "")
    place = view if view in SEARCH_FIELDS else "skanna"
    page_context = context if place in SEARCH_FIELDS else _context(request) | context
    response = render(request, "shop/scanning/_scanned.html", page_context | {"place": place})
    response.status_code = 422 if status in (403, 503) else status
    return response


def _context(request: PersonRequest) -> dict[str, object]:
    """What lies in the basket, what was put there last first."""
    department = department_choice(request).department
    cart = cart_of(request.user, department)
    return {
        "department": department,
        "cart": cart,
        "latest": sorted(cart.lines, key=lambda line: -line.position)[:SHOWN],
        "place": "skanna",
    }
