"""Awards meet each other, and price lists, at the same moment: no two prices of the same hold the same day, and nothing is half done."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from itertools import pairwise
from typing import Any

import pytest

from catalog.models import Price, RenewedCompetition
from catalog.operations.competition_decisions import award_competition, cancel_competition
from catalog.operations.competitions import CompetitionIsDecided, start_competition
from catalog.operations.price_decisions import approve_prices
from catalog.operations.price_proposals import propose_prices
from core.errors import WrongState
from registers.models import Import
from registers.operations.applying import apply_import
from registers.operations.imports import request_import, run_import
from registers.register import REGISTERS
from tests.cast import NOW, TODAY, Cast
from tests.catalog.proposing import may_rise
from tests.competing import BEFORE, LAST_DAY, THROUGH, bid, demanded, started
from tests.races import race

pytestmark = pytest.mark.django_db(transaction=True)


def award(cast: Cast, competition: RenewedCompetition) -> RenewedCompetition:
    return award_competition(
        competition=competition, winner=cast.supplier, from_date=TODAY, through_date=THROUGH, reason="Lägst pris",
        by=cast.manager, at=NOW,
    )  # fmt: skip


def prices(cast: Cast) -> list[tuple[Decimal, date | None, date | None]]:
    rows = Price.objects.filter(item=cast.gloves).order_by("valid_during")
    return [(each.unit_price, each.valid_during.lower, each.valid_during.upper) for each in rows]


def another(cast: Cast) -> RenewedCompetition:
    """A second competition about the same."""
    return start_competition(
        agreement=demanded(cast), subject="Handskar igen", invited_date=BEFORE.date(), bids_by_date=LAST_DAY,
        items={cast.gloves: Decimal(5)}, by=cast.manager, at=BEFORE,
    )  # fmt: skip


def test_two_who_award_the_same_write_its_prices_once(cast: Cast) -> None:
    competition = bid(cast, started(cast, cast.gloves), cast.supplier, price="50")
    results = race(lambda: award(cast, competition), lambda: award(cast, competition))
    assert sorted(type(each).__name__ for each in results) == ["CompetitionIsDecided", "RenewedCompetition"]
    assert [price for price, _lower, _upper in prices(cast)] == [Decimal(58), Decimal(50), Decimal(58)]


def test_an_award_and_a_calling_off_leave_prices_as_the_one_that_came_first(cast: Cast) -> None:
    competition = bid(cast, started(cast, cast.gloves), cast.supplier, price="50")

    def cancel() -> RenewedCompetition:
        return cancel_competition(competition=competition, reason="Nej", by=cast.head, at=NOW)

    results = race(lambda: award(cast, competition), cancel)
    assert sum(isinstance(each, CompetitionIsDecided) for each in results) == 1
    competition.refresh_from_db()
    assert (len(prices(cast)) == 3) == (competition.status == "awarded")


def test_two_awards_about_the_same_follow_each_other(cast: Cast) -> None:
    """Whichever comes last holds on its days; both are won."""
    one = bid(cast, started(cast, cast.gloves), cast.supplier, price="50")
    two = bid(cast, another(cast), cast.supplier, price="47")
    results = race(lambda: award(cast, one), lambda: award(cast, two))
    assert all(isinstance(each, RenewedCompetition) for each in results), results
    (before, between, after) = prices(cast)
    assert (before[0], after[0]) == (Decimal(58), Decimal(58))
    assert between[0] in (Decimal(50), Decimal(47))
    assert between[1:] == (TODAY, THROUGH + timedelta(days=1))


def listed(cast: Cast, price: str) -> Import:
    """A list with a lower price of gloves from the first of June, compared with the register."""
    head = "Artikelnummer;Pris;Avtalsnummer;Leverantör;Från och med"
    row = f"{cast.gloves.number};{price};{cast.agreement.number};{cast.supplier.org_number};2021-06-01"
    of_import = request_import(
        register=REGISTERS["prices"], file_name="lista.csv", content=BytesIO(f"{head}\n{row}".encode()), by=cast.manager,
        at=NOW,
    )  # fmt: skip
    run_import(of_import=of_import, at=NOW)
    return Import.objects.get(pk=of_import.pk)


@pytest.mark.parametrize("_time", range(3))
def test_an_award_while_a_list_is_applied(cast: Cast, _time: int) -> None:
    """The list is written first and gives way on the award's days, or is compared again, since its price is another now."""
    may_rise(cast)
    competition, of_import = (
        bid(cast, started(cast, cast.gloves), cast.supplier, price="50"),
        listed(cast, "55"),
    )

    def apply() -> Any:
        return apply_import(of_import=of_import, by=cast.manager, at=NOW)

    awarded, applied = race(lambda: award(cast, competition), apply)
    assert isinstance(awarded, RenewedCompetition), awarded
    assert isinstance(applied, Import | WrongState), applied
    periods = prices(cast)
    assert (Decimal(50), TODAY, date(2021, 6, 1)) in periods or (
        Decimal(50),
        TODAY,
        THROUGH + timedelta(days=1),
    ) in periods
    assert all(one[2] is not None and one[2] <= two[1] for one, two in pairwise(periods) if two[1])


@pytest.mark.parametrize("_time", range(3))
def test_an_award_while_a_raise_is_approved(cast: Cast, _time: int) -> None:
    may_rise(cast)
    competition = bid(cast, started(cast, cast.gloves), cast.supplier, price="50")
    proposal = propose_prices(
        agreement=cast.agreement, prices={Price.objects.get(item=cast.gloves): Decimal(65)},
        from_date=TODAY + timedelta(days=10), reason="Dyrare", volumes={}, by=cast.manager, at=NOW,
    )  # fmt: skip
    acts: list[Callable[[], Any]] = [
        lambda: award(cast, competition),
        lambda: approve_prices(proposal=proposal, by=cast.deputy, at=NOW),
    ]
    awarded, approved = race(*acts)
    assert isinstance(awarded, RenewedCompetition | WrongState), awarded
    assert not isinstance(approved, Exception) or isinstance(approved, WrongState), approved
    if isinstance(awarded, RenewedCompetition):
        assert (Decimal(50), TODAY, THROUGH + timedelta(days=1)) in prices(cast)
    else:
        assert Decimal(50) not in {price for price, _lower, _upper in prices(cast)}
