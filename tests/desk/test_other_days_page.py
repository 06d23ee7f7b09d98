"""The page on which another delivery day is asked for, and those that show it."""

from datetime import date, timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.addresses import address_of
from procurement.models import ChangeNotice, OrderLine, PurchaseOrder
from tests.cast import Cast
from tests.procurement.answering import sent


def in_a_month() -> date:
    return timezone.localdate() + timedelta(days=30)


def page(cast: Cast) -> tuple[Client, PurchaseOrder, str, date]:
    """A browser of the manager's, an order that the supplier has, the page, and the day that holds."""
    order = sent(cast)
    client = Client()
    client.force_login(cast.manager)
    return (
        client,
        order,
        reverse("desk:order_other_days", args=[order.number]),
        order.lines.get().expected_date,
    )


def test_another_day_is_asked_for_and_answered(cast: Cast) -> None:
    client, order, url, before = page(cast)
    assert f'value="{before}"' in client.get(url).content.decode()
    answer = client.post(
        url, {"version": 1, "rad-1-day": in_a_month(), "reason": "Stängt i juni"}, follow=True
    )
    assert answer.redirect_chain == [(address_of(order), 302)]
    content = answer.content.decode()
    assert "är begärd, inte besvarad" in content
    assert f"{cast.manager.full_name} bad om" in content
    answering = reverse("desk:order_answer", args=[order.number])
    form = client.get(answering)
    assert "Ja, levereras" in form.content.decode()
    fields = {"key": form.context["form"]["key"].value(), "version": 2, "rad-1-outcome": "begard-dag"}
    assert "är begärd, inte besvarad" not in client.post(answering, fields, follow=True).content.decode()
    line = OrderLine.objects.get()
    assert (line.expected_date, line.asked_date) == (in_a_month(), None)


def test_a_no_leaves_the_day_as_it_was(cast: Cast) -> None:
    client, order, url, before = page(cast)
    client.post(url, {"version": 1, "rad-1-day": in_a_month(), "reason": "Stängt i juni"})
    answering = reverse("desk:order_answer", args=[order.number])
    key = client.get(answering).context["form"]["key"].value()
    client.post(answering, {"key": key, "version": 2, "rad-1-outcome": "samma-dag"})
    line = OrderLine.objects.get()
    assert (line.expected_date, line.asked_date) == (before, None)


def test_those_who_wait_see_that_it_is_asked_for(cast: Cast) -> None:
    client, order, url, _before = page(cast)
    client.post(url, {"version": 1, "rad-1-day": in_a_month(), "reason": "Stängt i juni"})
    client.force_login(cast.requester)
    requisition = order.lines.get().allocations.get().line.requisition
    for address in (address_of(requisition), reverse("shop:reception"), reverse("shop:receive")):
        assert "Leverantören är tillfrågad om" in client.get(address).content.decode(), address


def test_what_was_written_stays_when_it_is_refused(cast: Cast) -> None:
    client, _order, url, before = page(cast)
    for day, reason, status, sentence in [
        (str(in_a_month()), "", 422, "Skriv varför en annan dag behövs"),
        ("snart", "Stängt", 422, "Skriv datumet så här"),
        (str(before), "Stängt", 422, "Välj en annan dag"),
        ("2019-05-25", "Stängt", 422, "Den dagen har redan varit"),
    ]:
        answer = client.post(url, {"version": 1, "rad-1-day": day, "reason": reason})
        content = answer.content.decode()
        assert (answer.status_code, sentence in content) == (status, True), day
        assert f'value="{day}"' in content
    assert not ChangeNotice.objects.exists()


def test_no_page_without_the_right(cast: Cast) -> None:
    _client, _order, url, _before = page(cast)
    client = Client()
    client.force_login(cast.auditor)
    assert client.get(url).status_code == 403
    client.force_login(cast.stranger)
    assert client.get(url).status_code == 404
