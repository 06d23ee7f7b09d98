"""Orders through Peppol, and what suppliers answer through it."""

import hashlib
import subprocess
import sys
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core import mail
from lxml import etree
from pytest_django import Settings

from agreements.models import OrderChannel, Supplier
from core.errors import DomainError
from notices.models import Notice
from procurement.channels.peppol_answers import (
    SIZE_LIMIT,
    AnswerSaysNothingKnown,
    AnswerTooLarge,
    AnswerUnreadable,
    read_answer,
)
from procurement.documents.facts import order_facts
from procurement.documents.peppol_order import order_xml
from procurement.models import (
    AnswerOutcome,
    AttemptOutcome,
    OrderDocument,
    PurchaseOrder,
    SendAttempt,
    SupplierAnswer,
)
from procurement.operations import orders, resending, sending
from procurement.operations.answer_files import (
    AnswerFromAnotherSupplier,
    take_in_file,
    take_in_inbox,
)
from procurement.states import AnswerStatus, OrderStatus
from tests import worlds
from tests.cast import NOW, Cast
from tests.procurement.messages import LATER, fresh
from tests.procurement.order_responses import NAMES, response
from tests.shared import shared

RULES_OF = """
import sys
from saxonche import PySaxonProcessor
processor = PySaxonProcessor(license=False)
styles = processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=sys.argv[1])
print(styles.transform_to_string(xdm_node=processor.parse_xml(xml_text=sys.stdin.read())))
"""


@pytest.fixture
def outbox(cast: Cast, settings: Settings, tmp_path: Path) -> Path:
    """Where the access point fetches orders, for a supplier that takes them through Peppol."""
    Supplier.objects.filter(pk=cast.supplier.pk).update(order_channel=OrderChannel.PEPPOL)
    settings.PEPPOL_OUTBOX = str(tmp_path)
    return tmp_path


def breaches_of(xml: bytes) -> list[str]:
    """What the official rules of the order transaction call fatal in a message."""
    rules = shared("peppol/xslt/PEPPOLBIS-T01.xslt")
    report = subprocess.run(
        [sys.executable, "-c", RULES_OF, str(rules)], input=xml, stdout=subprocess.PIPE, check=True
    ).stdout
    failed = etree.fromstring(report).iter("{http://purl.oclc.org/dsdl/svrl}failed-assert")
    fatal = (each for each in failed if each.get("flag") == "fatal")
    return [" ".join("".join(each.itertext()).split()) for each in fatal]


def test_the_order_keeps_the_official_rules(cast: Cast) -> None:
    type(cast.authority).objects.update(
        invoice_street="Visborgsallén 19", invoice_postcode="621 81", invoice_city="Visby"
    )
    (order,) = worlds.ordered(cast, (cast.gloves, 10), (cast.gown, 2))
    PurchaseOrder.objects.update(freight_amount=Decimal("95.00"))
    assert breaches_of(order_xml(order_facts(order))) == []


def test_the_order_says_what_the_invoice_needs(cast: Cast) -> None:
    (order,) = worlds.ordered(cast)
    root = etree.fromstring(order_xml(order_facts(order)))
    text_by_element = {
        name: root.findtext(name, namespaces=NAMES)
        for name in ("cbc:ID", "cbc:CustomerReference", "cac:Contract/cbc:ID")
    }
    assert text_by_element == {
        "cbc:ID": order.number,
        "cbc:CustomerReference": cast.ward.cost_center,
        "cac:Contract/cbc:ID": cast.agreement.number,
    }
    line = root.find("cac:OrderLine/cac:LineItem", NAMES)
    assert line.findtext("cbc:AccountingCost", namespaces=NAMES).startswith(cast.account.code)
    assert line.find("cbc:Quantity", NAMES).get("unitCode") == "XBX"


def test_a_supplier_that_chose_peppol_gets_the_file_once(cast: Cast, outbox: Path) -> None:
    (order,) = worlds.ordered(cast)
    assert orders.send_order(order=order, at=NOW).status == OrderStatus.SENT
    (file,) = outbox.iterdir()
    assert file.name == f"{order.number}.xml"
    document = OrderDocument.objects.get()
    assert document.xml is not None
    assert bytes(document.xml) == file.read_bytes()
    assert document.xml_sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    attempt = SendAttempt.objects.get()
    assert (attempt.channel, attempt.address) == ("peppol", cast.supplier.peppol_address)
    assert mail.outbox == []


