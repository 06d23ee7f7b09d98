"""The page where the administrator sees what directories tell, and makes and takes back their keys."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.addresses import absolute
from core.errors import DomainError
from core.views import let_in
from organizations.models import (
    DirectoryKey,
    DirectoryMessage,
    GroupRule,
    ProvisionedGroup,
    ProvisionedPerson,
)
from organizations.requests import PersonRequest
from procurement.refusals import refuse
from provisioning.forms import DirectoryKeyForm
from provisioning.operations.keys import create_directory_key, revoke_directory_key
from provisioning.permissions import can_arrange_provisioning

MOST_SHOWN = 15
"""So many of the latest messages are shown."""


@require_http_methods(["GET", "HEAD", "POST"])
def directory(request: PersonRequest) -> HttpResponse:
    """Show keys and what was heard, and make a key; its text is shown this once."""
    at = timezone.now()
    let_in(can_arrange_provisioning(request.user, at=at))
    form, text = DirectoryKeyForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            _key, text = create_directory_key(**form.cleaned_data, by=request.user, at=at)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
    context = {
        "form": DirectoryKeyForm() if text else form,
        "text": text,
        "address": absolute("/scim/v2"),
        "keys": [(key, key.is_in_force(at)) for key in DirectoryKey.objects.latest_first()],
        "refused": DirectoryMessage.objects.refused().latest_first()[:MOST_SHOWN],
        "heard": DirectoryMessage.objects.followed().latest_first()[:MOST_SHOWN],
        "people": ProvisionedPerson.objects.count(),
        "groups": ProvisionedGroup.objects.count(),
        "directories": _directories(),
    }
    return render(request, "provisioning/directory.html", context, status=422 if form.errors else 200)


@require_POST
def key_revoke(request: PersonRequest, pk: int) -> HttpResponse:
    """Make a key worthless at once."""
    at = timezone.now()
    let_in(can_arrange_provisioning(request.user, at=at))
    key = get_object_or_404(DirectoryKey, pk=pk)
    response = redirect("provisioning:directory")
    try:
        revoke_directory_key(key=key, by=request.user, at=at)
    except DomainError as refusal:
        return refuse(request, refusal, back=response.url)
    messages.success(request, _("Nyckeln %(name)s är indragen och gäller inte längre.") % {"name": key.name})
    return response


def _directories() -> list[str]:
    """Those that people sign in through, and those that group rules speak of."""
    of_doors = {
        app["provider_id"] for kind in settings.SOCIALACCOUNT_PROVIDERS.values() for app in kind["APPS"]
    }
    return sorted(of_doors | set(GroupRule.objects.values_list("directory", flat=True)))
