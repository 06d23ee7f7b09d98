"""Needs with a proposed supplier, and what is found when it is examined."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from categories.models import Category
from organizations.models import Role, User
from procurement.models import (
    Answer,
    Check,
    ExaminationOutcome,
    Requisition,
    RequisitionLine,
    SupplierProposal,
)
from procurement.operations import baskets, requisitions
from procurement.operations.examining import Finding, examine
from procurement.operations.proposing import ProposedSupplier
from tests import worlds
from tests.cast import NOW, Cast, membership, person

SAID = ProposedSupplier(
    name="Slite Snickeri AB", org_number="5500009005", reason="Bygger efter mått och hämtar det gamla",
    has_interest=False, contact="order@slitesnickeri.example",
)  # fmt: skip
ORDERS = "order@slitesnickeri.example"


def in_basket(
    cast: Cast,
    said: ProposedSupplier | None = SAID,
    *,
    by: User | None = None,
    category: Category | None = None,
) -> RequisitionLine:
    """A need in a basket, with a supplier that is proposed for it."""
    return baskets.add_free_text(
        basket=worlds.basket(cast, by=by), description="Hylla till förråd 4:12", specification="",
        category=category or cast.office, quantity=Decimal(1), unit="st", estimated_unit_price=Decimal(9000),
        suggested_supplier="", proposal=said, by=by or cast.requester, at=NOW,
    )  # fmt: skip


def proposed(cast: Cast, said: ProposedSupplier = SAID, *, by: User | None = None) -> RequisitionLine:
    """The need, submitted."""
    requisition: Requisition = in_basket(cast, said, by=by).requisition
    requisitions.submit(basket=requisition, by=by or cast.requester, at=NOW)
    return RequisitionLine.objects.get(requisition=requisition, kind="free_text")


def proposal(cast: Cast, said: ProposedSupplier = SAID) -> SupplierProposal:
    """What is proposed with a submitted need."""
    return proposal_of(proposed(cast, said))


def proposal_of(line: RequisitionLine) -> SupplierProposal:
    """What is proposed with a line."""
    assert line.supplier_proposal is not None
    return line.supplier_proposal


def findings(**answers: tuple[Answer, str]) -> list[Finding]:
    """Yes to everything but what is said otherwise."""
    answer_by_check: Mapping[str, tuple[Answer, str]] = {
        each.value: (Answer.YES, "") for each in Check
    } | answers
    return [Finding(Check(code), *answer) for code, answer in answer_by_check.items()]


def accept(of: SupplierProposal, *, by: User, **changed: Any) -> SupplierProposal:
    """Examine and accept."""
    defaults = {
        "findings": findings(), "outcome": ExaminationOutcome.ACCEPTED, "reason": "", "order_email": ORDERS, "at": NOW,
    }  # fmt: skip
    return examine(proposal=of, by=by, **{**defaults, **changed})


def refuse(of: SupplierProposal, *, by: User, **changed: Any) -> SupplierProposal:
    """Examine and refuse."""
    no = findings(exclusion=(Answer.NO, "Konkurs inledd 3 maj"))
    defaults = {"findings": no, "outcome": ExaminationOutcome.REFUSED, "reason": "Bolaget är i konkurs"}
    return accept(of, by=by, **{**defaults, **changed})


def another_head() -> User:
    """A second head of procurement."""
    head = person("vera.lind", "Vera", "Lind")
    membership(head, Role.HEAD_OF_PROCUREMENT)
    return head
