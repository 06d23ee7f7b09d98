"""Order templates: the list, one to look at and put in the basket, made and changed, and let go of."""

from collections.abc import Sequence
from decimal import Decimal

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog.favourites import favourite_items
from catalog.models import Item
from catalog.scanning import Scanned, scanned
from catalog.search import LONGEST_QUERY, search_items
from catalog.search import Wanted as Words
from core import formatting
from core.addresses import address_of
from core.errors import DomainError
from core.numbers import whole_number
from organizations.models import Department
from organizations.requests import PersonRequest
from procurement.models import OrderTemplate, Requisition
from procurement.operations import baskets, templates
from procurement.operations.filling import MOST_WISHES, Wish
from procurement.permissions import can_order_anew_for
from procurement.refusals import refuse, status_of
from shop.carts import cart_of
from shop.forms.templates import QuantityNotUnderstood, TemplateForm, chosen, reminder_of
from shop.habits import remembered
from shop.picking import Typed, Wanted, picks
from shop.views.again import tell
from shop.views.departments import OrdersForNobody, ordering

SUGGESTED = 6


def _theirs(request: PersonRequest, pk: int) -> OrderTemplate:
    """The template, if it is of a department in which the person has a role."""
    visible = OrderTemplate.objects.visible_to(request.user, timezone.localdate())
    related = ("department__activity", "delivery_place", "changed_by", "filled_by")
    return get_object_or_404(visible.select_related(*related), pk=pk)


