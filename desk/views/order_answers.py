"""What suppliers answer to orders: writing it down, taking in a file, and settling the changes that they want."""

from datetime import datetime
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.addresses import address_of
from core.errors import DomainError
from core.request_cleaning import takes_files
from desk.forms.order_answers import (
    AGREE,
    DECLINE,
    AnswerFileForm,
    AnswerForm,
    ChangesForm,
    LineAnswerForm,
)
from desk.order_changes import changes_of
from desk.views.orders import shown_order
from organizations.requests import PersonRequest
from procurement import permissions
from procurement.channels.peppol_answers import SIZE_LIMIT
from procurement.models import PurchaseOrder
from procurement.operations.answer_files import take_in_file
from procurement.operations.answered_orders import with_total_ordered
from procurement.operations.answers import register_answer
from procurement.operations.settling import settle_changes
from procurement.refusals import refuse
from procurement.states import WILL_NOT_COME


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: PersonRequest, number: str) -> HttpResponse:
    """Write down what the supplier has answered, line by line, on a page of its own."""
    at = timezone.now()
    order = shown_order(request.user, number)
    verdict = permissions.can_register_answer(request.user, order, at=at)
    if verdict.refusal is not None:
        return refuse(request, verdict.refusal, back=address_of(order))
    if request.method == "POST":
        return _register_answer(request, order, at)
    form = AnswerForm(initial={"key": uuid4(), "version": order.version})
    return _answer_page(request, order, form, [LineAnswerForm(line=line) for line in _open_lines(order)])


def _register_answer(request: PersonRequest, order: PurchaseOrder, at: datetime) -> HttpResponse:
    form = AnswerForm(request.POST)
    forms = [LineAnswerForm(request.POST, line=line) for line in _open_lines(order)]
    are_valid = [each.is_valid() for each in (form, *forms)]
    if not all(are_valid):
        return _answer_page(request, order, form, forms, status=422)
    values = form.cleaned_data
    try:
        register_answer(
            order=order,
            key=values["key"],
            version=values["version"],
            lines=[line_answer for each in forms if (line_answer := each.answer()) is not None],
            reference=values["reference"],
            note=values["note"],
            by=request.user,
            at=at,
        )
    except DomainError as refusal:
        return refuse(request, refusal, back=address_of(order))
    messages.success(request, _("Svaret är noterat."))
    return redirect(address_of(order))


def _open_lines(order: PurchaseOrder) -> list:  # type: ignore[type-arg]
    """The lines that something may still come of, with how much is to come in all."""
    lines = order.lines.exclude(answer__in=WILL_NOT_COME).select_related("item")
    return with_total_ordered(lines.order_by("position"))


def _answer_page(
    request: PersonRequest,
    order: PurchaseOrder,
    form: AnswerForm,
    forms: list[LineAnswerForm],
    *,
    status: int = 200,
) -> HttpResponse:
    context = {"order": order, "form": form, "forms": forms, "file_form": AnswerFileForm()}
    return render(request, "desk/order_answer.html", context, status=status)


@takes_files(SIZE_LIMIT)
@require_POST
def answer_file(request: PersonRequest, number: str) -> HttpResponse:
    """Take in the supplier's answer as a file."""
    order = shown_order(request.user, number)
    form = AnswerFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return refuse(request, " ".join(map(str, form.errors["file"])), back=address_of(order))
    try:
        result = take_in_file(
            content=form.cleaned_data["file"], order=order, by=request.user, at=timezone.now()
        )
    except DomainError as refusal:
        return refuse(request, refusal, back=address_of(order))
    if result.not_taken_reason:
        messages.warning(request, result.not_taken_sentence)
    else:
        messages.success(request, _("Svaret är inläst."))
    return redirect(address_of(order))


@require_http_methods(["GET", "HEAD", "POST"])
def changes(request: PersonRequest, number: str) -> HttpResponse:
    """Ask, on a page of its own, which of the supplier's changes are agreed to."""
    at = timezone.now()
    order = shown_order(request.user, number)
    verdict = permissions.can_settle_changes(request.user, order, at=at)
    if verdict.refusal is not None:
        return refuse(request, verdict.refusal, back=address_of(order))
    order_changes = changes_of(order)
    form = ChangesForm(
        request.POST or None, order_version=order.version, lines=[each.line for each in order_changes]
    )
    if request.method == "POST" and form.is_valid():
        try:
            settle_changes(
                order=order,
                version=form.cleaned_data["version"],
                agreed=form.chosen(AGREE),
                declined=form.chosen(DECLINE),
                by=request.user,
                at=at,
            )
        except DomainError as refusal:
            return refuse(request, refusal, back=address_of(order))
        messages.success(request, _("Leverantören får besked nu."))
        return redirect(address_of(order))
    if not order_changes:
        messages.info(request, _("Det finns inga ändringar att ta ställning till."))
        return redirect(address_of(order))
    context = {
        "order": order,
        "form": form,
        "changes": [(each, form[f"rad-{each.line.position}"]) for each in order_changes],
    }
    return render(request, "desk/order_changes.html", context, status=422 if form.errors else 200)
