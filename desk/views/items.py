"""An item as whoever answers for it sees it: where it is in its life cycle, and what can be done; its recall."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from assortment.decisions import decisions_about
from assortment.models import DecidedItem, Proposal
from assortment.operations.steps import carry_out
from audit.models import Entry
from catalog.models import Item, Substitution
from catalog.operations.substitutions import approve_substitution, can_approve_substitutions
from catalog.permissions import can_manage_item
from catalog.replacements import Replacement, replacements_of
from catalog.states import ITEM_TRANSITIONS, ItemStatus
from categories.permissions import can_see_responsibility
from core.errors import DomainError
from desk import trail
from desk.forms.items import CommentForm, LiftForm, PhaseOutForm, RecallForm, TrialForm
from desk.item_prices import item_prices
from organizations.models import User
from organizations.requests import PersonRequest
from procurement.models import PurchaseOrder, Recall
from procurement.operations import assortment, recalls
from procurement.recalled import on_the_way, units_of
from procurement.refusals import refuse, status_of

MOST_HISTORY = 30
LEAVING = (ItemStatus.PHASING_OUT, ItemStatus.RETIRED)
"""Steps that a yes to replace or remove an item asks for; one to take it in asks for the others."""
DECISIONS_LAST = timedelta(days=365)
"""So long a proposal that got a yes fills in the steps of the item."""


@dataclass(frozen=True, slots=True)
class Act:
    """A step of the life cycle that can be taken on the page."""

    name: str
    to: ItemStatus
    title: str | Promise
    button: str | Promise
    form: type[forms.Form]
    operation: Callable[..., Any]
    done: str | Promise
    is_refusal: bool = False


ACTS: Mapping[str, Act] = {
    act.name: act
    for act in (
        Act(
            "bedom",
            ItemStatus.ASSESSED,
            gettext_lazy("Börja bedöma"),
            gettext_lazy("Börja bedöma"),
            CommentForm,
            assortment.assess,
            gettext_lazy("%(item)s bedöms."),
        ),
        Act(
            "prova",
            ItemStatus.TRIAL,
            gettext_lazy("Låt enheter pröva den"),
            gettext_lazy("Starta provet"),
            TrialForm,
            assortment.start_trial,
            gettext_lazy("%(item)s prövas. Bara enheterna som är med kan beställa den."),
        ),
        Act(
            "standard",
            ItemStatus.STANDARD,
            gettext_lazy("Gör den till standard"),
            gettext_lazy("Gör till standard"),
            CommentForm,
            assortment.decide_standard,
            gettext_lazy("%(item)s är standard. Alla kan beställa den."),
        ),
        Act(
            "fasa-ut",
            ItemStatus.PHASING_OUT,
            gettext_lazy("Fasa ut den"),
            gettext_lazy("Fasa ut"),
            PhaseOutForm,
            assortment.phase_out,
            gettext_lazy("%(item)s utgår. De som har den i en korg eller som favorit får veta det."),
        ),
        Act(
            "utga",
            ItemStatus.RETIRED,
            gettext_lazy("Ta bort den ur sortimentet"),
            gettext_lazy("Ta bort ur sortimentet"),
            CommentForm,
            assortment.retire,
            gettext_lazy("%(item)s har utgått."),
            is_refusal=True,
        ),
        Act(
            "sparra",
            ItemStatus.BLOCKED,
            gettext_lazy("Spärra och återkalla den"),
            gettext_lazy("Spärra artikeln"),
            RecallForm,
            recalls.recall,
            gettext_lazy("%(item)s är spärrad, och enheterna som har tagit emot den får veta det."),
            is_refusal=True,
        ),
        Act(
            "hav",
            ItemStatus.STANDARD,
            gettext_lazy("Häv spärren"),
            gettext_lazy("Häv spärren"),
            LiftForm,
            recalls.lift,
            gettext_lazy("Spärren är hävd för %(item)s."),
        ),
    )
}


@require_safe
def item(request: PersonRequest, number: str) -> HttpResponse:
    """Show where an item is in its life cycle, what replaces it, who has it if it is recalled, and what can be done."""
    at = timezone.now()
    verdict = can_see_responsibility(request.user, at=at)
    if verdict.refusal is not None:
        return refuse(request, verdict.refusal, back=reverse("desk:absence"))
    return _page(request, _item(number), at=at)


def _accepted_proposals(user: User, instance: Item, *, at: datetime) -> dict[bool, Proposal]:
    """
    The latest yes of the last year that asks for the item's next steps, where the person sees it and it is not carried out
    to the end: that it comes in (True), and that it leaves (False).
    """
    yes = (
        DecidedItem.objects.filter(
            item=instance,
            decision__is_yes=True,
            decision__at__gt=at - DECISIONS_LAST,
            decision__proposal__in=Proposal.objects.visible_to(user).order_by().values("pk"),
        )
        .exclude(steps__status__in=(ItemStatus.STANDARD, ItemStatus.RETIRED))
        .select_related("decision__proposal__new_item")
        .order_by("decision__at", "pk")
    )
    proposals = {}
    for each in yes:
        proposal = each.decision.proposal
        proposal.decision = each.decision
        proposals[each.is_new] = proposal
    return proposals


def _form(
    chosen: Act, instance: Item, accepted: Mapping[bool, Proposal], *args: Any, day: date
) -> forms.Form:
    """The form of a step, filled in with what was decided of a proposal."""
    form_class: Any = chosen.form
    form: forms.Form = form_class(*args, auto_id=f"{chosen.name}_%s", item=instance, day=day)
    proposal = accepted.get(chosen.to not in LEAVING)
    if proposal is not None and isinstance(form, CommentForm) and not isinstance(form, LiftForm):
        form.fill_in(proposal)
    return form


@require_POST
def act(request: PersonRequest, number: str, name: str) -> HttpResponse:
    """Take a step of the life cycle."""
    at = timezone.now()
    instance, chosen = _item(number), ACTS.get(name)
    if chosen is None:
        raise Http404
    verdict = can_manage_item(request.user, instance, at=at)
    back_url = reverse("desk:item", args=[number])
    if verdict.refusal is not None:
        return refuse(request, verdict.refusal, back=back_url)
    accepted = _accepted_proposals(request.user, instance, at=at)
    form: Any = _form(chosen, instance, accepted, request.POST, day=timezone.localdate(at))
    if not form.is_valid():
        return _page(request, instance, at=at, bound={name: form}, status=422)
    try:
        step = partial(chosen.operation, item=instance, by=request.user, at=at, **form.wanted)
        proposal = getattr(form, "carried_out", None)
        if proposal is None:
            step()
        else:
            carry_out(proposal=proposal, item=instance, step=step, by=request.user, at=at)
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return _page(request, instance, at=at, bound={name: form}, status=status_of(refusal))
    messages.success(request, str(chosen.done) % {"item": instance})
    return redirect(back_url)


@require_POST
def call(request: PersonRequest, number: str, order: str) -> HttpResponse:
    """Note that the supplier of an order on its way knows of the recall."""
    instance = _item(number)
    back_url = reverse("desk:item", args=[number])
    verdict = can_manage_item(request.user, instance, at=timezone.now())
    if verdict.refusal is not None:
        return refuse(request, verdict.refusal, back=back_url)
    recall = get_object_or_404(Recall.objects.open(), item=instance)
    purchase_order = get_object_or_404(
        PurchaseOrder.objects.filter(lines__item=instance).distinct(), number=order
    )
    note = request.POST.get("note", "")[:200]
    try:
        recalls.note_call(recall=recall, order=purchase_order, by=request.user, at=timezone.now(), note=note)
    except DomainError as refusal:
        return refuse(request, refusal, back=back_url)
    messages.success(request, _("Noterat att leverantören vet."))
    return redirect(back_url)


@require_POST
def approve_replacement(request: PersonRequest, pk: int) -> HttpResponse:
    """Approve, as clinical reviewer, that an item replaces another."""
    substitution = get_object_or_404(Substitution.objects.select_related("from_item"), pk=pk)
    back_url = reverse("desk:item", args=[substitution.from_item.number])
    try:
        shown_content = request.POST.get("shown", "")
        approve_substitution(
            substitution=substitution, shown=shown_content, by=request.user, at=timezone.now()
        )
    except DomainError as refusal:
        return refuse(request, refusal, back=back_url)
    messages.success(request, _("Ersättningen är godkänd och visas för dem som beställer."))
    return redirect(back_url)


def _item(number: str) -> Item:
    items = Item.objects.select_related("category", "cpv", "emdn").defer("search_vector")
    return get_object_or_404(items, number=number)


def _page(
    request: PersonRequest,
    instance: Item,
    *,
    at: datetime,
    bound: Mapping[str, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    day = timezone.localdate(at)
    may = bool(can_manage_item(request.user, instance, at=at))
    recall = instance.recalls.select_related("started_by", "ended_by").order_by("ended_at", "-pk").first()
    units = units_of(recall) if recall is not None else []
    substitutions = instance.substitutions.select_related("to_item", "approved_by").order_by(
        "-valid_during", "pk"
    )
    waiting = set(
        Substitution.objects.awaiting_review(day).filter(from_item=instance).values_list("pk", flat=True)
    )
    entries = Entry.objects.filter(subject_type="catalog.item", subject_id=instance.pk).order_by("-at", "-pk")
    context = {
        "item": instance,
        "may_manage": may,
        "acts": _acts(instance, bound or {}, _accepted_proposals(request.user, instance, at=at), day=day)
        if may
        else [],
        "decisions": decisions_about(instance),
        "errors": list((bound or {}).values()),
        "trials": instance.trials.select_related("department").order_by("-valid_during", "pk"),
        "substitutions": [(each, each.pk in waiting) for each in substitutions],
        "offered": _indirect_replacement([each.to_item for each in substitutions], instance, day=day),
        "may_approve": bool(can_approve_substitutions(request.user, at=at)),
        "recall": recall,
        "units": units,
        "unanswered": [each for each in units if each.told.acknowledged_at is None],
        "on_the_way": on_the_way(recall) if recall is not None and recall.ended_at is None else [],
        "history": [(entry, trail.sentence(entry), trail.details(entry)) for entry in entries[:MOST_HISTORY]],
        "item_prices": item_prices(instance, user=request.user, at=at),
        "day": day,
    }
    return render(request, "desk/item.html", context, status=status)


def _indirect_replacement(direct: Sequence[Item], instance: Item, *, day: date) -> Replacement | None:
    """What an orderer is offered that day, where it is none of those that replace the item directly."""
    offered = replacements_of([instance], day=day).get(instance.pk)
    return offered if offered is not None and offered.to_item not in direct else None


def _acts(
    instance: Item, bound: Mapping[str, forms.Form], accepted: Mapping[bool, Proposal], *, day: date
) -> list[tuple[Act, forms.Form]]:
    """The steps that the item's state leads to, each with its form, filled in with what was decided of a proposal."""
    status = ItemStatus(instance.status)
    steps = ITEM_TRANSITIONS[status]
    rows = []
    for name, each in ACTS.items():
        if status == ItemStatus.BLOCKED:
            is_there = name == "hav" or each.to == ItemStatus.RETIRED
        else:
            is_prolonged = each.to == status == ItemStatus.TRIAL
            is_there = name != "hav" and (each.to in steps or is_prolonged)
        if is_there:
            rows.append((each, bound.get(name) or _form(each, instance, accepted, day=day)))
    return rows
