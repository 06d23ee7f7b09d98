"""Show that one is oneself, before the way one signs in is changed."""

from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth.hashers import check_password
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from factors.forms import PasswordForm
from factors.holdings import has_factor
from factors.views.asking import asking
from organizations.operations import guessing
from organizations.requests import PersonRequest
from organizations.signing_in.directories import doors
from organizations.signing_in.entering import page_of_ours
from organizations.signing_in.strength import uses_password
from organizations.signing_in.views import attempt_of


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: PersonRequest) -> HttpResponse:
    """Ask for her factor if she has one, else for her password, else for the directory's word."""
    requested_page = request.POST.get("next") or request.GET.get("next")
    next_page = page_of_ours(request, requested_page, reverse("factors:factors"))
    try:
        if has_factor(request.user):
            return _confirm_by_factor(request, next_page)
        if uses_password(request.user):
            return _confirm_by_password(request, next_page)
    except guessing.TooManyGuesses:
        return render(request, "errors/lockout.html", status=429)
    return render(request, "factors/confirm.html", {"next": next_page, "doors": doors(next_page)})


def _confirm_by_factor(request: PersonRequest, next_page: str) -> HttpResponse:
    challenge, factor = asking(request, request.user)
    if factor is not None:
        return redirect(next_page)
    context = {"asked": challenge, "form": challenge.form, "next": next_page}
    return render(request, "factors/confirm.html", context, status=challenge.status)


def _confirm_by_password(request: PersonRequest, next_page: str) -> HttpResponse:
    form, at = PasswordForm(request.POST or None), timezone.now()
    if request.method == "POST" and form.is_valid():
        attempt = attempt_of(request, request.user.email)
        guessing.count_attempt(attempt, at=at)
        # The person's own check would keep the password anew after a change of hasher, and so end her session.
        if check_password(form.cleaned_data["password"], request.user.password):
            guessing.forget_attempt(attempt)
            record_authentication(request, request.user, "password")
            return redirect(next_page)
        form.add_error("password", _("Lösenordet stämmer inte."))
    context = {"form": form, "next": next_page}
    return render(request, "factors/confirm.html", context, status=422 if form.errors else 200)
