"""The pages of imports and price changes: a file handed in, followed, refused, opened to its lines."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.addresses import address_of
from core.models import StoredFile
from core.work import WorkStatus
from history import tasks
from history.models import PurchaseImport
from history.operations import imports
from registers.reading import text
from tests.cast import NOW, Cast
from tests.history.scms_files import EXTRACT, table
from tests.pages import Answer, signed_in


def handed_in(client: Client, content: bytes, name: str = "rader.csv.gz") -> Answer:
    return client.post("/inlasningar/", {"file": SimpleUploadedFile(name, content), "file_format": "scms"})


def test_an_uploaded_file_is_read_and_followed(cast: Cast, woken: list[tuple[str, int]]) -> None:
    client = signed_in(cast.controller)
    answer = handed_in(client, EXTRACT.read_bytes())
    made = PurchaseImport.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/inlasningar/{made.pk}/")
    assert woken == [("history.run_import", made.pk)]
    page = f"/inlasningar/{made.pk}/"
    assert "Orderraderna läses in" in client.get(page).content.decode()
    assert "HX-Refresh" not in client.get(f"{page}forlopp/")
    tasks.run_import(import_id=made.pk)
    assert client.get(f"{page}forlopp/")["HX-Refresh"] == "true"
    assert "21 orderrader lästes in" in client.get(page).content.decode()
    assert "rader.csv.gz" in client.get("/inlasningar/").content.decode()
    assert "Lägre priser gav 609" in client.get("/prisjamforelse/").content.decode()


def test_refused_rows_are_shown_with_their_reason(cast: Cast) -> None:
    made = imports.request_import(
        file_name="x",
        content=BytesIO(table({}, {"Vendor": ""}).encode()),
        file_format="scms",
        by=cast.controller,
        at=NOW,
    )
    tasks.run_import(import_id=made.pk)
    page = signed_in(cast.auditor).get(address_of(made)).content.decode()
    assert "Vilka rader avvisades, och varför?" in page
    assert "Värdet saknas." in page


@pytest.mark.parametrize(
    ("content", "status", "says"),
    [
        (b"", 400, "Filen är tom."),
        (b"\x1f\x8bcut", 400, "avbruten eller skadad"),
        (b"PK\x03\x04zip", 400, "inte en textfil"),
        (b"ID,Country\r1,Zambia", 400, "saknar kolumner"),
        (table().encode(), 400, "Filen är tom."),
        (b"x" * 2000, 413, "för stor"),
    ],
)
def test_a_bad_file_gets_a_sentence_and_a_status(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, content: bytes, status: int, says: str
) -> None:
    if status == 413:
        monkeypatch.setattr("history.views.imports.UPLOAD_LIMIT", 1000)
    answer = handed_in(signed_in(cast.controller), content)
    assert answer.status_code == status
    assert says in answer.content.decode()
    assert not PurchaseImport.objects.exists()


def test_an_upload_without_a_file_is_refused(cast: Cast) -> None:
    answer = signed_in(cast.controller).post("/inlasningar/", {"file_format": "scms"})
    assert answer.status_code == 400
    assert "Välj en fil" in answer.content.decode()


@pytest.mark.parametrize("who", ["head", "auditor", "manager", "requester"])
def test_upload_is_for_finance(cast: Cast, who: str) -> None:
    answer = handed_in(signed_in(getattr(cast, who)), EXTRACT.read_bytes())
    assert answer.status_code == 403
    assert not PurchaseImport.objects.exists()


def test_price_lines_page_opens_a_sum(cast: Cast) -> None:
    made = imports.request_import(
        file_name="x", content=BytesIO(EXTRACT.read_bytes()), file_format="scms", by=None, at=NOW
    )
    tasks.run_import(import_id=made.pk)
    client = signed_in(cast.controller)
    page = client.get("/prisjamforelse/rader/?enhet=Botswana&visa=okning").content.decode()
    assert "2 orderrader, −195,00 USD" in page
    assert "9 orderrader" in client.get("/prisjamforelse/rader/?visa=utan").content.decode()
    assert client.get("/prisjamforelse/rader/?kategori=ARV+%2F+Adult").status_code == 200


def test_a_failed_import_says_why(cast: Cast) -> None:
    made = imports.request_import(
        file_name="x", content=BytesIO(table({}).encode()), file_format="scms", by=None, at=NOW
    )
    cut = StoredFile.objects.keep(BytesIO(b"\x1f\x8bcut"))
    PurchaseImport.objects.filter(pk=made.pk).update(file=cut)
    tasks.run_import(import_id=made.pk)
    made.refresh_from_db()
    assert made.status == WorkStatus.FAILED
    page = signed_in(cast.controller).get(address_of(made)).content.decode()
    assert "avbruten eller skadad" in page


def test_limit_of_uploads_is_said(cast: Cast) -> None:
    page = signed_in(cast.controller).get("/inlasningar/").content.decode()
    assert f"högst {text.UPLOAD_LIMIT // 1_000_000} MB" in page
