"""The pages of governance: what each person reads and may do there."""

from datetime import timedelta

import pytest

from governance.models import (
    BoardAssignment,
    Guideline,
    Onboarding,
    Paragraph,
    PlannedActivity,
    Recommendation,
)
from tests.cast import TODAY, Cast
from tests.governance import worlds
from tests.pages import signed_in, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]


def test_everybody_reads_the_guideline_and_what_holds_it(cast: Cast) -> None:
    worlds.adopted(cast)
    page = text_of(signed_in(cast.stranger).get("/riktlinje/"))
    assert "Antagen av regiondirektören tisdag 18 maj 2021, RS 2020/1154." in page
    assert 'id="p-4-2"' in page
    assert "Rauk håller detta genom" in page
    assert "Börja på" not in page


def test_there_is_no_guideline_yet(cast: Cast) -> None:
    page = text_of(signed_in(cast.requester).get("/riktlinje/"))
    assert "Det finns ingen riktlinje som gäller" in page
    assert "Börja på ett utkast" in text_of(signed_in(cast.head).get("/riktlinje/"))


def test_the_draft_is_shown_to_its_writer_alone(cast: Cast) -> None:
    guideline = worlds.draft(cast)
    assert signed_in(cast.head).get(f"/riktlinje/{guideline.number}/").status_code == 200
    assert signed_in(cast.auditor).get(f"/riktlinje/{guideline.number}/").status_code == 404
    assert signed_in(cast.auditor).get("/riktlinje/utkast/").status_code == 403


def test_the_head_writes_and_has_it_adopted(cast: Cast) -> None:
    browser = signed_in(cast.head)
    browser.post("/riktlinje/utkast/borja/", {"title": "Riktlinje för inköp"})
    fields = {"number": "4.2", "heading": "Två personer", "text": "Aldrig ensam.", "rules": ["own_request"]}
    browser.post("/riktlinje/utkast/paragraf/", fields)
    paragraph = Paragraph.objects.get()
    anew = fields | {"number": "5", "seen": paragraph.content}
    browser.post(f"/riktlinje/utkast/paragraf/{paragraph.pk}/", anew)
    wrong = browser.post("/riktlinje/utkast/paragraf/", fields | {"rules": ["finns_inte"]})
    assert wrong.status_code == 422
    twice = browser.post("/riktlinje/utkast/paragraf/", fields)
    assert "Regeln own_request står redan i § 5." in text_of(twice)
    browser.post("/riktlinje/utkast/namn/", {"title": "Inköpsriktlinje"})
    facts = {
        "adopted_by": "regiondirektören",
        "adopted_date": TODAY.isoformat(),
        "diary_number": "RS 1154-2020",
        "from_date": TODAY.isoformat(),
    }
    answer = browser.post("/riktlinje/utkast/anta/", facts, follow=True)
    assert "Riktlinjen är antecknad som antagen." in text_of(answer)
    guideline = Guideline.objects.get()
    assert (guideline.title, guideline.status, guideline.paragraphs.get().number) == (
        "Inköpsriktlinje",
        "adopted",
        "5",
    )


def test_the_head_removes_a_paragraph_and_discards_the_draft(cast: Cast) -> None:
    worlds.draft(cast)
    browser = signed_in(cast.head)
    browser.post(f"/riktlinje/utkast/paragraf/{Paragraph.objects.get().pk}/ta-bort/")
    assert not Paragraph.objects.exists()
    browser.post("/riktlinje/utkast/kasta/")
    assert not Guideline.objects.exists()


def test_what_is_asked_for_is_on_one_page(cast: Cast) -> None:
    worlds.assignment(cast)
    worlds.carried_out(cast)
    page = text_of(signed_in(cast.auditor).get("/styrning/"))
    assert "Ett uppdrag och en rekommendation återstår" in page
    assert "§ 229" in page
    assert "Avtalstrohet" in page
    assert signed_in(cast.requester).get("/styrning/").status_code == 403


def test_who_answers_for_something_reads_her_own(cast: Cast) -> None:
    worlds.assignment(cast)
    worlds.received(cast)
    page = text_of(signed_in(cast.manager).get("/styrning/"))
    assert "§ 229" in page
    assert "Ingen rekommendation är registrerad." in page


