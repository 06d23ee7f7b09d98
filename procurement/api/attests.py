"""Budget attests."""

from django.db.models import Q, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import Resource
from core.representation import represent
from organizations.api import person
from procurement.api.filters import AttestFilter
from procurement.api.inputs import CommentInput, RefuseAttestInput
from procurement.api.serializers import AttestSerializer
from procurement.models import BudgetAttest, Requisition
from procurement.operations import attests


class AttestResource(ListModelMixin, RetrieveModelMixin, Resource[BudgetAttest]):
    """Attests that are asked of the person or of somebody she acts for, or of requisitions that she may see."""

    serializer_class = AttestSerializer
    queryset = BudgetAttest.objects.none()
    filterset_class = AttestFilter
    lookup_value_regex = "[0-9]+"

    def get_queryset(self) -> QuerySet[BudgetAttest]:
        """Those that the person may see."""
        me = person(self.request)
        is_visible = Q(requisition__in=Requisition.objects.visible_to(me).values("pk"))
        related = ("responsible", "decided_by", "requisition", "department")
        return BudgetAttest.objects.filter(is_visible).select_related(*related)

    @extend_schema(request=CommentInput, responses=AttestSerializer)
    @action(detail=True, methods=["post"])
    def attest(self, request: Request, pk: str) -> Response:
        """Attest a part of a requisition; its approved lines may then be ordered."""
        attest, data = self.get_object(), self.given(CommentInput)
        result = attests.attest(attest=attest, **data, by=person(request), at=timezone.now())
        return Response(represent(AttestSerializer, result))

    @extend_schema(request=RefuseAttestInput, responses=AttestSerializer)
    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, pk: str) -> Response:
        """Refuse to attest: all lines of the part that are not ordered are cancelled."""
        attest, data = self.get_object(), self.given(RefuseAttestInput)
        result = attests.refuse_attest(attest=attest, **data, by=person(request), at=timezone.now())
        return Response(represent(AttestSerializer, result))