def test_a_cancellation_goes_by_mail_to_every_supplier(cast: Cast, outbox: Path) -> None:
    (order,) = worlds.ordered(cast)
    orders.send_order(order=order, at=NOW)
    orders.cancel_order(order=order, reason="Fel", by=cast.manager, at=NOW)
    assert sending.send_due(at=NOW + timedelta(minutes=1)) == 1
    assert "Makulering" in mail.outbox[0].subject


def test_a_sick_channel_holds_up_no_other(cast: Cast, outbox: Path, settings: Settings) -> None:
    worlds.approved(cast, (cast.gloves, 10), (cast.chair, 1))
    by_supplier = {order.supplier_id: order for order in orders.consolidate(at=NOW, due_only=False)}
    settings.PEPPOL_OUTBOX = str(outbox / "gone")
    assert sending.send_due(at=NOW) == 2
    sick, well = by_supplier[cast.supplier.pk], by_supplier[cast.paper_supplier.pk]
    assert (fresh(sick).status, fresh(well).status) == (OrderStatus.READY, OrderStatus.SENT)
    assert SendAttempt.objects.get(order=sick).outcome == AttemptOutcome.REFUSED
    settings.PEPPOL_OUTBOX = str(outbox)
    sending.send_due(at=NOW + LATER)
    assert fresh(sick).status == OrderStatus.SENT


def test_without_an_access_point_a_person_sees_to_it_and_may_take_another_channel(
    cast: Cast, outbox: Path, settings: Settings
) -> None:
    settings.PEPPOL_OUTBOX = ""
    (order,) = worlds.ordered(cast)
    assert orders.send_order(order=order, at=NOW).status == OrderStatus.NOT_SENT
    Supplier.objects.update(order_channel=OrderChannel.EMAIL)
    resending.retry_sending(order=order, by=cast.manager, at=NOW)
    assert orders.send_order(order=order, at=NOW).status == OrderStatus.SENT
    assert sorted(OrderDocument.objects.values_list("channel", flat=True)) == ["email", "peppol"]
    assert len({bytes(each.pdf) for each in OrderDocument.objects.all()}) == 1


def test_a_sender_that_dies_after_the_claim_is_taken_over(cast: Cast, outbox: Path) -> None:
    (order,) = worlds.ordered(cast)
    assert sending._claim(PurchaseOrder, order.pk, NOW) is not None
    assert sending.send_due(at=NOW + timedelta(minutes=1)) == 0
    assert sending.send_due(at=NOW + sending.LEASE) == 1
    assert [each.outcome for each in SendAttempt.objects.order_by("pk")] == ["uncertain", "sent"]
    assert len(list(outbox.iterdir())) == 1


def line(status: str, said: str = "", position: int = 1) -> str:
    return (
        f"<cac:OrderLine><cac:LineItem><cbc:ID>{position}</cbc:ID><cbc:LineStatusCode>{status}</cbc:LineStatusCode>{said}"
        f"</cac:LineItem><cac:OrderLineReference><cbc:LineID>{position}</cbc:LineID></cac:OrderLineReference></cac:OrderLine>"
    )


DAY = "<cac:Delivery><cac:PromisedDeliveryPeriod><cbc:EndDate>2021-06-10</cbc:EndDate></cac:PromisedDeliveryPeriod></cac:Delivery>"


@pytest.fixture
def order(cast: Cast) -> PurchaseOrder:
    (new_order,) = worlds.ordered(cast)
    return orders.send_order(order=new_order, at=NOW)


@pytest.mark.parametrize(
    ("code", "inside", "status"),
    [
        ("AB", "", AnswerStatus.NONE),
        ("AP", "", AnswerStatus.CONFIRMED),
        ("CA", line("3", DAY), AnswerStatus.CHANGED),
        ("CA", line("3", '<cbc:Quantity unitCode="XBX">6</cbc:Quantity>'), AnswerStatus.CHANGED),
        ("CA", line("5"), AnswerStatus.CONFIRMED),
        ("CA", line("7"), AnswerStatus.REFUSED),
        ("RE", "", AnswerStatus.REFUSED),
    ],
)
def test_each_code_has_its_consequence(
    order: PurchaseOrder, code: str, inside: str, status: AnswerStatus
) -> None:
    content = response(order, code, inside)
    answer = take_in_file(content=content, at=NOW)
    assert order.lines.get().answer == status
    assert answer.not_taken_reason == ""
    assert answer.file_sha256 == hashlib.sha256(content).hexdigest()
    assert take_in_file(content=content, at=NOW) == answer
    assert SupplierAnswer.objects.count() == 1


