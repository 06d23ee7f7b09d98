"""Proposals as those who answer them and the council meet them."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, Protocol
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assortment.answering import answered_by, council_of, route_of, waiting_for
from assortment.models import CouncilSeat, Proposal, Vote
from assortment.operations import answers, votes
from assortment.permissions import (
    NotYourProposal,
    answers_proposals,
    can_answer,
    can_ask,
    can_carry_out,
    can_put_to_council,
    can_vote,
)
from assortment.progress import discussion_of, steps_of
from assortment.response import responses
from assortment.states import DECIDED
from catalog.models import Item, Substitution
from catalog.states import ItemStatus
from core.addresses import address_of
from core.components import Link
from core.errors import DomainError
from core.numbers import whole_number
from core.verdicts import Verdict, refused
from core.views import let_in
from core.working_days import add_working_days
from desk.assortment import views
from desk.forms.proposals import (
    AnswerForm,
    CouncilForm,
    ProposalCategoryForm,
    QuestionForm,
    TakeInForm,
    VoteForm,
)
from organizations.models import User
from organizations.requests import PersonRequest
from procurement.refusals import refuse, status_of

ROWS_PER_PAGE = 30
COMING = (ItemStatus.PROPOSED, ItemStatus.ASSESSED, ItemStatus.TRIAL)
LEFT = (ItemStatus.PHASING_OUT, ItemStatus.RETIRED)
VOTE_DAYS = 5
"""Working days that a council is given unless the manager says otherwise."""

Act = Callable[[Proposal, dict[str, Any], datetime], Any]


class May(Protocol):
    """Whether somebody may do something with a proposal."""

    def __call__(self, by: User, proposal: Proposal, *, at: datetime) -> Verdict: ...  # noqa: D102


@require_safe
def proposals(request: PersonRequest) -> HttpResponse:
    """Show what waits for the person's answer or vote, and all that she sees, with how quickly they are answered."""
    at = timezone.now()
    day = timezone.localdate(at)
    answering = answers_proposals(request.user, at=at)
    if not answering and not CouncilSeat.objects.on(day).filter(user=request.user).exists():
        let_in(refused(NotYourProposal()))
    chosen = request.GET.get("visa", "pagar")
    visible_proposals = Proposal.objects.visible_to(request.user).for_display()
    if chosen == "beslutade":
        listed = visible_proposals.filter(status__in=DECIDED).latest_first()
    else:
        chosen, listed = "pagar", visible_proposals.undecided().soonest_first()
    page = Paginator(listed, ROWS_PER_PAGE).get_page(whole_number(request.GET.get("sida", "1")) or 1)
    routes = answered_by([each for each in page if each.is_undecided], day)
    address = reverse("desk:proposals")
    context = {
        "waiting": waiting_for(request.user, day),
        "to_vote_on": Proposal.objects.to_vote_on(request.user, day).for_display().soonest_first(),
        "views": views("proposals") if answering else [],
        "page": page,
        "rows": [(each, routes[each.pk].responsible.full_name if each.pk in routes else "") for each in page],
        "chosen": chosen,
        "chips": [
            Link(_("Pågår"), address, is_current=chosen == "pagar"),
            Link(_("Beslutade"), f"{address}?visa=beslutade", is_current=chosen == "beslutade"),
        ],
        "responses": responses(request.user, day) if answering else [],
        "answering": answering,
        "day": day,
    }
    return render(request, "desk/proposals.html", context)


@require_safe
def proposal(request: PersonRequest, pk: int) -> HttpResponse:
    """Show one proposal with all that an answer or a vote needs; one's own has a page elsewhere, without who voted how."""
    own_proposals = Proposal.objects.filter(pk=pk, proposer=request.user)
    return (
        redirect("shop:proposal", pk)
        if own_proposals.exists()
        else _page(request, _visible_or_404(request, pk))
    )


