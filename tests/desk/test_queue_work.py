"""Working through the queue: the note where the row was, what has happened since, views by name, and handing over."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from desk.views import queue as views
from desk.waiting import waiting_lines
from procurement.models import RequisitionLine, SavedQueue, SeenLine
from procurement.operations import amendments, decisions, orders
from procurement.states import LineStatus
from tests import worlds
from tests.cast import NOW, Cast
from tests.pages import signed_in, text_of

pytestmark = pytest.mark.usefixtures("at_nine")

QUEUE = "/ko/"
BESIDE = {"HX-Request": "true", "HX-Target": "queue-page"}


def test_the_note_stands_where_the_row_was_and_is_read_out_once(cast: Cast) -> None:
    first, second, third = (worlds.line(cast, (cast.gloves, number)) for number in (1, 2, 3))
    client = signed_in(cast.manager)
    context = client.get(QUEUE).context
    data = {"approve": second.pk, "order": context["order"], "address": context["address"]}
    page = text_of(client.post("/ko/beslut/", data, follow=True))
    assert (
        page.index(f'id="rad-{first.pk}"')
        < page.index('class="queue-note"')
        < page.index(f'id="rad-{third.pk}"')
    )
    assert page.count("Du godkände 1 rad") == 2
    assert '<p class="visually-hidden">Du godkände 1 rad' in page
    assert "Du godkände" not in text_of(client.get(QUEUE))


def test_the_note_about_the_last_row_stands_last_and_about_the_only_one_on_top(cast: Cast) -> None:
    first, second = worlds.line(cast, (cast.gloves, 1)), worlds.line(cast, (cast.gown, 1))
    client = signed_in(cast.manager)
    order = f"{first.pk},{second.pk}"
    page = text_of(client.post("/ko/beslut/", {"approve": second.pk, "order": order}, follow=True))
    assert page.index(f'id="rad-{first.pk}"') < page.index('class="queue-note"')
    page = text_of(client.post("/ko/beslut/", {"approve": first.pk, "order": str(first.pk)}, follow=True))
    assert 'class="queue-note"' not in page
    assert "Du godkände 1 rad" in page


def test_undo_comes_back_to_where_she_was_with_the_line_at_hand(cast: Cast) -> None:
    line = worlds.line(cast)
    client = signed_in(cast.manager)
    client.post("/ko/beslut/", {"approve": line.pk})
    answered = client.post(f"/ko/angra/?rader={line.pk}", {"address": "grupp=enhet"})
    assert answered.headers["Location"] == f"/ko/?grupp=enhet&nasta={line.pk}"
    assert line.decisions.filter(kind="undone").count() == 1
    cast.agreement.refresh_from_db()
    assert cast.agreement.committed_amount == 0


def test_undo_of_what_is_ordered_says_so(cast: Cast) -> None:
    line = worlds.line(cast)
    client = signed_in(cast.manager)
    client.post("/ko/beslut/", {"approve": line.pk})
    orders.consolidate(at=NOW, due_only=False)
    page = text_of(client.post(f"/ko/angra/?rader={line.pk}", follow=True))
    assert "Raden är redan beställd." in page
    assert not line.decisions.filter(kind="undone").exists()


def test_what_comes_meanwhile_stands_last_until_she_asks_for_a_new_order(cast: Cast) -> None:
    worlds.line(cast, (cast.gown, 1))
    client = signed_in(cast.manager)
    address = client.get(QUEUE).context["address"]
    late = worlds.line(cast, (cast.gloves, 1), at=NOW + timedelta(minutes=5))
    RequisitionLine.objects.filter(pk=late.pk).update(response_due_date=NOW.date() - timedelta(days=5))
    page = client.get(f"{QUEUE}?{address}")
    assert page.context["order"].endswith(f",{late.pk}")
    assert "En rad har kommit sedan du började och ligger sist." in text_of(page)
    assert client.get(QUEUE).context["order"].startswith(f"{late.pk},")


def test_the_line_at_hand_is_on_the_page_that_opens(cast: Cast) -> None:
    for _each in range(16):
        worlds.submitted(cast, (cast.gloves, 1), (cast.gown, 1))
    last = RequisitionLine.objects.filter(item=cast.gown).latest("pk")
    page = signed_in(cast.manager).get(f"{QUEUE}?nasta={last.pk}")
    assert page.context["page"].number == 2
    assert page.context["line"].pk == last.pk


def test_an_answer_and_a_new_version_are_news_until_she_has_seen_them(cast: Cast) -> None:
    question_line, changed, calm = (worlds.line(cast, (cast.gloves, number)) for number in (1, 2, 3))
    decisions.return_with_question(lines=[question_line], question="Varför?", by=cast.manager, at=NOW)
    amendments.answer(line=question_line, text="För att", by=cast.requester, at=NOW)
    new = amendments.revise_line(
        line=changed, quantity=Decimal(4), specification="", by=cast.requester, at=NOW
    )
    client = signed_in(cast.manager)
    page = client.get(QUEUE, {"visa": "nytt"})
    assert sorted(map(int, page.context["order"].split(","))) == sorted([question_line.pk, new.pk])
    assert "Nytt svar" in text_of(page)
    assert "Ny version" in text_of(page)
    assert f'id="rad-{calm.pk}"' not in text_of(page)
    client.post("/ko/sett/", {"rader": str(question_line.pk)}, headers=BESIDE)
    assert SeenLine.objects.get().line == question_line
    assert client.get(QUEUE, {"visa": "nytt"}).context["order"] == str(new.pk)
    client.post("/ko/sett/", {"rader": str(new.pk), "address": "visa=nytt"})
    assert "Inga rader här" in text_of(client.get(QUEUE, {"visa": "nytt"}))
    decisions.return_with_question(lines=[question_line], question="Säkert?", by=cast.manager, at=NOW)
    amendments.answer(line=question_line, text="Ja", by=cast.requester, at=NOW + timedelta(hours=1))
    assert client.get(QUEUE, {"visa": "nytt"}).context["order"] == str(question_line.pk)


def test_a_view_is_saved_opened_renamed_and_removed(cast: Cast) -> None:
    worlds.line(cast)
    client = signed_in(cast.manager)
    assert "Spara vyn" not in text_of(client.get(QUEUE))
    view = {"visa": "avviker", "grupp": "enhet"}
    page = client.get(QUEUE, view)
    assert "Spara vyn" in text_of(page)
    client.post(reverse("desk:queue_save"), {"name": "Enheternas", "address": page.context["address"]})
    saved = SavedQueue.objects.get()
    assert saved.query == "visa=avviker&grupp=enhet"
    text = text_of(client.get(QUEUE, view))
    assert '<a href="/ko/?visa=avviker&amp;grupp=enhet" aria-current="page">Enheternas</a>' in text
    assert "Ändra vyn" in text
    client.post(reverse("desk:queue_rename", args=[saved.pk]), {"name": "Avvikelser"})
    assert ">Avvikelser</a>" in text_of(client.get(QUEUE))
    response = client.post(
        reverse("desk:queue_save"), {"name": "avvikelser", "address": "visa=svar"}, follow=True
    )
    assert "Du har redan en vy som heter avvikelser." in text_of(response)
    assert signed_in(cast.deputy).post(reverse("desk:queue_remove", args=[saved.pk])).status_code == 404
    client.post(reverse("desk:queue_remove", args=[saved.pk]))
    assert not SavedQueue.objects.exists()


def test_a_refused_decision_and_a_rejection_are_asked_beside_the_list(cast: Cast) -> None:
    line = worlds.line(cast)
    client = signed_in(cast.manager)
    url = reverse("desk:decide", args=[line.pk])
    response = client.post(url, {"decision": "adjust", "quantity": "10"}, headers=BESIDE)
    assert response.status_code == 422
    assert (response.headers["HX-Retarget"], response.headers["HX-Push-Url"]) == ("#panel", "false")
    assert text_of(response).lstrip().startswith("<aside")
    rejection = client.post(
        url,
        {"decision": "reject", "reason_code": "in_stock", "order": str(line.pk)},
        headers=BESIDE,
        follow=True,
    )
    assert rejection.headers["HX-Retarget"] == "#panel"
    assert "Avslå Undersökningshandske" in text_of(rejection)
    where = rejection.redirect_chain[-1][0]
    assert text_of(client.get(where)).startswith("<!doctype html>")
    client.post(where, {"reason_code": "in_stock", "comment": ""}, headers=BESIDE)
    line.refresh_from_db()
    assert line.status == LineStatus.REJECTED


def test_hand_over_from_the_queue(cast: Cast) -> None:
    first, second = worlds.line(cast, (cast.gloves, 1)), worlds.line(cast, (cast.gown, 1))
    client = signed_in(cast.manager)
    order = f"{first.pk},{second.pk}"
    answered = client.post("/ko/beslut/", {"line": [first.pk], "act": "give", "order": order})
    page = client.get(answered.headers["Location"])
    assert "Vem ska ha Undersökningshandske" in text_of(page)
    assert client.post(answered.headers["Location"], {"to": str(cast.stranger.pk)}).status_code == 422
    response = client.post(
        answered.headers["Location"], {"to": str(cast.deputy.pk), "note": "Din sort"}, follow=True
    )
    assert response.redirect_chain[0][0] == f"/ko/?nasta={second.pk}"
    assert "Sofia Ekdahl har nu raden och vet om det." in text_of(response)
    first.refresh_from_db()
    assert first.responsible == cast.deputy


def test_another_category_is_chosen_where_a_line_is_handed_over(cast: Cast) -> None:
    need = worlds.free_text(cast, "Utreda värmen", category=cast.medical)
    client = signed_in(cast.manager)
    page = text_of(client.get(f"/ko/lamna-over/?rader={need.pk}&address=grupp%3Denhet"))
    assert "Hör raden hemma någon annanstans?" in page
    response = client.post(
        reverse("desk:reassign", args=[need.pk]), {"category": cast.services.pk, "address": "grupp=enhet"}
    )
    assert response.headers["Location"] == "/ko/?grupp=enhet"
    need.refresh_from_db()
    assert need.responsible == cast.deputy


def test_the_last_prices_paid_stand_beside_the_line(cast: Cast) -> None:
    (order,) = worlds.ordered(cast, (cast.gloves, 5))
    line = worlds.line(cast, (cast.gloves, 2))
    page = text_of(signed_in(cast.manager).get(f"{QUEUE}?rad={line.pk}"))
    assert "Senast betalt" in page
    assert f'/inkopsordrar/{order.number}/">58,00' in page


def test_a_queue_that_is_longer_than_its_page_says_so_and_counts_all(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page of the day, the badge and the queue say the same number, however many lines the queue shows at once."""
    for _number in range(3):
        worlds.submitted(cast, (cast.gown, 10))
    monkeypatch.setattr(views, "MOST_ROWS", 2)
    monkeypatch.setattr(views, "waiting_lines", lambda *asked: waiting_lines(*asked)[:2])
    client = signed_in(cast.manager)
    page = client.get(reverse("desk:queue"))
    assert "Tre rader väntar på dig" in text_of(page)
    assert "De 2 som ska ha svar först står här." in text_of(page)
    assert next(task.figure for task in client.get(reverse("desk:today")).context["tasks"]) == "3"
