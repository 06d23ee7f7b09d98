"""Proposals: propose, follow, answer, vote and decide."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from assortment.models import (
    AffectedItem,
    DeviceClass,
    Proposal,
    ProposalDecision,
    ProposalKind,
    ProposalQuestion,
    Stance,
    Vote,
)
from assortment.models.proposals import ProposalQuerySet
from assortment.operations import answers, proposals, votes
from assortment.operations.proposals import Wish
from assortment.states import ProposalStatus
from catalog.models import Item
from categories.api import CategoryNameSerializer
from categories.models import Category
from core.api import CodeField, DayField, Named, QuantityField, Resource, UnitPriceField
from core.representation import represent
from organizations.api import PersonSerializer, person
from organizations.models import Department
from organizations.permissions import roles_on

LONGEST_TEXT = 2000


class ItemNameSerializer(serializers.Serializer[Item]):
    """An item, in short."""

    number = serializers.CharField()
    name = serializers.CharField(source="__str__")


class AffectedItemSerializer(serializers.Serializer[AffectedItem]):
    """An item that would go out."""

    item = ItemNameSerializer()


class VoteSerializer(serializers.Serializer[Vote]):
    """How a member of the council stands."""

    user = PersonSerializer()
    stance = serializers.ChoiceField(choices=Stance.choices)
    note = serializers.CharField()
    at = serializers.DateTimeField()


class ReplySerializer(serializers.Serializer[Any]):
    """An answer to a question."""

    text = serializers.CharField()
    at = serializers.DateTimeField()


class QuestionSerializer(serializers.Serializer[ProposalQuestion]):
    """A question to whoever proposed, and her answer."""

    by = PersonSerializer()
    at = serializers.DateTimeField()
    text = serializers.CharField()
    reply = serializers.SerializerMethodField()

    @extend_schema_field(ReplySerializer(allow_null=True))
    def get_reply(self, question: ProposalQuestion) -> dict[str, Any] | None:
        """Her answer, when there is one."""
        return represent(ReplySerializer, question.reply) if hasattr(question, "reply") else None


class DecisionSerializer(serializers.Serializer[ProposalDecision]):
    """Yes or no, with the reason and how the council voted."""

    is_yes = serializers.BooleanField()
    reason = serializers.CharField()
    by = PersonSerializer()
    at = serializers.DateTimeField()
    council = serializers.CharField(source="council_name")
    seats = serializers.IntegerField()
    has_quorum = serializers.BooleanField()
    votes_for = serializers.IntegerField()
    votes_against = serializers.IntegerField()
    votes_abstained = serializers.IntegerField()
    conflicts = serializers.IntegerField()
    response_days = serializers.IntegerField()


class ProposalSerializer(serializers.Serializer[Proposal]):
    """A proposal and where it is."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=ProposalKind.choices)
    title = serializers.CharField()
    reason = serializers.CharField()
    items = AffectedItemSerializer(source="affected.all", many=True)
    new_item = ItemNameSerializer(allow_null=True)
    category = CategoryNameSerializer(allow_null=True)
    yearly_quantity = QuantityField(allow_null=True)
    unit = serializers.CharField()
    unit_price = UnitPriceField(allow_null=True)
    supplier_name = serializers.CharField()
    evidence = serializers.CharField()
    medical_safety = serializers.CharField()
    device_class = serializers.CharField()
    proposer = PersonSerializer()
    department = serializers.CharField(source="department.cost_center", allow_null=True)
    status = serializers.ChoiceField(choices=ProposalStatus.choices)
    proposed_at = serializers.DateTimeField()
    response_due_date = serializers.DateField()
    council = CategoryNameSerializer(allow_null=True)
    vote_through_date = serializers.DateField(allow_null=True)
    votes = serializers.SerializerMethodField()
    questions = QuestionSerializer(source="questions.all", many=True)
    decision = serializers.SerializerMethodField()

    @extend_schema_field(VoteSerializer(many=True))
    def get_votes(self, proposal: Proposal) -> list[Any]:
        """The votes; whoever proposed sees how they fell with the decision, and not who voted how."""
        reader = self.context.get("reader")
        if reader == proposal.proposer_id:
            return []
        return [represent(VoteSerializer, each) for each in proposal.votes.all()]

    @extend_schema_field(DecisionSerializer(allow_null=True))
    def get_decision(self, proposal: Proposal) -> dict[str, Any] | None:
        """The answer, when there is one."""
        return represent(DecisionSerializer, proposal.decision) if hasattr(proposal, "decision") else None


