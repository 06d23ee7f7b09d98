"""On what terms an item leaves or is tried: factors below one, conditions, circles and days that have been, at both doors."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from catalog.models import Item, Substitution
from catalog.states import ItemStatus
from procurement.operations import assortment
from tests.api.clients import Program
from tests.cast import NOW, TODAY, Cast
from tests.pages import signed_in, text_of

pytestmark = pytest.mark.usefixtures("at_nine")

ADDRESS = "/livscykel/104600/fasa-ut/"
LAST = TODAY + timedelta(days=20)
TERMS = {"replacement": "104412", "factor": "1", "equivalence": "full", "last_order_date": LAST.isoformat()}


@pytest.mark.parametrize(("typed", "factor"), [("0,5", "0.5"), ("0,3333", "0.3333"), ("2", "2")])
def test_a_larger_pack_replaces_a_smaller(cast: Cast, typed: str, factor: str) -> None:
    """A box of 200 instead of one of 100 is half a box for each."""
    answer = signed_in(cast.manager).post(ADDRESS, TERMS | {"factor": typed})
    assert answer.status_code == 302, text_of(answer)
    assert Substitution.objects.get().factor == Decimal(factor)
    assert f"1 förpackning motsvarar {typed[:5]} ask" in text_of(
        signed_in(cast.requester).get("/katalog/104600/")
    )
    substitution = Program(cast.manager).get("life-cycles/104600/").data["substitutions"][0]
    assert Decimal(substitution["factor"]) == Decimal(factor)


def test_a_larger_pack_replaces_a_smaller_through_the_api(cast: Cast) -> None:
    answer = Program(cast.manager).post("life-cycles/104600/phase-out/", **TERMS | {"factor": "0.3333"})
    assert answer.status_code == 200, answer.data
    assert Substitution.objects.get().factor == Decimal("0.3333")


@pytest.mark.parametrize("factor", ["0", "-1", "99999999", "0.00001", "99999999999"])
def test_a_factor_that_cannot_be_is_said(cast: Cast, factor: str) -> None:
    page = signed_in(cast.manager).post(ADDRESS, TERMS | {"factor": factor.replace(".", ",")})
    assert page.status_code == 422
    assert "Antal nya för varje gammal" in text_of(page)
    answer = Program(cast.manager).post("life-cycles/104600/phase-out/", **TERMS | {"factor": factor})
    assert answer.status_code == 400, answer.data
    assert not Substitution.objects.exists()


def test_a_condition_is_asked_for(cast: Cast) -> None:
    terms = TERMS | {"equivalence": "with_condition", "note": " "}
    page = signed_in(cast.manager).post(ADDRESS, terms | {"comment": "Efter provet"})
    assert page.status_code == 422
    assert "Skriv villkoret" in text_of(page)
    assert 'value="Efter provet"' in text_of(page)
    answer = Program(cast.manager).post("life-cycles/104600/phase-out/", **terms)
    assert (answer.status_code, answer.data["code"]) == (400, "substitution_condition_missing")


def test_what_was_to_leave_for_the_other_is_said(cast: Cast) -> None:
    """The gown was leaving for the gloves and stayed; the gloves cannot leave for the gown until that is ended."""
    terms: dict[str, Any] = {"last_order_date": LAST, "by": cast.manager, "at": NOW}
    assortment.phase_out(item=cast.gown, replacement=cast.gloves, **terms)
    assortment.decide_standard(item=cast.gown, by=cast.manager, at=NOW)
    page = signed_in(cast.manager).post("/livscykel/104412/fasa-ut/", TERMS | {"replacement": "104600"})
    assert page.status_code == 422
    assert "Avsluta den ersättningen i registret först." in text_of(page)
    answer = Program(cast.manager).post("life-cycles/104412/phase-out/", **TERMS | {"replacement": "104600"})
    assert (answer.status_code, answer.data["code"]) == (400, "substitution_circle")
    assert Item.objects.get(pk=cast.gloves.pk).status == ItemStatus.STANDARD


def test_a_department_that_is_named_twice_tries_once(cast: Cast) -> None:
    Item.objects.filter(pk=cast.gown.pk).update(status=ItemStatus.ASSESSED)
    code = cast.ward.cost_center
    answer = Program(cast.manager).post(
        "life-cycles/104600/start-trial/", departments=[code, code], first_date=TODAY, last_date=LAST
    )
    assert answer.status_code == 200, answer.data
    assert [each["department"] for each in answer.data["trials"]] == [code]


def test_a_trial_that_is_prolonged_keeps_the_days_that_have_been(cast: Cast) -> None:
    """Those who tried it for ten days did, whatever first day is written when others go on."""
    Item.objects.filter(pk=cast.gown.pk).update(status=ItemStatus.ASSESSED)
    start, first = NOW - timedelta(days=10), TODAY - timedelta(days=10)
    terms: dict[str, Any] = {"item": cast.gown, "last_date": LAST, "by": cast.manager}
    assortment.start_trial(departments=[cast.ward, cast.home], first_date=first, at=start, **terms)
    assortment.start_trial(departments=[cast.home], first_date=first, at=NOW, **terms)
    days = {
        (each.department, each.valid_during.lower, each.valid_during.upper) for each in cast.gown.trials.all()
    }
    assert days == {
        (cast.ward, first, TODAY),
        (cast.home, first, TODAY),
        (cast.home, TODAY, LAST + timedelta(days=1)),
    }
