"""The suppliers of a ledger, and which of ours they are."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.errors import DomainError, NotPermitted
from core.numbers import whole_number
from core.views import let_in
from organizations.requests import PersonRequest
from spend import permissions
from spend.forms import SupplierForm
from spend.matches import decided_matches, unmatched
from spend.operations.matches import match_supplier, undo_match
from spend.selection import Selection
from spend.views.seeing import chosen_of, let_into_ledger, source_links, year_links

SUPPLIERS_PER_PAGE = 25
LAST_PAGE = 9_999


@require_safe
def suppliers_page(request: PersonRequest) -> HttpResponse:
    """Suppliers of whom nothing is decided, the largest first, each with a suggestion where there is one."""
    let_into_ledger(request.user)
    key = request.GET.get("valj", "")
    return _listed(request, key, SupplierForm() if key else None)


def _listed(request: PersonRequest, key: str, form: SupplierForm | None) -> HttpResponse:
    """The page, with the form at the supplier that she chooses ours for herself."""
    chosen, all_sources = chosen_of(request)
    if chosen is None:
        return render(request, "spend/suppliers.html", {"chosen": None})
    page = whole_number(request.GET.get("sida", "1"), most=LAST_PAGE) or 1
    suppliers, count = unmatched(chosen, limit=SUPPLIERS_PER_PAGE, offset=(page - 1) * SUPPLIERS_PER_PAGE)
    context: dict[str, Any] = {
        "chosen": chosen,
        "sources": source_links(all_sources, chosen),
        "years": year_links(all_sources, chosen),
        "found": [(each, _rows_url(chosen, each.key)) for each in suppliers],
        "count": count,
        "page_obj": Paginator(range(count), SUPPLIERS_PER_PAGE).get_page(page),
        "can_decide": permissions.can_decide(request.user, timezone.now()),
        "wanted": key,
        "form": form,
    }
    return render(request, "spend/suppliers.html", context, status=422 if form and form.errors else 200)


@require_safe
def matched_page(request: PersonRequest) -> HttpResponse:
    """What has been decided of the source's suppliers, the latest first."""
    let_into_ledger(request.user)
    chosen, all_sources = chosen_of(request)
    if chosen is None:
        raise Http404
    context = {
        "chosen": chosen,
        "sources": source_links(all_sources, chosen),
        "page_obj": Paginator(decided_matches(chosen.source), SUPPLIERS_PER_PAGE).get_page(
            request.GET.get("sida")
        ),
        "can_decide": permissions.can_decide(request.user, timezone.now()),
    }
    return render(request, "spend/matched.html", context)


def _rows_url(chosen: Selection, key: str) -> str:
    return reverse("spend:rows") + chosen.address(nyckel=key)


@require_POST
def match(request: PersonRequest) -> HttpResponse:
    """Say who a supplier of the source is: one of ours, or with ``none`` none of them."""
    chosen, key = _source_and_supplier(request)
    let_in(permissions.can_decide(request.user, timezone.now()))
    supplier = None
    if "none" not in request.POST:
        form = SupplierForm(request.POST)
        if not form.is_valid():
            return _listed(request, key, form)
        supplier = form.cleaned_data["supplier"]
    try:
        decided = match_supplier(
            source=chosen.source, key=key, supplier=supplier, by=request.user, at=timezone.now()
        )
    except DomainError as error:
        return _refused(request, error, chosen)
    name = supplier.name if supplier else _("ingen av våra")
    messages.success(request, _("%(name)s är kopplad: %(supplier)s.") % {"name": decided, "supplier": name})
    return redirect(reverse("spend:suppliers") + chosen.address())


@require_POST
def undo(request: PersonRequest) -> HttpResponse:
    """Take a decision back."""
    chosen, key = _source_and_supplier(request)
    try:
        undone = undo_match(source=chosen.source, key=key, by=request.user, at=timezone.now())
    except DomainError as error:
        return _refused(request, error, chosen)
    messages.success(request, _("Kopplingen av %(name)s är borttagen.") % {"name": undone})
    return redirect(reverse("spend:matched") + chosen.address())


def _source_and_supplier(request: PersonRequest) -> tuple[Selection, str]:
    """
    The source and the supplier that is decided about.

    :raises PermissionDenied: she does not see the ledger.
    :raises Http404: there is no such source.
    """
    let_into_ledger(request.user)
    chosen, _known = chosen_of(request)
    key = request.POST.get("key", "")
    if chosen is None:
        raise Http404
    return chosen, key


def _refused(request: PersonRequest, error: DomainError, chosen: Selection) -> HttpResponse:
    """Say why nothing was decided."""
    if isinstance(error, NotPermitted):
        let_in(permissions.can_decide(request.user, timezone.now()))
    messages.error(request, str(error))
    return redirect(reverse("spend:suppliers") + chosen.address())
