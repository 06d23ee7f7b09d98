"""What a supplier receives: the message, the PDF and the CSV of an order."""

import csv
import unicodedata
from datetime import date
from decimal import Decimal
from email import message_from_bytes, policy
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMessage
from pypdf import PdfReader

from organizations.models import User
from procurement.documents.facts import OrderFacts
from procurement.documents.files import made_files
from procurement.documents.order import order_csv, order_facts, order_pdf
from procurement.documents.stored_files import OrderFiles
from procurement.models import MessageKind, PurchaseOrder
from procurement.notifications import order_message
from procurement.operations import baskets, decisions, orders, requisitions
from procurement.states import OrderStatus
from tests import worlds
from tests.cast import NOW, Cast


def order_of(cast: Cast, supplier: str = "Nordmedica AB") -> PurchaseOrder:
    """An order of gloves and gowns."""
    worlds.ordered(cast, (cast.gloves, 20), (cast.gown, 3))
    return PurchaseOrder.objects.get(supplier__name=supplier)


def message_of(order: PurchaseOrder) -> EmailMessage:
    """The message that the order's first attempt would send."""
    facts: OrderFacts = order_facts(order)
    files = OrderFiles(order_pdf(facts), order_csv(facts))
    return order_message(facts, files, to=order.supplier.order_email)


def text_of(content: bytes) -> str:
    pages = PdfReader(BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split()).replace("\u2011", "-")


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig")), delimiter=";"))


def test_order_message_carries_both_files_to_the_supplier(cast: Cast) -> None:
    order = order_of(cast)
    message = message_from_bytes(message_of(order).message().as_bytes(), policy=policy.default)
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
    first, second = message_of(order), message_of(order)
    assert first.extra_headers == second.extra_headers
    assert first.body == second.body
    assert order_pdf(order_facts(order)) == order_pdf(order_facts(order))


