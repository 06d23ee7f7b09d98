"""The API of what the ledger means: accounts, and suppliers. The booked rows themselves are a register."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from agreements.models import Supplier
from categories.models import Category
from core.api import Named, Resource
from core.representation import represent
from organizations.api import person
from spend import permissions
from spend.models import AccountMeaning, Meaning, SupplierMatch
from spend.models.booked import LONGEST_ACCOUNT
from spend.operations.matches import match_supplier, undo_match
from spend.operations.meanings import decide_meaning


class MeaningInput(serializers.Serializer[Any]):
    """What rows on accounts are."""

    source_name = serializers.CharField(
        max_length=20, allow_blank=True, default="", help_text=_("Reskontran; tomt för alla.")
    )
    first_account = serializers.CharField(
        max_length=LONGEST_ACCOUNT, allow_blank=True, help_text=_("Tomt för rader utan konto.")
    )
    last_account = serializers.CharField(
        max_length=LONGEST_ACCOUNT,
        allow_blank=True,
        default="",
        help_text=_("Lämna tomt för ett enda konto."),
    )
    meaning = serializers.ChoiceField(choices=Meaning.choices)
    category = Named(queryset=Category.objects.open(), slug_field="code", allow_null=True, default=None)


class MeaningSerializer(serializers.Serializer[AccountMeaning]):
    """A decision about accounts; of several about the same accounts the latest holds."""

    id = serializers.IntegerField()
    source_name = serializers.CharField(source="source")
    first_account = serializers.CharField()
    last_account = serializers.CharField()
    meaning = serializers.ChoiceField(choices=Meaning.choices)
    category = serializers.CharField(source="category.code", default=None, allow_null=True)
    decided_by = serializers.CharField(source="decided_by.full_name")
    decided_at = serializers.DateTimeField()


class AccountMeaningResource(ListModelMixin, Resource[AccountMeaning]):
    """What has been decided of the accounts of ledgers, for those who see the ledger."""

    serializer_class = MeaningSerializer
    queryset = AccountMeaning.objects.none()
    filter_backends = ()

    def get_queryset(self) -> QuerySet[AccountMeaning]:
        """All of it, for those who may."""
        may = permissions.can_see_ledger(person(self.request), timezone.now())
        meanings = AccountMeaning.objects.select_related("category", "decided_by")
        return meanings if may else meanings.none()

    @extend_schema(request=MeaningInput, responses={201: MeaningSerializer})
    def create(self, request: Request) -> Response:
        """Say what rows on an account, or on a span of accounts, are."""
        data = self.given(MeaningInput)
        decided = decide_meaning(
            source=data["source_name"],
            first_account=data["first_account"],
            last_account=data["last_account"],
            meaning=Meaning(data["meaning"]),
            category=data["category"],
            by=person(request),
            at=timezone.now(),
        )
        return Response(represent(MeaningSerializer, decided), status=status.HTTP_201_CREATED)


class LedgerSupplierInput(serializers.Serializer[Any]):
    """A supplier as a ledger knows it."""

    source_name = serializers.CharField(max_length=20)
    supplier_key = serializers.CharField(max_length=160)


class MatchInput(LedgerSupplierInput):
    """Which of ours it is."""

    supplier = Named(
        queryset=Supplier.objects.all(),
        slug_field="org_number",
        allow_null=True,
        help_text=_("Organisationsnummer; inget för ingen av våra."),
    )


class MatchSerializer(serializers.Serializer[SupplierMatch]):
    """A decision about a ledger's supplier; the latest holds."""

    id = serializers.IntegerField()
    source_name = serializers.CharField(source="source")
    supplier_key = serializers.CharField()
    name = serializers.CharField()
    supplier = serializers.CharField(source="supplier.org_number", default=None, allow_null=True)
    is_undone = serializers.BooleanField()
    decided_by = serializers.CharField(source="decided_by.full_name")
    decided_at = serializers.DateTimeField()


class SupplierMatchResource(ListModelMixin, Resource[SupplierMatch]):
    """What has been decided of the suppliers of ledgers, for those who see the ledger."""

    serializer_class = MatchSerializer
    queryset = SupplierMatch.objects.none()
    filter_backends = ()

    def get_queryset(self) -> QuerySet[SupplierMatch]:
        """All of it, for those who may."""
        may = permissions.can_see_ledger(person(self.request), timezone.now())
        matches = SupplierMatch.objects.select_related("supplier", "decided_by")
        return matches if may else matches.none()

    @extend_schema(request=MatchInput, responses={201: MatchSerializer})
    def create(self, request: Request) -> Response:
        """Say which of our suppliers a ledger's supplier is."""
        data = self.given(MatchInput)
        decided = match_supplier(
            source=data["source_name"],
            key=data["supplier_key"],
            supplier=data["supplier"],
            by=person(request),
            at=timezone.now(),
        )
        return Response(represent(MatchSerializer, decided), status=status.HTTP_201_CREATED)

    @extend_schema(request=LedgerSupplierInput, responses={200: MatchSerializer})
    @action(detail=False, methods=["post"])
    def undo(self, request: Request) -> Response:
        """Take a decision back by a new one."""
        data = self.given(LedgerSupplierInput)
        undone = undo_match(
            source=data["source_name"], key=data["supplier_key"], by=person(request), at=timezone.now()
        )
        return Response(represent(MatchSerializer, undone))
