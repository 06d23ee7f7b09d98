"""Favourites on a page of their own: a person's, and the list that her department shares; many to the basket in one act."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from catalog.favourites import favourite_items
from catalog.models import DepartmentFavourite, Item
from catalog.operations import department_favourites as shared
from catalog.permissions import can_keep_list_of
from core.addresses import address_of
from core.errors import DomainError
from organizations.requests import PersonRequest
from procurement.operations import baskets, filling
from procurement.refusals import refuse
from shop.carts import cart_of
from shop.forms.templates import QuantityNotUnderstood, wishes_from_post
from shop.habits import department_purchases
from shop.picking import ListEntry, Pick, Typed, pick_rows
from shop.views.acts import return_address
from shop.views.again import tell
from shop.views.departments import OrdersForNobody, department_choice

SHARED, OWN = "enhetens", "egna"
"""The department's list and her own, as their forms are called."""


@require_safe
def favourites(request: PersonRequest) -> HttpResponse:
    """Show her own favourites and her department's list, to choose from."""
    return _page(request)


def _page(request: PersonRequest, refusal: str = "") -> HttpResponse:
    """
    The page of both lists.

    :param refusal: what of the list that was sent could not be read; it is shown as it was typed.
    """
    at = timezone.now()
    day = timezone.localdate(at)
    department = department_choice(request).department
    habit_by_item = {each.item_id: each for each in department_purchases(department, day=day)}
    cart = cart_of(request.user, department)
    own_items = favourite_items(request.user)
    shared_items = [each.item for each in _shared_favourites(request)]
    rows = pick_rows(
        [ListEntry(item) for item in [*shared_items, *own_items]],
        department=department,
        day=day,
        usual=habit_by_item,
        basket_lines=cart.lines,
    )
    lists = {SHARED: rows[: len(shared_items)], OWN: rows[len(shared_items) :]}
    sent_list = request.POST.get("lista", "")
    if refusal and sent_list in lists:
        lists[sent_list] = Typed.read(request.POST).beside(lists[sent_list])
    context = {
        "department": department,
        "cart": cart,
        "shared": lists[SHARED],
        "own": lists[OWN],
        "refused": refusal,
        "may_keep": department is not None and bool(can_keep_list_of(request.user, department, at=at)),
        "first": _first_box(rows, len(shared_items)) if department else "",
        "address": reverse("shop:favourites"),
    }
    return render(request, "shop/lists/favourites.html", context, status=422 if refusal else 200)


def _first_box(rows: list[Pick], shared_count: int) -> str:
    """Where the keyboard can leap to: the box of the first item that can be chosen, in the department's list or in hers."""
    boxes = (
        f"{SHARED if number < shared_count else OWN}-{row.item.number}"
        for number, row in enumerate(rows)
        if row.kept.can_be_added
    )
    return next(boxes, "")


def _shared_favourites(request: PersonRequest) -> list[DepartmentFavourite]:
    """What stands on the list of the department that is ordered for: one query."""
    department = department_choice(request).department
    if department is None:
        return []
    rows = DepartmentFavourite.objects.filter(department=department).in_order()
    return list(rows.select_related("item__category").defer("item__search_vector"))


@require_POST
def add_many(request: PersonRequest) -> HttpResponse:
    """Put what was chosen from a list in the basket, and lead there."""
    at = timezone.now()
    return_url = return_address(request, reverse("shop:favourites"))
    department = department_choice(request).department
    if department is None:
        return refuse(request, OrdersForNobody(), back=return_url)
    numbers = request.POST.getlist("row")[: filling.MOST_WISHES]
    items = Item.objects.filter(number__in=numbers).select_related("category").defer("search_vector")
    try:
        wishes = wishes_from_post(request.POST, items)
        basket = baskets.open_basket(department=department, by=request.user, at=at)
        copied = filling.fill(basket=basket, wishes=wishes, by=request.user, at=at)
    except QuantityNotUnderstood as refusal:
        if request.POST.get("lista") in (SHARED, OWN):
            return _page(request, str(refusal))
        return refuse(request, refusal, back=return_url)
    except DomainError as refusal:
        return refuse(request, refusal, back=return_url)
    tell(request, copied, day=timezone.localdate(at))
    return redirect("shop:basket")


@require_POST
def share(request: PersonRequest, number: str) -> HttpResponse:
    """Put an item on the department's list."""
    item = get_object_or_404(Item.objects.visible(), number=number)
    return _act(request, item, "add")


@require_POST
def unshare(request: PersonRequest, number: str) -> HttpResponse:
    """Take an item off the department's list, also when it has left the catalogue."""
    return _act(request, get_object_or_404(Item, number=number), "remove")


@require_POST
def move(request: PersonRequest, number: str) -> HttpResponse:
    """Let an item on the department's list change places with the one above or below it."""
    return _act(request, get_object_or_404(Item, number=number), "move")


def _act(request: PersonRequest, item: Item, act: str) -> HttpResponse:
    at = timezone.now()
    return_url = return_address(request, reverse("shop:favourites"))
    department = department_choice(request).department
    if department is None:
        return refuse(request, OrdersForNobody(), back=return_url)
    try:
        if act == "add":
            shared.add(item=item, department=department, by=request.user, at=at)
            text = _("%(item)s står på listan för %(department)s.")
        elif act == "remove":
            shared.remove(item=item, department=department, by=request.user, at=at)
            text = _("%(item)s är borttagen från listan för %(department)s.")
        else:
            is_up = request.POST.get("riktning") == "upp"
            shared.move(item=item, department=department, is_up=is_up, by=request.user, at=at)
            return redirect(f"{return_url}#rad-{item.number}")
    except DomainError as refusal:
        return refuse(request, refusal, back=return_url if act != "add" else address_of(item))
    messages.success(request, text % {"item": item, "department": department})
    return redirect(return_url)
