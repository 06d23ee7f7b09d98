"""New prices that suppliers want, as those who decide about them and those who only read meet them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F, Prefetch, Window
from django.db.models.functions import RowNumber
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from agreements.models import Agreement
from catalog.models import IndexAdjustment, PriceProposal, ProposedPrice
from catalog.operations import price_decisions
from catalog.operations import price_proposals as operations
from catalog.permissions import can_decide_prices, can_propose_prices
from catalog.price_deciders import Deciders
from categories.permissions import can_see_responsibility
from core.addresses import address_of
from core.components import Link
from core.errors import DomainError
from core.money import ZERO
from core.numbers import whole_number
from core.views import let_in
from desk.forms.prices import PriceDecisionForm
from organizations.models import User
from organizations.requests import PersonRequest
from procurement.forms import LONGEST_REASON
from procurement.refusals import refuse, status_of

PROPOSALS_PER_PAGE = 30
ROWS_PER_PAGE = 50
ROWS_SHOWN = 3
"""So many prices of each proposal stand in the list, those that cost most first."""
MINE, WAITING, DECIDED = "mina", "vantar", "beslutade"


@dataclass(frozen=True, slots=True)
class Row:
    """A proposal in the list."""

    proposal: PriceProposal
    dearest: Sequence[ProposedPrice]
    deciders: str
    can_decide: bool
    has_passed: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The proposals of an agreement."""

    agreement: Agreement
    rows: Sequence[Row]

    @property
    def effect(self) -> Any:
        """What they would cost in a year together."""
        return sum((row.proposal.total_effect for row in self.rows), ZERO)  # type: ignore[attr-defined]

    @property
    def to_decide(self) -> int:
        """How many the reader may decide about."""
        return sum(row.can_decide for row in self.rows)


@require_safe
def price_proposals(request: PersonRequest) -> HttpResponse:
    """Show the proposals by agreement: those that wait for the reader, all that wait, and what has been decided."""
    at = timezone.now()
    day = timezone.localdate(at)
    let_in(can_see_responsibility(request.user, at=at))
    proposals = PriceProposal.objects.visible_to(request.user, day).for_display()
    waiting = list(proposals.undecided().soonest_first())
    deciders = Deciders.on(day) if waiting else None
    own_ids = {each.pk for each in waiting if deciders and request.user in deciders.of(each)}
    chosen = request.GET.get("visa", "")
    if chosen not in (MINE, WAITING, DECIDED):
        chosen = MINE if own_ids else WAITING
    listed: Any = {
        MINE: [each for each in waiting if each.pk in own_ids],
        WAITING: waiting,
        DECIDED: proposals.exclude(status="proposed").latest_first(),
    }[chosen]
    page = Paginator(listed, PROPOSALS_PER_PAGE).get_page(whole_number(request.GET.get("sida", "1")) or 1)
    address = reverse("desk:price_proposals")
    tabs = [(MINE, _("Väntar på dig"), len(own_ids)), (WAITING, _("Väntar"), len(waiting))]
    context = {
        "page": page,
        "groups": _groups(list(page.object_list), request.user, deciders, day=day),
        "chosen": chosen,
        "chips": [
            *(
                Link(label, f"{address}?visa={name}", count, is_current=chosen == name)
                for name, label, count in tabs
                if name != MINE or own_ids
            ),
            Link(_("Beslutade"), f"{address}?visa={DECIDED}", is_current=chosen == DECIDED),
        ],
        "longest_reason": LONGEST_REASON,
    }
    return render(request, "desk/price_proposals.html", context)


def _groups(
    proposals: Sequence[PriceProposal], user: User, deciders: Deciders | None, *, day: date
) -> list[Group]:
    """The proposals of each agreement together, in the order in which the first of each comes."""
    at = timezone.now()
    place = Window(RowNumber(), partition_by=F("proposal"), order_by=[F("annual_effect").desc(), F("pk")])
    rows = ProposedPrice.objects.annotate(place=place).filter(place__lte=ROWS_SHOWN)
    prefetched = Prefetch(
        "rows", rows.select_related("price__item").order_by("-annual_effect", "pk"), "dearest"
    )
    rows_by_proposal = {
        each.pk: each.dearest  # type: ignore[attr-defined]
        for each in PriceProposal.objects.filter(pk__in=[each.pk for each in proposals]).prefetch_related(
            prefetched
        )
    }
    may: dict[tuple[int, bool], bool] = {}
    groups: dict[int, list[Row]] = {}
    for each in proposals:
        same = (each.agreement_id, each.registered_by_id == user.pk)
        if each.is_undecided and same not in may:
            may[same] = bool(can_decide_prices(user, each, at=at))
        names = [person.full_name for person in deciders.of(each)] if deciders and each.is_undecided else []
        row = Row(
            each,
            rows_by_proposal[each.pk],
            ", ".join(names),
            each.is_undecided and may[same],
            each.has_passed(day),
        )
        groups.setdefault(each.agreement_id, []).append(row)
    return [Group(rows[0].proposal.agreement, rows) for rows in groups.values()]


