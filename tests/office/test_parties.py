"""The suppliers of an agreement go together while it is in force: shares are whole, ranks have no gaps."""

from collections.abc import Sequence

import pytest
from django.db import IntegrityError, transaction

from agreements.models import Agreement, AgreementSupplier, CallOffMethod, Supplier
from agreements.operations import agreements as operations
from core.errors import DomainError
from registers.models import ChangeKind
from registers.operations.applying import apply_import, take_back_import
from registers.operations.rows import add_row, change_row, remove_row
from registers.operations.writing import check_constraints
from registers.register import REGISTERS
from tests.cast import NOW, Cast
from tests.pages import signed_in, text_of
from tests.registers.test_files import compared

HEAD = "Avtalsnummer;Leverantör;Rang;Andel, procent\n"


@pytest.fixture
def third(cast: Cast) -> Supplier:
    return Supplier.objects.create(
        name="Tredje AB", org_number="556000-0003", order_email="order@tredje.example"
    )


def between(cast: Cast, method: CallOffMethod, *places: tuple[Supplier, int, int | None]) -> Agreement:
    """The cast's agreement with suppliers, ranks and shares."""
    with transaction.atomic():
        Agreement.objects.filter(pk=cast.agreement.pk).update(call_off_method=method)
        for supplier, rank, share in places:
            AgreementSupplier.objects.update_or_create(
                agreement=cast.agreement, supplier=supplier, defaults={"rank": rank, "share_percent": share}
            )
        check_constraints()
    return cast.agreement


def said(cast: Cast) -> list[tuple[str, int, int | None]]:
    rows = cast.agreement.suppliers.in_order().values_list("supplier__name", "rank", "share_percent")
    return [(name, rank, None if share is None else int(share)) for name, rank, share in rows]


@pytest.mark.parametrize(
    ("method", "shares", "ranks", "name"),
    [
        (CallOffMethod.DISTRIBUTION_KEY, (60, 30), (1, 2), "agreement_shares_are_whole"),
        (CallOffMethod.DISTRIBUTION_KEY, (100, None), (1, 2), "agreement_shares_are_whole"),
        (CallOffMethod.DISTRIBUTION_KEY, (60, 40), (1, 3), ""),
        (CallOffMethod.DISTRIBUTION_KEY, (None, None), (1, 2), ""),
        (CallOffMethod.RANKING, (None, None), (1, 3), "agreement_ranks_follow"),
        (CallOffMethod.RANKING, (None, None), (1, 2), ""),
        (CallOffMethod.SINGLE, (60, None), (1, 3), ""),
    ],
)
def test_the_database_holds_them_and_what_is_missing_says_it(
    cast: Cast, method: CallOffMethod, shares: Sequence[int | None], ranks: Sequence[int], name: str
) -> None:
    places = list(zip((cast.supplier, cast.paper_supplier), ranks, shares, strict=True))
    if not name:
        between(cast, method, *places)
        return
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        between(cast, method, *places)
    assert getattr(refusal.value.__cause__, "diag").constraint_name == name  # noqa: B009, the driver's own
    Agreement.objects.filter(pk=cast.agreement.pk).update(status="draft")
    between(cast, method, *places)
    with pytest.raises(operations.AgreementLacks):
        operations.activate(agreement=cast.agreement, by=cast.head, at=NOW)


def test_one_row_alone_is_refused_in_words_and_a_file_changes_all_and_is_taken_back(
    cast: Cast, third: Supplier
) -> None:
    between(cast, CallOffMethod.DISTRIBUTION_KEY, (cast.supplier, 1, 60), (cast.paper_supplier, 2, 40))
    register, number = REGISTERS["agreement_suppliers"], cast.agreement.number
    second = AgreementSupplier.objects.get(supplier=cast.paper_supplier)
    row = {"agreement": number, "supplier": third.org_number, "rank": "3", "share_percent": "10"}
    for act, facts in (
        (add_row, {"cells": row}),
        (change_row, {"row_id": second.pk, "cells": {"share_percent": "30"}}),
        (remove_row, {"row_id": second.pk}),
    ):
        with pytest.raises(DomainError) as refusal, transaction.atomic():
            act(register=register, by=None, at=NOW, **facts)
        assert refusal.value.code == "agreement_shares_not_whole"
    before = said(cast)
    of_import = compared(
        "agreement_suppliers",
        f"{HEAD}{number};{cast.supplier.org_number};1;50\n{number};{third.org_number};2;50\n",
        is_complete=True,
    )
    assert not of_import.changes.filter(kind=ChangeKind.REFUSED).exists()
    apply_import(of_import=of_import, by=None, at=NOW)
    assert said(cast) == [("Nordmedica AB", 1, 50), ("Tredje AB", 2, 50)]
    take_back_import(of_import=of_import, by=None, at=NOW)
    assert said(cast) == before


def test_a_file_leaves_one_agreement_that_does_not_go_together_and_writes_the_others(
    cast: Cast, third: Supplier
) -> None:
    other = Agreement.objects.create(
        number="RA 7", title="Kaffe", category=cast.office, supplier=cast.supplier, procedure="open",
        valid_during=cast.agreement.valid_during, ceiling_amount=10, call_off_method=CallOffMethod.RANKING,
    )  # fmt: skip
    between(cast, CallOffMethod.DISTRIBUTION_KEY, (cast.supplier, 1, 100))
    lines = [
        (cast.agreement.number, cast.supplier.org_number, 1, 70),
        (cast.agreement.number, third.org_number, 2, 20),
        (other.number, third.org_number, 2, ""),
    ]
    of_import = compared("agreement_suppliers", HEAD + "".join(f"{a};{b};{c};{d}\n" for a, b, c, d in lines))
    changes = of_import.changes.filter(kind=ChangeKind.REFUSED)
    assert {(row.row, row.sentence.split(".")[0]) for row in changes} == {
        (2, "Andelarna på ett avtal som gäller ska tillsammans vara 100 procent"),
        (3, "Andelarna på ett avtal som gäller ska tillsammans vara 100 procent"),
    }
    apply_import(of_import=of_import, by=None, at=NOW)
    assert said(cast) == [("Nordmedica AB", 1, 100)]
    assert list(other.suppliers.in_order().values_list("rank", flat=True)) == [1, 2]


@pytest.mark.parametrize(
    ("method", "share", "sentence"),
    [
        (CallOffMethod.DISTRIBUTION_KEY, 50, "Andelen fördelas inte om av sig själv."),
        (CallOffMethod.RANKING, None, "Den som kommer därnäst i rang får beställningarna."),
    ],
)
@pytest.mark.usefixtures("at_nine")
def test_what_becomes_of_a_blocked_supplier_is_said(
    cast: Cast, method: CallOffMethod, share: int | None, sentence: str
) -> None:
    between(cast, method, (cast.supplier, 1, share), (cast.paper_supplier, 2, share))
    client = signed_in(cast.manager)
    assert sentence not in text_of(client.get(f"/avtal/{cast.agreement.pk}/"))
    Supplier.objects.filter(pk=cast.supplier.pk).update(blocked_reason="Konkurs")
    page = text_of(client.get(f"/avtal/{cast.agreement.pk}/"))
    assert sentence in page
    assert sum(page.count(each) for each in ("fördelas inte om", "därnäst i rang")) == 1
