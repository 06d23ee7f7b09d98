"""Let somebody else have lines: a colleague who may decide them, or whoever answers for another category."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import DomainError
from core.fragments import asks_for_part
from core.money import ZERO
from desk.addresses import QueueAddress, next_after
from desk.forms.decisions import CategoryForm, HandOverForm
from desk.outcomes import PLACE, store_refusals
from desk.views.decisions import NOT_HERS, chosen_lines, in_panel, queue_from_request
from desk.views.lines import visible_line
from organizations.models import User
from organizations.requests import PersonRequest
from procurement import permissions
from procurement.models import RequisitionLine
from procurement.operations import decisions
from procurement.operations.handing_over import colleagues_for, hand_over
from procurement.refusals import refuse


@require_http_methods(["GET", "HEAD", "POST"])
def give(request: PersonRequest) -> HttpResponse:
    """Choose who takes over one or more lines, and say why."""
    at = timezone.now()
    queue, lines = queue_from_request(request), chosen_lines(request)
    if not lines:
        return refuse(request, str(NOT_HERS), back=queue.url, status=404)
    refusals = [permissions.can_hand_over(request.user, line, at=at).refusal for line in lines]
    if None not in refusals:
        return refuse(request, refusals[0] or "", back=queue.url)
    form = HandOverForm(request.POST or None, people=colleagues_for(lines, day=timezone.localdate(at)))
    if form.is_valid():
        to = form.cleaned_data["to"]
        outcome = hand_over(lines=lines, to=to, by=request.user, at=at, note=form.cleaned_data["note"])
        store_refusals(request, outcome)
        if outcome.done:
            text = ngettext(
                "%(name)s har nu raden och vet om det.",
                "%(name)s har nu %(count)s rader och vet om det.",
                len(outcome.done),
            )
            return _redirect_onwards(
                request, queue, outcome.done, text % {"name": to.full_name, "count": len(outcome.done)}
            )
        return redirect(queue.at_line(lines[0].pk))
    is_beside = asks_for_part(request)
    may_move = len(lines) == 1 and lines[0].item_id is None
    context = {
        "layout": "desk/confirm_panel.html" if is_beside else "desk/confirm_page.html",
        "lines": lines,
        "line": lines[0],
        "form": form,
        "category_form": CategoryForm() if may_move else None,
        "back": queue.url,
        "address": queue.query,
        "order": request.GET.get("order", ""),
        "amount": sum((line.amount for line in lines), ZERO),
    }
    response = render(request, "desk/queue_hand_over.html", context, status=422 if form.errors else 200)
    return in_panel(response) if is_beside else response


@require_POST
def reassign(request: PersonRequest, pk: int) -> HttpResponse:
    """Give a line another category, and with it another responsible person."""
    line = visible_line(request.user, pk)
    queue = QueueAddress.written(request.POST.get("address", ""))
    form = CategoryForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["category"][0]))
        return redirect("desk:line", pk=pk)
    try:
        new_line = decisions.reassign_category(
            line=line, category=form.cleaned_data["category"], by=request.user, at=timezone.now()
        )
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect("desk:line", pk=pk)
    person = User.objects.get(pk=new_line.responsible_id or 0)
    text = _("%(line)s ligger nu i %(category)s. %(person)s har raden.") % {
        "line": new_line.description,
        "category": form.cleaned_data["category"],
        "person": person.full_name,
    }
    return _redirect_onwards(request, queue, [new_line], text)


def _redirect_onwards(
    request: PersonRequest, queue: QueueAddress, lines: list[RequisitionLine], text: str
) -> HttpResponse:
    """Say it where the lines stood, and go on with the line that stood after them."""
    order = request.POST.get("order", "") or request.GET.get("order", "")
    after = next_after(order, [line.pk for line in lines])
    messages.success(request, text, extra_tags=f"{PLACE}{after.before}" if order else "")
    return redirect(queue.at_line(after.line))
