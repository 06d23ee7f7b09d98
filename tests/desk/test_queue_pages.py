"""The category manager's queue: what it shows, what its forms do, and how few questions it asks the database."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from catalog.models import ItemCeiling
from organizations.models import Absence
from procurement.models import LineDecision, RequisitionLine
from procurement.operations import amendments, decisions
from procurement.states import LineStatus
from tests import worlds
from tests.cast import NOW, TODAY, Cast, delegation
from tests.pages import signed_in, text_of
from tests.procurement.deciding import answer

pytestmark = pytest.mark.usefixtures("at_nine")

QUEUE = "/ko/"

# Session, person; four of standing; lines, answers, prices, decided today; ten of the open line; navigation.
QUEUE_QUERIES = 24


def test_queue_shows_who_what_and_why(cast: Cast) -> None:
    line = worlds.line(cast, (cast.gloves, 10))
    page = signed_in(cast.manager).get(QUEUE).content.decode()
    assert "En rad väntar på dig" in page
    for text in ("Undersökningshandske", "Medicinavdelning 1", "Elin Bergvall", "Veckobehov", "580,00"):
        assert text in page
    assert f'id="rad-{line.pk}"' in page
    assert "Handskar hör till Sjukvårdsmaterial, som Karin Sundblad ansvarar för." in page


def test_queue_is_empty_for_others(cast: Cast) -> None:
    worlds.line(cast)
    for person in (cast.stranger, cast.budget_holder, cast.auditor, cast.requester):
        assert "Ingen rad väntar på dig" in signed_in(person).get(QUEUE).content.decode()


def test_queue_asks_as_many_questions_for_twenty_lines_as_for_two(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(cast.manager)
    for number in range(2):
        worlds.submitted(cast, (cast.gloves, number + 1), (cast.gown, number + 1))
    client.get(QUEUE)
    with django_assert_max_num_queries(QUEUE_QUERIES) as few:
        client.get(QUEUE)
    for number in range(8):
        worlds.submitted(cast, (cast.gloves, number + 1), (cast.gown, number + 1))
        worlds.free_text(cast, f"Blodtrycksmanschett {number}", category=cast.medical)
    with django_assert_max_num_queries(QUEUE_QUERIES + 2) as many:
        client.get(QUEUE)
    assert len(many) <= len(few) + 2


@pytest.mark.parametrize("grouping", ["artikel", "enhet", "leverantor", "nonsens"])
@pytest.mark.parametrize(
    "chosen", ["alla", "over-svarstiden", "avviker", "fritext", "vantar-pa-svar", "<script>"]
)
def test_queue_survives_any_address(cast: Cast, grouping: str, chosen: str) -> None:
    worlds.line(cast)
    worlds.free_text(cast, "Blodtrycksmanschett", category=cast.medical)
    response = signed_in(cast.manager).get(
        QUEUE, {"grupp": grouping, "visa": chosen, "rad": "abc", "sida": "-4"}
    )
    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()


def test_approve_from_a_row_goes_on_to_the_next(cast: Cast) -> None:
    first, second = worlds.submitted(cast, (cast.gloves, 10), (cast.gown, 5)).lines.order_by("position")
    client = signed_in(cast.manager)
    data = {"approve": first.pk, "order": f"{first.pk},{second.pk}", "address": "grupp=enhet"}
    response = client.post(reverse("desk:queue_act"), data, follow=True)
    assert response.redirect_chain[0][0] == f"/ko/?grupp=enhet&nasta={second.pk}"
    first.refresh_from_db()
    assert first.status == LineStatus.APPROVED
    page = response.content.decode()
    assert "Du godkände 1 rad för 580,00\xa0kr. Den beställs i\xa0dag kl.\xa015.00." in page
    assert "Ångra" in page


def test_approve_several_says_how_much_and_can_be_undone(cast: Cast) -> None:
    lines = list(worlds.submitted(cast, (cast.gloves, 10), (cast.gown, 5)).lines.order_by("pk"))
    client = signed_in(cast.manager)
    data = {"line": [line.pk for line in lines], "act": "approve", "order": "", "address": ""}
    page = client.post(reverse("desk:queue_act"), data, follow=True).content.decode()
    assert "Du godkände 2 rader för 1\xa0325,00\xa0kr. De beställs i\xa0dag kl.\xa015.00." in page
    undo = f"{reverse('desk:queue_undo')}?rader={lines[0].pk},{lines[1].pk}"
    assert undo in page
    page = client.post(undo, follow=True).content.decode()
    assert "Du ångrade godkännandet av 2 rader" in page
    assert set(RequisitionLine.objects.values_list("status", flat=True)) == {LineStatus.AWAITING}


def test_approve_past_the_ceiling_offers_what_fits(cast: Cast) -> None:
    cast.agreement.committed_amount = Decimal("99000.00")
    cast.agreement.save()
    good, large = worlds.submitted(cast, (cast.gloves, 2), (cast.gown, 10)).lines.order_by("position")
    client = signed_in(cast.manager)
    data = {"line": [good.pk, large.pk], "act": "approve", "order": "", "address": ""}
    page = client.post(reverse("desk:queue_act"), data, follow=True).content.decode()
    assert "Du godkände 1 rad för 116,00\xa0kr" in page
    assert "5 av 10 ryms" in page
    assert "Ändra till 5 och godkänn" in page
    data = {"decision": "adjust", "quantity": "5", "adjust_comment": "Mer ryms inte.", "address": ""}
    client.post(reverse("desk:decide", args=[large.pk]), data)
    large.refresh_from_db()
    assert (large.status, large.approved_quantity) == (LineStatus.APPROVED, Decimal(5))


def test_refused_lines_are_told_once(cast: Cast) -> None:
    cast.agreement.committed_amount = cast.agreement.ceiling_amount
    cast.agreement.save()
    line = worlds.line(cast)
    client = signed_in(cast.manager)
    data = {"approve": line.pk, "order": "", "address": ""}
    assert "ryms" in client.post(reverse("desk:queue_act"), data, follow=True).content.decode()
    assert "av 10 ryms" not in client.get(f"{QUEUE}?visa=avviker").content.decode()


def test_nothing_chosen_is_said(cast: Cast) -> None:
    worlds.line(cast)
    page = (
        signed_in(cast.manager)
        .post(reverse("desk:queue_act"), {"act": "approve"}, follow=True)
        .content.decode()
    )
    assert "Välj minst en rad först." in page


@pytest.mark.parametrize("ids", ["abc", "99999999999999999999", "-1", "0,2;drop", ""])
def test_act_on_ids_that_are_none_changes_nothing(cast: Cast, ids: str) -> None:
    worlds.line(cast)
    response = signed_in(cast.manager).post(reverse("desk:queue_act"), {"approve": ids}, follow=True)
    assert response.status_code in (200, 404)
    assert not LineDecision.objects.exists()


def test_stranger_cannot_approve_by_post(cast: Cast) -> None:
    line = worlds.line(cast)
    for person in (cast.stranger, cast.auditor, cast.controller, cast.requester, cast.budget_holder):
        signed_in(person).post(reverse("desk:queue_act"), {"approve": line.pk})
    line.refresh_from_db()
    assert line.status == LineStatus.AWAITING


def test_ask_about_several(cast: Cast) -> None:
    lines = list(worlds.submitted(cast, (cast.gloves, 10), (cast.gown, 5)).lines.all())
    url = f"{reverse('desk:queue_ask')}?rader={lines[0].pk},{lines[1].pk}"
    client = signed_in(cast.manager)
    assert "Vad vill du veta om 2 rader?" in client.get(url).content.decode()
    assert client.post(url, {"question": ""}).status_code == 422
    client.post(url, {"question": "Till vilken avdelning?"})
    assert RequisitionLine.objects.filter(status=LineStatus.RETURNED).count() == 2


def test_deputy_finds_the_queue_of_an_absent_manager(cast: Cast) -> None:
    line = worlds.line(cast)
    assert "Ingen rad väntar på dig" in signed_in(cast.deputy).get(QUEUE).content.decode()
    Absence.objects.create(user=cast.manager, during=DateRange(TODAY, TODAY + timedelta(days=3)))
    client = signed_in(cast.deputy)
    assert "En rad väntar på dig" in client.get(QUEUE).content.decode()
    client.post(reverse("desk:queue_act"), {"approve": line.pk})
    decision = LineDecision.objects.get()
    assert (decision.by, decision.on_behalf_of) == (cast.deputy, cast.manager)


def test_delegate_finds_the_queue_and_acts_in_her_place(cast: Cast) -> None:
    line = worlds.line(cast)
    days = DateRange(TODAY, TODAY + timedelta(days=3))
    delegation(cast.manager, cast.stranger, valid_during=days)
    client = signed_in(cast.stranger)
    assert "Åt Karin Sundblad" in client.get(QUEUE).content.decode()
    answer(client, line, decision="approve")
    assert LineDecision.objects.get().on_behalf_of == cast.manager


def test_htmx_gets_the_panel_alone_and_the_queue_alone(cast: Cast) -> None:
    line = worlds.line(cast)
    client = signed_in(cast.manager)
    panel = client.get(
        f"{QUEUE}?rad={line.pk}", headers={"HX-Request": "true", "HX-Target": "panel"}
    ).content.decode()
    assert panel.lstrip().startswith('<aside class="panel')
    answer_to_act = client.post(
        reverse("desk:queue_act"),
        {"approve": line.pk, "order": str(line.pk), "address": ""},
        headers={"HX-Request": "true", "HX-Target": "queue-page"},
        follow=True,
    ).content.decode()
    assert "<html" not in answer_to_act
    assert 'id="messages"' in answer_to_act
    assert "Du godkände 1 rad" in answer_to_act


def test_decided_lists_what_she_decided_and_offers_undo(cast: Cast) -> None:
    line = worlds.line(cast)
    client = signed_in(cast.manager)
    answer(client, line, decision="approve")
    page = client.get(reverse("desk:decided")).content.decode()
    assert "Du har beslutat en rad i dag" in page
    assert "Ångra" in page
    client.post(reverse("desk:queue_undo"), {"line": line.pk})
    page = client.get(reverse("desk:decided")).content.decode()
    assert "Godkännande ångrat" in page
    assert page.count("Ångra<") == 0


def test_queue_refuses_an_act_that_it_does_not_know(cast: Cast) -> None:
    line = worlds.line(cast)
    response = signed_in(cast.manager).post(reverse("desk:queue_act"), {"line": line.pk, "act": "approv"})
    assert response.status_code == 422
    assert "Välj vad du vill göra med raderna." in response.content.decode()
    line.refresh_from_db()
    assert line.status == LineStatus.AWAITING


@pytest.mark.parametrize("name", ["queue_act", "queue_undo"])
def test_queue_acts_find_no_line_of_somebody_else(name: str, cast: Cast) -> None:
    line = worlds.line(cast)
    response = signed_in(cast.stranger).post(reverse(f"desk:{name}"), {"line": line.pk, "act": "approve"})
    assert response.status_code == 404
    assert "Raderna finns inte i din kö." in response.content.decode()
    line.refresh_from_db()
    assert line.status == LineStatus.AWAITING


def test_line_whose_approval_was_undone_is_not_counted_as_decided(cast: Cast) -> None:
    line, other = worlds.line(cast), worlds.line(cast)
    client = signed_in(cast.manager)
    for each in (line, other):
        client.post(reverse("desk:queue_act"), {"line": each.pk, "act": "approve"})
    assert client.get(QUEUE).context["decided_count"] == 2
    client.post(reverse("desk:queue_undo"), {"line": line.pk})
    context = client.get(QUEUE).context
    assert (context["decided_count"], context["decided_of"]) == (1, 2)


def test_an_answer_stands_on_its_row_has_a_filter_and_is_told_on_the_page_of_the_day(cast: Cast) -> None:
    line = worlds.line(cast, (cast.gown, 2))
    worlds.line(cast, (cast.gloves, 1))
    decisions.return_with_question(lines=[line], question="Räcker en?", by=cast.manager, at=NOW)
    amendments.answer(line=line, text="Ja, vi tar tre därifrån", by=cast.requester, at=NOW)
    client = signed_in(cast.manager)
    page = text_of(client.get(QUEUE))
    assert "<b>Elin:</b> ”Ja, vi tar tre därifrån”" in page
    assert "visa=svar" in page
    text = text_of(client.get(f"{QUEUE}?visa=svar"))
    assert "Ja, vi tar tre därifrån" in text
    assert "Undersökningshandske" not in text
    today = text_of(client.get("/i-dag/"))
    assert "fråga har fått svar" in today
    assert "Elin: ”Ja, vi tar tre därifrån”" in today
    decisions.return_with_question(
        lines=[RequisitionLine.objects.get(pk=line.pk)], question="Säkert?", by=cast.manager, at=NOW
    )
    assert "Ja, vi tar tre därifrån" not in text_of(client.get(QUEUE))


def test_the_order_stands_still_under_the_hand(cast: Cast) -> None:
    first = worlds.line(cast, (cast.gloves, 1))
    worlds.line(cast, (cast.gown, 1))
    worlds.line(cast, (cast.gloves, 2))
    client = signed_in(cast.manager)
    page = client.get(QUEUE)
    assert titles(page) == ["handske", "rock"]
    answered = client.post(
        "/ko/beslut/",
        {"approve": first.pk, "address": page.context["address"], "order": page.context["order"]},
    )
    after = client.get(answered.headers["Location"])
    assert titles(after) == ["handske", "rock"]
    assert "Ordningen står stilla" in text_of(after)
    assert titles(client.get(QUEUE)) == ["rock", "handske"]


def titles(page: Any) -> list[str]:
    """The groups in the order of the page, by the end of their names' first word."""
    return [
        next(word for word in ("handske", "rock") if word in group.title.lower())
        for group in page.context["groups"]
    ]


def test_a_refused_line_keeps_the_place(cast: Cast) -> None:
    ItemCeiling.objects.create(agreement=cast.agreement, item=cast.gloves, ceiling_quantity=Decimal(1))
    worlds.line(cast, (cast.gown, 1))
    line = worlds.line(cast, (cast.gloves, 5))
    answered = signed_in(cast.manager).post("/ko/beslut/", {"approve": line.pk, "address": "", "order": ""})
    assert answered.headers["Location"].endswith(f"nasta={line.pk}")


@pytest.mark.parametrize("since", ["0", "-1", "99999999999999999999", "1e9", "٣٣٣٣٣٣٣٣٣٣", "9999999999"])
def test_queue_survives_any_moment_in_the_address(cast: Cast, since: str) -> None:
    worlds.line(cast)
    assert signed_in(cast.manager).get(f"{QUEUE}?sedan={since}").status_code == 200
