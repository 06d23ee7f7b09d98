"""What is planned for a day happens on that day, once, and can be changed and taken back before it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from audit.models import Entry
from categories.responsibility import posts_on
from notices.models import Notice
from office.operations.plans import carry_out, carry_out_due
from office.readiness import holes_on
from office.tasks import carry_out_plans
from organizations.models import (
    Administration,
    AdministrationChange,
    DeliveryPlace,
    Department,
    DepartmentChange,
    Departure,
    Membership,
    User,
)
from organizations.states import PlanStatus
from procurement.operations.departments import merge_departments
from procurement.operations.leaving import leave
from registers.cells import Cell
from registers.operations.applying import apply_import
from registers.operations.rows import RowIsKept, RowRefused, add_row, change_row, remove_row
from registers.operations.writing import OutOfReach
from registers.register import REGISTERS
from tests.cast import NOW, TODAY, Cast, person
from tests.changes import close_account
from tests.races import race
from tests.registers.test_files import compared
from tests.worlds import basket, submitted

NEW_YEAR = date(2022, 1, 1)
ON_THE_DAY = NOW + (NEW_YEAR - TODAY)


def plan(cast: Cast, name: str = "department_changes", /, **cells: Any) -> int:
    """Plan something for New Year, unless another day is said."""
    day = {"last_date": NEW_YEAR - timedelta(days=1)} if name == "departures" else {"from_date": NEW_YEAR}
    return add_row(register=REGISTERS[name], cells=day | cells, by=cast.administrator, at=NOW)


def other(cast: Cast) -> Administration:
    return Administration.objects.create(authority=cast.authority, code="SOF", name="Socialförvaltningen")


def rename_and_move(cast: Cast) -> int:
    return plan(cast, cost_center="2140", name="Omvårdnad 1", administration=other(cast).code)


def told(user: User) -> list[tuple[str, dict[str, Any]]]:
    return list(Notice.objects.filter(recipient=user).order_by("pk").values_list("kind", "facts"))


def test_a_department_is_what_it_was_until_its_day(cast: Cast) -> None:
    rename_and_move(cast)
    assert carry_out_due(at=ON_THE_DAY - timedelta(days=1)) == 0
    cast.ward.refresh_from_db()
    assert (cast.ward.name, cast.ward.administration) == ("Medicinavdelning 1", cast.administration)


@pytest.mark.parametrize("late", [0, 1, 40], ids=["on the day", "a day late", "after weeks down"])
def test_it_changes_on_its_day_once(cast: Cast, late: int) -> None:
    pk = rename_and_move(cast)
    at = ON_THE_DAY + timedelta(days=late)
    assert (carry_out_due(at=at), carry_out_due(at=at)) == (1, 0)
    cast.ward.refresh_from_db()
    assert (cast.ward.name, cast.ward.administration.code) == ("Omvårdnad 1", "SOF")
    change = DepartmentChange.objects.get(pk=pk)
    assert (change.status, change.done_at) == (PlanStatus.DONE, at)
    changed = Entry.objects.about(cast.ward).get()
    assert (changed.event, changed.by_name) == ("register.row_changed", "Rauk")
    assert changed.details["after"] == {"name": "Omvårdnad 1", "administration": "SOF"}
    assert [entry.event for entry in Entry.objects.about(change)] == ["register.row_added", "plan.done"]
    # Somebody gives it another name afterwards, and the plan does not come back.
    change_row(register=REGISTERS["departments"], row_id=cast.ward.pk, cells={"name": "Nytt"}, by=None, at=at)
    assert carry_out_due(at=at) == 0
    cast.ward.refresh_from_db()
    assert cast.ward.name == "Nytt"


def test_a_merger_on_its_day_moves_what_there_is_then(cast: Cast) -> None:
    plan(cast, cost_center="2140", into="3310")
    own_basket = basket(cast, (cast.gloves, 3), by=cast.colleague, at=NOW + timedelta(days=30))
    carry_out_due(at=ON_THE_DAY)
    own_basket.refresh_from_db()
    cast.ward.refresh_from_db()
    assert (own_basket.department, cast.ward.closed_date, cast.ward.merged_into) == (
        cast.home,
        NEW_YEAR,
        cast.home,
    )
    assert Membership.objects.on(NEW_YEAR).filter(user=cast.colleague, department=cast.home).exists()


def test_what_was_to_go_on_and_was_itself_merged_is_followed(cast: Cast) -> None:
    third = Department.objects.create(
        administration=cast.administration,
        cost_center="3320",
        name="Säboenhet Klinte",
        activity=cast.activity,
    )
    plan(cast, cost_center="2140", into="3310")
    merge_departments(department=cast.home, into=third, by=cast.administrator, at=NOW)
    carry_out_due(at=ON_THE_DAY)
    cast.ward.refresh_from_db()
    assert cast.ward.merged_into == third


def test_an_administration_goes_up_in_another_with_its_departments(cast: Cast) -> None:
    into = other(cast)
    plan(cast, "administration_changes", code="HSF", into="SOF")
    carry_out_due(at=ON_THE_DAY)
    cast.administration.refresh_from_db()
    assert (cast.administration.closed_date, cast.administration.merged_into) == (NEW_YEAR, into)
    assert set(Department.objects.values_list("administration", flat=True)) == {into.pk}
    assert Entry.objects.about(cast.ward).get().event == "department.moved"
    # What was to come to the one that is gone comes to the one that has its departments.
    assert AdministrationChange.objects.get().status == PlanStatus.DONE


def test_an_administration_gets_another_name(cast: Cast) -> None:
    plan(cast, "administration_changes", code="HSF", name="Hälsoförvaltningen")
    carry_out_due(at=ON_THE_DAY)
    cast.administration.refresh_from_db()
    assert cast.administration.name == "Hälsoförvaltningen"


def test_a_person_works_through_her_last_day(cast: Cast) -> None:
    plan(cast, "departures", email=cast.manager.email, successor=cast.office_deputy.email)
    requisition = submitted(cast, (cast.gloves, 2), at=ON_THE_DAY - timedelta(days=1))
    carry_out_due(at=ON_THE_DAY - timedelta(days=1))
    assert User.objects.filter(pk=cast.manager.pk, is_active=True).exists()
    assert requisition.lines.get().responsible == cast.manager
    carry_out_due(at=ON_THE_DAY)
    assert User.objects.filter(pk=cast.manager.pk, is_active=False).exists()
    assert posts_on(NEW_YEAR)[cast.medical.pk].manager == cast.office_deputy
    assert requisition.lines.get().responsible == cast.office_deputy


def test_the_successor_of_a_successor_takes_over(cast: Cast) -> None:
    newcomer = person("nils.ny", "Nils", "Ny")
    plan(cast, "departures", email=cast.manager.email, successor=cast.office_deputy.email)
    leave(user=cast.office_deputy, successor=newcomer, by=cast.administrator, at=NOW)
    assert "departure_to_leaver" in {hole.code for hole in holes_on(TODAY)}
    carry_out_due(at=ON_THE_DAY)
    assert posts_on(NEW_YEAR)[cast.medical.pk].manager == newcomer


def test_she_leaves_though_nobody_is_left_to_take_over(cast: Cast) -> None:
    plan(cast, "departures", email=cast.manager.email, successor=cast.office_deputy.email)
    requisition = submitted(cast, (cast.gloves, 2), at=ON_THE_DAY - timedelta(days=1))
    close_account(user=cast.office_deputy, by=cast.administrator, at=NOW)
    carry_out_due(at=ON_THE_DAY)
    cast.manager.refresh_from_db()
    assert not cast.manager.is_active
    # Her deputy has the post, and what waited.
    assert requisition.lines.get().responsible == cast.deputy
    assert posts_on(NEW_YEAR)[cast.medical.pk].manager == cast.deputy
    assert "post_of_leaver" not in {hole.code for hole in holes_on(NEW_YEAR)}


def test_who_leaves_earlier_than_planned_leaves_once(cast: Cast) -> None:
    pk = plan(cast, "departures", email=cast.manager.email, successor=cast.office_deputy.email)
    leave(user=cast.manager, successor=cast.deputy, by=cast.administrator, at=NOW)
    departure = Departure.objects.get(pk=pk)
    assert (departure.status, departure.successor) == (PlanStatus.DONE, cast.deputy)
    assert carry_out_due(at=ON_THE_DAY) == 0


LATER = NOW + timedelta(hours=1)


def test_what_is_taken_back_does_not_happen(cast: Cast) -> None:
    pk = rename_and_move(cast)
    cells = {"status": PlanStatus.TAKEN_BACK}
    change_row(
        register=REGISTERS["department_changes"], row_id=pk, cells=cells, by=cast.administrator, at=LATER
    )
    assert carry_out_due(at=ON_THE_DAY) == 0
    assert [facts["how"] for _kind, facts in told(cast.requester)] == ["moved", "taken_back"]


def test_another_day_is_another_day(cast: Cast) -> None:
    pk = rename_and_move(cast)
    cells = {"from_date": NEW_YEAR + timedelta(days=31)}
    change_row(
        register=REGISTERS["department_changes"], row_id=pk, cells=cells, by=cast.administrator, at=LATER
    )
    assert carry_out_due(at=ON_THE_DAY) == 0
    assert carry_out_due(at=ON_THE_DAY + timedelta(days=31)) == 1
    assert [facts["day"] for _kind, facts in told(cast.budget_holder)] == ["2022-01-01", "2022-02-01"]


def test_those_concerned_are_told_once(cast: Cast) -> None:
    rename_and_move(cast)
    plan(cast, "departures", email=cast.manager.email, successor=cast.deputy.email)
    facts = {"how": "moved", "what": "Medicinavdelning 1", "name": "Omvårdnad 1"}
    ((kind, values),) = told(cast.requester)
    assert (kind, values) == ("reorganisation", facts | {"to": "Socialförvaltningen", "day": "2022-01-01"})
    assert told(cast.stranger) == []
    assert [facts["how"] for _kind, facts in told(cast.deputy)] == ["successor"]
    assert [facts["how"] for _kind, facts in told(cast.manager)] == ["leaver"]


def close_the_ward(cast: Cast) -> None:
    Department.objects.filter(pk=cast.ward.pk).update(closed_date=TODAY)


def test_what_can_no_longer_be_done_is_said_and_mended(cast: Cast) -> None:
    pk = rename_and_move(cast)
    close_the_ward(cast)
    assert carry_out_due(at=ON_THE_DAY) == 0
    change = DepartmentChange.objects.get(pk=pk)
    assert change.status == PlanStatus.REFUSED
    assert "plan_of_what_is_closed" in change.refusal
    assert [kind for kind, _facts in told(cast.administrator)] == ["plan_refused"]
    (hole,) = [hole for hole in holes_on(NEW_YEAR) if hole.code == "department_change_refused"]
    assert [each.row for each in hole.rows] == [change]
    assert carry_out_due(at=ON_THE_DAY) == 0
    # Mended: the ward is open again, and somebody plans it anew.
    Department.objects.filter(pk=cast.ward.pk).update(closed_date=None)
    register = REGISTERS["department_changes"]
    again: dict[str, Cell] = {"status": "planned", "from_date": NEW_YEAR}
    change_row(register=register, row_id=pk, cells=again, by=cast.administrator, at=ON_THE_DAY)
    assert carry_out_due(at=ON_THE_DAY) == 1


def test_one_that_is_refused_holds_up_no_other(cast: Cast) -> None:
    plan(cast, cost_center="2140", name="Ett")
    plan(cast, cost_center="3310", name="Två")
    close_the_ward(cast)
    assert carry_out_due(at=ON_THE_DAY) == 1
    cast.home.refresh_from_db()
    assert cast.home.name == "Två"


WRONG: dict[str, tuple[str, dict[str, Any], str]] = {
    "in the past": ("department_changes", {"cost_center": "2140", "name": "X", "from_date": TODAY - timedelta(1)}, "from_date"),
    "of nothing": ("department_changes", {"cost_center": "2140"}, ""),
    "name of what is merged": ("department_changes", {"cost_center": "2140", "into": "3310", "name": "X"}, ""),
    "into itself": ("department_changes", {"cost_center": "2140", "into": "2140"}, ""),
    "done by hand": ("department_changes", {"cost_center": "2140", "name": "X", "status": "refused"}, "status"),
    "administration of nothing": ("administration_changes", {"code": "HSF"}, ""),
    "left the day before yesterday": ("departures", {"email": "elin.bergvall@gotland.example", "successor": "oskar.lindahl@gotland.example", "last_date": TODAY - timedelta(2)}, "last_date"),
    "succeeded by herself": ("departures", {"email": "elin.bergvall@gotland.example", "successor": "elin.bergvall@gotland.example"}, ""),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_planned_is_refused(cast: Cast, case: str) -> None:
    name, cells, column = WRONG[case]
    with pytest.raises(Exception) as refusal:
        plan(cast, name, **cells)
    if column:
        assert isinstance(refusal.value, RowRefused)
        assert list(refusal.value.by_column) == [column]
    else:
        assert refusal.value.code in ("plan_of_nothing", "plan_into_itself")  # type: ignore[attr-defined]


def test_nobody_plans_her_own_leaving(cast: Cast) -> None:
    with pytest.raises(OutOfReach):
        plan(cast, "departures", email=cast.administrator.email, successor=cast.manager.email)


def test_what_is_done_is_never_changed_or_taken_away(cast: Cast) -> None:
    pk = rename_and_move(cast)
    register = REGISTERS["department_changes"]
    with pytest.raises(RowIsKept):
        remove_row(register=register, row_id=pk, by=cast.administrator, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        DepartmentChange.objects.filter(pk=pk).delete()
    carry_out_due(at=ON_THE_DAY)
    with pytest.raises(Exception) as refusal:
        change_row(register=register, row_id=pk, cells={"name": "X"}, by=None, at=ON_THE_DAY)
    assert refusal.value.code == "plan_is_kept"  # type: ignore[attr-defined]


def test_a_plan_of_another_that_left_is_followed_in_a_circle_to_nobody(cast: Cast) -> None:
    leave(user=cast.deputy, successor=cast.office_deputy, by=cast.administrator, at=NOW)
    pk = plan(cast, "departures", email=cast.office_deputy.email, successor=cast.manager.email)
    leave(user=cast.manager, successor=cast.office_deputy, by=cast.administrator, at=NOW)
    carry_out_due(at=ON_THE_DAY)
    assert Departure.objects.get(pk=pk).status == PlanStatus.DONE
    cast.office_deputy.refresh_from_db()
    assert not cast.office_deputy.is_active


def close_later(cast: Cast) -> None:
    register = REGISTERS["administrations"]
    change_row(
        register=register,
        row_id=cast.administration.pk,
        cells={"closed_date": NEW_YEAR},
        by=cast.administrator,
        at=NOW,
    )


def test_an_administration_does_not_close_over_open_departments(cast: Cast) -> None:
    with pytest.raises(RowRefused) as refusal:
        close_later(cast)
    assert refusal.value.by_column["closed_date"].code == "administration_has_departments"
    other(cast)
    for code in ("2140", "3310"):
        plan(cast, cost_center=code, administration="SOF")
    close_later(cast)


def test_a_department_is_not_put_in_a_closed_administration(cast: Cast) -> None:
    Administration.objects.filter(pk=other(cast).pk).update(closed_date=TODAY)
    with pytest.raises(RowRefused) as refusal:
        change_row(
            register=REGISTERS["departments"],
            row_id=cast.ward.pk,
            cells={"administration": "SOF"},
            by=cast.administrator,
            at=NOW,
        )
    assert refusal.value.by_column["administration"].code == "department_in_closed_administration"


def test_whose_account_was_closed_before_her_day_leaves_nothing_behind(cast: Cast) -> None:
    plan(cast, "departures", email=cast.manager.email, successor=cast.office_deputy.email)
    close_account(user=cast.manager, by=cast.administrator, at=NOW)
    assert posts_on(TODAY)[cast.medical.pk].manager == cast.office_deputy, "who was to take over does so now"
    assert carry_out_due(at=ON_THE_DAY) == 0
    assert posts_on(NEW_YEAR)[cast.medical.pk].manager == cast.office_deputy


def test_a_department_that_closes_tells_its_people_once_and_if_it_does_not(cast: Cast) -> None:
    register = REGISTERS["departments"]
    assert not Department.objects.closing_untold().exists()
    days: list[Cell] = [NEW_YEAR, NEW_YEAR, "", NEW_YEAR]
    for minutes, closed in enumerate(days):
        cells: dict[str, Cell] = {"closed_date": closed, "name": f"Avdelning {minutes}"}
        at = NOW + timedelta(minutes=minutes)
        change_row(register=register, row_id=cast.ward.pk, cells=cells, by=cast.administrator, at=at)
    assert [facts["how"] for _kind, facts in told(cast.requester)] == ["closed", "not_closed", "closed"]
    assert told(cast.stranger) == []


def test_a_reorganisation_is_a_file(cast: Cast) -> None:
    other(cast)
    text = (
        "Ansvar;Från och med;Nytt namn;Ny förvaltning;Går upp i\n"
        "2140;2022-01-01;Omvårdnad 1;SOF;\n"
        "3310;2021-05-17;Omvårdnad 2;;\n"
        "3310;2022-01-01;;;3310\n"
        "3310;2022-01-01;;SOF;2140\n"
    )
    of_import = apply_import(of_import=compared("department_changes", text), by=cast.administrator, at=NOW)
    kind_by_row = dict(of_import.changes.values_list("row", "kind"))
    assert kind_by_row == {2: "new", 3: "refused", 4: "refused", 5: "refused"}
    assert carry_out_due(at=ON_THE_DAY) == 1
    cast.ward.refresh_from_db()
    assert (cast.ward.name, cast.ward.administration.code) == ("Omvårdnad 1", "SOF")
    # The same row again changes nothing, and a file that is said to be complete takes no plan away.
    again = compared("department_changes", "".join(text.splitlines(True)[:2]), is_complete=True)
    assert [change.kind for change in again.changes.all()] == ["unchanged"]
    nothing = "Ansvar;Från och med;Nytt namn\n3310;2022-02-01;Omvårdnad 2\n"
    apply_import(of_import=compared("department_changes", nothing, is_complete=True), by=None, at=NOW)
    assert DepartmentChange.objects.count() == 2


def test_the_clock_only_wakes_it(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    rename_and_move(cast)
    monkeypatch.setattr("django.utils.timezone.now", lambda: ON_THE_DAY)
    carry_out_plans()
    carry_out_plans()
    assert DepartmentChange.objects.get().status == PlanStatus.DONE


@pytest.mark.django_db(transaction=True)
def test_two_clocks_do_it_once(cast: Cast) -> None:
    plan(cast, cost_center="2140", into="3310")
    due: Callable[[], Any] = lambda: carry_out(plan=DepartmentChange.objects.get(), at=ON_THE_DAY)  # noqa: E731
    outcomes = race(due, due)
    assert [outcome.status for outcome in outcomes] == [PlanStatus.DONE] * 2
    assert Entry.objects.filter(event="department.merged").count() == 1
    assert DeliveryPlace.objects.filter(department=cast.home).count() == 2
