"""Requisition lines: what the requester and the category manager do with them, one by one and in bulk."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import Resource, refusal_body
from core.compiled import compiled_once
from core.representation import represent
from organizations.api import person
from organizations.models import KeyScope, User
from procurement.api.conversation import DayWishInput, DeclinedDayInput, MessageInput, SaidSerializer
from procurement.api.filters import LineFilter
from procurement.api.handing_over import HandOverInput, ManyHandOverInput
from procurement.api.inputs import (
    AcceptPriceInput,
    AdjustInput,
    AnswerInput,
    ApproveInput,
    LinesInput,
    ManyApproveInput,
    ManyQuestionInput,
    ManyRejectInput,
    NeedTieInput,
    QuantityInput,
    QuestionInput,
    RankRefusalInput,
    ReassignInput,
    RebookInput,
    RejectInput,
    ReviseInput,
    SubstituteInput,
)
from procurement.api.serializers import BookedLineSerializer, LineSerializer, OutcomeSerializer
from procurement.conversation import conversation_about
from procurement.models import RequisitionLine
from procurement.operations import accounts, amendments, baskets, conversations, day_wishes, decisions
from procurement.operations.decidable import Outcome
from procurement.operations.handing_over import hand_over
from procurement.operations.rank_refusals import register_rank_refusal
from procurement.operations.tying import tie_to_competition, untie_from_competition
from procurement.visibility import line_to_act_on


class LineResource(ListModelMixin, RetrieveModelMixin, Resource[RequisitionLine]):
    """Lines that the person may see. What may be done with one depends on who she is and on its status."""

    scopes = dict.fromkeys(
        (
            "set_quantity",
            "withdraw",
            "answer",
            "write",
            "revise",
            "accept_price",
            "decline_price",
            "wish_for_day",
        ),
        KeyScope.ORDER,
    )
    serializer_class = LineSerializer
    queryset = RequisitionLine.objects.none()
    filterset_class = LineFilter
    lookup_value_regex = "[0-9]+"

    def get_queryset(self) -> QuerySet[RequisitionLine]:
        """Those that the person may see; an operation reads what it needs anew, under lock."""
        queryset = RequisitionLine.objects.visible_to(person(self.request))
        return (
            queryset.for_display()
            if self.action in {"list", "retrieve"}
            else queryset.select_related("requisition")
        )

    def get_object(self) -> RequisitionLine:
        """The line that is shown, or that an act is about."""
        if self.action == "retrieve":
            return super().get_object()
        line = line_to_act_on(person(self.request), int(self.kwargs["pk"]), day=timezone.localdate())
        if line is None:
            raise Http404
        return line

    @extend_schema(request=QuantityInput, responses={200: LineSerializer, 204: None})
    @action(detail=True, methods=["post"], url_path="set-quantity")
    def set_quantity(self, request: Request, pk: str) -> Response:
        """Change how many lie in the basket; zero takes the line out."""
        line, data = self.get_object(), self.given(QuantityInput)
        changed = baskets.set_quantity(line=line, **data, by=person(request), at=timezone.now())
        if changed is None:
            return Response(status=status.HTTP_204_NO_CONTENT)
        return Response(represent(LineSerializer, changed))

    @extend_schema(request=None, responses=LineSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take a line back before it is ordered."""
        line = amendments.withdraw_line(line=self.get_object(), by=person(request), at=timezone.now())
        return Response(represent(LineSerializer, line))

    @extend_schema(request=AnswerInput, responses=LineSerializer)
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, pk: str) -> Response:
        """Answer the question about a line, which goes back to whoever asked."""
        line, data = self.get_object(), self.given(AnswerInput)
        answered = amendments.answer(line=line, **data, by=person(request), at=timezone.now())
        return Response(represent(LineSerializer, answered))

    @extend_schema(responses=SaidSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def conversation(self, request: Request, pk: str) -> Response:
        """Give what is said about a line, in all its versions, the earliest first."""
        messages = conversation_about(self.get_object())
        return Response([represent(SaidSerializer, each) for each in messages])

    @extend_schema(request=MessageInput, responses={201: None})
    @action(detail=True, methods=["post"])
    def write(self, request: Request, pk: str) -> Response:
        """Write about a line, and perhaps ask others in; whoever answers for it stays the same."""
        line, data = self.get_object(), self.given(MessageInput)
        conversations.write(line=line, **data, by=person(request), at=timezone.now())
        return Response(status=status.HTTP_201_CREATED)

    @extend_schema(request=RankRefusalInput, responses=LineSerializer)
    @action(detail=True, methods=["post"], url_path="register-refusal")
    def register_refusal(self, request: Request, pk: str) -> Response:
        """Register that a supplier has said no, so that the one after it in rank may get the line."""
        line, data = self.get_object(), self.given(RankRefusalInput)
        refused_line = register_rank_refusal(line=line, **data, by=person(request), at=timezone.now())
        return Response(represent(LineSerializer, refused_line))

    @extend_schema(request=NeedTieInput, responses=LineSerializer)
    @action(detail=True, methods=["post"])
    def tie(self, request: Request, pk: str) -> Response:
        """Let a need in words wait for an open competition."""
        line, data = self.get_object(), self.given(NeedTieInput)
        tied = tie_to_competition(line=line, **data, by=person(request), at=timezone.now())
        return Response(represent(LineSerializer, tied))

    @extend_schema(request=None, responses=LineSerializer)
    @action(detail=True, methods=["post"])
    def untie(self, request: Request, pk: str) -> Response:
        """Let a need wait for its competition no longer."""
        line = untie_from_competition(line=self.get_object(), by=person(request), at=timezone.now())
        return Response(represent(LineSerializer, line))

    @extend_schema(request=DayWishInput, responses={201: None})
    @action(detail=True, methods=["post"], url_path="wish-for-day")
    def wish_for_day(self, request: Request, pk: str) -> Response:
        """Wish for what is left to come of an ordered line on another day; whoever answers for it is told."""
        line, data = self.get_object(), self.given(DayWishInput)
        day_wishes.wish_for_day(line=line, **data, by=person(request), at=timezone.now())
        return Response(status=status.HTTP_201_CREATED)

    @extend_schema(request=DeclinedDayInput, responses=LineSerializer)
    @action(detail=True, methods=["post"], url_path="decline-day")
    def decline_day(self, request: Request, pk: str) -> Response:
        """Say no to the day that is wished for; yes is said by asking the supplier, at the order's `other-days`."""
        line, data = self.get_object(), self.given(DeclinedDayInput)
        declined = day_wishes.decline_day(line=line, **data, by=person(request), at=timezone.now())
        return Response(represent(LineSerializer, declined.line))

    @extend_schema(request=AcceptPriceInput, responses=LineSerializer)
    @action(detail=True, methods=["post"], url_path="accept-price")
    def accept_price(self, request: Request, pk: str) -> Response:
        """Say yes to a price that has risen while the line waits."""
        line, data = self.get_object(), self.given(AcceptPriceInput)
        accepted = amendments.accept_price(line=line, **data, by=person(request), at=timezone.now())
        return Response(represent(LineSerializer, accepted))

    @extend_schema(request=None, responses=LineSerializer)
    @action(detail=True, methods=["post"], url_path="decline-price")
    def decline_price(self, request: Request, pk: str) -> Response:
        """Say no to a price that has risen: the line is taken back."""
        line = amendments.decline_price(line=self.get_object(), by=person(request), at=timezone.now())
        return Response(represent(LineSerializer, line))

    @extend_schema(request=ReviseInput, responses={201: LineSerializer})
    @action(detail=True, methods=["post"])
    def revise(self, request: Request, pk: str) -> Response:
        """Change an undecided line: a new version supersedes it and is routed and decided afresh."""
        line, data = self.get_object(), self.given(ReviseInput)
        new = amendments.revise_line(line=line, **data, by=person(request), at=timezone.now())
        return Response(represent(LineSerializer, new), status=status.HTTP_201_CREATED)

    @extend_schema(request=ApproveInput, responses=LineSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        """Approve a line as asked for, committing it against its agreement's ceiling."""
        return self._decide(decisions.approve, ApproveInput)

    @extend_schema(request=AdjustInput, responses=LineSerializer)
    @action(detail=True, methods=["post"])
    def adjust(self, request: Request, pk: str) -> Response:
        """Approve fewer than asked for, and tell why."""
        line, data = self.get_object(), self.given(AdjustInput)
        outcome = decisions.adjust(line=line, **data, by=person(request), at=timezone.now())
        return Response(represent(LineSerializer, outcome.only()))

    @extend_schema(request=SubstituteInput, responses=LineSerializer)
    @action(detail=True, methods=["post"])
    def substitute(self, request: Request, pk: str) -> Response:
        """Approve another item than the one asked for, at its price today, and tell why."""
        line, data = self.get_object(), self.given(SubstituteInput)
        outcome = decisions.substitute(line=line, **data, by=person(request), at=timezone.now())
        return Response(represent(LineSerializer, outcome.only()))

    @extend_schema(request=QuestionInput, responses=LineSerializer)
    @action(detail=True, methods=["post"], url_path="return")
    def return_with_question(self, request: Request, pk: str) -> Response:
        """Ask the requester about a line; it waits for her answer."""
        return self._decide(decisions.return_with_question, QuestionInput)

    @extend_schema(request=RejectInput, responses=LineSerializer)
    @action(detail=True, methods=["post"])
    def reject(self, request: Request, pk: str) -> Response:
        """Reject a line for a reason."""
        return self._decide(decisions.reject, RejectInput)

    @extend_schema(request=None, responses=LineSerializer)
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: str) -> Response:
        """Take an approval back until the line is ordered."""
        outcome = decisions.undo(lines=[self.get_object()], by=person(request), at=timezone.now())
        return Response(represent(LineSerializer, outcome.only()))

    @extend_schema(request=ReassignInput, responses=LineSerializer)
    @action(detail=True, methods=["post"])
    def reassign(self, request: Request, pk: str) -> Response:
        """Give a line in free text another category, and with it another responsible person."""
        line, data = self.get_object(), self.given(ReassignInput)
        reassigned_line = decisions.reassign_category(
            line=line, **data, by=person(request), at=timezone.now()
        )
        return Response(represent(LineSerializer, reassigned_line))

    @extend_schema(request=HandOverInput, responses=LineSerializer)
    @action(detail=True, methods=["post"], url_path="hand-over")
    def hand_over(self, request: Request, pk: str) -> Response:
        """Hand a line over to somebody else who may decide it."""
        return self._decide(hand_over, HandOverInput)

    @extend_schema(request=RebookInput, responses=BookedLineSerializer)
    @action(detail=True, methods=["post"])
    def rebook(self, request: Request, pk: str) -> Response:
        """Book a line that waits otherwise, such as when a code that it has is closed."""
        line, data = self.get_object(), self.given(RebookInput)
        booked = accounts.rebook(line=line, **data, by=person(request), at=timezone.now())
        return Response(represent(BookedLineSerializer, booked))

    @extend_schema(request=ManyApproveInput, responses=OutcomeSerializer, filters=False)
    @action(detail=False, methods=["post"], url_path="approve", pagination_class=None)
    def approve_many(self, request: Request) -> Response:
        """Approve lines together; each that is refused says why."""
        return self._decide_many(decisions.approve, ManyApproveInput)

    @extend_schema(request=ManyQuestionInput, responses=OutcomeSerializer, filters=False)
    @action(detail=False, methods=["post"], url_path="return", pagination_class=None)
    def return_many(self, request: Request) -> Response:
        """Ask the requesters one question about lines together."""
        return self._decide_many(decisions.return_with_question, ManyQuestionInput)

    @extend_schema(request=ManyRejectInput, responses=OutcomeSerializer, filters=False)
    @action(detail=False, methods=["post"], url_path="reject", pagination_class=None)
    def reject_many(self, request: Request) -> Response:
        """Reject lines together for one reason."""
        return self._decide_many(decisions.reject, ManyRejectInput)

    @extend_schema(request=ManyHandOverInput, responses=OutcomeSerializer, filters=False)
    @action(detail=False, methods=["post"], url_path="hand-over", pagination_class=None)
    def hand_over_many(self, request: Request) -> Response:
        """Hand lines over together; each that is refused says why."""
        return self._decide_many(hand_over, ManyHandOverInput)

    @extend_schema(request=LinesInput, responses=OutcomeSerializer, filters=False)
    @action(detail=False, methods=["post"], url_path="undo", pagination_class=None)
    def undo_many(self, request: Request) -> Response:
        """Take approvals back together."""
        return self._decide_many(decisions.undo, LinesInput)

    def _decide(
        self, operation: Callable[..., Outcome], shape: type[serializers.BaseSerializer[Any]]
    ) -> Response:
        """Decide one line by an operation that takes many."""
        line, data = self.get_object(), self.given(shape)
        outcome = operation(lines=[line], **data, by=person(self.request), at=timezone.now())
        return Response(represent(LineSerializer, outcome.only()))

    def _decide_many(
        self, operation: Callable[..., Outcome], shape: type[serializers.BaseSerializer[Any]]
    ) -> Response:
        """Decide lines together, and tell which were not there for her."""
        data = self.given(shape)
        line_ids = dict.fromkeys(data.pop("lines"))
        lines = _visible_lines(person(self.request), timezone.localdate(), list(line_ids))
        outcome = operation(lines=lines, **data, by=person(self.request), at=timezone.now())
        refusals = [{"line": line.pk, **refusal_body(refusal)} for line, refusal in outcome.refused]
        missing_ids = line_ids.keys() - {line.pk for line in lines}
        refusals += [
            {"line": pk, "code": "not_found", "detail": _("Raden finns inte, eller är inte din att se.")}
            for pk in line_ids
            if pk in missing_ids
        ]
        return Response(represent(OutcomeSerializer, {"done": outcome.done, "refused": refusals}))


@compiled_once
def _visible_lines(user: User, day: date, ids: list[int]) -> QuerySet[RequisitionLine]:
    lines = RequisitionLine.objects.visible_to(user, day).filter(pk__among=ids)
    return lines.only("requisition_id").order_by("pk")
