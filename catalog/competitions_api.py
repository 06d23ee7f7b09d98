"""The API of renewed competitions."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from agreements.api import SupplierNameSerializer
from agreements.models import Agreement, Supplier
from catalog.models import BidPrice, CompetitionBid, CompetitionItem, RenewedCompetition
from catalog.operations import competition_decisions as decisions
from catalog.operations import competitions as operations
from catalog.operations.bid_prices import OfferedPrice
from catalog.states import BidOutcome, CompetitionStatus
from core.api import AmountField, DayField, Named, QuantityField, Resource, UnitPriceField
from core.representation import represent
from organizations.api import PersonSerializer, person


class AskedItemInput(serializers.Serializer[Any]):
    """An item to compete for, and how many of its order units are asked for."""

    item = serializers.CharField(max_length=20, help_text=_("Artikelnummer."))
    quantity = QuantityField(default=1)


class CompetitionItemSerializer(serializers.Serializer[CompetitionItem]):
    """An item that is competed for, and how many of its order units are asked for."""

    item = serializers.CharField(source="item.number", max_length=20, help_text=_("Artikelnummer."))
    quantity = QuantityField()


class CompetitionInput(serializers.Serializer[Any]):
    """What the suppliers of an agreement were invited to bid for, and by when."""

    agreement = Named(queryset=Agreement.objects.all(), slug_field="number")
    subject = serializers.CharField(max_length=200)
    invited_date = DayField()
    bids_by_date = DayField()
    diary_number = serializers.CharField(max_length=20, allow_blank=True, default="")
    items = serializers.ListField(
        child=AskedItemInput(),
        max_length=operations.MOST_ITEMS,
        default=list,
        help_text=_("Artiklar; inga när den gäller behov utan artikelnummer."),
    )


class BidPriceInput(serializers.Serializer[Any]):
    """What an item costs in a bid; without an order unit it is the item's own."""

    item = serializers.CharField(max_length=20, help_text=_("Artikelnummer."))
    unit_price = UnitPriceField()
    order_unit = serializers.CharField(max_length=20, allow_blank=True, default="")
    units_per_order_unit = QuantityField(allow_null=True, default=None)


class CompetitionBidInput(serializers.Serializer[Any]):
    """What one of the invited answered."""

    supplier = Named(
        queryset=Supplier.objects.all(), slug_field="org_number", help_text=_("Organisationsnummer.")
    )
    outcome = serializers.ChoiceField(choices=[(each.value, each.label) for each in operations.ANSWERS])
    amount = AmountField(
        allow_null=True,
        default=None,
        help_text=_("Utan belopp räknas det ut av priserna och den efterfrågade volymen."),
    )
    prices = serializers.ListField(
        child=BidPriceInput(),
        max_length=operations.MOST_PRICES,
        default=list,
        help_text=_("Pris per artikel."),
    )


class CompetitionInvitationInput(serializers.Serializer[Any]):
    """Who was invited after the others, and when."""

    supplier = Named(
        queryset=Supplier.objects.all(), slug_field="org_number", help_text=_("Organisationsnummer.")
    )
    invited_date = DayField()


class CompetitionReasonInput(serializers.Serializer[Any]):
    """Why."""

    reason = serializers.CharField(max_length=1000, allow_blank=True)


class CompetitionAwardInput(CompetitionReasonInput):
    """Who won, on which days it may be ordered from, and why."""

    winner = Named(queryset=Supplier.objects.all(), slug_field="org_number")
    from_date = DayField()
    through_date = DayField()


class BidPriceSerializer(serializers.Serializer[BidPrice]):
    """What an item costs in a bid, SEK excluding VAT; the order unit is empty for the item's own."""

    item = serializers.CharField(source="item.number")
    order_unit = serializers.CharField(allow_blank=True)
    units_per_order_unit = QuantityField()
    unit_price = UnitPriceField()
    comparison_price = UnitPriceField()


class CompetitionBidSerializer(serializers.Serializer[CompetitionBid]):
    """One of the invited, and what it answered."""

    supplier = SupplierNameSerializer()
    invited_date = serializers.DateField()
    outcome = serializers.ChoiceField(choices=BidOutcome.choices)
    amount = AmountField(allow_null=True)
    prices = BidPriceSerializer(many=True, source="prices.all")
    registered_by = PersonSerializer(allow_null=True)
    registered_at = serializers.DateTimeField(allow_null=True)


