"""The catalogue as an orderer meets it: search, filters, the shelf."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe
from django_htmx.http import push_url

from agreements.models import Supplier
from assortment.searching import Note, leave_note
from catalog.favourites import Kept, favourite_items, favourites_of, is_favourite, kept_items
from catalog.gtin import forms, with_gtin
from catalog.models import Item
from catalog.search import (
    LONGEST_QUERY,
    MOST_RANKED,
    ROWS_PER_PAGE,
    Found,
    SupplierCount,
    Wanted,
    search_items,
)
from catalog.statements import Sorting
from categories.models import Category
from core.fragments import asks_for_part
from core.numbers import whole_number
from core.ordering import swedish_key
from organizations.requests import PersonRequest
from procurement.market import offers
from shop.carts import Cart, CartPlan, cart_of
from shop.habits import CONSIDERED, Bought, at_hand, latest_requisition, remembered, usual_items
from shop.newcomers import newcomer_of
from shop.recent import recent_lines, recently_ordered
from shop.shelf import Shelf, shelf
from shop.views.departments import ordering

LAST_PAGE = 500
SUGGESTED = 6
MOST_AT_HAND = 10
"""So many favourites stand beside the shelf; all of them have a page of their own."""
CONSIDERED_SUGGESTIONS = 300
"""So many are ranked at each keystroke."""


@dataclass(slots=True)
class Branch:
    """A category in the side navigation."""

    category: Category
    count: str
    url: str
    is_current: bool
    is_open: bool
    children: list["Branch"]


@require_safe
def catalogue(request: PersonRequest) -> HttpResponse:
    """Search and browse; typing asks for the part that changes."""
    at = timezone.now()
    day = timezone.localdate(at)
    department = ordering(request).department
    department_id = department.pk if department else None
    categories = list(Category.objects.open().in_tree_order())
    wanted, page = _wanted(request.GET, categories)
    bought = remembered(department, day=day)
    times = {each.item_id: each.times for each in bought}
    administrations = None if department is None else [department.administration_id]
    found = search_items(
        wanted,
        day=day,
        bought=times,
        page=page,
        department_id=department_id,
        administrations=administrations,
    )
    if page > 1 and found.total and not found.item_ids:
        return redirect(_address(wanted, sida=_last_ranked(found)))
    if page == 1 and wanted == Wanted(text=wanted.text) and wanted.text:
        is_found = bool(found.total)
        leave_note(Note(at, request.user.pk, department_id, wanted.text, is_found, found.is_similar))
    cart = cart_of(request.user, department)
    favourites = favourite_items(request.user)
    is_empty = wanted == Wanted() or not found.item_ids
    latest = recent_lines(request.user, department, day=day) if is_empty and page == 1 else []
    shown_beside = {*(item.pk for item in favourites), *(line.item_id for line in latest)}
    usual = [each for each in bought if each.item_id not in shown_beside]
    prices = offers(
        {
            *found.item_ids,
            *(line.item_id for line in cart.lines if line.item_id),
            *(item.pk for item in favourites),
            *(each.item_id for each in usual[:CONSIDERED]),
            *(line.item_id for line in latest if line.item_id),
        },
        day=day,
        administrations=administrations,
    )
    read = shelf(
        found.item_ids,
        user=request.user,
        department=department,
        at=at,
        bought=times,
        basket_lines=cart.lines,
        prices=prices,
    )
    context = {
        **_results_context(request, wanted, found, page, categories),
        **cart_context(cart, read),
        "rows": read.rows,
        "latest": None if wanted.text else latest_requisition(department),
        "recent": recently_ordered(latest, prices, user=request.user, department=department, day=day),
        **_favourites_context(kept_items(favourites, prices, day=day, department_id=department_id), bought),
        "habits": usual_items(usual, prices, day=day, department_id=department_id),
        "department": department,
        "address": request.get_full_path(),
    }
    if not (asks_for_part(request) and request.htmx.target == "catalogue"):
        context["is_exact"] = _is_exact(wanted, read)
        context["newcomer"] = newcomer_of(request.user, day) if department is None else None
        return render(request, "shop/catalogue/catalogue.html", context)
    part = render(request, "shop/catalogue/_catalogue.html", context)
    # The form sends each of its fields; the address says those that are chosen.
    return push_url(part, _address(wanted, sida=page if page > 1 else ""))


@require_safe
def item_row(request: PersonRequest, number: str) -> HttpResponse:
    """One row of the shelf again, for the size that was picked."""
    at = timezone.now()
    thing = get_object_or_404(Item.objects.visible(), number=number)
    return render(request, "shop/catalogue/_row.html", row_context(request, thing, at=at))


@require_safe
def suggest(request: PersonRequest) -> HttpResponse:
    """The first few matches, to be shown under a search field."""
    wanted = Wanted(text=request.GET.get("q", "")[:LONGEST_QUERY])
    day = timezone.localdate()
    department = ordering(request).department
    found = (
        search_items(
            wanted,
            day=day,
            per_page=SUGGESTED,
            most=CONSIDERED_SUGGESTIONS,
            department_id=department.pk if department else None,
            administrations=[department.administration_id] if department else None,
        )
        if wanted.text.strip()
        else Found()
    )
    items = Item.objects.select_related("category").in_bulk(found.item_ids)
    shown = [items[item_id] for item_id in found.item_ids if item_id in items]
    return render(
        request, "shop/catalogue/_suggestions.html", {"items": shown, "found": found, "wanted": wanted}
    )


def row_context(request: PersonRequest, thing: Item, *, at: datetime) -> dict[str, object]:
    """What one row of the shelf needs, with the basket as it is now."""
    department = ordering(request).department
    cart = cart_of(request.user, department)
    bought = {each.item_id: each.times for each in remembered(department, day=timezone.localdate(at))}
    read = shelf(
        [thing.pk], user=request.user, department=department, at=at, bought=bought, basket_lines=cart.lines
    )
    kept = {thing.pk} if is_favourite(request.user, thing) else set()
    address = request.POST.get("next") or request.GET.get("next") or reverse("shop:catalogue")
    return {
        **cart_context(cart, read),
        "row": read.rows[0],
        "is_first": "first" in request.POST or "first" in request.GET,
        "department": department,
        "favourite_ids": kept,
        "address": address,
    }


def favourites_context(request: PersonRequest, bought: list[Bought], *, day: date) -> dict[str, Any]:
    """What the favourites beside the shelf, and the stars on it, need."""
    department = ordering(request).department
    kept = favourites_of(
        request.user,
        day=day,
        department_id=department.pk if department else None,
        administrations=[department.administration_id] if department else None,
    )
    return _favourites_context(kept, bought)


def _favourites_context(favourites: list[Kept], bought: list[Bought]) -> dict[str, Any]:
    return {
        "favourites": at_hand(favourites[:MOST_AT_HAND], bought),
        "favourite_count": len(favourites),
        "favourite_ids": {each.item.pk for each in favourites},
    }


def cart_context(cart: Cart, read: Shelf) -> dict[str, object]:
    """What the basket beside the shelf needs."""
    return {"cart": cart, "cart_plan": CartPlan.of(read.basket)}


def _wanted(query: QueryDict, categories: list[Category]) -> tuple[Wanted, int]:
    """Read the address: words, filters, chosen sizes, page."""
    code = query.get("kategori", "")
    category = next((each for each in categories if each.code == code), None)
    if code and category is None:
        raise Http404
    page = whole_number(query.get("sida", "1")) or 1
    sorting = query.get("sortering", "")
    wanted = Wanted(
        text=query.get("q", "")[:LONGEST_QUERY].strip(),
        category=category,
        on_agreement="avtal" in query,
        direct="direkt" in query,
        advanced="krav" in query,
        supplier=_supplier(query.get("leverantor", "")),
        sorting=Sorting(sorting) if sorting in Sorting.values else Sorting.RELEVANCE,
    )
    return wanted, min(page, LAST_PAGE)


def _is_exact(wanted: Wanted, read: Shelf) -> bool:
    """Whether what was typed is the number of the first row, so that one press more orders it."""
    if not wanted.text or not read.rows:
        return False
    item = read.rows[0].item
    digits = with_gtin(wanted.text)
    return wanted.text == item.number or (item.gtin is not None and item.gtin in forms(digits))


def _supplier(text: str) -> Supplier | None:
    """Read the supplier of an address: one question, and none without."""
    if not text:
        return None
    return get_object_or_404(Supplier, pk=whole_number(text))


def _address(wanted: Wanted, **changes: object) -> str:
    """The address of the catalogue with other filters."""
    parts: dict[str, object] = {
        "q": wanted.text,
        "kategori": wanted.category.code if wanted.category else "",
        "avtal": "1" if wanted.on_agreement else "",
        "direkt": "1" if wanted.direct else "",
        "krav": "1" if wanted.advanced else "",
        "leverantor": wanted.supplier.pk if wanted.supplier else "",
        "sortering": wanted.sorting if wanted.sorting != Sorting.RELEVANCE else "",
    }
    query = urlencode({key: value for key, value in (parts | changes).items() if value})
    return f"{reverse('shop:catalogue')}?{query}" if query else reverse("shop:catalogue")


def _results_context(
    request: PersonRequest, wanted: Wanted, found: Found, page: int, categories: list[Category]
) -> dict[str, object]:
    """What surrounds the rows: heading, categories, filters and pages."""
    return {
        "wanted": wanted,
        "found": found,
        "heading": _heading(wanted, found),
        "branches": _branches(wanted, found, categories),
        "everything_url": _address(wanted, kategori=""),
        "everything_count": _count(found.everywhere, is_least=found.is_cut),
        "clear_url": _address(Wanted(text=wanted.text, sorting=wanted.sorting)),
        "shown_through": (page - 1) * ROWS_PER_PAGE + len(found.item_ids),
        "shown_from": (page - 1) * ROWS_PER_PAGE + 1,
        **{
            f"{name}_url": _address(wanted, sida=other) if other else ""
            for name, other in zip(("previous", "next"), _pages_beside(found, page), strict=True)
        },
        "is_unranked": page > found.ranked_pages,
        "sortings": Sorting.choices,
        "most_ranked": MOST_RANKED,
        "suppliers": [
            (each, _count(each.count, is_least=found.is_cut)) for each in _suppliers(wanted, found)
        ],
        "without_supplier_url": _address(wanted, leverantor=""),
        "filters": [
            (name, label, is_on, _count(count, is_least=found.is_cut))
            for name, label, is_on, count in (
                ("avtal", _("På avtal"), wanted.on_agreement, found.on_agreement),
                ("direkt", _("Beslutas direkt"), wanted.direct, found.direct),
                ("krav", _("Avancerade krav eller högre"), wanted.advanced, found.advanced),
            )
        ],
    }


def _pages_beside(found: Found, page: int) -> tuple[int | None, int | None]:
    """The page before and the page after; the pages that are not ranked come after those that are, however few families these have."""
    last = _last_ranked(found)
    is_full = len(found.item_ids) == ROWS_PER_PAGE
    if page > found.ranked_pages:
        before = last if page == found.ranked_pages + 1 else page - 1
        return before or None, page + 1 if is_full and found.has_more and page < LAST_PAGE else None
    after = page + 1 if page < last else found.ranked_pages + 1 if found.has_more else None
    return min(page - 1, last) or None, after


def _last_ranked(found: Found) -> int:
    return -(-found.total // ROWS_PER_PAGE)


def _suppliers(wanted: Wanted, found: Found) -> list[SupplierCount]:
    """Those to choose among, the chosen one always; one alone is no choice."""
    chosen = wanted.supplier
    if chosen and chosen.pk not in {each.pk for each in found.by_supplier}:
        return [SupplierCount(chosen.pk, chosen.name, 0), *found.by_supplier]
    return found.by_supplier if chosen or len(found.by_supplier) > 1 else []


def _count(count: int, *, is_least: bool) -> str:
    """Write a number, with a plus where there may be more."""
    return f"{min(count, MOST_RANKED)}+" if is_least or count > MOST_RANKED else str(count)


def _heading(wanted: Wanted, found: Found) -> str:
    if found.has_more:
        if wanted.text:
            text = _("Minst %(count)s träffar på ”%(text)s”")
        elif wanted.category:
            text = _("%(category)s, minst %(count)s artiklar")
        else:
            text = _("Hela katalogen, minst %(count)s artiklar")
    elif wanted.text:
        text = ngettext("%(count)s träff på ”%(text)s”", "%(count)s träffar på ”%(text)s”", found.total)
    elif wanted.category:
        text = ngettext("%(category)s, %(count)s artikel", "%(category)s, %(count)s artiklar", found.total)
    else:
        text = ngettext(
            "Hela katalogen, %(count)s artikel", "Hela katalogen, %(count)s artiklar", found.total
        )
    return text % {"count": found.total, "text": wanted.text, "category": wanted.category}


def _branches(wanted: Wanted, found: Found, categories: list[Category]) -> list[Branch]:
    """The tree as far as it is open, without what holds nothing."""
    opened = set(wanted.category.lineage) if wanted.category else set()

    def grow(parent: int | None) -> list[Branch]:
        inside = [each for each in categories if each.parent_id == parent]
        return [
            Branch(
                category=each,
                count=_count(found.by_category.get(each.pk, 0), is_least=found.is_cut and bool(wanted.text)),
                url=_address(wanted, kategori=each.code),
                is_current=wanted.category is not None and wanted.category.pk == each.pk,
                is_open=each.pk in opened,
                children=grow(each.pk) if each.pk in opened else [],
            )
            for each in sorted(inside, key=lambda category: swedish_key(str(category)))
            if found.by_category.get(each.pk) or each.pk in opened
        ]

    return grow(None)
