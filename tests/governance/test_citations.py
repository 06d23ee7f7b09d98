"""Whoever is refused is shown the paragraph of the guideline that the rule rests on, on pages and through the API."""

import json
from importlib import import_module

import pytest
from django.contrib import messages
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from core.citations import citation_for, citation_of, codes_of
from core.errors import DomainError, NotPermitted, RefusalSentence, localized, stored, telling
from demo.data import governance as demo
from governance.citations import cited
from governance.permissions import GovernanceIsForTheRegion, OnlyHeadWritesGuideline
from governance.rules import is_rule
from procurement.gates import CeilingReached
from procurement.permissions import NotYourLine, OwnRequest
from registers.operations.recognising import HeadingsUnreadable
from tests import worlds as chain
from tests.api.clients import Program
from tests.cast import Cast
from tests.governance import worlds
from tests.pages import signed_in, text_of

pytestmark = pytest.mark.django_db

RULES = (
    OwnRequest.code,
    NotYourLine.code,
    CeilingReached.code,
    GovernanceIsForTheRegion.code,
    OnlyHeadWritesGuideline.code,
)
CITED = "Enligt riktlinje för inköp § 4.2"


@pytest.fixture
def guideline(cast: Cast, at_nine: None, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """The cast's region with a guideline in force."""
    worlds.adopted(cast, rules=RULES)
    monkeypatch.setattr(cited, "kept", None)
    return cast


def test_citation_of_a_rule(guideline: Cast) -> None:
    citation = citation_of(OwnRequest.code)
    assert citation is not None
    assert (citation.text, citation.address) == (CITED, "/riktlinje/#p-4-2")
    assert citation_of("busy") is None
    assert citation_of("") is None


def test_the_guideline_is_asked_for_once_and_only_when_somebody_is_refused(guideline: Cast) -> None:
    with CaptureQueriesContext(connection) as captured:
        for _each in range(3):
            citation_of(OwnRequest.code)
    assert len(captured) == 1
    browser = signed_in(guideline.requester)
    cited.kept = None
    with CaptureQueriesContext(connection) as captured:
        assert browser.get("/start/").status_code == 200
    assert not any("governance_" in query["sql"] for query in captured.captured_queries)


def test_a_sentence_keeps_its_code() -> None:
    sentence = str(NotYourLine())
    assert isinstance(sentence, RefusalSentence)
    codes = (NotYourLine.code,)
    assert (codes_of(sentence), codes_of(str(sentence)), codes_of(NotYourLine()), codes_of("annat")) == (
        codes,
        codes,
        codes,
        (),
    )
    assert str(NotPermitted()) == str(NotPermitted.sentence)


@pytest.mark.parametrize(
    "said",
    [
        telling("Handskar: %(why)s", why=str(OwnRequest())),
        telling("Handskar: %(why)s", why=telling("Så här: %(why)s", why=OwnRequest())),
        str(HeadingsUnreadable(reason=OwnRequest())),
        str(HeadingsUnreadable(reason=str(OwnRequest()))),
        localized(stored(OwnRequest())),
    ],
    ids=["sentence", "sentence in a sentence", "refusal", "its sentence", "kept"],
)
def test_a_refusal_inside_another_sentence_is_cited(guideline: Cast, said: str) -> None:
    citation = citation_for(said)
    assert citation is not None
    assert citation.text == CITED


def test_a_refusal_that_is_kept_keeps_what_it_tells_of(guideline: Cast) -> None:
    record = stored(HeadingsUnreadable(reason=str(OwnRequest())))
    assert codes_of(localized(record)) == (HeadingsUnreadable.code, OwnRequest.code)
    assert localized(record) == str(HeadingsUnreadable(reason=str(OwnRequest())))


def test_a_thing_that_has_codes_of_its_own_is_no_refusal(guideline: Cast) -> None:
    """The codes of an item's packs are no rules."""
    assert codes_of(telling("%(item)s", item=guideline.gloves)) == codes_of(guideline.gloves) == ()


def test_a_sentence_of_no_refusal_is_not_cited(guideline: Cast) -> None:
    assert citation_for(telling("%(count)s rader", count=3)) is None
    assert citation_for("Sparat.") is None


def test_what_was_refused_of_many_is_cited_on_the_next_page(guideline: Cast) -> None:
    """The session keeps text alone, so the codes stand beside it."""
    guideline.agreement.committed_amount = guideline.agreement.ceiling_amount
    guideline.agreement.save()
    chosen = {"act": "approve", "line": chain.line(guideline).pk, "order": "", "address": ""}
    page = text_of(signed_in(guideline.manager).post("/ko/beslut/", chosen, follow=True))
    assert "av 10 ryms" in page
    assert page.count(CITED) == 1


@pytest.mark.parametrize(
    ("address", "status"),
    [("/styrning/", 403), ("/riktlinje/utkast/", 403)],
    ids=["a page that is not hers", "an act that is not hers"],
)
def test_a_page_that_refuses_cites(guideline: Cast, address: str, status: int) -> None:
    answer = signed_in(guideline.requester).get(address)
    assert answer.status_code == status
    assert f'<a href="/riktlinje/#p-4-2">{CITED}</a>' in text_of(answer)


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "part"])
def test_a_form_that_refuses_cites(guideline: Cast, headers: dict[str, str]) -> None:
    line = chain.line(guideline)
    browser = signed_in(guideline.requester)
    answer = browser.post(f"/rader/{line.pk}/besluta/", {"decision": "approve"}, headers=headers)
    assert f'<a href="/riktlinje/#p-4-2">{CITED}</a>' in text_of(answer)


