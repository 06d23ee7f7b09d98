"""Keep an item at hand from where it is shown, and let go of it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from catalog.models import Item
from catalog.operations import favourites
from core.addresses import address_of
from core.errors import DomainError
from core.fragments import asks_for_part
from organizations.requests import PersonRequest
from procurement.refusals import refuse
from shop.habits import department_purchases
from shop.views.acts import return_address
from shop.views.catalogue import favourites_context
from shop.views.departments import department_choice


@require_POST
def add(request: PersonRequest, number: str) -> HttpResponse:
    """Keep the item."""
    thing = get_object_or_404(Item.objects.visible(), number=number)
    try:
        favourites.add(item=thing, by=request.user, at=timezone.now())
    except DomainError as refusal:
        return refuse(request, refusal, back=return_address(request, address_of(thing)))
    return _changed_response(
        request, thing, _("%(item)s är en av dina favoriter.") % {"item": thing}, is_kept=True
    )


@require_POST
def remove(request: PersonRequest, number: str) -> HttpResponse:
    """Let go of the item, also when it has left the catalogue."""
    thing = get_object_or_404(Item, number=number)
    favourites.remove(item=thing, by=request.user)
    return _changed_response(
        request, thing, _("%(item)s är inte längre en favorit.") % {"item": thing}, is_kept=False
    )


def _changed_response(request: PersonRequest, thing: Item, sentence: str, *, is_kept: bool) -> HttpResponse:
    """Answer with the star and the list beside it, or the page again with a note."""
    return_url = return_address(request, address_of(thing))
    view = request.POST.get("view", "")
    if not (asks_for_part(request) and view in ("rad", "artikel", "lista")):
        messages.success(request, sentence)
        return redirect(return_url)
    day = timezone.localdate()
    department = department_choice(request).department
    context = {
        "item": thing,
        "view": view,
        "is_favourite": is_kept,
        "sentence": sentence,
        "department": department,
        "address": return_url,
        **favourites_context(request, department_purchases(department, day=day), day=day),
    }
    return render(request, "shop/catalogue/_favourite_changed.html", context)
