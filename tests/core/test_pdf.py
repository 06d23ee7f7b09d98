"""typeset(): any text at all becomes a PDF, and the same text the same one."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from core import pdf
from tests.cast import NOW

TEMPLATE = Path(__file__).with_name("plain.typ")


def text_of(content: bytes) -> str:
    return PdfReader(BytesIO(content)).pages[0].extract_text()


def typeset(text: str) -> bytes:
    return pdf.typeset(TEMPLATE, {"text": text, "rows": [{"text": text}]}, at=NOW)


@pytest.mark.parametrize("text", ["Åäö é – ” − ½ m² µg ≤ 5 °C €", '#panic() $x$ *fet* <b> \\ "', "α β Ж"])
def test_familiar_text_is_shown_as_it_is(text: str) -> None:
    assert text in " ".join(text_of(typeset(text)).split())


@pytest.mark.parametrize(
    "text", ["tack 😀", "中文", "\x01\x7f", "\u202eabc", "नमस्ते", "👩‍⚕️", "\ud800", "\ue000", "ɐɑɒ"]
)
def test_what_no_font_can_show_does_not_hold_up_the_document(text: str) -> None:
    assert typeset(text).startswith(b"%PDF")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_typeset(text: str) -> None:
    assert typeset(text).startswith(b"%PDF")


def test_the_same_facts_give_the_same_bytes() -> None:
    assert typeset("Handskar 😀") == typeset("Handskar 😀")


def test_facts_that_the_template_misses_are_an_ordinary_error() -> None:
    with pytest.raises(pdf.NotTypeset):
        pdf.typeset(TEMPLATE, {"rows": []}, at=NOW)


def test_a_fault_in_the_typesetter_is_an_ordinary_error(monkeypatch: pytest.MonkeyPatch) -> None:
    panic = type("PanicException", (BaseException,), {})

    def broken(*args: Any, **kwargs: Any) -> bytes:
        raise panic("out of bounds")

    monkeypatch.setattr("core.pdf.typst.compile", broken)
    with pytest.raises(pdf.NotTypeset):
        typeset("Hej")
