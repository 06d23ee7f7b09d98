"""The pages of notices: read what one has been told, choose how, and see to letters that did not leave."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from notices.models import Choice, Letter, Notice
from notices.operations.mailing import send_due
from notices.operations.telling import News, tell
from notices.states import Delivery, LetterStatus
from organizations.models import User
from procurement.notices import QUESTION
from procurement.operations import decisions
from tests import worlds
from tests.cast import NOW, Cast
from tests.notices.letters import the_notice
from tests.pages import signed_in, text_of

pytestmark = pytest.mark.usefixtures("at_nine")


def ask(cast: Cast) -> Notice:
    line = worlds.line(cast)
    decisions.return_with_question(lines=[line], question="Varför tio?", by=cast.manager, at=NOW)
    return the_notice(cast.requester)


def unread(person: User) -> int:
    return Notice.objects.filter(recipient=person, read_at=None).count()


def badge(client: Client, address: str) -> str:
    """What the bell in the header says."""
    page = text_of(client.get(address))
    return page.partition('class="header__notices"')[2].partition("</div>")[0]


def test_the_list_says_what_is_new_and_leads_to_the_place(cast: Cast) -> None:
    notice = ask(cast)
    page = text_of(signed_in(cast.requester).get(reverse("notices:notices")))
    assert "En notis är ny" in page
    assert f'href="{notice.address}"' in page
    assert "Karin Sundblad undrar om" in page


def test_the_badge_counts_and_is_gone_when_the_place_is_opened(cast: Cast) -> None:
    notice = ask(cast)
    client = signed_in(cast.requester)
    assert "1 <span" in badge(client, reverse("shop:requisitions")).replace("1<span", "1 <span")
    assert unread(cast.requester) == 1
    assert "olästa" not in badge(client, notice.address.partition("#")[0])
    assert unread(cast.requester) == 0
    assert "olästa" not in badge(client, reverse("shop:requisitions"))


def test_a_place_that_another_opens_is_not_read_for_her(cast: Cast) -> None:
    notice = ask(cast)
    signed_in(cast.colleague).get(notice.address.partition("#")[0])
    assert unread(cast.requester) == 1


def test_a_place_with_a_question_in_its_address_is_another(cast: Cast) -> None:
    tell([News(cast.manager.pk, QUESTION, "/ko/?visa=svar")], by=None, at=NOW)
    client = signed_in(cast.manager)
    client.get("/ko/")
    assert unread(cast.manager) == 1
    client.get("/ko/?visa=svar")
    assert unread(cast.manager) == 0


def test_one_and_all_are_marked_as_read(cast: Cast) -> None:
    first, second = ask(cast), News(cast.requester.pk, QUESTION, "/x/")
    tell([second, News(cast.colleague.pk, QUESTION, "/x/")], by=None, at=NOW)
    client = signed_in(cast.requester)
    client.post(reverse("notices:read", args=[first.pk]))
    assert unread(cast.requester) == 1
    page = text_of(client.post(reverse("notices:read_all"), follow=True))
    assert "1 notis är nu läst." in page
    assert "Du har läst alla notiser" in page
    assert (unread(cast.requester), unread(cast.colleague)) == (0, 1)


def test_nobody_reads_for_another(cast: Cast) -> None:
    notice = ask(cast)
    answer = signed_in(cast.head).post(reverse("notices:read", args=[notice.pk]))
    assert (answer.status_code, unread(cast.requester)) == (404, 1)


def test_a_long_list_has_pages(cast: Cast) -> None:
    tell([News(cast.requester.pk, QUESTION, f"/{number}/") for number in range(31)], by=None, at=NOW)
    client = signed_in(cast.requester)
    assert 'href="/0/"' not in text_of(client.get(reverse("notices:notices")))
    assert 'href="/0/"' in text_of(client.get(reverse("notices:notices"), {"sida": 2}))
    for absurd in ("x", "-1", "0", "9" * 30, "²"):
        assert client.get(reverse("notices:notices"), {"sida": absurd}).status_code == 200


def test_choices_are_shown_saved_and_taken_back(cast: Cast) -> None:
    client, address = signed_in(cast.requester), reverse("notices:choices")
    page = text_of(client.get(address))
    assert "Som ovan: genast med e-post" in page
    assert "Som ovan: samlat i ett brev kl. 07.30 på arbetsdagar" in page
    assert "Brev som inte gick att skicka" not in page
    client.post(address, {"alla": "digest", "question": "at_once"})
    chosen = dict(Choice.objects.filter(person=cast.requester).values_list("kind", "delivery"))
    assert chosen == {"": Delivery.DIGEST, "question": Delivery.AT_ONCE}
    assert "Dina val är sparade" in text_of(client.get(address))
    client.post(address, {})
    assert not Choice.objects.exists()


def test_a_choice_that_does_not_exist_is_refused(cast: Cast) -> None:
    answer = signed_in(cast.requester).post(reverse("notices:choices"), {"alla": "duva"})
    assert answer.status_code == 422
    assert not Choice.objects.exists()


def test_the_administrator_sees_letters_that_did_not_leave(cast: Cast, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    ask(cast)
    send_due(at=NOW)
    Letter.objects.update(status=LetterStatus.NOT_SENT, error="E-postservern svarar inte: prov")
    address = reverse("notices:unsent_letters")
    client = signed_in(cast.administrator)
    page = text_of(client.get(address))
    assert "Ett brev gick inte att skicka" in page
    assert "E-postservern svarar inte: prov" in page
    assert "Varför tio?" not in page, "what it says is the recipient's"
    client.post(reverse("notices:retry", args=[Letter.objects.get().pk]))
    assert Letter.objects.get().status == LetterStatus.READY
    assert signed_in(cast.head).get(address).status_code == 403


def test_the_pages_speak_english(cast: Cast) -> None:
    ask(cast)
    client = signed_in(cast.requester)
    client.post(reverse("core:set_language"), {"language": "en"})
    with translation.override("en"):
        page = text_of(client.get(reverse("notices:notices")))
    assert "One notice is new" in page
    assert "Question about requisition" in page
