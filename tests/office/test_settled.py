"""What acts have decided of an agreement is not written over in its registers: each column × each state."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from agreements.models import Agreement, AgreementAdministration, AgreementOption, AgreementSupplier
from agreements.operations import agreements as acts
from catalog.models import ItemCeiling, Price
from categories.models import Category
from core.errors import DomainError
from registers.models import ChangeKind
from registers.operations.applying import apply_import, take_back_import
from registers.operations.rows import add_row, change_row, remove_row
from registers.register import REGISTERS
from tests import worlds
from tests.cast import NOW, TODAY, Cast
from tests.registers.test_files import compared

CHANGES = {
    "number": "RA 2020-999", "diary_number": "RS 2020/999", "title": "Annat", "category": "20", "cpv": "",
    "supplier": "556000-0002", "law": "lov", "procedure": "simplified", "call_off_method": "ranking",
    "price_clause": "index", "from_date": "2019-12-01", "through_date": "2023-11-30", "until_further_notice": "ja",
    "notice_months": "1", "notice_by_date": "2023-01-01", "long_term_reason": "Skäl", "estimated_amount": "90000",
    "ceiling_amount": "99000", "committed_amount": "5", "owner": "karin.sundblad@gotland.example",
    "code_of_conduct_level": "base", "delivery_terms": "Fritt", "notice_reference": "2020-1", "status": "draft",
}  # fmt: skip
"""Something else for each column."""

DAYS = {"from_date", "through_date", "until_further_notice"}
NOTICE = DAYS | {"notice_months", "notice_by_date"}
TERMS = {"category", "supplier", "law", "procedure", "call_off_method", "price_clause", "ceiling_amount"}


def active(cast: Cast) -> None:
    """Nothing is decided yet; a reason is there, so that no day is too far away."""
    Agreement.objects.filter(pk=cast.agreement.pk).update(long_term_reason="Skäl", notice_months=2)
    Price.objects.filter(agreement=cast.agreement).delete()


def draft(cast: Cast) -> None:
    active(cast)
    Agreement.objects.filter(pk=cast.agreement.pk).update(status="draft")


def option_used(cast: Cast) -> None:
    active(cast)
    option = AgreementOption.objects.create(
        agreement=cast.agreement, number=1, months=12, decide_by_date=date(2023, 1, 1)
    )
    acts.use_option(option=option, reason="Bra", by=cast.head, at=NOW)


def option_let_go(cast: Cast) -> None:
    active(cast)
    option = AgreementOption.objects.create(
        agreement=cast.agreement, number=1, months=12, decide_by_date=date(2023, 1, 1)
    )
    acts.let_option_go(option=option, reason="Dyrt", by=cast.head, at=NOW)


def notice_given(cast: Cast) -> None:
    active(cast)
    acts.give_notice(
        agreement=cast.agreement, last_date=date(2022, 6, 30), reason="Dyrt", by=cast.head, at=NOW
    )


def ended(cast: Cast) -> None:
    active(cast)
    acts.end(agreement=cast.agreement, reason="Hävt", by=cast.head, at=NOW)


def run_out(cast: Cast) -> None:
    """Its last day was yesterday, and it has been ordered from before."""
    active(cast)
    Agreement.objects.filter(pk=cast.agreement.pk).update(
        valid_during=DateRange(date(2020, 1, 1), TODAY),
        committed_amount=10,
        committed_at=NOW - timedelta(days=9),
    )


STATES: dict[Callable[[Cast], None], set[str]] = {
    draft: set(),
    active: set(),
    option_used: DAYS,
    option_let_go: DAYS,
    notice_given: NOTICE,
    ended: NOTICE | TERMS,
    run_out: DAYS,
}
"""The columns that each state settles."""


def refusal(act: Callable[..., Any], **facts: Any) -> str:
    """The code of what is refused; nothing when it is done."""
    try:
        act(by=None, at=NOW, **facts)
    except DomainError as refused:
        by_column: dict[str, DomainError] = getattr(refused, "by_column", {"": refused})
        return next(iter(by_column.values())).code
    return ""


def change_agreement(cast: Cast, **cells: str) -> str:
    """The code of what is refused when the cast's agreement is changed."""
    return refusal(change_row, register=REGISTERS["agreements"], row_id=cast.agreement.pk, cells=cells)


