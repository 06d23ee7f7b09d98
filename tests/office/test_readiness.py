"""Every hole that would stop an order or lead it wrong is found, and an empty register is one."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange

from agreements.models import (
    AMOUNTS,
    Agreement,
    IndexClause,
    IndexSeries,
    Supplier,
    Threshold,
    ThresholdKind,
)
from catalog.models import ItemLabel, Label, Price
from categories.models import Category, CategoryAssignment, CategoryChange
from core.models import ClosedDay
from office.readiness import CHECKS, NEEDED, Faulty, Hole, holes_on
from organizations.models import (
    AccountingCode,
    Administration,
    AdministrationChange,
    BudgetFrame,
    DeliveryPlace,
    Department,
    DepartmentChange,
    Departure,
    Membership,
    Role,
    User,
)
from organizations.states import PlanStatus
from procurement.models import BudgetAttest
from registers.register import REGISTERS
from tests.cast import ALWAYS, NOW, TODAY, Cast, membership
from tests.catalog.illustrating import document
from tests.catalog.proposing import may_rise, proposed
from tests.pages import signed_in
from tests.worlds import basket, submitted

TOMORROW = TODAY + timedelta(days=1)
Breaking = Callable[[Cast], object]


def complete(cast: Cast) -> None:
    """Give the cast what it lacks for a first order everywhere."""
    membership(cast.stranger, Role.BUDGET_HOLDER, cast.home, "1000")
    Threshold.objects.bulk_create(
        Threshold(kind=kind, value=100_000, valid_during=ALWAYS) for kind in AMOUNTS
    )


def codes(cast: Cast) -> set[str]:
    return {hole.code for hole in holes_on(TODAY)}


def without_role(role: Role) -> Breaking:
    return lambda cast: Membership.objects.filter(role=role).delete()


def leave_posts(cast: Cast) -> None:
    User.objects.filter(pk=cast.manager.pk).update(is_active=False)


def with_a_leaver(cast: Cast) -> None:
    submitted(cast, (cast.gown, 1))
    User.objects.filter(pk=cast.manager.pk).update(is_active=False)


def booked_on_a_closed(cast: Cast, code: AccountingCode) -> None:
    submitted(cast, (cast.gown, 1))
    AccountingCode.objects.filter(pk=code.pk).update(closed_date=TODAY)


def to_a_closed_place(cast: Cast) -> None:
    submitted(cast, (cast.gown, 1))
    DeliveryPlace.objects.filter(pk=cast.place.pk).update(closed_date=TODAY)


def attest_of_a_leaver(cast: Cast) -> None:
    submitted(cast, (cast.gown, 200))
    assert BudgetAttest.objects.exists()
    User.objects.filter(pk=cast.budget_holder.pk).update(is_active=False)


def basket_of_a_leaver(cast: Cast) -> None:
    basket(cast)
    User.objects.filter(pk=cast.requester.pk).update(is_active=False)


def basket_of_a_mover(cast: Cast) -> None:
    """She orders for nobody any longer, and nobody else does for the ward."""
    basket(cast)
    Membership.objects.filter(department=cast.ward, role=Role.REQUESTER).delete()


def close_soon(cast: Cast) -> None:
    AccountingCode.objects.update(closed_date=TODAY + timedelta(days=20))


def limit_that_ends(cast: Cast) -> None:
    until = DateRange(TODAY - timedelta(days=600), TODAY + timedelta(days=20))
    Threshold.objects.filter(kind=ThresholdKind.DIRECT_AWARD).update(valid_during=until)


def label_that_ends(cast: Cast) -> None:
    label = Label.objects.create(code="svanen", name="Svanen")
    soon = TODAY + timedelta(days=20)
    ItemLabel.objects.create(item=cast.gloves, label=label, valid_through_date=soon)


def document_that_ends(cast: Cast) -> None:
    document(cast, item=cast.gloves, valid_through=TODAY + timedelta(days=20))


def draft_beside(cast: Cast) -> None:
    """An agreement without a ceiling, whose time has begun."""
    Agreement.objects.create(
        number="RA 2", title="Kläder", category=cast.medical, supplier=cast.supplier, procedure="open",
        valid_during=DateRange(TODAY, TODAY + timedelta(days=365)),
    )  # fmt: skip


def become_a_risk(cast: Cast) -> None:
    """A category with an agreement in force that demands nothing of the code of conduct."""
    Category.objects.filter(pk=cast.medical.pk).update(is_risk=True)
    Agreement.objects.filter(pk=cast.agreement.pk).update(code_of_conduct_level="none")


def conduct_that_ends(cast: Cast) -> None:
    """What shows the code of conduct ends soon, and an agreement demands it."""
    Agreement.objects.filter(pk=cast.agreement.pk).update(code_of_conduct_level="advanced")
    soon = TODAY + timedelta(days=20)
    Supplier.objects.filter(pk=cast.supplier.pk).update(
        code_of_conduct="signed", code_of_conduct_through_date=soon
    )


def let_prices_follow(cast: Cast) -> None:
    """An index, by an agreement without a clause."""
    Agreement.objects.filter(pk=cast.agreement.pk).update(price_clause="index")


def let_a_month_be_unknown(cast: Cast) -> None:
    """Prices that are due in ten days, by an index without values."""
    let_prices_follow(cast)
    IndexClause.objects.create(
        agreement=cast.agreement, series=IndexSeries.objects.create(code="KPI", base="1980 = 100"),
        base_month=date(2020, 1, 1), first_date=TODAY + timedelta(days=10), valid_during=DateRange(None, None),
    )  # fmt: skip


def close_for_long(cast: Cast) -> None:
    ClosedDay.objects.bulk_create(
        ClosedDay(day=TODAY + timedelta(days=number), reason="Sommar") for number in range(11)
    )


def departure(cast: Cast, **facts: object) -> None:
    planned = {"person": cast.requester, "successor": cast.deputy, "from_date": TODAY + timedelta(days=9)}
    Departure.objects.create(**planned | facts)
    User.objects.filter(pk=cast.deputy.pk).update(is_active=False)


def prices_that_passed(cast: Cast) -> None:
    """Proposed thirty days ago, to begin today."""
    may_rise(cast)
    proposed(cast, from_date=TODAY, at=NOW - timedelta(days=30))


BREAKS: dict[str, Breaking] = {
    "department_in_closed_administration": lambda cast: Administration.objects.update(closed_date=TODAY),
    "department_change_refused": lambda cast: DepartmentChange.objects.create(
        department=cast.ward, name="Ny", from_date=TODAY, status=PlanStatus.REFUSED
    ),
    "administration_change_refused": lambda cast: AdministrationChange.objects.create(
        administration=cast.administration, name="Ny", from_date=TODAY, status=PlanStatus.REFUSED
    ),
    "category_change_refused": lambda cast: CategoryChange.objects.create(
        category=cast.office, name="Ny", from_date=TODAY, status=PlanStatus.REFUSED
    ),
    "department_change_impossible": lambda cast: (
        DepartmentChange.objects.create(department=cast.ward, name="Ny", from_date=TODAY),
        Department.objects.filter(pk=cast.ward.pk).update(closed_date=TODAY),
    ),
    "administration_change_impossible": lambda cast: (
        AdministrationChange.objects.create(administration=cast.administration, name="Ny", from_date=TODAY),
        Administration.objects.update(closed_date=TODAY),
    ),
    "category_change_impossible": lambda cast: (
        CategoryChange.objects.create(category=cast.office, name="Ny", from_date=TODAY),
        Category.objects.filter(pk=cast.office.pk).update(closed_date=TODAY, merged_into=cast.medical),
    ),
    "departure_refused": lambda cast: departure(cast, status=PlanStatus.REFUSED),
    "departure_to_leaver": departure,
    "no_head": without_role(Role.HEAD_OF_PROCUREMENT),
    "no_controller": without_role(Role.CONTROLLER),
    "no_administrator": without_role(Role.ADMINISTRATOR),
    "department_without_requester": without_role(Role.REQUESTER),
    "department_without_budget_holder": without_role(Role.BUDGET_HOLDER),
    "department_soon_without_budget_holder": lambda cast: Membership.objects.filter(
        role=Role.BUDGET_HOLDER
    ).update(valid_during=DateRange(None, TOMORROW)),
    "department_soon_without_delivery_place": lambda cast: DeliveryPlace.objects.update(closed_date=TOMORROW),
    "category_soon_without_manager": lambda cast: CategoryAssignment.objects.update(
        valid_during=DateRange(None, TOMORROW)
    ),
    "department_without_frame": lambda cast: BudgetFrame.objects.create(
        department=cast.ward, valid_during=DateRange(TODAY - timedelta(days=300), TODAY), amount=1
    ),
    "frame_of_merged_department": lambda cast: (
        BudgetFrame.objects.create(department=cast.ward, valid_during=DateRange(TODAY, TOMORROW), amount=1),
        Department.objects.filter(pk=cast.ward.pk).update(closed_date=TODAY, merged_into=cast.home),
    ),
    "department_without_delivery_place": lambda cast: DeliveryPlace.objects.update(closed_date=TODAY),
    "department_without_activity": close_soon,
    "category_without_manager": lambda cast: CategoryAssignment.objects.update(
        valid_during=DateRange(None, TODAY)
    ),
    "post_of_leaver": leave_posts,
    "category_without_account": close_soon,
    "agreement_without_ceiling": lambda cast: Agreement.objects.update(
        committed_amount=models.F("ceiling_amount"), committed_at=NOW
    ),
    "agreement_is_draft": draft_beside,
    "agreement_lacks": become_a_risk,
    "code_of_conduct_ends": conduct_that_ends,
    "index_clause_missing": let_prices_follow,
    "index_value_missing": let_a_month_be_unknown,
    "item_without_price": lambda cast: Price.objects.filter(item=cast.gloves).delete(),
    "line_with_closed_account": lambda cast: booked_on_a_closed(cast, cast.account),
    "line_with_closed_code": lambda cast: booked_on_a_closed(cast, cast.activity),
    "line_to_closed_place": to_a_closed_place,
    "line_with_leaver": with_a_leaver,
    "attest_with_leaver": attest_of_a_leaver,
    "basket_with_leaver": basket_of_a_leaver,
    "basket_of_mover": basket_of_a_mover,
    "price_proposal_passed": prices_that_passed,
    "threshold_ends": limit_that_ends,
    "label_ends": label_that_ends,
    "document_ends": document_that_ends,
    "closed_for_long": close_for_long,
}
HELD_BY_THE_DATABASE = {"supplier_without_address"}
"""What cannot be brought about, since a constraint refuses it; the check stands for registers taken in by other ways."""


def test_a_complete_region_is_ready(cast: Cast) -> None:
    complete(cast)
    assert holes_on(TODAY) == []


@pytest.mark.parametrize("code", BREAKS)
def test_every_hole_is_found(cast: Cast, code: str) -> None:
    complete(cast)
    BREAKS[code](cast)
    assert code in codes(cast)


KEEPERS = ("administrator", "head", "controller", "manager")


@pytest.mark.usefixtures("at_nine")
@pytest.mark.parametrize("code", BREAKS)
def test_every_hole_leads_to_where_it_is_mended(cast: Cast, code: str) -> None:
    """Each row is a link for whoever keeps the register, and for whoever only sees it."""
    complete(cast)
    BREAKS[code](cast)
    (hole,) = [each for each in holes_on(TODAY) if each.code == code]
    assert bool(hole.rows) == bool(hole.count)
    register = REGISTERS[hole.register]
    people = [getattr(cast, name) for name in KEEPERS]
    keepers = [each for each in people if register.may_write_rows(each, NOW)] or [cast.auditor]
    for reader, may_write in (
        (keepers[0], bool(register.may_write_rows(keepers[0], NOW))),
        (cast.auditor, False),
    ):
        User.objects.filter(pk=reader.pk).update(is_active=True)
        client = signed_in(reader)
        page = client.get("/kom-igang/ar-vi-redo/").content.decode()
        holes: list[Hole | Faulty] = [hole, *hole.rows]
        for each in holes:
            address = each.address(may_write=may_write)
            assert f'href="{address.replace("&", "&amp;")}"' in page, (code, address)
            assert client.get(address).status_code == 200, (code, address)


@pytest.mark.usefixtures("at_nine")
def test_the_row_that_is_missing_is_filled_in_as_far_as_it_is_known(cast: Cast) -> None:
    complete(cast)
    DeliveryPlace.objects.filter(department=cast.ward).update(closed_date=TODAY)
    CategoryAssignment.objects.all().delete()
    Membership.objects.filter(role=Role.CONTROLLER).delete()
    page = signed_in(cast.administrator).get("/kom-igang/ar-vi-redo/").content.decode()
    assert f'href="/register/delivery_places/ny/?cost_center={cast.ward.cost_center}"' in page
    assert 'href="/register/roles/ny/?role=controller"' in page
    assert 'href="/register/posts/ny/' not in page
    client = signed_in(cast.head)
    assert (
        f'href="/register/posts/ny/?category={cast.office.code}"'
        in client.get("/kom-igang/ar-vi-redo/").content.decode()
    )
    form = client.get(f"/register/posts/ny/?category={cast.office.code}").content.decode()
    assert f'<option value="{cast.office.code}" selected>' in form


@pytest.mark.usefixtures("at_nine")
def test_what_nobody_is_names_nobody(cast: Cast) -> None:
    """That there is no head of procurement is one hole, and not one for each person."""
    complete(cast)
    Membership.objects.filter(role=Role.HEAD_OF_PROCUREMENT).delete()
    (hole,) = holes_on(TODAY)
    assert (hole.code, hole.count, hole.rows) == ("no_head", 0, ())


@pytest.mark.usefixtures("at_nine")
def test_kom_igang_says_who_has_to_be_appointed_first(cast: Cast) -> None:
    """The second step is the controller's, and in an empty region nobody is one yet."""
    link = 'href="/register/roles/ny/?role=controller"'
    assert link not in signed_in(cast.administrator).get("/kom-igang/").content.decode()
    Membership.objects.filter(role=Role.CONTROLLER).delete()
    assert link in signed_in(cast.administrator).get("/kom-igang/").content.decode()
    assert link not in signed_in(cast.head).get("/kom-igang/").content.decode()


