"""Models of procurement."""

from procurement.models.answers import (
    AnsweredLine,
    AnswerOutcome,
    ChangeNotice,
    NoticedDecision,
    NoticedLine,
    SupplierAnswer,
)
from procurement.models.awards import AwardBid, AwardRecord, Competition
from procurement.models.complaints import (
    EXPECTED,
    Complaint,
    ComplaintSettlement,
    Expectation,
    SettlementOutcome,
)
from procurement.models.conversations import Consultation, LineMessage, LineMessageFile
from procurement.models.day_wishes import DayWish, WishOutcome
from procurement.models.decisions import (
    AUTOMATIC,
    AttestStep,
    BudgetAttest,
    DecisionKind,
    DecisionNature,
    DecisionRule,
    ExceptionGround,
    LineDecision,
    RejectionReason,
)
from procurement.models.lines import LineKind, RequisitionLine
from procurement.models.observations import (
    LimitKind,
    ObservationAnswer,
    ObservationKind,
    ObservationOutcome,
    ObservedLine,
)
from procurement.models.order_times import OrderTime, Weekday
from procurement.models.orders import (
    LEFT,
    STILL_TO_COME,
    Allocation,
    OrderLine,
    PurchaseOrder,
    still_to_come,
    wanted_quantity,
)
from procurement.models.queues import SavedQueue, SeenLine
from procurement.models.rank_refusals import RankRefusal
from procurement.models.recalls import Recall, RecallCall, RecallUnit, Severity
from procurement.models.receipts import Deviation, Receipt, ReceiptKind, ReceiptLine
from procurement.models.requisitions import Requisition
from procurement.models.sending import (
    AttemptOutcome,
    CancellationNotice,
    MessageKind,
    OrderDocument,
    SendAttempt,
)
from procurement.models.supplier_proposals import (
    Answer,
    Check,
    ExaminationOutcome,
    ExaminedCheck,
    SupplierExamination,
    SupplierProposal,
)
from procurement.models.templates import OrderTemplate, TemplateKeeper, TemplateLine
from procurement.routing_rules import RoutingRule

__all__ = [
    "AUTOMATIC",
    "EXPECTED",
    "LEFT",
    "STILL_TO_COME",
    "Allocation",
    "Answer",
    "AnswerOutcome",
    "AnsweredLine",
    "AttemptOutcome",
    "AttestStep",
    "AwardBid",
    "AwardRecord",
    "BudgetAttest",
    "CancellationNotice",
    "ChangeNotice",
    "Check",
    "Competition",
    "Complaint",
    "ComplaintSettlement",
    "Consultation",
    "DayWish",
    "DecisionKind",
    "DecisionNature",
    "DecisionRule",
    "Deviation",
    "ExaminationOutcome",
    "ExaminedCheck",
    "ExceptionGround",
    "Expectation",
    "LimitKind",
    "LineDecision",
    "LineKind",
    "LineMessage",
    "LineMessageFile",
    "MessageKind",
    "NoticedDecision",
    "NoticedLine",
    "ObservationAnswer",
    "ObservationKind",
    "ObservationOutcome",
    "ObservedLine",
    "OrderDocument",
    "OrderLine",
    "OrderTemplate",
    "OrderTime",
    "PurchaseOrder",
    "RankRefusal",
    "Recall",
    "RecallCall",
    "RecallUnit",
    "Receipt",
    "ReceiptKind",
    "ReceiptLine",
    "RejectionReason",
    "Requisition",
    "RequisitionLine",
    "RoutingRule",
    "SavedQueue",
    "SeenLine",
    "SendAttempt",
    "SettlementOutcome",
    "Severity",
    "SupplierAnswer",
    "SupplierExamination",
    "SupplierProposal",
    "TemplateKeeper",
    "TemplateLine",
    "Weekday",
    "WishOutcome",
    "still_to_come",
    "wanted_quantity",
]