@require_POST
def decide_several(request: PersonRequest) -> HttpResponse:
    """Decide alike about the marked proposals, or about all of an agreement."""
    at, back_url = timezone.now(), reverse("desk:price_proposals")
    let_in(can_see_responsibility(request.user, at=at))
    proposals = PriceProposal.objects.visible_to(request.user, timezone.localdate(at))
    act = request.POST.get("gor", "")
    reason = request.POST.get("skal", "")[:LONGEST_REASON]
    if act.endswith("-alla"):
        agreement = whole_number(request.POST.get("avtal", ""))
        waiting = proposals.undecided().filter(agreement=agreement).select_related("agreement")
        chosen = [each for each in waiting if can_decide_prices(request.user, each, at=at)]
    else:
        ids = [number for text in request.POST.getlist("forslag") if (number := whole_number(text))]
        chosen = list(proposals.filter(pk__in=ids).select_related("agreement"))
    if not chosen:
        return refuse(request, _("Markera minst ett förslag."), back=back_url)
    try:
        outcome = price_decisions.decide_prices(
            proposals=chosen, is_yes=act.startswith("godkann"), reason=reason, by=request.user, at=at
        )
    except DomainError as refusal:
        return refuse(request, refusal, back=back_url)
    if count := len(outcome.decided):
        text = ngettext("%(count)s prisförslag är beslutat.", "%(count)s prisförslag är beslutade.", count)
        messages.success(request, text % {"count": count})
    for proposal, why in outcome.refused:
        messages.error(request, f"{proposal.agreement.number}: {why}")
    return redirect(back_url)


@require_safe
def price_proposal(request: PersonRequest, pk: int) -> HttpResponse:
    """Show one proposal with its prices, and what was decided or can be."""
    return _page(request, _visible_or_404(request, pk))


@require_POST
def decide(request: PersonRequest, pk: int) -> HttpResponse:
    """Approve or reject, all of it or what is marked."""
    proposal, at = _visible_or_404(request, pk), timezone.now()
    verdict = can_decide_prices(request.user, proposal, at=at)
    if verdict.refusal is not None:
        return refuse(request, verdict.refusal, back=address_of(proposal))
    form = _form(proposal, request.POST)
    if not form.is_valid():
        return _page(request, proposal, form=form, status=422)
    values = form.cleaned_data
    marked = [number for text in request.POST.getlist("rad") if (number := whole_number(text))]
    rows = marked if values.get("scope") == "marked" else None
    try:
        if values["answer"] == "yes":
            price_decisions.approve_prices(
                proposal=proposal,
                rows=rows,
                reason=values["reason"],
                from_date=values["from_date"],
                most_percent=values["most_percent"],
                by=request.user,
                at=at,
            )
        else:
            price_decisions.reject_prices(
                proposal=proposal, rows=rows, reason=values["reason"], by=request.user, at=at
            )
    except DomainError as refusal:
        if status_of(refusal) != 422:
            return refuse(request, refusal, back=address_of(proposal))
        form.add_error(None, str(refusal))
        return _page(request, proposal, form=form, status=422)
    is_yes = values["answer"] == "yes"
    messages.success(request, _("Priserna är godkända.") if is_yes else _("Priserna är avslagna."))
    return redirect(address_of(proposal) if rows else reverse("desk:price_proposals"))


@require_POST
def withdraw(request: PersonRequest, pk: int) -> HttpResponse:
    """Take back a proposal that is not decided."""
    proposal = _visible_or_404(request, pk)
    try:
        operations.withdraw_prices(proposal=proposal, by=request.user, at=timezone.now())
    except DomainError as refusal:
        return refuse(request, refusal, back=address_of(proposal))
    messages.success(request, _("Prisförslaget är återtaget."))
    return redirect(address_of(proposal))


def _visible_or_404(request: PersonRequest, pk: int) -> PriceProposal:
    proposals = PriceProposal.objects.visible_to(request.user, timezone.localdate())
    return get_object_or_404(proposals.for_display(), pk=pk)


def _form(proposal: PriceProposal, data: Any = None) -> PriceDecisionForm:
    return PriceDecisionForm(
        data,
        can_choose=proposal.price_count > 1,  # type: ignore[attr-defined]
        from_date=proposal.from_date,
    )


def _page(
    request: PersonRequest,
    proposal: PriceProposal,
    *,
    form: PriceDecisionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    at = timezone.now()
    day = timezone.localdate(at)
    may_decide = proposal.is_undecided and bool(can_decide_prices(request.user, proposal, at=at))
    rows = proposal.rows.select_related("price__item").order_by("-annual_effect", "pk")
    lead = proposal.split_from or proposal
    parts = list(proposal.parts.for_display().order_by("pk"))
    context = {
        "proposal": proposal,
        "page": Paginator(rows, ROWS_PER_PAGE).get_page(whole_number(request.GET.get("sida", "1")) or 1),
        "form": form or (_form(proposal) if may_decide else None),
        "may_withdraw": proposal.is_undecided
        and proposal.registered_by_id in (request.user.pk, None)
        and bool(can_propose_prices(request.user, proposal.agreement, at=at)),
        "is_computed_anew": proposal.index_clause_id is not None and proposal.from_date > day and not parts,
        "has_passed": proposal.has_passed(day),
        "is_over": proposal.is_undecided
        and not operations.is_current(proposal.agreement, max(proposal.from_date, day + timedelta(days=1))),
        "changed_count": rows.exclude(price__unit_price=F("old_price")).count()
        if proposal.is_undecided
        else 0,
        "newer": _newer_proposals(proposal) if proposal.is_undecided else [],
        "deciders": [each.full_name for each in Deciders.on(day).of(proposal)]
        if proposal.is_undecided
        else [],
        "adjustment": IndexAdjustment.objects.filter(proposal=lead)
        .select_related("proposal__index_clause__series")
        .first(),
        "files": lead.files.select_related("attachment__content").order_by("pk"),
        "parts": parts,
        "day": day,
    }
    return render(request, "desk/price_proposal.html", context, status=status)


def _newer_proposals(proposal: PriceProposal) -> Sequence[PriceProposal]:
    """Later proposals that wait, about one of the same prices."""
    prices = proposal.rows.values("price")
    waiting = PriceProposal.objects.undecided().filter(registered_at__gt=proposal.registered_at)
    same = ProposedPrice.objects.filter(price__in=prices).values("proposal")
    return list(waiting.filter(pk__in=same).order_by("pk")[:3])