@pytest.mark.usefixtures("at_nine")
def test_kom_igang_leads_to_each_hole(cast: Cast) -> None:
    complete(cast)
    DeliveryPlace.objects.update(closed_date=TODAY)
    client = signed_in(cast.administrator)
    anchor = "department_without_delivery_place-delivery_places"
    assert f'href="/kom-igang/ar-vi-redo/#{anchor}"' in client.get("/kom-igang/").content.decode()
    assert f'id="{anchor}"' in client.get("/kom-igang/ar-vi-redo/").content.decode()


def test_every_check_is_tried() -> None:
    assert {check.code for check in CHECKS} == BREAKS.keys() | HELD_BY_THE_DATABASE
    assert {check.register for check in CHECKS} <= REGISTERS.keys()


def test_a_blocked_supplier_leaves_its_items_without_price(cast: Cast) -> None:
    complete(cast)
    Supplier.objects.filter(pk=cast.supplier.pk).update(blocked_reason="Konkurs")
    (hole,) = holes_on(TODAY)
    assert (hole.code, hole.count) == ("item_without_price", 2)


def test_only_the_last_of_a_limits_periods_lacks_a_follower(cast: Cast) -> None:
    complete(cast)
    Threshold.objects.filter(kind=ThresholdKind.DIRECT_AWARD).delete()
    for amount, first, after in ((600_000, 900, 600), (700_000, 600, 300)):
        during = DateRange(TODAY - timedelta(days=first), TODAY - timedelta(days=after))
        Threshold.objects.create(kind=ThresholdKind.DIRECT_AWARD, value=amount, valid_during=during)
    (hole,) = holes_on(TODAY)
    assert (hole.code, hole.count) == ("threshold_ends", 1)
    assert str(hole.rows[0]).startswith("Direktupphandlingsgräns: 700\xa0000,00")


