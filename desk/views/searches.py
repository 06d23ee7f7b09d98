"""Searches that found nothing, as whoever answers for their category meets them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assortment.models import MissedIn, MissedSearch, ProposalKind
from assortment.operations import searches as operations
from assortment.operations.proposals import Wish
from assortment.permissions import NotYourSearch, answers_proposals, can_handle
from core.components import Link
from core.errors import DomainError
from core.numbers import whole_number
from core.verdicts import refused
from core.views import let_in
from desk.assortment import views
from desk.forms.proposals import ProposalCategoryForm, SynonymForm
from organizations.permissions import roles_on
from organizations.requests import PersonRequest
from procurement.refusals import refuse, status_of

ROWS_PER_PAGE = 30
MOST_PLACES = 3
HERS, UNSORTED, HANDLED = "hos-dig", "utan-kategori", "hanterade"
CHOICES = {
    "": gettext_lazy("Väntar"),
    HERS: gettext_lazy("Flera har sökt, hos dig"),
    UNSORTED: gettext_lazy("Utan kategori"),
    HANDLED: gettext_lazy("Hanterade"),
}


@require_safe
def searches(request: PersonRequest) -> HttpResponse:
    """List the words that found nothing, those that most people look for first."""
    if not answers_proposals(request.user, at=timezone.now()):
        let_in(refused(NotYourSearch()))
    chosen = request.GET.get("visa", "")
    chosen = chosen if chosen in CHOICES else ""
    day = timezone.localdate()
    visible_searches = MissedSearch.objects.visible_to(request.user).select_related(
        "category", "proposal", "handled_by"
    )
    if chosen == HANDLED:
        listed = visible_searches.exclude(status="open").order_by("-handled_at", "-pk")
    else:
        listed = visible_searches.open().most_wanted_first()
        if chosen == HERS:
            is_head = roles_on(request.user, day).is_head
            listed = listed.awaiting(request.user, day, is_head=is_head).of_several()
        listed = listed.filter(category=None) if chosen == UNSORTED else listed
    places = MissedIn.objects.select_related("department").order_by("-times", "pk")
    page = Paginator(listed.prefetch_related(Prefetch("places", queryset=places)), ROWS_PER_PAGE).get_page(
        whole_number(request.GET.get("sida", "1")) or 1
    )
    address = reverse("desk:searches")
    context = {
        "views": views("searches"),
        "page": page,
        "chosen": chosen,
        "most_places": MOST_PLACES,
        "chips": [
            Link(str(label), address + (f"?visa={value}" if value else ""), is_current=value == chosen)
            for value, label in CHOICES.items()
        ],
    }
    return render(request, "desk/searches.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: PersonRequest, pk: int) -> HttpResponse:
    """Answer one search with a synonym; beside it, make a proposal of it, give it to a category, or leave it."""
    search, at = _visible_or_404(request, pk), timezone.now()
    verdict = can_handle(request.user, search, at=at)
    if verdict.refusal is not None:
        return refuse(request, verdict.refusal, back=reverse("desk:searches"))
    form = SynonymForm(request.POST if request.method == "POST" else None, initial={"term": search.text[:60]})
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            operations.answer_with_synonym(search=search, **form.cleaned_data, by=request.user, at=at)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            status = status_of(refusal)
        else:
            messages.success(request, _("Den som söker på %(term)s hittar nu %(means)s.") % form.cleaned_data)
            return redirect("desk:searches")
    context = {
        "search": search,
        "form": form,
        "category_form": ProposalCategoryForm(initial={"category": search.category_id}),
        "places": search.places.select_related("department").order_by("-times", "pk"),
    }
    return render(request, "desk/search.html", context, status=status)


@require_POST
def take(request: PersonRequest, pk: int) -> HttpResponse:
    """Give a search to a category."""
    search, form = _visible_or_404(request, pk), ProposalCategoryForm(request.POST)
    if refusal := can_handle(request.user, search, at=timezone.now()).refusal:
        return refuse(request, refusal, back=reverse("desk:searches"))
    if not form.is_valid():
        return refuse(request, _("Välj en kategori."), back=reverse("desk:search", args=[pk]))
    try:
        operations.take_search(
            search=search, category=form.cleaned_data["category"], by=request.user, at=timezone.now()
        )
    except DomainError as error:
        return refuse(request, error, back=reverse("desk:search", args=[pk]))
    messages.success(request, _("Sökningen har fått en kategori."))
    return redirect("desk:searches")


@require_POST
def propose(request: PersonRequest, pk: int) -> HttpResponse:
    """Make a proposal of a search."""
    search = _visible_or_404(request, pk)
    wish = Wish(
        kind=ProposalKind.ITEM,
        title=search.text[:200],
        reason=ngettext(
            "%(people)s person har sökt efter det utan att hitta något, sammanlagt %(times)s.",
            "%(people)s personer har sökt efter det utan att hitta något, sammanlagt %(times)s.",
            search.people,
        )
        % {
            "people": search.people,
            "times": ngettext("%(count)s gång", "%(count)s gånger", search.times) % {"count": search.times},
        },
        category=search.category,
    )
    try:
        proposal = operations.answer_with_proposal(
            search=search, wish=wish, department=None, by=request.user, at=timezone.now()
        )
    except DomainError as refusal:
        return refuse(request, refusal, back=reverse("desk:searches"))
    messages.success(request, _("Sökningen är nu ett förslag. Någon annan än du beslutar om det."))
    return redirect("desk:proposal", proposal.pk)


@require_POST
def dismiss(request: PersonRequest, pk: int) -> HttpResponse:
    """Leave a search as it is."""
    try:
        operations.dismiss_search(search=_visible_or_404(request, pk), by=request.user, at=timezone.now())
    except DomainError as refusal:
        return refuse(request, refusal, back=reverse("desk:searches"))
    messages.success(request, _("Sökningen lämnas utan åtgärd."))
    return redirect("desk:searches")


def _visible_or_404(request: PersonRequest, pk: int) -> MissedSearch:
    return get_object_or_404(MissedSearch.objects.visible_to(request.user).select_related("category"), pk=pk)
