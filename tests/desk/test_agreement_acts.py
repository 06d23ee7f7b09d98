"""The agreement's page and its acts, and that every page says the same of what is ahead."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from agreements.models import Agreement, AgreementDocument, AgreementOption, AgreementSupplier
from agreements.runway import outlook_of
from agreements.states import AgreementStatus
from categories.models import Category
from organizations.models import User
from tests.api.clients import Program
from tests.attachments.files import pdf
from tests.cast import TODAY, Cast, person
from tests.pages import signed_in, text_of

pytestmark = pytest.mark.usefixtures("at_nine")


@pytest.fixture
def option(cast: Cast) -> AgreementOption:
    """An option of the cast's agreement."""
    Agreement.objects.filter(pk=cast.agreement.pk).update(long_term_reason="Inkörning i vården")
    return AgreementOption.objects.create(
        agreement=cast.agreement, number=1, months=12, decide_by_date=TODAY + timedelta(days=9)
    )


def page_of(cast: Cast, by: User) -> str:
    return text_of(signed_in(by).get(f"/avtal/{cast.agreement.pk}/"))


def test_every_page_says_the_same_day(cast: Cast) -> None:
    Category.objects.filter(pk=cast.medical.pk).update(lead_months=32)
    day = outlook_of(Agreement.objects.with_outlook(TODAY).get(pk=cast.agreement.pk), day=TODAY).start_by
    assert day == date(2021, 4, 30), "it has passed, so the pages say that it is now"
    Category.objects.filter(pk=cast.medical.pk).update(lead_months=31)
    day = outlook_of(Agreement.objects.with_outlook(TODAY).get(pk=cast.agreement.pk), day=TODAY).start_by
    assert day == date(2021, 5, 31)
    client = signed_in(cast.manager)
    for address in ("/avtal/", f"/avtal/{cast.agreement.pk}/"):
        assert "2021-05-31" in text_of(client.get(address)), address
    (task,) = [each for each in client.get("/i-dag/").context["tasks"] if "nästa upphandling" in each.title]
    assert task.figure == "13"
    (term,) = client.get("/i-dag/").context["terms"]
    assert term.start_by == day
    (view,) = client.get(f"/kategorier/{cast.medical.code}/").context["outlooks"]
    assert view.start_by == day
    data = Program(cast.manager).get(f"agreements/{cast.agreement.pk}/").data
    assert (data["start_by_date"], data["status"]) == ("2021-05-31", "active")
    calendar = client.get(f"/avtal/{cast.agreement.pk}/kalender.ics").content.decode()
    assert "DTSTART;VALUE=DATE:20210531" in calendar


def test_an_option_is_used_from_the_page_with_a_reason(cast: Cast, option: AgreementOption) -> None:
    client = signed_in(cast.manager)
    assert "Besluta senast" in page_of(cast, cast.manager)
    address = f"/avtal/{cast.agreement.pk}/optioner/1/utnyttja/"
    assert client.post(address, {"reason": " "}).status_code == 422
    answer = client.post(address, {"reason": "Priserna <b>står</b> sig"}, follow=True)
    assert "förlängt till och med 2024-12-31" in text_of(answer)
    assert "Priserna &lt;b&gt;står&lt;/b&gt; sig" in text_of(answer)
    assert client.post(address, {"reason": "en gång till"}).status_code == 409
    assert client.get(f"/avtal/{cast.agreement.pk}/optioner/9/utnyttja/").status_code == 404


def test_the_option_is_a_task_before_its_day(cast: Cast, option: AgreementOption) -> None:
    (task,) = [each for each in signed_in(cast.manager).get("/i-dag/").context["tasks"] if each.url]
    assert (task.figure, task.needs) == ("9", True)
    assert "optionen" in task.title
    AgreementOption.objects.update(decide_by_date=TODAY - timedelta(days=1))
    assert not signed_in(cast.manager).get("/i-dag/").context["tasks"]


def test_who_does_not_answer_for_it_has_no_buttons_and_is_refused(
    cast: Cast, option: AgreementOption
) -> None:
    page = page_of(cast, cast.controller)
    assert "Utnyttja" not in page
    assert "Säg upp" not in page
    client = signed_in(cast.controller)
    for act in ("saga-upp", "avsluta", "optioner/1/utnyttja", "optioner/1/avsta"):
        assert client.get(f"/avtal/{cast.agreement.pk}/{act}/").status_code == 403, act
    for act in ("aktivera", "upphandling"):
        assert client.post(f"/avtal/{cast.agreement.pk}/{act}/").status_code == 403, act


