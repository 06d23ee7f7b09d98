"""A person's API keys."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import DomainError
from organizations.forms import ApiTokenForm
from organizations.models import ApiToken, User
from organizations.operations.api_tokens import create_token, revoke_token
from organizations.permissions import needs_second_factor
from organizations.requests import PersonRequest
from organizations.signing_in.strength import is_strong


@require_http_methods(["GET", "HEAD", "POST"])
def api_tokens(request: PersonRequest) -> HttpResponse:
    """Show the person's keys, and make one; its text is shown this once."""
    at = timezone.now()
    form, text = ApiTokenForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            _token, text = create_token(
                user=request.user,
                **form.cleaned_data,
                by=request.user,
                at=at,
                has_second_factor=is_strong(request, request.user),
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
    tokens = ApiToken.objects.visible_to(request.user).latest_first()
    context = {
        "form": ApiTokenForm() if text else form,
        "text": text,
        "tokens": [(token, not _is_usable(token, request.user, at)) for token in tokens],
    }
    return render(request, "organizations/api_tokens.html", context, status=422 if form.errors else 200)


def _is_usable(token: ApiToken, owner: User, at: datetime) -> bool:
    is_strong_enough = token.has_second_factor or not needs_second_factor(owner, at=at)
    return token.works_for(owner, at=at) and is_strong_enough


@require_POST
def api_token_revoke(request: PersonRequest, pk: int) -> HttpResponse:
    """Make a key worthless at once."""
    token = get_object_or_404(ApiToken.objects.visible_to(request.user), pk=pk)
    revoke_token(token=token, by=request.user, at=timezone.now())
    messages.success(
        request, _("Nyckeln %(name)s är indragen och gäller inte längre.") % {"name": token.name}
    )
    return redirect("organizations:api_tokens")
