"""Bringing in order lines: hand in a file, follow it, see what was refused and what came in."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.entrance import takes_files
from core.errors import InvalidInput
from core.views import let_in
from history import permissions, tasks
from history.forms import ImportForm
from history.models import PurchaseImport
from history.operations.imports import request_import
from organizations.models import User
from organizations.requests import PersonRequest
from registers.reading.text import UPLOAD_LIMIT, FileTooLarge

IMPORTS_PER_PAGE = 20
ROWS_PER_PAGE = 50


def require_history_visible(user: User) -> None:
    """
    Let those in who see what other systems delivered.

    :raises PermissionDenied: with the reason.
    """
    let_in(permissions.can_see_history(user, at=timezone.now()))


@takes_files(UPLOAD_LIMIT)
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: PersonRequest) -> HttpResponse:
    """The files that were handed in, and the form that takes another."""
    require_history_visible(request.user)
    at = timezone.now()
    verdict = permissions.can_import(request.user, at=at)
    form, status = ImportForm(), 200
    if request.method == "POST":
        let_in(verdict)
        form, status = ImportForm(request.POST, request.FILES), 400
        if form.is_valid():
            try:
                return redirect(_handed_in(form, request.user))
            except InvalidInput as error:
                form.add_error("file", str(error))
                status = 413 if isinstance(error, FileTooLarge) else 400
    found = PurchaseImport.objects.visible_to(request.user).latest_first()
    context = {
        "form": form,
        "can_import": verdict,
        "page_obj": Paginator(found, IMPORTS_PER_PAGE).get_page(request.GET.get("sida")),
    }
    return render(request, "history/imports.html", context, status=status)


def _handed_in(form: ImportForm, by: User) -> PurchaseImport:
    """
    Keep the file and wake a worker.

    :raises InvalidInput: the file cannot be used.
    """
    file = form.cleaned_data["file"]
    if file.size > UPLOAD_LIMIT:
        raise FileTooLarge
    made = request_import(
        file_name=file.name,
        content=file,
        file_format=form.cleaned_data["file_format"],
        by=by,
        at=timezone.now(),
    )
    tasks.run_import.wake(import_id=made.pk)
    return made


@require_safe
def purchase_import(request: PersonRequest, pk: int) -> HttpResponse:
    """One file: how far it has come, what was refused and why, and its lines."""
    require_history_visible(request.user)
    this = get_object_or_404(PurchaseImport.objects.visible_to(request.user).latest_first(), pk=pk)
    context = {
        "import": this,
        "refusals": Paginator(this.refusals.order_by("row"), ROWS_PER_PAGE).get_page(
            request.GET.get("avvisade")
        ),
        "page_obj": Paginator(this.lines.order_by("pk"), ROWS_PER_PAGE).get_page(request.GET.get("sida")),
        "title": _("Läser in orderrader"),
    }
    return render(request, "history/import.html", context)


@require_safe
def import_progress(request: PersonRequest, pk: int) -> HttpResponse:
    """Answer the part of the page that moves while a file is read."""
    require_history_visible(request.user)
    this = get_object_or_404(PurchaseImport.objects.visible_to(request.user).latest_first(), pk=pk)
    response = render(request, "history/_import_progress.html", {"import": this})
    if this.is_finished:
        response["HX-Refresh"] = "true"
    return response
