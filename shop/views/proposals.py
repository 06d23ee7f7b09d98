"""What the person has proposed, and where it is."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assortment.answering import route_of
from assortment.models import Proposal, ProposalKind
from assortment.operations import proposals
from assortment.permissions import can_reply, can_withdraw
from assortment.progress import discussion_of, steps_of
from attachments.kinds import LARGEST_FORM
from core import reader
from core.errors import DomainError
from core.keys import KeyHasOtherContent
from core.numbers import whole_number
from core.request_cleaning import takes_files
from organizations.requests import PersonRequest
from procurement.refusals import refuse, status_of
from shop.forms.proposals import ProposalForm, ReplyForm
from shop.views.departments import department_choice

ROWS_PER_PAGE = 30


@require_safe
def own_proposals(request: PersonRequest) -> HttpResponse:
    """List what the person has proposed, newest first, with what became of it."""
    rows = Proposal.objects.filter(proposer=request.user).for_display().latest_first()
    page = Paginator(rows, ROWS_PER_PAGE).get_page(whole_number(request.GET.get("sida", "1")) or 1)
    return render(request, "shop/proposals.html", {"page": page})


@takes_files(LARGEST_FORM)
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: PersonRequest) -> HttpResponse:
    """Propose an item, a replacement or a removal, on one page."""
    status = 200
    if request.method == "POST":
        form, status = ProposalForm(request.POST, request.FILES), 422
        if form.is_valid():
            try:
                own_proposal = proposals.propose(
                    wish=form.wish,
                    department=department_choice(request).department,
                    files=form.cleaned_data["documents"],
                    key=form.cleaned_data["key"],
                    by=request.user,
                    at=timezone.now(),
                )
            except KeyHasOtherContent:
                form.renew_key()
                form.add_error(
                    None, _("Det första förslaget är redan lämnat. Skicka igen om det här är ett till.")
                )
            except DomainError as refusal:
                form.add_error(None, str(refusal))
                status = status_of(refusal)
            else:
                day = reader.weekday_day(own_proposal.response_due_date)
                messages.success(request, _("Tack! Du får svar senast %(day)s.") % {"day": day})
                return redirect("shop:proposal", own_proposal.pk)
    else:
        form = ProposalForm(initial=_initial(request))
    return render(request, "shop/proposal_new.html", {"form": form}, status=status)


@require_safe
def proposal(request: PersonRequest, pk: int) -> HttpResponse:
    """Show where one's proposal is, what was asked, and the answer."""
    return _page(request, _own_proposal(request, pk), ReplyForm())


@require_POST
def reply(request: PersonRequest, pk: int) -> HttpResponse:
    """Answer the question about one's proposal."""
    own_proposal, form = _own_proposal(request, pk), ReplyForm(request.POST)
    if not form.is_valid():
        return _page(request, own_proposal, form, status=422)
    try:
        proposals.reply(
            proposal=own_proposal, text=form.cleaned_data["text"], by=request.user, at=timezone.now()
        )
    except DomainError as refusal:
        return refuse(request, refusal, back=reverse("shop:proposal", args=[pk]))
    messages.success(request, _("Svaret är skickat."))
    return redirect("shop:proposal", pk)


@require_POST
def withdraw(request: PersonRequest, pk: int) -> HttpResponse:
    """Take one's proposal back."""
    own_proposal = _own_proposal(request, pk)
    try:
        proposals.withdraw(proposal=own_proposal, by=request.user, at=timezone.now())
    except DomainError as refusal:
        return refuse(request, refusal, back=reverse("shop:proposal", args=[pk]))
    messages.success(request, _("Förslaget är tillbakadraget."))
    return redirect("shop:proposals")


def _own_proposal(request: PersonRequest, pk: int) -> Proposal:
    return get_object_or_404(Proposal.objects.filter(proposer=request.user).for_display(), pk=pk)


def _page(
    request: PersonRequest, own_proposal: Proposal, form: ReplyForm, *, status: int = 200
) -> HttpResponse:
    at = timezone.now()
    route = route_of(own_proposal, timezone.localdate(at)) if own_proposal.is_undecided else None
    context = {
        "proposal": own_proposal,
        "affected": [each.item for each in own_proposal.affected.select_related("item").order_by("pk")],
        "files": [
            each.attachment
            for each in own_proposal.files.select_related("attachment__content").order_by("pk")
        ],
        "talk": discussion_of(own_proposal),
        "steps": steps_of(own_proposal, is_own=True, today=timezone.localdate(at)),
        "answers": route.responsible.full_name if route else "",
        "can_reply": bool(can_reply(request.user, own_proposal, at=at)),
        "can_withdraw": bool(can_withdraw(request.user, own_proposal, at=at)),
        "form": form,
    }
    return render(request, "shop/proposal.html", context, status=status)


def _initial(request: PersonRequest) -> dict[str, str]:
    """What the page that led here knows: the words that were searched for, or the item."""
    number, kind = request.GET.get("artikel", "")[:20], request.GET.get("vad", "")
    is_known = kind in ProposalKind.values
    return {
        "title": request.GET.get("q", "")[:200],
        "number": number,
        "kind": kind if is_known else ProposalKind.REPLACEMENT if number else ProposalKind.ITEM,
    }
