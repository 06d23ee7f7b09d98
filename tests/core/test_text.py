"""Text is clean behind the door that it came through."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import UnstorableText, cleaned


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Handske å", "Handske å"),
        ("a\u030angest", "ångest"),
        ("rad ett\r\nrad två\rrad tre\u2028rad fyra\x0b", "rad ett\nrad två\nrad tre\nrad fyra\n"),
        ("\ufeffKlinik\x07\x1b[31m\x7f", "Klinik[31m"),
        ("Under\u00adsökning", "Undersökning"),
        ("a\u202eb\uffff\U0001fffe", "ab"),
        ("tab\tbehålls", "tab\tbehålls"),
        ("⌀ 漢字 عربي 🧤 👩‍⚕️", "⌀ 漢字 عربي 🧤 👩‍⚕️"),
    ],
)
def test_text_is_cleaned(typed: str, kept: str) -> None:
    assert cleaned(typed) == kept


@pytest.mark.parametrize("typed", ["\x00", "a\x00b", "\ud800", "å\udfff", "\ud83e\udde4"])
def test_text_that_no_database_holds_is_refused(typed: str) -> None:
    with pytest.raises(UnstorableText):
        cleaned(typed)


@given(text=st.text())
def test_clean_text_stays_as_it_is(text: str) -> None:
    try:
        once = cleaned(text)
    except UnstorableText:
        return
    assert cleaned(once) == once
    assert unicodedata.is_normalized("NFC", once)
    once.encode()
