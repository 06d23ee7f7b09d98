"""Periods of the same thing follow each other; a row without a first day means the period that is."""

from datetime import date, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from pytest_django import DjangoAssertNumQueries

from audit.models import Entry
from catalog.models import Price
from categories.models import CategoryAssignment
from organizations.models import Membership, Role, User
from registers.models import ChangeKind
from registers.operations.applying import BuiltUpon, apply_import, take_back_import
from registers.operations.rows import RowRefused, add_row, change_row, remove_row
from registers.operations.writing import OutOfReach, StillReferredTo
from registers.register import REGISTERS
from tests.cast import NOW, TODAY, Cast
from tests.registers.test_files import compared, kinds


def test_a_new_period_ends_the_one_before(cast: Cast) -> None:
    add_row(
        register=REGISTERS["prices"],
        cells={
            "item": cast.gloves.number,
            "agreement": cast.agreement.number,
            "supplier": cast.supplier.org_number,
            "unit_price": "61,50",
            "from_date": "2021-06-01",
        },
        by=cast.manager,
        at=NOW,
    )
    prices = Price.objects.filter(item=cast.gloves).order_by("valid_during")
    periods = [(price.valid_during.lower, price.valid_during.upper) for price in prices]
    assert periods == [(date(2018, 1, 1), date(2021, 6, 1)), (date(2021, 6, 1), None)]
    (ended,) = Entry.objects.about(prices[0])
    assert (ended.event, ended.by_name) == ("register.row_ended", cast.manager.full_name)
    assert ended.details["before"] == {"through_date": ""}
    assert ended.details["after"] == {"through_date": "2021-05-31"}


def test_a_file_without_first_days_means_the_period_that_is(cast: Cast) -> None:
    mail = cast.requester.email
    text = f"E-post;Roll;Ansvar;Beloppsgräns\n{mail};Beställare;2140;10 000\n{mail};budget_holder;3310;5000\n"
    of_import = compared("roles", text)
    assert kinds(of_import) == [(2, ChangeKind.UNCHANGED), (3, ChangeKind.NEW)]
    apply_import(of_import=of_import, by=cast.administrator, at=NOW)
    membership = Membership.objects.get(user=cast.requester, role=Role.BUDGET_HOLDER)
    assert (membership.department, membership.amount_limit, membership.valid_during.lower) == (
        cast.home,
        5000,
        TODAY,
    )


def test_what_a_complete_file_does_not_have_ends(cast: Cast) -> None:
    mail = cast.requester.email
    of_import = compared("roles", f"E-post;Roll;Ansvar\n{mail};Beställare;2140\n", is_complete=True)
    ended = of_import.changes.filter(kind=ChangeKind.ENDED)
    assert ended.count() == Membership.objects.count() - 1
    ended.exclude(subject_id=cast.colleague.memberships.get().pk).update(is_left_out=True)
    apply_import(of_import=of_import, by=cast.administrator, at=NOW)
    assert cast.colleague.memberships.get().valid_during.upper == TODAY


def test_a_handover_moves_the_post_from_a_day(cast: Cast) -> None:
    add_row(
        register=REGISTERS["posts"],
        cells={"category": "10", "manager": cast.deputy.email, "deputy": cast.manager.email},
        by=cast.head,
        at=NOW,
    )
    on_day = CategoryAssignment.objects.filter(category=cast.medical)
    assert on_day.on(TODAY).get().manager == cast.deputy
    assert on_day.on(TODAY - timedelta(days=1)).get().manager == cast.manager


def test_nobody_gives_herself_a_role(cast: Cast) -> None:
    cells = {"email": cast.administrator.email, "role": "head_of_procurement"}
    with pytest.raises(OutOfReach):
        add_row(register=REGISTERS["roles"], cells=cells, by=cast.administrator, at=NOW)
    assert not Membership.objects.filter(user=cast.administrator, role=Role.HEAD_OF_PROCUREMENT).exists()


def test_nobody_moves_a_row_out_of_her_reach_or_into_it(cast: Cast) -> None:
    items = REGISTERS["items"]
    with pytest.raises(OutOfReach):
        change_row(register=items, row_id=cast.chair.pk, cells={"category": "10"}, by=cast.manager, at=NOW)
    with pytest.raises(OutOfReach):
        change_row(register=items, row_id=cast.gloves.pk, cells={"category": "20"}, by=cast.manager, at=NOW)
    change_row(register=items, row_id=cast.gloves.pk, cells={"name": "Handske"}, by=cast.manager, at=NOW)
    cast.gloves.refresh_from_db()
    assert (cast.gloves.name, cast.gloves.category) == ("Handske", cast.gloves_category)


