"""Suppliers that are proposed with a need, and examined, at both doors."""

from typing import Any

from agreements.models import Supplier
from procurement.models import (
    Check,
    ExaminedCheck,
    Requisition,
    SupplierExamination,
    SupplierProposal,
)
from tests import worlds
from tests.api.door_acts import need
from tests.api.doors import Case
from tests.cast import Cast
from tests.procurement.proposing import ORDERS, SAID, proposal, refuse

ALSO = (Supplier, SupplierProposal, SupplierExamination, ExaminedCheck)


def proposal_at_api(**changed: Any) -> Any:
    facts = {
        "name": SAID.name, "org_number": SAID.org_number, "contact": SAID.contact, "reason": SAID.reason,
        "has_interest": True,
    }  # fmt: skip
    body = {**need(), "suggested_supplier": "", "proposal": {**facts, **changed}}
    return lambda cast, requisition: (f"baskets/{requisition.pk}/add-free-text/", body)


def proposal_on_page(**changed: Any) -> Any:
    facts = {
        "suggested_supplier": SAID.name, "org_number": SAID.org_number, "contact": SAID.contact,
        "supplier_reason": SAID.reason, "has_interest": "yes",
    }  # fmt: skip
    return lambda cast, world: ("/behov/", {**need(), **facts, **changed})


def examined_at_api(answers: dict[str, tuple[str, str]] | None = None, **body: Any) -> Any:
    answer_by_check = {each.value: ("yes", "") for each in Check} | (answers or {})
    findings = [
        {"check": code, "answer": answer, "note": note} for code, (answer, note) in answer_by_check.items()
    ]
    data = {"findings": findings, "outcome": "accepted", "order_email": ORDERS, **body}
    return lambda cast, supplier_proposal: (f"supplier-proposals/{supplier_proposal.pk}/examine/", data)


def examined_on_page(answers: dict[str, tuple[str, str]] | None = None, **form: Any) -> Any:
    answer_by_check = {each.value: ("yes", "") for each in Check} | (answers or {})
    fields = {code: answer for code, (answer, _note) in answer_by_check.items()}
    notes = {f"{code}_note": note for code, (_answer, note) in answer_by_check.items()}
    data = {**fields, **notes, "outcome": "accepted", "order_email": ORDERS, "reason": "", **form}
    return lambda cast, supplier_proposal: (f"/leverantorsprovningar/{supplier_proposal.pk}/", data)


def refused_at_api() -> Any:
    return examined_at_api(outcome="refused", reason="I konkurs")


def refused_at_web() -> Any:
    return examined_on_page(outcome="refused", reason="I konkurs")


def refused_already(cast: Cast) -> SupplierProposal:
    return refuse(proposal(cast), by=cast.head)


def basket(cast: Cast) -> Requisition:
    return worlds.basket(cast)


NO = {"sanctions": ("no", "Ägaren står på listan")}

SUPPLIERS = [
    Case("propose a supplier", basket, "requester", proposal_at_api(), proposal_on_page(), also=ALSO),
    Case(
        "propose a supplier", basket, "requester", proposal_at_api(name="Nordmedica AB"),
        proposal_on_page(suggested_supplier="Nordmedica AB"), also=ALSO,
    ),
    Case(
        "propose a supplier", basket, "requester", proposal_at_api(org_number="5500009006"),
        proposal_on_page(org_number="5500009006"), "organisation_number_unknown", ALSO,
    ),
    Case("examine", proposal, "head", examined_at_api(), examined_on_page(), also=ALSO),
    Case("examine, refuse", proposal, "head", refused_at_api(), refused_at_web(), also=ALSO),
    Case("examine", proposal, "controller", examined_at_api(), examined_on_page(), "suppliers_are_examined_by_the_head", ALSO),
    Case("examine", refused_already, "head", examined_at_api(), examined_on_page(), "supplier_is_examined", ALSO),
    Case(
        "examine", proposal, "head", examined_at_api(NO), examined_on_page(NO), "examination_accepted_despite_no", ALSO,
    ),
]  # fmt: skip
