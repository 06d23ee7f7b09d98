"""Konto line by line, a page beside the basket."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from organizations.requests import PersonRequest
from procurement.operations import accounts
from procurement.operations.submitting import BasketIsEmpty
from procurement.refusals import refuse, status_of
from shop.carts import cart_of
from shop.forms.accounts import AccountsForm
from shop.views.departments import department_choice


@require_http_methods(["GET", "HEAD", "POST"])
def basket_accounts(request: PersonRequest) -> HttpResponse:
    """Choose konto for each line of the basket."""
    at = timezone.now()
    cart = cart_of(request.user, department_choice(request).department)
    if cart.basket is None or not cart.lines:
        return refuse(request, BasketIsEmpty(), back=reverse("shop:basket"))
    form = AccountsForm(
        request.POST if request.method == "POST" else None,
        basket=cart.basket,
        lines=cart.lines,
        day=timezone.localdate(at),
    )
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            accounts.set_accounts(basket=cart.basket, accounts=form.chosen(), by=request.user, at=at)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            status = status_of(refusal)
        else:
            messages.success(request, _("Kontona är sparade."))
            return redirect("shop:basket")
    return render(request, "shop/basket_accounts.html", {"form": form}, status=status)