def test_a_row_that_is_refused_says_where(cast: Cast) -> None:
    with pytest.raises(RowRefused) as exc_info:
        add_row(
            register=REGISTERS["departments"],
            cells={"cost_center": "4711", "administration": "XYZ"},
            by=cast.administrator,
            at=NOW,
        )
    assert set(exc_info.value.by_column) == {"name", "administration", "activity"}


def test_a_category_cannot_stand_under_itself(cast: Cast) -> None:
    with pytest.raises(RowRefused) as exc_info:
        change_row(
            register=REGISTERS["categories"],
            row_id=cast.medical.pk,
            cells={"parent": "10.1"},
            by=cast.head,
            at=NOW,
        )
    assert set(exc_info.value.by_column) == {"parent"}
    cast.medical.refresh_from_db()
    assert cast.medical.lineage == [cast.medical.pk]


def test_a_category_moves_with_what_is_below(cast: Cast) -> None:
    change_row(
        register=REGISTERS["categories"], row_id=cast.medical.pk, cells={"parent": "20"}, by=cast.head, at=NOW
    )
    cast.gloves_category.refresh_from_db()
    assert cast.gloves_category.lineage == [cast.office.pk, cast.medical.pk, cast.gloves_category.pk]
    assert cast.gloves_category.tree_code == "20.10.10.1"


def test_what_is_referred_to_is_not_taken_away(cast: Cast) -> None:
    with pytest.raises(StillReferredTo):
        remove_row(register=REGISTERS["suppliers"], row_id=cast.supplier.pk, by=cast.head, at=NOW)


def test_an_account_that_is_closed_by_a_file_ends_all_that_it_held(cast: Cast) -> None:
    of_import = compared(
        "people", f"E-post;Förnamn;Efternamn;Öppet konto\n{cast.colleague.email};Oskar;Lindahl;nej\n"
    )
    apply_import(of_import=of_import, by=cast.administrator, at=NOW)
    assert not User.objects.get(pk=cast.colleague.pk).is_active
    assert not Membership.objects.on(TODAY).filter(user=cast.colleague).exists()


def prices_of(cast: Cast) -> list[tuple[str, str, str]]:
    rows = REGISTERS["prices"].rows().filter(item=cast.gloves).order_by("valid_during")
    return [(v["unit_price"], v["from_date"], v["through_date"]) for _pk, _key, v in rows]


def test_several_new_periods_in_one_file_follow_each_other_and_are_taken_back(cast: Cast) -> None:
    before = prices_of(cast)
    ((price, first_day, _until),) = before
    head = "Artikelnummer;Avtalsnummer;Leverantör;Pris;Från och med\n"
    same = f"{cast.gloves.number};{cast.agreement.number};{cast.supplier.org_number}"
    text = f"{head}{same};63;2021-12-01\n{same};61;2021-06-01\n{same};62;2021-09-01\n"
    of_import = compared("prices", text)
    assert kinds(of_import) == [(2, ChangeKind.NEW), (3, ChangeKind.NEW), (4, ChangeKind.NEW)]
    apply_import(of_import=of_import, by=None, at=NOW)
    assert prices_of(cast) == [
        (price, first_day, "2021-05-31"),
        ("61", "2021-06-01", "2021-08-31"),
        ("62", "2021-09-01", "2021-11-30"),
        ("63", "2021-12-01", ""),
    ]
    take_back_import(of_import=of_import, by=None, at=NOW)
    assert prices_of(cast) == before


def test_a_period_that_the_file_changes_and_ends_is_as_it_was_when_the_file_is_taken_back(cast: Cast) -> None:
    Price.objects.filter(item=cast.gloves).update(valid_during=DateRange(date(2018, 1, 1), date(2022, 1, 1)))
    before = prices_of(cast)
    head = "Artikelnummer;Avtalsnummer;Leverantör;Pris;Minsta antal;Från och med;Till och med\n"
    same = f"{cast.gloves.number};{cast.agreement.number};{cast.supplier.org_number}"
    text = f"{head}{same};59;;2018-01-01;\n{same};61;;2021-06-01;\n{same};62;;2021-09-01;\n"
    of_import = compared("prices", text)
    assert kinds(of_import) == [(2, ChangeKind.CHANGED), (3, ChangeKind.NEW), (4, ChangeKind.NEW)]
    apply_import(of_import=of_import, by=None, at=NOW)
    assert prices_of(cast) == [
        ("59", "2018-01-01", "2021-05-31"),
        ("61", "2021-06-01", "2021-08-31"),
        ("62", "2021-09-01", ""),
    ]
    take_back_import(of_import=of_import, by=None, at=NOW)
    assert prices_of(cast) == before