def test_send_order_again_after_a_crash_replaces_the_same_file(
    cast: Cast, settings: Any, tmp_path: Path
) -> None:
    settings.EMAIL_BACKEND = "core.mail.FileOutbox"
    settings.OUTBOX_DIR = tmp_path
    order = order_of(cast)
    message_of(order).send()
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
    for phrase in (
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
        assert phrase in text, phrase


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
    with django_assert_num_queries(4):
        order_facts(one)
    worlds.ordered(cast, (cast.gloves, 2), (cast.gown, 3))
    many = PurchaseOrder.objects.exclude(pk=one.pk).get()
    with django_assert_num_queries(4):
        order_facts(many)


def test_order_without_agreement_says_so_and_names_who_to_ask(cast: Cast) -> None:
    worlds.ordered(cast, (cast.chair, 1))
    order = PurchaseOrder.objects.get()
    facts = order_facts(order)
    assert isinstance(facts.contact, User)
    text = text_of(order_pdf(facts))
    assert "Köp utan avtal" in text
    assert facts.contact.full_name in text
    assert message_of(order).reply_to == [facts.contact.email]


@pytest.mark.parametrize("name", ["#let x = 1", "*fet* _kursiv_ $x$", "<b>\\", '"); #panic()', "å" * 250])
def test_order_pdf_takes_any_text_as_text(cast: Cast, name: str) -> None:
    order = order_of(cast)
    order.lines.update(description=name)
    assert order_pdf(order_facts(order)).startswith(b"%PDF")


def long_order(cast: Cast, specification: str, description: str = "Handske") -> PurchaseOrder:
    """An order of one need in free text with this specification."""
    basket = worlds.basket(cast)
    baskets.add_free_text(
        basket=basket,
        description=description,
        specification=specification,
        category=cast.office,
        quantity=Decimal(1),
        unit="st",
        estimated_unit_price=Decimal(100),
        suggested_supplier="",
        by=cast.requester,
        at=NOW,
    )
    requisition = requisitions.submit(basket=basket, by=cast.requester, at=NOW)
    need = requisition.lines.get(kind="free_text")
    decisions.approve(lines=[need], by=cast.deputy, at=NOW, supplier=cast.paper_supplier)
    (order,) = orders.consolidate(at=NOW, due_only=False)
    return order


def letters_of(content: bytes) -> str:
    """The document's text without any space, so that line ends do not matter."""
    return "".join(
        "".join(page.extract_text().split()) for page in PdfReader(BytesIO(content)).pages
    ).replace("\u200b", "")


def test_every_line_of_a_long_specification_is_on_the_paper(cast: Cast) -> None:
    lines = [f"punkt {number} av hundra" for number in range(1, 101)]
    text = letters_of(order_pdf(order_facts(long_order(cast, "\n".join(lines)))))
    assert [line for line in lines if line.replace(" ", "") not in text] == []


def test_every_word_of_five_thousand_characters_is_on_the_paper(cast: Cast) -> None:
    words = [f"ord{number:04d}" for number in range(625)]
    text = letters_of(order_pdf(order_facts(long_order(cast, " ".join(words)))))
    assert [word for word in words if word not in text.replace("\u00ad", "")] == []


def test_a_word_without_end_is_broken_and_stays_on_the_paper(cast: Cast) -> None:
    word = "".join(f"x{number:03d}" for number in range(200))
    content = order_pdf(order_facts(long_order(cast, word, description=word[:200])))
    assert word in letters_of(content)
    begins = [0.0]
    for page in PdfReader(BytesIO(content)).pages:
        page.extract_text(
            visitor_text=lambda text, _cm, matrix, _font, _size: begins.append(
                matrix[4] if text.strip() else 0
            )
        )
    assert max(begins) < float(page.mediabox.right) - 20


@pytest.mark.parametrize(
    "text", ["⌀ 12 mm", "漢字", "🧤", "±5 °C ≤ ½", "☠ ✓ → ①", "Ω µ ㎡ №", "Żółć Ærø Þór"]
)
def test_characters_of_the_world_are_drawn(cast: Cast, text: str) -> None:
    assert text.replace(" ", "") in letters_of(order_pdf(order_facts(long_order(cast, text))))


def test_arabic_is_drawn(cast: Cast) -> None:
    letters = letters_of(order_pdf(order_facts(long_order(cast, "قفازات"))))
    assert set("قفازات") <= set(unicodedata.normalize("NFKC", letters))


def test_what_cannot_be_drawn_is_seen_as_such_and_stays_in_the_table(cast: Cast) -> None:
    facts = order_facts(long_order(cast, "runor \U00016a00 och \U000e0101 slut"))
    text = letters_of(order_pdf(facts))
    assert "runor\ufffdoch" in text
    assert text.index("slut")
    assert "\U00016a00" in order_csv(facts).decode()


def test_hundreds_of_strange_characters_do_not_hold_up_an_order(cast: Cast) -> None:
    strange = " ".join(chr(number) for number in range(0x16A00, 0x16A00 + 300))
    assert "\ufffd" in letters_of(order_pdf(order_facts(long_order(cast, strange + " slut"))))


def test_an_order_shows_each_day_that_was_asked_for(cast: Cast) -> None:
    worlds.approved(cast, (cast.gloves, 10))
    worlds.approved(cast, (cast.gloves, 30), needed_by_date=date(2021, 11, 27))
    (order,) = orders.consolidate(at=NOW, due_only=False)
    facts = order_facts(order)
    text = text_of(order_pdf(facts)).replace("\u00a0", " ")
    assert "Senast tisdag 25 maj 2021" in text
    assert "Senast lördag 27 november 2021" in text
    assert [row["Leverans senast"] for row in rows_of(order_csv(facts))] == ["2021-05-25", "2021-11-27"]
    assert "olika dagar, se varje rad (tisdag 25 maj 2021 till lördag 27 november 2021)" in message_of(
        order
    ).body.replace("\u00a0", " ")


def test_a_cancellation_says_what_is_not_to_be_delivered(cast: Cast) -> None:
    order = order_of(cast)
    orders.send_order(order=order, at=NOW)
    orders.cancel_order(order=order, reason="Fel", by=cast.head, at=NOW)
    files = made_files(PurchaseOrder.objects.get(pk=order.pk), MessageKind.CANCELLATION)
    reader = PdfReader(BytesIO(files.pdf))
    text = text_of(files.pdf)
    root: Any = reader.trailer["/Root"]
    assert "<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data().decode()
    for phrase in (f"Makulering av inköpsorder {order.number}", "Leverera inte.", "104412", "Skyddsrock"):
        assert phrase in text, phrase
    gloves = rows_of(files.csv)[0]
    assert (gloves["Makulerad inköpsorder"], gloves["Makulerat antal"]) == (order.number, "20,000")


def test_an_address_is_broken_where_it_can_be_read(cast: Cast) -> None:
    """Whom the supplier is to ask stands at the end of a line, and "gotland.e" and "xample" is no address."""
    order = order_of(cast)
    User.objects.filter(pk=cast.manager.pk).update(
        email="anna-karin.sundblad-lundgren@gotland.example", title="Kategoriansvarig för sjukvårdsmaterial"
    )
    page = PdfReader(BytesIO(order_pdf(order_facts(order)))).pages[0].extract_text()
    (before,) = [line for line in page.splitlines() if line.startswith("Frågor besvaras av")]
    after = page.splitlines()[page.splitlines().index(before) + 1]
    assert before.endswith((".", "-", "@")), (before, after)
    assert "lundgren@gotland.example".startswith(after) or after.endswith("example")
