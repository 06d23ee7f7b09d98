"""The pages of a file that is handed in to a register: followed, looked through, left out of, applied, taken back, mended."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.addresses import address_of
from organizations.models import AccountingCode, Department
from registers import tasks
from registers.models import Application, Import
from tests.cast import Cast
from tests.pages import Answer, signed_in
from tests.registers.test_files import DEPARTMENTS, row_of

PAGE = "/register/departments/inlasningar/"


def hand_in(
    client: Client, text: str | bytes, *, name: str = "enheter.csv", page: str = PAGE, **more: str
) -> Answer:
    content = text if isinstance(text, bytes) else text.encode()
    return client.post(page, {"file": SimpleUploadedFile(name, content), **more})


def read(answer: Answer) -> str:
    """Have the file read as a worker does, and give the address of its page."""
    of_import = Import.objects.latest("pk")
    assert answer.headers["Location"] == address_of(of_import)
    tasks.run_import(import_id=of_import.pk)
    return address_of(of_import)


def carried_out() -> None:
    tasks.run_application(application_id=Application.objects.latest("pk").pk)


def test_a_file_from_the_form_to_taking_it_back(cast: Cast) -> None:
    client = signed_in(cast.administrator)
    text = (
        DEPARTMENTS
        + row_of(cast.ward, name="Nytt namn")
        + row_of(cast.ward, cost_center="7777", name="Ny enhet")
        + row_of(cast.ward, cost_center="7778", administration="XX")
    )
    answer = hand_in(client, text)
    of_import = Import.objects.get()
    assert "Filen jämförs med registret" in client.get(address_of(of_import)).content.decode()
    page = read(answer)
    assert client.get(f"{page}forlopp/")["HX-Refresh"] == "true"
    content = client.get(page).content.decode()
    assert "Filen ändrar 2 rader" in content
    assert "XX finns inte i registret som raden hänvisar till." in content
    changed = client.get(f"{page}?visa=changed").content.decode()
    assert f"Namn: {cast.ward.name}" in changed
    assert "Nytt namn</strong>" in changed
    new = of_import.changes.get(kind="new")
    client.post(f"{page}utelamna/", {"visa": "new", "rad": new.pk, "gor": "utelamna"})
    assert "Utelämnad" in client.get(f"{page}?visa=new").content.decode()
    client.post(f"{page}utelamna/", {"visa": "new", "gor": "med-alla"})
    assert "Genomföra 2 ändringar i enheter?" in client.get(f"{page}genomfor/").content.decode()
    client.post(f"{page}genomfor/")
    assert "Filens ändringar genomförs" in client.get(page).content.decode()
    carried_out()
    assert "2 rader är ändrade" in client.get(page).content.decode()
    assert Department.objects.filter(cost_center="7777").exists()
    assert "Genomförd" in client.get(PAGE).content.decode()
    assert client.get(f"{page}genomfor/").status_code == 302
    assert "Ta tillbaka 2 ändringar" in client.get(f"{page}ta-tillbaka/").content.decode()
    client.post(f"{page}ta-tillbaka/")
    carried_out()
    assert "Filens ändringar är tillbakatagna" in client.get(page).content.decode()
    assert not Department.objects.filter(cost_center="7777").exists()


def test_refused_rows_are_mended_and_handed_in_again(cast: Cast) -> None:
    client = signed_in(cast.administrator)
    text = DEPARTMENTS + row_of(cast.ward, cost_center="0012", administration="XX", name='=A1;"x')
    of_import = Import.objects.get(
        pk=int(read(hand_in(client, text.replace('=A1;"x', '"=A1;""x"'))).split("/")[-2])
    )
    answer = client.get(f"{address_of(of_import)}avvisade/")
    mended = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert "Avvisad för att" in mended
    assert "XX finns inte" in mended
    page = read(hand_in(client, mended.replace(";XX;", f";{cast.ward.administration.code};").encode()))
    again = Import.objects.get(pk=int(page.split("/")[-2]))
    change = again.changes.get()
    assert (change.kind, change.values["cost_center"]) == ("new", "0012")


def test_headings_are_asked_about_once(cast: Cast) -> None:
    client = signed_in(cast.administrator)
    text = "Kst;Benämning;Förvaltning;Verksamhet\n" + row_of(cast.ward)
    hand_in(client, text)
    of_import = Import.objects.get()
    page = client.get(address_of(of_import)).content.decode()
    assert "Vad står filens rubriker för?" in page
    assert "Filen saknar Ansvar" in page
    again = f"{address_of(of_import)}las-om/"
    fields = {"rubriker": "1", "rubrik-2": "administration", "rubrik-3": "activity"}
    content = client.post(again, fields, follow=True).content.decode()
    assert "Filen saknar Ansvar" in content
    read(client.post(again, {**fields, "rubrik-0": "cost_center", "rubrik-1": "name"}))
    assert "Filen ändrar inget" in client.get(address_of(Import.objects.latest("pk"))).content.decode()
    assert "Filen ändrar inget" in client.get(read(hand_in(client, text))).content.decode()
    assert client.get(PAGE).content.decode().count("enheter.csv") == 2


def test_two_readings_are_asked_about(cast: Cast) -> None:
    client = signed_in(cast.controller)
    codes = "/register/accounting_codes/inlasningar/"
    page = read(hand_in(client, "Dimension;Kod;Namn;Stängd från\nprojekt;900;Ett;03/04/2027\n", page=codes))
    content = client.get(page).content.decode()
    assert "Vad står först i filens datum?" in content
    assert "Vilket decimaltecken" not in content
    again = read(client.post(f"{page}las-om/", {"day_order": "dmy"}))
    assert "2027-04-03" in client.get(again).content.decode()
    client.post(f"{again}genomfor/")
    carried_out()
    assert str(AccountingCode.objects.get(code="900").closed_date) == "2027-04-03"


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "Filen är tom."), (b"%PDF-1.7", "dokument av annat slag"), (b"PK\x03\x04zip", "arbetsbok")],
)
def test_what_is_no_table_gets_a_sentence_and_keeps_nothing(cast: Cast, content: bytes, says: str) -> None:
    answer = hand_in(signed_in(cast.administrator), content)
    assert answer.status_code == 400
    assert says in answer.content.decode()
    assert not Import.objects.exists()


def test_files_are_for_those_who_may_change_the_register(cast: Cast) -> None:
    page = read(hand_in(signed_in(cast.administrator), DEPARTMENTS + row_of(cast.ward)))
    for person in (cast.requester, cast.manager, cast.controller, cast.auditor):
        client = signed_in(person)
        assert client.get(PAGE).status_code == 403
        assert client.get(page).status_code == 404
        assert client.post(f"{page}genomfor/").status_code == 404
    assert signed_in(cast.administrator).get("/register/finns-inte/inlasningar/").status_code == 404


def test_a_row_is_known_by_words_and_not_by_codes(cast: Cast) -> None:
    client = signed_in(cast.administrator)
    text = f"E-postadress;Roll;Ansvar;Från och med\n{cast.colleague.email};Beställare;9999;\n"
    page = read(hand_in(client, text, page="/register/roles/inlasningar/"))
    content = client.get(page).content.decode()
    assert f"{cast.colleague.email} · Beställare · 9999<" in content.replace("\xad", "").replace("\n", "")
