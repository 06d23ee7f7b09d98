"""The API of the office: what is merged, and people who leave, from today on; what is planned for a day to come is in registers."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assortment.answering import waiting_for
from categories.models import Category
from categories.permissions import can_assign_category
from core.api import Named, Resource
from core.representation import represent
from core.verdicts import require
from office.operations.mergers import merge_categories, moving_of_category
from organizations.api import person
from organizations.models import Department, User
from organizations.permissions import can_arrange_accounts, can_arrange_organisation
from procurement.operations.departments import merge_departments, merging_of
from procurement.operations.leaving import leave, leaving_of

M = TypeVar("M", bound=Model)
Shape = type[serializers.Serializer[Any]]
Given = Mapping[str, Any]


class Act(Resource[M]):
    """An act that says first what it would move."""

    filter_backends = ()
    queryset = None
    given_as: Shape
    moving_as: Shape

    def __init_subclass__(cls) -> None:
        """Describe what the act does, takes and gives."""
        super().__init_subclass__()
        description, responses = cls.carry_out.__doc__, {201: cls.serializer_class}
        describe = extend_schema_view(
            create=extend_schema(
                request=cls.given_as, responses=responses, summary=description, description=description
            ),
            preview=extend_schema(request=cls.given_as, responses=cls.moving_as),
        )
        describe(cls)

    def create(self, request: Request) -> Response:
        """Do it."""
        instance = self.carry_out(self.given(self.given_as), person(request), timezone.now())
        return Response(represent(self.get_serializer_class(), instance), status=status.HTTP_201_CREATED)

    @action(detail=False, methods=["post"])
    def preview(self, request: Request) -> Response:
        """Tell what it would move, and change nothing."""
        return Response(self.moving(self.given(self.given_as), person(request), timezone.now()))

    @abstractmethod
    def carry_out(self, data: Given, by: User, at: datetime) -> M:
        """Do it: the operation."""

    @abstractmethod
    def moving(self, data: Given, by: User, at: datetime) -> Mapping[str, int]:
        """
        What it would move, in numbers.

        :raises NotPermitted: she may not do it.
        """


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


class CategoryMergerResource(Act[Category]):
    """Categories that are merged."""

    serializer_class = MergerSerializer
    given_as = MergerInput
    moving_as = MovingSerializer

    def carry_out(self, data: Given, by: User, at: datetime) -> Category:
        """Merge a category into another from today on; what has been received keeps its own."""
        return merge_categories(**data, by=by, at=at)

    def moving(self, data: Given, by: User, at: datetime) -> Mapping[str, int]:
        """What goes along."""
        require(can_assign_category(by, at=at))
        return asdict(moving_of_category(data["category"], day=timezone.localdate(at)))


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
    frames = serializers.IntegerField()


class DepartmentMergerResource(Act[Department]):
    """Departments that are merged."""

    serializer_class = DepartmentMergerSerializer
    given_as = DepartmentMergerInput
    moving_as = MovingDepartmentSerializer

    def carry_out(self, data: Given, by: User, at: datetime) -> Department:
        """Merge a department into another from today on; what has been received keeps its own."""
        return merge_departments(**data, by=by, at=at)

    def moving(self, data: Given, by: User, at: datetime) -> Mapping[str, int]:
        """What goes along."""
        require(can_arrange_organisation(by, at=at))
        return asdict(merging_of(data["department"], day=timezone.localdate(at)))


class LeaverInput(serializers.Serializer[Any]):
    """Who leaves, and who takes over, by their addresses."""

    person = Named(queryset=User.objects.all(), slug_field="email")
    successor = Named(queryset=User.objects.all(), slug_field="email")


class LeaverSerializer(serializers.Serializer[Any]):
    """A person whose account is closed."""

    person = serializers.EmailField(source="email")
    is_active = serializers.BooleanField()


class LeavingSerializer(serializers.Serializer[Any]):
    """What a person holds that goes to others, in numbers, and whether nobody else is administrator."""

    posts = serializers.IntegerField()
    agreements = serializers.IntegerField()
    governance = serializers.IntegerField()
    waiting = serializers.IntegerField()
    attests = serializers.IntegerField()
    baskets = serializers.IntegerField()
    roles = serializers.IntegerField()
    is_last_administrator = serializers.BooleanField()
    proposals = serializers.IntegerField()


class LeaverResource(Act[User]):
    """People who leave."""

    serializer_class = LeaverSerializer
    given_as = LeaverInput
    moving_as = LeavingSerializer

    def carry_out(self, data: Given, by: User, at: datetime) -> User:
        """Close a person's account today; what she answers for, and her baskets, go to the successor."""
        return leave(user=data["person"], successor=data["successor"], by=by, at=at)

    def moving(self, data: Given, by: User, at: datetime) -> Mapping[str, int]:
        """What goes to others."""
        leaver, day = data["person"], timezone.localdate(at)
        require(can_arrange_accounts(by, leaver, at=at))
        return {**asdict(leaving_of(leaver, day=day)), "proposals": len(waiting_for(leaver, day))}
