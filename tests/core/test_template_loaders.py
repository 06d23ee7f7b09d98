"""Pages leave without the indentation of their templates, and with every space that a person has typed."""

from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from tests.pages import signed_in

TYPED = "Mått:\n    höjd 80\n  bredd 60"


def test_page_has_no_indented_lines(db: None) -> None:
    page = Client().get("/hjalp/").content.decode()
    assert [line for line in page.splitlines() if line.startswith((" ", "\t"))] == []


def test_what_was_typed_keeps_its_lines(cast: Cast) -> None:
    page = signed_in(cast.requester).post(reverse("shop:free_text"), {"specification": TYPED})
    assert TYPED in page.content.decode().replace("\r\n", "\n")
