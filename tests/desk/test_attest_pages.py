"""The budget holder's page."""

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from procurement.models import BudgetAttest, RequisitionLine
from procurement.states import AttestStatus, LineStatus
from tests import worlds
from tests.cast import Cast
from tests.pages import signed_in

pytestmark = pytest.mark.usefixtures("at_nine")

ATTESTS = "/attester/"
ATTEST_QUERIES = 12


def asked(cast: Cast) -> BudgetAttest:
    """One attest that waits for Marianne."""
    return BudgetAttest.objects.get(requisition=worlds.submitted(cast, (cast.gown, 100)))


def test_attests_show_what_who_and_why(cast: Cast) -> None:
    asked(cast)
    page = signed_in(cast.budget_holder).get(ATTESTS).content.decode()
    for text in (
        "En beställning väntar på din attest",
        "Elin Bergvall",
        "14\xa0900,00\xa0kr",
        "Skyddsrock",
        "Veckobehov",
    ):
        assert text in page
    assert "Elin får beställa för 10\xa0000\xa0kr utan attest" in page


def test_attest_is_given_and_said(cast: Cast) -> None:
    attest = asked(cast)
    client = signed_in(cast.budget_holder)
    page = client.post(reverse("desk:attest", args=[attest.pk]), follow=True).content.decode()
    assert "Du attesterade beställning" in page
    assert "Vad har du attesterat?" in page
    attest.refresh_from_db()
    assert attest.status == AttestStatus.ATTESTED
    again = client.post(reverse("desk:attest", args=[attest.pk]))
    assert again.status_code == 409
    assert "Attesten är redan avgjord" in again.content.decode()


def test_attest_is_refused_with_a_reason(cast: Cast) -> None:
    attest = asked(cast)
    client = signed_in(cast.budget_holder)
    url = reverse("desk:attest_refuse", args=[attest.pk])
    assert "Neka beställning" in client.get(url).content.decode()
    assert client.post(url, {"comment": " "}).status_code == 422
    page = client.post(url, {"comment": "Budgeten är slut."}, follow=True).content.decode()
    assert "Elin Bergvall har fått ditt skäl." in page
    assert RequisitionLine.objects.get().status == LineStatus.CANCELLED


def test_attest_is_nobody_elses(cast: Cast) -> None:
    attest = asked(cast)
    for person, status in (
        (cast.stranger, 404),
        (cast.requester, 403),
        (cast.auditor, 403),
        (cast.manager, 403),
    ):
        client = signed_in(person)
        assert "Ingen beställning väntar på din attest" in client.get(ATTESTS).content.decode()
        assert client.post(reverse("desk:attest", args=[attest.pk])).status_code == status
        assert client.get(reverse("desk:attest_refuse", args=[attest.pk])).status_code == status
    attest.refresh_from_db()
    assert attest.status == AttestStatus.PENDING


def test_attests_ask_as_many_questions_for_five_as_for_one(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(cast.budget_holder)
    for _number in range(5):
        asked(cast)
    client.get(ATTESTS)
    with django_assert_max_num_queries(ATTEST_QUERIES):
        client.get(ATTESTS)
