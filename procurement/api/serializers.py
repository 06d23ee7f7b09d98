"""What the API tells of procurement."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agreements.api import SupplierNameSerializer
from agreements.models import OrderChannel
from categories.api import CategoryNameSerializer
from core.api import AmountField, QuantityField, Refusal, UnitPriceField
from core.representation import FastSerializer
from organizations.api import DepartmentNameSerializer, PersonSerializer
from organizations.models import FrameConsequence
from procurement.models import (
    Allocation,
    AttemptOutcome,
    BudgetAttest,
    Complaint,
    ComplaintSettlement,
    Deviation,
    Expectation,
    LineKind,
    MessageKind,
    OrderLine,
    PurchaseOrder,
    Receipt,
    ReceiptKind,
    ReceiptLine,
    Requisition,
    RequisitionLine,
    RoutingRule,
    SendAttempt,
    SettlementOutcome,
)
from procurement.planning import PlannedLine
from procurement.reasons import reason_for
from procurement.states import AnswerStatus, AttestStatus, LineStatus, OrderStatus, RequisitionStatus

STATUS_HELP = _("Härledd ur raderna.")


class ApprovalSerializer(FastSerializer[RequisitionLine]):
    """On what terms a line is approved."""

    item = serializers.CharField(source="approved_item.number", allow_null=True)
    quantity = QuantityField(source="approved_quantity")
    unit = serializers.CharField(source="approved_unit")
    unit_price = UnitPriceField(source="approved_unit_price")
    amount = AmountField(source="approved_amount")
    agreement = serializers.CharField(source="approved_agreement.number", allow_null=True)
    supplier = SupplierNameSerializer(source="approved_supplier")
    order_due_at = serializers.DateTimeField(help_text=_("Då raden beställs."))


class LineSerializer(FastSerializer[RequisitionLine]):
    """One thing that is asked for, who answers for it, and what became of it."""

    id = serializers.IntegerField()
    requisition = serializers.IntegerField(source="requisition_id")
    position = serializers.IntegerField()
    version = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=LineKind.choices)
    status = serializers.ChoiceField(choices=LineStatus.choices)
    item = serializers.CharField(source="item.number", allow_null=True)
    description = serializers.CharField()
    specification = serializers.CharField(allow_blank=True)
    quantity = QuantityField()
    unit = serializers.CharField()
    unit_price = UnitPriceField()
    asked_unit_price = UnitPriceField(
        allow_null=True,
        help_text=_("Vad en enhet kostar nu, medan beställaren är tillfrågad om priset som har stigit."),
    )
    accepted_unit_price = UnitPriceField(
        allow_null=True, help_text=_("Det högre pris som enheten har sagt ja till.")
    )
    is_price_estimated = serializers.BooleanField()
    amount = AmountField()
    category = CategoryNameSerializer(allow_null=True)
    agreement = serializers.CharField(source="agreement.number", allow_null=True)
    supplier = SupplierNameSerializer(allow_null=True)
    suggested_supplier = serializers.CharField(allow_blank=True)
    supplier_proposal = serializers.IntegerField(
        source="supplier_proposal_id",
        allow_null=True,
        help_text=_("Vad beställaren säger om leverantören, när det är mer än namnet."),
    )
    service_place = serializers.CharField(allow_blank=True)
    service_start_date = serializers.DateField(allow_null=True)
    service_end_date = serializers.DateField(allow_null=True)
    responsible = PersonSerializer(allow_null=True)
    routing_rule = serializers.ChoiceField(choices=RoutingRule.choices, allow_blank=True)
    routing_reason = serializers.SerializerMethodField()
    response_due_date = serializers.DateField(allow_null=True)
    awaits_competition = serializers.IntegerField(source="awaits_competition_id", allow_null=True)
    tied_competition = serializers.IntegerField(
        source="tied_competition_id",
        allow_null=True,
        help_text=_(
            "Konkurrensutsättningen som ett behov utan artikelnummer är knutet till, tills raden är avgjord."
        ),
    )
    submitted_at = serializers.DateTimeField(allow_null=True)
    approval = serializers.SerializerMethodField()
    decided_at = serializers.DateTimeField(allow_null=True)
    replaces = serializers.IntegerField(source="replaces_id", allow_null=True)
    taken_back_reason = serializers.CharField(
        source="taken_back_sentence",
        allow_blank=True,
        help_text=_("Varför godkännandet inte gällde längre; tom när raden är beslutad på nytt."),
    )

    def get_routing_reason(self, line: RequisitionLine) -> str:
        """Why the line is with this person."""
        return reason_for(line)

    @extend_schema_field(ApprovalSerializer(allow_null=True))
    def get_approval(self, line: RequisitionLine) -> dict[str, Any] | None:
        """The terms, while the line is approved."""
        return None if line.approved_supplier_id is None else self._approval.to_representation(line)

    @property
    def _approval(self) -> ApprovalSerializer:
        serializer: ApprovalSerializer | None = self.__dict__.get("_known_approval")
        if serializer is None:
            serializer = self.__dict__["_known_approval"] = ApprovalSerializer()
        return serializer


class BookedLineSerializer(LineSerializer):
    """A line with the konto that it is booked on; none until it is submitted, unless one is chosen."""

    account = serializers.CharField(source="account.code", allow_null=True)
    charged_department = serializers.CharField(
        source="charged_department.cost_center",
        allow_null=True,
        help_text=_("Ansvar som betalar raden. I en korg tomt när det är korgens."),
    )
    delivery_place = serializers.IntegerField(source="delivery_place_id", allow_null=True)
    needed_by_date = serializers.DateField(allow_null=True)


class AttestSerializer(FastSerializer[BudgetAttest]):
    """A budget attest."""

    id = serializers.IntegerField()
    requisition = serializers.IntegerField(source="requisition_id")
    charged_department = DepartmentNameSerializer(source="department")
    delivery_place = serializers.IntegerField(source="delivery_place_id")
    needed_by_date = serializers.DateField()
    amount = AmountField()
    limit = AmountField(
        allow_null=True,
        help_text=_("Beställarens egen gräns. Tom när beställaren får beställa för vad som helst."),
    )
    over_frame_amount = AmountField(help_text=_("Så mycket saknades i enhetens ram när attesten begärdes."))
    responsible = PersonSerializer()
    status = serializers.ChoiceField(choices=AttestStatus.choices)
    requested_at = serializers.DateTimeField()
    decided_by = PersonSerializer(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    comment = serializers.CharField(allow_blank=True)


class RequisitionSerializer(FastSerializer[Requisition]):
    """A department's need. Its status and amount are derived from its lines."""

    id = serializers.IntegerField()
    number = serializers.CharField(allow_null=True)
    status = serializers.ChoiceField(choices=RequisitionStatus.choices, help_text=STATUS_HELP)
    department = DepartmentNameSerializer()
    requester = PersonSerializer()
    charged_department = DepartmentNameSerializer()
    delivery_place = serializers.IntegerField(source="delivery_place_id", allow_null=True)
    activity = serializers.CharField(source="activity.code", allow_null=True)
    account = serializers.CharField(source="account.code", allow_null=True)
    project = serializers.CharField(source="project.code", allow_null=True)
    needed_by_date = serializers.DateField(allow_null=True)
    reason = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    line_count = serializers.IntegerField()
    total_amount = AmountField()


