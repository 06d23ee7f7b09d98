"""The addresses of the API, its description, and the page where it can be read and tried."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from agreements.api import AgreementResource, SupplierResource
from catalog.api import FavouriteResource, ItemResource
from categories.api import CategoryResource, DelegationResource
from organizations.api import (
    AbsenceResource,
    AccountingCodeResource,
    ApiTokenResource,
    DepartmentResource,
    MeResource,
)
from procurement.api.attests import AttestResource
from procurement.api.baskets import BasketResource
from procurement.api.lines import LineResource
from procurement.api.orders import OrderResource
from procurement.api.receipts import DeliveryResource, ReceiptResource
from procurement.api.requisitions import RequisitionResource
from reporting.api import DeliveredLineResource, ReportResource, SavingResource

router = SimpleRouter()
router.register("me", MeResource, basename="me")
router.register("tokens", ApiTokenResource, basename="token")
router.register("absences", AbsenceResource, basename="absence")
router.register("delegations", DelegationResource, basename="delegation")
router.register("departments", DepartmentResource, basename="department")
router.register("accounting-codes", AccountingCodeResource, basename="accounting-code")
router.register("categories", CategoryResource, basename="category")
router.register("suppliers", SupplierResource, basename="supplier")
router.register("agreements", AgreementResource, basename="agreement")
router.register("items", ItemResource, basename="item")
router.register("favourites", FavouriteResource, basename="favourite")
router.register("baskets", BasketResource, basename="basket")
router.register("requisitions", RequisitionResource, basename="requisition")
router.register("lines", LineResource, basename="line")
router.register("attests", AttestResource, basename="attest")
router.register("orders", OrderResource, basename="order")
router.register("deliveries", DeliveryResource, basename="delivery")
router.register("receipts", ReceiptResource, basename="receipt")
router.register("savings", SavingResource, basename="saving")
router.register("delivered-lines", DeliveredLineResource, basename="delivered-line")
router.register("reports", ReportResource, basename="report")

REFUSALS = {
    "401": "Refusal",
    "403": "Refusal",
    "404": "Refusal",
}
REFUSED_ACTS = {"400": "BadInput", "409": "Refusal"}
SHAPES = {
    "Refusal": {
        "type": "object",
        "description": "Why something was not done.",
        "properties": {
            "code": {"type": "string", "description": "Stable, for programs."},
            "detail": {"type": "string", "description": "A sentence, for people."},
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
        },
        "required": ["code", "detail"],
    },
}


def with_refusals(
    result: dict[str, Any], generator: SchemaGenerator, request: HttpRequest | None, public: bool
) -> dict[str, Any]:
    """Describe, once for all acts, how a refusal is told."""
    result["components"].setdefault("schemas", {}).update(SHAPES)
    for address, acts in result["paths"].items():
        for method, act in acts.items():
            expected = dict(REFUSALS)
            if method == "post" or act.get("parameters"):
                expected["400"] = "BadInput"
            if method == "post":
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


urlpatterns = [
    path("v1/", include((router.urls, "v1"))),
    path("schema/", DescriptionView.as_view(), name="schema"),
    path("docs/", docs, name="docs"),
]
app_name = "api"
