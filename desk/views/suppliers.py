"""Suppliers that are proposed with needs: what waits to be examined, and the examination of one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.addresses import address_of
from core.errors import DomainError
from desk.forms.suppliers import ExaminationForm
from desk.views.lines import refusal_sentence
from organizations.requests import PersonRequest
from procurement import permissions
from procurement.models import RequisitionLine, SupplierExamination, SupplierProposal
from procurement.operations.examining import examine
from procurement.refusals import refuse, status_of
from procurement.states import LineStatus

MOST_EXAMINED = 100


@require_safe
def supplier_proposals(request: PersonRequest) -> HttpResponse:
    """Show what waits to be examined, and what has been."""
    proposals = SupplierProposal.objects.visible_to(request.user, timezone.localdate()).for_display()
    context = {
        "waiting": proposals.to_examine().in_order(),
        "examined": proposals.exclude(examination=None).order_by("-examination__examined_at", "-pk")[
            :MOST_EXAMINED
        ],
    }
    return render(request, "desk/supplier_proposals.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def supplier_proposal(request: PersonRequest, pk: int) -> HttpResponse:
    """Show what is proposed and what was found, and take the examination of it."""
    at = timezone.now()
    proposal = get_object_or_404(
        SupplierProposal.objects.visible_to(request.user, timezone.localdate(at)).for_display().with_checks(),
        pk=pk,
    )
    may = permissions.can_examine(request.user, proposal, at=at)
    if request.method == "POST" and may.refusal is not None:
        return refuse(request, may.refusal, back=address_of(proposal))
    form = ExaminationForm(request.POST if request.method == "POST" else None, proposal=proposal)
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            values = {name: form.cleaned_data[name] for name in ("outcome", "order_email", "reason")}
            try:
                examine(proposal=proposal, findings=form.findings, **values, by=request.user, at=at)
            except DomainError as refusal:
                form.add_error(None, str(refusal))
                status = status_of(refusal)
            else:
                messages.success(request, _("Prövningen är sparad. De som väntar på den får besked."))
                return redirect(address_of(proposal))
    context = {
        "proposal": proposal,
        "form": form if may else None,
        "refusal": refusal_sentence(may),
        "lines": _lines(request, proposal),
        "earlier": _earlier_examinations(proposal),
    }
    return render(request, "desk/supplier_proposal.html", context, status=status)


def _lines(request: PersonRequest, proposal: SupplierProposal) -> list[RequisitionLine]:
    """The lines that it was proposed with, as they are now."""
    lines = RequisitionLine.objects.visible_to(request.user).filter(supplier_proposal=proposal)
    return list(lines.exclude(status=LineStatus.SUPERSEDED).for_display().order_by("pk"))


def _earlier_examinations(proposal: SupplierProposal) -> list[SupplierExamination]:
    """How the same company has been examined when it was proposed at other times, latest first."""
    examined = SupplierExamination.objects.filter(proposal__org_number=proposal.org_number)
    return list(
        examined.exclude(proposal=proposal).select_related("examined_by").order_by("-examined_at", "-pk")
    )
