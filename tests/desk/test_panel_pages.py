"""The panel of one line in the queue: what it decides, and what it says when something is missing."""

from decimal import Decimal

import pytest
from django.urls import reverse

from catalog.models import Substitution
from core.addresses import address_of
from procurement.models import DecisionKind, LineDecision
from procurement.operations import decisions
from procurement.states import LineStatus
from tests import worlds
from tests.cast import ALWAYS, NOW, Cast
from tests.pages import signed_in
from tests.procurement.deciding import answer

pytestmark = pytest.mark.usefixtures("at_nine")

QUEUE = "/ko/"


def test_panel_adjusts_and_tells_why(cast: Cast) -> None:
    line = worlds.line(cast, (cast.gown, 40))
    client = signed_in(cast.manager)
    response = answer(
        client, line, decision="adjust", quantity="20", adjust_comment="20 nu, 20 till nästa vecka"
    )
    assert response.status_code == 302
    decision = LineDecision.objects.get()
    assert (decision.kind, decision.quantity, decision.comment) == (
        DecisionKind.ADJUSTED,
        Decimal(20),
        "20 nu, 20 till nästa vecka",
    )


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Välj vad du vill göra"),
        ({"decision": "nonsens"}, "Välj vad du vill göra"),
        ({"decision": "adjust", "quantity": "", "adjust_comment": "x"}, "Ange hur många du godkänner"),
        ({"decision": "adjust", "quantity": "5"}, "Skriv varför du ändrar antalet"),
        ({"decision": "adjust", "quantity": "fem", "adjust_comment": "x"}, "Skriv antalet med siffror"),
        ({"decision": "adjust", "quantity": "1e9", "adjust_comment": "x"}, "Skriv antalet med siffror"),
        ({"decision": "adjust", "quantity": "99", "adjust_comment": "x"}, "Du kan minska antalet"),
        (
            {"decision": "substitute", "substitute_quantity": "1", "substitute_comment": "x"},
            "Välj en artikel",
        ),
        (
            {
                "decision": "substitute",
                "other_item": "42",
                "substitute_quantity": "1",
                "substitute_comment": "x",
            },
            "Artikel 42 finns inte",
        ),
        ({"decision": "return"}, "Skriv din fråga"),
        ({"decision": "reject"}, "Välj ett skäl"),
        ({"decision": "reject", "reason_code": "nonsens"}, "Välj ett giltigt"),
    ],
)
def test_panel_says_what_is_missing_and_changes_nothing(
    cast: Cast, fields: dict[str, str], sentence: str
) -> None:
    line = worlds.line(cast)
    response = answer(signed_in(cast.manager), line, **fields)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not LineDecision.objects.exists()


def test_panel_substitutes_what_is_suggested(cast: Cast) -> None:
    line = worlds.line(cast, (cast.gloves, 10))
    fields = {
        "decision": "substitute",
        "item": cast.gown.number,
        "substitute_quantity": "3",
        "substitute_comment": "Slut.",
    }
    answer(signed_in(cast.manager), line, **fields)
    line.refresh_from_db()
    assert (line.status, line.approved_item_id) == (LineStatus.APPROVED, cast.gown.pk)


def test_panel_asks_and_the_line_waits_for_an_answer(cast: Cast) -> None:
    line = worlds.line(cast)
    client = signed_in(cast.manager)
    answer(client, line, decision="return", question="Räcker fem askar?")
    page = client.get(f"{QUEUE}?visa=vantar-pa-svar").content.decode()
    assert "Ingen rad väntar på dig" in page
    assert "Frågan är skickad till Elin Bergvall" in page
    assert "Väntar på svar" in page


def test_panel_reject_goes_by_a_page_that_asks(cast: Cast) -> None:
    line = worlds.line(cast)
    client = signed_in(cast.manager)
    response = answer(
        client, line, decision="reject", reason_code="in_stock", reject_comment="Hämta i förrådet."
    )
    url = response.headers["Location"]
    line.refresh_from_db()
    assert line.status == LineStatus.AWAITING
    assert "kommentar" not in url
    assert "rradet" not in url.lower().replace("%c3%b6", "o").replace("%c3%a5", "a")
    page = client.get(url).content.decode()
    assert "till Medicinavdelning 1?" in page
    assert "Hämta i förrådet." in page
    page = client.post(
        url, {"reason_code": "in_stock", "comment": "Hämta i förrådet."}, follow=True
    ).content.decode()
    assert "Du avslog raden. Elin Bergvall har fått ditt skäl." in page
    line.refresh_from_db()
    assert line.status == LineStatus.REJECTED


def test_reject_needs_a_reason(cast: Cast) -> None:
    line = worlds.line(cast)
    url = f"{reverse('desk:queue_reject')}?rader={line.pk}"
    response = signed_in(cast.manager).post(url, {"reason_code": "", "comment": ""})
    assert response.status_code == 422
    assert "Välj ett skäl" in response.content.decode()


