"""What made spend change between two periods: by category, down to the items and their lines, and as files."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog.models import Item
from categories.models import Category
from core.components import Link
from core.downloads import csv_file, workbook_file
from core.numbers import whole_number
from history.index_changes import Period
from history.price_volume_mix import Split, split
from history.split_rows import Row, official_index, total_of
from organizations.requests import PersonRequest
from reporting import overview, price_volume_mix_files
from reporting.comparisons import Comparison, periods_of
from reporting.forms.comparisons import ComparisonForm
from reporting.models import DeliveredLine
from reporting.models.delivered import DeliveredLineQuerySet
from reporting.months import LineSelection, by_month
from reporting.price_volume_mix import NO_CATEGORY, ItemChange, by_category, by_item
from reporting.selection import FIRST_YEAR, LAST_YEAR, reach
from reporting.views.saving_lines import LINES_PER_PAGE
from reporting.views.savings import require_savings_visible

ITEMS_PER_PAGE = 50
ROWS_SHOWN = 15
"""So many categories are shown at first."""


@require_safe
def price_volume_mix(request: PersonRequest) -> HttpResponse:
    """Split the change in spend of each category into prices, quantities and what is new or gone."""
    require_savings_visible(request.user)
    today = timezone.localdate()
    form = _form(request, today)
    context: dict[str, Any] = {"form": form, "sees_all": reach(request.user, today) is None}
    if form.is_valid():
        context |= _table(request, form.comparison, today)
    return render(request, "reporting/price_volume_mix.html", context, status=200 if form.is_valid() else 422)


def _table(request: PersonRequest, comparison: Comparison, today: date) -> dict[str, Any]:
    """The table by category, and the official index beside."""
    official = official_index(comparison.series, comparison.before, comparison.after, day=today)
    rows = [
        Row(category_name(each.category), each.split, _items_url(comparison, each.category), official)
        for each in by_category(comparison.compared(reach(request.user, today)))
    ]
    total = total_of(rows, _("Totalt"), official)
    unknown = _unknown(comparison, total.split) if rows else None
    if unknown is not None:
        rows = []
    return {
        **_periods(comparison),
        "maps_replaced": True,
        "row_label": _("Kategori"),
        "table_hint": _("Kronor. Varje kategori öppnas till sina artiklar"),
        "official": official,
        "rows": rows if "alla" in request.GET else _largest_rows(rows, comparison),
        "total": total,
        "unknown": unknown,
        "has_unknown": bool(total.split.unknown_before or total.split.unknown_after),
        "years": [
            Link(
                str(year),
                comparison.address(**_days(*periods_of(year, today=today))),
                is_current=periods_of(year, today=today) == (comparison.before, comparison.after),
            )
            for year in overview.years(request.user, today=today)
        ],
        "chips": [Link(str(comparison.category), comparison.address(kategori=""), is_removable=True)]
        if comparison.category
        else [],
    }


def _unknown(comparison: Comparison, whole: Split) -> Period | None:
    """The period that no delivery in the region is known of, if one is: that is no time in which nothing was bought."""
    for period, spend in ((comparison.before, whole.before), (comparison.after, whole.after)):
        if not spend and not by_month(LineSelection(period.starts, period.ends)):
            return period
    return None


def _largest_rows(rows: list[Row], comparison: Comparison) -> list[Row]:
    """The rows that changed most, and the others put together, which open to all."""
    others = rows[ROWS_SHOWN:]
    if len(others) <= 1:
        return rows
    together = total_of(others, _("Övriga kategorier"), rows[0].official)
    return [*rows[:ROWS_SHOWN], replace(together, url=comparison.address(alla="1"))]


def _periods(comparison: Comparison) -> dict[str, Any]:
    """What every page says of the periods."""
    return {
        "comparison": comparison,
        "before": comparison.before,
        "after": comparison.after,
        "labels": comparison.labels,
    }


def _days(before: Period, after: Period) -> dict[str, str]:
    """Two periods as an address tells them."""
    return {name: text for name, text in Comparison(before, after).parameters().items() if text}


def category_name(category: Category | None) -> str:
    """What a category is called, and lines without one."""
    return _("Utan kategori") if category is None else str(category)


def _form(request: PersonRequest, today: date) -> ComparisonForm:
    """Read what is to be compared; a year so far against the same days of the year before, when nothing else is said."""
    query = request.GET.dict()
    if "fran" not in query:
        year = whole_number(str(query.get("ar", today.year)), most=LAST_YEAR)
        if year is None or year <= FIRST_YEAR:
            raise Http404
        query |= _days(*periods_of(year, today=today))
    return ComparisonForm(query, reach=reach(request.user, today))


def _comparison(request: PersonRequest) -> Comparison:
    """
    Read what a page behind the table, or a file, compares.

    :raises Http404: the address names what does not exist.
    """
    form = _form(request, timezone.localdate())
    if not form.is_valid():
        raise Http404
    return form.comparison


def _own_category(request: PersonRequest) -> Category | None:
    """
    Read which category the lines are in, not below; None for lines of none.

    :raises Http404: there is none such.
    """
    code = request.GET.get("egen", "")
    category = Category.objects.filter(code=code).first()
    if code and category is None:
        raise Http404
    return category


def _items_url(comparison: Comparison, category: Category | None) -> str:
    """Where a category opens to its items."""
    address = comparison.address(egen=category.code if category else "", index="")
    return reverse("reporting:price_volume_mix_items") + address


def _items(request: PersonRequest, comparison: Comparison, category: Category | None) -> list[ItemChange]:
    """The items of one category, as far as the person sees them."""
    category_id = category.pk if category else NO_CATEGORY
    return by_item(comparison.compared(reach(request.user, timezone.localdate()), category=category_id))


@require_safe
def price_volume_mix_items(request: PersonRequest) -> HttpResponse:
    """What each item of a category did, the largest change first."""
    require_savings_visible(request.user)
    comparison, category = _comparison(request), _own_category(request)
    changes = _items(request, comparison, category)
    lines = reverse("reporting:price_volume_mix_lines")
    egen = category.code if category else ""
    rows = [
        (each, lines + comparison.address(egen=egen, index="", artikel=each.item.number if each.item else ""))
        for each in changes
    ]
    context = {
        **_periods(comparison),
        "row": Row(category_name(category), split(each.thing for each in changes)),
        "page_obj": Paginator(rows, ITEMS_PER_PAGE).get_page(request.GET.get("sida")),
    }
    return render(request, "reporting/price_volume_mix_items.html", context)


@require_safe
def price_volume_mix_lines(request: PersonRequest) -> HttpResponse:
    """The delivered lines of an item of a category in both periods, with those of what replaced it."""
    require_savings_visible(request.user)
    comparison, category = _comparison(request), _own_category(request)
    number = request.GET.get("artikel", "")
    item = Item.objects.filter(number=number).first()
    if number and item is None:
        raise Http404
    change = next((each for each in _items(request, comparison, category) if each.item == item), None)
    lines = _lines(request, comparison, category, change)
    context = {
        **_periods(comparison),
        "row": Row(category_name(category), split([change.thing] if change else [])),
        "items_url": _items_url(comparison, category),
        "item": item,
        "change": change,
        "page_obj": Paginator(lines.for_display().with_order().latest_first(), LINES_PER_PAGE).get_page(
            request.GET.get("sida")
        ),
    }
    return render(request, "reporting/price_volume_mix_lines.html", context)


def _lines(
    request: PersonRequest, comparison: Comparison, category: Category | None, change: ItemChange | None
) -> DeliveredLineQuerySet:
    """The lines behind a change."""
    if change is None:
        return DeliveredLine.objects.none()
    of_item = Q(item__in=[change.item, *change.replacements]) if change.item else Q(item=None)
    before, after = comparison.before, comparison.after
    days = Q(delivered_date__range=(before.starts, before.ends)) | Q(
        delivered_date__range=(after.starts, after.ends)
    )
    lines = DeliveredLine.objects.visible_to(request.user).filter(
        of_item, days, category=category, currency="SEK"
    )
    return lines.within([comparison.category.pk]) if comparison.category else lines


@require_safe
def price_volume_mix_xlsx(request: PersonRequest) -> FileResponse:
    """The comparison as a workbook: by category, by item, and how it is computed."""
    require_savings_visible(request.user)
    comparison, at = _comparison(request), timezone.now()
    today = timezone.localdate(at)
    compared = comparison.compared(reach(request.user, today))
    official = official_index(comparison.series, comparison.before, comparison.after, day=today)
    rows = [
        Row(category_name(each.category), each.split, official=official) for each in by_category(compared)
    ]
    return workbook_file(
        _file_name(comparison, "xlsx"),
        lambda path: price_volume_mix_files.write_book(
            path, comparison=comparison, rows=rows, official=official, items=by_item(compared), at=at
        ),
    )


@require_safe
def price_volume_mix_csv(request: PersonRequest) -> StreamingHttpResponse:
    """The items of the comparison as CSV."""
    require_savings_visible(request.user)
    comparison = _comparison(request)
    changes = by_item(comparison.compared(reach(request.user, timezone.localdate())))
    header = [column.title for column in price_volume_mix_files.item_columns()]
    return csv_file(_file_name(comparison, "csv"), header, price_volume_mix_files.item_rows(changes))


def _file_name(comparison: Comparison, ending: str) -> str:
    """Name a file after its period."""
    after = comparison.after
    return f"pris-volym-mix-{after.starts.isoformat()}-{after.ends.isoformat()}.{ending}"
