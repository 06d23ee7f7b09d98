"""What could be one choice: read it, and make a proposal of it."""

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from assortment.api.proposals import ItemNameSerializer
from assortment.models import Candidate, CandidateItem, CandidateKind
from assortment.operations.candidates import propose_candidate
from categories.api import CategoryNameSerializer
from core.api import AmountField, QuantityField, Resource, UnitPriceField
from core.representation import represent
from organizations.api import person


class CandidateItemSerializer(serializers.Serializer[CandidateItem]):
    """One of the items: price and volume in base units."""

    item = ItemNameSerializer()
    base_price = UnitPriceField()
    base_quantity = QuantityField()
    amount = AmountField()
    worth = AmountField()


class CandidateSerializer(serializers.Serializer[Candidate]):
    """The same thing under several numbers or names, or a need that returns, and what one choice would be worth in a year."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=CandidateKind.choices)
    title = serializers.CharField()
    category = CategoryNameSerializer(allow_null=True)
    unit = serializers.CharField()
    cheapest_item = ItemNameSerializer(allow_null=True)
    cheapest_price = UnitPriceField()
    dearest_price = UnitPriceField()
    choices = serializers.IntegerField()
    times = serializers.IntegerField()
    departments = serializers.IntegerField()
    amount = AmountField()
    worth = AmountField()
    computed_on = serializers.DateField()
    proposal = serializers.IntegerField(source="proposal_id", allow_null=True)
    items = CandidateItemSerializer(source="items.all", many=True)


class ProposedSerializer(serializers.Serializer[Candidate]):
    """The proposal that it became."""

    proposal = serializers.IntegerField()


class CandidateResource(ListModelMixin, RetrieveModelMixin, Resource[Candidate]):
    """What could be one choice instead of several, what is worth most first."""

    serializer_class = CandidateSerializer
    queryset = Candidate.objects.none()
    list_ordering = ("-worth", "pk")
    lookup_value_regex = "[0-9]+"
    filterset_fields = ["kind"]

    def get_queryset(self) -> QuerySet[Candidate]:
        """Those of her categories; all for those who see the region."""
        candidates = Candidate.objects.visible_to(person(self.request)).select_related(
            "category", "cheapest_item"
        )
        items = CandidateItem.objects.select_related("item").order_by("-worth", "pk")
        return candidates.prefetch_related(Prefetch("items", items))

    @extend_schema(request=None, responses={201: ProposedSerializer})
    @action(detail=True, methods=["post"])
    def propose(self, request: Request, pk: str) -> Response:
        """Make a proposal of it; another person decides."""
        proposal = propose_candidate(
            candidate=self.get_object(), department=None, by=person(request), at=timezone.now()
        )
        return Response(
            represent(ProposedSerializer, {"proposal": proposal.pk}), status=status.HTTP_201_CREATED
        )