class RequisitionDetailSerializer(RequisitionSerializer):
    """A requisition with its lines and attests."""

    lines = BookedLineSerializer(source="shown_lines", many=True)
    attests = AttestSerializer(source="shown_attests", many=True)


class PlannedLineSerializer(FastSerializer[Any]):
    """What will happen to one line when the basket is submitted."""

    line = serializers.IntegerField(source="line.pk")
    unit_price = UnitPriceField()
    amount = AmountField()
    category = CategoryNameSerializer(allow_null=True)
    responsible = serializers.CharField(source="route.responsible.full_name", allow_null=True)
    response_due_date = serializers.DateField()
    is_approved_at_once = serializers.SerializerMethodField()

    def get_is_approved_at_once(self, planned: PlannedLine) -> bool:
        """Whether a standing approval decides it."""
        return planned.policy is not None


class PlannedAttestSerializer(FastSerializer[Any]):
    """Who attests a part of the order: what one department pays in one delivery."""

    charged_department = DepartmentNameSerializer(source="department")
    delivery_place = serializers.IntegerField(source="part.place", allow_null=True)
    needed_by_date = serializers.DateField(source="part.day", allow_null=True)
    amount = AmountField()
    responsible = PersonSerializer()
    over_frame_amount = AmountField()


class FrameStateSerializer(FastSerializer[Any]):
    """Whether a department's budget frame suffices."""

    department = DepartmentNameSerializer()
    amount = AmountField(help_text=_("Ramen. Noll när enheten inte har någon för perioden."))
    taken = AmountField(source="spent.taken")
    asked = AmountField()
    left = AmountField(help_text=_("Kvar efter beställningen. Under noll när ramen inte räcker."))
    consequence = serializers.ChoiceField(choices=FrameConsequence.choices)


class PlanSerializer(FastSerializer[Any]):
    """What will happen to a basket when it is submitted."""

    lines = PlannedLineSerializer(many=True)
    total = AmountField()
    limit = AmountField(allow_null=True)
    attested_by = serializers.CharField(source="attest.responsible.full_name", allow_null=True)
    attests = PlannedAttestSerializer(many=True)
    frames = FrameStateSerializer(many=True)


class LineRefusalSerializer(Refusal):
    """A line that nothing was done about, and why."""

    line = serializers.IntegerField()


class OutcomeSerializer(FastSerializer[Any]):
    """What became of lines decided together: one bad line never holds up the others."""

    done = LineSerializer(many=True)
    refused = LineRefusalSerializer(many=True)


class AllocationSerializer(FastSerializer[Allocation]):
    """The part of an order line that belongs to a requisition line, and how much of it has come."""

    id = serializers.IntegerField()
    line = serializers.IntegerField(source="line_id")
    quantity = QuantityField()
    received_quantity = QuantityField()
    closed_quantity = QuantityField()


