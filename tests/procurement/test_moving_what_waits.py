"""A line, an attest or a queue never stays with somebody who no longer answers."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from audit.models import Entry
from categories.models import CategoryAssignment
from categories.operations import absences
from core.errors import NotPermitted
from notices.models import Notice
from office.registers.categories import DeputyIsManager
from organizations.models import Absence, Membership, Role, User
from procurement.models import BudgetAttest, RequisitionLine, RoutingRule
from procurement.operations import attests, decisions
from procurement.operations.rerouting import reroute_waiting
from procurement.permissions import NotYourAttest, NotYourLine
from procurement.reasons import reason_for
from registers.operations.rows import RowRefused
from tests import worlds
from tests.cast import ALWAYS, NOW, TODAY, Cast, delegation, membership, person
from tests.changes import assign_category, close_account, end_membership
from tests.procurement.deciding import approve

NEXT_DAY = NOW + timedelta(days=1)


def anew(user: User) -> User:
    """The person as the next request reads her."""
    return User.objects.get(pk=user.pk)


def close(cast: Cast, user: User) -> None:
    close_account(user=user, by=cast.administrator, at=NOW)


def change_manager(cast: Cast, _user: User) -> None:
    assign_category(
        category=cast.medical, manager=cast.office_deputy, deputy=None, from_date=TODAY, by=cast.head, at=NOW
    )


@pytest.mark.parametrize(
    ("change", "takes_over", "rule"),
    [
        (change_manager, "office_deputy", RoutingRule.MANAGER_ABOVE),
        (close, "deputy", RoutingRule.MANAGER_ABOVE),
    ],
)
def test_lines_follow_the_post(
    cast: Cast, change: Callable[[Cast, User], None], takes_over: str, rule: RoutingRule
) -> None:
    line = worlds.line(cast)
    returned_line = worlds.line(cast, (cast.gown, 1))
    decisions.return_with_question(lines=[returned_line], question="Varför?", by=cast.manager, at=NOW)
    change(cast, cast.manager)
    new = getattr(cast, takes_over)
    rows = list(RequisitionLine.objects.undecided().select_related("responsible"))
    assert {row.responsible for row in rows} == {new}
    line.refresh_from_db()
    assert line.routing_rule == rule
    assert new.full_name in reason_for(line)
    assert not RequisitionLine.objects.awaiting(cast.manager, TODAY).exists()
    assert list(RequisitionLine.objects.awaiting(anew(new), TODAY)) == [line]
    entry = Entry.objects.get(event="line.moved", subject_id=line.pk)
    assert (entry.details["before"], entry.details["responsible"]) == ("Karin Sundblad", new.full_name)
    with pytest.raises(NotYourLine):
        approve(line, anew(cast.manager)) if change is change_manager else approve(line, cast.office_deputy)
    assert approve(line, anew(new)).decided_by == new


def test_a_decided_line_stays_with_who_decided_it(cast: Cast) -> None:
    line = approve(worlds.line(cast), cast.manager)
    close(cast, cast.manager)
    line.refresh_from_db()
    assert (line.responsible, line.decided_by) == (cast.manager, cast.manager)


def test_an_assignment_that_begins_today_moves_what_waits_by_the_clock(cast: Cast) -> None:
    line = worlds.line(cast)
    assign_category(
        category=cast.medical, manager=cast.office_deputy, deputy=None, by=cast.head, at=NOW,
        from_date=TODAY + timedelta(days=1),
    )  # fmt: skip
    line.refresh_from_db()
    assert line.responsible == cast.manager
    assert reroute_waiting(at=NOW) == 0
    assert reroute_waiting(at=NEXT_DAY) == 1
    assert reroute_waiting(at=NEXT_DAY) == 0
    line.refresh_from_db()
    assert line.responsible == cast.office_deputy


def test_absence_that_begins_and_ends_moves_the_queue_there_and_back(cast: Cast) -> None:
    line = worlds.line(cast)
    during = DateRange(TODAY + timedelta(days=1), TODAY + timedelta(days=2))
    absences.report_absence(user=cast.manager, during=during, by=cast.manager, at=NOW)
    people = []
    for days in range(3):
        reroute_waiting(at=NOW + timedelta(days=days))
        line.refresh_from_db()
        people.append(line.responsible)
    assert people == [cast.manager, cast.deputy, cast.manager]


def test_what_nobody_else_can_decide_stays(cast: Cast) -> None:
    CategoryAssignment.objects.all().delete()
    line = worlds.line(cast)
    assert line.responsible == cast.head
    close(cast, cast.head)
    line.refresh_from_db()
    assert line.responsible == cast.head


def test_a_line_of_one_head_is_not_thrown_between_heads(cast: Cast) -> None:
    CategoryAssignment.objects.all().delete()
    line = worlds.line(cast)
    first = User(email="a@gotland.example", first_name="A", last_name="B")
    first.pk = 0
    first.save()
    membership(first, Role.HEAD_OF_PROCUREMENT)
    assert reroute_waiting(at=NOW) == 0
    Absence.objects.create(user=cast.head, during=DateRange(TODAY, TODAY + timedelta(days=2)))
    assert reroute_waiting(at=NOW) == 1
    line.refresh_from_db()
    assert line.responsible == first


def test_a_delegation_from_the_requester_takes_her_lines_off_the_delegate(cast: Cast) -> None:
    line = worlds.line(cast)
    membership(cast.requester, Role.BUDGET_HOLDER, cast.home, "1000")
    delegation(cast.requester, cast.manager)
    assert not RequisitionLine.objects.awaiting(anew(cast.manager), TODAY).exists()
    reroute_waiting(at=NOW)
    line.refresh_from_db()
    assert line.responsible == cast.deputy


@pytest.mark.parametrize("circumstance", ["membership ended", "account closed", "acts for the requester"])
def test_attests_move_to_who_may_give_them(cast: Cast, circumstance: str) -> None:
    budget_holder = person("nils.nara", "Nils", "Nära")
    membership(budget_holder, Role.BUDGET_HOLDER, cast.home, "50000")
    attest = worlds.submitted(cast, (cast.chair, 3)).attests.get()
    assert attest.responsible == cast.budget_holder
    if circumstance == "membership ended":
        role = Membership.objects.get(user=cast.budget_holder)
        end_membership(membership=role, last_date=TODAY - timedelta(days=1), by=cast.administrator, at=NOW)
    elif circumstance == "account closed":
        close(cast, cast.budget_holder)
    else:
        membership(cast.requester, Role.BUDGET_HOLDER, cast.home, "1000")
        delegation(cast.requester, cast.budget_holder)
        reroute_waiting(at=NOW)
    attest.refresh_from_db()
    assert attest.responsible == budget_holder
    assert list(BudgetAttest.objects.awaiting(budget_holder, TODAY)) == [attest]
    assert Entry.objects.get(event="attest.moved").details["before"] == "Marianne Klintberg"
    if circumstance != "account closed":
        with pytest.raises(NotPermitted):
            attests.attest(attest=attest, by=anew(cast.budget_holder), at=NOW)
    assert attests.attest(attest=attest, by=budget_holder, at=NOW).decided_by == budget_holder


def test_an_attest_goes_to_the_head_when_no_budget_holder_is_left(cast: Cast) -> None:
    attest = worlds.submitted(cast, (cast.chair, 3)).attests.get()
    close(cast, cast.budget_holder)
    attest.refresh_from_db()
    assert attest.responsible == cast.head
    with pytest.raises(NotYourAttest):
        attests.attest(attest=attest, by=cast.controller, at=NOW)
    assert attests.attest(attest=attest, by=cast.head, at=NOW).decided_by == cast.head


def test_a_closed_account_is_never_routed_to(cast: Cast) -> None:
    for user in (cast.manager, cast.budget_holder):
        close(cast, user)
    requisition = worlds.submitted(cast, (cast.gloves, 1), (cast.chair, 3))
    assert {line.responsible for line in requisition.lines.all()} == {cast.deputy}
    assert requisition.attests.get().responsible == cast.head
    close(cast, cast.deputy)
    assert worlds.line(cast).responsible == cast.head


def test_posts_are_given_by_the_head_to_who_is_there(cast: Cast) -> None:
    for by in (cast.manager, cast.administrator, cast.controller, cast.requester):
        with pytest.raises(NotPermitted):
            assign_category(category=cast.medical, manager=cast.head, from_date=TODAY, by=by)
    with pytest.raises(DeputyIsManager):
        assign_category(
            category=cast.medical, manager=cast.head, deputy=cast.head, from_date=TODAY, by=cast.head
        )
    close(cast, cast.office_deputy)
    with pytest.raises(RowRefused):
        assign_category(category=cast.medical, manager=cast.office_deputy, from_date=TODAY, by=cast.head)


def test_accounts_and_roles_are_ended_by_administrators(cast: Cast) -> None:
    role = Membership.objects.get(user=cast.budget_holder)
    for by in (cast.manager, cast.controller, cast.budget_holder):
        with pytest.raises(NotPermitted):
            end_membership(membership=role, last_date=TODAY, by=by)
        with pytest.raises(NotPermitted):
            close_account(user=cast.budget_holder, by=by)


@pytest.mark.parametrize("deputy", ["deputy", None])
def test_whoever_leaves_by_a_file_or_a_row_has_her_work_placed(cast: Cast, deputy: str | None) -> None:
    """As when a directory tells of it: the deputy has her post, and somebody else who orders there her basket."""
    CategoryAssignment.objects.filter(category=cast.medical).update(deputy=cast.deputy if deputy else None)
    basket = worlds.basket(cast)
    close(cast, cast.manager)
    close(cast, cast.requester)
    post = CategoryAssignment.objects.on(TODAY).get(category=cast.medical)
    assert post.manager == (cast.deputy if deputy else cast.manager), (
        "nobody can have it: check_ready names it"
    )
    basket.refresh_from_db()
    assert basket.requester == cast.colleague
    assert Notice.objects.get(kind="basket_inherited").recipient == cast.colleague


def test_standing_approval_is_never_in_the_name_of_who_acts_for_the_requester(cast: Cast) -> None:
    cast.medical.policies.update(standing_approval_limit=1000)
    assert approve_at_once(cast)
    membership(cast.requester, Role.BUDGET_HOLDER, cast.home, "1000")
    new_delegation = delegation(cast.requester, cast.manager)
    assert not approve_at_once(cast)
    new_delegation.delete()
    close(cast, cast.manager)
    assert not approve_at_once(cast)


def approve_at_once(cast: Cast) -> bool:
    return worlds.line(cast, (cast.gown, 1)).decided_by is not None


def test_a_delegation_of_nothing_changes_nothing(cast: Cast) -> None:
    delegation(cast.requester, cast.manager, valid_during=ALWAYS)
    line = worlds.line(cast)
    assert line.responsible == cast.manager
    assert approve(line, anew(cast.manager)).decided_by == cast.manager


@pytest.fixture
def waiting_attest(cast: Cast) -> BudgetAttest:
    """An attest that waits for Marianne; Anders may give it too."""
    membership(person("anders.holm", "Anders", "Holm"), Role.BUDGET_HOLDER, cast.ward, "300000")
    return worlds.submitted(cast, (cast.chair, 3)).attests.get()


def attester_after(attest: BudgetAttest) -> User:
    """Who has it when what waits has been moved, however many times."""
    for _again in range(2):
        reroute_waiting(at=NOW)
    attest.refresh_from_db()
    return attest.responsible


def let_be_away(user: User) -> None:
    Absence.objects.create(user=user, during=DateRange(TODAY, TODAY + timedelta(days=30)))


def test_an_attest_does_not_wait_for_somebody_who_is_away(cast: Cast, waiting_attest: BudgetAttest) -> None:
    let_be_away(cast.budget_holder)
    anders = User.objects.get(email__startswith="anders")
    assert attester_after(waiting_attest) == anders
    assert Notice.objects.filter(recipient=anders, kind="handover").exists()
    entry = Entry.objects.get(event="attest.moved")
    assert (entry.details["before"], entry.details["responsible"]) == ("Marianne Klintberg", "Anders Holm")


def test_an_attest_waits_for_whoever_may_act_for_her_who_is_away(
    cast: Cast, waiting_attest: BudgetAttest
) -> None:
    delegation(cast.budget_holder, cast.colleague)
    let_be_away(cast.budget_holder)
    assert attester_after(waiting_attest) == cast.budget_holder
    let_be_away(cast.colleague)
    assert attester_after(waiting_attest) == User.objects.get(email__startswith="anders")


def test_an_attest_does_not_wait_for_a_delegate_who_has_asked_for_it(
    cast: Cast, waiting_attest: BudgetAttest
) -> None:
    delegation(cast.budget_holder, cast.requester)
    let_be_away(cast.budget_holder)
    assert attester_after(waiting_attest) == User.objects.get(email__startswith="anders")


def test_an_attest_stays_when_all_who_may_give_it_are_away(cast: Cast, waiting_attest: BudgetAttest) -> None:
    for user in (cast.budget_holder, User.objects.get(email__startswith="anders"), cast.head):
        let_be_away(user)
    assert attester_after(waiting_attest) == cast.budget_holder


def test_what_has_gone_on_does_not_go_back_when_the_next_is_away(
    cast: Cast, waiting_attest: BudgetAttest
) -> None:
    anders = User.objects.get(email__startswith="anders")
    BudgetAttest.objects.update(responsible=anders, escalation="another", escalated_from=cast.budget_holder)
    let_be_away(anders)
    assert attester_after(waiting_attest) == cast.head
