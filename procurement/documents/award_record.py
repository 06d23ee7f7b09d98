"""The documentation of a direct award as a document and as text, for the diary."""

from dataclasses import dataclass
from pathlib import Path

from core import formatting
from core.diary import both_notations
from core.money import ZERO
from core.pdf import typeset
from procurement.award_records import AwardFacts, in_words, missing_fields
from procurement.models import AwardRecord, Competition, ExceptionGround

TEMPLATE = Path(__file__).with_name("award_record.typ")
BELOW_LIMIT = "Värdet ligger inom gränsen för direktupphandling (19 a kap. LOU)."


@dataclass(frozen=True, slots=True)
class AwardDocument:
    """Everything that the documentation says, with its suppliers."""

    record: AwardRecord
    facts: AwardFacts


def award_document(record: AwardRecord) -> AwardDocument:
    """Read a record with what its document needs."""
    record = AwardRecord.objects.select_related("order", "completed_by").get(pk=record.pk)
    return AwardDocument(record, record.facts())


def award_pdf(document: AwardDocument) -> bytes:
    """The documentation as PDF/UA-1; the same facts give the same bytes."""
    record = document.record
    at = record.completed_at or record.order.created_at
    return typeset(
        TEMPLATE,
        {
            "title": _title(record),
            "authority": record.authority_name,
            "state": _state(document),
            "facts": [list(each) for each in _rows(document)],
            "bids": [list(each) for each in _bids(document.facts)],
            "reasons": document.facts.reasons,
        },
        at=at,
    )


def award_text(document: AwardDocument) -> str:
    """The same as text, a row for each fact."""
    rows = [f"{name}: {value}" for name, value in _rows(document)]
    bids = [f"- {'; '.join(filter(None, each))}" for each in _bids(document.facts)]
    parts = [_title(document.record), _state(document), "", *rows, "", "Tillfrågade leverantörer och anbud:"]
    return "\n".join([*parts, *(bids or ["- inga angivna"]), "", "Skäl:", document.facts.reasons, ""])


def _title(record: AwardRecord) -> str:
    return f"Dokumentation av direktupphandling, inköpsorder {formatting.order_number(record.order.number)}"


def _state(document: AwardDocument) -> str:
    record = document.record
    if record.completed_by is not None and record.completed_at is not None:
        return f"Klar {formatting.iso(record.completed_at.date())}, {record.completed_by.full_name}"
    return (
        f"Inte klar. Saknar {in_words(missing_fields(document.facts))}."
        if missing_fields(document.facts)
        else "Inte klar."
    )


def _rows(document: AwardDocument) -> list[tuple[str, str]]:
    record, facts = document.record, document.facts
    exception = ExceptionGround(record.exception_ground).label if record.exception_ground else BELOW_LIMIT
    return [
        ("Diarienummer", both_notations(facts.diary_number)),
        ("Upphandlande myndighet", f"{record.authority_name}, {record.authority_org_number}"),
        ("Föremål", facts.subject),
        ("Löptid", facts.term),
        ("Uppskattat värde", formatting.kr(facts.estimated_amount or ZERO)),
        ("Avtalsdag", formatting.iso(record.contract_date)),
        ("Konkurrens", str(Competition(facts.competition).label) if facts.competition else ""),
        ("Tilldelad leverantör", f"{record.supplier_name}, {record.supplier_org_number}"),
        ("Avtalat värde", formatting.kr(record.amount)),
        ("Stöd för direktupphandling", str(exception)),
        ("Ska vara klar", formatting.iso(record.due_date)),
    ]


def _bids(facts: AwardFacts) -> list[tuple[str, str, str, str]]:
    return [
        (
            bid.supplier_name,
            bid.org_number,
            "tillfrågad" if bid.was_asked else "inte tillfrågad",
            "inget anbud" if bid.amount is None else formatting.kr(bid.amount),
        )
        for bid in facts.bids
    ]