class WishInput(serializers.Serializer[Any]):
    """
    What is proposed; only kind, title and reason are needed, and the items that would go out.

    The same `key` again gives the first proposal back.
    """

    key = serializers.UUIDField(required=False)
    kind = serializers.ChoiceField(choices=ProposalKind.choices)
    title = serializers.CharField(max_length=200)
    reason = serializers.CharField(max_length=LONGEST_TEXT)
    items = serializers.ListField(
        child=Named(queryset=Item.objects.select_related("category"), slug_field="number"),
        max_length=20,
        default=list,
        help_text=_("Nummer på artiklar som byts ut eller tas bort."),
    )
    new_item = Named(queryset=Item.objects.all(), slug_field="number", required=False, allow_null=True)
    category = Named(queryset=Category.objects.open(), slug_field="code", required=False, allow_null=True)
    department = CodeField(max_length=10, required=False, help_text=_("Ansvar; en av dina enheter."))
    yearly_quantity = QuantityField(required=False, allow_null=True, min_value=0)
    unit = serializers.CharField(max_length=20, default="", allow_blank=True)
    unit_price = UnitPriceField(required=False, allow_null=True, min_value=0)
    supplier_name = serializers.CharField(max_length=120, default="", allow_blank=True)
    evidence = serializers.CharField(max_length=LONGEST_TEXT, default="", allow_blank=True)
    medical_safety = serializers.CharField(max_length=LONGEST_TEXT, default="", allow_blank=True)
    device_class = serializers.ChoiceField(choices=DeviceClass.choices, default="", allow_blank=True)

    def validate_yearly_quantity(self, value: Any) -> Any:
        """None of something is nothing to propose."""
        if value is not None and value <= 0:
            raise serializers.ValidationError(_("Antalet måste vara större än noll."))
        return value


class TextInput(serializers.Serializer[Any]):
    """A text."""

    text = serializers.CharField(max_length=LONGEST_TEXT)


class ProposalQuestionInput(serializers.Serializer[Any]):
    """A question."""

    question = serializers.CharField(max_length=LONGEST_TEXT)


class CouncilInput(serializers.Serializer[Any]):
    """Until when the council votes."""

    vote_through_date = DayField()


class VoteInput(serializers.Serializer[Any]):
    """How the member stands."""

    stance = serializers.ChoiceField(choices=Stance.choices)
    note = serializers.CharField(max_length=LONGEST_TEXT, default="", allow_blank=True)


class ProposalAnswerInput(serializers.Serializer[Any]):
    """Yes or no, and why."""

    is_yes = serializers.BooleanField()
    reason = serializers.CharField(max_length=LONGEST_TEXT)


class MoveInput(serializers.Serializer[Any]):
    """Where it belongs."""

    category = Named(queryset=Category.objects.open(), slug_field="code")


class TieInput(serializers.Serializer[Any]):
    """An item that is in the register."""

    item = Named(queryset=Item.objects.all(), slug_field="number")


class TakeInInput(serializers.Serializer[Any]):
    """An item that is to be in the register, as one that is being assessed."""

    number = CodeField(max_length=20)
    name = serializers.CharField(max_length=150)
    base_unit = serializers.CharField(max_length=20)
    order_unit = serializers.CharField(max_length=20)
    units_per_order_unit = CodeField(max_length=20, default="1")


