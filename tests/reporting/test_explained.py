"""Any amount of the register is explained down to its prices, its conversion, its receipt and what it replaced."""

import re
from datetime import date
from decimal import Decimal

from pytest_django import DjangoAssertNumQueries

from reporting.explaining import explain
from reporting.models import BaselineMethod, Component, Saving
from tests.cast import Cast
from tests.pages import signed_in
from tests.reporting import initiatives
from tests.reporting.test_methods import confirm, example_a, freeze
from tests.reporting.test_versions import revise, wrong_price


def page(cast: Cast, saving: Saving, who: str = "controller") -> str:
    answer = signed_in(getattr(cast, who)).get(f"/besparingar/rader/{saving.pk}/")
    assert answer.status_code == 200
    return re.sub(r"[ \n]+", " ", answer.content.decode())


def test_a_line_is_explained_step_by_step(cast: Cast) -> None:
    initiatives.example_b(cast)
    saving = Saving.objects.get(delivered_date=date(2020, 9, 15))
    text = page(cast, saving, "auditor")
    for words in ("Så räknades 1\xa0560,00", "63,20", "58,00", "5,20", "300", "Snitt 12 mån.", "ledger, rad"):
        assert words in text, words
    assert "Omräknat till det som kom" not in text


def test_another_pack_is_explained(cast: Cast) -> None:
    initiatives.example_deliveries(cast)
    initiatives.confirmed(cast)
    initiatives.delivered(
        cast, date(2020, 10, 1), "5", "110.00", units=int(cast.gloves.units_per_order_unit * 2)
    )
    initiatives.computed()
    explained = explain(Saving.objects.get().pk, cast.controller)
    assert explained.conversion.is_needed
    assert (explained.conversion.price, explained.conversion.converted) == (
        Decimal("63.2000"),
        Decimal("126.4000"),
    )
    assert explained.difference * 5 == explained.saving.amount == Decimal("82.00")
    assert "Omräknat till det som kom" in page(cast, explained.saving)


def test_components_of_a_line_lead_to_each_other_and_to_their_sum(cast: Cast) -> None:
    initiative = example_a(cast, BaselineMethod.INDEXED)
    freeze(cast, initiative)
    confirm(cast, initiative)
    initiatives.delivered(cast, date(2020, 9, 1), "5200", "58.00")
    initiatives.computed()
    reduction = Saving.objects.get(component=Component.REDUCTION)
    avoided = Saving.objects.get(component=Component.AVOIDANCE)
    assert explain(reduction.pk, cast.controller).whole == Decimal("33442.50")
    assert f"/besparingar/rader/{avoided.pk}/" in page(cast, reduction)
    text = page(cast, avoided)
    for words in ("64,4313", "61,00", "17\xa0842,50", "33\xa0442,50"):
        assert words in text, words


def test_a_corrected_amount_says_so_and_keeps_its_history(cast: Cast) -> None:
    initiative = wrong_price(cast)
    first = Saving.objects.get()
    revise(cast, initiative)
    confirm(cast, initiative)
    initiatives.computed()
    assert "Rättad i en senare version" in page(cast, first)
    latest = Saving.objects.current().get()
    assert "Rättad i en senare version" not in page(cast, latest)
    assert [each.calculation_version for each in explain(latest.pk, cast.controller).versions] == [2, 1]


def test_a_withdrawn_amount_says_why_it_is_nothing(cast: Cast) -> None:
    initiative = example_a(cast, BaselineMethod.INDEXED)
    freeze(cast, initiative)
    confirm(cast, initiative)
    initiatives.delivered(cast, date(2020, 9, 15), "100", "58.00")
    initiatives.computed()
    type(initiative).objects.update(method=BaselineMethod.PREV_CONTRACT)
    revise(cast, initiative)
    confirm(cast, initiative)
    initiatives.computed()
    assert "Räknas inte längre" in page(cast, Saving.objects.current().get(component=Component.AVOIDANCE))


def test_explaining_asks_a_fixed_number_of_questions(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    initiatives.example_b(cast)
    saving = Saving.objects.order_by("pk")[0]
    with django_assert_num_queries(3):
        explain(saving.pk, cast.controller)


def test_amounts_of_others_are_not_explained(cast: Cast) -> None:
    initiatives.example_b(cast)
    address = f"/besparingar/rader/{Saving.objects.order_by('pk')[0].pk}/"
    assert signed_in(cast.office_deputy).get(address).status_code == 404
    assert signed_in(cast.requester).get(address).status_code == 403
