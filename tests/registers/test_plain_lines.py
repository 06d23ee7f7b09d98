"""Lines that are read many at a time say what they would say one by one."""

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from catalog.models import Item, Synonym
from core.numbers import parse_number
from registers.kinds import Address, Choice, Conventions, Joined, Kind, Number, Remarks, Text, Unit
from registers.models import ChangeKind
from registers.unreadable import NumberOutOfRange
from tests.cast import Cast
from tests.registers.test_files import compared

KINDS: list[Kind] = [
    Text(most=10),
    Text(),
    Joined(most=10),
    Remarks(most=10),
    Address(),
    Unit(most=20),
    Choice(labels={"a": "A"}),
]
ODD = st.sampled_from(
    [
        "",
        " ",
        "a",
        "å",
        "a\u0301",
        "\u0301",
        "\u00ad",
        "\ufffd",
        "\n",
        "\t",
        "|",
        "\\",
        "\u00a0",
        "\x00",
        "\ud800",
    ]
)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: type(kind).__name__)
@given(texts=st.lists(st.lists(ODD, max_size=3).map("".join), max_size=3))
@example(texts=["a", "a b", "", "å|b"])
def test_what_stands_is_read_as_it_stands(kind: Kind, texts: list[str]) -> None:
    if kind.stand(texts):
        assert [kind.plain(text) for text in texts] == texts


def test_plain_text_stands() -> None:
    assert Text(most=10).stand(["Handske", "", "nitril å S"])


@pytest.mark.parametrize(("sign", "language"), [("", "sv"), (",", "sv"), (".", "en")])
@given(whole=st.integers(0, 10**8), decimals=st.none() | st.from_regex(r"[0-9]{1,5}", fullmatch=True))
def test_numbers_are_what_they_say(sign: str, language: str, whole: int, decimals: str | None) -> None:
    text = str(whole) if decimals is None else f"{whole}{sign or ','}{decimals}"
    kind, value = (
        Number(digits=9, places=2, least=Decimal(0)),
        parse_number(text, language=language).normalize(),
    )
    if abs(value) >= 10**7 or -int(value.as_tuple().exponent) > 2:
        with pytest.raises(NumberOutOfRange):
            kind.plain(text, Conventions(sign))
    else:
        assert kind.plain(text, Conventions(sign)) == f"{value:f}"


def test_lines_are_taken_in_as_they_stand_and_in_their_order(cast: Cast) -> None:
    """Whether there is something to say of a line or not, or of one before it."""
    texts = ["a\\tb", r"\N", '"två\nrader"', "  blank  i  mitten ", "e\u0301", "x", "", "y\\", "z"]
    lines = [f"term {number};{text}" for number, text in enumerate(texts)]
    lines[5] += ";;"
    of_import = compared("synonyms", "Sökord;Betyder\n" + "\n".join(lines) + "\n")
    changes = list(of_import.changes.in_order())
    assert [change.values["means"] for change in changes] == [
        "a\\tb",
        r"\N",
        "två\nrader",
        "blank i mitten",
        "é",
        "x",
        "",
        "y\\",
        "z",
    ]
    assert [change.key for change in changes if change.kind == ChangeKind.REFUSED] == [""]
    ids = [change.subject_id for change in changes if change.subject_id]
    assert (len(ids), ids) == (8, sorted(ids))
    assert not Synonym.objects.filter(pk__in=ids).exists()


def test_cells_that_are_missing_at_the_end_are_empty(cast: Cast) -> None:
    head = "Artikelnummer;Namn;Kategori;Basenhet;Beställningsenhet;GTIN\n"
    of_import = compared("items", f"{head}NY-1;Ny;10;st;st\nNY-2;Ny;10;st\n")
    first, second = of_import.changes.in_order()
    assert (first.kind, first.values["gtin"]) == (ChangeKind.NEW, "")
    assert (second.kind, second.column) == (ChangeKind.REFUSED, "order_unit")
    assert Item.objects.filter(number="NY-1").count() == 0