@require_safe
def template_list(request: PersonRequest) -> HttpResponse:
    """List the templates of the department that is ordered for."""
    day = timezone.localdate()
    department = ordering(request).department
    visible = OrderTemplate.objects.visible_to(request.user, day).filter(department=department)
    shown = visible.in_order().select_related("filled_by").prefetch_related("lines", "keepers__person")
    context = {"department": department, "templates": [(each, reminder_of(each)) for each in shown]}
    return render(request, "shop/lists/templates.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def template(request: PersonRequest, pk: int) -> HttpResponse:
    """Look at a template as it is today, and put what is chosen of it in the basket."""
    at = timezone.now()
    day = timezone.localdate(at)
    held = _theirs(request, pk)
    lines = list(
        held.lines.select_related("item__category").defer("item__search_vector").order_by("position")
    )
    typed, refused = None, ""
    if request.method == "POST":
        try:
            wishes = chosen(request.POST, [line.item for line in lines])
            basket = baskets.open_basket(department=held.department, by=request.user, at=at)
            copied = templates.fill_from_template(
                template=held, basket=basket, wishes=wishes, by=request.user, at=at
            )
        except QuantityNotUnderstood as refusal:
            typed, refused = Typed.read(request.POST), str(refusal)
        except DomainError as refusal:
            return refuse(request, refusal, back=address_of(held))
        else:
            tell(request, copied, day=day)
            request.session["department"] = held.department_id
            return redirect("shop:basket")
    verdict = can_order_anew_for(request.user, held.department, at=at)
    cart = cart_of(request.user, held.department if verdict else None)
    rows = picks(
        [Wanted(line.item, Decimal(line.quantity), line.unit) for line in lines],
        department=held.department,
        day=day,
        usual={},
        basket_lines=cart.lines,
        is_chosen=True,
    )
    rows = typed.beside(rows) if typed else rows
    context = {
        "template": held,
        "refused": refused,
        "reminder": reminder_of(held),
        "address": address_of(held),
        "rows": rows,
        "total": sum((row.amount for row in rows if row.is_chosen), Decimal(0)),
        "keepers": [each.person for each in held.keepers.select_related("person").order_by("pk")],
        "verdict": verdict,
        "cart": cart,
        "department": held.department if verdict else None,
    }
    return render(request, "shop/lists/template.html", context, status=422 if refused else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def make(request: PersonRequest) -> HttpResponse:
    """Make a template: of the basket, of an earlier order, of the favourites, or by hand."""
    at = timezone.now()
    department = ordering(request).department
    if department is None:
        return refuse(request, OrdersForNobody(), back=reverse("shop:templates"))
    source = (request.POST if request.method == "POST" else request.GET).get("fran", "")[:40]
    wanted, title = _source(request, source, department)
    posted = request.POST if request.method == "POST" else None
    form = TemplateForm(posted, department=department, day=timezone.localdate(at), initial={"name": title})
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            wishes = [Wish(each.item, each.quantity or Decimal(1), each.unit) for each in wanted]
            try:
                made = templates.make_template(
                    department=department, facts=form.facts, wishes=wishes, by=request.user, at=at
                )
            except DomainError as refusal:
                form.add_error(None, str(refusal))
                status = status_of(refusal)
            else:
                messages.success(request, _("Mallen %(name)s är sparad.") % {"name": made})
                return redirect("shop:template" if wanted else "shop:template_change", made.pk)
    context = {"form": form, "department": department, "wanted": wanted, "source": source}
    return render(request, "shop/lists/make.html", context, status=status)


def _source(request: PersonRequest, source: str, department: Department) -> tuple[list[Wanted], str]:
    """What a new template is made of, and what it may be called."""
    if source == "korg":
        lines = [line for line in cart_of(request.user, department).lines if line.item]
        return [Wanted(line.item, Decimal(line.quantity), line.unit) for line in lines if line.item], ""
    if source == "favoriter":
        usual = {each.item_id: each for each in remembered(department, day=timezone.localdate())}
        kept = [(item, usual.get(item.pk)) for item in favourite_items(request.user)]
        return [Wanted(item, each.quantity, each.unit) if each else Wanted(item) for item, each in kept], ""
    if source:
        visible = Requisition.objects.visible_to(request.user).submitted()
        earlier = get_object_or_404(visible, number=source)
        wanted: dict[tuple[Item, str], Decimal] = {}
        items = earlier.lines.live().filter(item__isnull=False).select_related("item__category")
        for line in items.order_by("position", "pk"):
            if line.item is not None:
                key = (line.item, line.unit)
                wanted[key] = wanted.get(key, Decimal(0)) + line.quantity
        title = _("Som beställning %(number)s") % {"number": formatting.order_number(earlier.number)}
        return [Wanted(item, quantity, unit) for (item, unit), quantity in wanted.items()], title
    return [], ""


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: PersonRequest, pk: int) -> HttpResponse:
    """Change what a template says and holds; items are added by number, by what is scanned, or by their name."""
    at = timezone.now()
    day = timezone.localdate(at)
    held = _theirs(request, pk)
    verdict = can_order_anew_for(request.user, held.department, at=at)
    if not verdict:
        return refuse(request, str(verdict.refusal), back=address_of(held), status=403)
    lines = held.lines.select_related("item__category").defer("item__search_vector").order_by("position")
    wanted = [Wanted(line.item, Decimal(line.quantity), line.unit) for line in lines]
    form = TemplateForm(
        request.POST if request.method == "POST" else None, department=held.department, day=day, template=held
    )
    suggested: Sequence[Item] = []
    status, typed = 200, None
    asked = request.POST.get("ny", "").strip()[:LONGEST_QUERY]
    if form.is_bound:
        status = 422
        wanted = _listed(request, wanted)
        try:
            wanted = _typed(request, wanted)
            added = _added(request, asked)
            suggested = [] if added or not asked else _suggestions(asked)
            is_there = added is not None and added.item.pk in {each.item.pk for each in wanted}
            if added and not is_there:
                wanted.append(Wanted(added.item, Decimal(1), added.unit))
            if form.is_valid() and (added or not asked):
                templates.change_template(
                    template=held,
                    version=whole_number(request.POST.get("version", "")) or 0,
                    facts=form.facts,
                    wishes=[Wish(each.item, each.quantity or Decimal(1), each.unit) for each in wanted],
                    by=request.user,
                    at=at,
                )
                if is_there and added:
                    messages.info(request, _("%(item)s står redan i mallen.") % {"item": added.item})
                if asked or "add" in request.POST or "up" in request.POST or "down" in request.POST:
                    return redirect(f"{reverse('shop:template_change', args=[pk])}#ny")
                messages.success(request, _("Mallen %(name)s är sparad.") % {"name": form.facts.name})
                return redirect(address_of(held))
            asked = "" if added else asked
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            status = status_of(refusal)
            typed = Typed.read(request.POST) if isinstance(refusal, QuantityNotUnderstood) else None
    rows = picks(wanted, department=held.department, day=day, usual={})
    rows = typed.beside(rows) if typed else rows
    context = {
        "template": held,
        "form": form,
        "rows": rows,
        "asked": asked,
        "suggested": suggested,
        "removed": request.POST.getlist("bort") if typed else (),
        "version": request.POST.get("version", held.version),
        "department": held.department,
    }
    return render(request, "shop/lists/change.html", context, status=status)


def _listed(request: PersonRequest, wanted: Sequence[Wanted]) -> list[Wanted]:
    """The items that stood on the page, in its order."""
    numbers = request.POST.getlist("row")[:MOST_WISHES]
    known = {each.item.number: each for each in wanted}
    missing = [number for number in numbers if number not in known]
    items = Item.objects.filter(number__in=missing).select_related("category").defer("search_vector")
    known |= {item.number: Wanted(item) for item in items}
    return [known[number] for number in dict.fromkeys(numbers) if number in known]


def _typed(request: PersonRequest, listed: Sequence[Wanted]) -> list[Wanted]:
    """The items as they were typed: numbers beside them, those taken out left out, one moved a step."""
    posted = request.POST.copy()
    numbers = [each.item.number for each in listed]
    posted.setlist("pick", [number for number in numbers if number not in request.POST.getlist("bort")])
    posted.pop("all", None)
    items = [each.item for each in listed]
    rows = [Wanted(wish.item, wish.quantity, wish.unit) for wish in chosen(posted, items)]
    for name, step in (("up", -1), ("down", 1)):
        place = next((i for i, each in enumerate(rows) if each.item.number == request.POST.get(name)), None)
        if place is not None and 0 <= place + step < len(rows):
            rows[place], rows[place + step] = rows[place + step], rows[place]
    return rows


def _added(request: PersonRequest, asked: str) -> Scanned | None:
    """The item that was picked among suggestions, or whose number or code was typed."""
    code = request.POST.get("add", "")[:20] or asked
    return scanned(code) if code else None


def _suggestions(asked: str) -> list[Item]:
    found = search_items(Words(text=asked), day=timezone.localdate(), per_page=SUGGESTED)
    items = Item.objects.select_related("category").defer("search_vector").in_bulk(found.item_ids)
    return [items[pk] for pk in found.item_ids if pk in items]


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask once, and let go of a template for everybody."""
    held = _theirs(request, pk)
    if request.method != "POST":
        return render(request, "shop/lists/remove.html", {"template": held})
    try:
        templates.remove_template(template=held, by=request.user, at=timezone.now())
    except DomainError as refusal:
        return refuse(request, refusal, back=address_of(held))
    messages.success(request, _("Mallen %(name)s är borttagen.") % {"name": held})
    return redirect("shop:templates")


@require_POST
def keep(request: PersonRequest, pk: int) -> HttpResponse:
    """Take upon oneself to be reminded of a template, or cease to."""
    held = _theirs(request, pk)
    try:
        templates.keep_template(
            template=held, is_kept="sluta" not in request.POST, by=request.user, at=timezone.now()
        )
    except DomainError as refusal:
        return refuse(request, refusal, back=address_of(held))
    return redirect(address_of(held))
