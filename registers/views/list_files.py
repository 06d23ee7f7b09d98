"""A list that is made as a workbook in the background: ask for it, follow it, and fetch it."""

from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from core.downloads import XLSX
from core.views import let_in
from organizations.requests import PersonRequest
from registers.models import ListFile
from registers.operations.lists import KEPT, request_list
from registers.views.seeing import register_for, selection_for


@require_POST
def make(request: PersonRequest, name: str) -> HttpResponse:
    """Ask for what the list shows as a workbook."""
    selection = selection_for(request, register_for(request.user, name))
    return redirect(request_list(selection=selection, by=request.user, at=timezone.now()))


@require_safe
def list_file(request: PersonRequest, pk: int) -> HttpResponse:
    """How far it has come, and where it is fetched."""
    this = _list(request, pk)
    context = {"list": this, "register": this.register, "kept_through": this.requested_at + KEPT}
    return render(request, "registers/list_file.html", context)


@require_safe
def list_progress(request: PersonRequest, pk: int) -> HttpResponse:
    """Answer the part of the page that moves while it is made."""
    this = _list(request, pk)
    response = render(request, "registers/_list_progress.html", {"list": this})
    if this.is_finished:
        response["HX-Refresh"] = "true"
    return response


@require_safe
def list_content(request: PersonRequest, pk: int) -> FileResponse:
    """Send the workbook to whoever asked for it."""
    this = get_object_or_404(ListFile.objects.filter(file__isnull=False), pk=_list(request, pk).pk)
    assert this.file is not None  # noqa: S101, asked for above
    name = f"{this.register_name}-{timezone.localdate(this.requested_at).isoformat()}.xlsx"
    return FileResponse(this.file.open(), as_attachment=True, filename=name, content_type=XLSX)


def _list(request: PersonRequest, pk: int) -> ListFile:
    """One of her own lists, of a register that is shown to her still."""
    this = get_object_or_404(ListFile.objects.visible_to(request.user), pk=pk)
    let_in(this.register.may_see(request.user, timezone.now()))
    return this