def test_free_text_is_approved_with_supplier_and_price(cast: Cast) -> None:
    line = worlds.free_text(cast, "Blodtrycksmanschett, stor vuxen", category=cast.medical)
    client = signed_in(cast.manager)
    assert answer(client, line, decision="approve").status_code == 422
    fields = {
        "decision": "approve",
        "supplier": cast.supplier.pk,
        "agreement": cast.agreement.pk,
        "unit_price": "845,00",
    }
    answer(client, line, **fields)
    line.refresh_from_db()
    assert (line.status, line.approved_amount) == (LineStatus.APPROVED, Decimal("1690.00"))
    assert line.approved_agreement == cast.agreement


def test_free_text_refuses_the_agreement_of_another(cast: Cast) -> None:
    line = worlds.free_text(cast, "Blodtrycksmanschett, stor vuxen", category=cast.medical)
    fields = {
        "decision": "approve",
        "supplier": cast.paper_supplier.pk,
        "agreement": cast.agreement.pk,
        "unit_price": "845,00",
    }
    response = answer(signed_in(cast.manager), line, **fields)
    assert "Avtalet är med Nordmedica AB" in response.content.decode()


def test_decide_a_decided_line_is_refused_in_words(cast: Cast) -> None:
    line = worlds.line(cast)
    decisions.approve(lines=[line], by=cast.head, at=NOW)
    response = answer(signed_in(cast.manager), line, decision="return", question="Hur många?")
    assert response.status_code == 422
    assert LineDecision.objects.count() == 1


def test_line_page_tells_others_why_they_cannot_decide(cast: Cast) -> None:
    line = worlds.line(cast)
    url = reverse("desk:line", args=[line.pk])
    auditor = signed_in(cast.auditor).get(url).content.decode()
    assert "Karin Sundblad ansvarar för raden." in auditor
    assert "Spara beslutet" not in auditor
    content = signed_in(cast.requester).get(url).content.decode()
    assert "Du får inte besluta om din egen beställning" in content
    assert signed_in(cast.stranger).get(url).status_code == 404


def test_head_gives_a_need_its_category(cast: Cast) -> None:
    line = worlds.free_text(cast, "Någonting helt annat")
    client = signed_in(cast.head)
    page = client.get(QUEUE).content.decode()
    assert "Saknar kategori" in page
    url = reverse("desk:reassign", args=[line.pk])
    assert "Välj en kategori" in client.post(url, {"category": ""}, follow=True).content.decode()
    page = client.post(url, {"category": cast.office.pk}, follow=True).content.decode()
    assert "ligger nu i Kontor. Sofia Ekdahl har raden." in page


@pytest.mark.parametrize("quantity", ["0", "-1", "NaN", "1e9", "99999999", "0,0001"])
def test_absurd_quantity_is_refused_in_swedish(quantity: str, cast: Cast) -> None:
    line = worlds.line(cast)
    page = answer(signed_in(cast.manager), line, decision="adjust", quantity=quantity, adjust_comment="x")
    assert page.status_code == 422
    content = page.content.decode()
    assert (
        "Antalet ska vara större än 0 och högst 100 000." in content or "Skriv antalet med siffror" in content
    )
    line.refresh_from_db()
    assert line.status == LineStatus.AWAITING


def test_an_unchanged_quantity_is_no_change(cast: Cast) -> None:
    line = worlds.line(cast, (cast.gloves, 10))
    response = answer(signed_in(cast.manager), line, decision="adjust", quantity="10", adjust_comment="Lagom")
    assert response.status_code == 422
    assert "Antalet är detsamma som i beställningen" in response.content.decode()
    line.refresh_from_db()
    assert line.status == LineStatus.AWAITING


def test_panel_shows_a_condition_before_it_is_taken(cast: Cast) -> None:
    """What is suggested stands with its condition; a number that is typed is refused until the condition has been shown."""
    Substitution.objects.create(
        from_item=cast.gloves,
        to_item=cast.gown,
        equivalence="with_condition",
        note="Bara vuxna",
        valid_during=ALWAYS,
    )
    line, client = worlds.line(cast, (cast.gloves, 10)), signed_in(cast.manager)
    page = client.get(reverse("desk:line", args=[line.pk])).content.decode()
    assert "Med villkor:" in page
    assert "Ersätter enligt sortimentet: 10 förpackningar för 10 askar." in " ".join(page.split())
    hidden_field = f'name="shown_condition" value="{cast.gown.number}:Bara vuxna"'
    assert hidden_field in page
    fields = {
        "decision": "substitute",
        "other_item": cast.gown.number,
        "substitute_quantity": "3",
        "substitute_comment": "Slut.",
    }
    response = answer(client, line, **fields)
    assert response.status_code == 422
    assert "Likvärdig med villkor: ”Bara vuxna”" in response.content.decode()
    assert hidden_field in response.content.decode()
    answer(client, line, **fields, shown_condition=f"{cast.gown.number}:Bara vuxna")
    line.refresh_from_db()
    assert (line.status, line.approved_condition) == (LineStatus.APPROVED, "Bara vuxna")
    own_page = signed_in(cast.requester).get(address_of(line.requisition)).content.decode()
    assert "<strong>Villkor:</strong> Bara vuxna" in own_page
