"""The API of the catalogue: items with their price today, and the same search as on the page."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from agreements.api import SupplierNameSerializer
from agreements.models import Supplier
from catalog.labels import labels_of, labels_on
from catalog.models import CriteriaLevel, Favourite, Item, ItemKind, Price
from catalog.operations import favourites
from catalog.pricing import best_prices
from catalog.replacements import replacements_of
from catalog.search import LONGEST_QUERY, SearchQuery, search_items
from catalog.statements import Sorting
from catalog.states import ItemStatus
from categories.api import CategoryNameSerializer, under
from categories.models import Category
from core.api import Named, QuantityField, Resource, UnitPriceField
from core.representation import represent
from organizations.api import person
from organizations.models import Department, KeyScope, User
from organizations.permissions import ordering_administrations


class ItemPriceSerializer(serializers.Serializer[Price]):
    """What one order unit costs today of so many or more, SEK excluding VAT."""

    order_unit = serializers.CharField(source="sold_unit")
    units_per_order_unit = QuantityField()
    unit_price = UnitPriceField()
    comparison_price = UnitPriceField(help_text=_("Per basenhet."))
    agreement = serializers.CharField(source="agreement.number", allow_null=True)
    supplier = SupplierNameSerializer()
    minimum_quantity = QuantityField()
    lead_days = serializers.IntegerField()


class ItemSerializer(serializers.Serializer[Item]):
    """Something in the assortment."""

    number = serializers.CharField()
    name = serializers.CharField(source="__str__")
    description = serializers.CharField(allow_blank=True)
    family = serializers.CharField(allow_blank=True, help_text=_("Artiklar som bara skiljer sig i storlek."))
    size = serializers.CharField(allow_blank=True)
    category = CategoryNameSerializer()
    kind = serializers.ChoiceField(choices=ItemKind.choices)
    status = serializers.ChoiceField(choices=ItemStatus.choices)
    blocked_reason = serializers.CharField(allow_blank=True)
    last_order_date = serializers.DateField(allow_null=True)
    base_unit = serializers.CharField()
    order_unit = serializers.CharField()
    units_per_order_unit = QuantityField()
    gtin = serializers.CharField(allow_null=True)
    criteria_level = serializers.ChoiceField(choices=CriteriaLevel.choices)
    labels = serializers.ListField(
        source="proven_labels",
        child=serializers.CharField(),
        help_text=_("Märkningar som är bevisade i dag, till exempel Svanen."),
    )
    price = ItemPriceSerializer(allow_null=True, help_text=_("Vad en enhet kostar."))
    prices = ItemPriceSerializer(
        source="sold_at", many=True, help_text=_("Alla mängder och enheter hos dem artikeln beställs från.")
    )


class SearchInput(serializers.Serializer[Any]):
    """What is looked for."""

    q = serializers.CharField(
        max_length=LONGEST_QUERY,
        allow_blank=True,
        default="",
        help_text=_("Ord, del av ord, artikelnummer eller GTIN."),
    )
    category = Named(queryset=Category.objects.open(), slug_field="code", required=False)
    department = Named(
        queryset=Department.objects.all(),
        slug_field="cost_center",
        required=False,
        help_text=_("Ansvarskoden för den som ska beställa; det som bara andra prövar lämnas då utanför."),
    )
    on_agreement = serializers.BooleanField(default=False)
    direct = serializers.BooleanField(default=False, help_text=_("Godkänns direkt."))
    advanced = serializers.BooleanField(default=False, help_text=_("Med högre hållbarhetskrav."))
    supplier = serializers.PrimaryKeyRelatedField(
        queryset=Supplier.objects.all(),
        required=False,
        help_text=_("Bara det som i dag skulle beställas från leverantören."),
    )
    sorting = serializers.ChoiceField(
        choices=Sorting.choices,
        default=Sorting.RELEVANCE,
        help_text=_("När has_more är sant sorteras bara de träffar som räknas i total."),
    )
    page = serializers.IntegerField(min_value=1, max_value=10_000, default=1)
    page_size = serializers.IntegerField(min_value=1, max_value=100, default=20)


class FoundSerializer(serializers.Serializer[Any]):
    """One page of what was found, best first, one row per family of sizes."""

    total = serializers.IntegerField()
    has_more = serializers.BooleanField(
        help_text=_("Det finns fler än total; sök på fler ord för att se dem.")
    )
    is_similar = serializers.BooleanField(help_text=_("Inget stämde som det skrevs; det här liknar."))
    results = ItemSerializer(many=True)


class ItemFilter(filters.FilterSet):  # type: ignore[misc]
    """Which items are listed."""

    category = filters.CharFilter(method="in_category", label=_("Kategorins kod, med allt under den."))

    class Meta:
        model = Item
        fields = ["status", "kind", "gtin", "criteria_level", "family"]

    def in_category(self, queryset: QuerySet[Item], name: str, value: str) -> QuerySet[Item]:
        """In a category or below it."""
        return queryset.filter(category__in=under(value))


class ItemResource(ListModelMixin, RetrieveModelMixin, Resource[Item]):
    """The assortment."""

    serializer_class = ItemSerializer
    queryset = Item.objects.visible().select_related("category").defer("search_vector")
    filterset_class = ItemFilter
    list_ordering = ("number",)
    lookup_field = "number"
    lookup_value_regex = "[^/]+"

    def get_queryset(self) -> QuerySet[Item]:
        """Each with the labels that are proven today."""
        return super().get_queryset().annotate(proven_labels=labels_on(timezone.localdate()))

    def get_object(self) -> Item:
        """One item with its price today."""
        return _with_prices([super().get_object()], for_whom=person(self.request))[0]

    def paginate_queryset(self, queryset: Any) -> list[Any] | None:
        """A page of items with their prices today."""
        page = super().paginate_queryset(queryset)
        return None if page is None else _with_prices(page, for_whom=person(self.request))

    @extend_schema(parameters=[SearchInput], responses=FoundSerializer, filters=False)
    @action(detail=False, pagination_class=None, filterset_class=None)
    def search(self, request: Request) -> Response:
        """Search as people type: Swedish words and parts of compounds, misspellings, synonyms, numbers."""
        serializer = SearchInput(data=request.query_params)
        serializer.is_valid(raise_exception=True)
        data = serializer.validated_data
        query = SearchQuery(
            text=data["q"],
            category=data.get("category"),
            on_agreement=data["on_agreement"],
            direct=data["direct"],
            advanced=data["advanced"],
            supplier=data.get("supplier"),
            sorting=Sorting(data["sorting"]),
        )
        day = timezone.localdate()
        department: Department | None = data.get("department")
        result = search_items(
            query,
            day=day,
            department_id=department.pk if department else None,
            page=data["page"],
            per_page=data["page_size"],
            administrations=ordering_administrations(person(request), day),
        )
        by_id = self.get_queryset().in_bulk(result.item_ids)
        items = _with_prices(
            [by_id[key] for key in result.item_ids if key in by_id], for_whom=person(request)
        )
        answer = {
            "total": result.total,
            "has_more": result.has_more,
            "is_similar": result.is_similar,
            "results": items,
        }
        return Response(represent(FoundSerializer, answer))


class FavouriteInput(serializers.Serializer[Any]):
    """Which item."""

    item = Named(
        queryset=Item.objects.select_related("category").defer("search_vector"),
        slug_field="number",
        help_text=_("Artikelnummer."),
    )


class FavouriteSerializer(serializers.Serializer[Favourite]):
    """An item that the person keeps at hand."""

    item = ItemSerializer()
    replaced_by = serializers.CharField(
        allow_null=True,
        help_text=_("Numret på artikeln som ersätter en som utgår, har utgått eller är spärrad."),
    )
    created_at = serializers.DateTimeField()


class FavouriteResource(ListModelMixin, Resource[Favourite]):
    """The person's own favourites."""

    scope = KeyScope.ORDER
    serializer_class = FavouriteSerializer
    queryset = Favourite.objects.none()
    list_ordering = ("-created_at", "-pk")

    def get_queryset(self) -> QuerySet[Favourite]:
        """Her own."""
        own_favourites = Favourite.objects.visible_to(person(self.request))
        return own_favourites.select_related("item__category").defer("item__search_vector")

    def paginate_queryset(self, queryset: Any) -> list[Any] | None:
        """A page of favourites with what their items cost today."""
        page = super().paginate_queryset(queryset)
        return None if page is None else _at_hand(page, for_whom=person(self.request))

    @extend_schema(request=FavouriteInput, responses={201: FavouriteSerializer})
    def create(self, request: Request) -> Response:
        """Keep an item at hand; one that is kept already stays as it is."""
        favourite = favourites.add(**self.given(FavouriteInput), by=person(request), at=timezone.now())
        (row,) = _at_hand([self.get_queryset().get(pk=favourite.pk)], for_whom=person(request))
        return Response(represent(FavouriteSerializer, row), status=status.HTTP_201_CREATED)

    @extend_schema(request=FavouriteInput, responses={204: None})
    @action(detail=False, methods=["post"])
    def remove(self, request: Request) -> Response:
        """Let go of an item, whatever has become of it."""
        favourites.remove(**self.given(FavouriteInput), by=person(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


def _at_hand(rows: Sequence[Favourite], *, for_whom: User) -> list[Favourite]:
    """Put price, labels and replacement on each: three queries."""
    items = [favourite.item for favourite in rows]
    _with_prices(items, for_whom=for_whom)
    labels = labels_of([item.pk for item in items], day=timezone.localdate())
    for item in items:
        item.proven_labels = labels.get(item.pk, [])  # type: ignore[attr-defined]
    replacements = replacements_of(items, day=timezone.localdate())
    for favourite in rows:
        replacement = replacements.get(favourite.item_id)
        favourite.replaced_by = replacement.to_item.number if replacement else None  # type: ignore[attr-defined]
    return list(rows)


def _with_prices(items: Sequence[Item], *, for_whom: User) -> list[Item]:
    """Put on each item the best price today of those that the person's departments may use: one query."""
    day = timezone.localdate()
    administrations = ordering_administrations(for_whom, day)
    prices = best_prices([item.pk for item in items], day=day, administrations=administrations)
    for item in items:
        price = prices.get(item.pk)
        price_breaks = [each for unit in prices.units(item.pk) for each in prices.breaks(unit)]
        for each in price_breaks:
            each.sold_unit = each.pack_of(item)[0]  # type: ignore[attr-defined]
        item.price = price  # type: ignore[attr-defined]
        item.sold_at = price_breaks  # type: ignore[attr-defined]
    return list(items)
