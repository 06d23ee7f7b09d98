"""Take in what suppliers answer as files: from the access point to Peppol, or handed in by a person."""

import hashlib
import logging
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid5

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, InvalidInput
from core.transactions import is_away
from core.units import unit_called
from organizations.models import User
from procurement.channels.peppol_answers import SIZE_LIMIT, AnswerTooLarge, ReadAnswer, read_answer
from procurement.models import PurchaseOrder, SupplierAnswer
from procurement.operations.answered_lines import LineAnswer
from procurement.operations.answers import AnswerFile, take_in_answer

logger = logging.getLogger(__name__)

OF_FILES = UUID("6f1d1d2e-2a60-4a57-9d3b-3c7d2b0c6c55")
"""Of what the keys of files are made, so that the same file is one answer."""
TAKEN, REFUSED = "taken", "refused"
"""Where in the inbox a file goes when it has been read, and when it cannot be."""


class AnswerToUnknownOrder(InvalidInput):
    """There is no order of that number."""

    code = "answer_to_unknown_order"
    sentence = _("Ordersvaret gäller order %(number)s, som inte finns.")


class AnswerToAnotherOrder(InvalidInput):
    """The file answers another order than the one it was handed in for."""

    code = "answer_to_another_order"
    sentence = _("Ordersvaret gäller order %(number)s och inte den här.")


class AnswerFromAnotherSupplier(InvalidInput):
    """The order was placed with somebody else."""

    code = "answer_from_another_supplier"
    sentence = _("Ordersvaret kommer inte från %(supplier)s, som ordern är ställd till.")


class AnswerInAnotherUnit(InvalidInput):
    """The answer counts in another unit or currency than the order."""

    code = "answer_in_another_unit"
    sentence = _("Svaret på %(line)s är i %(unit)s, men ordern är i %(order_unit)s. Fråga leverantören.")


def take_in_file(
    *, content: bytes, at: datetime, by: User | None = None, order: PurchaseOrder | None = None
) -> SupplierAnswer:
    """
    Take in a file with an Order Response of Peppol BIS Ordering 3. The same file once more changes nothing.

    :param by: who handed it in; nobody when it came through its channel.
    :param order: the order that it is handed in for.
    :raises DomainError: it cannot be read, answers no order that there is or another one, or comes from somebody else.
    """
    response = read_answer(content)
    answered_order = (
        PurchaseOrder.objects.select_related("supplier").filter(number=response.order_number).first()
    )
    if answered_order is None:
        raise AnswerToUnknownOrder(number=response.order_number[:40])
    if order is not None and order.pk != answered_order.pk:
        raise AnswerToAnotherOrder(number=answered_order.number)
    supplier = answered_order.supplier
    if not response.sellers & {
        supplier.peppol_address,
        f"0007:{supplier.org_number.replace('-', '')}",
        f"0088:{supplier.gln}",
    }:
        raise AnswerFromAnotherSupplier(supplier=supplier.name)
    digest = hashlib.sha256(content).hexdigest()
    lines, refusal = _lines(response, answered_order)
    return take_in_answer(
        order=answered_order,
        key=uuid5(OF_FILES, digest),
        outcome=response.outcome,
        lines=lines,
        file=AnswerFile(content, digest),
        refusal=refusal,
        reference=response.reference,
        note=response.note,
        by=by,
        at=at,
    )


def take_in_inbox(*, at: datetime) -> int:
    """
    Take in every answer that the access point has laid in its directory; how many were.

    Each by itself: one that cannot be read is moved aside, and stops no other. A file is moved when its answer is committed, so
    that one that the program did not finish is read again.
    """
    if not settings.PEPPOL_INBOX:
        return 0
    inbox, count = Path(settings.PEPPOL_INBOX), 0
    for path in sorted(inbox.glob("*.xml")):
        try:
            take_in_file(content=_content(path), at=at)
        except DomainError as refusal:
            logger.warning("The answer %s was not taken in: %s", path.name, refusal)
            _move(path, REFUSED)
        except Exception as error:
            if is_away(error):
                raise
            logger.exception("The answer %s could not be taken in", path.name)
            _move(path, REFUSED)
        else:
            _move(path, TAKEN)
            count += 1
    return count


def _content(path: Path) -> bytes:
    if path.stat().st_size > SIZE_LIMIT:
        raise AnswerTooLarge
    return path.read_bytes()


def _move(path: Path, to: str) -> None:
    """Put a file aside; one of the same name that lies there is replaced."""
    place = path.parent / to
    place.mkdir(exist_ok=True)
    path.replace(place / path.name)


def _lines(response: ReadAnswer, order: PurchaseOrder) -> tuple[list[LineAnswer], DomainError | None]:
    """What each line is answered, and why the answer cannot be followed, if it cannot."""
    units = dict(order.lines.values_list("position", "unit"))
    refusal: DomainError | None = None
    lines = []
    for each in response.lines:
        unit = units.get(each.position, "")
        unit_names = unit_called(unit)
        is_same = each.unit_code in ("", unit_names.code if unit_names else "", "C62", "EA")
        if each.quantity is not None and not is_same:
            refusal = AnswerInAnotherUnit(line=each.position, unit=each.unit_code, order_unit=unit)
        if each.unit_price is not None and each.currency != "SEK":
            refusal = AnswerInAnotherUnit(line=each.position, unit=each.currency, order_unit="SEK")
        lines.append(
            LineAnswer(
                each.position,
                each.outcome,
                each.quantity,
                each.unit_price,
                each.delivery_date,
                each.comment,
            )
        )
    return lines, refusal
