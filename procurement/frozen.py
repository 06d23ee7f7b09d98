"""
What of a submitted line is as it was asked for, and what follows from what happens to it.

The database refuses to change the former (migration ``every_field_frozen``); a test holds its trigger against this table,
and this table against the model, so that a new field belongs to one of the two.
"""

LINE_FROZEN = frozenset(
    {
        "id",
        "requisition",
        "position",
        "version",
        "replaces",
        "kind",
        "item",
        "description",
        "specification",
        "service_place",
        "service_start_date",
        "service_end_date",
        "suggested_supplier",
        "supplier_proposal",
        "quantity",
        "unit",
        "units_per_order_unit",
        "unit_price",
        "is_price_estimated",
        "amount",
        "agreement",
        "supplier",
        "charged_department",
        "delivery_place",
        "needed_by_date",
        "lead_days",
        "submitted_at",
    }
)
"""What was asked for, and on what terms; a change is a new version of the line."""

LINE_CHANGES = frozenset(
    {
        "category",
        "account",
        "is_account_chosen",
        "status",
        "responsible",
        "routing_rule",
        "routing_facts",
        "response_due_date",
        "awaits_competition",
        "tied_competition",
        "competed_at",
        "approved_item",
        "approved_quantity",
        "approved_unit",
        "approved_units_per_order_unit",
        "approved_factor",
        "approved_condition",
        "approved_unit_price",
        "approved_amount",
        "approved_agreement",
        "approved_supplier",
        "decided_by",
        "decided_at",
        "order_due_at",
        "released_quantity",
        "released_amount",
        "asked_unit_price",
        "accepted_unit_price",
        "accepted_by",
        "accepted_at",
        "taken_back_reason",
    }
)
"""Where it is booked, who answers for it, and what became of it."""

ATTEST_FROZEN = frozenset(
    {
        "id",
        "requisition",
        "department",
        "delivery_place",
        "needed_by_date",
        "amount",
        "judged_amount",
        "limit",
        "over_frame_amount",
        "earlier_amount",
        "responsible",
        "requested_at",
        "decided_by",
        "on_behalf_of",
        "decided_at",
        "comment",
        "escalation",
        "escalated_from",
    }
)
"""What stays of an attest once it is given or refused; its status may still become superseded."""

ATTEST_CHANGES = frozenset({"status"})
