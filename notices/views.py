"""Pages of notices: what one has been told, how one wants to be told, and letters that did not leave."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import DomainError
from core.paging import OnePage
from core.views import let_in
from notices import permissions
from notices.forms import ChoicesForm
from notices.models import Letter, Notice
from notices.operations.choices import choose
from notices.operations.mailing import retry_letter
from notices.operations.reading import mark_all_read, mark_read
from organizations.requests import PersonRequest

PER_PAGE = 30
LAST_PAGE = 1000


@require_safe
def notices(request: PersonRequest) -> HttpResponse:
    """List what the person has been told, the latest first."""
    number = request.GET.get("sida", "")
    page_number = min(max(int(number), 1), LAST_PAGE) if number.isdecimal() and len(number) < 6 else 1
    own_notices = Notice.objects.visible_to(request.user)
    ids = list(own_notices.latest_first().values_list("pk", flat=True)[: page_number * PER_PAGE + 1])
    page = OnePage(page_number, ids, PER_PAGE)
    context = {
        "notices": own_notices.filter(pk__in=page.shown).latest_first(),
        "unread": own_notices.unread().count(),
        "older_url": page.older_url(request.GET),
        "newer_url": page.newer_url(request.GET),
        "sees_letters": bool(permissions.can_see_letters(request.user, at=timezone.now())),
    }
    return render(request, "notices/notices.html", context)


@require_POST
def read_one(request: PersonRequest, pk: int) -> HttpResponse:
    """Mark one as read."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    mark_read(notices=[notice], by=request.user, at=timezone.now())
    return redirect("notices:notices")


@require_POST
def read_all(request: PersonRequest) -> HttpResponse:
    """Mark all as read."""
    count = mark_all_read(by=request.user, at=timezone.now())
    text = ngettext("%(count)s notis är nu läst.", "%(count)s notiser är nu lästa.", count)
    messages.success(request, text % {"count": count})
    return redirect("notices:notices")


@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: PersonRequest) -> HttpResponse:
    """Let the person choose how she is told."""
    form = ChoicesForm(request.POST if request.method == "POST" else None, person=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            choose(person=request.user, chosen=form.chosen, by=request.user, at=timezone.now())
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Dina val är sparade. De gäller notiser från och med nu."))
            return redirect("notices:choices")
    return render(request, "notices/choices.html", {"form": form}, status=422 if form.errors else 200)


def _check_sees_letters(request: PersonRequest) -> None:
    """
    Let the administrator on.

    :raises PermissionDenied: with the reason.
    """
    let_in(permissions.can_see_letters(request.user, at=timezone.now()))


@require_safe
def unsent_letters(request: PersonRequest) -> HttpResponse:
    """List letters that could not be sent, without what they say."""
    _check_sees_letters(request)
    letters = Letter.objects.not_sent().select_related("recipient")
    context = {"page_obj": Paginator(letters, PER_PAGE).get_page(request.GET.get("sida"))}
    return render(request, "notices/unsent_letters.html", context)


@require_POST
def retry(request: PersonRequest, pk: int) -> HttpResponse:
    """Try again to send a letter."""
    at = timezone.now()
    _check_sees_letters(request)
    letter = get_object_or_404(Letter.objects.select_related("recipient"), pk=pk)
    try:
        retry_letter(letter=letter, by=request.user, at=at)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("Brevet till %(name)s skickas igen.") % {"name": letter.recipient.full_name}
        )
    return redirect("notices:unsent_letters")
