"""What price changes in imported lines were worth: the sums with their picture, and the lines behind them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import charts
from core.components import Link
from core.numbers import whole_number
from core.views import let_in
from history import permissions
from history.price_savings import LinePage, PriceSaving, lines, price_savings, sources
from history.sources import LAYOUTS
from organizations.models import User
from organizations.requests import PersonRequest

LINES_PER_PAGE = 50
LAST_PAGE = 999_999
SPLITS = ("kategori", "enhet", "leverantor", "ar")
CHOICES = ("", "minskning", "okning", "utan")


@dataclass(frozen=True, slots=True)
class Part:
    """A row of the table: a name, its sums, and where they open."""

    label: str
    sums: PriceSaving
    url: str


@dataclass(frozen=True, slots=True)
class YearColumn:
    """A year in the picture: what fell above the line, what rose below it."""

    year: int
    sums: PriceSaving
    url: str
    x: str
    width: str
    middle: str
    up_y: str
    up_height: str
    down_height: str

    @property
    def label(self) -> str:
        """The year in two digits, which fit on a phone."""
        return f"’{self.year % 100:02}"

    @property
    def millions(self) -> Decimal:
        """The net of the year in millions."""
        return self.sums.saving_net / 1_000_000


@dataclass(frozen=True, slots=True)
class YearPicture:
    """The years beside each other on one scale, with the line between decrease and increase."""

    columns: tuple[YearColumn, ...]
    zero_y: str


def require_history_visible(user: User) -> None:
    """
    Let those in who see what other systems delivered.

    :raises PermissionDenied: with the reason.
    """
    let_in(permissions.can_see_history(user, timezone.now()))


@require_safe
def price_savings_page(request: PersonRequest) -> HttpResponse:
    """The whole comparison."""
    require_history_visible(request.user)
    split = request.GET.get("per", SPLITS[0])
    if split not in SPLITS:
        raise Http404
    currency_by_source, source = chosen_source(request.GET)
    result = price_savings(source=source)
    groups: Mapping[str, PriceSaving] = {
        "kategori": result.by["category"],
        "enhet": result.by["department"],
        "leverantor": result.by["supplier"],
        "ar": {str(year): sums for year, sums in result.years.items()},
    }[split]
    titles = (_("Per kategori"), _("Per beställande enhet"), _("Per leverantör"), _("Per år"))
    years = [year for year, sums in result.years.items() if sums.lines]
    context = {
        "result": result,
        "currency": currency_by_source.get(source, ""),
        "sources": source_links(currency_by_source, source),
        "first_year": years[0] if years else None,
        "last_year": years[-1] if years else None,
        "picture": _picture(result.years, source),
        "split_label": split_labels()[SPLITS.index(split)],
        "split_title": titles[SPLITS.index(split)],
        "tabs": split_tabs(source, split),
        "parts": [
            Part(name, sums, _lines_url(kalla=source, **{split: name})) for name, sums in groups.items()
        ],
        "urls": {only or "alla": _lines_url(kalla=source, visa=only) for only in CHOICES},
    }
    return render(request, "history/price_savings.html", context)


def split_labels() -> tuple[str, ...]:
    """What sums are split by."""
    return _("Kategori"), _("Beställande enhet"), _("Leverantör"), _("År")


def split_tabs(source: str, split: str) -> list[Link]:
    """The ways of splitting a source, and what its spend is split into; ``split`` is empty on that page."""
    page = reverse("history:price_savings")
    tabs = [
        Link(label, f"{page}?{urlencode({'per': code, 'kalla': source})}", is_current=code == split)
        for code, label in zip(SPLITS, split_labels(), strict=True)
    ]
    into = reverse("history:purchase_splits") + f"?{urlencode({'kalla': source})}"
    return [*tabs, Link(_("Pris, volym och mix"), into, is_current=not split)]


def source_links(currency_by_source: Mapping[str, str], source: str) -> list[Link]:
    """The choice of source."""
    return [
        Link(source_name(code), f"?kalla={code}", is_current=code == source) for code in currency_by_source
    ]


def chosen_source(query: Mapping[str, Any]) -> tuple[dict[str, str], str]:
    """
    Read which sources there are, with their currency, and which one is asked for.

    :raises Http404: a source that there is not.
    """
    currency_by_source = sources()
    chosen = query.get("kalla") or next(iter(currency_by_source), "")
    if chosen and chosen not in currency_by_source:
        raise Http404
    return currency_by_source, chosen


def source_name(code: str) -> str:
    """What people call a source: as it is known, or as it calls itself."""
    return str(LAYOUTS[code].title) if code in LAYOUTS else code.capitalize()


def _lines_url(**choices: str) -> str:
    """Write the address of the lines behind a sum."""
    chosen = {name: value for name, value in choices.items() if value}
    return reverse("history:price_saving_lines") + (f"?{urlencode(chosen)}" if chosen else "")


def _picture(years: Mapping[int, PriceSaving], source: str) -> YearPicture:
    """Place the years that have a baseline."""
    year_sums = [(year, sums) for year, sums in years.items() if sums.lines]
    above = max((sums.saving_positive for _year, sums in year_sums), default=Decimal(1)) or Decimal(1)
    below = max((-sums.saving_negative for _year, sums in year_sums), default=Decimal(0))
    scale, stride = above + below, 100 / max(len(year_sums), 1)
    return YearPicture(
        columns=tuple(
            YearColumn(
                year=year,
                sums=sums,
                url=_lines_url(kalla=source, ar=str(year)),
                x=f"{index * stride + stride * 0.2:.2f}%",
                width=f"{stride * 0.6:.2f}%",
                middle=f"{index * stride + stride * 0.5:.2f}%",
                up_y=charts.position(above - sums.saving_positive, scale),
                up_height=charts.position(sums.saving_positive, scale),
                down_height=charts.position(-sums.saving_negative, scale),
            )
            for index, (year, sums) in enumerate(year_sums)
        ),
        zero_y=charts.position(above, scale),
    )


@require_safe
def price_saving_lines(request: PersonRequest) -> HttpResponse:
    """The imported lines behind a sum, largest effect first."""
    require_history_visible(request.user)
    currency_by_source, source = chosen_source(request.GET)
    chosen = _chosen(request.GET) | {"kalla": source}
    page = whole_number(request.GET.get("sida", "1"), most=LAST_PAGE) or 1
    line_page = lines(
        source=source,
        category=chosen["kategori"],
        department=chosen["enhet"],
        supplier=chosen["leverantor"],
        year=int(chosen["ar"] or 0),
        only=chosen["visa"],
        limit=LINES_PER_PAGE,
        offset=(page - 1) * LINES_PER_PAGE,
    )
    context = {
        "found": line_page,
        "currency": currency_by_source.get(source, ""),
        "page_obj": _page(line_page, page),
        "chips": [
            Link(value, _lines_url(**{**chosen, name: ""}), is_removable=True)
            for name, value in chosen.items()
            if value and name not in {"visa", "kalla"}
        ],
        "choices": _choices(chosen),
    }
    return render(request, "history/price_saving_lines.html", context)


def _chosen(query: Mapping[str, Any]) -> dict[str, str]:
    """
    Read what the lines have in common.

    :raises Http404: a choice that there is not.
    """
    chosen = {name: query.get(name, "") for name in (*SPLITS, "visa")}
    is_known = chosen["visa"] in CHOICES and (not chosen["ar"] or _is_year(chosen["ar"]))
    if not is_known or any("\x00" in text for text in chosen.values()):
        raise Http404
    return chosen


def _is_year(text: str) -> bool:
    return whole_number(text, most=9999) is not None


def _choices(chosen: Mapping[str, str]) -> list[Link]:
    """All lines with a baseline, the cheaper, the dearer, and those without."""
    labels = (_("Alla med baslinje"), _("Minskningar"), _("Ökningar"), _("Utan baslinje"))
    return [
        Link(label, _lines_url(**{**chosen, "visa": only}), is_current=chosen["visa"] == only)
        for only, label in zip(CHOICES, labels, strict=True)
    ]


def _page(line_page: LinePage, number: int) -> object:
    """Number the pages of lines that the database has already cut."""
    return Paginator(range(line_page.count), LINES_PER_PAGE).get_page(number)