class ProposalResource(ListModelMixin, RetrieveModelMixin, Resource[Proposal]):
    """Proposals from the operation."""

    serializer_class = ProposalSerializer
    queryset = Proposal.objects.none()
    lookup_value_regex = "[0-9]+"
    filterset_fields = ["status", "kind"]

    def get_queryset(self) -> QuerySet[Proposal]:
        """Her own, those that she votes on or answers, and all for those who see the region."""
        return _whole(Proposal.objects.visible_to(person(self.request)))

    def get_serializer_context(self) -> dict[str, Any]:
        """Who reads."""
        return {**super().get_serializer_context(), "reader": self.request.user.pk}

    @extend_schema(request=WishInput, responses={201: ProposalSerializer})
    def create(self, request: Request) -> Response:
        """Propose an item, a replacement or a removal."""
        data, me, at = dict(self.given(WishInput)), person(request), timezone.now()
        code, key = data.pop("department", None), data.pop("key", None)
        proposal = proposals.propose(
            wish=Wish(**data), department=_own_department(me, code, at), by=me, at=at, key=key
        )
        return self._response(proposal, status=status.HTTP_201_CREATED)

    @extend_schema(request=TextInput, responses=ProposalSerializer)
    @action(detail=True, methods=["post"])
    def reply(self, request: Request, pk: str) -> Response:
        """Answer the question about one's proposal."""
        return self._act(proposals.reply, TextInput)

    @extend_schema(request=None, responses=ProposalSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take one's proposal back."""
        return self._act(proposals.withdraw)

    @extend_schema(request=ProposalQuestionInput, responses=ProposalSerializer)
    @action(detail=True, methods=["post"])
    def ask(self, request: Request, pk: str) -> Response:
        """Ask whoever proposed."""
        return self._act(answers.ask, ProposalQuestionInput)

    @extend_schema(request=MoveInput, responses=ProposalSerializer)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: str) -> Response:
        """Give the proposal to another category."""
        return self._act(answers.move_to_category, MoveInput)

    @extend_schema(request=CouncilInput, responses=ProposalSerializer)
    @action(detail=True, methods=["post"], url_path="put-to-council")
    def put_to_council(self, request: Request, pk: str) -> Response:
        """Let the council of the category vote until a day."""
        return self._act(answers.put_to_council, CouncilInput)

    @extend_schema(request=VoteInput, responses=ProposalSerializer)
    @action(detail=True, methods=["post"])
    def vote(self, request: Request, pk: str) -> Response:
        """Vote for or against, abstain, or declare a conflict of interest."""
        return self._act(votes.vote, VoteInput)

    @extend_schema(request=ProposalAnswerInput, responses=ProposalSerializer)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str) -> Response:
        """Say yes or no, with the reason."""
        return self._act(answers.decide, ProposalAnswerInput)

    @extend_schema(request=TieInput, responses=ProposalSerializer)
    @action(detail=True, methods=["post"], url_path="tie-item")
    def tie_item(self, request: Request, pk: str) -> Response:
        """Tie the item that came of a yes to its decision."""
        return self._act(answers.tie_item, TieInput)

    @extend_schema(request=TakeInInput, responses=ProposalSerializer)
    @action(detail=True, methods=["post"], url_path="take-in")
    def take_in(self, request: Request, pk: str) -> Response:
        """Add the item that was said yes to to the register, and tie it to the decision."""
        proposal, cells = self.get_object(), self.given(TakeInInput)
        answers.take_in(proposal=proposal, cells=cells, by=person(request), at=timezone.now())
        return self._response(proposal)

    def _act(self, act: Any, shape: type[serializers.Serializer[Any]] | None = None) -> Response:
        """Do something with a proposal that she sees, with what the shape reads."""
        proposal = self.get_object()
        data = self.given(shape) if shape else {}
        act(proposal=proposal, **data, by=person(self.request), at=timezone.now())
        return self._response(proposal)

    def _response(self, proposal: Proposal, *, status: int = status.HTTP_200_OK) -> Response:
        fresh = _whole(Proposal.objects.filter(pk=proposal.pk)).get()
        return Response(self.get_serializer(fresh).data, status=status)


def _whole(proposals: ProposalQuerySet) -> QuerySet[Proposal]:
    """With everything that is told of a proposal: a fixed number of queries."""
    return proposals.for_display().prefetch_related(
        Prefetch("affected", AffectedItem.objects.select_related("item").order_by("pk")),
        Prefetch("votes", Vote.objects.select_related("user").order_by("at", "pk")),
        Prefetch("questions", ProposalQuestion.objects.select_related("by", "reply").order_by("at", "pk")),
    )


def _own_department(me: Any, code: str | None, at: Any) -> Department | None:
    """
    The department of that code, one that she orders or attests for.

    :raises ValidationError: none of hers has the code.
    """
    if not code:
        return None
    departments = roles_on(me, timezone.localdate(at)).departments.values()
    department = next((each for each in departments if each.cost_center == code), None)
    if department is None:
        raise serializers.ValidationError({"department": [_("Du hör inte till enheten.")]})
    return department
