"""The first address of the program, and which page is a person's own first page."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from categories.models import Category
from organizations.models import Role, User
from organizations.requests import PersonRequest
from procurement.standing import standing_on


@require_safe
def home(request: PersonRequest) -> HttpResponse:
    """Lead everybody to the page that is theirs."""
    return redirect(first_page(request.user, timezone.localdate()))


def first_page(user: User, day: date) -> str:
    """
    Managers begin with their queue, orderers with what they need, the others with what they follow.

    The administrator begins with what the region needs, and so does the head of procurement as long as nothing is there.
    """
    standing = standing_on(user, day)
    roles = standing.roles
    if roles.is_head and not Category.objects.exists():
        return reverse("office:getting_started")
    if standing.manages or roles.is_head:
        return reverse("desk:today")
    if roles.orders_for:
        return reverse("shop:start")
    if roles.receives_for:
        return reverse("shop:reception")
    if roles.attests_for:
        return reverse("desk:attests")
    if standing.deputises or standing.acts_for:
        return reverse("desk:today")
    if Role.ADMINISTRATOR in roles.everywhere:
        return reverse("office:getting_started")
    if roles.is_controller:
        return reverse("reporting:savings")
    if roles.is_auditor:
        return reverse("desk:trail")
    return reverse("shop:catalogue")
