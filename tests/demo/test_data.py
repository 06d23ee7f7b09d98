"""The demo region's files hold together."""

import csv
import io
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command

from core.periods import add_months
from demo import data
from demo.data.ledger import ledger_accounts, ledger_rows
from demo.operations.files import files, later_files
from registers.register import REGISTERS

CPV = Path(__file__).parents[2].parent / "shared" / "data" / "classification" / "cpv_2008_en_sv.csv"
TODAY = date(2026, 5, 18)
UNTRANSLATABLE = {"none", "base", "advanced", "leading"}


def codes(dimension: str) -> set[str]:
    return {row.code for row in data.accounting_codes() if row.dimension == dimension}


def leaves() -> set[str]:
    parents = {row.parent for row in data.categories()}
    return {row.code for row in data.categories()} - parents


def check_digit(body: str) -> int:
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body)))
    return -total % 10


def luhn(digits: str) -> int:
    total = 0
    for place, digit in enumerate(digits):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value // 10 + value % 10
    return -total % 10


def test_departments_know_their_administration_and_activity() -> None:
    administrations = {row.code for row in data.administrations()}
    assert len(data.departments()) >= 40
    for row in data.departments():
        assert row.administration in administrations
        assert row.activity in codes("activity")
        assert len(row.cost_center) == 4


def test_every_department_has_places_requesters_and_a_budget_holder() -> None:
    departments = {row.cost_center for row in data.departments()}
    assert {row.cost_center for row in data.delivery_places()} == departments
    by_role = {
        role: {row.cost_center for row in data.memberships() if row.role == role}
        for role in ("requester", "budget_holder")
    }
    assert by_role == {"requester": departments, "budget_holder": departments}


def test_people_are_unique_and_members_are_people() -> None:
    people = {row.email for row in data.people()}
    assert len(people) == len(data.people()) >= 60
    assert all(email.endswith("@gotland.example") for email in people)
    assert {row.email for row in data.memberships()} <= people
    assert sum(row.is_demo_login for row in data.people()) >= 8


def test_every_leaf_has_a_manager_and_another_person_as_deputy() -> None:
    people = {row.email for row in data.people()}
    for row in data.categories():
        assert row.manager_email in people
        assert row.deputy_email in people
        assert row.manager_email != row.deputy_email
        assert row.account in codes("account")


def test_categories_come_after_their_parents() -> None:
    earlier_codes = {""}
    for row in data.categories():
        assert row.parent in earlier_codes
        earlier_codes.add(row.code)


def test_cpv_codes_exist() -> None:
    if not CPV.exists():
        pytest.skip(f"{CPV} is not here")
    with CPV.open(encoding="utf-8-sig", newline="") as file:
        cpv_codes = {row["code"] for row in csv.DictReader(file)}
    assert {row.cpv for row in data.categories()} <= cpv_codes


def test_suppliers_have_numbers_that_no_company_has() -> None:
    assert len({row.org_number for row in data.suppliers()}) == len(data.suppliers()) >= 35
    for row in data.suppliers():
        assert row.org_number.startswith("550000-")
        assert int(row.org_number[-1]) == luhn(row.org_number.replace("-", "")[:-1])
        assert row.email.endswith(".example")
        if row.gln:
            assert row.gln.startswith("952")
            assert int(row.gln[-1]) == check_digit(row.gln[:-1])


def test_agreements_resolve_and_have_unique_numbers() -> None:
    categories = {row.code for row in data.categories()}
    suppliers = {row.org_number for row in data.suppliers()}
    numbers = [row.number_on(TODAY) for row in data.agreements()]
    assert len(numbers) == len(set(numbers))
    for row in data.agreements():
        assert row.category in categories
        assert row.supplier_org_number in suppliers
        assert row.starts(TODAY) < row.ends(TODAY)
        assert 0 <= row.committed_before_percent < 100
        assert row.estimated_amount <= row.ceiling_amount


def test_an_agreement_of_more_than_four_years_has_a_reason_whichever_day_it_is_loaded() -> None:
    """One that lacks it stays a draft, and what stands under it has no price."""
    days = [TODAY + timedelta(days=number) for number in range(366)]
    long = {
        row.number
        for row in data.agreements()
        for day in days
        if not row.long_term_reason and row.ends(day) > add_months(row.starts(day), 48 - row.option_months)
    }
    assert long == set()


def test_some_present_agreements_end_within_ninety_days() -> None:
    now = [row for row in data.agreements() if row.starts(TODAY) <= TODAY < row.ends(TODAY)]
    assert sum((row.ends(TODAY) - TODAY).days <= 90 for row in now) >= 3


def test_items_are_at_least_four_hundred_and_resolve() -> None:
    agreements = {row.number: row for row in data.agreements()}
    suppliers = {row.org_number for row in data.suppliers()}
    numbers = {row.number for row in data.items()}
    assert len(numbers) == len(data.items()) >= 400
    for row in data.items():
        assert row.category in leaves()
        assert row.criteria_level in UNTRANSLATABLE
        assert row.supplier_org_number in suppliers
        assert row.price > 0
        assert row.units_per_order_unit > 0
        assert row.name_en
        if row.agreement_present:
            assert agreements[row.agreement_present].supplier_org_number == row.supplier_org_number
        if row.status == "phasing_out":
            assert row.last_order_offset_days
            assert row.replacement
        if row.replacement:
            assert row.replacement in numbers - {row.number}
            assert row.replacement_factor


