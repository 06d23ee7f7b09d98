"""What a category manager does with lines, one or many: each view calls one operation and goes back to the queue."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import DomainError, NotPermitted, telling
from core.fragments import asks_for_part
from core.money import ZERO
from core.ordering import swedish_key
from desk.addresses import QueueAddress, chosen_ids, next_after
from desk.forms.accounts import coding_form_for
from desk.forms.decisions import Choice, DecisionForm, QuestionForm, RejectionForm
from desk.outcomes import add_messages, sentence_of
from desk.views.lines import panel_context, visible_line
from organizations.models import User
from organizations.requests import PersonRequest
from procurement import permissions
from procurement.models import RejectionReason, RequisitionLine
from procurement.operations import decisions
from procurement.operations.decidable import Outcome
from procurement.orderers import recipients_in_words
from procurement.refusals import refuse
from procurement.separation_of_duties import attesters_of
from procurement.states import LineStatus

SHOWN_PRICE = re.compile(r"[0-9]{1,10}(\.[0-9]{1,4})?")
REJECTION = "rejection"
"""What was written of a refusal in the panel, on its way to the page that confirms it."""
WITH_WORDS = ("ask", "reject", "give")
"""Acts for which words are written first."""
NOT_HERS = gettext_lazy("Raderna finns inte i din kö.")


@require_POST
def act(request: PersonRequest) -> HttpResponse:
    """Do what a button of the queue says: approve at once, or go on to where a question or refusal is written."""
    ids = chosen_ids(request.POST.getlist("approve") or request.POST.getlist("line"))
    verb = "approve" if "approve" in request.POST else request.POST.get("act", "")
    queue = QueueAddress.written(request.POST.get("address", ""))
    order = request.POST.get("order", "")
    if not ids:
        messages.warning(request, _("Välj minst en rad först."))
        return redirect(queue.url)
    if verb in WITH_WORDS:
        return redirect(_confirm_url(f"desk:queue_{verb}", ids, queue, order))
    if verb != "approve":
        return refuse(request, _("Välj vad du vill göra med raderna."), back=queue.url)
    lines = _lines(request.user, ids)
    if not lines:
        return refuse(request, str(NOT_HERS), back=queue.url, status=404)
    refusal = _refusal_of_all(request.user, lines)
    if isinstance(refusal, NotPermitted):
        return refuse(request, refusal, back=queue.url)
    shown_prices = _shown_prices(request, "seen")
    prices = {line.pk: shown_prices[key] for line in lines if (key := str(line.pk)) in shown_prices}
    outcome = decisions.approve(lines=lines, by=request.user, at=timezone.now(), unit_prices=prices)
    return _back_to_queue(request, outcome, queue, order)


@require_POST
def decide(request: PersonRequest, pk: int) -> HttpResponse:
    """Carry out the choice that was made in the panel."""
    at = timezone.now()
    line = visible_line(request.user, pk)
    form = DecisionForm(request.POST, line=line, day=timezone.localdate(at))
    queue = QueueAddress.written(request.POST.get("address", ""))
    order = request.POST.get("order", "")
    if form.is_valid():
        if form.cleaned_data["decision"] == Choice.REJECT:
            request.session[REJECTION] = {
                "reason_code": form.cleaned_data["reason_code"],
                "comment": form.cleaned_data["reject_comment"],
            }
            return redirect(_confirm_url("desk:queue_reject", [pk], queue, order))
        try:
            outcome = _carry_out(
                form, line, by=request.user, suggested=_shown_prices(request, "suggested_price")
            )
            outcome.only()
        except DomainError as refusal:
            form.add_error(None, sentence_of(refusal, line))
            if isinstance(refusal, decisions.ConditionNotRead):
                form.show_condition(refusal.facts["condition"])
        else:
            verb = Choice(form.cleaned_data["decision"])
            return _back_to_queue(request, outcome, queue, order, verb=verb)
    context = panel_context(request.user, line, at=at, address=queue.query, form=form) | {"order": order}
    if asks_for_part(request):
        return in_panel(render(request, "desk/_panel.html", context | {"is_chosen": True}, status=422))
    context["coding_form"] = coding_form_for(request.user, line, at=at)
    return render(request, "desk/line.html", context, status=422)


def _carry_out(
    form: DecisionForm, line: RequisitionLine, *, by: User, suggested: Mapping[str, Decimal]
) -> Outcome:
    """
    Call the operation that the choice names.

    :param suggested: what the suggested items cost on the page, by their numbers.
    """
    at, values = timezone.now(), form.cleaned_data
    if values["decision"] == Choice.ADJUST:
        return decisions.adjust(
            line=line,
            quantity=values["quantity"],
            by=by,
            at=at,
            comment=values["adjust_comment"],
            unit_price=values.get("seen_price"),
            **form.exception,
        )
    if values["decision"] == Choice.SUBSTITUTE:
        return decisions.substitute(
            line=line,
            item=values["item"],
            quantity=values["substitute_quantity"],
            by=by,
            at=at,
            comment=values["substitute_comment"],
            unit_price=suggested.get(values["item"].number),
            condition=form.conditions.get(values["item"].number, ""),
            **form.exception,
        )
    if values["decision"] == Choice.RETURN:
        return decisions.return_with_question(lines=[line], question=values["question"], by=by, at=at)
    return decisions.approve(
        lines=[line],
        by=by,
        at=at,
        supplier=values.get("supplier"),
        unit_price=values.get("unit_price") if form.asks_for_supplier else values.get("seen_price"),
        agreement=values.get("agreement"),
        **form.exception,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: PersonRequest) -> HttpResponse:
    """Write one question about one or more lines."""
    lines = chosen_lines(request)
    form = QuestionForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _refusal_of_all(request.user, lines) is None:
        question = form.cleaned_data["question"]
        outcome = decisions.return_with_question(
            lines=lines, question=question, by=request.user, at=timezone.now()
        )
        return _back_to_queue(
            request, outcome, queue_from_request(request), _order(request), verb=Choice.RETURN
        )
    return _confirm(request, "ask", lines, form)


@require_http_methods(["GET", "HEAD", "POST"])
def reject(request: PersonRequest) -> HttpResponse:
    """Ask for a reason, by itself, and reject."""
    lines = chosen_lines(request)
    if request.method == "POST":
        form = RejectionForm(request.POST)
    else:
        form = RejectionForm(initial=request.session.pop(REJECTION, None))
    if form.is_valid() and _refusal_of_all(request.user, lines) is None:
        outcome = decisions.reject(
            lines=lines,
            reason_code=RejectionReason(form.cleaned_data["reason_code"]),
            comment=form.cleaned_data["comment"],
            by=request.user,
            at=timezone.now(),
        )
        return _back_to_queue(
            request, outcome, queue_from_request(request), _order(request), verb=Choice.REJECT
        )
    return _confirm(request, "reject", lines, form)


@require_POST
def undo(request: PersonRequest) -> HttpResponse:
    """Take approvals back, until the lines are ordered, and go on with the first of them."""
    ids = chosen_ids([request.GET.get("rader", ""), *request.POST.getlist("line")])
    queue = QueueAddress.written(request.POST.get("address", ""))
    lines = _lines(request.user, ids)
    if not lines:
        return refuse(request, str(NOT_HERS), back=queue.url, status=404)
    outcome = decisions.undo(lines=lines, by=request.user, at=timezone.now())
    if outcome.done:
        count = len(outcome.done)
        text = ngettext(
            "Du ångrade godkännandet av %(count)s rad. Den väntar på beslut igen.",
            "Du ångrade godkännandet av %(count)s rader. De väntar på beslut igen.",
            count,
        )
        messages.success(request, text % {"count": count})
    for line, refusal in outcome.refused:
        messages.warning(request, telling("%(line)s: %(why)s", line=line.description, why=str(refusal)))
    return redirect(queue.at_line(outcome.done[0].pk if outcome.done else None))


def _back_to_queue(
    request: PersonRequest,
    outcome: Outcome,
    queue: QueueAddress,
    order: str,
    *,
    verb: Choice = Choice.APPROVE,
) -> HttpResponse:
    """Go on with the line that stood after those that are done, or with one that was refused; the note stands where they stood."""
    after = next_after(order, [line.pk for line in outcome.done])
    add_messages(request, outcome, verb=verb, before=after.before if order else "")
    refused_ids = [line.pk for line, _refusal in outcome.refused]
    return redirect(queue.at_line(min(refused_ids, default=None) or after.line))


def _shown_prices(request: PersonRequest, name: str) -> dict[str, Decimal]:
    """Read the prices that the page showed, by what they are of; what is no price is left out."""
    parts = (value.rpartition(":") for value in request.POST.getlist(name))
    return {key: Decimal(price) for key, _colon, price in parts if SHOWN_PRICE.fullmatch(price)}


def _lines(user: User, ids: list[int]) -> list[RequisitionLine]:
    """Lines by id that the person may see; whether she may decide them is the operation's business."""
    lines = RequisitionLine.objects.opened_to(user).exclude(status=LineStatus.DRAFT).filter(pk__in=ids)
    return list(lines.for_display().order_by("pk"))


