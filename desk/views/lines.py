"""One line of the queue, with everything that a decision needs."""

from collections.abc import Mapping
from datetime import date, datetime

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalog.models import Price
from core.verdicts import Verdict
from desk.ceilings import CeilingAfter, ceiling_after
from desk.forms.accounts import coding_form_for
from desk.forms.decisions import CategoryForm, Choice, DecisionForm
from desk.paid_prices import last_paid
from desk.price_curves import PriceCurve, price_curves
from desk.queue import (
    Row,
    full_row,
)
from desk.substitutes import Suggestion, line_with_replacements, suggestions_for
from desk.tying import competition_context
from desk.waiting import (
    decisions_by_line,
)
from organizations.models import User
from organizations.requests import PersonRequest
from procurement import permissions
from procurement.attesting import attest_of
from procurement.calling_off import ask_of_winners
from procurement.conversation import conversation_about
from procurement.frames import frames_of_lines
from procurement.models import LineDecision, RequisitionLine, RoutingRule, SupplierProposal
from procurement.next_in_rank import RANKED
from procurement.reasons import reason_for
from procurement.separation_of_duties import attesters_in
from procurement.similar_purchases import similar_to
from procurement.states import UNDECIDED


@require_safe
def line(request: PersonRequest, pk: int) -> HttpResponse:
    """Show one line on a page of its own, as it is on a phone and without script."""
    at = timezone.now()
    requisition_line = visible_line(request.user, pk)
    return render(
        request,
        "desk/line.html",
        panel_context(request.user, requisition_line, at=at, address=request.GET.urlencode())
        | {"coding_form": coding_form_for(request.user, requisition_line, at=at)},
    )


def visible_line(user: User, pk: int) -> RequisitionLine:
    """One line that the person may see, with what a panel shows of it; 404 otherwise."""
    day = timezone.localdate()
    line = line_with_replacements(user, pk, day=day)
    if line is None:
        raise Http404
    ask_of_winners([line], day=day)
    return line


def panel_context(
    user: User,
    requisition_line: RequisitionLine,
    *,
    at: datetime,
    address: str = "",
    form: DecisionForm | None = None,
    curves: Mapping[int, PriceCurve] | None = None,
    talks: Mapping[int, list[LineDecision]] | None = None,
) -> dict[str, object]:
    """
    Gather what the panel shows of one line; a number of queries that does not grow with anything.

    :param curves: the price curves of the page's items, if they are known, and ``talks`` what was said of its lines.
    """
    day = timezone.localdate(at)
    curve = (curves_of([requisition_line], day) if curves is None else curves).get(
        requisition_line.item_id or 0
    )
    talk = (decisions_by_line([requisition_line]) if talks is None else talks).get(requisition_line.pk, [])
    attests = list(requisition_line.requisition.attests.select_related("responsible", "decided_by"))
    may = permissions.can_decide(user, requisition_line, attesters=attesters_in(attests), at=at)
    may_undo = permissions.can_undo(user, requisition_line, at=at)
    row = full_row(requisition_line, curve=curve, day=day)
    after = _ceiling_of(row) if may else None
    similar = similar_to(requisition_line, day=day) if requisition_line.status in UNDECIDED else None
    suggestions = suggestions_for(requisition_line, day=day) if may else []
    proposal = _proposal_of(requisition_line)
    return {
        "line": requisition_line,
        "row": row,
        "curve": curve,
        "best_agreed": curve.agreed_price_of(requisition_line) if curve else None,
        "paid": last_paid(requisition_line),
        "normal": requisition_line.item.usual_weekly_quantity if requisition_line.item else None,
        "after": after,
        "similar": similar.with_another(row.amount) if similar else None,
        "is_ranked": requisition_line.agreement is not None
        and requisition_line.agreement.call_off_method in RANKED,
        **competition_context(requisition_line, user=user, at=at),
        "frame": frames_of_lines([requisition_line]).get(requisition_line.pk)
        if requisition_line.status in UNDECIDED
        else None,
        "why": reason_for(requisition_line),
        "proposal": proposal,
        "attest": attest_of(requisition_line, attests),
        "talk": talk,
        "conversation": conversation_about(requisition_line),
        "verdict": may,
        "refusal": refusal_sentence(may),
        "may_undo": may_undo,
        "suggestions": suggestions,
        "form": form
        or (first_form(requisition_line, after, suggestions, proposal, day=day) if may else None),
        "may_except": similar is not None and bool(may) and _may_pass_limit(user, requisition_line, at=at),
        "category_form": CategoryForm() if may and requisition_line.category_id is None else None,
        "address": address,
        "at": at,
    }


def _proposal_of(line: RequisitionLine) -> SupplierProposal | None:
    """What is said of the supplier that is suggested, where more than its name is; nothing is asked where it is not."""
    if line.supplier_proposal_id is None:
        return None
    return SupplierProposal.objects.for_display().get(pk=line.supplier_proposal_id)


def first_form(
    requisition_line: RequisitionLine,
    after: CeilingAfter | None,
    suggestions: list[Suggestion],
    proposal: SupplierProposal | None,
    *,
    day: date,
) -> DecisionForm:
    """The form as it stands when nobody has touched it: what fits, the first replacement, and the supplier that is proposed."""
    fits = after.fits if after and not after.is_enough and after.fits > 0 else requisition_line.quantity
    first = suggestions[0] if suggestions else None
    is_full = after is not None and not after.is_enough
    proposed = (
        requisition_line.routing_facts if requisition_line.routing_rule == RoutingRule.DIRECT_AWARD else {}
    )
    return DecisionForm(
        line=requisition_line,
        day=day,
        initial={
            "supplier": proposal.entered if proposal else None,
            **({name: proposed[name] for name in ("supplier", "unit_price") if name in proposed}),
            "decision": Choice.ADJUST if is_full else Choice.APPROVE,
            "quantity": fits,
            "item": first.item.number if first else "",
            "substitute_quantity": first.quantity if first else requisition_line.quantity,
        },
    )


def _may_pass_limit(user: User, line: RequisitionLine, *, at: datetime) -> bool:
    """Whether the person may let the line pass the direct-award limit."""
    capacity = permissions.capacity_for(user, line, at=at)
    return capacity is not None and permissions.is_of_head(user, capacity, at=at)


def refusal_sentence(verdict: Verdict) -> str:
    """The sentence that stands instead of a button."""
    return str(verdict.refusal) if verdict.refusal else ""


def _ceiling_of(row: Row) -> CeilingAfter | None:
    agreement, quantity = row.line.agreement, row.line.quantity
    if agreement is None:
        return None
    return ceiling_after(agreement, quantity=quantity, amount=row.amount, unit_price=row.unit_price)


def curves_of(lines: list[RequisitionLine], day: date) -> dict[int, PriceCurve]:
    """The prices over time of the lines' items, by the item's id."""
    prices = Price.objects.signed().filter(item__in={each.item_id for each in lines if each.item_id})
    return price_curves(prices.select_related("agreement", "supplier"), day=day)
