"""Who pays, where to and by when, line by line: a page beside the basket."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from organizations.requests import PersonRequest
from procurement.operations import line_deliveries
from procurement.operations.submitting import BasketIsEmpty
from procurement.refusals import refuse, status_of
from shop.carts import cart_of
from shop.forms.deliveries import DeliveriesForm
from shop.views.departments import department_choice


@require_http_methods(["GET", "HEAD", "POST"])
def basket_deliveries(request: PersonRequest) -> HttpResponse:
    """Say for each line of the basket how it differs from the rest."""
    at = timezone.now()
    orders = department_choice(request)
    cart = cart_of(request.user, orders.department)
    if cart.basket is None or not cart.lines:
        return refuse(request, BasketIsEmpty(), back=reverse("shop:basket"))
    form = DeliveriesForm(
        request.POST if request.method == "POST" else None,
        basket=cart.basket,
        lines=cart.lines,
        day=timezone.localdate(at),
        own=[each.cost_center for each in orders.choices],
    )
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            line_deliveries.set_deliveries(
                basket=cart.basket, deliveries=form.chosen(), by=request.user, at=at
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            status = status_of(refusal)
        else:
            messages.success(request, _("Det som skiljer raderna åt är sparat."))
            return redirect("shop:basket")
    return render(request, "shop/basket_deliveries.html", {"form": form}, status=status)
