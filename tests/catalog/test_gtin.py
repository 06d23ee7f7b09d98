"""The same GTIN, however it is typed or scanned."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog import gtin
from catalog.models import Item
from catalog.search import SearchQuery, search_items
from tests.cast import TODAY, Cast

GLOVES = "9521000000018"


@pytest.mark.parametrize(
    "typed",
    [
        "(01)09521000000018",
        "(01) 09521000000018 (17)261231(10)LOT7",
        "]d20109521000000018172612311000LOT",
        "0109521000000018",
        "]C1\x1d0109521000000018\x1d10LOT7",
        "\x1d0109521000000018",
        "(17)261231(10)LOT7(01)09521000000018",
        "]d21726123101095210000000181",
        "]d21726123110LOT7\x1d0109521000000018",
        "]C1003735123450000000060109521000000018",
        "https://id.gs1.org/01/09521000000018/10/LOT7?17=261231",
        "https://region.example/vara/01/9521000000018",
        "952-1000-000018",
        "9 521000 000018",
    ],
)
def test_label_is_read_as_its_gtin(typed: str) -> None:
    assert gtin.with_gtin(typed).lstrip("0") == GLOVES


@pytest.mark.parametrize(
    "typed",
    [
        "(01)09521000000019",
        "01 handske",
        "0109",
        "10 x 10",
        "4 2",
        "104412",
        "(02)09521000000018",
        "",
        "(01)9521000000018",
        "(01)",
        "()(01",
        "]d2",
        "]d217",
        "]d21726123110LOT70109521000000018",
        "https://id.gs1.org/01/09521000000019",
        "https://x.example/?01=09521000000018",
    ],
)
def test_other_text_stays_as_it_is(typed: str) -> None:
    assert gtin.with_gtin(typed) == typed


def test_forms_differ_in_leading_zeros_only() -> None:
    assert (
        gtin.forms(GLOVES)
        == gtin.forms(f"0{GLOVES}")
        == gtin.forms(f"0000{GLOVES}")
        == [GLOVES, f"0{GLOVES}"]
    )
    assert gtin.forms("73513537") == ["73513537", "000073513537", "0000073513537", "00000073513537"]
    assert gtin.forms("9521000000019") == gtin.forms("104412") == gtin.forms("") == []


@given(st.integers(min_value=0, max_value=10**13 - 1))
def test_one_digit_in_ten_completes_a_gtin(number: int) -> None:
    assert [gtin.is_gtin(f"{number:013}{last}") for last in range(10)].count(True) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("kept", [GLOVES, f"0{GLOVES}"])
@pytest.mark.parametrize(
    "typed",
    [
        GLOVES,
        f"0{GLOVES}",
        f"000{GLOVES}",
        f"(01)0{GLOVES}",
        f"(01)0{GLOVES}(17)261231(10)A7",
        f"]C1010{GLOVES}",
    ],
)
def test_item_is_found_first_by_its_gtin(cast: Cast, kept: str, typed: str) -> None:
    Item.objects.filter(pk=cast.gloves.pk).update(gtin=kept)
    results = search_items(SearchQuery(text=typed), day=TODAY)
    assert results.item_ids == [cast.gloves.pk]
    assert not results.is_similar
