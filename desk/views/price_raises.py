"""New prices are proposed on a page of the agreement, with the supplier's letter."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agreements.models import Agreement, Supplier
from attachments.kinds import LARGEST_FORM
from catalog.models import Price
from catalog.operations.price_proposals import propose_prices
from catalog.permissions import can_propose_prices
from core.addresses import address_of
from core.components import Link
from core.errors import DomainError
from core.numbers import whole_number
from core.ordering import swedish
from core.request_cleaning import takes_files
from desk.forms.prices import PriceRaiseForm, raised
from organizations.requests import PersonRequest
from procurement.refusals import refuse, status_of
from reporting.price_volumes import volumes_of

PRICES_PER_PAGE = 30


@takes_files(LARGEST_FORM)
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask for the new prices of a supplier, from which day and why; of one item where that is said."""
    at = timezone.now()
    day = timezone.localdate(at)
    agreements = Agreement.objects.visible_to(request.user, day).select_related("category", "supplier")
    agreement = get_object_or_404(agreements, pk=pk)
    verdict = can_propose_prices(request.user, agreement, at=at)
    if verdict.refusal is not None:
        return refuse(request, verdict.refusal, back=address_of(agreement))
    supplier = _supplier(agreement, request.GET)
    prices = _prices(agreement, supplier, request.GET.get("artikel", ""), day)
    page = Paginator(prices, PRICES_PER_PAGE).get_page(whole_number(request.GET.get("sida", "1")) or 1)
    data: QueryDict | None = request.POST if request.method == "POST" else None
    form = PriceRaiseForm(data, request.FILES if data is not None else None, prices=list(page.object_list))
    status = 200
    if data is not None:
        status = 422
        if form.is_valid():
            try:
                chosen = _chosen(form, prices, form.cleaned_data["from_date"])
                proposal = propose_prices(
                    agreement=agreement,
                    prices=chosen,
                    from_date=form.cleaned_data["from_date"],
                    reason=form.cleaned_data["reason"],
                    volumes=volumes_of({price.item_id for price in chosen}, day=day),
                    files=form.cleaned_data["letters"] or [],
                    by=request.user,
                    at=at,
                )
            except DomainError as refusal:
                form.add_error(None, str(refusal))
                status = status_of(refusal)
            else:
                messages.success(request, _("Prisförslaget är registrerat och väntar på beslut."))
                return redirect(address_of(proposal))
    context = {
        "agreement": agreement,
        "supplier": supplier,
        "item_number": request.GET.get("artikel", ""),
        "form": form,
        "page": page,
        "suppliers": _tabs(agreement, supplier),
    }
    return render(request, "desk/price_raise.html", context, status=status)


def _chosen(form: PriceRaiseForm, prices: models.QuerySet[Price], from_date: date) -> Mapping[Price, Decimal]:
    """What each price becomes: all by the percentage, on every page, or those that were typed."""
    percent = form.cleaned_data["percent"]
    if not percent:
        return form.new_prices
    return {price: raised(price, percent) for price in prices.filter(valid_during__contains=from_date)}


def _supplier(agreement: Agreement, query: QueryDict) -> Supplier:
    number = whole_number(query.get("leverantor", ""))
    place = agreement.suppliers.filter(supplier=number).select_related("supplier").first() if number else None
    return place.supplier if place else agreement.supplier


def _prices(agreement: Agreement, supplier: Supplier, item_number: str, day: date) -> models.QuerySet[Price]:
    """The prices of the supplier that hold today, by the item's name; of one item where that is said."""
    prices = agreement.prices.filter(supplier=supplier, valid_during__contains=day).select_related(
        "item", "supplier"
    )
    if item_number:
        prices = prices.filter(item__number=item_number)
    return prices.order_by(swedish("item__name"), "item__size", "order_unit", "minimum_quantity", "pk")


def _tabs(agreement: Agreement, chosen: Supplier) -> list[Link]:
    """One for each supplier of the agreement, where there are several."""
    places = list(agreement.suppliers.select_related("supplier").in_order())
    if len(places) < 2:
        return []
    return [
        Link(str(each.supplier), f"?leverantor={each.supplier_id}", is_current=each.supplier == chosen)
        for each in places
    ]