def test_a_recommendation_from_answer_to_verification(cast: Cast) -> None:
    recommendation = worlds.received(cast)
    address = f"/styrning/rekommendationer/{recommendation.pk}"
    day = TODAY.isoformat()
    fields = {"day": day, "words": "Så här."}
    head, manager, auditor = (signed_in(each) for each in (cast.head, cast.manager, cast.auditor))
    assert "Svara revisionen" in text_of(head.get(f"{address}/"))
    assert "Svara revisionen" not in text_of(auditor.get(f"{address}/"))
    assert auditor.post(f"{address}/svara/", fields).status_code == 403
    head.post(f"{address}/svara/", fields)
    plan = fields | {"responsible": cast.manager.email, "due_date": day, "indicator": "agreement_loyalty"}
    head.post(f"{address}/planera/", plan)
    assert "Åtgärden är hos Karin Sundblad." in text_of(auditor.get(f"{address}/"))
    manager.post(f"{address}/genomford/", fields | {"evidence": "RS 2021/7"})
    auditor.post(f"{address}/racker-inte/", fields)
    manager.post(f"{address}/genomford/", fields | {"evidence": "RS 2021/8"})
    page = text_of(auditor.post(f"{address}/verifiera/", fields, follow=True))
    assert "Rekommendationen är verifierad." in page
    assert "RS 2021/7" in page
    assert Recommendation.objects.get().status == "verified"
    assert auditor.get(f"{address}/nagot/").status_code == 404


def test_a_promise_is_replaced_by_the_guideline(cast: Cast) -> None:
    guideline, recommendation = worlds.adopted(cast), worlds.answered(cast)
    fields = {"day": TODAY.isoformat(), "words": "En riktlinje i stället.", "guideline": guideline.pk}
    answer = signed_in(cast.head).post(
        f"/styrning/rekommendationer/{recommendation.pk}/ersatt/", fields, follow=True
    )
    assert "Riktlinje för inköp, version 1" in text_of(answer)


def test_an_assignment_is_reported_and_closed(cast: Cast) -> None:
    assignment = worlds.assignment(cast)
    address = f"/styrning/uppdrag/{assignment.pk}/"
    assert signed_in(cast.requester).get(address).status_code == 404
    manager, head, day = signed_in(cast.manager), signed_in(cast.head), TODAY.isoformat()
    wrong = manager.post(f"{address}aterrapport/", {"diary_number": "1154", "day": day})
    assert (wrong.status_code, "Skriv diarienumret som" in text_of(wrong)) == (422, True)
    manager.post(f"{address}aterrapport/", {"diary_number": "RS 1154-2020", "day": day})
    assert manager.post(f"{address}avsluta/", {"paragraph": "§ 114", "day": day}).status_code == 403
    page = text_of(head.post(f"{address}avsluta/", {"paragraph": "114", "day": day}, follow=True))
    assert "§ 114" in page
    assert BoardAssignment.objects.get().status == "closed"


def test_the_plan_and_what_is_done_of_it(cast: Cast) -> None:
    activity, onboarding = worlds.activity(cast), worlds.onboarding(cast)
    manager, head, day = signed_in(cast.manager), signed_in(cast.head), TODAY.isoformat()
    page = text_of(manager.get("/styrning/planer/2021/"))
    assert "En aktivitet i planen återstår" in page
    assert "Försenad" in page
    assert "Ingen uppgift" in page
    assert "Ingen reskontra är inläst för tiden" in page
    assert manager.post(f"/styrning/inforanden/{onboarding.pk}/inne/", {"day": day}).status_code == 403
    manager.post(f"/styrning/aktiviteter/{activity.pk}/klar/", {"day": day})
    page = text_of(head.post(f"/styrning/inforanden/{onboarding.pk}/inne/", {"day": day}, follow=True))
    assert "Hela planen är genomförd" in page
    assert PlannedActivity.objects.get().done_date == Onboarding.objects.get().done_date == TODAY


def test_what_is_due_stands_among_todays_tasks(cast: Cast) -> None:
    worlds.assignment(cast)
    worlds.planned(cast)
    worlds.received(cast, number=2)
    for person in (cast.manager, cast.head):
        page = text_of(signed_in(person).get("/i-dag/"))
        assert "uppdrag från styrelsen att återrapportera" in page
        assert "åtgärd efter revisionen att genomföra" in page
        assert ("rekommendation från revisionen att svara på" in page) == (person == cast.head)
    BoardAssignment.objects.update(due_date=TODAY + timedelta(days=61))
    assert "uppdrag från styrelsen" not in text_of(signed_in(cast.head).get("/i-dag/"))
