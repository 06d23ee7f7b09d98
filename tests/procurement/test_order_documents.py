"""What a supplier receives: the message, the PDF and the CSV of an order."""

import csv
import os
import signal
import subprocess
import sys
from email import message_from_bytes, policy
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from pypdf import PdfReader

from audit.models import Entry
from organizations.models import User
from procurement.documents.order import order_csv, order_facts, order_pdf
from procurement.models import PurchaseOrder
from procurement.notifications import order_message
from procurement.operations import orders
from procurement.states import OrderStatus
from tests import cast as cast_module
from tests import worlds
from tests.cast import NOW, Cast


def order_of(cast: Cast, supplier: str = "Nordmedica AB") -> PurchaseOrder:
    """An order of gloves and gowns."""
    worlds.ordered(cast, (cast.gloves, 20), (cast.gown, 3))
    return PurchaseOrder.objects.get(supplier__name=supplier)


def text_of(content: bytes) -> str:
    pages = PdfReader(BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split()).replace("\u2011", "-")


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig")), delimiter=";"))


def test_order_message_carries_both_files_to_the_supplier(cast: Cast) -> None:
    order = order_of(cast)
    message = message_from_bytes(order_message(order).message().as_bytes(), policy=policy.default)
    assert message["To"] == "order@nordmedica.example"
    assert message["Subject"] == f"Inköpsorder {order.number} från Region Gotland"
    assert message["Message-ID"].startswith(f"<{order.number}@")
    files = {part.get_filename(): part for part in message.iter_attachments()}
    assert list(files) == [f"Inkopsorder-{order.number}.pdf", f"Inkopsorder-{order.number}.csv"]
    pdf, sheet = (part.get_payload(decode=True) for part in files.values())
    assert isinstance(pdf, bytes)
    assert isinstance(sheet, bytes)
    assert pdf.startswith(b"%PDF")
    assert sheet == order_csv(order_facts(order))
    body = message.get_body(("plain",))
    assert body is not None
    assert "Ordern har 2 rader och summan är 1 607,00 kr exklusive moms." in body.get_content().replace(
        "\u00a0", " "
    )


def test_order_message_is_the_same_each_time(cast: Cast) -> None:
    order = order_of(cast)
    first, second = order_message(order), order_message(order)
    assert first.extra_headers == second.extra_headers
    assert first.body == second.body
    assert order_pdf(order_facts(order)) == order_pdf(order_facts(order))


def test_send_order_again_after_a_crash_replaces_the_same_file(
    cast: Cast, settings: Any, tmp_path: Path
) -> None:
    settings.EMAIL_BACKEND = "core.mail.FileOutbox"
    settings.OUTBOX_DIR = tmp_path
    order = order_of(cast)
    order_message(order).send()
    orders.send_order(order=order, at=NOW)
    order.refresh_from_db()
    assert order.status == OrderStatus.SENT
    assert [path.name for path in tmp_path.iterdir()] == [f"{order.number}.eml"]


def test_order_pdf_says_everything_and_is_tagged(cast: Cast) -> None:
    order = order_of(cast)
    content = order_pdf(order_facts(order))
    reader = PdfReader(BytesIO(content))
    root: Any = reader.trailer["/Root"]
    assert "<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data().decode()
    assert root["/Lang"].lower() == "sv-se"
    assert reader.metadata is not None
    assert (reader.metadata.title or "").replace("\u2011", "-") == f"Inköpsorder {order.number}"
    text = text_of(content).replace("\u00a0", " ")
    for said in (
        "Region Gotland",
        "212000-0803",
        "Nordmedica AB",
        "Visby lasarett, plan 4, förråd 4:12",
        "Sankt Göransgatan 5",
        "621 84 Visby",
        "RA 2020-014",
        "RS 2020/653",
        "104412",
        "Undersökningshandske nitril, puderfri, blå",
        "20 ask 58,00 1 160,00",
        "149,00",
        "1 607,00 kr",
        "Medicinavdelning 1",
    ):
        assert said in text, said


