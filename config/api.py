"""The addresses of the API, its description, and the page where it can be read and tried."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from agreements.api import AgreementResource, SupplierResource
from assortment.api import CandidateResource, ProposalResource, SearchResource
from catalog.api import FavouriteResource, ItemResource
from catalog.competitions_api import CompetitionResource
from categories.api import AbsenceResource, CategoryResource, DelegationResource
from core.api import Resource
from governance.api import (
    BoardAssignmentResource,
    GuidelineResource,
    OnboardingResource,
    PlannedActivityResource,
    RecommendationResource,
)
from notices.api import NoticeChoiceResource, NoticeResource
from office.api import CategoryMergerResource, DepartmentMergerResource, LeaverResource
from office.price_proposals_api import PriceProposalResource
from organizations.api import (
    AccountingCodeResource,
    ApiTokenResource,
    DepartmentResource,
    MeResource,
)
from organizations.invitations_api import InvitationResource
from procurement.api.assortment import LifeCycleResource, RecallResource
from procurement.api.attests import AttestResource
from procurement.api.award_records import AwardRecordResource
from procurement.api.baskets import BasketResource
from procurement.api.lines import LineResource
from procurement.api.observations import ObservationResource
from procurement.api.orders import OrderResource
from procurement.api.receipts import ComplaintResource, DeliveryResource, ReceiptResource
from procurement.api.requisitions import RequisitionResource
from procurement.api.supplier_proposals import SupplierProposalResource
from procurement.api.templates import SharedListResource, TemplateResource
from registers.api import RegisterResource, RowResource
from registers.imports_api import RegisterImportResource
from reporting.api import DeliveredLineResource, SavingResource
from reporting.initiatives_api import BaselineResource, InitiativeResource
from reporting.report_templates_api import ReportTemplateResource
from reporting.reports_api import ReportResource
from spend.api import AccountMeaningResource, SupplierMatchResource
from spend.through_system_api import ShareThroughSystemResource

RESOURCES: list[tuple[str, type[Resource[Any]], str]] = [
    ("me", MeResource, "me"),
    ("tokens", ApiTokenResource, "token"),
    ("invitations", InvitationResource, "invitation"),
    ("notices", NoticeResource, "notice"),
    ("notice-choices", NoticeChoiceResource, "notice-choice"),
    ("absences", AbsenceResource, "absence"),
    ("delegations", DelegationResource, "delegation"),
    ("departments", DepartmentResource, "department"),
    ("accounting-codes", AccountingCodeResource, "accounting-code"),
    ("categories", CategoryResource, "category"),
    ("suppliers", SupplierResource, "supplier"),
    ("agreements", AgreementResource, "agreement"),
    ("items", ItemResource, "item"),
    ("life-cycles", LifeCycleResource, "life-cycle"),
    ("recalls", RecallResource, "recall"),
    ("favourites", FavouriteResource, "favourite"),
    ("competitions", CompetitionResource, "competition"),
    ("price-proposals", PriceProposalResource, "price-proposal"),
    ("department-favourites", SharedListResource, "department-favourite"),
    ("order-templates", TemplateResource, "order-template"),
    ("baskets", BasketResource, "basket"),
    ("requisitions", RequisitionResource, "requisition"),
    ("lines", LineResource, "line"),
    ("attests", AttestResource, "attest"),
    ("orders", OrderResource, "order"),
    ("award-records", AwardRecordResource, "award-record"),
    ("purchase-questions", ObservationResource, "purchase-question"),
    ("supplier-proposals", SupplierProposalResource, "supplier-proposal"),
    ("deliveries", DeliveryResource, "delivery"),
    ("receipts", ReceiptResource, "receipt"),
    ("complaints", ComplaintResource, "complaint"),
    ("savings", SavingResource, "saving"),
    ("initiatives", InitiativeResource, "initiative"),
    ("baselines", BaselineResource, "baseline"),
    ("delivered-lines", DeliveredLineResource, "delivered-line"),
    ("reports", ReportResource, "report"),
    ("account-meanings", AccountMeaningResource, "account-meaning"),
    ("ledger-suppliers", SupplierMatchResource, "ledger-supplier"),
    ("shares-through-system", ShareThroughSystemResource, "share-through-system"),
    ("report-templates", ReportTemplateResource, "report-template"),
    ("guidelines", GuidelineResource, "guideline"),
    ("recommendations", RecommendationResource, "recommendation"),
    ("board-assignments", BoardAssignmentResource, "board-assignment"),
    ("planned-activities", PlannedActivityResource, "planned-activity"),
    ("onboardings", OnboardingResource, "onboarding"),
    ("proposals", ProposalResource, "proposal"),
    ("missed-searches", SearchResource, "missed-search"),
    ("standardisation-candidates", CandidateResource, "standardisation-candidate"),
    ("registers", RegisterResource, "register"),
    ("registers/<slug:register>", RowResource, "register-row"),
    ("register-imports", RegisterImportResource, "register-import"),
    ("category-mergers", CategoryMergerResource, "category-merger"),
    ("department-mergers", DepartmentMergerResource, "department-merger"),
    ("leavers", LeaverResource, "leaver"),
]
"""Where each resource is, and what its acts' names begin with."""


