"""Renewed competitions under an agreement: who was invited, what they answered, and who won."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agreements.models import Agreement
from agreements.permissions import can_manage_agreement
from catalog.bidding import priced_amount
from catalog.models import BidPrice, RenewedCompetition
from catalog.operations import competition_decisions as decisions
from catalog.operations import competitions as operations
from catalog.states import BidOutcome
from core.addresses import address_of
from core.errors import DomainError
from desk.bids import bid_rows, comparison_of
from desk.forms.competitions import (
    AwardForm,
    BidForm,
    CompetitionForm,
    CompetitionReasonForm,
    InvitationForm,
)
from desk.tying import needs_of
from organizations.requests import PersonRequest
from procurement.competing import items_waiting
from procurement.refusals import refuse, status_of


@require_safe
def competition(request: PersonRequest, pk: int, competition: int) -> HttpResponse:
    """Show one competition: what it is about, the bids, and what was decided."""
    at = timezone.now()
    day = timezone.localdate(at)
    instance = _competition(request, pk, competition)
    priced = Prefetch("prices", BidPrice.objects.select_related("item").in_order())
    visible_bids = instance.bids.opened_to(request.user, day).select_related("supplier", "registered_by")
    bids = list(visible_bids.prefetch_related(priced).in_order())
    competition_items = list(instance.items.select_related("item").order_by("item__number"))
    context = {
        "competition": instance,
        "agreement": instance.agreement,
        "bids": bids,
        "uninvited": instance.read_uninvited() if instance.is_open else [],
        "asked": competition_items,
        "comparison": comparison_of(bids, competition_items),
        "needs": needs_of(instance, user=request.user, at=at),
        "may_act": instance.is_open and bool(can_manage_agreement(request.user, instance.agreement, at=at)),
        "is_time_over": day > instance.bids_by_date,
        "may_award": day > instance.bids_by_date and any(bid.outcome == BidOutcome.BID for bid in bids),
    }
    return render(request, "desk/competition.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask what it is about and by when, and invite the agreement's suppliers."""
    at = timezone.now()
    agreements = Agreement.objects.visible_to(request.user, timezone.localdate(at))
    agreement = get_object_or_404(agreements.select_related("category", "supplier", "owner"), pk=pk)
    form = CompetitionForm(
        request.POST if request.method == "POST" else None,
        day=timezone.localdate(at),
        waiting=items_waiting(agreement, day=timezone.localdate(at)),
    )

    def act(items: list[tuple[str, Decimal]], **values: Any) -> RenewedCompetition:
        return operations.start_competition(
            agreement=agreement, items=operations.quantities_by_item(items), **values, by=request.user, at=at
        )

    context = {
        "heading": _("Vad ska leverantörerna tävla om?"),
        "text": _("Alla leverantörer i avtalet ska vara inbjudna: %(names)s.")
        % {
            "names": ", ".join(
                str(each.supplier) for each in agreement.suppliers.select_related("supplier").in_order()
            )
        },
        "button": _("Starta konkurrensutsättningen"),
    }
    message = _("Konkurrensutsättningen är startad.")
    return _ask(request, agreement, form, act, context, back=address_of(agreement), done=message)


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: PersonRequest, pk: int, competition: int, supplier: int) -> HttpResponse:
    """Ask when a supplier that joined the agreement later was invited, and register it."""
    at = timezone.now()
    instance = _competition(request, pk, competition)
    joined = next((each for each in instance.read_uninvited() if each.pk == supplier), None)
    if joined is None:
        raise Http404
    form = InvitationForm(request.POST if request.method == "POST" else None, day=timezone.localdate(at))

    def act(**values: Any) -> RenewedCompetition:
        return operations.invite_supplier(
            competition=instance, supplier=joined, **values, by=request.user, at=at
        )

    context = {
        "heading": _("När bjöds %(supplier)s in?") % {"supplier": joined},
        "text": _("Leverantören kom med i avtalet efter de andra, och ska ha samma chans att lämna anbud."),
        "button": _("Spara inbjudan"),
    }
    return _ask(
        request,
        instance.agreement,
        form,
        act,
        context,
        back=address_of(instance),
        done=_("Inbjudan är sparad."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def bid(request: PersonRequest, pk: int, competition: int, supplier: int) -> HttpResponse:
    """Ask what one of the invited answered, and register it."""
    instance = _competition(request, pk, competition)
    invited = get_object_or_404(instance.bids.select_related("supplier"), supplier=supplier)
    competition_items, prices = instance.items.select_related("item"), list(invited.prices.in_order())
    is_written = invited.amount != priced_amount(competition_items, prices)
    initial = {"outcome": "" if invited.outcome == BidOutcome.AWAITED else invited.outcome}
    form = BidForm(
        request.POST if request.method == "POST" else None,
        initial=initial | {"amount": invited.amount if is_written else None},
        offered=bid_rows(invited, day=timezone.localdate()),
    )

    def act(**values: Any) -> RenewedCompetition:
        return operations.register_bid(
            competition=instance, supplier=invited.supplier, **values, by=request.user, at=timezone.now()
        )

    context = {
        "heading": _("Vad svarade %(supplier)s?") % {"supplier": invited.supplier},
        "button": _("Spara svaret"),
    }
    return _ask(
        request,
        instance.agreement,
        form,
        act,
        context,
        back=address_of(instance),
        done=_("Svaret är sparat."),
        template="desk/competition_bid.html",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def award(request: PersonRequest, pk: int, competition: int) -> HttpResponse:
    """Ask who won and why, and let the winner be ordered from."""
    at = timezone.now()
    instance = _competition(request, pk, competition)
    form = AwardForm(
        request.POST if request.method == "POST" else None, competition=instance, day=timezone.localdate(at)
    )

    def act(**values: Any) -> RenewedCompetition:
        return decisions.award_competition(competition=instance, **values, by=request.user, at=at)

    context = {
        "heading": _("Vem vann?"),
        "text": _("Den som inte har svarat noteras som att den inte svarade. Beslutet kan inte ändras."),
        "button": _("Tilldela"),
    }
    message = _("Beslutet är sparat.")
    if instance.items.exists():
        message = _("Beslutet är sparat. Vinnarens priser gäller de dagar som det får avropas.")
    return _ask(request, instance.agreement, form, act, context, back=address_of(instance), done=message)


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: PersonRequest, pk: int, competition: int) -> HttpResponse:
    """Ask why, and call the competition off."""
    instance = _competition(request, pk, competition)
    form = CompetitionReasonForm(request.POST if request.method == "POST" else None)

    def act(**values: Any) -> RenewedCompetition:
        return decisions.cancel_competition(
            competition=instance, **values, by=request.user, at=timezone.now()
        )

    context = {
        "heading": _("Avbryta konkurrensutsättningen?"),
        "text": _("Ingen vinner den. Det kan inte ångras."),
        "button": _("Avbryt konkurrensutsättningen"),
    }
    message = _("Konkurrensutsättningen är avbruten.")
    return _ask(request, instance.agreement, form, act, context, back=address_of(instance), done=message)


def _ask(
    request: PersonRequest,
    agreement: Agreement,
    form: forms.Form,
    act: Callable[..., RenewedCompetition],
    context: dict[str, Any],
    *,
    back: str,
    done: str,
    template: str = "desk/competition_act.html",
) -> HttpResponse:
    """Ask on a page of its own, and act with what the form says when it is right."""
    verdict = can_manage_agreement(request.user, agreement, at=timezone.now())
    if verdict.refusal is not None:
        return refuse(request, verdict.refusal, back=back)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                instance = act(**form.cleaned_data)
            except DomainError as refusal:
                form.add_error(None, str(refusal))
                status = status_of(refusal)
            else:
                messages.success(request, done)
                return redirect(address_of(instance))
    context = {**context, "agreement": agreement, "form": form, "back": back}
    return render(request, template, context, status=status)


def _competition(request: PersonRequest, agreement: int, competition: int) -> RenewedCompetition:
    competitions = RenewedCompetition.objects.visible_to(request.user, timezone.localdate()).for_display()
    return get_object_or_404(competitions, agreement=agreement, pk=competition)
