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
from desk.bids import comparison_of, offered_in
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
    found = _competition(request, pk, competition)
    priced = Prefetch("prices", BidPrice.objects.select_related("item").in_order())
    shown = found.bids.opened_to(request.user, day).select_related("supplier", "registered_by")
    bids = list(shown.prefetch_related(priced).in_order())
    asked = list(found.items.select_related("item").order_by("item__number"))
    context = {
        "competition": found,
        "agreement": found.agreement,
        "bids": bids,
        "uninvited": found.read_uninvited() if found.is_open else [],
        "asked": asked,
        "comparison": comparison_of(bids, asked),
        "needs": needs_of(found, user=request.user, at=at),
        "may_act": found.is_open and bool(can_manage_agreement(request.user, found.agreement, at=at)),
        "is_time_over": day > found.bids_by_date,
        "may_award": day > found.bids_by_date and any(bid.outcome == BidOutcome.BID for bid in bids),
    }
    return render(request, "desk/competition.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask what it is about and by when, and invite the agreement's suppliers."""
    at = timezone.now()
    seen = Agreement.objects.visible_to(request.user, timezone.localdate(at))
    agreement = get_object_or_404(seen.select_related("category", "supplier", "owner"), pk=pk)
    form = CompetitionForm(
        request.POST if request.method == "POST" else None,
        day=timezone.localdate(at),
        waiting=items_waiting(agreement, day=timezone.localdate(at)),
    )

    def act(items: list[tuple[str, Decimal]], **given: Any) -> RenewedCompetition:
        return operations.start_competition(
            agreement=agreement, items=operations.items_asked(items), **given, by=request.user, at=at
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
    done = _("Konkurrensutsättningen är startad.")
    return _ask(request, agreement, form, act, context, back=address_of(agreement), done=done)


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: PersonRequest, pk: int, competition: int, supplier: int) -> HttpResponse:
    """Ask when a supplier that joined the agreement later was invited, and register it."""
    at = timezone.now()
    found = _competition(request, pk, competition)
    joined = next((each for each in found.read_uninvited() if each.pk == supplier), None)
    if joined is None:
        raise Http404
    form = InvitationForm(request.POST if request.method == "POST" else None, day=timezone.localdate(at))

    def act(**given: Any) -> RenewedCompetition:
        return operations.invite_supplier(competition=found, supplier=joined, **given, by=request.user, at=at)

    context = {
        "heading": _("När bjöds %(supplier)s in?") % {"supplier": joined},
        "text": _("Leverantören kom med i avtalet efter de andra, och ska ha samma chans att lämna anbud."),
        "button": _("Spara inbjudan"),
    }
    return _ask(
        request, found.agreement, form, act, context, back=address_of(found), done=_("Inbjudan är sparad.")
    )


@require_http_methods(["GET", "HEAD", "POST"])
def bid(request: PersonRequest, pk: int, competition: int, supplier: int) -> HttpResponse:
    """Ask what one of the invited answered, and register it."""
    found = _competition(request, pk, competition)
    invited = get_object_or_404(found.bids.select_related("supplier"), supplier=supplier)
    asked, prices = found.items.select_related("item"), list(invited.prices.in_order())
    is_written = invited.amount != priced_amount(asked, prices)
    initial = {"outcome": "" if invited.outcome == BidOutcome.AWAITED else invited.outcome}
    form = BidForm(
        request.POST if request.method == "POST" else None,
        initial=initial | {"amount": invited.amount if is_written else None},
        offered=offered_in(invited, day=timezone.localdate()),
    )

    def act(**given: Any) -> RenewedCompetition:
        return operations.register_bid(
            competition=found, supplier=invited.supplier, **given, by=request.user, at=timezone.now()
        )

    context = {
        "heading": _("Vad svarade %(supplier)s?") % {"supplier": invited.supplier},
        "button": _("Spara svaret"),
    }
    return _ask(
        request,
        found.agreement,
        form,
        act,
        context,
        back=address_of(found),
        done=_("Svaret är sparat."),
        template="desk/competition_bid.html",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def award(request: PersonRequest, pk: int, competition: int) -> HttpResponse:
    """Ask who won and why, and let the winner be ordered from."""
    at = timezone.now()
    found = _competition(request, pk, competition)
    form = AwardForm(
        request.POST if request.method == "POST" else None, competition=found, day=timezone.localdate(at)
    )

    def act(**given: Any) -> RenewedCompetition:
        return decisions.award_competition(competition=found, **given, by=request.user, at=at)

    context = {
        "heading": _("Vem vann?"),
        "text": _("Den som inte har svarat noteras som att den inte svarade. Beslutet kan inte ändras."),
        "button": _("Tilldela"),
    }
    done = _("Beslutet är sparat.")
    if found.items.exists():
        done = _("Beslutet är sparat. Vinnarens priser gäller de dagar som det får avropas.")
    return _ask(request, found.agreement, form, act, context, back=address_of(found), done=done)


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: PersonRequest, pk: int, competition: int) -> HttpResponse:
    """Ask why, and call the competition off."""
    found = _competition(request, pk, competition)
    form = CompetitionReasonForm(request.POST if request.method == "POST" else None)

    def act(**given: Any) -> RenewedCompetition:
        return decisions.cancel_competition(competition=found, **given, by=request.user, at=timezone.now())

    context = {
        "heading": _("Avbryta konkurrensutsättningen?"),
        "text": _("Ingen vinner den. Det kan inte ångras."),
        "button": _("Avbryt konkurrensutsättningen"),
    }
    done = _("Konkurrensutsättningen är avbruten.")
    return _ask(request, found.agreement, form, act, context, back=address_of(found), done=done)


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
                made = act(**form.cleaned_data)
            except DomainError as refusal:
                form.add_error(None, str(refusal))
                status = status_of(refusal)
            else:
                messages.success(request, done)
                return redirect(address_of(made))
    context = {**context, "agreement": agreement, "form": form, "back": back}
    return render(request, template, context, status=status)


def _competition(request: PersonRequest, agreement: int, competition: int) -> RenewedCompetition:
    seen = RenewedCompetition.objects.visible_to(request.user, timezone.localdate()).for_display()
    return get_object_or_404(seen, agreement=agreement, pk=competition)
