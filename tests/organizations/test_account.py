"""A person's own page: where she is signed in, and her language."""

import pytest
from django.conf import settings as project
from django.test import Client
from django.utils import timezone

from audit.models import Entry
from core.errors import InvalidInput, NotPermitted
from organizations.models import ProvisionedPerson, Session
from organizations.operations.accounts import NameMissing, change_name, choose_language
from organizations.operations.sessions import end_other_sessions, end_session
from organizations.signing_in.sessions import browser_of
from tests.cast import Cast
from tests.pages import signed_in, text_of

pytestmark = pytest.mark.django_db

EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 Edg/120.0"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Safari/604.1"
)


def entered(cast: Cast, agent: str) -> Client:
    client = Client(headers={"user-agent": agent})
    credentials = {"username": cast.requester.email, "password": "rauk"}
    assert client.post("/logga-in/", credentials).status_code == 302
    return client


@pytest.mark.parametrize(
    ("agent", "browser"), [(EDGE, "Edge, Windows"), (PHONE, "Safari, iPhone"), ("", ""), ("curl/8", "")]
)
def test_browser_is_named(agent: str, browser: str) -> None:
    assert browser_of(agent) == browser


def test_page_lists_where_the_person_is_signed_in(cast: Cast) -> None:
    browser, phone = entered(cast, EDGE), entered(cast, PHONE)
    stranger = signed_in(cast.stranger)
    page = text_of(browser.get("/mitt-konto/"))
    assert "Edge, Windows" in page
    assert "Safari, iPhone" in page
    key = phone.cookies[project.SESSION_COOKIE_NAME].value
    content = browser.get("/mitt-konto/").content.decode()
    assert key not in content
    name = Session.objects.get(session_key=key).name
    assert stranger.post(f"/mitt-konto/inloggningar/{name}/avsluta/").status_code == 302
    assert phone.get("/mitt-konto/").status_code == 200
    assert browser.post(f"/mitt-konto/inloggningar/{name}/avsluta/").status_code == 302
    assert phone.get("/mitt-konto/").status_code == 302
    assert "Safari, iPhone" not in text_of(browser.get("/mitt-konto/"))
    assert Entry.objects.exclude(event="person.signed_in").get().event == "session.ended"


def test_others_end_and_this_stays(cast: Cast) -> None:
    browser, others = entered(cast, EDGE), [entered(cast, PHONE), entered(cast, EDGE)]
    colleague = signed_in(cast.colleague)
    page = browser.post("/mitt-konto/inloggningar/avsluta-andra/", follow=True)
    assert "2 inloggningar är avslutade" in text_of(page)
    assert [each.get("/mitt-konto/").status_code for each in others] == [302, 302]
    assert colleague.get("/mitt-konto/").status_code == 200


def test_session_of_an_older_password_is_not_listed(cast: Cast) -> None:
    browser = entered(cast, EDGE)
    entered(cast, PHONE)
    browser.post("/mitt-konto/losenord/", {"old_password": "rauk", "password": "tre kor i hagen"})
    assert "Safari, iPhone" not in text_of(browser.get("/mitt-konto/"))


def test_nobody_ends_anothers_session(cast: Cast) -> None:
    entered(cast, EDGE)
    name = Session.objects.get().name
    for act in (
        lambda: end_session(user=cast.requester, name=name, by=cast.head, at=timezone.now()),
        lambda: end_other_sessions(user=cast.requester, keep="", by=cast.head, at=timezone.now()),
        lambda: choose_language(user=cast.requester, language="en", by=cast.head, at=timezone.now()),
    ):
        with pytest.raises(NotPermitted):
            act()
    assert Session.objects.exists()


def test_language_is_kept_with_the_person(cast: Cast) -> None:
    browser = entered(cast, EDGE)
    page = browser.post("/mitt-konto/sprak/", {"language": "en"}, follow=True)
    assert '<html lang="en">' in page.content.decode()
    elsewhere = entered(cast, PHONE)
    assert '<html lang="en">' in elsewhere.get("/mitt-konto/").content.decode()
    with pytest.raises(InvalidInput):
        choose_language(user=cast.requester, language="de", by=cast.requester, at=timezone.now())


def test_name_is_changed_by_the_person_herself(cast: Cast) -> None:
    browser = entered(cast, EDGE)
    assert "Ändra ditt namn" in text_of(browser.get("/mitt-konto/"))
    assert 'value="Elin"' in browser.get("/mitt-konto/namn/").content.decode()
    for wrong in ({"first_name": "", "last_name": "Bergvall"}, {"first_name": "E" * 61, "last_name": "x"}):
        assert browser.post("/mitt-konto/namn/", wrong).status_code == 422
    page = browser.post("/mitt-konto/namn/", {"first_name": " Elin ", "last_name": "Åkesson"}, follow=True)
    assert "Namnet är ändrat" in text_of(page)
    cast.requester.refresh_from_db()
    assert cast.requester.full_name == "Elin Åkesson"
    entry = Entry.objects.get(event="person.name_changed")
    assert (entry.by_id, entry.details) == (cast.requester.pk, {"before": "Elin Bergvall"})
    # The same again is no change.
    browser.post("/mitt-konto/namn/", {"first_name": "Elin", "last_name": "Åkesson"})
    assert Entry.objects.filter(event="person.name_changed").count() == 1


def test_name_that_a_directory_keeps_is_changed_there(cast: Cast) -> None:
    ProvisionedPerson.objects.create(
        user=cast.requester,
        directory="region",
        user_name=cast.requester.email,
        created_at=timezone.now(),
        changed_at=timezone.now(),
    )
    browser = entered(cast, EDGE)
    assert "kommer från regionens katalog" in text_of(browser.get("/mitt-konto/"))
    assert browser.get("/mitt-konto/namn/").status_code == 403
    assert browser.post("/mitt-konto/namn/", {"first_name": "E", "last_name": "Å"}).status_code == 403
    for person, by in ((cast.requester, cast.requester), (cast.colleague, cast.administrator)):
        with pytest.raises(NotPermitted):
            change_name(user=person, first_name="E", last_name="Å", by=by, at=timezone.now())
    with pytest.raises(NameMissing):
        change_name(user=cast.colleague, first_name=" ", last_name="Å", by=cast.colleague, at=timezone.now())
