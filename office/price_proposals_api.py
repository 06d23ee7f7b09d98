"""The API of new prices: registered with their yearly effect, and decided before they take effect."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from agreements.api import SupplierNameSerializer
from agreements.models import Agreement, Supplier
from catalog.models import IndexAdjustment, Price, PriceProposal, ProposedPrice
from catalog.operations import price_decisions, price_proposals
from catalog.operations.price_proposals import MOST_ROWS
from catalog.states import PriceProposalStatus
from core.api import AmountField, DayField, Named, QuantityField, Resource, UnitPriceField
from core.errors import InvalidInput
from core.representation import represent
from organizations.api import PersonSerializer, person
from reporting.price_volumes import volumes_of


class NoPriceToFollow(InvalidInput):
    """A new price follows one that is in force."""

    code = "no_price_to_follow"
    sentence = _("%(item)s har inget pris under avtalet som gäller fram till dagen.")


class PriceNamedTwice(InvalidInput):
    """A price becomes one new price."""

    code = "price_named_twice"
    sentence = _("%(item)s står två gånger i samma enhet och från samma antal.")


class ProposedPriceInput(serializers.Serializer[Any]):
    """What one price becomes; an item's price of one in its own order unit where nothing else is said."""

    item = serializers.CharField(max_length=20, help_text=_("Artikelnummer."))
    minimum_quantity = QuantityField(default=Decimal(1))
    order_unit = serializers.CharField(max_length=20, allow_blank=True, default="")
    unit_price = UnitPriceField()


class PriceProposalInput(serializers.Serializer[Any]):
    """New prices of an agreement's supplier from a day on."""

    agreement = Named(queryset=Agreement.objects.select_related("supplier"), slug_field="number")
    supplier = Named(
        queryset=Supplier.objects.all(),
        slug_field="org_number",
        required=False,
        allow_null=True,
        help_text=_("Organisationsnummer; avtalets första leverantör om inget sägs."),
    )
    from_date = DayField()
    reason = serializers.CharField(max_length=2000, allow_blank=True)
    rows = serializers.ListField(child=ProposedPriceInput(), min_length=1, max_length=MOST_ROWS)


class DecisionReasonInput(serializers.Serializer[Any]):
    """Why."""

    reason = serializers.CharField(max_length=2000, allow_blank=True, default="")


class SomePricesInput(DecisionReasonInput):
    """Why, and which of the prices; all of them where nothing is said."""

    rows = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1),
        allow_null=True,
        default=None,
        max_length=MOST_ROWS,
        help_text=_("De priser i förslaget som beslutet gäller; alla om inget sägs. De andra väntar kvar."),
    )


class ApprovalInput(SomePricesInput):
    """From which day, and how much a price may rise, where it is not as proposed."""

    from_date = DayField(allow_null=True, default=None)
    most_percent = serializers.DecimalField(
        max_digits=6,
        decimal_places=2,
        allow_null=True,
        default=None,
        help_text=_("Inget pris höjs med mer än så många procent."),
    )


class ProposedPriceSerializer(serializers.Serializer[ProposedPrice]):
    """One price of a proposal."""

    id = serializers.IntegerField()
    item = serializers.CharField(source="price.item.number")
    minimum_quantity = QuantityField(source="price.minimum_quantity")
    order_unit = serializers.CharField(source="price.order_unit", allow_blank=True)
    old_price = UnitPriceField()
    new_price = UnitPriceField()
    agreed_price = UnitPriceField(
        allow_null=True,
        help_text=_("Det lägre pris som godkändes, när det blev ett annat än det föreslagna."),
    )
    units_per_order_unit = QuantityField(
        allow_null=True, help_text=_("Det som en prislista säger bredvid priset; annars är det som förut.")
    )
    lead_days = serializers.IntegerField(allow_null=True)
    through_date = serializers.DateField(allow_null=True)
    annual_quantity = QuantityField()
    department_count = serializers.IntegerField()
    annual_effect = AmountField(
        help_text=_("Kronor om året, efter det som köptes de senaste tolv månaderna.")
    )


class IndexAdjustmentSerializer(serializers.Serializer[IndexAdjustment]):
    """How the prices were computed by an index clause; percentages are of the price, after and before the clause's cap."""

    series = serializers.CharField(source="proposal.index_clause.series.code")
    base_month = serializers.DateField()
    base_value = serializers.DecimalField(max_digits=12, decimal_places=4)
    month = serializers.DateField()
    value = serializers.DecimalField(max_digits=12, decimal_places=4)
    change_percent = serializers.DecimalField(max_digits=12, decimal_places=4)
    percent = serializers.DecimalField(max_digits=12, decimal_places=4)


