"""An item's own page."""

from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from assortment.decisions import decisions_about
from catalog.favourites import is_favourite
from catalog.models import DepartmentFavourite, Item, ItemCode
from catalog.permissions import can_illustrate, can_manage_item
from catalog.replacements import replacements_of
from catalog.states import VISIBLE, ItemStatus
from core.addresses import place
from organizations.requests import PersonRequest
from procurement.market import offers
from procurement.reasons import reason_of
from shop.carts import cart_of
from shop.habits import department_purchases
from shop.item_page import item_page
from shop.price_page import price_page
from shop.shelf import shelf
from shop.views.catalogue import cart_context
from shop.views.departments import department_choice


@require_safe
def item(request: PersonRequest, number: str) -> HttpResponse:
    """Everything about one item, and what the department has bought of it."""
    at = timezone.now()
    department = department_choice(request).department
    items = Item.objects.filter(status__in=[*VISIBLE, ItemStatus.RETIRED])
    codes = ItemCode.objects.filter(item=OuterRef("pk")).order_by("order_unit", "code")
    packs = ArraySubquery(codes.values(said=JSONObject(code="code", unit="order_unit")))
    thing = get_object_or_404(items.select_related("category__account").annotate(packs=packs), number=number)
    if thing.status == ItemStatus.RETIRED:
        return _retired_page(request, thing, day=timezone.localdate(at))
    cart = cart_of(request.user, department)
    day = timezone.localdate(at)
    times_by_item = {each.item_id: each.times for each in department_purchases(department, day=day)}
    administrations = [department.administration_id] if department else None
    prices = offers(
        {thing.pk, *(line.item_id for line in cart.lines if line.item_id)},
        day=day,
        administrations=administrations,
    )
    shelf_data = shelf(
        [thing.pk],
        user=request.user,
        department=department,
        at=at,
        bought=times_by_item,
        basket_lines=cart.lines,
        prices=prices,
        says_who_decides=True,
    )
    row = shelf_data.rows[0]
    context = {
        **cart_context(cart, shelf_data),
        "row": row,
        "is_favourite": is_favourite(request.user, thing),
        "is_shared": DepartmentFavourite.objects.filter(item=thing, department=department).exists(),
        "decider": reason_of(row.planned.route) if row.planned.route else "",
        "item": thing,
        "prices": price_page(thing, prices, row.planned.price, day=day, administrations=administrations),
        "shown": item_page(thing, user=request.user, department=department, at=at),
        "decisions": decisions_about(thing),
        "files_url": place("item_files", thing.number) if can_illustrate(request.user, thing, at=at) else "",
        "manage_url": place("item_life_cycle", thing.number)
        if can_manage_item(request.user, thing, at=at)
        else "",
        "department": department,
        "address": request.get_full_path(),
    }
    return render(request, "shop/catalogue/item.html", context)


def _retired_page(request: PersonRequest, thing: Item, *, day: date) -> HttpResponse:
    """What an old link to an item that has left leads to: what replaces it, and why it left."""
    context = {
        "item": thing,
        "replacement": replacements_of([thing], day=day).get(thing.pk),
        "decisions": decisions_about(thing),
    }
    return render(request, "shop/catalogue/item_gone.html", context, status=404)
