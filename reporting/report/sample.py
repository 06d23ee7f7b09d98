"""A report with every kind of content and texts such as people may write, to try templates on. Pure."""

from reporting.report.annex import HEADINGS as ANNEX_HEADINGS
from reporting.report.case import DRAFT, HEADINGS
from reporting.report.document import (
    Bar,
    Bars,
    Block,
    Cell,
    Document,
    Heading,
    Paragraph,
    Picture,
    Points,
    Row,
    Section,
    Table,
)

MARK = "avsnitt-"
"""With the key of its section after it, it stands in each section, so that one sees which come out."""
HARD = "{{ 1 }} {% for %} {_{ <w:p> & ]]> 😀 " + "x" * 200


def sample_document() -> Document:
    """A case document with its annex; every text holds what is hard to hold."""
    return Document(
        sender="Regionen & Co",
        sender_unit=HARD,
        facts=(
            ("Ärende", "RS 2020/1154 (RS 1154-2020)"),
            ("Datum", "2020-12-31"),
            ("Handläggare", HARD),
            ("Till", "Regionstyrelsen"),
        ),
        title=HARD,
        sections=tuple(_section(key, HEADINGS[key]) for key in HEADINGS if key != "annex"),
        annex_title=HEADINGS["annex"],
        annex=tuple(_section(key, heading) for key, heading in ANNEX_HEADINGS.items()),
        footer="Version 1. Kontrollsumma 0123456789abcdef",
        diary_number="RS 2020/1154",
        mark=DRAFT,
    )


def _section(key: str, heading: str) -> Section:
    return Section(key, heading, (Paragraph(f"{MARK}{key}. {HARD}"), *_blocks()))


def _blocks() -> tuple[Block, ...]:
    return (
        Points(("Ett", HARD), is_numbered=True),
        Points(("Två",)),
        Table(
            "Tabell",
            (Heading("Post", is_number=False), Heading("Belopp")),
            (Row((Cell("A", below="b"), Cell("1"))),),
            HARD,
        ),
        Picture(
            "sample", "Fråga?", (Bars("", (Bar("A", "1", "plan", "0", "1"),)),), "Siffror i ord.", "Bild."
        ),
    )