class PriceProposalSerializer(serializers.Serializer[PriceProposal]):
    """New prices, and what they would cost in a year."""

    id = serializers.IntegerField()
    agreement = serializers.CharField(source="agreement.number")
    supplier = SupplierNameSerializer()
    from_date = serializers.DateField()
    reason = serializers.CharField()
    status = serializers.ChoiceField(choices=PriceProposalStatus.choices)
    registered_by = PersonSerializer(allow_null=True)
    registered_at = serializers.DateTimeField()
    decided_by = PersonSerializer(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    decision_reason = serializers.CharField(allow_blank=True)
    agreed_from_date = serializers.DateField(allow_null=True)
    split_from = serializers.IntegerField(source="split_from_id", allow_null=True)
    annual_effect = serializers.SerializerMethodField()
    index_adjustment = IndexAdjustmentSerializer(
        allow_null=True,
        default=None,
        help_text=_("Hur priserna räknades fram, när de kommer ur avtalets indexklausul."),
    )
    rows = ProposedPriceSerializer(many=True, source="rows.all")

    @extend_schema_field(serializers.DecimalField(max_digits=16, decimal_places=2))
    def get_annual_effect(self, proposal: PriceProposal) -> str:
        """What all of it would cost in a year."""
        return str(price_proposals.annual_effect(list(proposal.rows.all())))


class PriceProposalResource(ListModelMixin, RetrieveModelMixin, Resource[PriceProposal]):
    """New prices that a supplier wants, for those who have a role or a post."""

    serializer_class = PriceProposalSerializer
    queryset = PriceProposal.objects.none()
    filter_backends = ()
    lookup_value_regex = "[0-9]+"

    def get_queryset(self) -> QuerySet[PriceProposal]:
        """Those that she may see."""
        proposals = PriceProposal.objects.visible_to(person(self.request), timezone.localdate())
        return proposals.select_related(
            "agreement", "supplier", "registered_by", "decided_by", "index_adjustment", "index_clause__series"
        ).prefetch_related("rows__price__item")

    @extend_schema(request=PriceProposalInput, responses={201: PriceProposalSerializer})
    def create(self, request: Request) -> Response:
        """Register new prices, to be decided by somebody else."""
        data, at = self.given(PriceProposalInput), timezone.now()
        agreement = data["agreement"]
        supplier = data.get("supplier") or agreement.supplier
        prices = _prices_to_follow(agreement, supplier, data["from_date"], data["rows"])
        proposal = price_proposals.propose_prices(
            agreement=agreement,
            prices=prices,
            from_date=data["from_date"],
            reason=data["reason"],
            volumes=volumes_of([price.item_id for price in prices], day=timezone.localdate(at)),
            by=person(request),
            at=at,
        )
        return self._answer(proposal, status.HTTP_201_CREATED)

    @extend_schema(request=ApprovalInput, responses=PriceProposalSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        """Approve: the old prices end the day before."""
        return self._decide(price_decisions.approve_prices, ApprovalInput)

    @extend_schema(request=SomePricesInput, responses=PriceProposalSerializer)
    @action(detail=True, methods=["post"])
    def reject(self, request: Request, pk: str) -> Response:
        """Say no, and why."""
        return self._decide(price_decisions.reject_prices, SomePricesInput)

    @extend_schema(request=DecisionReasonInput, responses=PriceProposalSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take back a proposal that is not decided."""
        return self._decide(price_proposals.withdraw_prices, DecisionReasonInput)

    def _decide(self, decide: Any, shape: type[DecisionReasonInput]) -> Response:
        proposal, data = self.get_object(), self.given(shape)
        decided = decide(proposal=proposal, **data, by=person(self.request), at=timezone.now())
        return self._answer(decided)

    def _answer(self, proposal: PriceProposal, code: int = status.HTTP_200_OK) -> Response:
        fresh = self.get_queryset().get(pk=proposal.pk)
        return Response(represent(PriceProposalSerializer, fresh), status=code)


def _prices_to_follow(
    agreement: Agreement, supplier: Supplier, from_date: date, rows: list[dict[str, Any]]
) -> dict[Price, Decimal]:
    """
    The prices of a supplier that go on at the day, and what each becomes: one query.

    :raises NoPriceToFollow: a row names none.
    :raises PriceNamedTwice: two rows name the same.
    """
    in_force = Price.objects.filter(
        agreement=agreement,
        supplier=supplier,
        item__number__in=[row["item"] for row in rows],
        valid_during__contains=from_date,
    ).filter(valid_during__contains=from_date - timedelta(days=1))
    price_by_key = {
        (price.item.number, price.order_unit, price.minimum_quantity): price
        for price in in_force.select_related("item", "supplier").order_by("-pk")
    }
    new_prices: dict[Price, Decimal] = {}
    for row in rows:
        price = price_by_key.get((row["item"], row["order_unit"], row["minimum_quantity"]))
        if price is None:
            raise NoPriceToFollow(item=row["item"])
        if price in new_prices:
            raise PriceNamedTwice(item=row["item"])
        new_prices[price] = row["unit_price"]
    return new_prices