class OrderLineSerializer(FastSerializer[OrderLine]):
    """One line to the supplier."""

    position = serializers.IntegerField()
    item = serializers.CharField(source="item.number", allow_null=True)
    description = serializers.CharField()
    quantity = QuantityField()
    unit = serializers.CharField()
    unit_price = UnitPriceField()
    amount = AmountField()
    requested_date = serializers.DateField()
    expected_date = serializers.DateField()
    asked_date = serializers.DateField(allow_null=True)
    answer = serializers.ChoiceField(choices=AnswerStatus.choices)
    agreed_unit_price = UnitPriceField(allow_null=True)
    allocations = AllocationSerializer(source="shown_allocations", many=True)


class OrderSerializer(FastSerializer[PurchaseOrder]):
    """An order to one supplier, under one agreement or none, to one delivery place."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    status = serializers.ChoiceField(choices=OrderStatus.choices)
    supplier = SupplierNameSerializer()
    agreement = serializers.CharField(source="agreement.number", allow_null=True)
    delivery_place = serializers.IntegerField(source="delivery_place_id")
    department = DepartmentNameSerializer(source="delivery_place.department")
    created_at = serializers.DateTimeField()
    sent_at = serializers.DateTimeField(allow_null=True)
    send_error = serializers.CharField(source="send_error_sentence", allow_blank=True)
    version = serializers.IntegerField()
    answered_at = serializers.DateTimeField(allow_null=True)
    answer_due_date = serializers.DateField(allow_null=True)
    freight_amount = AmountField()
    line_count = serializers.IntegerField()
    total_amount = AmountField()


class SendAttemptSerializer(FastSerializer[SendAttempt]):
    """One attempt to send an order, or its cancellation."""

    kind = serializers.ChoiceField(choices=MessageKind.choices)
    channel = serializers.ChoiceField(choices=OrderChannel.choices)
    number = serializers.IntegerField()
    address = serializers.CharField()
    started_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    outcome = serializers.ChoiceField(choices=AttemptOutcome.choices)
    reason = serializers.CharField(allow_blank=True)


class OrderDetailSerializer(OrderSerializer):
    """An order with its lines and the attempts to send it."""

    attempts = SendAttemptSerializer(source="shown_attempts", many=True)
    lines = OrderLineSerializer(source="shown_lines", many=True)


class DeliverySerializer(AllocationSerializer):
    """Something that is on its way."""

    order = serializers.CharField(source="order_line.order.number")
    department = DepartmentNameSerializer(source="line.requisition.department")
    item = serializers.CharField(source="order_line.item.number", allow_null=True)
    description = serializers.CharField(source="order_line.description")
    unit = serializers.CharField(source="order_line.unit")
    expected_date = serializers.DateField(source="order_line.expected_date")
    asked_date = serializers.DateField(source="order_line.asked_date", allow_null=True)


class ReceiptLineSerializer(FastSerializer[ReceiptLine]):
    """What came for one allocation, or what was counted away of it."""

    id = serializers.IntegerField()
    reverses = serializers.IntegerField(source="reverses_id", allow_null=True)
    allocation = serializers.IntegerField(source="allocation_id")
    quantity = QuantityField()
    unit_price = UnitPriceField()
    amount = AmountField()
    closed_quantity = QuantityField()
    deviation = serializers.ChoiceField(choices=Deviation.choices)
    deviation_quantity = QuantityField()
    comment = serializers.CharField(allow_blank=True)


class ReceiptSerializer(FastSerializer[Receipt]):
    """One delivery received, one service accepted, or what took such a one back."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=ReceiptKind.choices)
    takes_back = serializers.IntegerField(source="takes_back_id", allow_null=True)
    key = serializers.UUIDField()
    department = DepartmentNameSerializer()
    received_by = PersonSerializer()
    received_at = serializers.DateTimeField()
    note = serializers.CharField(allow_blank=True)
    lines = ReceiptLineSerializer(source="shown_lines", many=True)


class SettlementSerializer(FastSerializer[ComplaintSettlement]):
    """How a complaint ended."""

    outcome = serializers.ChoiceField(choices=SettlementOutcome.choices)
    reference = serializers.CharField(allow_blank=True)
    closed_quantity = QuantityField()
    settled_at = serializers.DateTimeField()


class ComplaintSerializer(FastSerializer[Complaint]):
    """What a supplier owes for a received row where something was wrong."""

    id = serializers.IntegerField()
    receipt = serializers.IntegerField(source="receipt_line.receipt_id")
    row = serializers.IntegerField(source="receipt_line_id")
    order = serializers.CharField(source="receipt_line.allocation.order_line.order.number")
    supplier = SupplierNameSerializer(source="receipt_line.allocation.order_line.order.supplier")
    department = DepartmentNameSerializer(source="receipt_line.allocation.line.requisition.department")
    expects = serializers.ChoiceField(choices=Expectation.choices)
    quantity = QuantityField()
    due_date = serializers.DateField()
    settlement = SettlementSerializer(source="ended", allow_null=True)
