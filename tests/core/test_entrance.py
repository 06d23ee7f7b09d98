"""What is sent is neither too large nor unclean, and what is answered is kept nowhere."""

from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.request_cleaning import ANONYMOUS_LIMIT, BODY_LIMIT
from organizations.models import Delegation
from procurement.models import RequisitionLine
from registers.reading.text import UPLOAD_LIMIT
from tests import worlds
from tests.api.clients import Program
from tests.cast import Cast
from tests.pages import signed_in

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"
FILE = "multipart/form-data; boundary=x"


class Unread(BytesIO):
    """A body that must not be read."""

    def read(self, *args: Any) -> bytes:
        raise AssertionError("the body was read")

    readline = read


def sent_unread(client: Client, address: str, length: int, content_type: str, **headers: Any) -> Any:
    """The answer to a body of this length, not a byte of which is read."""
    return client.generic("POST", address, b"", content_type=content_type, **headers) if not length else client.request(
        **{
            "REQUEST_METHOD": "POST", "PATH_INFO": address, "CONTENT_TYPE": content_type,
            "CONTENT_LENGTH": str(length), "wsgi.input": Unread(), **headers,
        }
    )  # fmt: skip


@pytest.mark.parametrize("content_type", [FORM, FILE])
@pytest.mark.parametrize("address", ["/logga-in/", "/inlasningar/", "/korg/lagg-till/", "/sprak/"])
def test_large_body_of_a_stranger_is_refused_unread(cast: Cast, address: str, content_type: str) -> None:
    assert sent_unread(Client(), address, 300_000_000, content_type).status_code == 413
    assert sent_unread(Client(), address, ANONYMOUS_LIMIT + 1, content_type).status_code == 413


@pytest.mark.parametrize("content_type", ["application/json", FORM, FILE])
def test_large_body_is_refused_unread_by_the_api(cast: Cast, content_type: str) -> None:
    answer = sent_unread(Client(), "/api/v1/lines/approve/", 300_000_000, content_type)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    answer = sent_unread(Client(), "/api/v1/lines/approve/", BODY_LIMIT, content_type)
    assert answer.status_code == 401
    wrong = {"HTTP_AUTHORIZATION": "Token " + "f" * 64}
    assert (
        sent_unread(Client(), "/api/v1/lines/approve/", BODY_LIMIT, content_type, **wrong).status_code == 401
    )


def test_large_body_of_a_signed_in_person_is_refused_unread(cast: Cast) -> None:
    client = signed_in(cast.controller)
    assert sent_unread(client, "/korg/lagg-till/", BODY_LIMIT + 1, FILE).status_code == 413
    page = sent_unread(client, "/inlasningar/", UPLOAD_LIMIT + 200_000, FILE)
    assert page.status_code == 413
    assert "för stort" in page.content.decode()


def test_page_that_takes_files_takes_them(cast: Cast) -> None:
    file = SimpleUploadedFile("x.csv", b"x" * (BODY_LIMIT + 1))
    answer = signed_in(cast.controller).post("/inlasningar/", {"file": file, "source": "scms"})
    assert answer.status_code == 400
    assert "inte en textfil" in answer.content.decode()


@pytest.mark.parametrize(
    "address", ["/katalog/", "/korg/", "/logga-in/", "/hjalp/", "/api/v1/me/", "/finns-inte/"]
)
def test_answers_are_kept_nowhere(cast: Cast, address: str) -> None:
    for client in (Client(), signed_in(cast.requester)):
        assert "no-store" in client.get(address)["Cache-Control"]


def test_text_of_a_form_is_clean(cast: Cast) -> None:
    worlds.basket(cast)
    data = {
        "description": "\ufeffVa\u030agn\u202e, tva\u030a hjul\x07",
        "specification": "rad ett\r\nrad tva\u030a",
        "quantity": "1", "unit": "st", "estimated_unit_price": "10", "category": cast.office.pk,
    }  # fmt: skip
    answer = signed_in(cast.requester).post("/behov/", data)
    assert answer.status_code in (302, 200), answer.status_code
    line = RequisitionLine.objects.get(item=None)
    assert (line.description, line.specification) == ("Vågn, två hjul", "rad ett\nrad två")


def test_text_of_the_api_is_clean(cast: Cast) -> None:
    basket = worlds.basket(cast)
    answer = Program(cast.requester).post(
        f"baskets/{basket.pk}/add-free-text/",
        description="\ufeffVa\u030agn\x07", specification="rad ett\r\nrad två", quantity="1", unit="st",
        estimated_unit_price="10",
    )  # fmt: skip
    assert answer.status_code < 300, answer.data
    line = RequisitionLine.objects.get(item=None)
    assert (line.description, line.specification) == ("Vågn", "rad ett\nrad två")


@pytest.mark.parametrize("body", ["reason=a%00b", "a%00=b"])
def test_form_with_a_null_character_changes_nothing(cast: Cast, body: str) -> None:
    answer = signed_in(cast.manager).generic("POST", "/franvaro/delegera/", body, content_type=FORM)
    assert answer.status_code == 400
    assert not Delegation.objects.exists()


@pytest.mark.parametrize("charset", ["utf-7", "utf-16", "unicode_escape", "cp037"])
def test_form_in_another_encoding_is_refused(cast: Cast, charset: str) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="q"\r\n\r\n+2AA-\r\n--x--\r\n'
    answer = signed_in(cast.requester).generic(
        "POST", "/korg/lagg-till/", body, content_type=f"{FILE}; charset={charset}"
    )
    assert answer.status_code == 400
    assert (
        signed_in(cast.requester)
        .get("/katalog/?q=x", CONTENT_TYPE=f"text/plain; charset={charset}")
        .status_code
        == 400
    )


@pytest.mark.parametrize("cookie", ['"abcdefgh\\000ijkl"', '"\\000"', "x" * 4000])
def test_cookie_that_no_database_holds_is_left_out(cast: Cast, cookie: str) -> None:
    for name in (settings.SESSION_COOKIE_NAME, "django_language", "csrftoken"):
        answer = Client().get("/katalog/", HTTP_COOKIE=f"{name}={cookie}")
        assert answer.status_code == 302


def test_password_is_taken_as_it_is(cast: Cast) -> None:
    cast.requester.set_password("lösen\u00adord a\u030a")
    cast.requester.save()
    data = {"username": cast.requester.email, "password": "lösen\u00adord a\u030a"}
    assert Client().post("/logga-in/", data).status_code == 302


def test_cache_is_shared_between_processes() -> None:
    assert settings.CACHES["default"]["BACKEND"] == "django.core.cache.backends.redis.RedisCache"


def test_body_that_is_cut_off_is_no_failure(cast: Cast) -> None:
    client = signed_in(cast.requester)
    answer = client.request(
        REQUEST_METHOD="POST", PATH_INFO="/korg/lagg-till/", CONTENT_TYPE=FILE, CONTENT_LENGTH="5000",
        **{"wsgi.input": BytesIO(b"--x\r\nContent-Disposition: form-data; name=")},
    )  # fmt: skip
    assert answer.status_code < 500
