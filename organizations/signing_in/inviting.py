"""Invite those who have an account and cannot sign in yet."""

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from core.views import let_in
from organizations.models import User
from organizations.models.links import MOST_ATTEMPTS
from organizations.operations.passwords import invite
from organizations.permissions import can_invite
from organizations.requests import PersonRequest

MOST_SHOWN = 100
"""So many people are named on the page; the others are counted."""


@require_http_methods(["GET", "HEAD", "POST"])
def invitations(request: PersonRequest) -> HttpResponse:
    """Show who cannot sign in yet, and send those who have no link one."""
    at = timezone.now()
    let_in(can_invite(request.user, at=at))
    waiting = User.objects.without_way_in().exclude(pk=request.user.pk)
    is_over = Q(password_link__expires_at__lte=at) | Q(
        password_link__sent_at=None, password_link__attempts__gte=MOST_ATTEMPTS
    )
    uninvited = waiting.filter(Q(password_link=None) | is_over)
    if request.method == "POST":
        count = invite(people=list(uninvited), by=request.user, at=at)
        text = ngettext(
            "%(count)s person får en inbjudan med e-post.",
            "%(count)s personer får en inbjudan med e-post.",
            count,
        )
        messages.success(request, text % {"count": count})
        return redirect("organizations:invitations")
    context = {
        "people": waiting.select_related("password_link")[:MOST_SHOWN],
        "count": waiting.count(),
        "uninvited": uninvited.count(),
        "most_shown": MOST_SHOWN,
        "at": at,
    }
    return render(request, "organizations/invitations.html", context)
