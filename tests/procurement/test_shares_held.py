"""Orders under an agreement that divides by shares go to whoever is farthest below its share; and the cheapest gets them under dynamic ranking."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from agreements.models import Agreement, AgreementSupplier, CallOffMethod, Supplier
from agreements.shares import standings
from catalog.models import Price
from catalog.pricing import best_prices
from office.rules import breaches
from procurement.models import RequisitionLine
from procurement.operations import decisions, orders
from tests import worlds
from tests.cast import ALWAYS, NOW, TODAY, Cast, many_items
from tests.pages import signed_in, text_of
from tests.procurement.deciding import approve


def divided(
    cast: Cast, *shares: int | None, method: CallOffMethod = CallOffMethod.DISTRIBUTION_KEY
) -> list[Supplier]:
    """The agreement has so many suppliers, each with gloves at 58 kr."""
    others = [cast.paper_supplier] + [
        Supplier.objects.create(name=f"Del {n} AB", org_number=f"556000-10{n:02}", order_email=f"order@del{n}.example")
        for n in range(3, len(shares) + 1)
    ]  # fmt: skip
    suppliers = [cast.supplier, *others[: len(shares) - 1]]
    with transaction.atomic():
        for rank, (supplier, share) in enumerate(zip(suppliers, shares, strict=True), 1):
            AgreementSupplier.objects.update_or_create(
                agreement=cast.agreement, supplier=supplier, defaults={"rank": rank, "share_percent": share}
            )
        Agreement.objects.filter(pk=cast.agreement.pk).update(call_off_method=method)
    for supplier in suppliers[1:]:
        price(cast, supplier, "58")
    return suppliers


def price(cast: Cast, supplier: Supplier, amount: str, minimum: int = 1) -> None:
    Price.objects.create(
        item=cast.gloves, agreement=cast.agreement, supplier=supplier, unit_price=Decimal(amount), minimum_quantity=minimum,
        valid_during=ALWAYS,
    )  # fmt: skip


def offered(cast: Cast, quantity: int = 1) -> Supplier:
    best_price = best_prices([cast.gloves.pk], day=TODAY).get(cast.gloves.pk, Decimal(quantity))
    assert best_price is not None
    return best_price.supplier


def ordered(cast: Cast, quantity: int = 1) -> RequisitionLine:
    line = worlds.line(cast, (cast.gloves, quantity))
    approve(line, cast.manager)
    line.refresh_from_db()
    return line


def amounts(cast: Cast) -> list[Decimal]:
    return list(cast.agreement.suppliers.in_order().values_list("committed_amount", flat=True))


def broken_sums() -> list[str]:
    """The rules of what is committed that do not hold; everything here happens in the same moment, which the trail's rules mind."""
    return [each.rule.number for each in breaches(NOW) if each.rule.number.startswith("3")]


def test_shares_are_held_over_time(cast: Cast) -> None:
    suppliers = divided(cast, 60, 30, 10)
    count_by_supplier = Counter(ordered(cast).approved_supplier for _time in range(10))
    assert [count_by_supplier[supplier] for supplier in suppliers] == [6, 3, 1]
    assert amounts(cast) == [Decimal(348), Decimal(174), Decimal(58)]
    assert broken_sums() == []


def test_without_shares_all_have_the_same(cast: Cast) -> None:
    suppliers = divided(cast, None, None)
    count_by_supplier = Counter(ordered(cast).approved_supplier for _time in range(4))
    assert [count_by_supplier[supplier] for supplier in suppliers] == [2, 2]


def test_a_large_order_lets_the_others_catch_up(cast: Cast) -> None:
    first, second = divided(cast, 50, 50)
    assert ordered(cast, 10).approved_supplier == first
    assert [ordered(cast, 3).approved_supplier for _time in range(3)] == [second] * 3
    assert offered(cast) == second


def test_a_dearer_one_gets_it_when_it_is_its_turn(cast: Cast) -> None:
    _first, second = divided(cast, 50, 50)
    Price.objects.filter(supplier=second).update(unit_price=61)
    ordered(cast)
    assert offered(cast) == second