class CompetitionSerializer(serializers.Serializer[RenewedCompetition]):
    """A renewed competition; amounts in SEK excluding VAT."""

    id = serializers.IntegerField()
    agreement = serializers.CharField(source="agreement.number")
    subject = serializers.CharField()
    diary_number = serializers.CharField(allow_blank=True)
    invited_date = serializers.DateField()
    bids_by_date = serializers.DateField()
    status = serializers.ChoiceField(choices=CompetitionStatus.choices)
    items = CompetitionItemSerializer(many=True, source="items.all")
    are_bids_shown = serializers.BooleanField(
        help_text=_("Anbuden är hemliga tills det är avgjort, utom för den som ansvarar för avtalet.")
    )
    bids = CompetitionBidSerializer(
        many=True, source="bids.all", help_text=_("De inbjudna och deras svar; tom när de inte visas.")
    )
    winner = SupplierNameSerializer(source="winner.supplier", allow_null=True, default=None)
    from_date = serializers.DateField(source="award_during.lower", allow_null=True, default=None)
    through_date = serializers.SerializerMethodField()
    decided_by = PersonSerializer(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    decision_reason = serializers.CharField(allow_blank=True)

    def get_through_date(self, competition: RenewedCompetition) -> date | None:
        """The last day that the winner may be ordered from."""
        return competition.through_date


def _register_bid(*, prices: Sequence[Mapping[str, Any]], **kwargs: Any) -> RenewedCompetition:
    items = operations.items_numbered([each["item"] for each in prices])
    offered = [OfferedPrice(**{**each, "item": items[each["item"]]}) for each in prices]
    return operations.register_bid(prices=offered, **kwargs)


class CompetitionResource(ListModelMixin, RetrieveModelMixin, Resource[RenewedCompetition]):
    """Renewed competitions, for those who see their agreements."""

    serializer_class = CompetitionSerializer
    queryset = RenewedCompetition.objects.none()
    filter_backends = ()
    lookup_value_regex = "[0-9]+"

    def get_queryset(self) -> QuerySet[RenewedCompetition]:
        """Those that the person may see."""
        user, day = person(self.request), timezone.localdate()
        competitions = RenewedCompetition.objects.visible_to(user, day).with_bids_opened_to(user, day)
        bids = CompetitionBid.objects.opened_to(user, day).select_related("supplier", "registered_by")
        return competitions.for_display().prefetch_related(
            Prefetch("items", CompetitionItem.objects.select_related("item").order_by("item__number", "pk")),
            Prefetch("bids", bids.in_order()),
            Prefetch("bids__prices", BidPrice.objects.select_related("item").in_order()),
        )

    @extend_schema(request=CompetitionInput, responses={201: CompetitionSerializer})
    def create(self, request: Request) -> Response:
        """Register that every supplier of an agreement has been invited to bid."""
        data = self.given(CompetitionInput)
        competition = operations.start_competition(
            **{
                **data,
                "items": operations.quantities_by_item(
                    (each["item"], each["quantity"]) for each in data["items"]
                ),
            },
            by=person(request),
            at=timezone.now(),
        )
        return self._now(competition, status.HTTP_201_CREATED)

    @extend_schema(request=CompetitionInvitationInput, responses=CompetitionSerializer)
    @action(detail=True, methods=["post"], url_path="invite-supplier")
    def invite_supplier(self, request: Request, pk: str) -> Response:
        """Register that a supplier that joined the agreement after the invitation has been invited too."""
        return self._act(operations.invite_supplier, CompetitionInvitationInput)

    @extend_schema(request=CompetitionBidInput, responses=CompetitionSerializer)
    @action(detail=True, methods=["post"], url_path="register-bid")
    def register_bid(self, request: Request, pk: str) -> Response:
        """Register what one of the invited answered."""
        return self._act(_register_bid, CompetitionBidInput)

    @extend_schema(request=CompetitionAwardInput, responses=CompetitionSerializer)
    @action(detail=True, methods=["post"])
    def award(self, request: Request, pk: str) -> Response:
        """Let a bid win; the winner may be ordered from on the days of the award."""
        return self._act(decisions.award_competition, CompetitionAwardInput)

    @extend_schema(request=CompetitionReasonInput, responses=CompetitionSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Call a competition off; nobody wins it."""
        return self._act(decisions.cancel_competition, CompetitionReasonInput)

    def _act(self, act: Any, shape: type[serializers.Serializer[Any]]) -> Response:
        competition, data = self.get_object(), self.given(shape)
        return self._now(act(competition=competition, **data, by=person(self.request), at=timezone.now()))

    def _now(self, competition: RenewedCompetition, code: int = status.HTTP_200_OK) -> Response:
        """The competition as it is now."""
        fresh = self.get_queryset().get(pk=competition.pk)
        return Response(represent(CompetitionSerializer, fresh), status=code)
