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
from catalog.scanning import Scanned, scan_result
from catalog.search import LONGEST_QUERY, search_items
from catalog.search import SearchQuery as Words
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
from shop.forms.templates import QuantityNotUnderstood, TemplateForm, reminder_of, wishes_from_post
from shop.habits import department_purchases
from shop.picking import ListEntry, Typed, pick_rows
from shop.views.again import tell
from shop.views.departments import OrdersForNobody, department_choice

SUGGESTED = 6


def _visible_template(request: PersonRequest, pk: int) -> OrderTemplate:
    """The template, if it is of a department in which the person has a role."""
    visible = OrderTemplate.objects.visible_to(request.user, timezone.localdate())
    related = ("department__activity", "delivery_place", "changed_by", "filled_by")
    return get_object_or_404(visible.select_related(*related), pk=pk)


@require_safe
def template_list(request: PersonRequest) -> HttpResponse:
    """List the templates of the department that is ordered for."""
    day = timezone.localdate()
    department = department_choice(request).department
    visible = OrderTemplate.objects.visible_to(request.user, day).filter(department=department)
    order_templates = (
        visible.in_order().select_related("filled_by").prefetch_related("lines", "keepers__person")
    )
    context = {"department": department, "templates": [(each, reminder_of(each)) for each in order_templates]}
    return render(request, "shop/lists/templates.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def template(request: PersonRequest, pk: int) -> HttpResponse:
    """Look at a template as it is today, and put what is chosen of it in the basket."""
    at = timezone.now()
    day = timezone.localdate(at)
    order_template = _visible_template(request, pk)
    lines = list(
        order_template.lines.select_related("item__category")
        .defer("item__search_vector")
        .order_by("position")
    )
    typed_rows, reason = None, ""
    if request.method == "POST":
        try:
            wishes = wishes_from_post(request.POST, [line.item for line in lines])
            basket = baskets.open_basket(department=order_template.department, by=request.user, at=at)
            copied = templates.fill_from_template(
                template=order_template, basket=basket, wishes=wishes, by=request.user, at=at
            )
        except QuantityNotUnderstood as refusal:
            typed_rows, reason = Typed.read(request.POST), str(refusal)
        except DomainError as refusal:
            return refuse(request, refusal, back=address_of(order_template))
        else:
            tell(request, copied, day=day)
            request.session["department"] = order_template.department_id
            return redirect("shop:basket")
    verdict = can_order_anew_for(request.user, order_template.department, at=at)
    cart = cart_of(request.user, order_template.department if verdict else None)
    rows = pick_rows(
        [ListEntry(line.item, Decimal(line.quantity), line.unit) for line in lines],
        department=order_template.department,
        day=day,
        usual={},
        basket_lines=cart.lines,
        is_chosen=True,
    )
    rows = typed_rows.beside(rows) if typed_rows else rows
    context = {
        "template": order_template,
        "refused": reason,
        "reminder": reminder_of(order_template),
        "address": address_of(order_template),
        "rows": rows,
        "total": sum((row.amount for row in rows if row.is_chosen), Decimal(0)),
        "keepers": [each.person for each in order_template.keepers.select_related("person").order_by("pk")],
        "verdict": verdict,
        "cart": cart,
        "department": order_template.department if verdict else None,
    }
    return render(request, "shop/lists/template.html", context, status=422 if reason else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def make(request: PersonRequest) -> HttpResponse:
    """Make a template: of the basket, of an earlier order, of the favourites, or by hand."""
    at = timezone.now()
    department = department_choice(request).department
    if department is None:
        return refuse(request, OrdersForNobody(), back=reverse("shop:templates"))
    source = (request.POST if request.method == "POST" else request.GET).get("fran", "")[:40]
    entries, title = _source_entries(request, source, department)
    posted = request.POST if request.method == "POST" else None
    form = TemplateForm(posted, department=department, day=timezone.localdate(at), initial={"name": title})
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            wishes = [Wish(each.item, each.quantity or Decimal(1), each.unit) for each in entries]
            try:
                order_template = templates.make_template(
                    department=department, facts=form.facts, wishes=wishes, by=request.user, at=at
                )
            except DomainError as refusal:
                form.add_error(None, str(refusal))
                status = status_of(refusal)
            else:
                messages.success(request, _("Mallen %(name)s är sparad.") % {"name": order_template})
                return redirect("shop:template" if entries else "shop:template_change", order_template.pk)
    context = {"form": form, "department": department, "wanted": entries, "source": source}
    return render(request, "shop/lists/make.html", context, status=status)


def _source_entries(
    request: PersonRequest, source: str, department: Department
) -> tuple[list[ListEntry], str]:
    """What a new template is made of, and what it may be called."""
    if source == "korg":
        lines = [line for line in cart_of(request.user, department).lines if line.item]
        return [ListEntry(line.item, Decimal(line.quantity), line.unit) for line in lines if line.item], ""
    if source == "favoriter":
        quantity_by_item = {
            each.item_id: each for each in department_purchases(department, day=timezone.localdate())
        }
        pairs = [(item, quantity_by_item.get(item.pk)) for item in favourite_items(request.user)]
        return [
            ListEntry(item, each.quantity, each.unit) if each else ListEntry(item) for item, each in pairs
        ], ""
    if source:
        visible = Requisition.objects.visible_to(request.user).submitted()
        earlier = get_object_or_404(visible, number=source)
        quantity_by_key: dict[tuple[Item, str], Decimal] = {}
        items = earlier.lines.live().filter(item__isnull=False).select_related("item__category")
        for line in items.order_by("position", "pk"):
            if line.item is not None:
                key = (line.item, line.unit)
                quantity_by_key[key] = quantity_by_key.get(key, Decimal(0)) + line.quantity
        title = _("Som beställning %(number)s") % {"number": formatting.order_number(earlier.number)}
        return [ListEntry(item, quantity, unit) for (item, unit), quantity in quantity_by_key.items()], title
    return [], ""


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: PersonRequest, pk: int) -> HttpResponse:
    """Change what a template says and holds; items are added by number, by what is scanned, or by their name."""
    at = timezone.now()
    day = timezone.localdate(at)
    order_template = _visible_template(request, pk)
    verdict = can_order_anew_for(request.user, order_template.department, at=at)
    if not verdict:
        return refuse(request, str(verdict.refusal), back=address_of(order_template), status=403)
    lines = (
        order_template.lines.select_related("item__category")
        .defer("item__search_vector")
        .order_by("position")
    )
    entries = [ListEntry(line.item, Decimal(line.quantity), line.unit) for line in lines]
    form = TemplateForm(
        request.POST if request.method == "POST" else None,
        department=order_template.department,
        day=day,
        template=order_template,
    )
    suggested: Sequence[Item] = []
    status, typed_rows = 200, None
    text = request.POST.get("ny", "").strip()[:LONGEST_QUERY]
    if form.is_bound:
        status = 422
        entries = _listed(request, entries)
        try:
            entries = _entries_from_post(request, entries)
            added = _picked_item(request, text)
            suggested = [] if added or not text else _suggestions(text)
            is_there = added is not None and added.item.pk in {each.item.pk for each in entries}
            if added and not is_there:
                entries.append(ListEntry(added.item, Decimal(1), added.unit))
            if form.is_valid() and (added or not text):
                templates.change_template(
                    template=order_template,
                    version=whole_number(request.POST.get("version", "")) or 0,
                    facts=form.facts,
                    wishes=[Wish(each.item, each.quantity or Decimal(1), each.unit) for each in entries],
                    by=request.user,
                    at=at,
                )
                if is_there and added:
                    messages.info(request, _("%(item)s står redan i mallen.") % {"item": added.item})
                if text or "add" in request.POST or "up" in request.POST or "down" in request.POST:
                    return redirect(f"{reverse('shop:template_change', args=[pk])}#ny")
                messages.success(request, _("Mallen %(name)s är sparad.") % {"name": form.facts.name})
                return redirect(address_of(order_template))
            text = "" if added else text
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            status = status_of(refusal)
            typed_rows = Typed.read(request.POST) if isinstance(refusal, QuantityNotUnderstood) else None
    rows = pick_rows(entries, department=order_template.department, day=day, usual={})
    rows = typed_rows.beside(rows) if typed_rows else rows
    context = {
        "template": order_template,
        "form": form,
        "rows": rows,
        "asked": text,
        "suggested": suggested,
        "removed": request.POST.getlist("bort") if typed_rows else (),
        "version": request.POST.get("version", order_template.version),
        "department": order_template.department,
    }
    return render(request, "shop/lists/change.html", context, status=status)


def _listed(request: PersonRequest, entries: Sequence[ListEntry]) -> list[ListEntry]:
    """The items that stood on the page, in its order."""
    numbers = request.POST.getlist("row")[:MOST_WISHES]
    entry_by_number = {each.item.number: each for each in entries}
    missing = [number for number in numbers if number not in entry_by_number]
    items = Item.objects.filter(number__in=missing).select_related("category").defer("search_vector")
    entry_by_number |= {item.number: ListEntry(item) for item in items}
    return [entry_by_number[number] for number in dict.fromkeys(numbers) if number in entry_by_number]


def _entries_from_post(request: PersonRequest, listed: Sequence[ListEntry]) -> list[ListEntry]:
    """The items as they were typed: numbers beside them, those taken out left out, one moved a step."""
    posted = request.POST.copy()
    numbers = [each.item.number for each in listed]
    posted.setlist("pick", [number for number in numbers if number not in request.POST.getlist("bort")])
    posted.pop("all", None)
    items = [each.item for each in listed]
    rows = [ListEntry(wish.item, wish.quantity, wish.unit) for wish in wishes_from_post(posted, items)]
    for name, step in (("up", -1), ("down", 1)):
        place = next((i for i, each in enumerate(rows) if each.item.number == request.POST.get(name)), None)
        if place is not None and 0 <= place + step < len(rows):
            rows[place], rows[place + step] = rows[place + step], rows[place]
    return rows


def _picked_item(request: PersonRequest, text: str) -> Scanned | None:
    """The item that was picked among suggestions, or whose number or code was typed."""
    code = request.POST.get("add", "")[:20] or text
    return scan_result(code) if code else None


def _suggestions(text: str) -> list[Item]:
    results = search_items(Words(text=text), day=timezone.localdate(), per_page=SUGGESTED)
    items = Item.objects.select_related("category").defer("search_vector").in_bulk(results.item_ids)
    return [items[pk] for pk in results.item_ids if pk in items]


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask once, and let go of a template for everybody."""
    order_template = _visible_template(request, pk)
    if request.method != "POST":
        return render(request, "shop/lists/remove.html", {"template": order_template})
    try:
        templates.remove_template(template=order_template, by=request.user, at=timezone.now())
    except DomainError as refusal:
        return refuse(request, refusal, back=address_of(order_template))
    messages.success(request, _("Mallen %(name)s är borttagen.") % {"name": order_template})
    return redirect("shop:templates")


@require_POST
def keep(request: PersonRequest, pk: int) -> HttpResponse:
    """Take upon oneself to be reminded of a template, or cease to."""
    order_template = _visible_template(request, pk)
    try:
        templates.keep_template(
            template=order_template, is_kept="sluta" not in request.POST, by=request.user, at=timezone.now()
        )
    except DomainError as refusal:
        return refuse(request, refusal, back=address_of(order_template))
    return redirect(address_of(order_template))
