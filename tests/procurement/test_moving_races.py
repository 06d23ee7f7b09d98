"""The organisation, who answers and what things cost change while people order and decide: each act is whole, or refused."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from core.errors import DomainError
from notices.models import Notice
from office.operations.plans import carry_out
from office.rules import breaches
from organizations.models import Department, DepartmentChange
from organizations.states import PlanStatus
from procurement.models import LineDecision, Requisition, RequisitionLine
from procurement.operations import baskets, decisions, orders, requisitions
from procurement.operations.decidable import Outcome
from procurement.operations.departments import merge_departments
from procurement.operations.leaving import leave
from procurement.operations.rerouting import reroute_waiting
from registers.cells import Cell
from registers.operations.applying import apply_import
from registers.operations.rows import add_row, change_row
from registers.register import REGISTERS
from tests import worlds
from tests.cast import NOW, TODAY, Cast
from tests.changes import assign_category
from tests.races import race
from tests.registers.test_files import compared

pytestmark = pytest.mark.django_db(transaction=True)

Act = Callable[[], Any]
LATER = NOW + timedelta(minutes=1)


def every_rule_holds() -> None:
    with transaction.atomic():
        assert breaches(LATER) == []


def hand_over(cast: Cast) -> Act:
    return partial(
        assign_category,
        category=cast.medical,
        manager=cast.office_deputy,
        deputy=cast.deputy,
        from_date=TODAY,
        by=cast.head,
        at=NOW,
    )


def let_her_leave(cast: Cast) -> Act:
    return partial(leave, user=cast.manager, successor=cast.office_deputy, by=cast.administrator, at=NOW)


@pytest.mark.parametrize("change", [hand_over, let_her_leave], ids=["handed over", "she leaves"])
def test_a_handover_while_she_decides(cast: Cast, change: Callable[[Cast], Act]) -> None:
    first, second = (worlds.submitted(cast, (cast.gloves, 20)) for _each in range(2))
    lines = [*first.lines.all(), *second.lines.all()]
    handed, outcome = race(change(cast), partial(decisions.approve, lines=lines, by=cast.manager, at=LATER))
    assert not isinstance(handed, Exception), handed
    assert isinstance(outcome, Outcome), outcome
    for line in RequisitionLine.objects.all():
        if line.status == "awaiting":
            assert line.responsible == cast.office_deputy
        else:
            assert (line.decided_by, line.responsible) == (cast.manager, cast.manager)
    assert LineDecision.objects.count() == len(outcome.done)
    every_rule_holds()
    # What is hers no longer is refused for a reason that she can read, and nothing is left behind.
    assert all(isinstance(refusal, DomainError) for _line, refusal in outcome.refused)
    assert reroute_waiting(at=LATER) == 0


def test_a_line_is_sent_in_the_moment_of_a_handover(cast: Cast) -> None:
    basket = worlds.basket(cast, (cast.gloves, 20))
    handed, submission = race(
        hand_over(cast), partial(requisitions.submit, basket=basket, by=cast.requester, at=LATER)
    )
    assert not isinstance(handed, Exception), handed
    assert not isinstance(submission, Exception), submission
    # One that was routed before the post had changed, and written after it was read, is found by the sweep.
    assert reroute_waiting(at=LATER) <= 1
    assert RequisitionLine.objects.get().responsible == cast.office_deputy
    every_rule_holds()


def test_a_department_is_merged_while_she_sends(cast: Cast) -> None:
    basket = worlds.basket(cast, (cast.gloves, 20))
    merged, submission = race(
        partial(merge_departments, department=cast.ward, into=cast.home, by=cast.administrator, at=NOW),
        partial(requisitions.submit, basket=basket, by=cast.requester, at=LATER),
    )
    assert not isinstance(merged, Exception), merged
    requisition = Requisition.objects.get()
    if isinstance(submission, Requisition):
        assert requisition.submitted_at == LATER
        assert requisition.delivery_place is not None
        assert requisition.delivery_place.department == requisition.department
    else:
        assert isinstance(submission, DomainError), submission
        assert (requisition.submitted_at, requisition.department) == (None, cast.home)
    assert requisition.lines.get().quantity == 20
    every_rule_holds()


def test_a_department_is_merged_while_she_fills_two_baskets(cast: Cast) -> None:
    home_basket = worlds.basket(cast, (cast.gloves, 1))
    Requisition.objects.filter(pk=home_basket.pk).update(department=cast.home)
    ward_basket = worlds.basket(cast, (cast.gloves, 2))
    add_gown = partial(baskets.add_item, item=cast.gown, quantity=Decimal(3), by=cast.requester, at=LATER)
    merged, *added = race(
        partial(merge_departments, department=cast.ward, into=cast.home, by=cast.administrator, at=NOW),
        partial(add_gown, basket=ward_basket),
    )
    assert not isinstance(merged, Exception), merged
    assert all(isinstance(each, RequisitionLine | DomainError) for each in added), added
    requisition = Requisition.objects.get()
    rows = sorted(requisition.lines.values_list("item__number", "quantity"))
    gowns = [("104600", Decimal(3))] * isinstance(added[0], RequisitionLine)
    assert rows == [("104412", Decimal(1)), ("104412", Decimal(2)), *gowns]
    every_rule_holds()


def test_prices_come_in_while_people_order_and_decide(cast: Cast) -> None:
    waiting = worlds.submitted(cast, (cast.gown, 10))
    basket = worlds.basket(cast, (cast.gloves, 20))
    of_import = compared(
        "prices",
        "Artikelnummer;Avtalsnummer;Leverantör;Pris;Från och med\n"
        "104412;RA 2020-014;556000-0001;57,00;2021-05-18\n"
        "104600;RA 2020-014;556000-0001;148,00;2021-05-18\n",
    )
    applied, submission, decided = race(
        partial(apply_import, of_import=of_import, by=None, at=NOW),
        partial(requisitions.submit, basket=basket, by=cast.requester, at=LATER),
        partial(decisions.approve, lines=list(waiting.lines.all()), by=cast.manager, at=LATER),
    )
    for outcome in (applied, submission, decided):
        assert not isinstance(outcome, Exception), outcome
    assert RequisitionLine.objects.get(requisition=basket).unit_price in (Decimal(57), Decimal(58))
    every_rule_holds()
    # What was approved at the dearer price is ordered at the lower one.
    (order,) = orders.consolidate(at=LATER + timedelta(minutes=1), due_only=False)
    assert [line.unit_price for line in order.lines.all()] == [Decimal(148)]
    every_rule_holds()


def test_an_import_closes_a_department_while_she_orders_for_it(cast: Cast) -> None:
    basket = worlds.basket(cast, (cast.gloves, 20))
    text = "Ansvar;Namn;Förvaltning;Verksamhet;Stängd från\n2140;Medicinavdelning 1;HSF;512;2021-05-18\n"
    of_import = compared("departments", text)
    applied, submission = race(
        partial(apply_import, of_import=of_import, by=None, at=NOW),
        partial(requisitions.submit, basket=basket, by=cast.requester, at=LATER),
    )
    assert not isinstance(applied, Exception), applied
    assert isinstance(submission, Requisition | DomainError), submission
    basket.refresh_from_db()
    assert (basket.submitted_at is None) == isinstance(submission, DomainError)
    assert not Department.objects.get(cost_center="2140").is_open_on(TODAY)
    every_rule_holds()


def test_a_plan_is_taken_back_in_its_very_moment(cast: Cast) -> None:
    register = REGISTERS["department_changes"]
    cells: dict[str, Cell] = {"cost_center": "2140", "from_date": TODAY, "name": "Omvårdnad 1"}
    pk = add_row(register=register, cells=cells, by=cast.administrator, at=NOW)
    plan = DepartmentChange.objects.get(pk=pk)
    new_cells = {"status": PlanStatus.TAKEN_BACK.value}
    _done, outcome = race(
        partial(carry_out, plan=plan, at=LATER),
        partial(change_row, register=register, row_id=pk, cells=new_cells, by=cast.administrator, at=LATER),
    )
    plan.refresh_from_db()
    cast.ward.refresh_from_db()
    if isinstance(outcome, Exception):
        assert (plan.status, cast.ward.name) == (PlanStatus.DONE, "Omvårdnad 1")
        assert Notice.objects.filter(facts__how="taken_back").count() == 0
    else:
        assert (plan.status, cast.ward.name) == (PlanStatus.TAKEN_BACK, "Medicinavdelning 1")
