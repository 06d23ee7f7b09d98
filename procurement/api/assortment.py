"""The life cycle of items and their recalls: what whoever answers for them decides, and what departments answer."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.models import Equivalence, Item, Substitution
from catalog.operations.substitutions import approve_substitution
from catalog.permissions import can_manage_item
from catalog.states import ItemStatus
from categories.models import Category
from core.api import DayField, ExactField, Named, QuantityField, Resource
from core.representation import represent
from organizations.api import person
from organizations.models import Department, KeyScope, User
from procurement.api.inputs import Input, text
from procurement.models import Recall, RecallUnit, Severity
from procurement.operations import assortment, recalls
from procurement.recalled import RecalledDepartment, units_of


class FactorField(ExactField):
    """How many order units of one item do for one of another; how large it may be is the operation's business."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**({"max_digits": 15, "decimal_places": 4} | kwargs))


class StepInput(Input):
    """Why, if one likes."""

    comment = text(200)


class TrialInput(StepInput):
    """Who tries it, and when."""

    departments = Named(
        queryset=Department.objects.all(), slug_field="cost_center", many=True, help_text=_("Ansvarskoder.")
    )
    first_date = DayField()
    last_date = DayField()


class PhaseOutInput(StepInput):
    """What replaces it, and until when it can be ordered."""

    replacement = Named(
        queryset=Item.objects.defer("search_vector"), slug_field="number", help_text=_("Artikelnummer.")
    )
    last_order_date = DayField()
    factor = FactorField(default="1", help_text=_("Beställningsenheter av den nya för varje av den gamla."))
    equivalence = serializers.ChoiceField(choices=Equivalence.choices, default=Equivalence.FULL)
    note = text(200)


class RecallInput(Input):
    """Why it is blocked, how grave it is, which batch, and since when receipts are concerned."""

    reason = serializers.CharField(max_length=200)
    severity = serializers.ChoiceField(choices=Severity.choices)
    batch = text(100)
    since_date = DayField()


class LiftInput(Input):
    """Why the block is lifted."""

    reason = serializers.CharField(max_length=200)


class SubstitutionInput(Input):
    """Which replacement is approved, as it was read."""

    to_item = Named(
        queryset=Item.objects.defer("search_vector"), slug_field="number", help_text=_("Artikelnummer.")
    )
    content = serializers.CharField(
        max_length=64,
        help_text=_(
            "Ersättningens ”content” så som den lästes; har den ändrats sedan dess godkänns den inte."
        ),
    )


class TrialSerializer(serializers.Serializer[Any]):
    """A department that tries it."""

    department = serializers.CharField(source="department.cost_center")
    first_date = serializers.DateField()
    last_date = serializers.DateField()


class SubstitutionSerializer(serializers.Serializer[Substitution]):
    """What replaces it."""

    to_item = serializers.CharField(source="to_item.number")
    factor = FactorField()
    equivalence = serializers.ChoiceField(choices=Equivalence.choices)
    note = serializers.CharField(allow_blank=True)
    content = serializers.CharField(help_text=_("Det som godkänns, som kontrollsumma (SHA-256)."))
    approved_at = serializers.DateTimeField(allow_null=True)


class LifeCycleSerializer(serializers.Serializer[Item]):
    """Where an item is in its life cycle."""

    number = serializers.CharField()
    status = serializers.ChoiceField(choices=ItemStatus.choices)
    blocked_reason = serializers.CharField(allow_blank=True)
    last_order_date = serializers.DateField(allow_null=True)
    trials = TrialSerializer(many=True)
    substitutions = SubstitutionSerializer(many=True)


class RecallUnitSerializer(serializers.Serializer[RecalledDepartment]):
    """A department that has received it, how much and when, and whether it has answered."""

    department = serializers.CharField(source="told.department.cost_center")
    quantity = QuantityField(source="received.quantity", default=None, allow_null=True)
    unit = serializers.CharField(source="received.unit", default="", allow_blank=True)
    first_date = serializers.DateField(source="received.first_date", default=None, allow_null=True)
    last_date = serializers.DateField(source="received.last_date", default=None, allow_null=True)
    acknowledged_at = serializers.DateTimeField(source="told.acknowledged_at", allow_null=True)
    answer = serializers.CharField(source="told.answer", allow_blank=True)


class RecallSerializer(serializers.Serializer[Recall]):
    """A recall."""

    id = serializers.IntegerField()
    item = serializers.CharField(source="item.number")
    reason = serializers.CharField()
    severity = serializers.ChoiceField(choices=Severity.choices)
    batch = serializers.CharField(allow_blank=True)
    since_date = serializers.DateField()
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    units = RecallUnitSerializer(many=True, source="shown_units")


class AcknowledgeInput(Input):
    """Which department answers, and what."""

    department = Named(
        queryset=Department.objects.all(), slug_field="cost_center", help_text=_("Ansvarskod.")
    )
    answer = text(200)


def _with_units(recall: Recall, *, seen_by: User | None = None) -> Recall:
    """A recall with its departments: all, or those that a person may see."""
    units = units_of(recall)
    if seen_by is not None and not can_manage_item(seen_by, recall.item, at=timezone.now()):
        visible_ids = set(
            RecallUnit.objects.visible_to(seen_by).filter(recall=recall).values_list("pk", flat=True)
        )
        units = [each for each in units if each.told.pk in visible_ids]
    recall.shown_units = units  # type: ignore[attr-defined]
    return recall


