"""The agreement register, and one agreement."""

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

from agreements.models import Agreement
from agreements.runway import SOON_DAYS, outlooks
from categories.responsibility import posts_on, responsibility_for
from core.components import Link
from core.ordering import swedish
from desk.forms.agreements import AgreementSearchForm
from organizations.requests import PersonRequest

AGREEMENTS_PER_PAGE = 25
PRICES_PER_PAGE = 50
ORDERS_SHOWN = 10
NEAR_CEILING = Decimal("0.70")


class Filter(models.TextChoices):
    """Which agreements are shown; the value stands in the address."""

    VALID = "gallande", _("Gällande")
    MINE = "mina", _("Mina")
    ENDING = "slutar-snart", _("Slutar inom 90 dagar")
    NEAR_CEILING = "nara-taket", _("Över 70 % av taket")
    ENDED = "avslutade", _("Avslutade")


def _condition(chosen: Filter, mine: models.QuerySet[Agreement], day: date) -> models.Q:
    valid = models.Q(valid_during__contains=day)
    if chosen == Filter.MINE:
        return valid & models.Q(pk__in=mine.values("pk"))
    if chosen == Filter.ENDING:
        return valid & models.Q(valid_during__endswith__lte=day + timedelta(days=SOON_DAYS + 1))
    if chosen == Filter.NEAR_CEILING:
        return valid & models.Q(committed_amount__gte=models.F("ceiling_amount") * NEAR_CEILING)
    if chosen == Filter.ENDED:
        return models.Q(valid_during__endswith__lte=day)
    return valid


@require_safe
def agreements(request: PersonRequest) -> HttpResponse:
    """Show the agreements, the ones that end first on top."""
    day = timezone.localdate()
    wanted = request.GET.get("visa", "")
    chosen = Filter(wanted) if wanted in Filter.values else Filter.VALID
    form = AgreementSearchForm(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    mine = Agreement.objects.answered_by(request.user, day)
    searched = Agreement.objects.visible_to(request.user, day).filter(_search(words))
    counts = searched.aggregate(
        **{each.name: models.Count("pk", filter=_condition(each, mine, day)) for each in Filter}
    )
    order = "-valid_during__endswith" if chosen == Filter.ENDED else "valid_during__endswith"
    found = (
        searched.filter(_condition(chosen, mine, day))
        .select_related("supplier", "category")
        .with_pace(day)
        .order_by(order, "number", "pk")
    )
    page = Paginator(found, AGREEMENTS_PER_PAGE).get_page(request.GET.get("sida"))
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
        "outlooks": {view.agreement.pk: view for view in outlooks(page.object_list, day=day)},
        "day": day,
    }
    return render(request, "desk/agreements.html", context)


def _search(words: str) -> models.Q:
    query = models.Q()
    for word in words.split()[:6]:
        query &= (
            models.Q(number__icontains=word)
            | models.Q(title__icontains=word)
            | models.Q(supplier__name__icontains=word)
            | models.Q(category__name__icontains=word)
        )
    return query


def _address(chosen: Filter, words: str) -> str:
    parts = {"visa": chosen.value} if chosen != Filter.VALID else {}
    if words:
        parts["q"] = words
    return reverse("desk:agreements", query=parts or None)


@require_safe
def agreement(request: PersonRequest, pk: int) -> HttpResponse:
    """Show one agreement: its ceiling and how long it lasts, its terms, its prices and the latest orders under it."""
    day = timezone.localdate()
    found = get_object_or_404(
        Agreement.objects.visible_to(request.user, day)
        .select_related("supplier", "category", "cpv")
        .with_pace(day),
        pk=pk,
    )
    (view,) = outlooks([found], day=day)
    prices = (
        found.prices.filter(valid_during__contains=day)
        .select_related("item")
        .order_by(swedish("item__name"), "item__size", "pk")
    )
    orders = found.orders.visible_to(request.user).select_related("delivery_place__department").with_totals()
    context = {
        "agreement": found,
        "view": view,
        "responsibility": responsibility_for(found.category, posts_on(day, found.category.lineage)),
        "page": Paginator(prices, PRICES_PER_PAGE).get_page(request.GET.get("sida")),
        "item_ceilings": found.item_ceilings.select_related("item").order_by(swedish("item__name"), "pk"),
        "orders": orders.latest()[:ORDERS_SHOWN],
        "is_valid": day in found.valid_during,
        "day": day,
    }
    return render(request, "desk/agreement.html", context)