def chosen_lines(request: PersonRequest) -> list[RequisitionLine]:
    """The lines in the address of a page where words are written about them."""
    return _lines(request.user, chosen_ids([request.GET.get("rader", "")]))


def _refusal_of_all(user: User, lines: list[RequisitionLine]) -> DomainError | None:
    """Why the person may decide none of the lines; nothing when she may decide one of them."""
    at = timezone.now()
    attesters = attesters_of({line.requisition_id for line in lines})
    refusals = [
        permissions.can_decide(user, line, attesters=attesters[line.requisition_id], at=at).refusal
        for line in lines
    ]
    return None if None in refusals else next(iter(refusals), None)


def queue_from_request(request: PersonRequest) -> QueueAddress:
    """The queue as it was when the page that confirms was opened."""
    return QueueAddress.written(request.GET.get("address", ""))


def _order(request: PersonRequest) -> str:
    return request.GET.get("order", "")


def _confirm_url(name: str, ids: Iterable[int], queue: QueueAddress, order: str) -> str:
    carried = {"rader": ",".join(map(str, ids)), "address": queue.query, "order": order}
    return f"{reverse(name)}?{urlencode(carried)}"


def _confirm(
    request: PersonRequest, act: str, lines: list[RequisitionLine], form: QuestionForm | RejectionForm
) -> HttpResponse:
    """Ask for words before lines are sent back or refused: beside the list, or on a page of its own without script."""
    back_url = queue_from_request(request).url
    if not lines:
        return refuse(request, str(NOT_HERS), back=back_url, status=404)
    refusal = _refusal_of_all(request.user, lines)
    if refusal is not None:
        return refuse(request, refusal, back=back_url)
    is_beside = asks_for_part(request)
    context = {
        "layout": "desk/confirm_panel.html" if is_beside else "desk/confirm_page.html",
        "lines": lines,
        "form": form,
        "back": back_url,
        "refuse": act == "reject",
        "people": recipients_in_words((line.requisition for line in lines), timezone.localdate()),
        "departments": sorted({line.requisition.department.name for line in lines}, key=swedish_key),
        "amount": sum((line.amount for line in lines), ZERO),
    }
    response = render(request, f"desk/queue_{act}.html", context, status=422 if form.errors else 200)
    return in_panel(response) if is_beside else response


def in_panel(response: HttpResponse) -> HttpResponse:
    """Let the answer take the panel's place, and the address stay: what is asked there is asked beside the list."""
    response["HX-Retarget"] = response["HX-Reselect"] = "#panel"
    response["HX-Reswap"], response["HX-Push-Url"] = "outerHTML", "false"
    return response
