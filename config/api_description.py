"""How the API describes itself (OpenAPI), and the pages that show it."""

from typing import Any, Final

SETTINGS: Final[dict[str, Any]] = {
    "TITLE": "Rauk",
    "DESCRIPTION": "Inköpssystemets API: samma handlingar som på webben, med samma regler.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "SORT_OPERATIONS": False,
    "SCHEMA_PATH_PREFIX": "/api/v[0-9]",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "config.api.with_refusals",
    ],
    "ENUM_NAME_OVERRIDES": {
        "LineStatus": "procurement.states.LineStatus",
        "AttestStatus": "procurement.states.AttestStatus",
        "OrderStatus": "procurement.states.OrderStatus",
        "RequisitionStatus": "procurement.states.RequisitionStatus",
        "ItemStatus": "catalog.states.ItemStatus",
        "Equivalence": "catalog.models.Equivalence",
        "Severity": "procurement.models.Severity",
        "WorkStatus": "core.work.WorkStatus",
        "LineKind": "procurement.models.LineKind",
        "ItemKind": "catalog.models.ItemKind",
        "CategoryKind": "categories.models.CategoryKind",
        "NoticeDelivery": "notices.states.Delivery",
        "ProposalKind": "assortment.models.ProposalKind",
        "ProposalStatus": "assortment.states.ProposalStatus",
        "CandidateKind": "assortment.models.CandidateKind",
        "SearchStatus": "assortment.states.SearchStatus",
        "AttemptOutcome": "procurement.models.AttemptOutcome",
        "SettlementOutcome": "procurement.models.SettlementOutcome",
        "ObservationKind": "procurement.models.ObservationKind",
        "ObservationOutcome": "procurement.models.ObservationOutcome",
    },
}
