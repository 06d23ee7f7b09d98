"""What apps contribute to a mechanism below them, by the path of each: so the mechanism imports none of them."""

NOTICE_KINDS = [
    "procurement.notices.KINDS",
    "procurement.waiting_notices.KINDS",
    "procurement.supplier_notices.KINDS",
    "procurement.complaint_notices.KINDS",
    "procurement.day_notices.KINDS",
    "procurement.trial_notices.KINDS",
    "assortment.notices.KINDS",
    "categories.notices.KINDS",
    "registers.notices.KINDS",
    "reporting.notices.KINDS",
    "provisioning.notices.KINDS",
    "office.notices.KINDS",
    "factors.notices.KINDS",
    "notices.notices.KINDS",
    "agreements.notices.KINDS",
    "catalog.notices.KINDS",
    "governance.notices.KINDS",
]
"""Kinds of notices, each beside the app that tells; in the order in which people choose about them."""

URGENT_NOTICES = [
    "recall",
    "overdue",
    "escalated",
    "order_not_sent",
    "price_proposals_passed",
    "proposals_overdue",
    "question",
    "price_question",
    "consultation",
    "question_reminder",
    "waiting",
    "attest",
    "response_reminder",
    "unanswered",
    "taken_back",
    "handover",
    "supplier_answer",
    "day_wish",
    "assignment_due",
    "award_record",
    "renewed_competition",
    "competed_queue",
    "price_proposals_waiting",
    "proposals_waiting",
    "supplier_proposed",
    "baselines_waiting",
    "recommendation",
    "agreement_days",
    "complaint_late",
    "late_delivery",
    "order_template",
    "council",
]
"""What a letter says in its subject, when it tells of several things: the first of these that it has, else the oldest."""

ATTACHMENT_OWNERS = [
    "agreements.documents.OWNERS",
    "catalog.illustrations.OWNERS",
    "catalog.price_files.OWNERS",
    "assortment.files.OWNERS",
    "procurement.conversation.OWNERS",
]
"""What files belong to, and who sees them because of that."""

SIMILAR_PURCHASES = ["history.similar_purchases.imported"]
"""What purchases of other systems come to, which the direct-award limit counts as well."""

CITATIONS = "governance.citations.citation_of"
"""Which paragraph of the region's guideline stands behind a rule."""

COMPETITION_FOLLOWERS = ["procurement.competing.waiting_for"]
"""Who waits for what suppliers compete for under an agreement, and is told how it goes."""
