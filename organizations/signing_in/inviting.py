"""Invite those who have an account and cannot sign in yet, all of them or one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from core.numbers import whole_number
from core.views import let_in
from organizations.models import User
from organizations.operations.passwords import invite, take_back_invitation
from organizations.permissions import can_invite
from organizations.requests import PersonRequest

MOST_SHOWN = 100
"""So many people are named on the page; the others are counted."""


@require_http_methods(["GET", "HEAD", "POST"])
def invitations(request: PersonRequest) -> HttpResponse:
    """Show who cannot sign in yet, or one of them (``person``), and send those who have no link one."""
    at = timezone.now()
    let_in(can_invite(request.user, at=at))
    uninvited = User.objects.uninvited(at).exclude(pk=request.user.pk)
    if request.method == "POST":
        count = invite(people=list(uninvited), by=request.user, at=at)
        text = ngettext(
            "%(count)s person får en inbjudan med e-post.",
            "%(count)s personer får en inbjudan med e-post.",
            count,
        )
        messages.success(request, text % {"count": count})
        return redirect("organizations:invitations")
    waiting = User.objects.without_way_in().exclude(pk=request.user.pk)
    one = whole_number(request.GET.get("person", ""))
    selection = waiting if one is None else waiting.filter(pk=one)
    people = selection.select_related("password_link")[:MOST_SHOWN]
    context = {
        "people": [(person, person.invitation(at)) for person in people],
        "is_one": one is not None,
        "count": waiting.count(),
        "uninvited": uninvited.count(),
        "most_shown": MOST_SHOWN,
    }
    return render(request, "organizations/invitations.html", context)


@require_POST
def invite_one(request: PersonRequest, pk: int) -> HttpResponse:
    """Send one person a link, in place of the one that she may have."""
    at = timezone.now()
    let_in(can_invite(request.user, at=at))
    person = get_object_or_404(User.objects.without_way_in(), pk=pk)
    if invite(people=[person], by=request.user, at=at):
        messages.success(request, _("%(name)s får en inbjudan med e-post.") % {"name": person.full_name})
    else:
        messages.info(request, _("%(name)s bjöds in alldeles nyss.") % {"name": person.full_name})
    return redirect("organizations:invitations")


@require_POST
def take_back(request: PersonRequest, pk: int) -> HttpResponse:
    """Let the link that a person was sent open nothing."""
    at = timezone.now()
    let_in(can_invite(request.user, at=at))
    person = get_object_or_404(User, pk=pk)
    if take_back_invitation(person=person, by=request.user, at=at):
        messages.success(
            request, _("Inbjudan till %(name)s gäller inte längre.") % {"name": person.full_name}
        )
    else:
        messages.info(request, _("%(name)s hade ingen inbjudan.") % {"name": person.full_name})
    return redirect("organizations:invitations")
