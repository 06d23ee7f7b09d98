"""A new supplier can be proposed with a need, and is examined before the first order (DOMAIN 6.3 nr 2, LOU 13 ch.)."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from agreements.models import Supplier
from audit.models import Entry
from core.errors import DomainError, InvalidInput
from notices.models import Notice
from organizations.models import Membership, Role
from procurement.models import (
    Answer,
    ExaminationOutcome,
    ExaminedCheck,
    PurchaseOrder,
    RequisitionLine,
    SupplierExamination,
    SupplierProposal,
)
from procurement.operations import amendments, baskets, decisions, orders, requisitions, sending
from procurement.operations.proposing import (
    NobodyCanExamine,
    OrganisationNumberUnknown,
    ProposalLacks,
    ProposedSupplier,
)
from procurement.permissions import (
    NothingToExamine,
    OwnSupplierProposal,
    SupplierIsExamined,
    SuppliersAreExaminedByTheHead,
    can_examine,
)
from procurement.states import LineStatus, OrderStatus
from tests import worlds
from tests.cast import NOW, Cast
from tests.procurement.proposing import (
    ORDERS,
    SAID,
    accept,
    another_head,
    findings,
    in_basket,
    proposal,
    proposal_of,
    proposed,
    refuse,
)
from tests.races import race


def waiting() -> list[SupplierProposal]:
    return list(SupplierProposal.objects.to_examine().in_order())


def told(kind: str) -> list[tuple[str, bool | None]]:
    notices = Notice.objects.filter(kind=kind).select_related("recipient").order_by("recipient__email")
    return [(each.recipient.first_name, each.facts.get("is_accepted")) for each in notices]


def entered(**changed: Any) -> Supplier:
    """The proposed supplier, entered in the register by hand or by a file."""
    defaults = {"name": SAID.name, "org_number": "550000-9005", "order_email": ORDERS}
    return Supplier.objects.create(**{**defaults, **changed})


def anew(supplier: Supplier) -> Supplier:
    """The supplier as the next request reads it."""
    return Supplier.objects.get(pk=supplier.pk)


def awaits(supplier: Supplier) -> bool:
    return anew(supplier).awaits_examination


def test_a_proposal_is_kept_with_the_need_as_it_was_written(cast: Cast) -> None:
    line = in_basket(cast)
    supplier_proposal = proposal_of(line)
    assert (supplier_proposal.name, supplier_proposal.org_number, supplier_proposal.supplier) == (
        SAID.name,
        "550000-9005",
        None,
    )
    assert (supplier_proposal.reason, supplier_proposal.contact, supplier_proposal.has_interest) == (
        SAID.reason,
        SAID.contact,
        False,
    )
    assert (supplier_proposal.proposed_by, supplier_proposal.proposed_at, line.suggested_supplier) == (
        cast.requester,
        NOW,
        SAID.name,
    )
    assert waiting() == [], "Nothing is asked of anybody before it is submitted."
    assert not Entry.objects.filter(event="supplier.proposed").exists()


def test_submitting_tells_the_head_and_the_trail(cast: Cast) -> None:
    line = proposed(cast, replace(SAID, has_interest=True))
    assert waiting() == [line.supplier_proposal]
    assert told("supplier_proposed") == [(cast.head.first_name, None)]
    entry = Entry.objects.about(line).get(event="supplier.proposed")
    assert entry.details == {
        "supplier": SAID.name, "org_number": "550000-9005", "interest": "yes", "reason": SAID.reason,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"org_number": "550000-9006"}, OrganisationNumberUnknown),
        ({"org_number": ""}, OrganisationNumberUnknown),
        ({"name": "  "}, ProposalLacks),
        ({"reason": ""}, ProposalLacks),
    ],
)
def test_a_proposal_that_is_not_whole_is_refused(
    cast: Cast, changed: dict[str, Any], refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        in_basket(cast, replace(SAID, **changed))
    assert not SupplierProposal.objects.exists()


@pytest.mark.parametrize(
    "said",
    [
        replace(SAID, name="Nordmedica", org_number="550000-9005"),
        replace(SAID, name="NORDMEDICA AB", org_number="DE811907980"),
    ],
    ids=["number", "name"],
)
def test_one_that_the_register_has_is_suggested_as_it_stands_there(
    cast: Cast, said: ProposedSupplier
) -> None:
    """The declaration is kept all the same."""
    Supplier.objects.filter(pk=cast.supplier.pk).update(org_number="5500009005")
    line = proposed(cast, replace(said, has_interest=True))
    supplier_proposal = proposal_of(line)
    assert (supplier_proposal.supplier, supplier_proposal.name, line.suggested_supplier) == (
        cast.supplier,
        "Nordmedica AB",
        "Nordmedica AB",
    )
    assert (supplier_proposal.org_number, supplier_proposal.has_interest) == ("5500009005", True)
    assert (waiting(), told("supplier_proposed")) == ([], [])
    assert isinstance(can_examine(cast.head, supplier_proposal, at=NOW).refusal, NothingToExamine)


def test_a_head_proposes_what_another_head_can_examine(cast: Cast) -> None:
    Membership.objects.create(
        user=cast.head, role=Role.REQUESTER, department=cast.ward, valid_during=cast.head.memberships.get().valid_during
    )  # fmt: skip
    with pytest.raises(NobodyCanExamine):
        in_basket(cast, by=cast.head)
    other = another_head()
    supplier_proposal = proposal_of(in_basket(cast, by=type(cast.head).objects.get(pk=cast.head.pk)))
    assert isinstance(can_examine(cast.head, supplier_proposal, at=NOW).refusal, OwnSupplierProposal)
    assert can_examine(other, supplier_proposal, at=NOW)


def test_what_is_taken_out_of_the_basket_leaves_nothing(cast: Cast) -> None:
    baskets.set_quantity(line=in_basket(cast), quantity=Decimal(0), by=cast.requester, at=NOW)
    assert not SupplierProposal.objects.exists()


def test_what_is_submitted_stays_in_every_version_of_the_line(cast: Cast) -> None:
    line = proposed(cast)
    supplier_proposal = proposal_of(line)
    with pytest.raises(IntegrityError), transaction.atomic():
        SupplierProposal.objects.update(has_interest=True)
    with pytest.raises(ProtectedError):
        supplier_proposal.delete()
    with pytest.raises(IntegrityError, match="superseded"), transaction.atomic():
        RequisitionLine.objects.filter(pk=line.pk).update(supplier_proposal=None)
    revised = amendments.revise_line(
        line=line, quantity=Decimal(2), specification="", by=cast.requester, at=NOW
    )
    assert revised.supplier_proposal_id == supplier_proposal.pk
    assert waiting() == [supplier_proposal]


def test_nobody_waits_for_an_examination_when_the_need_is_decided(cast: Cast) -> None:
    line = proposed(cast)
    decisions.approve(lines=[line], supplier=cast.paper_supplier, by=cast.head, at=NOW).only()
    assert waiting() == []


def test_an_accepted_supplier_stands_in_the_register_and_is_chosen(cast: Cast) -> None:
    line = proposed(cast)
    supplier_proposal = proposal_of(line)
    accept(supplier_proposal, by=cast.head, findings=findings(tax=(Answer.NOT_APPLICABLE, "Ideell förening")))
    supplier = Supplier.objects.get(org_number="550000-9005")
    assert (supplier.name, supplier.order_email, supplier.awaits_examination) == (SAID.name, ORDERS, False)
    examination = SupplierExamination.objects.get()
    assert (examination.proposal, examination.supplier, examination.examined_by, examination.examined_at) == (
        supplier_proposal,
        supplier,
        cast.head,
        NOW,
    )
    rows = examination.checks.order_by("pk").values_list("check_code", "answer", "note")
    assert list(rows) == [
        ("tax", "not_applicable", "Ideell förening"), ("exclusion", "yes", ""), ("sanctions", "yes", ""),
        ("conduct", "yes", ""), ("interest", "yes", ""),
    ]  # fmt: skip
    assert waiting() == []
    assert told("supplier_examined") == [
        (cast.requester.first_name, True),
        (cast.deputy.first_name, True),
    ]
    for subject in (line, supplier):
        entry = Entry.objects.about(subject).get(event="supplier.accepted")
        assert (entry.by_name, entry.details["supplier"]) == (cast.head.full_name, SAID.name)
    decisions.approve(lines=[line], supplier=supplier, by=line.responsible or cast.head, at=NOW).only()
    (order,) = [each for each in orders.consolidate(at=NOW, due_only=False) if each.supplier == supplier]
    assert sending.send_order(order=order, at=NOW).status == OrderStatus.SENT
    assert mail.outbox[-1].to == [ORDERS]


def test_a_refused_supplier_comes_no_further(cast: Cast) -> None:
    line = proposed(cast)
    supplier_proposal = proposal_of(line)
    refuse(supplier_proposal, by=cast.head)
    assert not Supplier.objects.filter(org_number="550000-9005").exists()
    assert told("supplier_examined") == [
        (cast.requester.first_name, False),
        (cast.deputy.first_name, False),
    ]
    entry = Entry.objects.about(line).get(event="supplier.refused")
    assert entry.details["comment"] == "Bolaget är i konkurs"
    assert waiting() == []
    assert RequisitionLine.objects.get(pk=line.pk).status == LineStatus.AWAITING, "The need stands."


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("requester", SuppliersAreExaminedByTheHead),
        ("manager", SuppliersAreExaminedByTheHead),
        ("office_deputy", SuppliersAreExaminedByTheHead),
        ("controller", SuppliersAreExaminedByTheHead),
        ("auditor", SuppliersAreExaminedByTheHead),
        ("administrator", SuppliersAreExaminedByTheHead),
    ],
)
def test_who_may_not_enter_suppliers_examines_none(cast: Cast, who: str, refusal: type[DomainError]) -> None:
    supplier_proposal = proposal(cast)
    with pytest.raises(refusal):
        accept(supplier_proposal, by=getattr(cast, who))
    assert not SupplierExamination.objects.exists()


NO, NOT_APPLICABLE = Answer.NO, Answer.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"findings": findings()[1:]}, "examination_checks_missing"),
        ({"findings": [*findings(), *findings()[:1]]}, "examination_checks_missing"),
        ({"findings": findings(tax=(NOT_APPLICABLE, " "))}, "examination_check_not_explained"),
        ({"findings": findings(conduct=(NO, "Vill inte skriva på"))}, "examination_accepted_despite_no"),
        ({"order_email": ""}, "examination_order_address_missing"),
        ({"order_email": "a@b.se, c@d.se"}, "examination_order_address_missing"),
        ({"outcome": ExaminationOutcome.REFUSED, "reason": "  "}, "examination_refused_without_reason"),
    ],
)
def test_an_outcome_follows_from_the_answers(cast: Cast, changed: dict[str, Any], code: str) -> None:
    supplier_proposal = proposal(cast)
    with pytest.raises(InvalidInput) as refusal:
        accept(supplier_proposal, by=cast.head, **changed)
    assert refusal.value.code == code
    assert not SupplierExamination.objects.exists()
    assert not ExaminedCheck.objects.exists()
    assert waiting() == [supplier_proposal]


def test_a_declared_interest_is_judged_in_words(cast: Cast) -> None:
    supplier_proposal = proposal(cast, replace(SAID, has_interest=True))
    with pytest.raises(InvalidInput, match="har uppgett ett intresse"):
        accept(supplier_proposal, by=cast.head)
    judged = findings(interest=(Answer.YES, "Hennes bror är anställd, äger inget och tar inte emot ordern"))
    accept(supplier_proposal, by=cast.head, findings=judged)
    assert SupplierExamination.objects.get().is_accepted


def test_an_examination_is_made_once_and_stays(cast: Cast) -> None:
    supplier_proposal = proposal(cast)
    refuse(supplier_proposal, by=cast.head)
    with pytest.raises(SupplierIsExamined):
        accept(supplier_proposal, by=cast.head)
    for rows, changed in ((SupplierExamination, {"reason": "Annat"}), (ExaminedCheck, {"note": "Annat"})):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            rows.objects.update(**changed)


def test_a_supplier_that_comes_into_the_register_another_way_waits_too(cast: Cast) -> None:
    """Whoever proposes and enters suppliers does not get past the examination by the register."""
    line = proposed(cast)
    supplier_proposal = proposal_of(line)
    supplier = entered(org_number="5500009005")
    assert awaits(supplier)
    with pytest.raises(DomainError, match="inte godkänd i leverantörsprövningen"):
        decisions.approve(lines=[line], supplier=anew(supplier), by=cast.head, at=NOW).only()
    accept(supplier_proposal, by=cast.head, order_email="")
    assert not awaits(supplier), "What is accepted stays so."
    assert SupplierExamination.objects.get().supplier == supplier
    decisions.approve(lines=[line], supplier=supplier, by=cast.head, at=NOW).only()


def test_it_waits_though_the_need_is_withdrawn_or_it_is_refused(cast: Cast) -> None:
    line = proposed(cast)
    supplier_proposal = proposal_of(line)
    supplier = entered()
    amendments.withdraw_line(line=line, by=cast.requester, at=NOW)
    assert waiting() == [supplier_proposal]
    refuse(supplier_proposal, by=cast.head)
    assert awaits(supplier)


def test_the_register_rules_over_suppliers_that_nobody_had_proposed(cast: Cast) -> None:
    """What lies in a basket is proposed to nobody yet."""
    basket = in_basket(cast).requisition
    supplier = entered()
    requisitions.submit(basket=basket, by=cast.requester, at=NOW)
    assert not awaits(supplier)
    assert waiting() == []


def test_one_that_is_accepted_waits_for_nobody_elses_proposal(cast: Cast) -> None:
    first, second = proposal(cast), proposal(cast)
    accept(first, by=cast.head)
    assert waiting() == []
    again = proposal(cast)
    assert again.supplier == Supplier.objects.get(org_number="550000-9005")
    accept(second, by=cast.head, order_email="")
    assert Supplier.objects.filter(name=SAID.name).count() == 1


def test_a_later_refusal_stops_what_is_approved_and_ordered(cast: Cast) -> None:
    line, later = proposed(cast), proposal(cast)
    accept(proposal_of(line), by=cast.head)
    supplier = Supplier.objects.get(org_number="550000-9005")
    decisions.approve(lines=[line], supplier=supplier, by=cast.head, at=NOW).only()
    orders.consolidate(at=NOW, due_only=False)
    order = PurchaseOrder.objects.get(supplier=supplier)
    refuse(later, by=cast.head)
    assert awaits(supplier)
    assert sending.send_order(order=order, at=NOW).status == OrderStatus.CANCELLED
    line.refresh_from_db()
    assert line.status == LineStatus.AWAITING
    assert "inte godkänd i leverantörsprövningen" in line.taken_back_sentence


@pytest.mark.django_db(transaction=True)
def test_two_who_examine_at_the_same_time_examine_once(cast: Cast) -> None:
    with transaction.atomic():
        supplier_proposal, other = proposal(cast), another_head()
    results = race(
        lambda: accept(supplier_proposal, by=cast.head), lambda: refuse(supplier_proposal, by=other)
    )
    assert sum(isinstance(each, SupplierProposal) for each in results) == 1
    assert sum(isinstance(each, SupplierIsExamined) for each in results) == 1
    assert SupplierExamination.objects.count() == 1
    assert ExaminedCheck.objects.count() == len(findings())


@pytest.mark.django_db(transaction=True)
def test_two_proposals_of_the_same_accepted_at_the_same_time_make_one_supplier(cast: Cast) -> None:
    with transaction.atomic():
        first, second, other = proposal(cast), proposal(cast), another_head()
    results = race(lambda: accept(first, by=cast.head), lambda: accept(second, by=other))
    assert all(isinstance(each, SupplierProposal) for each in results), results
    (supplier,) = Supplier.objects.filter(org_number="550000-9005")
    assert set(SupplierExamination.objects.values_list("supplier", flat=True)) == {supplier.pk}


def test_a_need_without_a_proposal_asks_nothing_more(cast: Cast) -> None:
    worlds.free_text(cast, "Tvättvagn")
    assert not SupplierProposal.objects.exists()
