"""The API of the office: what is merged, and people who leave, from today on; what is planned for a day to come is in registers."""

from dataclasses import asdict
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assortment.answering import waiting_for
from categories.models import Category
from categories.permissions import can_assign_category
from core.api import Named, Resource
from core.telling import written
from core.verdicts import require
from office.operations.mergers import merge_categories, moving_of_category
from organizations.api import person
from organizations.models import Department, User
from organizations.permissions import can_arrange_accounts, can_arrange_organisation
from procurement.operations.departments import merge_departments, merging_of
from procurement.operations.leaving import leave, leaving_of


class MergerInput(serializers.Serializer[Any]):
    """Which category is merged into which, by their codes."""

    category = Named(queryset=Category.objects.all(), slug_field="code")
    into = Named(queryset=Category.objects.all(), slug_field="code")


class MergerSerializer(serializers.Serializer[Any]):
    """A category that has been merged into another."""

    category = serializers.CharField(source="code")
    into = serializers.CharField(source="merged_into.code")
    closed_date = serializers.DateField()


class MovingSerializer(serializers.Serializer[Any]):
    """What a merger would move, in numbers."""

    items = serializers.IntegerField()
    agreements = serializers.IntegerField()
    lines = serializers.IntegerField()
    children = serializers.IntegerField()
    posts = serializers.IntegerField()
    policies = serializers.IntegerField()
    proposals = serializers.IntegerField()
    searches = serializers.IntegerField()
    members = serializers.IntegerField()
    initiatives = serializers.IntegerField()


class CategoryMergerResource(Resource[Category]):
    """Categories that are merged."""

    serializer_class = MergerSerializer
    filter_backends = ()
    queryset = None

    @extend_schema(request=MergerInput, responses={201: MergerSerializer})
    def create(self, request: Request) -> Response:
        """Merge a category into another from today on; what has been received keeps its own."""
        merged = merge_categories(**self.given(MergerInput), by=person(request), at=timezone.now())
        return Response(written(MergerSerializer, merged), status=status.HTTP_201_CREATED)

    @extend_schema(request=MergerInput, responses=MovingSerializer)
    @action(detail=False, methods=["post"])
    def preview(self, request: Request) -> Response:
        """Tell what a merger would move, and change nothing."""
        at = timezone.now()
        require(can_assign_category(person(request), at=at))
        moving = moving_of_category(self.given(MergerInput)["category"], day=timezone.localdate(at))
        return Response(asdict(moving))


class DepartmentMergerInput(serializers.Serializer[Any]):
    """Which department is merged into which, by their cost centres."""

    department = Named(queryset=Department.objects.all(), slug_field="cost_center")
    into = Named(queryset=Department.objects.all(), slug_field="cost_center")


class DepartmentMergerSerializer(serializers.Serializer[Any]):
    """A department that has been merged into another."""

    department = serializers.CharField(source="cost_center")
    into = serializers.CharField(source="merged_into.cost_center")
    closed_date = serializers.DateField()


class MovingDepartmentSerializer(serializers.Serializer[Any]):
    """What a merger of a department would move, in numbers."""

    people = serializers.IntegerField()
    baskets = serializers.IntegerField()
    places = serializers.IntegerField()
    waiting = serializers.IntegerField()
    on_the_way = serializers.IntegerField()


class DepartmentMergerResource(Resource[Department]):
    """Departments that are merged."""

    serializer_class = DepartmentMergerSerializer
    filter_backends = ()
    queryset = None

    @extend_schema(request=DepartmentMergerInput, responses={201: DepartmentMergerSerializer})
    def create(self, request: Request) -> Response:
        """Merge a department into another from today on; what has been received keeps its own."""
        merged = merge_departments(**self.given(DepartmentMergerInput), by=person(request), at=timezone.now())
        return Response(written(DepartmentMergerSerializer, merged), status=status.HTTP_201_CREATED)

    @extend_schema(request=DepartmentMergerInput, responses=MovingDepartmentSerializer)
    @action(detail=False, methods=["post"])
    def preview(self, request: Request) -> Response:
        """Tell what a merger would move, and change nothing."""
        at = timezone.now()
        require(can_arrange_organisation(person(request), at=at))
        department = self.given(DepartmentMergerInput)["department"]
        return Response(asdict(merging_of(department, day=timezone.localdate(at))))


class LeaverInput(serializers.Serializer[Any]):
    """Who leaves, and who takes over, by their addresses."""

    person = Named(queryset=User.objects.all(), slug_field="email")
    successor = Named(queryset=User.objects.all(), slug_field="email")


class LeaverSerializer(serializers.Serializer[Any]):
    """A person whose account is closed."""

    person = serializers.EmailField(source="email")
    is_active = serializers.BooleanField()


class LeavingSerializer(serializers.Serializer[Any]):
    """What a person holds that goes to others, in numbers."""

    posts = serializers.IntegerField()
    agreements = serializers.IntegerField()
    waiting = serializers.IntegerField()
    attests = serializers.IntegerField()
    baskets = serializers.IntegerField()
    roles = serializers.IntegerField()
    proposals = serializers.IntegerField()


class LeaverResource(Resource[User]):
    """People who leave."""

    serializer_class = LeaverSerializer
    filter_backends = ()
    queryset = None

    @extend_schema(request=LeaverInput, responses={201: LeaverSerializer})
    def create(self, request: Request) -> Response:
        """Close a person's account today; what she answers for, and her baskets, go to the successor."""
        given = self.given(LeaverInput)
        gone = leave(
            user=given["person"], successor=given["successor"], by=person(request), at=timezone.now()
        )
        return Response(written(LeaverSerializer, gone), status=status.HTTP_201_CREATED)

    @extend_schema(request=LeaverInput, responses=LeavingSerializer)
    @action(detail=False, methods=["post"])
    def preview(self, request: Request) -> Response:
        """Tell what would move if the person left, and change nothing."""
        at = timezone.now()
        day = timezone.localdate(at)
        leaver = self.given(LeaverInput)["person"]
        require(can_arrange_accounts(person(request), leaver, at=at))
        moving = asdict(leaving_of(leaver, day=day))
        return Response({**moving, "proposals": len(waiting_for(leaver, day))})