def test_what_has_been_built_on_several_periods_is_not_taken_back(cast: Cast) -> None:
    head = "Artikelnummer;Avtalsnummer;Leverantör;Pris;Från och med\n"
    same = f"{cast.gloves.number};{cast.agreement.number};{cast.supplier.org_number}"
    of_import = compared("prices", f"{head}{same};61;2021-06-01\n{same};62;2021-09-01\n")
    apply_import(of_import=of_import, by=None, at=NOW)
    price = Price.objects.get(item=cast.gloves, unit_price=61)
    change_row(
        register=REGISTERS["prices"], row_id=price.pk, cells={"unit_price": "60"}, by=cast.manager, at=NOW
    )
    with pytest.raises(BuiltUpon):
        take_back_import(of_import=of_import, by=None, at=NOW)


def test_many_new_periods_are_written_in_as_many_turns_as_a_thing_has(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    head = "E-post;Roll;Ansvar;Beloppsgräns;Från och med\n"
    lines = [
        f"{person.email};budget_holder;3310;{amount};{day}\n"
        for person in User.objects.exclude(pk=cast.administrator.pk)
        for amount, day in ((100, "2021-06-01"), (200, "2021-07-01"))
    ]
    of_import = compared("roles", head + "".join(lines))
    with django_assert_max_num_queries(80):
        apply_import(of_import=of_import, by=cast.administrator, at=NOW)
    memberships = Membership.objects.filter(role=Role.BUDGET_HOLDER, department=cast.home)
    assert memberships.filter(valid_during__endswith=date(2021, 7, 1)).count() == len(lines) / 2


def test_a_row_without_a_first_day_means_the_period_that_is_though_others_have_one(cast: Cast) -> None:
    head = "E-post;Roll;Ansvar;Beloppsgräns;Från och med\n"
    own_email, other_email = cast.requester.email, cast.colleague.email
    text = f"{head}{own_email};budget_holder;3310;5000;\n{other_email};budget_holder;3310;100;2021-07-01\n"
    apply_import(of_import=compared("roles", text), by=cast.administrator, at=NOW)
    again = compared("roles", text)
    assert kinds(again) == [(2, ChangeKind.UNCHANGED), (3, ChangeKind.UNCHANGED)]
    changed = compared("roles", text.replace("5000", "6000"))
    assert kinds(changed) == [(2, ChangeKind.CHANGED), (3, ChangeKind.UNCHANGED)]
    apply_import(of_import=changed, by=cast.administrator, at=NOW)
    membership = Membership.objects.get(user=cast.requester, role=Role.BUDGET_HOLDER)
    assert (membership.amount_limit, membership.valid_during.lower, membership.valid_during.upper) == (
        6000,
        TODAY,
        None,
    )
    take_back_import(of_import=changed, by=cast.administrator, at=NOW)
    membership.refresh_from_db()
    assert (membership.amount_limit, membership.valid_during.lower) == (5000, TODAY)


def test_a_period_is_meant_once_in_a_file_with_its_first_day_or_without(cast: Cast) -> None:
    head = "E-post;Roll;Ansvar;Från och med\n"
    membership = cast.requester.memberships.get()
    same = f"{cast.requester.email};{membership.role};{cast.ward.cost_center}"
    of_import = compared("roles", f"{head}{same};\n{same};{membership.valid_during.lower}\n")
    assert kinds(of_import) == [(2, ChangeKind.UNCHANGED), (3, ChangeKind.REFUSED)]


def test_a_complete_file_keeps_what_it_has_without_a_first_day(cast: Cast) -> None:
    membership = cast.requester.memberships.get()
    text = f"E-post;Roll;Ansvar;Från och med\n{cast.requester.email};{membership.role};{cast.ward.cost_center};\n"
    of_import = compared("roles", text, is_complete=True)
    assert not of_import.changes.filter(kind=ChangeKind.ENDED, subject_id=membership.pk).exists()
    assert of_import.changes.filter(kind=ChangeKind.ENDED).count() == Membership.objects.count() - 1


def test_an_empty_cell_is_what_the_column_says_by_default(cast: Cast) -> None:
    head = "Artikelnummer;Avtalsnummer;Leverantör;Pris;Minsta antal;Från och med\n"
    text = f"{head}{cast.gloves.number};{cast.agreement.number};{cast.supplier.org_number};61;;2021-06-01\n"
    of_import = compared("prices", text)
    apply_import(of_import=of_import, by=None, at=NOW)
    assert kinds(compared("prices", text)) == [(2, ChangeKind.UNCHANGED)]
    take_back_import(of_import=of_import, by=None, at=NOW)
