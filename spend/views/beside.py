"""What was bought beside the system: the figures, the rows behind them, and both as files."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Sum
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agreements.models import Supplier
from categories.models import Category
from core.components import Link
from core.downloads import csv_file, workbook_file
from core.money import ZERO
from core.views import let_in
from organizations.models import Administration
from organizations.requests import PersonRequest
from spend import downloads, permissions
from spend.forms import PeriodForm
from spend.matches import keys_of
from spend.meanings import meanings_of
from spend.models import BookedCost
from spend.models.booked import BookedCostQuerySet
from spend.off_system import OffSystem, Part, Seller, off_system_spend, sellers
from spend.selection import Selection
from spend.spans import spans
from spend.views.seeing import chosen_of, require_spend_visible, source_links, year_links

ROWS_PER_PAGE = 50
SELLERS_SHOWN = 20
ALL_SELLERS = 100_000
NONE = "-"
"""In an address: what has no administration, no category, no supplier."""


@dataclass(frozen=True, slots=True)
class Row:
    """A part with what it is called, and where its booked rows are."""

    label: str
    part: Part
    url: str = ""


@require_safe
def beside_page(request: PersonRequest) -> HttpResponse:
    """What was bought beside the system in a period, of what the person sees."""
    require_spend_visible(request.user)
    at = timezone.now()
    chosen, all_sources = chosen_of(request)
    context: dict[str, Any] = {
        "chosen": chosen,
        "can_see_ledger": permissions.can_see_ledger(request.user, at),
        "can_import": permissions.can_import_ledger(request.user, at),
    }
    if chosen is not None:
        figures = off_system_spend(chosen)
        context |= {
            "found": figures,
            "sees_all": chosen.reach is None,
            "sources": source_links(all_sources, chosen),
            "years": year_links(all_sources, chosen),
            "missing": spans(figures.missing_months),
            "method": downloads.method_words(),
            "period": PeriodForm(
                initial={"kalla": chosen.source, "fran": chosen.starts, "till": chosen.ends}
            ),
            "administrations": administration_rows(figures, chosen),
            "categories": category_rows(figures, chosen),
            "sellers": [
                (each, _rows_url(chosen, leverantor=each.org_number, nyckel=each.key))
                for each in sellers(chosen, months=figures.months, limit=SELLERS_SHOWN)
            ],
        }
    return render(request, "spend/beside.html", context)


def administration_rows(figures: OffSystem, chosen: Selection) -> list[Row]:
    """Each administration, and cost centres that are in no register as one."""
    codes = dict(Administration.objects.values_list("pk", "code"))
    return [
        Row(
            part.name or _("Kostnadsstället är inte känt"),
            part,
            _rows_url(chosen, forvaltning=codes.get(part.id or 0, NONE)) if part.booked else "",
        )
        for part in figures.administrations
    ]


def category_rows(figures: OffSystem, chosen: Selection) -> list[Row]:
    """Each top category, and purchases without one as one."""
    category_by_id = Category.objects.in_bulk([part.id for part in figures.categories if part.id])
    return [
        Row(
            str(category_by_id[part.id]) if part.id else _("Utan kategori"),
            part,
            _rows_url(chosen, kategori=category_by_id[part.id].code if part.id else NONE)
            if part.booked
            else "",
        )
        for part in figures.categories
    ]


def _rows_url(chosen: Selection, **choices: str) -> str:
    return reverse("spend:rows") + chosen.address(**choices)


@require_safe
def rows(request: PersonRequest) -> HttpResponse:
    """The booked rows behind a figure, latest first."""
    require_spend_visible(request.user)
    chosen, _known = chosen_of(request)
    if chosen is None:
        raise Http404
    costs, chips = _filtered_rows(request, chosen)
    sums = costs.aggregate(amount=Sum("amount", default=ZERO), count=Count("pk"))
    paginator = Paginator(costs.latest_first(), ROWS_PER_PAGE)
    paginator.count = sums["count"]
    context = {
        "chosen": chosen,
        "chips": chips,
        "sums": sums,
        "page_obj": paginator.get_page(request.GET.get("sida")),
    }
    return render(request, "spend/rows.html", context)


def _filtered_rows(request: PersonRequest, chosen: Selection) -> tuple[BookedCostQuerySet, list[Link]]:
    """
    The rows that the address means, and what they have in common; purchases only, unless somebody who may looks at an account.

    :raises Http404: it names what does not exist.
    :raises PermissionDenied: rows of the account are no purchases, and not hers to see.
    """
    query = request.GET
    costs = BookedCost.objects.all().chosen(chosen)
    accounts = list(costs.order_by().values_list("account", flat=True).distinct())
    means = meanings_of(chosen.source, accounts, ends=chosen.ends)
    category = _category(query.get("kategori", ""))
    purchases = [
        account
        for account, each in means.items()
        if each.is_purchase
        and (chosen.reach is None or set(each.lineage) & set(chosen.reach))
        and (not query.get("kategori") or (each.lineage[:1] == ((category.pk,) if category else ())))
    ]
    chips: list[tuple[str, str]] = (
        [("kategori", str(category or _("Utan kategori")))] if query.get("kategori") else []
    )
    account = query.get("konto")
    if account is None:
        costs = costs.filter(account__in=purchases)
    else:
        if account not in purchases:
            let_in(permissions.can_see_ledger(request.user, timezone.now()))
        costs = costs.filter(account=account)
        chips.append(("konto", _("Konto %(account)s") % {"account": account or "–"}))
    if code := query.get("forvaltning"):
        administration = None if code == NONE else get_object_or_404(Administration, code=code)
        costs = costs.filter(administration=administration)
        chips.append(("forvaltning", str(administration or _("Kostnadsstället är inte känt"))))
    if number := query.get("leverantor"):
        supplier = get_object_or_404(Supplier, org_number=number)
        costs = costs.filter(supplier_key__in=keys_of(chosen.source, supplier))
        chips.append(("leverantor", supplier.name))
    elif key := query.get("nyckel"):
        costs = costs.filter(supplier_key=key)
        chips.append(("nyckel", key))
    values = {name: query[name] for name, _label in chips}
    return costs, [
        Link(label, chosen.address(**{**values, name: ""}), is_removable=True) for name, label in chips
    ]


def _category(code: str) -> Category | None:
    """
    The top category of an address; None where it says that there is none.

    :raises Http404: there is none such.
    """
    return None if code in ("", NONE) else get_object_or_404(Category, code=code)


def _file(request: PersonRequest) -> tuple[Selection, OffSystem, list[Seller]]:
    """
    What a file is made of.

    :raises Http404: no ledger has rows.
    """
    require_spend_visible(request.user)
    chosen, _known = chosen_of(request)
    if chosen is None:
        raise Http404
    figures = off_system_spend(chosen)
    return chosen, figures, sellers(chosen, months=figures.months, limit=ALL_SELLERS)


@require_safe
def beside_xlsx(request: PersonRequest) -> FileResponse:
    """The figures as a workbook: by administration, category and supplier, and how they are computed."""
    chosen, figures, bought_from = _file(request)
    tables = downloads.Tables(
        chosen=chosen,
        found=figures,
        administrations=[(row.label, row.part) for row in administration_rows(figures, chosen)],
        categories=[(row.label, row.part) for row in category_rows(figures, chosen)],
        sellers=bought_from,
        missing=spans(figures.missing_months),
    )
    at = timezone.now()
    return workbook_file(_name(chosen, "xlsx"), lambda path: downloads.write_book(path, tables, at=at))


@require_safe
def beside_csv(request: PersonRequest) -> StreamingHttpResponse:
    """From whom was bought beside the system, as CSV."""
    chosen, _found, bought_from = _file(request)
    header = [column.title for column in downloads.seller_columns()]
    return csv_file(_name(chosen, "csv"), header, map(downloads.seller_cells, bought_from))


def _name(chosen: Selection, ending: str) -> str:
    return f"vid-sidan-av-systemet-{chosen.starts.isoformat()}-{chosen.ends.isoformat()}.{ending}"
