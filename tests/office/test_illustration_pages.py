"""The page on which a manager keeps an item's pictures and documents."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from catalog.models import DocumentKind
from tests.attachments import files
from tests.cast import Cast
from tests.catalog.illustrating import document, picture
from tests.pages import signed_in, text_of

pytestmark = pytest.mark.usefixtures("at_nine")

PAGE = "/artiklar/104412/filer/"


def file(content: bytes, name: str = "fil.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/svg+xml")


def sent(client: Client, what: str, **fields: Any) -> Any:
    prefix = {"bild": "bild", "dokument": "dokument"}[what]
    return client.post(f"{PAGE}{what}/", {f"{prefix}-{name}": value for name, value in fields.items()})


def test_a_manager_adds_orders_and_takes_away(cast: Cast) -> None:
    client = signed_in(cast.manager)
    assert "Ingen bild. Katalogen visar den tecknade." in text_of(client.get(PAGE))
    for number, text in enumerate(("Öppen ask", "Handske på hand")):
        answer = sent(client, "bild", file=file(files.picture(size=(60 + number, 40))), description=text)
        assert (answer.status_code, answer["Location"]) == (302, PAGE)
    answer = sent(
        client,
        "dokument",
        file=file(files.pdf(), "Blad.pdf"),
        kind=DocumentKind.SAFETY_SHEET,
        valid_through="2023-05-01",
    )
    assert answer.status_code == 302
    page = text_of(client.get(PAGE))
    assert page.index('alt="Öppen ask"') < page.index('alt="Handske på hand"')
    assert "Säkerhetsdatablad" in page
    assert "Gäller till och med 1 maj 2023" in page
    assert "Ett dokument lades till" in page
    first, second = cast.gloves.pictures.standing().in_order()
    client.post(reverse("office:picture_first", args=[second.pk]))
    client.post(reverse("office:picture_remove", args=[first.pk]))
    client.post(reverse("office:document_remove", args=[cast.gloves.documents.get().pk]))
    page = text_of(client.get(PAGE))
    assert 'alt="Öppen ask"' not in page
    assert "Inget dokument." in page
    assert "Bilden är borttagen." in page


@pytest.mark.parametrize(
    ("what", "fields", "sentence", "field"),
    [
        ("bild", {"description": "x"}, "Välj en bild", "id_bild-file"),
        ("bild", {"file": file(files.picture()), "description": ""}, "Skriv vad bilden visar", "id_bild-description"),
        ("bild", {"file": file(files.pdf()), "description": "x"}, "fil.jpg är ingen bild.", "id_bild-file"),
        ("bild", {"file": file(b"<svg/>"), "description": "x"}, "fil.jpg är inte en fil som vi kan ta emot.", "id_bild-file"),
        ("dokument", {"file": file(files.pdf())}, "Välj vad det är för dokument", "id_dokument-kind"),
        ("dokument", {"file": file(files.picture()), "kind": "proof"}, "fil.jpg är inget dokument.", "id_dokument-file"),
        (
            "dokument",
            {"file": file(files.pdf()), "kind": "proof", "valid_through": "2021-05-01"},
            "Dokumentet gällde till lördag 1 maj 2021.",
            "id_dokument-valid_through",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_said_beside_its_field(
    cast: Cast, what: str, fields: dict[str, Any], sentence: str, field: str
) -> None:
    for each in fields.values():
        if isinstance(each, SimpleUploadedFile):
            each.seek(0)
    answer = sent(signed_in(cast.manager), what, **fields)
    page = text_of(answer)
    assert answer.status_code == 422
    assert page.count(sentence) == 2
    assert f'href="#{field}' in page
    assert not cast.gloves.pictures.exists()
    assert not cast.gloves.documents.exists()


def test_others_look_and_change_nothing(cast: Cast) -> None:
    item_picture, item_document = picture(cast, item=cast.gloves), document(cast, item=cast.gloves)
    posts = [
        f"{PAGE}bild/",
        f"{PAGE}dokument/",
        reverse("office:picture_first", args=[item_picture.pk]),
        reverse("office:picture_remove", args=[item_picture.pk]),
        reverse("office:document_remove", args=[item_document.pk]),
    ]
    for person in (cast.auditor, cast.office_deputy, cast.head):
        client = signed_in(person)
        page = text_of(client.get(PAGE))
        assert "Bara den som ansvarar för artikelns kategori" in page
        assert "<form" not in page.split('class="page-head"')[1].split("</main>")[0]
        assert [client.post(address).status_code for address in posts] == [403] * len(posts)
    for person in (cast.requester, cast.stranger):
        assert signed_in(person).get(PAGE).status_code == 403
    assert (item_picture.removed_at, cast.gloves.pictures.standing().count()) == (None, 1)


def test_a_body_that_is_too_large_is_refused_before_it_is_read(cast: Cast) -> None:
    client = signed_in(cast.manager)
    answer = client.post(
        f"{PAGE}bild/",
        b"x",
        content_type="multipart/form-data; boundary=x",
        headers={"content-length": "11000000"},
    )
    assert answer.status_code == 413


def test_the_row_of_an_item_leads_to_its_files(cast: Cast) -> None:
    page = text_of(signed_in(cast.manager).get(f"/register/items/{cast.gloves.pk}/"))
    assert f'href="{PAGE}"' in page
