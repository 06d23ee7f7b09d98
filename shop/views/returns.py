"""One receipt afterwards: taken back as a mistake, sent back to the supplier, complained about until that is settled."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import DomainError
from core.verdicts import Verdict
from organizations.requests import PersonRequest
from procurement import permissions
from procurement.models import Complaint, Receipt, ReceiptLine
from procurement.operations.complaints import settle_complaint
from procurement.operations.returning import send_back as send_goods_back
from procurement.operations.returning import take_back as take_receipt_back
from procurement.refusals import refuse, status_of
from procurement.separation_of_duties import deciders_of
from procurement.states import CLOSED
from shop.forms.receipts import SendBackForm, SettlementForm, TakeBackForm
from shop.views.receipts import new_key


@require_safe
def receipt(request: PersonRequest, pk: int) -> HttpResponse:
    """Show one receipt: what came, what has gone back, what is expected, and what can still be done."""
    at = timezone.now()
    visible_receipt = _receipt(request, pk)
    rows = _rows(visible_receipt)
    later = (
        visible_receipt.taken_back_by.select_related("received_by").with_lines().order_by("received_at", "pk")
    )
    context = {
        "receipt": visible_receipt,
        "rows": rows,
        "later": later,
        "may_take_back": any(verdict for _row, verdict in _verdicts(request, rows, at)),
        "may_send_back": any(
            permissions.can_send_back(request.user, row, deciders=deciders, at=at)
            for row, deciders in _rows_with_deciders(rows)
        ),
        "day": timezone.localdate(at),
    }
    return render(request, "shop/receipt.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask why, on a page of its own, and take the receipt back."""
    at = timezone.now()
    visible_receipt = _receipt(request, pk)
    verdicts = _verdicts(request, _rows(visible_receipt), at)
    rows = [row for row, verdict in verdicts if verdict]
    form = TakeBackForm(request.POST or None, rows=rows or _rows(visible_receipt), initial={"key": new_key()})
    if request.method == "POST" and form.is_valid():
        cleaned_data = form.cleaned_data
        try:
            take_receipt_back(
                key=cleaned_data["key"],
                receipt=visible_receipt,
                reason=cleaned_data["reason"],
                rows=cleaned_data["rows"],
                by=request.user,
                at=at,
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return _form_page(
                request, "shop/receipt_take_back.html", visible_receipt, form, status_of(refusal)
            )
        messages.success(request, _("Mottagningen är tillbakatagen. Ta emot det som verkligen har kommit."))
        return redirect("shop:receipt", visible_receipt.pk)
    if not rows and not form.is_bound:
        return refuse(
            request,
            _first_refusal(verdicts) or _("Det finns inget att ta tillbaka."),
            back=_address(visible_receipt),
        )
    return _form_page(
        request, "shop/receipt_take_back.html", visible_receipt, form, 422 if form.errors else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
def send_back(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask how many, why and what is expected, on a page of its own, and send goods back."""
    at = timezone.now()
    visible_receipt = _receipt(request, pk)
    verdicts = [
        (row, permissions.can_send_back(request.user, row, deciders=deciders, at=at))
        for row, deciders in _rows_with_deciders(_rows(visible_receipt))
    ]
    rows = [row for row, verdict in verdicts if verdict]
    form = SendBackForm(request.POST or None, rows=rows, initial={"key": new_key()})
    if request.method == "POST" and form.is_valid():
        cleaned_data = form.cleaned_data
        try:
            send_goods_back(
                key=cleaned_data["key"],
                receipt=visible_receipt,
                quantities=form.quantities(),
                expects=cleaned_data["expects"],
                expected_by=cleaned_data["expected_by"],
                reason=cleaned_data["reason"],
                by=request.user,
                at=at,
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return _form_page(
                request, "shop/receipt_send_back.html", visible_receipt, form, status_of(refusal)
            )
        messages.success(request, _("Returen är noterad."))
        return redirect("shop:receipt", visible_receipt.pk)
    if not rows:
        return refuse(
            request,
            _first_refusal(verdicts) or _("Det finns inget att skicka tillbaka."),
            back=_address(visible_receipt),
        )
    return _form_page(
        request, "shop/receipt_send_back.html", visible_receipt, form, 422 if form.errors else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
def settle(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask how a complaint ended, on a page of its own, and write it down."""
    at = timezone.now()
    complaint = get_object_or_404(Complaint.objects.visible_to(request.user).for_display(), pk=pk)
    visible_receipt = complaint.receipt_line.receipt
    deciders = deciders_of([complaint.receipt_line.allocation.line_id])
    is_open = Complaint.objects.open().filter(pk=pk).exists()
    verdict = permissions.can_settle(request.user, complaint, is_open=is_open, deciders=deciders, at=at)
    if verdict.refusal is not None:
        return refuse(request, verdict.refusal, back=_address(visible_receipt))
    form = SettlementForm(request.POST or None)
    status = 422 if form.errors else 200
    if form.is_bound and form.is_valid():
        try:
            settle_complaint(complaint=complaint, **form.cleaned_data, by=request.user, at=at)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            status = status_of(refusal)
        else:
            messages.success(request, _("Reklamationen är avslutad."))
            return redirect("shop:receive")
    context = {"complaint": complaint, "form": form, "back": _address(visible_receipt)}
    return render(request, "shop/complaint_settle.html", context, status=status)


def _receipt(request: PersonRequest, pk: int) -> Receipt:
    receipts = Receipt.objects.visible_to(request.user).select_related(
        "department", "received_by", "takes_back"
    )
    return get_object_or_404(receipts, pk=pk)


def _rows(visible_receipt: Receipt) -> list[ReceiptLine]:
    rows = list(
        visible_receipt.lines.with_reversals()
        .select_related(
            "receipt",
            "complaint__settlement__settled_by",
            "item",
            "allocation__line__requisition__department",
            "allocation__order_line__order__supplier",
        )
        .order_by("pk")
    )
    open_ones = set(
        Complaint.objects.open()
        .filter(receipt_line__receipt=visible_receipt)
        .values_list("receipt_line", flat=True)
    )
    for row in rows:
        row.is_open = row.pk in open_ones  # type: ignore[attr-defined]
        row.is_undelivered = row.allocation.line.status in CLOSED  # type: ignore[attr-defined]
    return rows


def _rows_with_deciders(rows: list[ReceiptLine]) -> list[tuple[ReceiptLine, dict[int, frozenset[int]]]]:
    deciders = deciders_of(row.allocation.line_id for row in rows)
    return [(row, deciders) for row in rows]


def _verdicts(
    request: PersonRequest, rows: list[ReceiptLine], at: datetime
) -> list[tuple[ReceiptLine, Verdict]]:
    """Whether each row can be taken back, and if not, why."""
    return [
        (row, permissions.can_take_back(request.user, row, deciders=deciders, at=at))
        for row, deciders in _rows_with_deciders(rows)
    ]


def _first_refusal(verdicts: list[tuple[ReceiptLine, Verdict]]) -> DomainError | None:
    """Why the first row that is refused is."""
    return next((verdict.refusal for _row, verdict in verdicts if verdict.refusal), None)


def _form_page(
    request: PersonRequest,
    template: str,
    visible_receipt: Receipt,
    form: TakeBackForm | SendBackForm,
    status: int,
) -> HttpResponse:
    return render(
        request,
        template,
        {"receipt": visible_receipt, "form": form, "back": _address(visible_receipt)},
        status=status,
    )


def _address(visible_receipt: Receipt) -> str:
    return reverse("shop:receipt", args=[visible_receipt.pk])
