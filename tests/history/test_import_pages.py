"""The pages of purchase history: a file handed in, looked through, applied, opened to its lines, and taken back."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.addresses import address_of
from history.models import PurchaseHistoryLine
from registers.models import Application, HeadingMemory, Import
from registers.operations.applying import run_application
from registers.operations.imports import run_import
from registers.reading import text
from tests.cast import NOW, Cast
from tests.history.scms_files import EXTRACT, brought_in, compared, table
from tests.pages import Answer, signed_in

RAINDANCE = (
    "Verifikat;Lev.dat;Vara;Antal;À-pris;Enhet;Kategori;Leverantör\n"
    "V1;02-03-2026;Handske;2;1.500;Medicin;Handskar;Abena\n"
).encode()


def handed_in(client: Client, content: bytes, name: str = "rader.csv.gz", source: str = "scms") -> Answer:
    file = SimpleUploadedFile(name, content)
    return client.post("/inlasningar/", {"file": file, "source": source})


def page_of(client: Client, this: Import) -> str:
    return str(client.get(address_of(this)).content.decode())


def done(client: Client, this: Import, act: str) -> None:
    client.post(f"{address_of(this)}{act}/")
    run_application(application=Application.objects.latest("pk"), at=NOW)


def test_a_file_is_compared_applied_and_taken_back(cast: Cast) -> None:
    client = signed_in(cast.controller)
    answer = handed_in(client, EXTRACT.read_bytes())
    of_import = Import.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, address_of(of_import))
    run_import(of_import=of_import, at=NOW)
    assert "Filen har 21 nya rader" in page_of(client, of_import)
    done(client, of_import, "genomfor")
    assert "21 rader är inlästa" in page_of(client, of_import)
    listed = client.get("/inlasningar/").content.decode()
    assert "rader.csv.gz" in listed
    assert "Genomförd" in listed
    assert "Lägre priser gav 609" in client.get("/prisjamforelse/").content.decode()
    assert "10868" in client.get("/register/purchases/").content.decode()
    done(client, of_import, "ta-tillbaka")
    assert not PurchaseHistoryLine.objects.exists()
    assert "Det finns inget att jämföra än" in client.get("/prisjamforelse/").content.decode()


def test_what_a_source_calls_things_is_asked_once_and_remembered_for_it(cast: Cast) -> None:
    client = signed_in(cast.controller)
    handed_in(client, RAINDANCE, "rd.csv", "Raindance")
    first = Import.objects.get()
    assert "Vad står filens rubriker för?" in page_of(client, first)
    data = dict.fromkeys((f"rubrik-{place}" for place in range(8)), "") | {
        "rubrik-0": "external_id", "rubrik-1": "delivered_date", "rubrik-2": "description", "rubrik-3": "quantity",
        "rubrik-4": "unit_price", "rubrik-5": "department_name", "rubrik-6": "category_name", "rubrik-7": "supplier_name",
    }  # fmt: skip
    client.post(f"{address_of(first)}las-om/", {"rubriker": "1", **data})
    second = run_import(of_import=Import.objects.latest("pk"), at=NOW)
    assert "Vad står först i filens datum?" in page_of(client, second)
    client.post(f"{address_of(second)}las-om/", {"day_order": "dmy"})
    third = run_import(of_import=Import.objects.latest("pk"), at=NOW)
    assert "Vilket decimaltecken har filen?" in page_of(client, third)
    client.post(f"{address_of(third)}las-om/", {"decimal_sign": ","})
    fourth = run_import(of_import=Import.objects.latest("pk"), at=NOW)
    (change,) = fourth.changes.all()
    assert (change.kind, change.values["unit_price"], change.values["delivered_date"]) == (
        "new",
        "1500",
        "2026-03-02",
    )
    handed_in(client, RAINDANCE.replace(b"V1", b"V2"), "rd.csv", "Raindance")
    assert Import.objects.latest("pk").status == "queued"
    handed_in(client, RAINDANCE.replace(b"V1", b"V3"), "rd.csv", "Agresso")
    assert Import.objects.latest("pk").status == "failed"
    assert set(HeadingMemory.objects.values_list("source", flat=True)) == {"Raindance"}


def test_those_who_see_the_history_see_its_files_and_may_do_nothing(cast: Cast) -> None:
    of_import = compared(table({}, {"Vendor": ""}).encode(), cast.controller)
    client = signed_in(cast.auditor)
    page = page_of(client, of_import)
    assert "Ange enhet, kategori och leverantör" in page
    assert "genomfor" not in page
    assert 'name="rad"' not in client.get(f"{address_of(of_import)}?visa=new").content.decode()
    assert 'type="file"' not in client.get("/inlasningar/").content.decode()
    for act in ("las-om", "utelamna", "genomfor"):
        client.post(f"{address_of(of_import)}{act}/")
    of_import.refresh_from_db()
    assert (of_import.applied_at, Import.objects.count(), Application.objects.count()) == (None, 1, 0)
    assert signed_in(cast.manager).get(address_of(of_import)).status_code == 404


@pytest.mark.parametrize(
    ("content", "status", "says"),
    [
        (b"", 400, "Filen är tom."),
        (b"\x1f\x8bcut", 400, "avbruten eller skadad"),
        (b"PK\x03\x04zip", 400, "går inte att läsa som arbetsbok"),
        (b"x" * 2000, 413, "för stor"),
    ],
)
def test_a_bad_file_gets_a_sentence_and_a_status(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, content: bytes, status: int, says: str
) -> None:
    if status == 413:
        monkeypatch.setattr("registers.views.imports.UPLOAD_LIMIT", 1000)
    answer = handed_in(signed_in(cast.controller), content)
    assert answer.status_code == status
    assert says in answer.content.decode()
    assert not Import.objects.exists()


def test_an_upload_without_file_or_source_is_refused(cast: Cast) -> None:
    answer = signed_in(cast.controller).post("/inlasningar/", {})
    assert answer.status_code == 400
    assert "Välj en fil" in answer.content.decode()
    assert "Ange vilket system filen kommer från" in answer.content.decode()


@pytest.mark.parametrize("who", ["head", "auditor", "manager", "requester"])
def test_upload_is_for_finance(cast: Cast, who: str) -> None:
    answer = handed_in(signed_in(getattr(cast, who)), EXTRACT.read_bytes())
    assert answer.status_code == 403
    assert not Import.objects.exists()


def test_price_lines_page_opens_a_sum(cast: Cast) -> None:
    brought_in(EXTRACT.read_bytes())
    client = signed_in(cast.controller)
    page = client.get("/prisjamforelse/rader/?enhet=Botswana&visa=okning").content.decode()
    assert "2 orderrader, −195,00 USD" in page
    assert "9 orderrader" in client.get("/prisjamforelse/rader/?visa=utan").content.decode()
    assert client.get("/prisjamforelse/rader/?kategori=ARV+%2F+Adult").status_code == 200


def test_limit_of_uploads_is_said(cast: Cast) -> None:
    page = signed_in(cast.controller).get("/inlasningar/").content.decode()
    assert f"ögst {text.UPLOAD_LIMIT // 1_000_000} MB" in page
