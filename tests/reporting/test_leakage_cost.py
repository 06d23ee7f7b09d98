"""What buying outside the agreements cost: the worked example, packs, replacements, and who sees which."""

from datetime import date
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from agreements.states import AgreementStatus
from organizations.models import Administration
from reporting.leakage_cost import LeakageCost, leakage_costs, summed_costs
from reporting.months import LineSelection, Total
from tests.cast import Cast
from tests.pages import flat, signed_in, text_of
from tests.reporting import initiatives
from tests.reporting.initiatives import delivered
from tests.reporting.test_price_volume_mix import item, replaces

YEAR = LineSelection(date(2020, 1, 1), date(2020, 12, 31))
AUTUMN = LineSelection(date(2020, 9, 1), date(2020, 12, 31))
DAY = date(2020, 10, 1)


def cost(chosen: LineSelection = YEAR) -> LeakageCost:
    return summed_costs(leakage_costs(chosen))


def test_worked_example_b(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    """DOMAIN 2.4, of example B: 200 × (63.20 − 58.00) = 1 040; what came at the agreement's price lost nothing."""
    initiatives.example_b(cast)
    with django_assert_num_queries(1):
        (leakage,) = leakage_costs(AUTUMN)
    assert (leakage.net, leakage.dearer, leakage.cheaper) == (Decimal(1040), Decimal(1040), Decimal(0))
    assert leakage.administration_name == cast.administration.name
    assert leakage.category == cast.gloves_category.pk
    assert leakage.count == leakage.compared_count == 4
    client = signed_in(cast.controller)
    page = client.get("/utanfor-avtal/lackage/?fran=2020-09-01&till=2020-12-31")
    assert "Köpen utanför avtalen kostade 1\u00a0040\u00a0kr mer" in flat(page.content.decode())
    ((_cost, query),) = page.context["costs"]
    response = client.get(f"/utanfor-avtal/{query}")
    assert response.context["sums"] == Total(4, leakage.amount)
    assert len(response.context["page_obj"]) == 4
    other = Administration.objects.create(code="TF", name="Tekniska förvaltningen", authority=cast.authority)
    assert client.get(f"/utanfor-avtal/?ar=2020&forvaltning={other.code}").context["sums"].count == 0


def test_packs_are_compared_in_base_units(cast: Cast) -> None:
    """Boxes of 200 at 120.00, 0.60 each, against 0.58: ten of them cost 40 more. Two go back."""
    delivered(cast, DAY, "10", "120.00", units=200)
    delivered(cast, DAY, "-2", "120.00", units=200)
    assert (cost().dearer, cost().cheaper, cost().net) == (Decimal(40), Decimal(-8), Decimal(32))


def test_cheaper_than_the_agreement_is_apart(cast: Cast) -> None:
    delivered(cast, DAY, "10", "60")
    delivered(cast, DAY, "10", "50")
    assert (cost().dearer, cost().cheaper, cost().net) == (Decimal(20), Decimal(-80), Decimal(-60))


def test_what_fully_replaces_an_item_has_its_price_by_the_factor(cast: Cast) -> None:
    """Two boxes of gloves do for one of the other: 10 at 130 against 20 at 58."""
    other = item(cast, "X", units=200)
    replaces(cast.gloves, other, "2")
    delivered(cast, DAY, "10", "130", item=other)
    assert cost().net == Decimal(140)


def test_what_no_agreement_has_a_price_for_is_counted_and_costs_nothing_known(cast: Cast) -> None:
    delivered(cast, DAY, "1", "3480", item=cast.chair)
    assert (cost().count, cost().amount, cost().compared_count, cost().net) == (
        1,
        Decimal(3480),
        0,
        Decimal(0),
    )
    page = signed_in(cast.controller).get("/utanfor-avtal/lackage/?ar=2020").content.decode()
    assert "Inget avtal hade pris på det som köptes" in page


@pytest.mark.parametrize("status", [AgreementStatus.DRAFT, AgreementStatus.DECIDED])
def test_an_agreement_that_was_never_in_force_has_no_price_to_compare_with(cast: Cast, status: str) -> None:
    cast.agreement.status = status
    cast.agreement.save()
    delivered(cast, DAY, "10", "60")
    assert cost().compared_count == 0


def test_manager_sees_what_her_own_categories_lost(cast: Cast) -> None:
    delivered(cast, DAY, "10", "60")
    for person, is_shown in ((cast.manager, True), (cast.office_deputy, False)):
        page = signed_in(person).get("/utanfor-avtal/lackage/?ar=2020").content.decode()
        assert ("Per förvaltning och kategori" in page) is is_shown
    assert leakage_costs(LineSelection(YEAR.starts, YEAR.ends, reach=[])) == []


def test_the_page_sums_up_to_its_total(cast: Cast) -> None:
    delivered(cast, DAY, "10", "60")
    delivered(cast, DAY, "1", "3480", item=cast.chair)
    page = text_of(signed_in(cast.controller).get("/utanfor-avtal/lackage/?ar=2020"))
    table = page[page.index("<tbody>") :]
    assert "Övriga köp utanför avtalen" in table
    assert [amount in table for amount in ("600", "3 480", "4 080")] == [True, True, True]
