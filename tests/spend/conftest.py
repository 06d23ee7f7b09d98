"""A ledger of some rows that every test of the ledger can begin with."""

from typing import Any

import pytest

from registers.models import Import
from spend.models import Meaning
from spend.operations.matches import match_supplier
from spend.operations.meanings import decide_meaning
from tests.cast import NOW, Cast
from tests.spend.ledgers import SOURCE, brought_in, table
from tests.worlds import received


@pytest.fixture
def ledger(cast: Cast) -> Import:
    """
    May: 2 000 of gloves from our supplier, 500 of a stranger's, 100 credited, 300 without a category, and 10 000 of wages.

    March: 40 of an account that nobody has said anything of. Ten boxes of gloves, 580.00, are received here in May.
    """
    received(cast, (cast.gloves, 10))
    number, ward = cast.supplier.org_number, cast.ward.cost_center
    may = {"Bokförd": "2021-05-20", "Kostnadsställe": ward}
    of_import = brought_in(
        table(
            {**may, "Konto": "4010", "Belopp": "2000", "Organisationsnummer": number, "Leverantör": "OneMed"},
            {**may, "Konto": "4010", "Belopp": "500", "Leverantör": "Qvxzzy Jkw"},
            {**may, "Konto": "4010", "Belopp": "-100", "Leverantör": "Qvxzzy Jkw", "Kostnadsställe": "9999"},
            {**may, "Konto": "6110", "Belopp": "300"},
            {**may, "Konto": "7010", "Belopp": "10000", "Text": "Lön Anna"},
            {**may, "Konto": "2440", "Belopp": "-12800"},
            {**may, "Konto": "6990", "Belopp": "40", "Bokförd": "2021-03-02"},
            {**may, "Konto": "4010", "Belopp": "77", "Bokförd": "2020-12-31"},
        ),
        cast.controller,
    )
    options: dict[str, Any] = {"source": "", "by": cast.controller, "at": NOW}
    decide_meaning(
        first_account="4000",
        last_account="4999",
        meaning=Meaning.CATEGORY,
        category=cast.gloves_category,
        **options,
    )
    decide_meaning(first_account="6110", meaning=Meaning.PURCHASE, **options)
    decide_meaning(first_account="7000", last_account="7999", meaning=Meaning.OTHER, **options)
    match_supplier(source=SOURCE, key=number, supplier=cast.supplier, by=cast.controller, at=NOW)
    return of_import
