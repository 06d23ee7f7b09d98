"""A category changes on its day, as it was planned; what moves is said before, and plans are held against each other."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from assortment.models import Candidate, CouncilSeat, MissedSearch, Proposal
from assortment.states import ProposalStatus
from categories.models import Category, CategoryChange, CategoryPolicy
from categories.permissions import AssignmentsAreForTheHead
from notices.models import Notice
from office.operations.mergers import merge_categories
from office.operations.plans import carry_out_due
from office.readiness import holes_on
from organizations.models import Department, DepartmentChange, User
from organizations.states import PlanStatus
from procurement.operations.departments import merge_departments
from registers.cells import Cell
from registers.operations.rows import RowRefused, add_row, change_row
from registers.register import REGISTERS
from reporting.models import BaselineMethod, SavingInitiative
from tests import worlds
from tests.api.clients import Program
from tests.assortment.worlds import proposed
from tests.cast import NOW, TODAY, Cast, person
from tests.pages import signed_in, text_of

NEW_YEAR = date(2022, 1, 1)
ON_THE_DAY = NOW + (NEW_YEAR - TODAY)


def plan(cast: Cast, name: str = "category_changes", /, **cells: Any) -> int:
    """Plan something for New Year, unless another day is said."""
    by = cast.head if name == "category_changes" else cast.administrator
    return add_row(register=REGISTERS[name], cells={"from_date": NEW_YEAR} | cells, by=by, at=NOW)


def told(user: User) -> list[tuple[str, str]]:
    notices = Notice.objects.filter(recipient=user, kind__in=["category_change", "plan_refused"]).order_by(
        "pk"
    )
    return [(notice.kind, notice.facts.get("how", "")) for notice in notices]


def initiative(category: Category, code: str, day: date) -> SavingInitiative:
    return SavingInitiative.objects.create(
        code=code, name=code, category=category, method=BaselineMethod.HIST_AVG, effective_date=day
    )


def test_a_merger_on_its_day_moves_what_there_is_then(cast: Cast) -> None:
    old, into = cast.gloves_category, cast.office
    seats = {"valid_during": DateRange(date(2021, 1, 1), None)}
    CouncilSeat.objects.create(category=old, user=cast.requester, **seats)
    CouncilSeat.objects.create(category=old, user=cast.colleague, **seats)
    CouncilSeat.objects.create(category=into, user=cast.colleague, **seats)
    CouncilSeat.objects.create(category=into, user=cast.stranger, **seats)
    CategoryPolicy.objects.create(category=old, set_by=cast.head, valid_during=DateRange(TODAY, None))
    plan(cast, category=old.code, into=into.code)
    assert (
        told(cast.manager)
        == told(cast.office_deputy)
        == told(cast.requester)
        == [("category_change", "merged")]
    )
    line = worlds.submitted(cast, (cast.gloves, 2)).lines.get()
    proposal = proposed(cast)
    Proposal.objects.filter(pk=proposal.pk).update(
        status=ProposalStatus.ASSESSED, council=old, vote_through_date=date(2022, 2, 1)
    )
    search = MissedSearch.objects.create(text="x", first_at=NOW, last_at=NOW, category=old)
    candidate = Candidate.objects.create(
        key="x", kind="needs", category=old, title="x", unit="st", cheapest_price=1, dearest_price=2, choices=2, times=2,
        departments=1, amount=2, worth=1, computed_on=TODAY,
    )  # fmt: skip
    to_come, over = initiative(old, "I1", date(2022, 3, 1)), initiative(old, "I2", date(2021, 1, 1))
    assert carry_out_due(at=ON_THE_DAY - timedelta(days=1)) == 0
    assert (carry_out_due(at=ON_THE_DAY), carry_out_due(at=ON_THE_DAY)) == (1, 0)
    for each in (old, cast.gloves, line, proposal, search, candidate, to_come, over):
        each.refresh_from_db()
    assert (old.closed_date, old.merged_into) == (NEW_YEAR, into)
    assert {cast.gloves.category, line.category, proposal.category, search.category} == {into}
    assert candidate.category == to_come.category == into
    assert over.category == old
    assert old.policies.get().valid_during.upper == NEW_YEAR
    assert not CouncilSeat.objects.on(NEW_YEAR).filter(category=old).exists()
    sits = CouncilSeat.objects.on(NEW_YEAR).filter(category=into).values_list("user", flat=True)
    assert sorted(sits) == sorted([cast.requester.pk, cast.colleague.pk, cast.stranger.pk])
    assert proposal.council == into
    assert Notice.objects.filter(recipient=cast.stranger, kind="council").count() == 1
    assert not Notice.objects.filter(recipient=cast.colleague, kind="council").exists()
    change = CategoryChange.objects.get()
    assert (change.status, change.done_at) == (PlanStatus.DONE, ON_THE_DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        CategoryChange.objects.update(name="Nytt")


def test_a_council_above_takes_in_those_who_sat_below(cast: Cast) -> None:
    """The one that goes on has no council of its own, and does not get one of some of those concerned."""
    old, into = cast.office, cast.gloves_category
    days = DateRange(date(2021, 1, 1), None)
    CouncilSeat.objects.create(category=old, user=cast.requester, valid_during=days)
    CouncilSeat.objects.create(category=cast.medical, user=cast.colleague, valid_during=days)
    merge_categories(category=old, into=into, by=cast.head, at=NOW)
    assert set(CouncilSeat.objects.on(TODAY).values_list("category", flat=True)) == {cast.medical.pk}
    assert CouncilSeat.objects.on(TODAY).count() == 2


def test_a_category_is_renamed_and_moved_on_its_day(cast: Cast) -> None:
    old = cast.gloves_category
    plan(cast, category=old.code, name="Handskar och mer", name_en="Gloves and more", parent=cast.office.code)
    carry_out_due(at=ON_THE_DAY)
    old.refresh_from_db()
    assert (old.name, old.name_en, old.parent) == ("Handskar och mer", "Gloves and more", cast.office)
    assert old.lineage[-2:] == [cast.office.pk, old.pk]


def test_what_was_to_go_on_and_was_itself_merged_is_followed(cast: Cast) -> None:
    plan(cast, category=cast.gloves_category.code, into=cast.office.code)
    third = Category.objects.create(code="99", name="Annat", kind="both", tree_code="99")
    merge_categories(category=cast.office, into=third, by=cast.head, at=NOW)
    carry_out_due(at=ON_THE_DAY)
    cast.gloves_category.refresh_from_db()
    assert cast.gloves_category.merged_into == third


def test_what_can_no_longer_be_done_is_told_to_the_head(cast: Cast) -> None:
    plan(cast, category=cast.gloves_category.code, name="Nytt")
    merge_categories(category=cast.gloves_category, into=cast.office, by=cast.head, at=NOW)
    holes = {hole.code for hole in holes_on(TODAY)}
    assert "category_change_impossible" in holes
    assert carry_out_due(at=ON_THE_DAY) == 0
    assert CategoryChange.objects.get().status == PlanStatus.REFUSED
    assert ("plan_refused", "") in told(cast.head)
    assert "category_change_refused" in {hole.code for hole in holes_on(TODAY)}


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"into": "{gloves}"}, "into"),
        ({"parent": "{gloves}"}, "parent"),
        ({"into": "{office}", "from_date": TODAY - timedelta(1)}, "from_date"),
        ({"into": "{office}", "from_date": NEW_YEAR + timedelta(1)}, "from_date"),
    ],
)
def test_what_cannot_be_is_refused_when_it_is_planned(cast: Cast, cells: dict[str, Any], column: str) -> None:
    codes = {"gloves": cast.gloves_category.code, "office": cast.office.code}
    plan(cast, category=cast.office.code, into=cast.medical.code)
    values = {name: cell.format(**codes) if isinstance(cell, str) else cell for name, cell in cells.items()}
    with pytest.raises(RowRefused) as exc_info:
        plan(cast, category=cast.medical.code, **{"from_date": NEW_YEAR - timedelta(9)} | values)
    assert list(exc_info.value.by_column) == [column]


def test_only_the_head_plans_and_the_page_says_what_moves(cast: Cast, at_nine: None) -> None:
    old = cast.gloves_category
    worlds.submitted(cast, (cast.gloves, 1))
    values = {"category": old.code, "from_date": "2022-01-01", "into": cast.office.code, "status": "planned"}
    program = Program(cast.head)
    moves = program.post("registers/category_changes/preview/", values=values).data["moves"]
    assert "1 artikel följer med." in moves
    assert "1 rad som inte är klar följer med." in moves
    with pytest.raises(AssignmentsAreForTheHead), transaction.atomic():
        merge_categories(category=old, into=cast.office, by=cast.manager, at=NOW)
    client, address = signed_in(cast.head), f"/kategorier/{old.pk}/sla-ihop/"
    assert client.post(address, {"into": cast.office.code, "from_date": "2021-05-01"}).status_code == 422
    answer = client.post(address, {"into": cast.office.code, "from_date": "2022-01-01"})
    planned = CategoryChange.objects.get()
    assert answer.headers["Location"] == f"/register/category_changes/{planned.pk}/"
    row = text_of(client.get(f"/register/categories/{old.pk}/"))
    assert f"Går upp i {cast.office} från och med lördag 1 januari 2022." in row
    change_row(
        register=REGISTERS["category_changes"],
        row_id=planned.pk,
        cells={"status": "taken_back"},
        by=cast.head,
        at=NOW + timedelta(1),
    )
    assert told(cast.manager)[-1] == ("category_change", "taken_back")


def test_departments_that_would_go_up_in_each_other_are_refused(cast: Cast) -> None:
    plan(cast, "department_changes", cost_center="2140", into="3310")
    for cells in (
        {"cost_center": "3310", "into": "2140", "from_date": NEW_YEAR + timedelta(9)},
        {"cost_center": "3310", "into": "2140", "from_date": TODAY},
        {"cost_center": "2140", "name": "Nytt", "from_date": NEW_YEAR + timedelta(9)},
    ):
        with pytest.raises(RowRefused, match="annan planerad ändring") as exc_info:
            plan(cast, "department_changes", **cells)
        assert list(exc_info.value.by_column) == ["from_date"]
    plan(cast, "department_changes", cost_center="2140", name="Nytt", from_date=NEW_YEAR - timedelta(9))


def test_people_who_would_take_over_after_each_other_are_refused(cast: Cast) -> None:
    register, day = REGISTERS["departures"], NEW_YEAR
    first: dict[str, Cell] = {"email": cast.manager.email, "successor": cast.deputy.email, "last_date": day}
    add_row(register=register, cells=first, by=cast.administrator, at=NOW)
    cells: dict[str, Cell] = {
        "email": cast.deputy.email,
        "successor": cast.manager.email,
        "last_date": day + timedelta(9),
    }
    with pytest.raises(RowRefused, match="tar de över efter varandra"):
        add_row(register=register, cells=cells, by=cast.administrator, at=NOW)
    on: dict[str, Cell] = {
        "email": cast.deputy.email,
        "successor": person("ny.ek", "Ny", "Ek").email,
        "last_date": day,
    }
    add_row(register=register, cells=on, by=cast.administrator, at=NOW)


def test_nothing_closes_before_what_is_planned_for_it(cast: Cast) -> None:
    plan(cast, "department_changes", cost_center="2140", into="3310")
    for department in (cast.ward, cast.home):
        with pytest.raises(RowRefused, match="planerad ändring som gäller efter den dagen"):
            change_row(
                register=REGISTERS["departments"],
                row_id=department.pk,
                cells={"closed_date": NEW_YEAR - timedelta(1)},
                by=cast.administrator,
                at=NOW,
            )
    # What is merged at once leaves a plan that cannot be carried out, and it is said at once.
    third = Department.objects.create(
        administration=cast.administration, cost_center="3320", name="Klinte", activity=cast.activity
    )
    merge_departments(department=cast.ward, into=third, by=cast.administrator, at=NOW)
    (hole,) = [hole for hole in holes_on(TODAY) if hole.code == "department_change_impossible"]
    assert [each.row for each in hole.rows] == [DepartmentChange.objects.get()]