def test_notice_is_given_and_the_agreement_ended_from_pages_of_their_own(cast: Cast) -> None:
    client = signed_in(cast.head)
    address = f"/avtal/{cast.agreement.pk}/saga-upp/"
    for wrong in ({}, {"last_date": "igår", "reason": "x"}, {"last_date": "9999-99-99", "reason": "x"}):
        assert client.post(address, wrong).status_code == 422
    answer = client.post(address, {"last_date": "2021-12-31", "reason": "Byter"}, follow=True)
    assert "gäller till och med 2021-12-31" in text_of(answer)
    answer = client.post(f"/avtal/{cast.agreement.pk}/avsluta/", {"reason": "Hävt"}, follow=True)
    assert "Hävt" in text_of(answer)
    assert Agreement.objects.get(pk=cast.agreement.pk).status == AgreementStatus.ENDED


def test_a_draft_says_what_it_lacks_and_is_activated_when_it_does_not(cast: Cast) -> None:
    Agreement.objects.filter(pk=cast.agreement.pk).update(status="draft", ceiling_amount=0)
    page = page_of(cast, cast.manager)
    assert "saknar takvolym" in page
    assert "Aktivera" not in page
    client = signed_in(cast.manager)
    assert "takvolym" in text_of(client.post(f"/avtal/{cast.agreement.pk}/aktivera/"))
    Agreement.objects.filter(pk=cast.agreement.pk).update(ceiling_amount=1000)
    assert "Aktivera avtalet" in page_of(cast, cast.manager)
    answer = client.post(f"/avtal/{cast.agreement.pk}/aktivera/", follow=True)
    assert "Avtalet är aktiverat" in text_of(answer)


def test_the_list_finds_what_is_incomplete_and_sorts_by_it(cast: Cast) -> None:
    client = signed_in(cast.manager)
    for address in ("/avtal/?visa=ofullstandiga", "/avtal/?ordning=komplett"):
        page = text_of(client.get(address))
        assert "leveransvillkor" in page
        assert "71 %" in page
    Agreement.objects.update(status="draft")
    assert "Utkast" in text_of(client.get("/avtal/?visa=utkast"))


@pytest.mark.parametrize("words", ["RS 653-2020", "rs 2020/653", "handskar RS 653-2020", "Kustpapper"])
def test_an_agreement_is_found_by_its_diary_number_and_any_of_its_suppliers(cast: Cast, words: str) -> None:
    AgreementSupplier.objects.create(agreement=cast.agreement, supplier=cast.paper_supplier, rank=2)
    page = signed_in(cast.manager).get("/avtal/", {"q": words})
    assert [view.agreement for view, _status, _missing in page.context["rows"]] == [cast.agreement]
    assert not signed_in(cast.manager).get("/avtal/", {"q": "RS 654-2020"}).context["rows"]


def test_a_number_that_looks_like_a_diary_number_is_found_as_it_stands(cast: Cast) -> None:
    Agreement.objects.filter(pk=cast.agreement.pk).update(number="RA 2020-1014")
    page = signed_in(cast.manager).get("/avtal/", {"q": "RA 2020-1014"})
    assert [view.agreement for view, _status, _missing in page.context["rows"]] == [cast.agreement]


def test_documents_are_laid_to_it_and_seen_by_those_who_see_it(cast: Cast) -> None:
    client = signed_in(cast.manager)
    address = f"/avtal/{cast.agreement.pk}/dokument/"
    assert client.post(address, {}).status_code == 422
    assert client.post(address, {"documents": SimpleUploadedFile("a.exe", b"MZ")}).status_code == 422
    answer = client.post(address, {"documents": SimpleUploadedFile("avtal.pdf", pdf())}, follow=True)
    assert "avtal.pdf" in text_of(answer)
    client.post(address, {"documents": SimpleUploadedFile("avtal igen.pdf", pdf())})
    key = AgreementDocument.objects.get().attachment.key
    assert signed_in(cast.controller).get(f"/bilagor/{key}/").status_code == 200
    outsider = person("utan.roll", "Ute", "Utan", "Ingen")
    assert signed_in(outsider).get(f"/bilagor/{key}/").status_code == 404
    assert (
        signed_in(cast.controller)
        .post(address, {"documents": SimpleUploadedFile("b.pdf", pdf())})
        .status_code
        == 403
    )


@pytest.mark.parametrize(
    ("act", "given", "field", "value"),
    [
        ("use-option", {"number": 1, "reason": "x"}, "end_date", "2024-12-31"),
        ("let-option-go", {"number": 1, "reason": "x"}, "option_months", 0),
        ("give-notice", {"last_date": "2021-12-31", "reason": "x"}, "status", "terminated"),
        ("end", {"reason": "x"}, "status", "ended"),
        ("start-procurement", {}, "status", "active"),
    ],
)
def test_programs_act_as_people_do(
    cast: Cast, option: AgreementOption, act: str, given: dict[str, Any], field: str, value: Any
) -> None:
    answer = Program(cast.manager).post(f"agreements/{cast.agreement.pk}/{act}/", **given)
    assert (answer.status_code, answer.data[field]) == (200, value)
    response = Program(cast.auditor).post(f"agreements/{cast.agreement.pk}/{act}/", **given)
    assert response.status_code == 403
