"""The agreement register, and one agreement."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.core.paginator import Paginator
from django.db import models
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from agreements.completeness import holes_of, in_words
from agreements.models import Agreement, AgreementSupplier, CallOffMethod
from agreements.models.agreements import UNSIGNED
from agreements.permissions import can_manage_agreement, owner_of
from agreements.runway import SOON_DAYS, outlook_of
from agreements.shares import standings
from agreements.states import ORDERABLE, AgreementStatus
from catalog.permissions import can_propose_prices
from core.components import Link
from core.diary import words_of
from core.ordering import swedish
from desk.forms.agreements import AgreementSearchForm
from desk.index_clauses import followed_index
from desk.today.agreements import answered_today
from organizations.requests import PersonRequest
from procurement.standing import standing_on
from reporting.periods import a_year_before
from reporting.permissions import can_see_savings
from reporting.supplier_facts import supplier_facts

AGREEMENTS_PER_PAGE = 25
PRICES_PER_PAGE = 50
ORDERS_SHOWN = 10
COMPETITIONS_SHOWN = 10
PROPOSALS_SHOWN = 10
NEAR_CEILING = Decimal("0.70")
COMPLETENESS = "komplett"


class Filter(models.TextChoices):
    """Which agreements are shown; the value stands in the address."""

    VALID = "gallande", _("Gällande")
    MINE = "mina", _("Mina")
    ENDING = "slutar-snart", _("Slutar inom 90 dagar")
    NEAR_CEILING = "nara-taket", _("Över 70 % av taket")
    INCOMPLETE = "ofullstandiga", _("Ofullständiga")
    DRAFTS = "utkast", _("Utkast")
    ENDED = "avslutade", _("Avslutade")


def _condition(chosen: Filter, own_agreements: models.Q, day: date) -> models.Q:
    valid = models.Q(valid_during__contains=day, status__in=ORDERABLE)
    if chosen == Filter.DRAFTS:
        return models.Q(status__in=UNSIGNED)
    if chosen == Filter.INCOMPLETE:
        return (valid | models.Q(status__in=UNSIGNED)) & models.Q(complete_percent__lt=100)
    if chosen == Filter.MINE:
        return valid & own_agreements
    if chosen == Filter.ENDING:
        return valid & models.Q(valid_during__endswith__lte=day + timedelta(days=SOON_DAYS + 1))
    if chosen == Filter.NEAR_CEILING:
        return valid & models.Q(committed_amount__gte=models.F("ceiling_amount") * NEAR_CEILING)
    if chosen == Filter.ENDED:
        past = models.Q(valid_during__endswith__lte=day) & ~models.Q(status__in=UNSIGNED)
        return past | models.Q(status=AgreementStatus.ENDED)
    return valid


@require_safe
def agreements(request: PersonRequest) -> HttpResponse:
    """Show the agreements, the ones that end first on top."""
    day = timezone.localdate()
    filter_name = request.GET.get("visa", "")
    chosen = Filter(filter_name) if filter_name in Filter.values else Filter.VALID
    form = AgreementSearchForm(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    standing = standing_on(request.user, day)
    own_agreements = answered_today(request.user, [*standing.manages, *standing.deputises])
    searched = Agreement.objects.visible_to(request.user, day).filter(_search_condition(words)).with_missing()
    counts = searched.aggregate(
        **{each.name: models.Count("pk", filter=_condition(each, own_agreements, day)) for each in Filter}
    )
    by_completeness = request.GET.get("ordning") == COMPLETENESS or chosen == Filter.INCOMPLETE
    order = "-valid_during__endswith" if chosen == Filter.ENDED else "valid_during__endswith"
    order = "complete_percent" if by_completeness else order
    queryset = (
        searched.filter(_condition(chosen, own_agreements, day))
        .select_related("supplier", "category")
        .with_outlook(day)
        .order_by(order, "number", "pk")
    )
    page = Paginator(queryset, AGREEMENTS_PER_PAGE).get_page(request.GET.get("sida"))
    context = {
        "page": page,
        "form": form,
        "words": words,
        "chosen": chosen,
        "chips": [
            Link(str(each.label), _address(each, words), count=counts[each.name], is_current=each == chosen)
            for each in Filter
            if counts[each.name] or each in (Filter.VALID, chosen)
        ],
        "rows": [
            (outlook_of(each, day=day), each.status_on(day), in_words(each.missing))  # type: ignore[attr-defined]
            for each in page.object_list
        ],
        "by_completeness": by_completeness,
        "orders": [
            Link(str(_("Slut först")), _address(chosen, words), is_current=not by_completeness),
            Link(
                str(_("Minst komplett först")),
                _address(chosen, words, order=COMPLETENESS),
                is_current=by_completeness,
            ),
        ],
        "day": day,
    }
    return render(request, "desk/agreements.html", context)


def _search_condition(words: str) -> models.Q:
    """Whether an agreement has every word, as they stand or with a diary number in its one form."""
    return _contains_all(words_of(words)) | _contains_all(words.split())


def _contains_all(words: Sequence[str]) -> models.Q:
    query = models.Q()
    for word in words[:6]:
        query &= (
            models.Q(number__icontains=word)
            | models.Q(diary_number__icontains=word)
            | models.Q(title__icontains=word)
            | models.Q(supplier__name__icontains=word)
            | models.Exists(
                AgreementSupplier.objects.filter(
                    agreement=models.OuterRef("pk"), supplier__name__icontains=word
                )
            )
            | models.Q(category__name__icontains=word)
        )
    return query


def _address(chosen: Filter, words: str, *, order: str = "") -> str:
    parts = {"visa": chosen.value} if chosen != Filter.VALID else {}
    if words:
        parts["q"] = words
    if order:
        parts["ordning"] = order
    return reverse("desk:agreements", query=parts or None)


@require_safe
def agreement(request: PersonRequest, pk: int) -> HttpResponse:
    """Show one agreement: its ceiling and how long it lasts, what to decide, its terms, prices and latest orders."""
    at = timezone.now()
    day = timezone.localdate(at)
    instance = get_object_or_404(
        Agreement.objects.visible_to(request.user, day)
        .select_related("supplier", "category", "cpv", "owner", "closed_by")
        .with_outlook(day)
        .with_missing(),
        pk=pk,
    )
    view = outlook_of(instance, day=day)
    missing = instance.missing  # type: ignore[attr-defined]
    prices = (
        instance.prices.filter(valid_during__contains=day)
        .select_related("item", "supplier")
        .order_by(swedish("item__name"), "item__size", "item", "order_unit", "minimum_quantity", "pk")
    )
    may_act = bool(can_manage_agreement(request.user, instance, at=at))
    may_see_rows = bool(can_see_savings(request.user, at=at))
    if instance.status == AgreementStatus.DRAFT and not (may_act or may_see_rows):
        prices = prices.none()  # a bid is secret until it has won
    orders = (
        instance.orders.visible_to(request.user).select_related("delivery_place__department").with_totals()
    )
    suppliers = list(instance.suppliers.select_related("supplier").in_order())
    options = {each.option.pk: each for each in view.prolonged}
    context = {
        "agreement": instance,
        "view": view,
        "status": instance.status_on(day),
        "owner": owner_of(instance, day=day),
        "page": Paginator(prices, PRICES_PER_PAGE).get_page(request.GET.get("sida")),
        "index": followed_index(instance, day=day),
        "item_ceilings": instance.item_ceilings.select_related("item").order_by(swedish("item__name"), "pk"),
        "orders": orders.latest()[:ORDERS_SHOWN],
        "options": [
            (option, options.get(option.pk), option.has_passed(day))
            for option in instance.options.select_related("decided_by").in_order()
        ],
        "suppliers": suppliers,
        "standings": standings(suppliers)
        if instance.call_off_method == CallOffMethod.DISTRIBUTION_KEY
        else [],
        "administrations": instance.administrations.select_related("administration").order_by(
            swedish("administration__name"), "pk"
        ),
        "documents": instance.documents.select_related(
            "attachment__content", "attachment__uploaded_by"
        ).latest_first(),
        "competitions": instance.competitions.for_display().latest_first()[:COMPETITIONS_SHOWN],
        "price_proposals": instance.price_proposals.for_display().latest_first()[:PROPOSALS_SHOWN],
        "may_propose_prices": bool(can_propose_prices(request.user, instance, at=at)),
        "holes": in_words(holes_of(missing)),
        "missing": in_words(missing),
        "may_act": may_act,
        "is_valid": instance.is_orderable_on(day),
        "facts": supplier_facts(
            instance.supplier_id, since=a_year_before(day), through=day, agreement_id=instance.pk
        ),
        "may_see_rows": may_see_rows,
        "day": day,
    }
    return render(request, "desk/agreement.html", context)
