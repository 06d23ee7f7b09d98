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
from catalog.favourites import ListedItem, favourite_items, favourites_of, is_favourite, items_today
from catalog.gtin import forms, with_gtin
from catalog.models import Item
from catalog.search import (
    LONGEST_QUERY,
    MOST_RANKED,
    ROWS_PER_PAGE,
    SearchQuery,
    SearchResult,
    SupplierCount,
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
from shop.habits import (
    CONSIDERED,
    PurchaseHabit,
    department_purchases,
    favourites_with_quantities,
    latest_requisition,
    usual_items,
)
from shop.newcomers import newcomer_of
from shop.recent import recent_lines, recently_ordered
from shop.shelf import Shelf, shelf
from shop.views.departments import department_choice

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
    department = department_choice(request).department
    department_id = department.pk if department else None
    categories = list(Category.objects.open().in_tree_order())
    criteria, page = _search_criteria(request.GET, categories)
    purchases = department_purchases(department, day=day)
    times_by_item = {each.item_id: each.times for each in purchases}
    administrations = None if department is None else [department.administration_id]
    results = search_items(
        criteria,
        day=day,
        bought=times_by_item,
        page=page,
        department_id=department_id,
        administrations=administrations,
    )
    if page > 1 and results.total and not results.item_ids:
        return redirect(_address(criteria, sida=_last_ranked_page(results)))
    if page == 1 and criteria == SearchQuery(text=criteria.text) and criteria.text:
        is_found = bool(results.total)
        leave_note(Note(at, request.user.pk, department_id, criteria.text, is_found, results.is_similar))
    cart = cart_of(request.user, department)
    favourites = favourite_items(request.user)
    is_empty = criteria == SearchQuery() or not results.item_ids
    latest = recent_lines(request.user, department, day=day) if is_empty and page == 1 else []
    shown_beside = {*(item.pk for item in favourites), *(line.item_id for line in latest)}
    other_purchases = [each for each in purchases if each.item_id not in shown_beside]
    prices = offers(
        {
            *results.item_ids,
            *(line.item_id for line in cart.lines if line.item_id),
            *(item.pk for item in favourites),
            *(each.item_id for each in other_purchases[:CONSIDERED]),
            *(line.item_id for line in latest if line.item_id),
        },
        day=day,
        administrations=administrations,
    )
    shelf_data = shelf(
        results.item_ids,
        user=request.user,
        department=department,
        at=at,
        bought=times_by_item,
        basket_lines=cart.lines,
        prices=prices,
    )
    context = {
        **_results_context(request, criteria, results, page, categories),
        **cart_context(cart, shelf_data),
        "rows": shelf_data.rows,
        "latest": None if criteria.text else latest_requisition(department),
        "recent": recently_ordered(latest, prices, user=request.user, department=department, day=day),
        **_favourites_context(
            items_today(favourites, prices, day=day, department_id=department_id), purchases
        ),
        "habits": usual_items(other_purchases, prices, day=day, department_id=department_id),
        "department": department,
        "address": request.get_full_path(),
    }
    if not (asks_for_part(request) and request.htmx.target == "catalogue"):
        context["is_exact"] = _is_exact(criteria, shelf_data)
        context["newcomer"] = newcomer_of(request.user, day) if department is None else None
        return render(request, "shop/catalogue/catalogue.html", context)
    part = render(request, "shop/catalogue/_catalogue.html", context)
    # The form sends each of its fields; the address says those that are chosen.
    return push_url(part, _address(criteria, sida=page if page > 1 else ""))


@require_safe
def item_row(request: PersonRequest, number: str) -> HttpResponse:
    """One row of the shelf again, for the size that was picked."""
    at = timezone.now()
    thing = get_object_or_404(Item.objects.visible(), number=number)
    return render(request, "shop/catalogue/_row.html", row_context(request, thing, at=at))


@require_safe
def suggest(request: PersonRequest) -> HttpResponse:
    """The first few matches, to be shown under a search field."""
    criteria = SearchQuery(text=request.GET.get("q", "")[:LONGEST_QUERY])
    day = timezone.localdate()
    department = department_choice(request).department
    results = (
        search_items(
            criteria,
            day=day,
            per_page=SUGGESTED,
            most=CONSIDERED_SUGGESTIONS,
            department_id=department.pk if department else None,
            administrations=[department.administration_id] if department else None,
        )
        if criteria.text.strip()
        else SearchResult()
    )
    items = Item.objects.select_related("category").in_bulk(results.item_ids)
    shown_items = [items[item_id] for item_id in results.item_ids if item_id in items]
    return render(
        request,
        "shop/catalogue/_suggestions.html",
        {"items": shown_items, "found": results, "wanted": criteria},
    )


def row_context(request: PersonRequest, thing: Item, *, at: datetime) -> dict[str, object]:
    """What one row of the shelf needs, with the basket as it is now."""
    department = department_choice(request).department
    cart = cart_of(request.user, department)
    times_by_item = {
        each.item_id: each.times for each in department_purchases(department, day=timezone.localdate(at))
    }
    shelf_data = shelf(
        [thing.pk],
        user=request.user,
        department=department,
        at=at,
        bought=times_by_item,
        basket_lines=cart.lines,
    )
    favourite_ids = {thing.pk} if is_favourite(request.user, thing) else set()
    address = request.POST.get("next") or request.GET.get("next") or reverse("shop:catalogue")
    return {
        **cart_context(cart, shelf_data),
        "row": shelf_data.rows[0],
        "is_first": "first" in request.POST or "first" in request.GET,
        "department": department,
        "favourite_ids": favourite_ids,
        "address": address,
    }


def favourites_context(
    request: PersonRequest, purchases: list[PurchaseHabit], *, day: date
) -> dict[str, Any]:
    """What the favourites beside the shelf, and the stars on it, need."""
    department = department_choice(request).department
    own_favourites = favourites_of(
        request.user,
        day=day,
        department_id=department.pk if department else None,
        administrations=[department.administration_id] if department else None,
    )
    return _favourites_context(own_favourites, purchases)


def _favourites_context(favourites: list[ListedItem], purchases: list[PurchaseHabit]) -> dict[str, Any]:
    return {
        "favourites": favourites_with_quantities(favourites[:MOST_AT_HAND], purchases),
        "favourite_count": len(favourites),
        "favourite_ids": {each.item.pk for each in favourites},
    }


def cart_context(cart: Cart, shelf_data: Shelf) -> dict[str, object]:
    """What the basket beside the shelf needs."""
    return {"cart": cart, "cart_plan": CartPlan.of(shelf_data.basket)}


def _search_criteria(query: QueryDict, categories: list[Category]) -> tuple[SearchQuery, int]:
    """Read the address: words, filters, chosen sizes, page."""
    code = query.get("kategori", "")
    category = next((each for each in categories if each.code == code), None)
    if code and category is None:
        raise Http404
    page = whole_number(query.get("sida", "1")) or 1
    sorting = query.get("sortering", "")
    criteria = SearchQuery(
        text=query.get("q", "")[:LONGEST_QUERY].strip(),
        category=category,
        on_agreement="avtal" in query,
        direct="direkt" in query,
        advanced="krav" in query,
        supplier=_supplier(query.get("leverantor", "")),
        sorting=Sorting(sorting) if sorting in Sorting.values else Sorting.RELEVANCE,
    )
    return criteria, min(page, LAST_PAGE)


def _is_exact(criteria: SearchQuery, shelf_data: Shelf) -> bool:
    """Whether what was typed is the number of the first row, so that one press more orders it."""
    if not criteria.text or not shelf_data.rows:
        return False
    item = shelf_data.rows[0].item
    digits = with_gtin(criteria.text)
    return criteria.text == item.number or (item.gtin is not None and item.gtin in forms(digits))


def _supplier(text: str) -> Supplier | None:
    """Read the supplier of an address: one question, and none without."""
    if not text:
        return None
    return get_object_or_404(Supplier, pk=whole_number(text))


def _address(criteria: SearchQuery, **changes: object) -> str:
    """The address of the catalogue with other filters."""
    parts: dict[str, object] = {
        "q": criteria.text,
        "kategori": criteria.category.code if criteria.category else "",
        "avtal": "1" if criteria.on_agreement else "",
        "direkt": "1" if criteria.direct else "",
        "krav": "1" if criteria.advanced else "",
        "leverantor": criteria.supplier.pk if criteria.supplier else "",
        "sortering": criteria.sorting if criteria.sorting != Sorting.RELEVANCE else "",
    }
    query = urlencode({key: value for key, value in (parts | changes).items() if value})
    return f"{reverse('shop:catalogue')}?{query}" if query else reverse("shop:catalogue")


def _results_context(
    request: PersonRequest,
    criteria: SearchQuery,
    results: SearchResult,
    page: int,
    categories: list[Category],
) -> dict[str, object]:
    """What surrounds the rows: heading, categories, filters and pages."""
    return {
        "wanted": criteria,
        "found": results,
        "heading": _heading(criteria, results),
        "branches": _branches(criteria, results, categories),
        "everything_url": _address(criteria, kategori=""),
        "everything_count": _count(results.everywhere, is_least=results.is_cut),
        "clear_url": _address(SearchQuery(text=criteria.text, sorting=criteria.sorting)),
        "shown_through": (page - 1) * ROWS_PER_PAGE + len(results.item_ids),
        "shown_from": (page - 1) * ROWS_PER_PAGE + 1,
        **{
            f"{name}_url": _address(criteria, sida=other) if other else ""
            for name, other in zip(("previous", "next"), _adjacent_pages(results, page), strict=True)
        },
        "is_unranked": page > results.ranked_pages,
        "sortings": Sorting.choices,
        "most_ranked": MOST_RANKED,
        "suppliers": [
            (each, _count(each.count, is_least=results.is_cut)) for each in _suppliers(criteria, results)
        ],
        "without_supplier_url": _address(criteria, leverantor=""),
        "filters": [
            (name, label, is_on, _count(count, is_least=results.is_cut))
            for name, label, is_on, count in (
                ("avtal", _("På avtal"), criteria.on_agreement, results.on_agreement),
                ("direkt", _("Beslutas direkt"), criteria.direct, results.direct),
                ("krav", _("Avancerade krav eller högre"), criteria.advanced, results.advanced),
            )
        ],
    }


def _adjacent_pages(results: SearchResult, page: int) -> tuple[int | None, int | None]:
    """The page before and the page after; the pages that are not ranked come after those that are, however few families these have."""
    last = _last_ranked_page(results)
    is_full = len(results.item_ids) == ROWS_PER_PAGE
    if page > results.ranked_pages:
        before = last if page == results.ranked_pages + 1 else page - 1
        return before or None, page + 1 if is_full and results.has_more and page < LAST_PAGE else None
    after = page + 1 if page < last else results.ranked_pages + 1 if results.has_more else None
    return min(page - 1, last) or None, after


def _last_ranked_page(results: SearchResult) -> int:
    return -(-results.total // ROWS_PER_PAGE)


def _suppliers(criteria: SearchQuery, results: SearchResult) -> list[SupplierCount]:
    """Those to choose among, the chosen one always; one alone is no choice."""
    chosen = criteria.supplier
    if chosen and chosen.pk not in {each.pk for each in results.by_supplier}:
        return [SupplierCount(chosen.pk, chosen.name, 0), *results.by_supplier]
    return results.by_supplier if chosen or len(results.by_supplier) > 1 else []


def _count(count: int, *, is_least: bool) -> str:
    """Write a number, with a plus where there may be more."""
    return f"{min(count, MOST_RANKED)}+" if is_least or count > MOST_RANKED else str(count)


def _heading(criteria: SearchQuery, results: SearchResult) -> str:
    if results.has_more:
        if criteria.text:
            text = _("Minst %(count)s träffar på ”%(text)s”")
        elif criteria.category:
            text = _("%(category)s, minst %(count)s artiklar")
        else:
            text = _("Hela katalogen, minst %(count)s artiklar")
    elif criteria.text:
        text = ngettext("%(count)s träff på ”%(text)s”", "%(count)s träffar på ”%(text)s”", results.total)
    elif criteria.category:
        text = ngettext("%(category)s, %(count)s artikel", "%(category)s, %(count)s artiklar", results.total)
    else:
        text = ngettext(
            "Hela katalogen, %(count)s artikel", "Hela katalogen, %(count)s artiklar", results.total
        )
    return text % {"count": results.total, "text": criteria.text, "category": criteria.category}


def _branches(criteria: SearchQuery, results: SearchResult, categories: list[Category]) -> list[Branch]:
    """The tree as far as it is open, without what holds nothing."""
    open_ids = set(criteria.category.lineage) if criteria.category else set()

    def grow(parent: int | None) -> list[Branch]:
        inside = [each for each in categories if each.parent_id == parent]
        return [
            Branch(
                category=each,
                count=_count(
                    results.by_category.get(each.pk, 0), is_least=results.is_cut and bool(criteria.text)
                ),
                url=_address(criteria, kategori=each.code),
                is_current=criteria.category is not None and criteria.category.pk == each.pk,
                is_open=each.pk in open_ids,
                children=grow(each.pk) if each.pk in open_ids else [],
            )
            for each in sorted(inside, key=lambda category: swedish_key(str(category)))
            if results.by_category.get(each.pk) or each.pk in open_ids
        ]

    return grow(None)
