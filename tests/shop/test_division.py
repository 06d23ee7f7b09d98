"""The basket offers to divide what would hold itself up, and sends the part that is chosen."""

from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from agreements.models import Supplier
from catalog.models import Price
from categories.models import CategoryPolicy
from procurement.models import OrderLine, Requisition
from procurement.operations.orders import consolidate
from procurement.order_times import next_order_time
from tests import worlds
from tests.cast import NOW, Cast
from tests.pages import signed_in, text_of
from tests.procurement.ordering import details

pytestmark = pytest.mark.usefixtures("at_nine")

BASKET = reverse("shop:basket")
QUESTION = "Vill du dela beställningen?"
ATTEST_QUESTION = "Vill du skicka det som inte behöver attest nu?"


def lead(cast: Cast, gloves: int, chair: int) -> None:
    """Set how many working days deliveries take."""
    for item, days in ((cast.gloves, gloves), (cast.chair, chair)):
        Price.objects.filter(item=item).update(lead_days=days)


def held(cast: Cast, *wanted: tuple[object, int]) -> Requisition:
    """A basket in which no day is chosen yet."""
    basket = worlds.basket(cast, *wanted)  # type: ignore[arg-type]
    Requisition.objects.filter(pk=basket.pk).update(needed_by_date=None)
    return basket


def test_what_comes_sooner_can_be_sent_first(cast: Cast) -> None:
    lead(cast, gloves=3, chair=15)
    basket = held(cast, (cast.gloves, 6), (cast.chair, 1))
    gloves, chair = basket.lines.order_by("position")
    client = signed_in(cast.requester)
    page = text_of(client.get(BASKET))
    assert QUESTION in page
    assert "En rad kan komma tis 25 maj, men resten först tor 10 juni." in page
    assert "Skicka 1 rad nu" in page
    suggested = details(cast, needed_by_date="2021-06-10", now=str(gloves.pk))
    page = text_of(client.post(BASKET, suggested, follow=True))
    assert "En rad ligger kvar i korgen." in page
    requisition = Requisition.objects.submitted().get()
    assert ([line.pk for line in requisition.lines.all()], str(requisition.needed_by_date)) == (
        [gloves.pk],
        "2021-05-25",
    )
    assert [line.pk for line in Requisition.objects.baskets().get().lines.all()] == [chair.pk]
    assert QUESTION not in text_of(client.get(BASKET))


def test_a_day_that_she_has_chosen_is_kept_and_nothing_is_offered(cast: Cast) -> None:
    lead(cast, gloves=3, chair=15)
    basket = worlds.basket(cast, (cast.gloves, 6), (cast.chair, 1))
    client = signed_in(cast.requester)
    assert QUESTION not in text_of(client.get(BASKET))
    first = basket.lines.order_by("position")[0]
    client.post(BASKET, details(cast, needed_by_date="2021-06-23", now=str(first.pk)))
    assert str(Requisition.objects.submitted().get().needed_by_date) == "2021-06-23"


def test_days_close_together_are_not_worth_two_orders(cast: Cast) -> None:
    lead(cast, gloves=5, chair=7)
    held(cast, (cast.gloves, 6), (cast.chair, 1))
    assert QUESTION not in text_of(signed_in(cast.requester).get(BASKET))


def test_what_is_decided_at_once_need_not_wait_for_an_attest(cast: Cast) -> None:
    CategoryPolicy.objects.update(standing_approval_limit=Decimal(1000))
    basket = held(cast, (cast.gloves, 6), (cast.chair, 4))
    page = text_of(signed_in(cast.requester).get(BASKET))
    assert ATTEST_QUESTION in page
    assert "Resten väntar på attest." in page
    fields = details(cast, now=str(basket.lines.order_by("position")[0].pk))
    signed_in(cast.requester).post(BASKET, fields)
    assert not Requisition.objects.submitted().get().attests.exists()
    assert "attesterar också" in text_of(signed_in(cast.requester).get(BASKET))


def test_nobody_is_helped_round_an_attest(cast: Cast) -> None:
    """Three chairs alone are within the limit, and with the gloves above it: sent apart, nobody would attest them."""
    CategoryPolicy.objects.update(standing_approval_limit=Decimal(1000))
    lead(cast, gloves=3, chair=30)
    held(cast, (cast.gloves, 12), (cast.chair, 2), (cast.gown, 20))
    page = text_of(signed_in(cast.requester).get(BASKET))
    assert ("attesterar också" in page, ATTEST_QUESTION in page, QUESTION in page) == (True, False, False)


LATE = NOW.replace(hour=16)
"""Tuesday, when the region has ordered that day."""
FRIDAY, SATURDAY = LATE + timedelta(days=3), NOW + timedelta(days=4)


@pytest.mark.parametrize("cutoff", [None, time(15), time(14)], ids=["any", "three", "two"])
@pytest.mark.parametrize("at", [NOW, LATE, FRIDAY, SATURDAY], ids=["nine", "four", "friday", "saturday"])
def test_the_day_that_is_suggested_is_one_that_the_order_can_keep(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, at: datetime, cutoff: time | None
) -> None:
    """A delivery takes its working days from when the region orders next, and one more after the supplier's last time."""
    Supplier.objects.update(order_cutoff=cutoff)
    CategoryPolicy.objects.update(standing_approval_limit=Decimal(2000))
    monkeypatch.setattr("django.utils.timezone.now", lambda: at)
    held(cast, (cast.gloves, 6))
    client = signed_in(cast.requester)
    context = client.get(BASKET).context
    day = context["form"].initial["needed_by_date"]
    assert "svårt att hinna" not in context["about_day"]
    client.post(BASKET, details(cast, needed_by_date=day.isoformat()), follow=True)
    consolidate(at=next_order_time(at))
    assert OrderLine.objects.get().expected_date == day


def test_a_closed_day_does_not_promise_the_day_after(cast: Cast) -> None:
    """Gloves take three working days; by Sunday is said to be by Monday only where Monday can be kept."""
    lead(cast, gloves=10, chair=15)
    worlds.basket(cast, (cast.gloves, 6))
    asked = details(cast, needed_by_date="2021-05-23")
    page = text_of(
        signed_in(cast.requester).post(reverse("shop:basket_details"), asked, headers={"HX-Request": "true"})
    )
    assert "Söndag, ledig dag. Leveransen kommer tidigast tis 1 juni." in page
