"""A basket whose department has closed goes to one that the person orders for now."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import DomainError
from organizations.requests import PersonRequest
from procurement.models import Requisition
from procurement.operations.moving_baskets import move_basket
from procurement.refusals import refuse
from shop.views.departments import OrdersForNobody, department_choice


@require_POST
def move(request: PersonRequest, pk: int) -> HttpResponse:
    """Move what lies in one of her baskets to the department that she orders for now."""
    basket = get_object_or_404(Requisition.objects.filter(requester=request.user), pk=pk)
    department = department_choice(request).department
    if department is None:
        return refuse(request, OrdersForNobody(), back=reverse("shop:start"))
    try:
        move_basket(basket=basket, department=department, by=request.user, at=timezone.now())
    except DomainError as refusal:
        return refuse(request, refusal, back=reverse("shop:basket"))
    messages.success(
        request, _("Raderna ligger nu i korgen för %(department)s.") % {"department": department}
    )
    return redirect("shop:basket")
