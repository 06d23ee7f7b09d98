"""
What an item's own page says beside its row of the shelf: pictures, documents, labels, who answers for it, and what the
department has bought of it. A fixed number of questions, however much there is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Count, DecimalField, F, Q, QuerySet, Sum, TextField, Value
from django.db.models.functions import Coalesce, Length
from django.utils import timezone

from catalog.models import Item, ItemDocument, ItemLabel, ItemPicture, Synonym
from categories.responsibility import Responsibility, posts_on, responsibility_for
from core.clock import start_of
from core.money import ZERO, to_quantity
from core.ordering import swedish
from organizations.models import Department, User
from procurement.models import RequisitionLine
from procurement.states import CLOSED

A_YEAR = timedelta(days=365)
MOST_BUYS = 10
MOST_SYNONYMS = 20
SHORTEST_WORD = 3
"""What is shorter stands in many a word that means something else; a size it is only as a whole."""


@dataclass(frozen=True, slots=True)
class PurchaseSummary:
    """
    What a department has bought of an item: the latest times, and altogether during a year.

    ``quantity`` is in the item's own order units, whichever unit each time was counted in.
    """

    latest: Sequence[RequisitionLine]
    times: int
    quantity: Decimal
    since: date


@dataclass(frozen=True, slots=True)
class ItemPage:
    """What the page says."""

    pictures: Sequence[ItemPicture]
    documents: Sequence[tuple[ItemDocument, bool]]
    """Each with whether it is valid today."""
    labels: Sequence[ItemLabel]
    """Those that are proven today."""
    synonyms: Sequence[str]
    responsible: Responsibility
    bought: PurchaseSummary | None
    """None for somebody who does not order for a department."""


def item_page(item: Item, *, user: User, department: Department | None, at: datetime) -> ItemPage:
    """Read what the page says today; ``item`` comes with its category."""
    day = timezone.localdate(at)
    documents = item.documents.standing().in_order().select_related("attachment__content")
    return ItemPage(
        pictures=list(item.pictures.standing().in_order().select_related("attachment__content")),
        documents=[(document, document.is_valid_on(day)) for document in documents],
        labels=list(item.labels.on(day).select_related("label").order_by(swedish("label__name"), "pk")),
        synonyms=_synonyms(item),
        responsible=responsibility_for(item.category, posts_on(day, item.category.lineage)),
        bought=_purchases_of(item, user, department, day) if department else None,
    )


def _purchases_of(item: Item, user: User, department: Department, day: date) -> PurchaseSummary:
    lines = RequisitionLine.objects.visible_to(user).filter(
        item=item, requisition__department=department, submitted_at__isnull=False
    )
    since = day - A_YEAR
    year = lines.filter(submitted_at__gte=start_of(since)).exclude(status__in=CLOSED)
    base_units = Coalesce("approved_quantity", "quantity") * F("units_per_order_unit")
    total = year.aggregate(
        times=Count("requisition", distinct=True), base_units=Sum(base_units, output_field=DecimalField())
    )
    latest = lines.select_related("requisition__requester").order_by("-submitted_at", "-pk")
    return PurchaseSummary(
        latest=list(latest[:MOST_BUYS]),
        times=total["times"],
        quantity=to_quantity((total["base_units"] or ZERO) / item.units_per_order_unit),
        since=since,
    )


def _synonyms(item: Item) -> list[str]:
    """What people may search for instead of a word of the item's name."""
    name = Value(item.name, output_field=TextField())
    words: QuerySet[Synonym] = Synonym.objects.annotate(name=name, length=Length("means")).filter(
        Q(name__icontains=F("means"), length__gte=SHORTEST_WORD) | Q(means__iexact=item.size)
    )
    terms = words.order_by(swedish("term"), "pk").values_list("term", flat=True)[:MOST_SYNONYMS]
    return list(dict.fromkeys(terms))