def test_each_value_that_is_missing_is_said(cast: Cast) -> None:
    complete(cast)
    Threshold.objects.filter(kind__in=[ThresholdKind.SPLIT_DAYS, ThresholdKind.PROCUREMENT]).delete()
    to_come = DateRange(TODAY + timedelta(days=1), None)
    Threshold.objects.filter(kind=ThresholdKind.NIGHT_ENDS).update(valid_during=to_come)
    (hole,) = holes_on(TODAY)
    assert (hole.code, hole.register, hole.count) == ("threshold_missing", "thresholds", 3)
    assert hole.sentence == (
        "Registret Gränser har i dag inget värde för ”Tröskelvärde”, ”Ett behov eller flera: dagar”, ”Godkänt när det är stängt: natten"
        " slutar”."
    )


def test_a_manager_above_answers_for_what_is_below(cast: Cast) -> None:
    complete(cast)
    assert not CategoryAssignment.objects.filter(category=cast.gloves_category).exists()
    assert "category_without_manager" not in codes(cast)


@pytest.mark.django_db
def test_an_empty_register_never_claims_that_all_is_well() -> None:
    assert Category.objects.count() == 0
    empty = {hole.register for hole in holes_on(TODAY) if hole.code == "empty"}
    assert empty == {register.name for register in NEEDED}


@pytest.mark.django_db
def test_the_command_answers_programs_too() -> None:
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("check_ready", output="json", stdout=out)
    answer = json.loads(out.getvalue())
    assert (ended.value.code, answer["ready"]) == (1, False)
    assert {"code", "register", "sentence", "count", "address", "rows"} == set(answer["holes"][0])
    assert answer["holes"][0]["address"].endswith("/register/authorities/")
