"""A need in words is tied to a competition and let go of it, from its own page and from that of the competition."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from catalog.models import RenewedCompetition
from core.addresses import address_of
from core.errors import DomainError
from core.numbers import whole_number
from desk.views.lines import visible_line
from organizations.requests import PersonRequest
from procurement.operations.tying import tie_to_competition, untie_from_competition
from procurement.refusals import refuse


@require_POST
def tie(request: PersonRequest, pk: int) -> HttpResponse:
    """Let a need wait for the chosen competition."""
    at, line = timezone.now(), visible_line(request.user, pk)
    competitions = RenewedCompetition.objects.visible_to(request.user, timezone.localdate(at))
    competition = get_object_or_404(competitions, pk=whole_number(request.POST.get("competition", "")) or 0)
    return _carry_out(
        request,
        lambda: tie_to_competition(line=line, competition=competition, by=request.user, at=at),
        back=_back(request, pk, competition),
        done=_("Raden väntar på konkurrensutsättningen."),
    )


@require_POST
def untie(request: PersonRequest, pk: int) -> HttpResponse:
    """Let a need wait no longer."""
    line = visible_line(request.user, pk)
    return _carry_out(
        request,
        lambda: untie_from_competition(line=line, by=request.user, at=timezone.now()),
        back=_back(request, pk, line.tied_competition),
        done=_("Raden väntar inte längre på konkurrensutsättningen."),
    )


def _carry_out(request: PersonRequest, act: Callable[[], object], *, back: str, done: str) -> HttpResponse:
    try:
        act()
    except DomainError as refusal:
        return refuse(request, refusal, back=back)
    messages.success(request, done)
    return redirect(back)


def _back(request: PersonRequest, line: int, competition: RenewedCompetition | None) -> str:
    """Where the button stood: the page of the competition, or of the line."""
    if competition is not None and "from_competition" in request.POST:
        return address_of(competition)
    return reverse("desk:line", args=[line])
