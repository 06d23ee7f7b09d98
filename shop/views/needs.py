"""What is said of a need while it is described."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.money import ZERO, line_amount
from organizations.requests import PersonRequest
from shop.direct_awards import hint
from shop.forms.baskets import LimitForm
from shop.views.departments import ordering


@require_safe
def limit(request: PersonRequest) -> HttpResponse:
    """Say what similar purchases come to beside the direct-award limit, with what is typed so far."""
    form, department = LimitForm(request.GET), ordering(request).department
    text, is_passed = "", False
    if form.is_valid() and department is not None:
        given = form.cleaned_data
        quantity = given["quantity"] or given["hours"] or ZERO
        amount = line_amount(given["estimated_unit_price"] or ZERO, quantity)
        text, is_passed = hint(department, given["category"], amount, day=timezone.localdate())
    return render(request, "shop/_limit.html", {"text": text, "is_passed": is_passed})
