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
    found = _receipt(request, pk)
    rows = _rows(found)
    later = found.taken_back_by.select_related("received_by").with_lines().order_by("received_at", "pk")
    context = {
        "receipt": found,
        "rows": rows,
        "later": later,
        "may_take_back": any(verdict for _row, verdict in _verdicts(request, rows, at)),
        "may_send_back": any(
            permissions.can_send_back(request.user, row, deciders=deciders, at=at)
            for row, deciders in _with_deciders(rows)
        ),
        "day": timezone.localdate(at),
    }
    return render(request, "shop/receipt.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask why, on a page of its own, and take the receipt back."""
    at = timezone.now()
    found = _receipt(request, pk)
    verdicts = _verdicts(request, _rows(found), at)
    rows = [row for row, verdict in verdicts if verdict]
    form = TakeBackForm(request.POST or None, rows=rows or _rows(found), initial={"key": new_key()})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            take_receipt_back(
                key=given["key"],
                receipt=found,
                reason=given["reason"],
                rows=given["rows"],
                by=request.user,
                at=at,
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return _asked(request, "shop/receipt_take_back.html", found, form, status_of(refusal))
        messages.success(request, _("Mottagningen är tillbakatagen. Ta emot det som verkligen har kommit."))
        return redirect("shop:receipt", found.pk)
    if not rows and not form.is_bound:
        return refuse(
            request, _first(verdicts) or _("Det finns inget att ta tillbaka."), back=_address(found)
        )
    return _asked(request, "shop/receipt_take_back.html", found, form, 422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def send_back(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask how many, why and what is expected, on a page of its own, and send goods back."""
    at = timezone.now()
    found = _receipt(request, pk)
    verdicts = [
        (row, permissions.can_send_back(request.user, row, deciders=deciders, at=at))
        for row, deciders in _with_deciders(_rows(found))
    ]
    rows = [row for row, verdict in verdicts if verdict]
    form = SendBackForm(request.POST or None, rows=rows, initial={"key": new_key()})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            send_goods_back(
                key=given["key"],
                receipt=found,
                quantities=form.quantities(),
                expects=given["expects"],
                expected_by=given["expected_by"],
                reason=given["reason"],
                by=request.user,
                at=at,
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return _asked(request, "shop/receipt_send_back.html", found, form, status_of(refusal))
        messages.success(request, _("Returen är noterad."))
        return redirect("shop:receipt", found.pk)
    if not rows:
        return refuse(
            request, _first(verdicts) or _("Det finns inget att skicka tillbaka."), back=_address(found)
        )
    return _asked(request, "shop/receipt_send_back.html", found, form, 422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def settle(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask how a complaint ended, on a page of its own, and write it down."""
    at = timezone.now()
    complaint = get_object_or_404(Complaint.objects.visible_to(request.user).for_display(), pk=pk)
    found = complaint.receipt_line.receipt
    deciders = deciders_of([complaint.receipt_line.allocation.line_id])
    is_open = Complaint.objects.open().filter(pk=pk).exists()
    verdict = permissions.can_settle(request.user, complaint, is_open=is_open, deciders=deciders, at=at)
    if verdict.refusal is not None:
        return refuse(request, verdict.refusal, back=_address(found))
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
    context = {"complaint": complaint, "form": form, "back": _address(found)}
    return render(request, "shop/complaint_settle.html", context, status=status)


def _receipt(request: PersonRequest, pk: int) -> Receipt:
    seen = Receipt.objects.visible_to(request.user).select_related("department", "received_by", "takes_back")
    return get_object_or_404(seen, pk=pk)


def _rows(found: Receipt) -> list[ReceiptLine]:
    rows = list(
        found.lines.with_reversals()
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
        Complaint.objects.open().filter(receipt_line__receipt=found).values_list("receipt_line", flat=True)
    )
    for row in rows:
        row.is_open = row.pk in open_ones  # type: ignore[attr-defined]
        row.is_undelivered = row.allocation.line.status in CLOSED  # type: ignore[attr-defined]
    return rows


def _with_deciders(rows: list[ReceiptLine]) -> list[tuple[ReceiptLine, dict[int, frozenset[int]]]]:
    deciders = deciders_of(row.allocation.line_id for row in rows)
    return [(row, deciders) for row in rows]


def _verdicts(
    request: PersonRequest, rows: list[ReceiptLine], at: datetime
) -> list[tuple[ReceiptLine, Verdict]]:
    """Whether each row can be taken back, and if not, why."""
    return [
        (row, permissions.can_take_back(request.user, row, deciders=deciders, at=at))
        for row, deciders in _with_deciders(rows)
    ]


def _first(verdicts: list[tuple[ReceiptLine, Verdict]]) -> DomainError | None:
    """Why the first row that is refused is."""
    return next((verdict.refusal for _row, verdict in verdicts if verdict.refusal), None)


def _asked(
    request: PersonRequest,
    template: str,
    found: Receipt,
    form: TakeBackForm | SendBackForm,
    status: int,
) -> HttpResponse:
    return render(request, template, {"receipt": found, "form": form, "back": _address(found)}, status=status)


def _address(found: Receipt) -> str:
    return reverse("shop:receipt", args=[found.pk])