def test_order_csv_repeats_the_order_on_each_row(cast: Cast) -> None:
    order = order_of(cast)
    gloves, gowns = rows_of(order_csv(order_facts(order)))
    assert (gloves["Ordernummer"], gloves["Artikelnummer"], gloves["Antal"]) == (
        order.number,
        "104412",
        "20,000",
    )
    assert (gloves["Pris per enhet exkl. moms"], gloves["Belopp exkl. moms"]) == ("58,0000", "1160,00")
    assert (gowns["Rad"], gowns["Avtalsnummer"], gowns["Valuta"]) == ("2", "RA 2020-014", "SEK")
    assert gowns["Märkning"].endswith("Medicinavdelning 1")


def test_order_csv_runs_nothing(cast: Cast) -> None:
    order = order_of(cast)
    order.lines.update(description='=HYPERLINK("http://example.com")')
    assert rows_of(order_csv(order_facts(order)))[0]["Benämning"].startswith("'=")


def test_order_facts_take_as_many_queries_for_many_lines_as_for_one(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    worlds.ordered(cast, (cast.gloves, 2))
    one = PurchaseOrder.objects.get()
    with django_assert_num_queries(3):
        order_facts(one)
    worlds.ordered(cast, (cast.gloves, 2), (cast.gown, 3))
    many = PurchaseOrder.objects.exclude(pk=one.pk).get()
    with django_assert_num_queries(3):
        order_facts(many)


def test_order_without_agreement_says_so_and_names_who_to_ask(cast: Cast) -> None:
    worlds.ordered(cast, (cast.chair, 1))
    order = PurchaseOrder.objects.get()
    facts = order_facts(order)
    assert isinstance(facts.contact, User)
    text = text_of(order_pdf(facts))
    assert "Köp utan avtal" in text
    assert facts.contact.full_name in text
    assert order_message(order).reply_to == [facts.contact.email]


@pytest.mark.parametrize("name", ["#let x = 1", "*fet* _kursiv_ $x$", "<b>\\", '"); #panic()', "å" * 250])
def test_order_pdf_takes_any_text_as_text(cast: Cast, name: str) -> None:
    order = order_of(cast)
    order.lines.update(description=name)
    assert order_pdf(order_facts(order)).startswith(b"%PDF")


KILLED = """
import os, signal, sys
import django
django.setup()
from django.conf import settings
from django.utils import timezone
from procurement.models import PurchaseOrder
from procurement.operations import orders
settings.EMAIL_BACKEND, settings.OUTBOX_DIR = "core.mail.FileOutbox", sys.argv[2]
orders.move = lambda *args, **kwargs: os.kill(os.getpid(), signal.SIGKILL)
orders.send_order(order=PurchaseOrder.objects.get(pk=int(sys.argv[1])), at=timezone.now())
"""


@pytest.mark.processes
@pytest.mark.django_db(transaction=True)
def test_send_order_is_completed_once_after_its_worker_was_killed(settings: Any, tmp_path: Path) -> None:
    order = order_of(cast_module.build())
    at = connection.settings_dict
    address = f"postgresql://{quote(at['USER'])}@/{quote(at['NAME'])}?host={quote(at['HOST'], safe='')}"
    worker = subprocess.run(
        [sys.executable, "-c", KILLED, str(order.pk), str(tmp_path)],
        cwd=Path(__file__).resolve().parents[2],
        env=os.environ | {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        check=False,
        timeout=60,
    )
    assert worker.returncode == -signal.SIGKILL
    order.refresh_from_db()
    assert order.status == OrderStatus.READY
    name = f"{order.number}.eml"
    assert [path.name for path in tmp_path.iterdir()] == [name], "it went out, but nobody knows"
    settings.EMAIL_BACKEND, settings.OUTBOX_DIR = "core.mail.FileOutbox", tmp_path
    assert orders.send_order(order=order, at=NOW).status == OrderStatus.SENT
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert Entry.objects.about(order).filter(event="order.sent").count() == 1
