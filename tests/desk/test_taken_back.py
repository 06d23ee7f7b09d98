"""Whoever answers for a line, and whoever asked for it, is told that its approval no longer holds."""

import pytest
from django.urls import reverse

from procurement.models import RequisitionLine
from procurement.operations import orders
from tests import worlds
from tests.cast import NOW, Cast
from tests.pages import signed_in, text_of
from tests.procurement.deciding import approve
from tests.procurement.events import item_recalled

pytestmark = pytest.mark.usefixtures("at_nine")


@pytest.fixture
def line(cast: Cast) -> RequisitionLine:
    """A line that was approved and then recalled before it was ordered."""
    line = worlds.line(cast)
    approve(line, cast.manager)
    item_recalled(cast)
    assert orders.consolidate(at=NOW, due_only=False) == []
    line.refresh_from_db()
    return line


@pytest.mark.parametrize("address", ["/ko/", "/ko/?visa=har-kommit-tillbaka"])
def test_the_queue_shows_the_reason(cast: Cast, line: RequisitionLine, address: str) -> None:
    page = text_of(signed_in(cast.manager).get(address))
    assert "Har kommit tillbaka" in page
    assert line.taken_back_reason in page
    assert "Godkännandet gäller inte längre." in page


def test_the_filter_leaves_the_others_out(cast: Cast, line: RequisitionLine) -> None:
    worlds.line(cast, (cast.gown, 1))
    page = signed_in(cast.manager).get("/ko/?visa=har-kommit-tillbaka").content.decode()
    assert "Skyddsrock" not in page


def test_the_page_of_the_day_shows_the_reason(cast: Cast, line: RequisitionLine) -> None:
    page = text_of(signed_in(cast.manager).get("/i-dag/"))
    assert "godkänd rad har kommit tillbaka" in page
    assert line.taken_back_reason in page


def test_the_requester_reads_the_reason(cast: Cast, line: RequisitionLine) -> None:
    page = text_of(signed_in(cast.requester).get(reverse("shop:requisition", args=[line.requisition.number])))
    assert f"Godkännandet gäller inte längre: {line.taken_back_reason}" in page
