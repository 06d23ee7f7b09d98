"""New prices through the API: registered with their effect, seen, decided by another."""

from datetime import timedelta
from decimal import Decimal

import pytest

from agreements.models import Agreement, AgreementSupplier, PriceClause
from catalog.models import Price, PriceProposal
from tests import worlds
from tests.api.clients import Program
from tests.cast import NOW, TODAY, Cast
from tests.catalog.proposing import proposed

pytestmark = pytest.mark.usefixtures("at_nine")
NEXT = (TODAY + timedelta(days=30)).isoformat()


@pytest.fixture(autouse=True)
def may_rise(cast: Cast) -> None:
    """Let the agreement's prices move."""
    Agreement.objects.filter(pk=cast.agreement.pk).update(price_clause=PriceClause.INDEX)


def body(cast: Cast, **row: str) -> dict[str, object]:
    rows = [{"item": cast.gloves.number, "unit_price": "61", **row}]
    return {"agreement": cast.agreement.number, "from_date": NEXT, "reason": "Dyrare råvara", "rows": rows}


def test_the_effect_is_that_of_what_was_delivered_in_a_year(cast: Cast) -> None:
    """Ten boxes came yesterday and five long ago: ten boxes at three kronor more are thirty kronor."""
    worlds.received(cast, (cast.gloves, 10), at=NOW - timedelta(days=1))
    response = Program(cast.manager).post("price-proposals/", **body(cast))
    assert response.status_code == 201, response.data
    (row,) = response.data["rows"]
    assert (row["annual_quantity"], row["department_count"]) == ("10.000", 1)
    assert (row["old_price"], row["new_price"], row["annual_effect"]) == ("58.0000", "61.0000", "30.00")
    assert response.data["annual_effect"] == "30.00"


def test_two_new_prices_for_one_are_none(cast: Cast) -> None:
    fields = body(cast)
    rows = [{"item": cast.gloves.number, "unit_price": price} for price in ("61", "62")]
    answer = Program(cast.manager).post("price-proposals/", **fields | {"rows": rows})
    assert (answer.status_code, answer.data["code"]) == (400, "price_named_twice")
    assert not PriceProposal.objects.exists()


def test_the_supplier_is_the_first_or_the_one_that_is_named(cast: Cast) -> None:
    """Both sell gloves under the agreement; each raises its own price."""
    AgreementSupplier.objects.create(agreement=cast.agreement, supplier=cast.paper_supplier, rank=2)
    price = Price.objects.get(item=cast.gloves)
    second = price.copy_during(price.valid_during)
    second.supplier, second.unit_price = cast.paper_supplier, Decimal(60)
    second.save()
    program = Program(cast.manager)
    for fields, supplier, old in (
        ({}, cast.supplier, "58.0000"),
        ({"supplier": cast.paper_supplier.org_number}, cast.paper_supplier, "60.0000"),
    ):
        response = program.post("price-proposals/", **body(cast), **fields)
        assert response.status_code == 201, response.data
        assert response.data["supplier"]["id"] == supplier.pk
        assert response.data["rows"][0]["old_price"] == old


def test_what_a_list_says_beside_the_price_is_told(cast: Cast) -> None:
    proposal, deputy = proposed(cast), Program(cast.deputy)
    row = deputy.get(f"price-proposals/{proposal.pk}/").data["rows"][0]
    assert (row["units_per_order_unit"], row["lead_days"], row["through_date"]) == (None, None, None)
    proposal.rows.update(units_per_order_unit=80, lead_days=9, through_date=TODAY + timedelta(days=99))
    row = deputy.get(f"price-proposals/{proposal.pk}/").data["rows"][0]
    assert (row["units_per_order_unit"], row["lead_days"], row["through_date"]) == ("80.000", 9, "2021-08-25")


def test_it_is_approved_by_another(cast: Cast) -> None:
    manager, deputy = Program(cast.manager), Program(cast.deputy)
    key = manager.post("price-proposals/", **body(cast)).data["id"]
    refusal = manager.post(f"price-proposals/{key}/approve/")
    assert (refusal.status_code, refusal.data["code"]) == (403, "price_proposal_registered_by_herself")
    approval = deputy.post(f"price-proposals/{key}/approve/", reason="Enligt avtalet")
    assert (approval.status_code, approval.data["status"], approval.data["decision_reason"]) == (
        200,
        "approved",
        "Enligt avtalet",
    )
    assert Price.objects.filter(item=cast.gloves, unit_price=Decimal(61)).count() == 1
    again = deputy.post(f"price-proposals/{key}/reject/", reason="Nej")
    assert again.status_code == 409


def test_a_rejection_says_why(cast: Cast) -> None:
    key = Program(cast.manager).post("price-proposals/", **body(cast)).data["id"]
    head = Program(cast.head)
    refusal = head.post(f"price-proposals/{key}/reject/", reason=" ")
    assert refusal.data["code"] == "price_proposal_reason_missing"
    assert head.post(f"price-proposals/{key}/reject/", reason="Nej").data["status"] == "rejected"


@pytest.mark.parametrize(
    "row", [{"item": "finns-inte"}, {"minimum_quantity": "7"}, {"order_unit": "kartong"}]
)
def test_a_new_price_follows_one_that_is_there(cast: Cast, row: dict[str, str]) -> None:
    refusal = Program(cast.manager).post("price-proposals/", **body(cast, **row))
    assert (refusal.data["code"], Price.objects.filter(item=cast.gloves).count()) == ("no_price_to_follow", 1)


def test_who_has_no_part_in_agreements_sees_none(cast: Cast) -> None:
    key = Program(cast.manager).post("price-proposals/", **body(cast)).data["id"]
    assert Program(cast.auditor).get(f"price-proposals/{key}/").status_code == 200
    assert Program(cast.administrator).post(f"price-proposals/{key}/withdraw/").status_code in {403, 404}