@pytest.mark.parametrize("state", STATES)
def test_each_column_is_settled_in_its_states(cast: Cast, state: Callable[[Cast], None]) -> None:
    state(cast)
    assert CHANGES.keys() == REGISTERS["agreements"].bound.keys()
    for column, cell in CHANGES.items():
        cells = {column: cell}
        if column == "until_further_notice":
            cells["through_date"] = ""
        before = Agreement.objects.values().get(pk=cast.agreement.pk)
        code = change_agreement(cast, **cells)
        settled = code in {
            "agreement_has_ended", "agreement_notice_is_given", "agreement_days_follow_options",
            "agreement_has_run_out",
        }  # fmt: skip
        assert settled is (column in STATES[state]), (column, code)
        assert settled or code == "", (column, code)
        if code:
            assert Agreement.objects.values().get(pk=cast.agreement.pk) == before
        else:
            Agreement.objects.filter(pk=cast.agreement.pk).update(
                **{name: value for name, value in before.items() if name != "id"}
            )


def test_a_file_says_in_its_difference_what_is_settled_and_a_complete_one_ends_nothing_settled(
    cast: Cast,
) -> None:
    notice_given(cast)
    text = f"Avtalsnummer;Rubrik;Sista dag\n{cast.agreement.number};Handskar;2023-12-31\n"
    of_import = compared("agreements", text)
    (row,) = of_import.changes.filter(kind=ChangeKind.REFUSED)
    assert (
        row.sentence
        == "Avtalet är uppsagt, och uppsägningen bestämmer dess dagar. De ändras inte i registret."
    )
    other = compared("agreements", "Avtalsnummer;Rubrik\nRA 0;Annat\n", is_complete=True)
    apply_import(of_import=other, by=None, at=NOW)
    assert Agreement.objects.get(pk=cast.agreement.pk).end_date == date(2022, 6, 30)


def test_an_import_is_not_taken_back_over_what_was_decided_since(cast: Cast) -> None:
    active(cast)
    option = AgreementOption.objects.create(
        agreement=cast.agreement, number=1, months=6, decide_by_date=date(2022, 1, 1)
    )
    text = f"Avtalsnummer;Option nr;Månader;Besluta senast\n{cast.agreement.number};2;6;2023-01-01\n"
    of_import = compared("agreement_options", text)
    apply_import(of_import=of_import, by=None, at=NOW)
    acts.let_option_go(option=option, reason="Dyrt", by=cast.head, at=NOW)
    assert refusal(take_back_import, of_import=of_import) == "agreement_option_has_fallen"


def test_the_days_hold_what_was_ordered_under_them(cast: Cast) -> None:
    worlds.approved(cast, (cast.gloves, 1))
    for cells in ({"through_date": "2021-05-17"}, {"from_date": "2021-05-19"}):
        assert change_agreement(cast, **cells) == "agreement_ordered_outside_its_days"


