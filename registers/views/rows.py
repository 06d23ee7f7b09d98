"""One row of a register: what it says and has said, what refers to it; adding, changing, ending and taking away."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit.models import Entry
from core.api import status_of
from core.errors import DomainError
from core.verdicts import Verdict, refused
from core.views import let_in
from organizations.requests import PersonRequest
from registers import trail
from registers.events import Event
from registers.forms import RowForm, columns_to_fill
from registers.kinds import Conventions, Flag, Last
from registers.operations.rows import add_row, can_remove, change_row, current_row, propose, remove_row
from registers.operations.writing import OutOfReach, StillReferredTo, is_within_reach
from registers.references import is_referred_to, names_in, referring
from registers.register import BoundColumn, Register
from registers.views.seeing import register_for
from registers.words import cell_text, label_of

ENTRIES_SHOWN = 50
PLAIN_NUMBERS = Conventions(decimal_sign=".")
"""How the forms hand on what they have read."""
CONFIRMED = "bekraftat"


@require_safe
def row(request: PersonRequest, name: str, pk: int) -> HttpResponse:
    """Show all that a row says, what refers to it, and how it came to say so."""
    at = timezone.now()
    register = register_for(request.user, name)
    instance = _row(register, pk)
    may_change = _may_change(request, register, pk)
    values = current_row(register, pk)
    labels = {str(each.value): each.label for each in [*Event, *register.acts]}
    about = Entry.objects.about(instance).filter(event__in=labels).reverse()[:ENTRIES_SHOWN]
    entries = [entry for entry in about if trail.is_about_a_row(entry) or entry.event not in Event]
    names = names_in(register, [entry for entry in entries if trail.is_about_a_row(entry)])
    context = {
        "register": register,
        "row": instance,
        "label": label_of(register, instance),
        "cells": [cell_text(instance, column) for column in register.bound.values()],
        "referring": referring(
            register, instance, may_see=lambda other: bool(other.may_see(request.user, at))
        ),
        "entries": [
            (entry, labels[entry.event], trail.differences(entry, names) if entry.event in Event else [])
            for entry in entries
        ],
        "may_change": may_change,
        "refusal": may_change.refusal,
        "may_end": bool(may_change) and _is_ended_here(register) and _is_open(register, values),
        "actions": register.actions(request.user, instance, at) if register.actions else [],
        "notes": register.notes(instance, timezone.localdate(at)) if register.notes else [],
        "may_remove": bool(may_change) and bool(_may_remove(register, instance, values)),
        "has_ended": bool(register.ends) and not _is_open(register, values),
    }
    return render(request, "registers/row.html", context)


def _is_ended_here(register: Register) -> bool:
    return bool(register.ends) and not register.is_ended_by_action


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: PersonRequest, name: str) -> HttpResponse:
    """Add a row."""
    register = register_for(request.user, name)
    let_in(register.may_write_rows(request.user, timezone.now()))
    form = RowForm(
        request.POST if request.method == "POST" else None, columns=columns_to_fill(register, is_new=True)
    )
    form.initial.update({name: request.GET[name] for name in form.fields if name in request.GET})
    page = {
        "register": register,
        "question": _("Ny %(one)s") % {"one": register.one},
        "button": _("Lägg till"),
    }
    back_url = reverse("registers:rows", args=[name])

    def write() -> HttpResponse:
        row_id = add_row(
            register=register,
            cells=form.plain,
            by=request.user,
            at=timezone.now(),
            conventions=PLAIN_NUMBERS,
        )
        messages.success(
            request, _("%(row)s är tillagd.") % {"row": label_of(register, _row(register, row_id))}
        )
        return redirect("registers:row", name, row_id)

    return _form_response(request, register, None, form, write, page=page, back=back_url)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: PersonRequest, name: str, pk: int) -> HttpResponse:
    """Change what a row says."""
    register = register_for(request.user, name)
    label = label_of(register, _row(register, pk))
    columns = columns_to_fill(register, is_new=False)
    page = {"question": _("Ändra %(row)s") % {"row": label}, "button": _("Spara")}
    return _changed(
        request, register, pk, columns, page=page, message=_("%(row)s är ändrad.") % {"row": label}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: PersonRequest, name: str, pk: int) -> HttpResponse:
    """Let a row end, on a day where the register has days."""
    register = register_for(request.user, name)
    if not register.ends:
        raise Http404
    label = label_of(register, _row(register, pk))
    question = _("Avsluta %(row)s?") % {"row": label}
    page = {"question": question, "button": _("Avsluta"), "is_end": True}
    message = _("%(row)s är avslutad.") % {"row": label}
    column = register.bound[register.ends]
    if not isinstance(column.kind, Flag):
        return _changed(request, register, pk, [column], page=page, message=message, is_end=True)
    let_in(_may_change(request, register, pk))
    back_url = reverse("registers:row", args=[name, pk])

    def write() -> HttpResponse:
        change_row(
            register=register, row_id=pk, cells={column.name: False}, by=request.user, at=timezone.now()
        )
        messages.success(request, message)
        return redirect("registers:row", name, pk)

    return _confirmation(
        request,
        register,
        pk,
        {column.name: False},
        write,
        question=question,
        button=_("Avsluta"),
        back=back_url,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: PersonRequest, name: str, pk: int) -> HttpResponse:
    """Take a row away that nothing refers to."""
    register = register_for(request.user, name)
    instance = _row(register, pk)
    let_in(_may_change(request, register, pk))
    verdict = _may_remove(register, instance, current_row(register, pk))
    back_url = reverse("registers:row", args=[name, pk])
    label = label_of(register, instance)
    if verdict.refusal is not None:
        messages.error(request, str(verdict.refusal))
        return redirect(back_url)

    def write() -> HttpResponse:
        remove_row(register=register, row_id=pk, by=request.user, at=timezone.now())
        messages.success(request, _("%(row)s är borttagen.") % {"row": label})
        return redirect("registers:rows", name)

    question = _("Ta bort %(row)s?") % {"row": label}
    return _confirmation(
        request, register, pk, None, write, question=question, button=_("Ta bort"), back=back_url
    )


def _changed(
    request: PersonRequest,
    register: Register,
    pk: int,
    columns: Sequence[BoundColumn],
    *,
    page: Mapping[str, Any],
    message: str,
    is_end: bool = False,
) -> HttpResponse:
    """Answer a form of some columns of a row."""
    let_in(_may_change(request, register, pk))
    current = current_row(register, pk)
    data = request.POST if request.method == "POST" else None
    form = RowForm(data, columns=columns, current=current)
    if is_end:
        (column,) = columns
        form.fields[column.name].required = True
        form.fields[column.name].help_text = ""
        if not current[column.name]:
            day = timezone.localdate() - timedelta(days=isinstance(column.kind, Last))
            form.initial[column.name] = day.isoformat()

    def write() -> HttpResponse:
        before = change_row(
            register=register,
            row_id=pk,
            cells=form.cells,
            by=request.user,
            at=timezone.now(),
            conventions=PLAIN_NUMBERS,
            expected=form.seen_values,
        )
        messages.success(request, message if before else _("Ingenting var ändrat."))
        return redirect("registers:row", register.name, pk)

    back_url = reverse("registers:row", args=[register.name, pk])
    return _form_response(
        request, register, pk, form, write, page={**page, "register": register}, back=back_url
    )


def _form_response(
    request: PersonRequest,
    register: Register,
    pk: int | None,
    form: RowForm,
    write: Callable[[], HttpResponse],
    *,
    page: Mapping[str, Any],
    back: str,
) -> HttpResponse:
    """Show the form, ask before a change that moves work, and write what was filled in."""
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            moves = _move_sentences(request, register, pk, form.cells)
            if moves:
                return _confirm(request, moves, back=back, **page)
            return write()
        except DomainError as refusal:
            form.refuse(refusal)
            status = 422 if status_of(refusal) == 400 else status_of(refusal)
    return render(request, "registers/form.html", {**page, "form": form, "back_url": back}, status=status)


def _confirmation(
    request: PersonRequest,
    register: Register,
    pk: int,
    cells: Mapping[str, Any] | None,
    write: Callable[[], HttpResponse],
    *,
    question: str,
    button: str,
    back: str,
) -> HttpResponse:
    """Ask before an act that has no form, saying what it moves, and do it."""
    try:
        if request.method == "POST":
            return write()
        moves = _move_sentences(request, register, pk, cells)
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(back)
    return _confirm(request, moves, question=question, button=button, back=back, is_end=True)


def _move_sentences(
    request: PersonRequest, register: Register, pk: int | None, cells: Mapping[str, Any] | None
) -> Sequence[str | Promise]:
    """What the act would move, in sentences, unless the person has read it already."""
    if register.preview is None or CONFIRMED in request.POST:
        return []
    proposal = propose(
        register=register,
        row_id=pk,
        cells=cells,
        by=request.user,
        at=timezone.now(),
        conventions=PLAIN_NUMBERS,
    )
    return register.preview(proposal)


def _confirm(
    request: PersonRequest, moves: Sequence[str | Promise], *, back: str, **page: Any
) -> HttpResponse:
    fields = [(name, text) for name, text in request.POST.items() if name != "csrfmiddlewaretoken"]
    context = {
        **page,
        "moves": moves,
        "kept": [*fields, (CONFIRMED, "1")],
        "back_url": back,
    }
    return render(request, "registers/confirm.html", context)


def _row(register: Register, pk: int) -> Any:
    """
    The row with what it refers to.

    :raises Http404: it is not there.
    """
    referred = [column.field for column, _kind in register.references]
    rows = register.with_text().select_related(*referred) if referred else register.with_text()
    instance = rows.filter(pk=pk).first()
    if instance is None:
        raise Http404
    return instance


def _may_change(request: PersonRequest, register: Register, pk: int) -> Verdict:
    """Whether the person may write in the register, and this row of it."""
    at = timezone.now()
    verdict = register.may_write_rows(request.user, at)
    if verdict and not is_within_reach(register, [pk], by=request.user, at=at):
        return refused(OutOfReach())
    return verdict


def _may_remove(register: Register, instance: Any, values: Mapping[str, str]) -> Verdict:
    """Whether a row that the person may change can be taken away."""
    verdict = can_remove(register, values, at=timezone.now())
    if verdict and is_referred_to(register, instance):
        return refused(StillReferredTo())
    return verdict


def _is_open(register: Register, values: Mapping[str, str]) -> bool:
    """Whether a row has not ended."""
    kind, text = register.bound[register.ends].kind, values[register.ends]
    day = timezone.localdate().isoformat()
    if isinstance(kind, Flag):
        return text == "true"
    return not text or (text >= day if isinstance(kind, Last) else text > day)
