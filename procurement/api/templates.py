"""Order templates and the lists that departments share, for programs: the same acts as on the pages."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.models import DepartmentFavourite
from catalog.operations import department_favourites as shared
from core.api import Chosen, Named, QuantityField, Resource
from core.representation import represent
from organizations.api import person
from organizations.models import DeliveryPlace, KeyScope
from procurement.api.inputs import BasketItemInput, DepartmentField, Input, items_to_order, text
from procurement.api.requisitions import detail_of
from procurement.api.serializers import RequisitionDetailSerializer
from procurement.models import OrderTemplate, TemplateLine
from procurement.models.templates import LONGEST_NAME, LONGEST_NOTES
from procurement.operations import baskets, templates
from procurement.operations.filling import MOST_WISHES, Wish
from procurement.operations.templates import TemplateFacts


class SharedItemInput(Input):
    """Which item, on which department's list."""

    department = DepartmentField()
    item = Named(queryset=items_to_order(), slug_field="number", help_text=_("Artikelnummer."))


class SharedMoveInput(SharedItemInput):
    """One step up, or down."""

    up = serializers.BooleanField(help_text=_("Ett steg upp, annars ett steg ner."))


class SharedItemSerializer(serializers.Serializer[DepartmentFavourite]):
    """An item on a department's list."""

    department = serializers.CharField(source="department.cost_center")
    item = serializers.CharField(source="item.number")
    name = serializers.CharField(source="item")
    position = serializers.IntegerField()
    added_at = serializers.DateTimeField()


class SharedListResource(ListModelMixin, Resource[DepartmentFavourite]):
    """The lists of the departments in which the person has a role, in their own order."""

    scope = KeyScope.ORDER
    serializer_class = SharedItemSerializer
    queryset = DepartmentFavourite.objects.none()
    list_ordering = ("department_id", "position", "pk")

    def get_queryset(self) -> QuerySet[DepartmentFavourite]:
        """Those of her departments."""
        visible = DepartmentFavourite.objects.visible_to(person(self.request), timezone.localdate())
        return visible.select_related("department", "item").defer("item__search_vector")

    @extend_schema(request=SharedItemInput, responses={201: SharedItemSerializer})
    def create(self, request: Request) -> Response:
        """Put an item last on the list; one that is there already stays where it is."""
        item = shared.add(**self.given(SharedItemInput), by=person(request), at=timezone.now())
        return Response(represent(SharedItemSerializer, item), status=status.HTTP_201_CREATED)

    @extend_schema(request=SharedItemInput, responses={204: None})
    @action(detail=False, methods=["post"])
    def remove(self, request: Request) -> Response:
        """Take an item off the list, whatever has become of it."""
        shared.remove(**self.given(SharedItemInput), by=person(request), at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=SharedMoveInput, responses=SharedItemSerializer)
    @action(detail=False, methods=["post"])
    def move(self, request: Request) -> Response:
        """Let an item change places with the one above or below it."""
        data = self.given(SharedMoveInput)
        is_up = data.pop("up")
        item = shared.move(**data, is_up=is_up, by=person(request), at=timezone.now())
        return Response(represent(SharedItemSerializer, item))


class TemplateInput(Input):
    """What a template says and holds."""

    name = serializers.CharField(max_length=LONGEST_NAME)
    delivery_place = Chosen(queryset=DeliveryPlace.objects.all(), allow_null=True, default=None)
    notes = text(LONGEST_NOTES)
    remind_weekday = serializers.IntegerField(
        min_value=1, max_value=7, allow_null=True, default=None, help_text=_("1 är måndag.")
    )
    remind_month_day = serializers.IntegerField(min_value=1, max_value=31, allow_null=True, default=None)
    items = serializers.ListField(child=BasketItemInput(), max_length=MOST_WISHES, default=list)


class TemplateMakeInput(TemplateInput):
    """For which department, and what it says and holds."""

    department = DepartmentField()


class TemplateChangeInput(TemplateInput):
    """What it says and holds instead, and which version was read."""

    version = serializers.IntegerField(min_value=1)


class TemplateFillInput(Input):
    """Which items to put in the basket, and how many; without any, all of the template's."""

    items = serializers.ListField(child=BasketItemInput(), max_length=MOST_WISHES, default=list)


class TemplateKeepInput(Input):
    """Whether the person keeps the template and is reminded of it."""

    keep = serializers.BooleanField()


