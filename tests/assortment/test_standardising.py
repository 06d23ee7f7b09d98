"""What could be one choice, and what it would be worth: a worked example."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from agreements.models import Agreement, AgreementSupplier
from assortment.models import Candidate, CandidateItem
from assortment.operations.candidates import CandidateIsProposed, compute_candidates, propose_candidate
from assortment.operations.proposals import withdraw
from assortment.permissions import CandidateIsNotYours
from catalog.models import Item, Price
from catalog.pricing import best_prices
from categories.models import Category
from history.models import PurchaseHistoryLine
from procurement.operations import baskets, requisitions
from tests import worlds
from tests.cast import ALWAYS, NOW, TODAY, Cast, item
from tests.pages import signed_in, text_of

D = Decimal


def priced(
    cast: Cast, number: str, name: str, price: str, *, factor: int = 100, within: Category | None = None
) -> Item:
    thing = item(number, name, within or cast.gloves_category, unit="ask", factor=factor)
    Price.objects.create(
        item=thing, agreement=None, supplier=cast.paper_supplier, unit_price=D(price), valid_during=ALWAYS
    )
    return thing


def bought(thing: Item, quantity: int, price: str, *, day: date = TODAY, cast: Cast, number: int = 1) -> None:
    PurchaseHistoryLine.objects.create(
        source="x",
        external_id=f"{thing.number}-{number}",
        delivered_date=day,
        item_key=thing.name,
        description=thing.name,
        quantity=quantity,
        unit="ask",
        units_per_order_unit=thing.units_per_order_unit,
        unit_price=D(price),
        amount=quantity * D(price),
        department=cast.ward,
        category=thing.category,
        item=thing,
    )


def test_the_worked_example(cast: Cast) -> None:
    """
    Nitrile gloves are bought under two numbers, in boxes of 100 and of 200.

    =========================  =======  ============  ========  ==========  ==============================
    item                       box      price today   per item  12 months   worth
    =========================  =======  ============  ========  ==========  ==============================
    104412 blå (agreement)     100      58.00         0.58      50 boxes    5 000 × (0.58 − 0.42) = 800.00
    104420 blå, another make   200      84.00         0.42      10 boxes    0: the cheapest
    104430 latex               100      20.00         0.20      none        other words: not compared
    104440 blå hängare         100      10.00         0.10      none        less than a third: not compared
    =========================  =======  ============  ========  ==========  ==============================
    """
    other = priced(cast, "104420", "Undersökningshandske nitril puderfri blå Kust", "84.00", factor=200)
    priced(cast, "104430", "Latexhandske steril kirurgisk", "20.00")
    priced(cast, "104440", "Undersökningshandske nitril puderfri blå hängare", "10.00")
    bought(cast.gloves, 30, "58.00", cast=cast)
    bought(cast.gloves, 20, "55.00", cast=cast, day=TODAY - timedelta(days=364), number=2)
    bought(cast.gloves, 99, "55.00", cast=cast, day=TODAY - timedelta(days=365), number=3)
    bought(other, 10, "84.00", cast=cast)
    assert compute_candidates(at=NOW)
    candidate = Candidate.objects.get()
    assert (candidate.cheapest_item, candidate.category, candidate.unit) == (
        other,
        cast.gloves_category,
        "st",
    )
    assert (candidate.cheapest_price, candidate.dearest_price) == (D("0.42"), D("0.58"))
    assert (candidate.choices, candidate.times, candidate.departments) == (2, 3, 1)
    assert candidate.amount == D("30") * 58 + D("20") * 55 + D("10") * 84
    assert candidate.worth == D("800.00")
    of_each = {each.item: each for each in CandidateItem.objects.all()}
    assert of_each[cast.gloves].base_quantity == D(5000)
    assert (of_each[cast.gloves].worth, of_each[other].worth) == (D("800.00"), D(0))


@pytest.mark.parametrize("case", ["of a draft", "from a thousand", "by the piece", "of the second in rank"])
def test_the_best_price_is_what_one_costs_as_everywhere(cast: Cast, case: str) -> None:
    """
    As in the catalogue: 84 kr a box of 200 is 0.42; 50 boxes of 100 at 58 give 5 000 × (0.58 − 0.42) = 800.

    Prices of an agreement that is not activated, from a quantity that nobody orders, by another unit than the item's own, and of
    a supplier that comes second in rank are not what one costs.
    """
    other = priced(cast, "104420", "Undersökningshandske nitril puderfri blå Kust", "84.00", factor=200)
    bought(cast.gloves, 50, "58.00", cast=cast)
    draft = Agreement.objects.create(
        number="U",
        title="Utkast",
        category=cast.gloves_category,
        supplier=cast.paper_supplier,
        procedure="open",
        status="draft",
        ceiling_amount=D(1000),
        valid_during=ALWAYS,
    )
    facts: dict[str, dict[str, Any]] = {
        "of a draft": {"unit_price": D("60"), "agreement": draft},
        "from a thousand": {"unit_price": D("60"), "minimum_quantity": 1000},
        "by the piece": {"unit_price": D("0.50"), "order_unit": "st", "units_per_order_unit": 1},
        "of the second in rank": {"unit_price": D("60"), "agreement": cast.agreement},
    }
    if case == "of the second in rank":
        Agreement.objects.filter(pk=cast.agreement.pk).update(call_off_method="ranking")
        AgreementSupplier.objects.create(agreement=cast.agreement, supplier=cast.paper_supplier, rank=2)
        Price.objects.filter(item=other).update(agreement=cast.agreement, supplier=cast.supplier)
    Price.objects.create(
        **{"item": other, "agreement": None, "supplier": cast.paper_supplier, "valid_during": ALWAYS}
        | facts[case]
    )
    best = best_prices([other.pk], day=TODAY).get(other.pk)
    assert best is not None
    assert best.unit_price == 84
    assert compute_candidates(at=NOW)
    candidate = Candidate.objects.get()
    assert (candidate.cheapest_price, candidate.worth) == (D("0.42"), D("800.00"))


def test_what_cost_most_is_compared_first(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    other = priced(cast, "104420", "Undersökningshandske nitril puderfri blå Kust", "84.00", factor=200)
    bought(cast.gloves, 1, "58.00", cast=cast)
    bought(other, 10, "84.00", cast=cast)
    monkeypatch.setattr("assortment.operations.candidates.MOST_BOUGHT", 1)
    compute_candidates(at=NOW)
    assert not Candidate.objects.exists()
    bought(cast.gloves, 20, "58.00", cast=cast, number=2)
    compute_candidates(at=NOW + timedelta(days=1))
    assert [each.item for each in CandidateItem.objects.all()] == [cast.gloves]


@pytest.mark.parametrize(
    "name",
    [
        "Undersökningshandske nitril, puderfri, blå 10",
        "Kontorsstol ergonomisk, tyg, svart",
    ],
)
def test_other_numbers_and_other_words_are_other_things(cast: Cast, name: str) -> None:
    priced(cast, "104420", name, "10.00")
    bought(cast.gloves, 30, "58.00", cast=cast)
    compute_candidates(at=NOW)
    assert not Candidate.objects.exists()


def test_sizes_units_and_categories_are_told_apart(cast: Cast) -> None:
    name = cast.gloves.name
    priced(cast, "1", name, "10.00", within=cast.medical)
    for number, changes in (
        ("2", {"base_unit": "par"}),
        ("3", {"size": "L"}),
        ("4", {"status": "retired"}),
        ("5", {"kind": "service"}),
    ):
        Item.objects.filter(pk=priced(cast, number, name, "10.00").pk).update(**changes)
    Item.objects.filter(pk=cast.gloves.pk).update(family="nitril")
    Item.objects.filter(pk=priced(cast, "6", name, "10.00").pk).update(family="nitril")
    bought(cast.gloves, 30, "58.00", cast=cast)
    compute_candidates(at=NOW)
    assert not Candidate.objects.exists()


def test_needs_that_return(cast: Cast) -> None:
    """Two chairs at 900 and three at 1 000 under words that are alike: 3 × (1 000 − 900) = 300 kr; one xylophone is none."""
    for words, quantity, price in (
        ("Specialgungor röda", 2, "900"),
        ("Röda specialgungor", 3, "1000"),
        ("Xylofon", 1, "500"),
    ):
        basket = worlds.basket(cast)
        baskets.add_free_text(
            basket=basket,
            description=words,
            specification="",
            category=cast.office,
            quantity=D(quantity),
            unit="st",
            estimated_unit_price=D(price),
            suggested_supplier="",
            by=cast.requester,
            at=NOW,
        )
        requisitions.submit(basket=basket, by=cast.requester, at=NOW)
    compute_candidates(at=NOW)
    need = Candidate.objects.get()
    assert (need.kind, need.times, need.choices, need.departments) == ("needs", 2, 1, 1)
    assert (need.amount, need.worth, need.category) == (D("4800.00"), D("300.00"), cast.office)


def test_a_night_is_computed_once_and_not_before_two(cast: Cast) -> None:
    assert not compute_candidates(at=NOW.replace(hour=1))
    assert compute_candidates(at=NOW)
    assert not compute_candidates(at=NOW)
    assert compute_candidates(at=NOW + timedelta(days=1))


def test_a_candidate_becomes_a_proposal_that_another_decides(cast: Cast) -> None:
    other = priced(cast, "104420", "Undersökningshandske nitril puderfri blå Kust", "84.00", factor=200)
    bought(cast.gloves, 30, "58.00", cast=cast)
    compute_candidates(at=NOW)
    candidate = Candidate.objects.get()
    with pytest.raises(CandidateIsNotYours):
        propose_candidate(candidate=candidate, department=None, by=cast.office_deputy, at=NOW)
    proposal = propose_candidate(candidate=candidate, department=None, by=cast.manager, at=NOW)
    assert (proposal.kind, proposal.new_item, proposal.category) == (
        "replacement",
        other,
        cast.gloves_category,
    )
    assert [each.item for each in proposal.affected.all()] == [cast.gloves]
    assert "2 artiklar" in proposal.reason
    with pytest.raises(CandidateIsProposed):
        propose_candidate(candidate=candidate, department=None, by=cast.manager, at=NOW)
    compute_candidates(at=NOW + timedelta(days=1))
    assert Candidate.objects.get().proposal == proposal
    page = f"/sortiment/kandidater/{candidate.pk}/"
    assert "Se förslaget" in text_of(signed_in(cast.manager).get(page))
    withdraw(proposal=proposal, by=cast.manager, at=NOW)
    assert "Gör ett förslag av det" in text_of(signed_in(cast.manager).get(page))
    again = propose_candidate(candidate=candidate, department=None, by=cast.manager, at=NOW)
    assert Candidate.objects.get().proposal == again != proposal
