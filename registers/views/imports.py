"""Files handed in to a register: hand one in, follow it, look through the difference, have it applied or taken back."""

from collections.abc import Mapping, Sequence

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.addresses import address_of
from core.downloads import csv_file
from core.errors import DomainError, InvalidInput
from core.numbers import whole_number
from core.request_cleaning import takes_files
from core.views import let_in
from organizations.requests import PersonRequest
from registers.bundles import BUNDLES, Bundle
from registers.differences import Difference, moved_by, parts_of, questions, shown_changes, to_mend
from registers.import_forms import AgainForm, FileForm, HeadingsForm, RisesForm, wishes_of
from registers.models import PROPOSED, WRITTEN, ChangeKind, Import
from registers.operations import applying, imports
from registers.operations.leaving_out import leave_out
from registers.operations.mapping import MappingRefused, keep_mapping, kept_mapping
from registers.reading.text import UPLOAD_LIMIT, FileTooLarge
from registers.register import REGISTERS, Register

IMPORTS_PER_PAGE = 20
ROWS_PER_PAGE = 50


@takes_files(UPLOAD_LIMIT)
@require_http_methods(["GET", "HEAD", "POST"])
def register_imports(request: PersonRequest, name: str) -> HttpResponse:
    """The files that were handed in to a register, and the form that takes another."""
    register = _import_target(request, name)
    verdict = register.may_change(request.user, timezone.now())
    form, status = FileForm(register=register), 200
    if request.method == "POST":
        let_in(verdict)
        form, status = FileForm(request.POST, request.FILES, register=register), 400
        if form.is_valid():
            try:
                return redirect(_submit_file(register, form, request))
            except InvalidInput as refusal:
                form.add_error(
                    "mapping_file" if isinstance(refusal, MappingRefused) else "file", str(refusal)
                )
                status = 413 if isinstance(refusal, FileTooLarge) else 400
    all_imports = Import.objects.standing().leading().latest_first()
    is_bundle = isinstance(register, Bundle)
    standing = (
        all_imports.filter(bundle_name=register.name)
        if is_bundle
        else all_imports.filter(register_name=register.name)
    )
    context = {
        "register": register,
        "parts": [part.register for part in register.parts] if isinstance(register, Bundle) else [register],
        "is_bundle": is_bundle,
        "form": form,
        "may_change": verdict,
        "page_obj": Paginator(standing, IMPORTS_PER_PAGE).get_page(request.GET.get("sida")),
    }
    return render(request, "registers/imports.html", context, status=status)


def _submit_file(register: Register | Bundle, form: FileForm, request: PersonRequest) -> str:
    """
    Keep the file, and give the address of its import.

    :raises InvalidInput: the file cannot be used.
    """
    file = form.cleaned_data["file"]
    if file.size > UPLOAD_LIMIT:
        raise FileTooLarge
    at, source = timezone.now(), form.cleaned_data.get("source", "")
    chosen = form.cleaned_data.get("mapping", "")
    if (new := form.cleaned_data.get("mapping_file")) is not None:
        chosen = keep_mapping(register=register, content=new, by=request.user, at=at).source
    new_import = imports.request_import(
        register=register,
        file_name=file.name,
        content=file,
        by=request.user,
        at=at,
        source=source,
        mapping=kept_mapping(register, chosen=chosen, source=source),
        is_complete=form.cleaned_data.get("is_complete", False),
        constants=form.constants,
    )
    return address_of(new_import)


@require_safe
def register_import(request: PersonRequest, pk: int) -> HttpResponse:
    """One file: how far it has come, what it would change, and what became of it."""
    this = _import(request, pk)
    if this.compared_at is None or this.forgotten_at is not None:
        return _unread_response(request, this)
    view = Difference(this, request.GET.get("visa", ""))
    page = Paginator(view.rows, ROWS_PER_PAGE).get_page(request.GET.get("sida"))
    asks_number, asks_day = questions(this)
    lead, parts = this.lead, this.lead.with_followers()
    application = lead.applications.order_by("-pk").first()
    may_change = (this.bundle or this.register).may_change(request.user, timezone.now())
    counts = [part.counts() for part in parts]
    to_propose = sum(count.get(PROPOSED, 0) for count in counts)
    context = {
        "import": this,
        "lead": lead,
        "register": this.register,
        "application": application,
        "may_change": may_change,
        "can_choose": may_change and this.is_open,
        "may_act": may_change and (application is None or application.is_finished),
        "counts": view.counts,
        "moves": this.moves(),
        "to_write": _work_count(counts) - (to_propose if lead.applied_at else 0),
        "to_propose": to_propose,
        "proposals": [
            link for part in parts if part.register.raises for link in part.register.raises.links(part)
        ],
        "shown": view.shown,
        "parts": parts_of(parts, counts, this) if len(parts) > 1 else [],
        "links": view.links(),
        "kind": view.kind,
        "page_obj": page,
        "rows": shown_changes(this.register, page),
        "again": AgainForm(asks_number=asks_number, asks_day=asks_day) if asks_number or asks_day else None,
        "ends_nothing": this.is_complete and this.changes.without_key().exists(),
    }
    return render(request, "registers/import.html", context)


def _unread_response(request: PersonRequest, this: Import) -> HttpResponse:
    """What there is to show of a file that is being read, could not be, or is forgotten."""
    may_change = this.register.may_change(request.user, timezone.now())
    can_match = this.status == "failed" and bool(this.headings) and bool(may_change)
    form = HeadingsForm(of_import=this) if can_match else None
    context = {"import": this, "register": this.register, "form": form}
    return render(request, "registers/import_unread.html", context)


