"""Long words break where their language breaks them."""

import pytest

from core.hyphens import SOFT_HYPHEN, softened


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Undersökningshandske nitril", "Under|sök|nings|handske nitril"),
        ("Operationsavdelningen", "Opera|tions|av|del|ningen"),
        ("Pappershandduk", "Pappers|handduk"),
        ("Handdesinfektion", "Hand|des|in|fek|tion"),
        ("handske", "handske"),
        ("förpackning", "förpackning"),
        ("2021-04417", "2021-04417"),
        ("artikel1234567890123", "artikel1234567890123"),
        ("Kompress 10 × 10 cm", "Kompress 10\xa0×\xa010\xa0cm"),
        ("漢字漢字漢字漢字漢字漢字漢字漢字", "漢字漢字漢字漢字漢字漢字漢字漢字"),
    ],
)
def test_long_swedish_words_break(text: str, parts: str) -> None:
    assert softened(text).replace(SOFT_HYPHEN, "|") == parts


def test_long_english_words_break_as_english_does() -> None:
    assert softened("Responsibilities", language="en").replace(SOFT_HYPHEN, "|") == "Respons|ib|il|ities"
    assert softened("Responsibilities", language="de") == softened("Responsibilities")
