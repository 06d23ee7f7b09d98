"""What made the spend of imported lines change in a year: by product group, beside an official index."""

from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agreements.models import IndexSeries
from core.components import Link
from core.numbers import whole_number
from history.index_changes import Period
from history.purchase_splits import purchase_splits
from history.split_rows import Row, official_index, total_of
from history.views.price_savings import (
    chosen_source,
    require_history_visible,
    source_links,
    split_tabs,
)
from organizations.requests import PersonRequest


@require_safe
def purchase_splits_page(request: PersonRequest) -> HttpResponse:
    """Split a year's change in spend into prices, quantities and what is new or gone."""
    require_history_visible(request.user)
    currency_by_source, source = chosen_source(request.GET)
    splits = purchase_splits(source=source)
    years = sorted({each.year for each in splits})
    year = _year(request.GET.get("ar", ""), years)
    series = _series(request.GET.get("index", ""))
    before, after = Period.year(year - 1), Period.year(year)
    official = official_index(series, before, after, day=timezone.localdate())
    rows = [
        Row(each.category or _("Utan kategori"), each.split, official=official)
        for each in splits
        if each.year == year
    ]
    rows.sort(key=lambda row: (-abs(row.split.change), row.label))
    chosen = {"kalla": source, "index": series.code if series else ""}
    context = {
        "before": before,
        "after": after,
        "labels": (str(year - 1), str(year)),
        "row_label": _("Produktgrupp"),
        "table_hint": currency_by_source.get(source, ""),
        "currency": currency_by_source.get(source, ""),
        "official": official,
        "rows": rows,
        "total": total_of(rows, _("Totalt"), official),
        "sources": source_links(currency_by_source, source),
        "tabs": split_tabs(source, ""),
        "years": [
            Link(str(each), _address(**chosen, ar=str(each)), is_current=each == year) for each in years
        ],
        "series": IndexSeries.objects.filter(continues=None).order_by("code"),
        "chosen": {**chosen, "ar": str(year)},
    }
    return render(request, "history/purchase_splits.html", context)


def _address(**choices: str) -> str:
    """Write the query string."""
    return "?" + urlencode({name: text for name, text in choices.items() if text})


def _year(text: str, years: list[int]) -> int:
    """
    Read which year is asked for; the latest when none is.

    :raises Http404: it is none of those that there are.
    """
    if not text:
        return years[-1] if years else timezone.localdate().year
    year = whole_number(text, most=9999)
    if year is None or year not in years:
        raise Http404
    return year


def _series(code: str) -> IndexSeries | None:
    """
    Read which index stands beside; None for none.

    :raises Http404: there is none such.
    """
    series = IndexSeries.objects.filter(code=code, continues=None).first()
    if code and series is None:
        raise Http404
    return series
