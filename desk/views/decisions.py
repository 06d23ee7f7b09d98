"""What a category manager does with lines, one or many: each view calls one operation and goes back to the queue."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from urllib.parse import parse_qs, urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from core import formatting
from core.errors import DomainError, NotPermitted
from core.languages import current_language
from core.money import ZERO
from core.numbers import whole_number
from core.ordering import swedish_key
from desk.forms.accounts import coding_form_for
from desk.forms.decisions import CategoryForm, Choice, DecisionForm, QuestionForm, RejectionForm
from desk.views.queue import panel_context, visible_line
from organizations.models import User
from organizations.requests import PersonRequest
from procurement import permissions
from procurement.gates import AccountMissing, CeilingReached, CodeClosed
from procurement.models import BudgetAttest, RejectionReason, RequisitionLine
from procurement.operations import decisions
from procurement.operations.decidable import Outcome
from procurement.refusals import refuse
from procurement.separation_of_duties import attesters_of
from procurement.states import AttestStatus, LineStatus

MOST_AT_ONCE = 500
LONGEST_ADDRESS = 200
SHOWN_PRICE = re.compile(r"[0-9]{1,10}(\.[0-9]{1,4})?")
REJECTION = "rejection"
"""What was written of a refusal in the panel, on its way to the page that confirms it."""
NOT_HERS = gettext_lazy("Raderna finns inte i din kö.")


@require_POST
def act(request: PersonRequest) -> HttpResponse:
    """Do what a button of the queue says: approve at once, or go on to the page where a question or refusal is written."""
    ids = chosen_ids(request.POST.getlist("approve") or request.POST.getlist("line"))
    verb = "approve" if "approve" in request.POST else request.POST.get("act", "")
    back = _queue_address(request.POST.get("address", ""))
    if not ids:
        messages.warning(request, _("Välj minst en rad först."))
        return redirect(back)
    if verb in ("ask", "reject"):
        name = "desk:queue_ask" if verb == "ask" else "desk:queue_reject"
        url = f"{reverse(name)}?{urlencode({'rader': ','.join(map(str, ids)), 'address': request.POST.get('address', '')})}"
        return HttpResponseClientRedirect(url) if request.htmx else redirect(url)
    if verb != "approve":
        return refuse(request, _("Välj vad du vill göra med raderna."), back=back)
    lines = _lines(request.user, ids)
    if not lines:
        return refuse(request, str(NOT_HERS), back=back, status=404)
    refusal = _refusal_of_all(request.user, lines)
    if isinstance(refusal, NotPermitted):
        return refuse(request, refusal, back=back)
    shown = _shown_prices(request, "seen")
    prices = {line.pk: shown[key] for line in lines if (key := str(line.pk)) in shown}
    outcome = decisions.approve(lines=lines, by=request.user, at=timezone.now(), unit_prices=prices)
    say_what_happened(request, outcome)
    refused = [line.pk for line, _refusal in outcome.refused]
    return redirect(
        _next_in_queue(back, min(refused, default=None) or _after(request.POST.get("order", ""), ids))
    )


@require_POST
def decide(request: PersonRequest, pk: int) -> HttpResponse:
    """Carry out the choice that was made in the panel."""
    at = timezone.now()
    line = visible_line(request.user, pk)
    form = DecisionForm(request.POST, line=line, day=timezone.localdate(at))
    if form.is_valid():
        if form.cleaned_data["decision"] == Choice.REJECT:
            request.session[REJECTION] = {
                "reason_code": form.cleaned_data["reason_code"],
                "comment": form.cleaned_data["reject_comment"],
            }
            return redirect(_reject_address(line, request.POST.get("address", "")))
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
            say_what_happened(request, outcome, verb=Choice(form.cleaned_data["decision"]))
            back = _queue_address(request.POST.get("address", ""))
            return redirect(_next_in_queue(back, _after(request.POST.get("order", ""), [pk])))
    context = panel_context(request.user, line, at=at, address=request.POST.get("address", ""), form=form)
    context["coding_form"] = coding_form_for(request.user, line, at=at)
    return render(request, "desk/line.html", context, status=422)


def _carry_out(
    form: DecisionForm, line: RequisitionLine, *, by: User, suggested: Mapping[str, Decimal]
) -> Outcome:
    """
    Call the operation that the choice names.

    :param suggested: what the suggested items cost on the page, by their numbers.
    """
    at, given = timezone.now(), form.cleaned_data
    if given["decision"] == Choice.ADJUST:
        return decisions.adjust(
            line=line,
            quantity=given["quantity"],
            by=by,
            at=at,
            comment=given["adjust_comment"],
            unit_price=given.get("seen_price"),
            **form.exception,
        )
    if given["decision"] == Choice.SUBSTITUTE:
        return decisions.substitute(
            line=line,
            item=given["item"],
            quantity=given["substitute_quantity"],
            by=by,
            at=at,
            comment=given["substitute_comment"],
            unit_price=suggested.get(given["item"].number),
            condition=form.conditions.get(given["item"].number, ""),
            **form.exception,
        )
    if given["decision"] == Choice.RETURN:
        return decisions.return_with_question(lines=[line], question=given["question"], by=by, at=at)
    return decisions.approve(
        lines=[line],
        by=by,
        at=at,
        supplier=given.get("supplier"),
        unit_price=given.get("unit_price") if form.asks_for_supplier else given.get("seen_price"),
        agreement=given.get("agreement"),
        **form.exception,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: PersonRequest) -> HttpResponse:
    """Write one question about one or more lines."""
    lines = _undecided(request)
    form = QuestionForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _refusal_of_all(request.user, lines) is None:
        question = form.cleaned_data["question"]
        outcome = decisions.return_with_question(
            lines=lines, question=question, by=request.user, at=timezone.now()
        )
        say_what_happened(request, outcome, verb=Choice.RETURN)
        return redirect(_queue_address(request.GET.get("address", "")))
    return _confirm(request, "desk/queue_ask.html", lines, form)


@require_http_methods(["GET", "HEAD", "POST"])
def reject(request: PersonRequest) -> HttpResponse:
    """Ask for a reason, on a page of its own, and reject."""
    lines = _undecided(request)
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
        say_what_happened(request, outcome, verb=Choice.REJECT)
        return redirect(_queue_address(request.GET.get("address", "")))
    return _confirm(request, "desk/queue_reject.html", lines, form)


@require_POST
def undo(request: PersonRequest) -> HttpResponse:
    """Take approvals back, until the lines are ordered."""
    ids = chosen_ids([request.GET.get("rader", ""), *request.POST.getlist("line")])
    lines = _lines(request.user, ids)
    if not lines:
        return refuse(request, str(NOT_HERS), back=reverse("desk:queue"), status=404)
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
        messages.warning(request, f"{line.description}: {refusal}")
    return redirect("desk:queue")


@require_POST
def reassign(request: PersonRequest, pk: int) -> HttpResponse:
    """Give a line another category, and with it another responsible person."""
    line = visible_line(request.user, pk)
    form = CategoryForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["category"][0]))
        return redirect("desk:line", pk=pk)
    try:
        moved = decisions.reassign_category(
            line=line, category=form.cleaned_data["category"], by=request.user, at=timezone.now()
        )
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect("desk:line", pk=pk)
    person = User.objects.get(pk=moved.responsible_id or 0)
    messages.success(
        request,
        _("%(line)s ligger nu i %(category)s. %(person)s har raden.")
        % {"line": moved.description, "category": form.cleaned_data["category"], "person": person.full_name},
    )
    return redirect("desk:queue")


def say_what_happened(request: PersonRequest, outcome: Outcome, *, verb: Choice = Choice.APPROVE) -> None:
    """Say what was done, with a way to undo it, and keep what was refused for the page to show."""
    if outcome.done:
        approved = verb in (Choice.APPROVE, Choice.ADJUST, Choice.SUBSTITUTE)
        undo_address = f"{reverse('desk:queue_undo')}?rader={','.join(str(line.pk) for line in outcome.done)}"
        text = _approved_text(outcome.done) if approved else _closed_text(outcome.done, verb)
        messages.success(request, text, extra_tags=f"undo:{undo_address}" if approved else "")
    if outcome.refused:
        request.session["refused_lines"] = [
            {
                "pk": line.pk,
                "title": line.description,
                "department": line.requisition.department.name,
                "sentence": sentence_of(refusal, line),
                "is_miscoded": isinstance(refusal, AccountMissing | CodeClosed),
                "fits": str(refusal.facts["fits"]) if refusal.facts.get("fits") else "",
            }
            for line, refusal in outcome.refused
        ]


def sentence_of(refusal: DomainError, line: RequisitionLine) -> str:
    """Say why a line was refused; under a ceiling, what is left of it and how many would fit."""
    if "fits" not in refusal.facts:
        return str(refusal)
    language = current_language()
    facts = {
        "fits": formatting.quantity(Decimal(refusal.facts["fits"]), language=language),
        "asked": formatting.quantity(line.quantity, language=language),
        "agreement": refusal.facts.get("agreement", ""),
    }
    if not isinstance(refusal, CeilingReached):
        return _("Raden får inte plats under taket för %(agreement)s. %(fits)s av %(asked)s ryms.") % facts
    facts["amount"] = formatting.kr(refusal.facts["remaining"], language=language)
    return (
        _(
            "Raden får inte plats under taket för %(agreement)s. %(amount)s är kvar, så %(fits)s av %(asked)s ryms."
        )
        % facts
    )


def _approved_text(lines: list[RequisitionLine]) -> str:
    at, language = timezone.now(), current_language()
    amount = sum((line.approved_amount or ZERO for line in lines), ZERO)
    text = ngettext(
        "Du godkände %(count)s rad för %(amount)s.", "Du godkände %(count)s rader för %(amount)s.", len(lines)
    ) % {"count": len(lines), "amount": formatting.kr(amount, language=language)}
    due = lines[0].order_due_at
    if due is None:
        return text
    requisitions = {line.requisition_id for line in lines}
    parts = {(line.requisition_id, line.part) for line in lines}
    pending = BudgetAttest.objects.filter(requisition__in=requisitions, status=AttestStatus.PENDING)
    if any((attest.requisition_id, attest.part) in parts for attest in pending):
        return (
            text
            + " "
            + ngettext(
                "Den beställs när attesten är klar.",
                "De som väntar på attest beställs när den är klar.",
                len(lines),
            )
        )
    moment = formatting.moment(due, at, timezone.get_current_timezone(), language=language)
    return (
        text
        + " "
        + ngettext("Den beställs %(moment)s.", "De beställs %(moment)s.", len(lines)) % {"moment": moment}
    )


def _closed_text(lines: list[RequisitionLine], verb: Choice) -> str:
    count = len(lines)
    people = {line.requisition.requester.full_name for line in lines}
    who = people.pop() if len(people) == 1 else ""
    if verb == Choice.RETURN:
        if who:
            return _("Frågan är skickad till %(who)s. Raden kommer tillbaka till dig med svaret.") % {
                "who": who
            }
        text = ngettext("Frågan är skickad om %(count)s rad.", "Frågan är skickad om %(count)s rader.", count)
    else:
        if who and count == 1:
            return _("Du avslog raden. %(who)s har fått ditt skäl.") % {"who": who}
        text = ngettext("Du avslog %(count)s rad.", "Du avslog %(count)s rader.", count)
    return text % {"count": count}


def chosen_ids(values: Iterable[str]) -> list[int]:
    """Read line ids from a form, each value one id or several with commas; what is no id is left out."""
    found = (whole_number(part) for value in values for part in value.split(","))
    return list(dict.fromkeys(pk for pk in found if pk is not None))[:MOST_AT_ONCE]


def _shown_prices(request: PersonRequest, name: str) -> dict[str, Decimal]:
    """Read the prices that the page showed, by what they are of; what is no price is left out."""
    parts = (value.rpartition(":") for value in request.POST.getlist(name))
    return {key: Decimal(price) for key, _colon, price in parts if SHOWN_PRICE.fullmatch(price)}


def _lines(user: User, ids: list[int]) -> list[RequisitionLine]:
    """Lines by id that the person may see; whether she may decide them is the operation's business."""
    lines = RequisitionLine.objects.visible_to(user).exclude(status=LineStatus.DRAFT).filter(pk__in=ids)
    return list(lines.for_display().order_by("pk"))


