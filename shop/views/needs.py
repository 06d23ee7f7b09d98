"""Needs in one's own words: goods and services, and what is said of one while it is described."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import DomainError
from core.money import ZERO, line_amount
from organizations.requests import PersonRequest
from procurement.models import RequisitionLine
from procurement.operations import baskets
from procurement.refusals import refuse, status_of
from shop.carts import cart_of
from shop.direct_awards import hint
from shop.forms.baskets import FreeTextForm, LimitForm, ServiceForm
from shop.views.departments import OrdersForNobody, department_choice


@require_http_methods(["GET", "HEAD", "POST"])
def free_text(request: PersonRequest) -> HttpResponse:
    """Describe a need that is not in the catalogue."""
    initial = {"description": request.GET.get("q", "")[:250], "quantity": 1}
    form = FreeTextForm(request.POST if request.method == "POST" else None, initial=initial)
    return _need(request, form, "shop/free_text.html", baskets.add_free_text)


@require_http_methods(["GET", "HEAD", "POST"])
def service(request: PersonRequest) -> HttpResponse:
    """Ask for a service."""
    form = ServiceForm(request.POST if request.method == "POST" else None, day=timezone.localdate())
    return _need(request, form, "shop/service.html", baskets.add_service)


@require_safe
def limit(request: PersonRequest) -> HttpResponse:
    """Say what similar purchases come to beside the direct-award limit, with what is typed so far."""
    form, department = LimitForm(request.GET), department_choice(request).department
    text, is_passed = "", False
    if form.is_valid() and department is not None:
        cleaned_data = form.cleaned_data
        quantity = cleaned_data["quantity"] or cleaned_data["hours"] or ZERO
        amount = line_amount(cleaned_data["estimated_unit_price"] or ZERO, quantity)
        basket_lines = cart_of(request.user, department).lines
        text, is_passed = hint(
            department, cleaned_data["category"], amount, held=basket_lines, day=timezone.localdate()
        )
    return render(request, "shop/_limit.html", {"text": text, "is_passed": is_passed})


def _need(request: PersonRequest, form: forms.Form, template: str, add_need: Any) -> HttpResponse:
    """Put a described need in the basket by the operation that takes it."""
    at = timezone.now()
    department = department_choice(request).department
    if department is None:
        return refuse(request, OrdersForNobody(), back=reverse("shop:start"))
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                basket = baskets.open_basket(department=department, by=request.user, at=at)
                added = add_need(basket=basket, **form.cleaned_data, by=request.user, at=at)
            except DomainError as refusal:
                form.add_error(None, str(refusal))
                status = status_of(refusal)
            else:
                messages.success(request, _added_message(added))
                return redirect("shop:basket")
    return render(request, template, {"form": form, "department": department}, status=status)


def _added_message(added: RequisitionLine) -> str:
    """Say that a need is in the basket, and that the supplier proposed with it was known already when it was."""
    text = _("%(what)s ligger i korgen.") % {"what": added.description}
    proposal = added.supplier_proposal
    if proposal is not None and proposal.supplier is not None:
        text += " " + _("%(supplier)s finns redan i leverantörsregistret, och föreslås.") % {
            "supplier": proposal.supplier
        }
    return text