def _acts(resource: type[Resource[Any]], name: str) -> list[URLPattern | URLResolver]:
    """The addresses of one resource: each is looked for among its own and not among all."""
    router = SimpleRouter()
    router.register("", resource, basename=name)
    return router.urls


SENT = "Request"
"""How the names of shapes end that are sent."""
REFUSALS = {
    "401": "Refusal",
    "403": "Refusal",
    "404": "Refusal",
}
ACTS = {"post", "patch", "delete"}
REFUSED_ACTS = {"400": "BadInput", "409": "Refusal"}
CITED = {
    "type": "object",
    "description": "The paragraph of the region's guideline that the rule rests on, where it has one.",
    "properties": {name: {"type": "string"} for name in ("paragraph", "text", "address")},
    "required": ["paragraph", "text", "address"],
}
SHAPES = {
    "Refusal": {
        "type": "object",
        "description": "Why something was not done.",
        "properties": {
            "code": {"type": "string", "description": "Stable, for programs."},
            "detail": {"type": "string", "description": "A sentence, for people."},
            "guideline": CITED,
        },
        "required": ["code", "detail"],
    },
    "BadInput": {
        "type": "object",
        "description": "What was not right about the input.",
        "properties": {
            "code": {"type": "string"},
            "detail": {"type": "string"},
            "fields": {"type": "object", "additionalProperties": {}, "description": "Field by field."},
            "guideline": CITED,
        },
        "required": ["code", "detail"],
    },
}


def with_refusals(
    result: dict[str, Any], generator: SchemaGenerator, request: HttpRequest | None, public: bool
) -> dict[str, Any]:
    """Describe, once for all acts, how a refusal is told, and that what is sent has no other fields than those described."""
    shapes = result["components"].setdefault("schemas", {})
    for name, shape in shapes.items():
        if name.endswith(SENT) and shape.get("type") == "object":
            shape.setdefault("additionalProperties", False)
    shapes.update(SHAPES)
    for address, acts in result["paths"].items():
        for method, act in acts.items():
            expected = dict(REFUSALS)
            if method in ACTS or act.get("parameters"):
                expected["400"] = "BadInput"
            if method in ACTS:
                expected |= REFUSED_ACTS
            if "{" not in address and method == "get" and "cursor" not in str(act.get("parameters")):
                del expected["404"]
            for status, shape in expected.items():
                content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{shape}"}}}
                act["responses"].setdefault(status, {"content": content, "description": ""})
    return result


@extend_schema(exclude=True)
class DescriptionView(SpectacularAPIView):
    """The API's description, OpenAPI 3."""


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Show the API's description as a page where it can be tried, in the person's own session."""
    return render(request, "api/docs.html")


v1 = [path(f"{address}/", include(_acts(resource, name))) for address, resource, name in RESOURCES]
urlpatterns = [
    path("v1/", include((v1, "v1"))),
    path("schema/", DescriptionView.as_view(), name="schema"),
    path("docs/", docs, name="docs"),
]
app_name = "api"