def test_what_belongs_to_an_agreement_is_settled_with_it(cast: Cast) -> None:
    active(cast)
    number = cast.agreement.number
    option = AgreementOption.objects.create(
        agreement=cast.agreement, number=2, months=1, decide_by_date=date(2023, 1, 1)
    )
    place = AgreementSupplier.objects.create(agreement=cast.agreement, supplier=cast.paper_supplier, rank=2)
    open_to = AgreementAdministration.objects.create(
        agreement=cast.agreement, administration=cast.administration
    )
    ceiling = ItemCeiling.objects.create(agreement=cast.agreement, item=cast.gloves, ceiling_quantity=10)
    acts.end(agreement=cast.agreement, reason="Hävt", by=cast.head, at=NOW)
    new = {
        "agreement_options": {
            "agreement": number,
            "number": "3",
            "months": "1",
            "decide_by_date": "2023-01-01",
        },
        "agreement_suppliers": {"agreement": number, "supplier": cast.paper_supplier.org_number, "rank": "3"},
        "agreement_administrations": {"agreement": number, "administration": "HSF"},
        "item_ceilings": {"agreement": number, "item": cast.gown.number, "ceiling_quantity": "5"},
    }
    changed = {
        "agreement_options": (option.pk, {"months": "2"}),
        "agreement_suppliers": (place.pk, {"share_percent": "5"}),
        "item_ceilings": (ceiling.pk, {"ceiling_quantity": "99"}),
    }
    removed = {
        "agreement_options": option.pk, "agreement_suppliers": place.pk,
        "agreement_administrations": open_to.pk, "item_ceilings": ceiling.pk,
    }  # fmt: skip
    over = {"agreement_has_ended", "agreement_notice_is_given"}
    for name, (row_id, cells) in changed.items():
        assert refusal(change_row, register=REGISTERS[name], row_id=row_id, cells=cells) in over, name
    for name, row_id in removed.items():
        assert refusal(remove_row, register=REGISTERS[name], row_id=row_id) in over, name
    AgreementSupplier.objects.filter(pk=place.pk).delete()
    AgreementAdministration.objects.filter(pk=open_to.pk).delete()
    for name, cells in new.items():
        assert refusal(add_row, register=REGISTERS[name], cells=cells) in over, name


def test_options_that_have_fallen_are_not_followed_by_others(cast: Cast) -> None:
    option_let_go(cast)
    cells = {"agreement": cast.agreement.number, "number": "2", "months": "1", "decide_by_date": "2023-01-01"}
    code = refusal(add_row, register=REGISTERS["agreement_options"], cells=cells)
    assert code == "agreement_option_has_fallen"


def test_a_supplier_with_prices_stays_a_party(cast: Cast) -> None:
    second = AgreementSupplier.objects.create(agreement=cast.agreement, supplier=cast.paper_supplier, rank=2)
    Price.objects.create(
        item=cast.chair, agreement=cast.agreement, supplier=cast.paper_supplier, unit_price=Decimal(5),
        valid_during=DateRange(date(2022, 1, 1), None),
    )  # fmt: skip
    parties = REGISTERS["agreement_suppliers"]
    assert refusal(remove_row, register=parties, row_id=second.pk) == "agreement_supplier_has_prices"
    code = change_agreement(cast, supplier=cast.paper_supplier.org_number)
    assert code == "agreement_supplier_has_prices"
    Price.objects.filter(supplier=cast.paper_supplier).update(valid_during=DateRange(date(2019, 1, 1), TODAY))
    assert refusal(remove_row, register=parties, row_id=second.pk) == ""


def test_a_change_takes_nothing_that_an_agreement_in_force_must_have(cast: Cast) -> None:
    orphan = Category.objects.create(code="99", tree_code="99", name="Övrigt", kind="goods")
    Category.objects.filter(pk=orphan.pk).update(lineage=[orphan.pk])
    Category.objects.filter(pk=cast.office.pk).update(is_risk=True)
    assert change_agreement(cast, category="99") == "agreement_needs_owner"
    assert change_agreement(cast, category="20") == "agreement_needs_code_of_conduct"
    assert change_agreement(cast, category="20", code_of_conduct_level="base") == ""
    assert change_agreement(cast, code_of_conduct_level="none") == "agreement_needs_code_of_conduct"
    Agreement.objects.filter(pk=cast.agreement.pk).update(code_of_conduct_level="")
    assert change_agreement(cast, title="Nytt namn") == "", (
        "what it lacked before is not what the change is about"
    )