@require_safe
def import_progress(request: PersonRequest, pk: int) -> HttpResponse:
    """Answer the part of the page that moves while a file is read, applied or taken back."""
    this = _import(request, pk)
    application = this.lead.applications.order_by("-pk").first()
    work = application if this.is_finished and application is not None else this
    response = render(request, "registers/_import_progress.html", {"import": this, "work": work})
    if work.is_finished:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def import_again(request: PersonRequest, pk: int) -> HttpResponse:
    """Have the file read and compared again, with what the person has said of it."""
    this = _import(request, pk)
    again = AgainForm(request.POST)
    headings = HeadingsForm(request.POST, of_import=this) if "rubriker" in request.POST else None
    if not again.is_valid() or (headings is not None and not headings.is_valid()):
        context = {"import": this, "register": this.register, "form": headings}
        return render(request, "registers/import_unread.html", context, status=400)
    wishes = wishes_of(again, headings, this)
    try:
        new_import = imports.read_again(of_import=this, wishes=wishes, by=request.user, at=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect(address_of(this))
    return redirect(address_of(new_import))


@require_POST
def import_leave_out(request: PersonRequest, pk: int) -> HttpResponse:
    """Leave rows out of what is applied, those that are marked or all of a kind; or take them in again."""
    this = _import(request, pk)
    act = request.POST.get("gor", "")
    is_all = act.endswith("-alla")
    tab = request.POST.get("visa", "")
    kind = next((each for each in WRITTEN if each == tab), None)
    marked = [number for text in request.POST.getlist("rad") if (number := whole_number(text)) is not None]
    try:
        count = leave_out(
            of_import=this,
            kind=kind if is_all else None,
            is_proposed=(tab == PROPOSED) if is_all else None,
            ids=None if is_all and (kind is not None or tab == PROPOSED) else marked,
            is_left_out=act.startswith("utelamna"),
            by=request.user,
            at=timezone.now(),
        )
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _left_out(count, is_left_out=act.startswith("utelamna")))
    return redirect(f"{address_of(this)}?visa={PROPOSED if tab == PROPOSED else kind or ''}")


@require_http_methods(["GET", "HEAD", "POST"])
def import_apply(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask whether to write what the file says, and have it written."""
    return _act(request, pk, is_taking_back=False)


@require_http_methods(["GET", "HEAD", "POST"])
def import_take_back(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask whether to make the register say what it said before, and have that done."""
    return _act(request, pk, is_taking_back=True)


def _act(request: PersonRequest, pk: int, *, is_taking_back: bool) -> HttpResponse:
    this, at = _import(request, pk), timezone.now()
    parts = [(part.register.title, part.counts()) for part in this.lead.with_followers()]
    to_propose = 0 if is_taking_back else sum(counts.get(PROPOSED, 0) for _title, counts in parts)
    form = RisesForm(request.POST if request.method == "POST" else None) if to_propose else None
    try:
        if request.method == "POST" and (form is None or form.is_valid()):
            applying.request_application(
                of_import=this,
                by=request.user,
                at=at,
                is_taking_back=is_taking_back,
                rises_reason=form.cleaned_data["reason"] if form else "",
            )
            return redirect(address_of(this))
        applying.require_applicable(this, is_taking_back=is_taking_back)
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect(address_of(this))
    template = "registers/import_take_back.html" if is_taking_back else "registers/import_apply.html"
    context = {
        "form": form,
        "to_propose": to_propose,
        "import": this,
        "register": this.bundle or this.register,
        "counts": [
            (f"{title}, {kind.label.lower()}" if len(parts) > 1 else kind.label, counts[kind])
            for title, counts in parts
            for kind in WRITTEN
            if counts[kind]
        ],
        "refused": sum(counts[ChangeKind.REFUSED] for _title, counts in parts),
        "to_write": _work_count([counts for _title, counts in parts]),
        "moved": moved_by(this, at, is_taken_back=is_taking_back),
    }
    return render(request, template, context, status=422 if form is not None and form.errors else 200)


def _work_count(counts: Sequence[Mapping[str, int]]) -> int:
    """How many rows are written or proposed."""
    return sum(count.get(kind, 0) for count in counts for kind in [*WRITTEN, PROPOSED])


@require_safe
def import_refused(request: PersonRequest, pk: int) -> StreamingHttpResponse:
    """Hand out the refused rows as a file to mend and hand in again."""
    this = _import(request, pk)
    header, rows = to_mend(this)
    return csv_file(f"{_('avvisade')}-{this.register_name}-{this.pk}.csv", header, rows)


def _import_target(request: PersonRequest, name: str) -> Register | Bundle:
    """
    Find a register, or a bundle of them, whose imports the person may see.

    :raises PermissionDenied: with the reason.
    """
    if (bundle := BUNDLES.get(name)) is not None:
        let_in(bundle.may_change(request.user, timezone.now()))
        return bundle
    register = REGISTERS.get(name)
    if register is None:
        raise Http404
    let_in(register.may_see_imports(request.user, timezone.now()))
    return register


def _import(request: PersonRequest, pk: int) -> Import:
    return get_object_or_404(Import.objects.visible_to(request.user, timezone.now()).latest_first(), pk=pk)


def _left_out(count: int, *, is_left_out: bool) -> str:
    if is_left_out:
        return ngettext("%(n)s rad utelämnas.", "%(n)s rader utelämnas.", count) % {"n": count}
    return ngettext("%(n)s rad är med igen.", "%(n)s rader är med igen.", count) % {"n": count}


def imports_url(register: Register) -> str:
    """The page where files are handed in to a register."""
    return reverse("registers:imports", args=[register.name])
