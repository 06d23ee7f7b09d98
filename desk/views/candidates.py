"""What could be one choice instead of several, as whoever answers for the category meets it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Max, Sum
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assortment.models import Candidate
from assortment.operations.candidates import propose_candidate
from assortment.permissions import CandidateIsNotYours, answers_proposals, can_standardise
from categories.models import Category
from core.components import Link
from core.errors import DomainError
from core.money import ZERO
from core.numbers import whole_number
from core.verdicts import refused
from core.views import let_in
from desk.assortment import views
from organizations.requests import PersonRequest
from procurement.refusals import refuse

ROWS_PER_PAGE = 30


@require_safe
def candidates(request: PersonRequest) -> HttpResponse:
    """List what is worth most first, of all that the person answers for or of one category."""
    if not answers_proposals(request.user, at=timezone.now()):
        let_in(refused(CandidateIsNotYours()))
    visible_candidates = Candidate.objects.visible_to(request.user)
    code = request.GET.get("kategori", "")
    category = Category.objects.filter(code=code).first() if code else None
    if code and category is None:
        raise Http404
    listed = (
        visible_candidates.filter(category__in=Category.objects.under(category).values("pk"))
        if category
        else visible_candidates
    )
    page = Paginator(
        listed.select_related("category", "cheapest_item", "proposal").most_worth_first(), ROWS_PER_PAGE
    ).get_page(whole_number(request.GET.get("sida", "1")) or 1)
    address = reverse("desk:candidates")
    tops = Category.objects.filter(pk__in=visible_candidates.order_by().values("category")).in_tree_order()
    context = {
        "views": views("candidates"),
        "page": page,
        "category": category,
        "total": listed.aggregate(total=Sum("worth", default=ZERO), day=Max("computed_on")),
        "chips": [
            Link(_("Alla"), address, is_current=category is None),
            *(
                Link(str(each), f"{address}?kategori={each.code}", is_current=category == each)
                for each in tops
            ),
        ],
    }
    return render(request, "desk/candidates.html", context)


@require_safe
def candidate(request: PersonRequest, pk: int) -> HttpResponse:
    """Show which items, or which needs, a candidate is made of."""
    instance = _visible_or_404(request, pk)
    context = {
        "candidate": instance,
        "items": instance.items.select_related("item").order_by("-worth", "pk"),
        "can_propose": not instance.is_proposed
        and bool(can_standardise(request.user, instance.category_id, at=timezone.now())),
    }
    return render(request, "desk/candidate.html", context)


@require_POST
def propose(request: PersonRequest, pk: int) -> HttpResponse:
    """Make a proposal of a candidate."""
    instance = _visible_or_404(request, pk)
    try:
        proposal = propose_candidate(candidate=instance, department=None, by=request.user, at=timezone.now())
    except DomainError as refusal:
        return refuse(request, refusal, back=reverse("desk:candidates"))
    messages.success(request, _("Det är nu ett förslag. Någon annan än du beslutar om det."))
    return redirect("desk:proposal", proposal.pk)


def _visible_or_404(request: PersonRequest, pk: int) -> Candidate:
    visible_candidates = Candidate.objects.visible_to(request.user)
    return get_object_or_404(
        visible_candidates.select_related("category", "cheapest_item", "proposal"), pk=pk
    )
