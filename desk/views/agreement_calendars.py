"""The days of agreements as a calendar: for one agreement, and for a person at a private address."""

from http import HTTPStatus

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from agreements.calendars import MEDIA_TYPE, calendar_of
from agreements.models import Agreement, CalendarFeed
from agreements.models.agreements import AgreementQuerySet
from agreements.operations.calendars import CalendarKeyUnknown, feed_with, make_feed, take_back_feed
from agreements.runway import outlook_of, outlooks
from organizations.models import User
from organizations.operations.guessing import TooManyGuesses, count_calendar, count_wrong_key
from organizations.requests import PersonRequest
from organizations.signing_in.addresses import client_address

KEY = "made_calendar_key"


@require_safe
def of_agreement(request: PersonRequest, pk: int) -> HttpResponse:
    """Hand out the days of one agreement."""
    at = timezone.now()
    day = timezone.localdate(at)
    agreements = Agreement.objects.visible_to(request.user, day).with_outlook(day).with_asking()
    agreement = get_object_or_404(agreements, pk=pk)
    content = calendar_of([outlook_of(agreement, day=day)], name=agreement.title, at=at)
    answer = HttpResponse(content, content_type=MEDIA_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="avtal-{agreement.pk}.ics"'
    return answer


@require_safe
def calendar(request: PersonRequest) -> HttpResponse:
    """Show whether she has a calendar address, and the address itself once when it has just been made."""
    key = request.session.pop(KEY, "")
    context = {
        "feed": CalendarFeed.objects.filter(user=request.user, taken_back_at=None).first(),
        "address": request.build_absolute_uri(reverse("agreement_feed", args=[key])) if key else "",
        "count": _own_agreements(request.user).count(),
    }
    return render(request, "desk/agreement_calendar.html", context)


@require_POST
def make(request: PersonRequest) -> HttpResponse:
    """Make an address; the one before stops working."""
    request.session[KEY] = make_feed(by=request.user, at=timezone.now())
    return redirect("desk:agreement_calendar")


@require_POST
def take_back(request: PersonRequest) -> HttpResponse:
    """Let the address stop working."""
    take_back_feed(by=request.user, at=timezone.now())
    return redirect("desk:agreement_calendar")


@login_not_required
@never_cache
@require_safe
def feed(request: HttpRequest, key: str) -> HttpResponse:
    """Hand out a person's calendar to whoever has its address; nothing else is opened by it, and no cookie is set."""
    at = timezone.now()
    try:
        calendar_feed = feed_with(key)
        count_calendar(calendar_feed.key_digest, at=at)
    except CalendarKeyUnknown:
        return _unknown(request)
    except TooManyGuesses:
        return HttpResponse(status=HTTPStatus.TOO_MANY_REQUESTS)
    day = timezone.localdate(at)
    agreements = (
        _own_agreements(calendar_feed.user).select_related("category").with_outlook(day).with_asking()
    )
    with override(calendar_feed.user.language or "sv"):
        content = calendar_of(outlooks(agreements, day=day), name=_("Mina avtal i Rauk"), at=at)
    return HttpResponse(content, content_type=MEDIA_TYPE)


def _unknown(request: HttpRequest) -> HttpResponse:
    try:
        count_wrong_key(client_address(request.META, proxies=settings.PROXY_COUNT), at=timezone.now())
    except TooManyGuesses:
        return HttpResponse(status=HTTPStatus.TOO_MANY_REQUESTS)
    return HttpResponse(status=HTTPStatus.NOT_FOUND)


def _own_agreements(user: User) -> AgreementQuerySet:
    """What she answers for of what is in force or about to be, and may see."""
    day = timezone.localdate()
    agreements = Agreement.objects.answered_by(user, day).visible_to(user, day)
    return agreements.not_over(day).in_order()
