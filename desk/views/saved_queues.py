"""What a person keeps of her queue: views under names of her own, and what she has seen of it."""

from collections.abc import Callable
from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import DomainError
from core.fragments import asks_for_part
from desk.addresses import QueueAddress, chosen_ids
from organizations.requests import PersonRequest
from procurement.models import RequisitionLine, SavedQueue
from procurement.operations import queues


@require_POST
def save(request: PersonRequest) -> HttpResponse:
    """Keep the view that is open under a name."""
    query = _view_address(request).query
    return _answer(
        request,
        lambda: queues.keep(
            name=request.POST.get("name", ""), query=query, by=request.user, at=timezone.now()
        ),
        _("Vyn är sparad."),
    )


@require_POST
def rename(request: PersonRequest, pk: int) -> HttpResponse:
    """Give a saved view another name."""
    saved = _own_saved_queue(request, pk)
    return _answer(
        request,
        lambda: queues.rename(saved=saved, name=request.POST.get("name", ""), by=request.user),
        _("Vyn har fått sitt nya namn."),
    )


@require_POST
def remove(request: PersonRequest, pk: int) -> HttpResponse:
    """Let go of a saved view."""
    saved = _own_saved_queue(request, pk)
    return _answer(request, lambda: queues.remove(saved=saved, by=request.user), _("Vyn är borttagen."))


@require_POST
def mark_seen(request: PersonRequest) -> HttpResponse:
    """Remember that she has seen lines as they are now: one that she opened, or all that the page shows."""
    ids = chosen_ids(request.POST.getlist("rader"))
    lines = RequisitionLine.objects.visible_to(request.user).filter(pk__in=ids)
    queues.mark_seen(lines=list(lines.only("pk")), by=request.user, at=timezone.now())
    if asks_for_part(request):
        return HttpResponse(status=204)
    return redirect(QueueAddress.written(request.POST.get("address", "")).url)


def _own_saved_queue(request: PersonRequest, pk: int) -> SavedQueue:
    return get_object_or_404(SavedQueue.objects.visible_to(request.user), pk=pk)


def _view_address(request: PersonRequest) -> QueueAddress:
    """The view without the moment from which its order stands still."""
    address = QueueAddress.written(request.POST.get("address", ""))
    return replace(address, since=None)


def _answer(request: PersonRequest, act: Callable[[], object], text: str) -> HttpResponse:
    try:
        act()
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, text)
    return redirect(_view_address(request).url)