def test_one_that_does_not_sell_it_or_is_blocked_has_no_turn(cast: Cast) -> None:
    first, second = divided(cast, 10, 90)
    ordered(cast)
    assert offered(cast) == second
    Supplier.objects.filter(pk=second.pk).update(blocked_reason="Sanktioner")
    assert offered(cast) == first


def test_what_is_undone_counts_for_nothing(cast: Cast) -> None:
    first, second = divided(cast, 50, 50)
    line = ordered(cast)
    assert offered(cast) == second
    decisions.undo(lines=[line], by=cast.manager, at=NOW).only()
    assert (offered(cast), amounts(cast)) == (first, [Decimal(0), Decimal(0)])
    assert broken_sums() == []


def test_a_lower_price_at_ordering_counts_as_it_is_ordered(cast: Cast) -> None:
    divided(cast, 50, 50)
    ordered(cast, 10)
    Price.objects.filter(supplier=cast.supplier, item=cast.gloves).update(unit_price=50)
    orders.consolidate(at=NOW, due_only=False)
    assert amounts(cast) == [Decimal(500), Decimal(0)]
    assert broken_sums() == []


def test_an_agreement_that_begins_to_divide_counts_what_there_is(cast: Cast) -> None:
    ordered(cast, 10)
    _first, second = divided(cast, 50, 50)
    assert amounts(cast) == [Decimal(580), Decimal(0)]
    assert offered(cast) == second
    assert broken_sums() == []


def test_changed_shares_change_whose_turn_it_is(cast: Cast) -> None:
    first, second = divided(cast, 50, 50)
    ordered(cast)
    with transaction.atomic():
        AgreementSupplier.objects.filter(supplier=first).update(share_percent=99)
        AgreementSupplier.objects.filter(supplier=second).update(share_percent=1)
    ordered(cast)
    assert offered(cast) == first


def test_approving_uses_the_same_queries_for_one_line_and_for_forty(cast: Cast) -> None:
    divided(cast, 50, 50)

    def queries(count: int) -> int:
        requisition = worlds.submitted(cast, *((each, 1) for each in many_items(cast, count)))
        with CaptureQueriesContext(connection) as captured:
            decisions.approve(lines=list(requisition.lines.all()), by=cast.manager, at=NOW)
        return len(captured)

    queries(2)  # what is looked up once for the process
    assert queries(1) == queries(40)


def test_the_page_shows_share_beside_outcome(cast: Cast) -> None:
    divided(cast, 60, 40)
    ordered(cast)
    page = text_of(signed_in(cast.manager).get(f"/avtal/{cast.agreement.pk}/"))
    assert "Hur fördelas beställningarna?" in page
    first, second = signed_in(cast.manager).get(f"/avtal/{cast.agreement.pk}/").context["standings"]
    assert (first.share_percent, first.outcome_percent) == (Decimal(60), Decimal(100))
    assert (second.share_percent, second.outcome_percent) == (Decimal(40), Decimal(0))
    Agreement.objects.filter(pk=cast.agreement.pk).update(call_off_method=CallOffMethod.SINGLE)
    assert "Hur fördelas" not in text_of(signed_in(cast.manager).get(f"/avtal/{cast.agreement.pk}/"))


@given(st.lists(st.decimals(0, 10**6, places=2), min_size=1, max_size=5))
def test_outcomes_are_a_hundred_per_cent_together(committed: Sequence[Decimal]) -> None:
    places = [AgreementSupplier(committed_amount=each, share_percent=None) for each in committed]
    total = sum(each.outcome_percent for each in standings(places))
    assert total == 0 or abs(total - 100) <= Decimal("0.1") * len(places)


@pytest.mark.parametrize(("quantity", "place"), [(1, 0), (9, 0), (10, 1), (100, 1)])
def test_dynamic_ranking_takes_the_lowest_price_of_the_call_off(
    cast: Cast, quantity: int, place: int
) -> None:
    """Nobody chooses: the one that is cheapest in that quantity is offered, whatever its place in the agreement."""
    suppliers = divided(cast, None, None, method=CallOffMethod.DYNAMIC_RANKING)
    Price.objects.filter(supplier=suppliers[1]).update(unit_price=60)
    price(cast, suppliers[1], "55", minimum=10)
    assert offered(cast, quantity) == suppliers[place]
    assert ordered(cast, quantity).approved_supplier == suppliers[place]