@require_POST
def ask(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask whoever proposed."""

    def act(instance: Proposal, values: dict[str, Any], at: datetime) -> None:
        answers.ask(proposal=instance, question=values["question"], by=request.user, at=at)

    return _process_form(
        request, pk, QuestionForm(request.POST), "ask_form", can_ask, act, _("Frågan är skickad.")
    )


@require_POST
def put_to_council(request: PersonRequest, pk: int) -> HttpResponse:
    """Let the council vote."""

    def act(instance: Proposal, values: dict[str, Any], at: datetime) -> None:
        answers.put_to_council(
            proposal=instance, vote_through_date=values["through_date"], by=request.user, at=at
        )

    form = CouncilForm(request.POST, day=timezone.localdate())
    return _process_form(
        request, pk, form, "council_form", can_put_to_council, act, _("Sortimentsrådet har fått förslaget.")
    )


@require_POST
def vote(request: PersonRequest, pk: int) -> HttpResponse:
    """Vote in the council."""

    def act(instance: Proposal, values: dict[str, Any], at: datetime) -> None:
        votes.vote(proposal=instance, **values, by=request.user, at=at)

    return _process_form(
        request, pk, VoteForm(request.POST), "vote_form", can_vote, act, _("Tack, din röst är lagd.")
    )


@require_POST
def decide(request: PersonRequest, pk: int) -> HttpResponse:
    """Say yes or no."""

    def act(instance: Proposal, values: dict[str, Any], at: datetime) -> None:
        is_yes = values["answer"] == "yes"
        answers.decide(proposal=instance, is_yes=is_yes, reason=values["reason"], by=request.user, at=at)

    return _process_form(
        request, pk, AnswerForm(request.POST), "answer_form", can_answer, act, _("Svaret är skickat.")
    )


@require_POST
def move(request: PersonRequest, pk: int) -> HttpResponse:
    """Give a proposal to another category."""

    def act(instance: Proposal, values: dict[str, Any], at: datetime) -> None:
        answers.move_to_category(proposal=instance, category=values["category"], by=request.user, at=at)

    return _process_form(
        request,
        pk,
        ProposalCategoryForm(request.POST),
        "category_form",
        can_put_to_council,
        act,
        _("Förslaget har bytt kategori."),
        back=reverse("desk:proposals"),
    )


@require_POST
def take_in(request: PersonRequest, pk: int) -> HttpResponse:
    """Tie the item that came of a yes, added to the register unless it is there."""

    def act(instance: Proposal, values: dict[str, Any], at: datetime) -> None:
        if values["item"] is not None:
            answers.tie_item(proposal=instance, item=values["item"], by=request.user, at=at)
        else:
            answers.take_in(proposal=instance, cells=form.cells, by=request.user, at=at)

    form = TakeInForm(request.POST)
    return _process_form(
        request, pk, form, "take_in_form", can_carry_out, act, _("Artikeln är knuten till beslutet.")
    )


def _visible_or_404(request: PersonRequest, pk: int) -> Proposal:
    others = Proposal.objects.visible_to(request.user).exclude(proposer=request.user)
    return get_object_or_404(others.for_display(), pk=pk)


def _process_form(
    request: PersonRequest,
    pk: int,
    form: forms.Form,
    name: str,
    may: May,
    act: Act,
    sentence: str,
    *,
    back: str = "",
) -> HttpResponse:
    """Do what the form asks for, and show the page again with it when it cannot be done."""
    instance, at = _visible_or_404(request, pk), timezone.now()
    if refusal := may(request.user, instance, at=at).refusal:
        return refuse(request, refusal, back=address_of(instance))
    if not form.is_valid():
        return _page(request, instance, status=422, **{name: form})
    try:
        act(instance, form.cleaned_data, at)
    except DomainError as refusal:
        if status_of(refusal) != 422:
            return refuse(request, refusal, back=address_of(instance))
        form.add_error(None, str(refusal))
        return _page(request, instance, status=422, **{name: form})
    messages.success(request, sentence)
    return redirect(back or reverse("desk:proposal", args=[pk]))


def _page(
    request: PersonRequest, instance: Proposal, *, status: int = 200, **bound: forms.Form
) -> HttpResponse:
    at, user = timezone.now(), request.user
    day = timezone.localdate(at)
    route = route_of(instance, day) if instance.is_undecided else None
    cast = list(Vote.objects.filter(proposal=instance).select_related("user").order_by("at", "pk"))
    own_vote = next((each for each in cast if each.user_id == user.pk), None)
    council = (
        council_of(instance.category, day) if instance.is_undecided and instance.council_id is None else None
    )
    offered: dict[str, forms.Form] = {}
    if can_answer(user, instance, at=at):
        offered["answer_form"] = AnswerForm()
    if can_ask(user, instance, at=at):
        offered["ask_form"] = QuestionForm()
    if can_put_to_council(user, instance, at=at):
        offered["category_form"] = ProposalCategoryForm(initial={"category": instance.category_id})
        if council is not None:
            through = add_working_days(day, VOTE_DAYS)
            offered["council_form"] = CouncilForm(day=day, initial={"through_date": through})
    if can_vote(user, instance, at=at):
        offered["vote_form"] = VoteForm(
            initial={"stance": own_vote.stance, "note": own_vote.note} if own_vote else {}
        )
    affected = [each.item for each in instance.affected.select_related("item").order_by("pk")]
    is_new = instance.kind != "removal"
    if can_carry_out(user, instance, at=at) and is_new and instance.new_item_id is None:
        offered["take_in_form"] = TakeInForm.filled_in(instance, affected)
    context = {
        "proposal": instance,
        "affected": affected,
        "files": [
            each.attachment for each in instance.files.select_related("attachment__content").order_by("pk")
        ],
        "talk": discussion_of(instance),
        "steps": steps_of(instance, is_own=False, today=day),
        "answers": route.responsible.full_name if route else "",
        "votes": cast,
        "own_vote": own_vote,
        "left": len(answers.members_to_vote(instance, day))
        if instance.council_id and instance.is_undecided
        else 0,
        "council": council[0] if council else None,
        "left_to_do": _remaining_steps(instance, affected, day=day)
        if can_carry_out(user, instance, at=at)
        else [],
        "bound_form": next(iter(bound.values()), None),
        **offered,
        **bound,
    }
    return render(request, "desk/proposal.html", context, status=status)


def _remaining_steps(instance: Proposal, affected: Sequence[Item], *, day: date) -> list[Link]:
    """What a yes asks for that has not been done: take the new item in, let it replace the old ones, let those leave."""
    new, steps = instance.new_item, []
    if new is not None and new.status in COMING:
        label = _("Ta artikel %(number)s vidare i sortimentet") % {"number": new.number}
        steps.append(Link(label, reverse("desk:item", args=[new.number])))
    replaced = Substitution.objects.on(day).filter(from_item__in=affected, to_item=new)
    is_replaced = set(replaced.values_list("from_item", flat=True))
    for old in affected:
        if old.status not in LEFT:
            label = _("Avveckla artikel %(number)s") % {"number": old.number}
            steps.append(Link(label, reverse("desk:item", args=[old.number])))
        if new is not None and old.pk not in is_replaced:
            label = _("Låt artikel %(other)s ersätta %(number)s") % {
                "other": new.number,
                "number": old.number,
            }
            query = urlencode({"from_item": old.number, "to_item": new.number})
            steps.append(Link(label, f"{reverse('registers:add', args=['substitutions'])}?{query}"))
    return steps
