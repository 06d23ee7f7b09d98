"""What is bought under no agreement: how much of the limit it comes to, by category, and the documentation of it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from categories.models import Category
from core.addresses import address_of
from core.clock import start_of
from core.errors import DomainError
from core.views import let_in
from desk.forms.awards import AwardForm, bid_forms, bids_of
from desk.views.lines import refusal_sentence
from history.similar_purchases import outside
from organizations.models import Authority, User
from organizations.permissions import roles_on
from organizations.requests import PersonRequest
from procurement import permissions
from procurement.direct_award import SimilarPurchases, first_similar_day
from procurement.documents.award_record import award_document, award_pdf, award_text
from procurement.models import AwardRecord, Competition
from procurement.operations.award_records import document
from procurement.refusals import status_of
from procurement.similar_purchases import ordered_outside, similar_purchases

MOST_RECORDS = 100
MOST_ROWS = 200
FILES = {"pdf": "application/pdf", "txt": "text/plain; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Watched:
    """One category of one authority."""

    authority: Authority
    category: Category
    similar: SimilarPurchases


@require_safe
def direct_awards(request: PersonRequest) -> HttpResponse:
    """Show what is to be documented, and what each category comes to beside the limit."""
    at = timezone.now()
    day = timezone.localdate(at)
    let_in(permissions.can_see_direct_awards(request.user, at=at))
    records = AwardRecord.objects.visible_to(request.user, day).for_display().in_order()[:MOST_RECORDS]
    watched = _watched_categories(request.user, day)
    context = {
        "records": records,
        "watched": watched,
        "has_authorities": len({each.authority.pk for each in watched}) > 1,
        "since": first_similar_day(day),
        "day": day,
        "shows_observations": bool(permissions.can_read_observations(request.user, at=at)),
    }
    return render(request, "desk/direct_awards.html", context)


@require_safe
def category(request: PersonRequest, authority: int, code: str) -> HttpResponse:
    """Show the purchases behind one figure: those ordered here, and those imported."""
    at = timezone.now()
    day = timezone.localdate(at)
    let_in(permissions.can_see_direct_awards(request.user, at=at))
    instance = get_object_or_404(_categories(request.user, day), code=code)
    buyer = get_object_or_404(Authority, pk=authority)
    since = first_similar_day(day)
    category_ids = [instance.pk, *Category.objects.filter(merged_into=instance).values_list("pk", flat=True)]
    lines = ordered_outside(authority=buyer.pk, since=start_of(since)).filter(category__in=category_ids)
    imported = outside(authority=buyer.pk, since=since, until=day).filter(category__in=category_ids)
    context = {
        "category": instance,
        "authority": buyer,
        "similar": similar_purchases(buyer.pk, [instance.pk], day=day)[instance.pk],
        "lines": lines.for_display().order_by("-decided_at", "-pk")[:MOST_ROWS],
        "imported": imported.order_by("-delivered_date", "-pk")[:MOST_ROWS],
        "since": since,
    }
    return render(request, "desk/direct_award_category.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def award_record(request: PersonRequest, pk: int) -> HttpResponse:
    """Show the documentation of one award, and write it."""
    at = timezone.now()
    record = _record(request, pk)
    posted = request.POST if request.method == "POST" else None
    form, rows, status = AwardForm(posted, record=record), bid_forms(record, posted), 200
    if posted is not None:
        status = 422
        if form.is_valid() and rows.is_valid():
            try:
                document(
                    record=record,
                    facts=form.facts(bids_of(rows)),
                    is_complete="complete" in posted,
                    by=request.user,
                    at=at,
                )
            except DomainError as refusal:
                form.add_error(None, str(refusal))
                status = status_of(refusal)
            else:
                message = (
                    _("Dokumentationen är klar.") if "complete" in posted else _("Dokumentationen är sparad.")
                )
                messages.success(request, message)
                return redirect(address_of(record))
    return render(
        request, "desk/award_record.html", _context(request, record, form, rows, at=at), status=status
    )


def _context(
    request: PersonRequest, record: AwardRecord, form: AwardForm, rows: object, *, at: datetime
) -> dict[str, object]:
    may = permissions.can_document(request.user, record, at=at)
    return {
        "record": record,
        "form": form if may else None,
        "rows": rows,
        "bids": record.bids.order_by("position"),
        "competition": Competition(record.competition).label if record.competition else "",
        "refusal": refusal_sentence(may),
        "day": timezone.localdate(at),
    }


@require_safe
def award_file(request: PersonRequest, pk: int, kind: str) -> HttpResponse:
    """Give the documentation for the diary, as PDF or as text."""
    if kind not in FILES:
        raise Http404
    record = _record(request, pk)
    award = award_document(record)
    content = award_pdf(award) if kind == "pdf" else award_text(award)
    response = HttpResponse(content, content_type=FILES[kind])
    response["Content-Disposition"] = f'attachment; filename="Direktupphandling-{record.order.number}.{kind}"'
    return response


def _record(request: PersonRequest, pk: int) -> AwardRecord:
    records = AwardRecord.objects.visible_to(request.user, timezone.localdate())
    return get_object_or_404(records.select_related("order", "line__category", "completed_by"), pk=pk)


def _categories(user: User, day: date) -> QuerySet[Category]:
    """Those whose figures the person sees: all, or those that she answers for."""
    if roles_on(user, day).sees_region:
        return Category.objects.open()
    return Category.objects.open().filter(pk__in=Category.objects.within_reach_of(user, day).values("pk"))


def _watched_categories(user: User, day: date) -> list[Watched]:
    """Every category in which something was bought under no agreement, nearest its limit first: a question for each authority."""
    categories = _categories(user, day).in_bulk()
    rows = [
        Watched(authority, categories[pk], similar)
        for authority in Authority.objects.order_by("pk")
        for pk, similar in similar_purchases(authority.pk, categories, day=day).items()
        if similar.amount
    ]
    return sorted(rows, key=lambda each: (-each.similar.used_percent, -each.similar.amount, each.category.pk))