class LifeCycleResource(RetrieveModelMixin, Resource[Item]):
    """Where items are in their life cycle, and the steps that whoever answers for them takes."""

    serializer_class = LifeCycleSerializer
    queryset = Item.objects.select_related("category").defer("search_vector")
    lookup_field = "number"
    lookup_value_regex = "[^/]+"

    def _response(self, item: Item) -> Response:
        return Response(represent(LifeCycleSerializer, self.get_queryset().get(pk=item.pk)))

    @extend_schema(request=StepInput, responses=LifeCycleSerializer)
    @action(detail=True, methods=["post"])
    def assess(self, request: Request, number: str) -> Response:
        """Begin to assess what has been proposed."""
        item, data = self.get_object(), self.given(StepInput)
        return self._response(assortment.assess(item=item, **data, by=person(request), at=timezone.now()))

    @extend_schema(request=TrialInput, responses=LifeCycleSerializer)
    @action(detail=True, methods=["post"], url_path="start-trial")
    def start_trial(self, request: Request, number: str) -> Response:
        """Let named departments try it; while it is on trial, say anew who and when."""
        item, data = self.get_object(), self.given(TrialInput)
        return self._response(
            assortment.start_trial(item=item, **data, by=person(request), at=timezone.now())
        )

    @extend_schema(request=StepInput, responses=LifeCycleSerializer)
    @action(detail=True, methods=["post"], url_path="decide-standard")
    def decide_standard(self, request: Request, number: str) -> Response:
        """Take it into the standard assortment, or back into it."""
        item, data = self.get_object(), self.given(StepInput)
        return self._response(
            assortment.decide_standard(item=item, **data, by=person(request), at=timezone.now())
        )

    @extend_schema(request=PhaseOutInput, responses=LifeCycleSerializer)
    @action(detail=True, methods=["post"], url_path="phase-out")
    def phase_out(self, request: Request, number: str) -> Response:
        """Let it leave, with a last order date and what replaces it."""
        item, data = self.get_object(), self.given(PhaseOutInput)
        return self._response(assortment.phase_out(item=item, **data, by=person(request), at=timezone.now()))

    @extend_schema(request=StepInput, responses=LifeCycleSerializer)
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, number: str) -> Response:
        """Take it out of the assortment for good."""
        item, data = self.get_object(), self.given(StepInput)
        return self._response(assortment.retire(item=item, **data, by=person(request), at=timezone.now()))

    @extend_schema(request=RecallInput, responses=RecallSerializer)
    @action(detail=True, methods=["post"])
    def recall(self, request: Request, number: str) -> Response:
        """Block it, tell the departments that have received it, and stop what is on its way."""
        item, data = self.get_object(), self.given(RecallInput)
        recall = recalls.recall(item=item, **data, by=person(request), at=timezone.now())
        return Response(represent(RecallSerializer, _with_units(recall)))

    @extend_schema(request=LiftInput, responses=LifeCycleSerializer)
    @action(detail=True, methods=["post"])
    def lift(self, request: Request, number: str) -> Response:
        """Lift the block: it is again what it was."""
        item, data = self.get_object(), self.given(LiftInput)
        return self._response(recalls.lift(item=item, **data, by=person(request), at=timezone.now()))

    @extend_schema(request=SubstitutionInput, responses=LifeCycleSerializer)
    @action(detail=True, methods=["post"], url_path="approve-substitution")
    def approve_substitution(self, request: Request, number: str) -> Response:
        """Approve, as clinical reviewer, what replaces it today or later."""
        item, data = self.get_object(), self.given(SubstitutionInput)
        at = timezone.now()
        upcoming = Substitution.objects.not_over(timezone.localdate(at)).order_by("valid_during", "pk")
        substitutions = list(upcoming.filter(from_item=item, to_item=data["to_item"]))
        if not substitutions:
            raise Http404
        content = data["content"]
        substitution = next((each for each in substitutions if each.content == content), substitutions[0])
        approve_substitution(substitution=substitution, shown=content, by=person(request), at=at)
        return self._response(item)


class RecallResource(ListModelMixin, RetrieveModelMixin, Resource[Recall]):
    """Recalls of what the person's departments have received; all for those who see the region."""

    scopes = {"acknowledge": KeyScope.ORDER}
    serializer_class = RecallSerializer
    queryset = Recall.objects.none()
    list_ordering = ("-started_at", "-pk")
    lookup_value_regex = "[0-9]+"

    def get_queryset(self) -> QuerySet[Recall]:
        """Those of her departments, and of items that she answers for."""
        user = person(self.request)
        units = RecallUnit.objects.visible_to(user)
        categories = Category.objects.within_reach_of(user, timezone.localdate())
        is_visible = Q(pk__in=units.values("recall")) | Q(item__category__in=categories.values("pk"))
        return Recall.objects.filter(is_visible).select_related("item__category")

    def get_object(self) -> Recall:
        """A recall with the departments that she may see."""
        return _with_units(super().get_object(), seen_by=person(self.request))

    def paginate_queryset(self, queryset: Any) -> list[Any] | None:
        """A page of recalls with their departments."""
        page = super().paginate_queryset(queryset)
        if page is None:
            return None
        return [_with_units(each, seen_by=person(self.request)) for each in page]

    @extend_schema(request=AcknowledgeInput, responses=RecallSerializer)
    @action(detail=True, methods=["post"])
    def acknowledge(self, request: Request, pk: str) -> Response:
        """Answer that the department has put aside what it had."""
        recall, data = self.get_object(), self.given(AcknowledgeInput)
        unit = get_object_or_404(recall.units.all(), department=data["department"])
        recalls.acknowledge(unit=unit, by=person(request), at=timezone.now(), answer=data["answer"])
        return Response(represent(RecallSerializer, self.get_object()))