def _undecided(request: PersonRequest) -> list[RequisitionLine]:
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


def _confirm(
    request: PersonRequest, template: str, lines: list[RequisitionLine], form: QuestionForm | RejectionForm
) -> HttpResponse:
    back = _queue_address(request.GET.get("address", ""))
    if not lines:
        return refuse(request, str(NOT_HERS), back=back, status=404)
    refusal = _refusal_of_all(request.user, lines)
    if refusal is not None:
        return refuse(request, refusal, back=back)
    context = {
        "lines": lines,
        "form": form,
        "back": back,
        "people": sorted({line.requisition.requester.full_name for line in lines}, key=swedish_key),
        "departments": sorted({line.requisition.department.name for line in lines}, key=swedish_key),
        "amount": sum((line.amount for line in lines), ZERO),
    }
    return render(request, template, context, status=422 if form.errors else 200)


def _reject_address(line: RequisitionLine, address: str) -> str:
    return f"{reverse('desk:queue_reject')}?{urlencode({'rader': line.pk, 'address': address})}"


def _queue_address(query: str) -> str:
    """The queue as it was, from its own query string; anything else in it is dropped."""
    known = {
        key: values[0]
        for key, values in parse_qs(query[:LONGEST_ADDRESS]).items()
        if key in ("visa", "grupp", "sedan")
    }
    return reverse("desk:queue") + (f"?{urlencode(known)}" if known else "")


def _after(order: str, decided: list[int]) -> int | None:
    """The line that stood after the decided ones, so that the person can go on from where she is."""
    shown = chosen_ids([order])
    last = max((shown.index(pk) for pk in decided if pk in shown), default=-1)
    left = [pk for pk in shown[last + 1 :] + shown[: last + 1] if pk not in decided]
    return left[0] if left else None


def _next_in_queue(back: str, line_id: int | None) -> str:
    """The queue with that line at hand."""
    return back if line_id is None else f"{back}{'&' if '?' in back else '?'}nasta={line_id}"