class TemplateLineSerializer(serializers.Serializer[TemplateLine]):
    """An item of a template."""

    item = serializers.CharField(source="item.number")
    name = serializers.CharField(source="item")
    quantity = QuantityField()
    unit = serializers.CharField()


class TemplateSerializer(serializers.Serializer[OrderTemplate]):
    """An order that returns; it is ordered by nobody but a person."""

    id = serializers.IntegerField()
    department = serializers.CharField(source="department.cost_center")
    name = serializers.CharField()
    delivery_place = serializers.IntegerField(source="delivery_place_id", allow_null=True)
    notes = serializers.CharField(allow_blank=True)
    remind_weekday = serializers.IntegerField(allow_null=True)
    remind_month_day = serializers.IntegerField(allow_null=True)
    version = serializers.IntegerField()
    filled_at = serializers.DateTimeField(allow_null=True)
    items = TemplateLineSerializer(source="shown_lines", many=True)


class TemplateResource(ListModelMixin, RetrieveModelMixin, Resource[OrderTemplate]):
    """The order templates of the departments in which the person has a role."""

    scope = KeyScope.ORDER
    serializer_class = TemplateSerializer
    queryset = OrderTemplate.objects.none()
    lookup_value_regex = "[0-9]+"

    def get_queryset(self) -> QuerySet[OrderTemplate]:
        """Those of her departments."""
        visible = OrderTemplate.objects.visible_to(person(self.request), timezone.localdate())
        return visible.with_lines().select_related("department")

    @extend_schema(request=TemplateMakeInput, responses={201: TemplateSerializer})
    def create(self, request: Request) -> Response:
        """Make a template; whoever makes it keeps it."""
        data = self.given(TemplateMakeInput)
        template = templates.make_template(
            department=data["department"],
            facts=_facts(data),
            wishes=_wishes(data),
            by=person(request),
            at=timezone.now(),
        )
        return Response(self._representation(template), status=status.HTTP_201_CREATED)

    @extend_schema(request=TemplateChangeInput, responses=TemplateSerializer)
    @action(detail=True, methods=["post"])
    def change(self, request: Request, pk: str) -> Response:
        """Change what a template says and holds, unless somebody else has since it was read."""
        template, data = self.get_object(), self.given(TemplateChangeInput)
        changed = templates.change_template(
            template=template,
            version=data["version"],
            facts=_facts(data),
            wishes=_wishes(data),
            by=person(request),
            at=timezone.now(),
        )
        return Response(self._representation(changed))

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, pk: str) -> Response:
        """Let go of a template for everybody."""
        templates.remove_template(template=self.get_object(), by=person(request), at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=TemplateKeepInput, responses={204: None})
    @action(detail=True, methods=["post"])
    def keep(self, request: Request, pk: str) -> Response:
        """Keep the template and be reminded of it, or cease to."""
        template, data = self.get_object(), self.given(TemplateKeepInput)
        templates.keep_template(
            template=template, is_kept=data["keep"], by=person(request), at=timezone.now()
        )
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=TemplateFillInput, responses=RequisitionDetailSerializer)
    @action(detail=True, methods=["post"])
    def fill(self, request: Request, pk: str) -> Response:
        """Put the template's items in the person's basket, those that can be ordered; nothing is ordered by it."""
        template, data = self.get_object(), self.given(TemplateFillInput)
        by, at = person(request), timezone.now()
        items = {item.pk: item for item in items_to_order().filter(template_lines__template=template)}
        all_wishes = [Wish(items[line.item_id], line.quantity, line.unit) for line in template.shown_lines]
        basket = baskets.open_basket(department=template.department, by=by, at=at)
        templates.fill_from_template(
            template=template, basket=basket, wishes=_wishes(data) or all_wishes, by=by, at=at
        )
        return Response(represent(RequisitionDetailSerializer, detail_of(basket)))

    def _representation(self, template: OrderTemplate) -> Any:
        return represent(TemplateSerializer, get_object_or_404(self.get_queryset(), pk=template.pk))


def _facts(data: dict[str, Any]) -> TemplateFacts:
    return TemplateFacts(
        name=data["name"],
        delivery_place=data["delivery_place"],
        notes=data["notes"],
        remind_weekday=data["remind_weekday"],
        remind_month_day=data["remind_month_day"],
    )


def _wishes(data: dict[str, Any]) -> list[Wish]:
    return [Wish(each["item"], each["quantity"], each["unit"]) for each in data["items"]]
