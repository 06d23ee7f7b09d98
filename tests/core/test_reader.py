"""Numbers, days and units are written in the language of whoever reads."""

from datetime import date
from decimal import Decimal

from django.utils import translation

from core import reader


def test_reader_decides_the_language_unless_it_is_given() -> None:
    with translation.override("sv"):
        assert reader.kr(Decimal("1400.5")) == "1\xa0400,50\xa0kr"
        assert reader.counted(Decimal(20), "ask") == "20\xa0askar"
    with translation.override("en"):
        assert reader.kr(Decimal("1400.5")) == "SEK\xa01,400.50"
        assert reader.counted(Decimal(20), "ask") == "20\xa0boxes"
        assert reader.short_day(date(2021, 5, 25)) == "25\xa0May"
        assert reader.kr(Decimal(1), language="sv") == "1,00\xa0kr"
