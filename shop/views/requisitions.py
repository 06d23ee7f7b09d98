"""What has been sent: where it is, who has it, and what its requester can still do."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit.models import Entry
from core.addresses import address_of
from core.errors import DomainError
from organizations.requests import PersonRequest
from procurement import trail
from procurement.events import Event
from procurement.models import Requisition, RequisitionLine
from procurement.names import name_of
from procurement.operations import amendments
from procurement.permissions import can_answer_about_price, can_revise, can_withdraw
from procurement.progress import progress_of
from procurement.refusals import refuse, status_of
from procurement.states import CLOSED
from procurement.visibility import submitted_line
from shop.forms.requisitions import AnswerForm, PriceAnswer, PriceAnswerForm, RevisionForm
from shop.requisition_lines import read_lines
from shop.views.departments import department_choice
from shop.views.receipts import new_key

LINES = {RequisitionLine._meta.label_lower}


@require_safe
def requisition(request: PersonRequest, number: str) -> HttpResponse:
    """One requisition with every line's way."""
    return render(request, "shop/requisition.html", _page_context(request, number))


@require_safe
def history(request: PersonRequest, number: str) -> HttpResponse:
    """Everything that has happened to a requisition, from the trail."""
    visible_requisition = _requisition(request, number)
    lines = list(visible_requisition.lines.visible_to(request.user).select_related("item"))
    names = {line.pk: name_of(line) for line in lines}
    events = {event.value: event.label for event in Event}
    entries = [
        (
            entry,
            events.get(entry.event, entry.event),
            names.get(entry.subject_id) if entry.subject_type in LINES else "",
            trail.details(entry, without=("comment", "text")),
            trail.comment(entry),
        )
        for entry in Entry.objects.about(visible_requisition, *lines)
    ]
    return render(
        request, "shop/requisition_history.html", {"requisition": visible_requisition, "entries": entries}
    )


@require_POST
def answer(request: PersonRequest, pk: int) -> HttpResponse:
    """Answer the question about a line."""
    line = _line(request, pk)
    form = AnswerForm(request.POST)
    number = str(line.requisition.number)
    status = 422
    if form.is_valid():
        try:
            amendments.answer(line=line, **form.cleaned_data, by=request.user, at=timezone.now())
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            status = status_of(refusal)
        else:
            name = line.responsible.full_name if line.responsible else ""
            messages.success(request, _("Ditt svar är skickat till %(name)s.") % {"name": name})
            return redirect("shop:requisition", number)
    context = _page_context(request, number) | {"answered_pk": line.pk, "answer_form": form}
    return render(request, "shop/requisition.html", context, status=status)


@require_POST
def answer_about_price(request: PersonRequest, pk: int) -> HttpResponse:
    """Say yes or no to a price that has risen."""
    line, at = _line(request, pk), timezone.now()
    form = PriceAnswerForm(request.POST)
    return_url = address_of(line.requisition)
    if not form.is_valid():
        return refuse(request, _("Svara ja eller nej på det nya priset."), back=return_url)
    name = line.responsible.full_name if line.responsible else ""
    try:
        if form.cleaned_data["answer"] == PriceAnswer.YES:
            amendments.accept_price(
                line=line, unit_price=form.cleaned_data["unit_price"], by=request.user, at=at
            )
            sentence = _("Du sa ja till det nya priset. %(name)s beslutar nu om raden.")
        else:
            amendments.decline_price(line=line, by=request.user, at=at)
            sentence = _("Du sa nej till det nya priset, och raden är tillbakadragen.")
    except DomainError as refusal:
        return refuse(request, refusal, back=return_url)
    messages.success(request, sentence % {"name": name})
    return redirect(return_url)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask first, then take a line back."""
    line = _line(request, pk)
    return_url = address_of(line.requisition)
    verdict = can_withdraw(request.user, line, at=timezone.now())
    if verdict.refusal is not None:
        return refuse(request, verdict.refusal, back=return_url)
    if request.method != "POST":
        return render(request, "shop/requisition_withdraw.html", {"line": line, "back": return_url})
    try:
        amendments.withdraw_line(line=line, by=request.user, at=timezone.now())
    except DomainError as refusal:
        return refuse(request, refusal, back=return_url)
    messages.success(request, _("Du drog tillbaka %(what)s.") % {"what": line.description})
    return redirect(return_url)


@require_http_methods(["GET", "HEAD", "POST"])
def revise(request: PersonRequest, pk: int) -> HttpResponse:
    """Change a line that is not decided: a new version, decided afresh."""
    line = _line(request, pk)
    verdict = can_revise(request.user, line, at=timezone.now())
    if verdict.refusal is not None:
        return refuse(request, verdict.refusal, back=address_of(line.requisition))
    form = RevisionForm(request.POST if request.method == "POST" else None, line=line)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            amendments.revise_line(line=line, **form.cleaned_data, by=request.user, at=timezone.now())
        except DomainError as refusal:
            if isinstance(refusal, amendments.DearerWhenRevised):
                data = request.POST.copy()
                data["unit_price"] = str(refusal.facts["after"])
                form = RevisionForm(data, line=line)
            form.add_error(None, str(refusal))
            status = status_of(refusal)
        else:
            messages.success(
                request, _("%(what)s är ändrad och prövas på nytt.") % {"what": line.description}
            )
            return redirect(address_of(line.requisition))
    return render(request, "shop/requisition_revise.html", {"line": line, "form": form}, status=status)


def _requisition(request: PersonRequest, number: str) -> Requisition:
    visible = Requisition.objects.visible_to(request.user).submitted()
    related = (
        "department",
        "charged_department",
        "requester",
        "delivery_place",
        "activity",
        "account",
        "project",
    )
    return get_object_or_404(visible.select_related(*related), number=number)


def _line(request: PersonRequest, pk: int) -> RequisitionLine:
    """A submitted line that the person may see."""
    line = submitted_line(request.user, pk, day=timezone.localdate())
    if line is None:
        raise Http404
    return line


def _page_context(request: PersonRequest, number: str) -> dict[str, object]:
    """What a requisition's page needs: the same number of queries for one line and for fifty."""
    at = timezone.now()
    visible_requisition = _requisition(request, number)
    lines = read_lines(visible_requisition, request.user)
    attests = [
        attest
        for attest in visible_requisition.attests.current()
        .select_related("responsible", "decided_by", "department")
        .order_by("needed_by_date", "pk")
        if attest.part in {line.part for line in lines}
    ]
    progress = progress_of(lines, attests, user=request.user, at=at)
    visible_requisition.shown_lines = lines
    return {
        "requisition": visible_requisition,
        "progress": progress,
        "questions": [each for each in progress if each.question and each.can_answer],
        "asked_others": [each for each in progress if each.question and not each.can_answer],
        "price_questions": [
            each.line for each in progress if can_answer_about_price(request.user, each.line, at=at)
        ],
        "attests": attests,
        "is_parted": len({line.part for line in lines if line.status not in CLOSED}) > 1,
        "key": new_key(),
        "answer_form": AnswerForm(),
        "event_count": Entry.objects.about(
            visible_requisition, *visible_requisition.lines.visible_to(request.user).only("pk", "requisition")
        ).count(),
        "is_own": visible_requisition.requester_id == request.user.pk,
        "can_copy": bool(department_choice(request).choices) and any(line.item_id for line in lines),
        "address": address_of(visible_requisition),
    }
