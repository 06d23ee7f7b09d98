"""The accounts of a ledger, and what they mean."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import InvalidInput, NotPermitted
from core.numbers import whole_number
from organizations.requests import PersonRequest
from spend import permissions
from spend.accounts import accounts
from spend.forms import MeaningForm
from spend.models import Meaning
from spend.operations.meanings import decide_meaning
from spend.selection import Selection
from spend.views.seeing import chosen_of, let_into_ledger, source_links, year_links

ACCOUNTS_PER_PAGE = 50
LAST_PAGE = 9_999


@require_http_methods(["GET", "HEAD", "POST"])
def accounts_page(request: PersonRequest) -> HttpResponse:
    """Each account with its sum and its meaning, those without one first, and a form that says what one means."""
    at = timezone.now()
    let_into_ledger(request.user)
    chosen, all_sources = chosen_of(request)
    if chosen is None:
        return render(request, "spend/accounts.html", {"chosen": None})
    is_sent = request.method == "POST"
    form = MeaningForm(
        request.POST if is_sent else None, initial={"first_account": request.GET.get("konto", "")}
    )
    if form.is_valid() and (answer := _decided(request, form, chosen)) is not None:
        return answer
    page = whole_number(request.GET.get("sida", "1"), most=LAST_PAGE) or 1
    listing = accounts(chosen, limit=ACCOUNTS_PER_PAGE, offset=(page - 1) * ACCOUNTS_PER_PAGE)
    context: dict[str, Any] = {
        "chosen": chosen,
        "sources": source_links(all_sources, chosen),
        "years": year_links(all_sources, chosen),
        "found": listing,
        "rows_url": reverse("spend:rows") + chosen.address(),
        "page_obj": Paginator(range(listing.count), ACCOUNTS_PER_PAGE).get_page(page),
        "form": form,
        "can_decide": permissions.can_decide(request.user, at),
    }
    return render(request, "spend/accounts.html", context, status=422 if form.errors else 200)


def _decided(request: PersonRequest, form: MeaningForm, chosen: Selection) -> HttpResponse | None:
    """Keep what the form says; nothing where it is refused, and the form says why."""
    data = form.cleaned_data
    try:
        decided = decide_meaning(
            source="" if data["of_all"] else chosen.source,
            first_account=data["first_account"],
            last_account=data["last_account"],
            meaning=Meaning(data["meaning"]),
            category=data["category"],
            by=request.user,
            at=timezone.now(),
        )
    except NotPermitted as error:
        raise PermissionDenied(str(error)) from None
    except InvalidInput as error:
        form.add_error(
            "category" if error.code == "account_meaning_category_needed" else "last_account", str(error)
        )
        return None
    messages.success(request, _("Betydelsen av %(accounts)s är sparad.") % {"accounts": decided.span})
    return redirect(reverse("spend:accounts") + chosen.address())
