"""Whoever answers for a line, and whoever asked for it, is told that its approval no longer holds."""

import pytest
from django.conf import settings
from django.urls import reverse

from catalog.models import Item
from core.formatting import NBSP
from procurement.models import RejectionReason, RequisitionLine
from procurement.operations import decisions, orders
from tests import worlds
from tests.api.clients import Program
from tests.cast import NOW, Cast
from tests.pages import signed_in, text_of
from tests.procurement.deciding import approve
from tests.procurement.events import item_recalled, price_rose

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
    assert line.taken_back_sentence in page
    assert "Godkännandet gäller inte längre." in page


def test_the_filter_leaves_the_others_out(cast: Cast, line: RequisitionLine) -> None:
    worlds.line(cast, (cast.gown, 1))
    page = signed_in(cast.manager).get("/ko/?visa=har-kommit-tillbaka").content.decode()
    assert "Skyddsrock" not in page


def test_the_page_of_the_day_shows_the_reason(cast: Cast, line: RequisitionLine) -> None:
    page = text_of(signed_in(cast.manager).get("/i-dag/"))
    assert "godkänd rad har kommit tillbaka" in page
    assert line.taken_back_sentence in page


def test_the_requester_reads_the_reason(cast: Cast, line: RequisitionLine) -> None:
    page = text_of(signed_in(cast.requester).get(reverse("shop:requisition", args=[line.requisition.number])))
    assert f"Godkännandet gäller inte längre: {line.taken_back_sentence}" in page


GLOVES_SV = "Undersökningshandske nitril, puderfri, blå"
ROSE_SV = (
    f"Priset på {GLOVES_SV} har stigit från 58 kr till 66 kr. Godkänn raden igen om det nya priset är rätt."
)
ROSE_EN = "The price of Nitrile glove has risen from SEK 58 to SEK 66. Approve the line again if the new price is right."


@pytest.fixture
def dearer(cast: Cast) -> RequisitionLine:
    """A line that was approved, and taken back by a manager who reads Swedish since its price rose."""
    Item.objects.filter(pk=cast.gloves.pk).update(name_en="Nitrile glove")
    line = worlds.line(cast)
    approve(line, cast.manager)
    price_rose(cast)
    orders.consolidate(at=NOW, due_only=False)
    line.refresh_from_db()
    return line


@pytest.mark.parametrize(("language", "sentence"), [("sv", ROSE_SV), ("en", ROSE_EN)])
def test_the_reason_is_read_in_the_readers_language(
    cast: Cast, dearer: RequisitionLine, language: str, sentence: str
) -> None:
    manager, requester, auditor = (signed_in(each) for each in (cast.manager, cast.requester, cast.auditor))
    for client in (manager, requester, auditor):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    number = dearer.requisition.number
    for client, address in (
        (manager, "/ko/"),
        (manager, f"/rader/{dearer.pk}/"),
        (requester, reverse("shop:requisition", args=[number])),
        (requester, reverse("shop:requisition_history", args=[number])),
        (auditor, "/sparlogg/"),
    ):
        assert sentence in text_of(client.get(address)), address
    response = Program(cast.manager, language).get(f"lines/{dearer.pk}/")
    assert response.data["taken_back_reason"].replace(NBSP, " ") == sentence


def test_a_person_who_writes_like_the_gate_is_quoted_as_she_wrote(
    cast: Cast, dearer: RequisitionLine
) -> None:
    forged = dearer.taken_back_reason
    decisions.reject(
        lines=[dearer], reason_code=RejectionReason.NOT_NEEDED, comment=forged, by=cast.manager, at=NOW
    )
    last = dearer.decisions.order_by("pk").last()
    assert last is not None
    assert last.words == forged