def test_many_that_are_refused_cite(guideline: Cast) -> None:
    line = chain.line(guideline)
    answer = Program(guideline.requester).post("lines/approve/", lines=[line.pk])
    (refusal,) = json.loads(answer.content)["refused"]
    assert (refusal["code"], refusal["guideline"]["text"]) == (OwnRequest.code, CITED)


def test_the_api_cites(guideline: Cast) -> None:
    line = chain.line(guideline)
    answer = Program(guideline.controller).post(f"lines/{line.pk}/approve/")
    assert answer.status_code == 403
    assert answer.data["code"] == NotYourLine.code
    assert answer.data["guideline"]["paragraph"] == "4.2"
    assert answer.data["guideline"]["text"] == CITED
    assert answer.data["guideline"]["address"].endswith("/riktlinje/#p-4-2")


def test_the_api_does_not_cite_what_rests_on_no_paragraph(guideline: Cast) -> None:
    answer = Program(guideline.head).post("guidelines/", title=" ")
    assert answer.status_code == 400
    assert "guideline" not in answer.data


def test_a_message_keeps_its_rule_until_it_is_read(guideline: Cast) -> None:
    browser = signed_in(guideline.requester)
    request = browser.get("/start/").wsgi_request
    messages.error(request, str(OwnRequest()))
    messages.success(request, "Sparat.")
    request._messages.update(HttpResponse())  # type: ignore[attr-defined]
    request.session.save()
    page = text_of(browser.get("/start/"))
    assert page.count(CITED) == 1


def test_in_english(guideline: Cast) -> None:
    line = chain.line(guideline)
    answer = Program(guideline.controller, "en").post(f"lines/{line.pk}/approve/")
    assert answer.data["guideline"]["text"] == "According to riktlinje för inköp § 4.2"


def test_every_rule_that_the_demos_guideline_cites_exists() -> None:
    import_module("config.urls")  # every app's refusals are known once its pages are
    codes = [code for row in demo.guideline_paragraphs() for code in row.rules.split()]
    assert [code for code in codes if not is_rule(code)] == []
    assert len(codes) == len(set(codes)) > 20
    assert all(code in DomainError.by_code for code in codes)