def test_every_leaf_has_something_to_order() -> None:
    assert {row.category for row in data.items()} == leaves()


def test_sizes_of_a_family_are_unique() -> None:
    sizes = Counter((row.family, row.size) for row in data.items() if row.family)
    assert max(sizes.values()) == 1


def test_gtins_are_examples_with_a_right_check_digit() -> None:
    gtins = [row.gtin for row in data.items() if row.gtin]
    assert len(gtins) == len(set(gtins)) > 400
    for gtin in gtins:
        assert len(gtin) == 13
        assert gtin.startswith("952")
        assert int(gtin[-1]) == check_digit(gtin[:-1])


def test_initiatives_and_their_items_resolve() -> None:
    agreements = {row.number: row for row in data.agreements()}
    items = {row.number for row in data.items()}
    suppliers = {row.org_number for row in data.suppliers()}
    initiatives = {row.code: row for row in data.initiatives()}
    for initiative in data.initiatives():
        effective = initiative.effective_on(TODAY)
        if initiative.stage != "DECIDED":
            assert (initiative.new_agreement, initiative.old_agreement) == ("", "")
            assert effective > TODAY
            continue
        assert agreements[initiative.new_agreement].starts(TODAY) == effective
        if initiative.method in ("PREV_CONTRACT", "INDEXED"):
            assert agreements[initiative.old_agreement].ends(TODAY) == effective
        else:
            assert not initiative.old_agreement
    for row in data.history_items():
        assert row.initiative in {*initiatives, ""}
        assert row.item in items
        assert {row.old_supplier_org_number, row.new_supplier_org_number} <= suppliers
        if row.second_share is not None:
            assert row.second_share * row.annual_quantity % 1 == 0
    for present in data.present_items():
        assert initiatives[present.initiative].era == "present"
        assert present.item in items


def test_organisation_cost_2018_to_2020_is_5_5_msek() -> None:
    history = [row for row in data.organisation_costs() if row.era == "history"]
    assert sum(row.amount for row in history) == Decimal("5500000.00")
    assert min(row.starts(TODAY) for row in history) == date(2018, 11, 1)
    assert max(row.ends(TODAY) for row in history) == date(2020, 11, 30)


def test_item_ceilings_resolve_and_have_room() -> None:
    items = {row.number: row for row in data.items()}
    for row in data.item_ceilings():
        assert items[row.item].agreement_present == row.agreement
        assert row.committed_quantity < row.ceiling_quantity


def test_synonyms_are_unique() -> None:
    pairs = [(row.term.lower(), row.means.lower()) for row in data.synonyms()]
    assert len(pairs) == len(set(pairs)) >= 50
    assert all(term != means for term, means in pairs)


def test_every_leaf_has_buyers() -> None:
    departments = {row.cost_center for row in data.departments()}
    assert {row.category for row in data.buyers()} == leaves()
    assert {row.cost_center for row in data.buyers()} <= departments


def test_ledger_rows_resolve() -> None:
    accounts = {row.account for row in ledger_accounts()}
    assert {row.category for row in ledger_accounts() if row.category} <= {
        row.code for row in data.categories()
    }
    assert {row.meaning for row in ledger_accounts()} == {"category", "other", "purchase", "undecided"}
    numbers = {row.org_number for row in data.suppliers()}
    for row in ledger_rows():
        assert row.account in accounts
        assert not row.org_number or row.org_number in numbers
        assert row.amount


def test_outside_purchases_resolve() -> None:
    for row in data.outside_purchases():
        assert row.category in leaves()
        assert row.cost_center in {department.cost_center for department in data.departments()}
        assert row.supplier not in {supplier.name for supplier in data.suppliers()}


@pytest.mark.parametrize(
    ("offset", "day"),
    [
        ("-9m", date(2025, 8, 1)),
        ("-5m", date(2025, 12, 1)),
        ("10d", date(2026, 5, 28)),
        ("-1d", date(2026, 5, 17)),
    ],
)
def test_day_at_counts_from_today(offset: str, day: date) -> None:
    assert data.day_at(offset, TODAY) == day


def test_the_files_that_make_the_region_can_be_written_for_an_empty_one(tmp_path: Path) -> None:
    call_command("write_demo_files", str(tmp_path), today=TODAY, stdout=io.StringIO())
    paths = sorted(tmp_path.iterdir())
    assert [path.stem.split("-")[1] for path in paths] == [*files(TODAY), *later_files(TODAY)]
    headings = {path.stem.split("-")[1]: path.read_text().splitlines()[0].split(";") for path in paths}
    for name, columns in headings.items():
        assert set(columns) <= REGISTERS[name].bound.keys(), name