def test_an_answer_that_nothing_can_follow_from_is_kept_and_told(cast: Cast, order: PurchaseOrder) -> None:
    orders.cancel_order(order=order, reason="Fel", by=cast.manager, at=NOW)
    answer = take_in_file(content=response(order, "AP"), at=NOW)
    assert "gäller inte längre" in answer.not_taken_sentence
    assert Notice.objects.filter(kind="supplier_answer").exists()
    in_another_unit = response(order, "CA", line("3", '<cbc:Quantity unitCode="KGM">6</cbc:Quantity>'))
    assert take_in_file(content=in_another_unit, at=NOW).not_taken_reason


@pytest.mark.parametrize(
    ("seller", "number", "code"),
    [("5599999999", "", "answer_from_another_supplier"), ("", "IO-2021-99999", "answer_to_unknown_order")],
)
def test_an_answer_of_somebody_else_or_to_nothing_is_refused(
    order: PurchaseOrder, seller: str, number: str, code: str
) -> None:
    content = response(order, "AP", seller=seller).replace(
        order.number.encode(), (number or order.number).encode()
    )
    with pytest.raises(DomainError) as refusal:
        take_in_file(content=content, at=NOW)
    assert refusal.value.code == code


def test_a_number_that_nobody_has_is_nobodys(order: PurchaseOrder) -> None:
    assert order.supplier.gln == ""
    content = response(order, "AP", seller="5599999999").replace(
        b"<cac:Party>",
        b'<cac:Party><cac:PartyIdentification><cbc:ID schemeID="0088"/></cac:PartyIdentification>',
    )
    with pytest.raises(AnswerFromAnotherSupplier):
        take_in_file(content=content, at=NOW)


def test_a_price_that_is_none_is_refused(order: PurchaseOrder) -> None:
    price = '<cac:Price><cbc:PriceAmount currencyID="SEK">1</cbc:PriceAmount><cbc:BaseQuantity>1E-60</cbc:BaseQuantity></cac:Price>'
    with pytest.raises(AnswerSaysNothingKnown):
        take_in_file(content=response(order, "CA", line("3", price)), at=NOW)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"no xml", AnswerUnreadable),
        (b"<Other/>", AnswerUnreadable),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', AnswerUnreadable),
        (b"x" * (SIZE_LIMIT + 1), AnswerTooLarge),
    ],
)
def test_what_is_no_answer_is_not_read(content: bytes, refusal: type[DomainError]) -> None:
    with pytest.raises(refusal):
        read_answer(content)


def test_the_official_example_is_read() -> None:
    answer = read_answer(shared("peppol/examples/OrderResponse_Example.xml").read_bytes())
    assert (answer.order_number, answer.outcome, answer.reference) == (
        "11233",
        AnswerOutcome.CHANGED,
        "101-111",
    )
    first, second, third = answer.lines
    assert (first.outcome, second.outcome, third.outcome) == (
        AnswerOutcome.REFUSED,
        AnswerOutcome.CONFIRMED,
        AnswerOutcome.REFUSED,
    )
    assert first.delivery_date == date(2018, 8, 12)
    assert first.comment.startswith("Föreslår i stället: Sauce brown")


@pytest.mark.parametrize("number", range(1, 6))
def test_the_official_cases_are_read(number: int) -> None:
    read_answer(
        shared(f"peppol/examples/Order-response use cases/UC{number}_Order_response.xml").read_bytes()
    )


def test_a_code_without_meaning_is_refused(order: PurchaseOrder) -> None:
    for content in (response(order, "ZZ"), response(order, "CA", line("99"))):
        with pytest.raises(AnswerSaysNothingKnown):
            read_answer(content)


def test_the_inbox_is_emptied_and_what_cannot_be_read_is_moved_aside(
    order: PurchaseOrder, settings: Settings, tmp_path: Path
) -> None:
    settings.PEPPOL_INBOX = str(tmp_path)
    (tmp_path / "a.xml").write_bytes(b"broken")
    (tmp_path / "b.xml").write_bytes(response(order, "AP"))
    assert take_in_inbox(at=NOW) == 1
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.xml")) == [
        "refused/a.xml",
        "taken/b.xml",
    ]
    assert order.lines.get().answer == AnswerStatus.CONFIRMED
    assert take_in_inbox(at=NOW) == 0
