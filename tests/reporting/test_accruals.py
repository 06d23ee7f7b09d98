"""What was received and is not invoiced, booked where the orders say, in a file that balances."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from procurement.models import ReceiptLine, RequisitionLine
from reporting.accruals import accrual
from tests import worlds
from tests.cast import NOW, TODAY, Cast
from tests.pages import signed_in


def asked(cast: Cast, **more: str) -> dict[str, str]:
    return {
        "authority": str(cast.authority.pk),
        "starts": TODAY.replace(day=1).isoformat(),
        "ends": TODAY.isoformat(),
        "credit": "2990",
    } | more


def amounts(content: str) -> list[Decimal]:
    return [Decimal(line.split()[-1]) for line in content.split("\r\n") if "#TRANS" in line]


def test_accrual_is_the_sum_of_what_was_received_by_its_coding(cast: Cast) -> None:
    worlds.received(cast, (cast.gloves, 3), (cast.chair, 2))
    result = accrual(cast.authority, starts=TODAY, ends=TODAY)
    assert result.amount == sum(line.amount for line in ReceiptLine.objects.all())
    (row,) = result.rows
    assert row.account is not None
    assert (row.account.code, row.cost_center.code, row.count) == (
        cast.account.code,
        cast.ward.cost_center,
        2,
    )
    assert accrual(cast.authority, starts=TODAY + timedelta(days=1), ends=date(2021, 12, 31)).rows == []


def test_file_balances_and_is_turned_back_the_day_after(cast: Cast) -> None:
    worlds.received(cast, (cast.gloves, 3), (cast.chair, 2))
    client = signed_in(cast.controller)
    once = client.get("/besparingar/periodisering/", asked(cast, fil="sie"))
    assert once["Content-Disposition"] == 'attachment; filename="periodisering-2021-05-01-2021-05-18.si"'
    content = once.content.decode("cp437")
    assert "?" not in content
    assert '#KONTO 2990 "Upplupna kostnader"' in content
    total = sum(line.amount for line in ReceiptLine.objects.all())
    assert (sum(amounts(content)), max(amounts(content))) == (0, total)
    assert content.count("#VER") == 1
    both = client.get("/besparingar/periodisering/", asked(cast, fil="sie", is_reversed="on"))
    turned = both.content.decode("cp437")
    assert [line.split('"')[4].strip() for line in turned.split("\r\n") if "#VER" in line] == [
        "20210518",
        "20210519",
    ]
    assert sum(amounts(turned)) == 0


def test_page_names_what_has_no_account_instead_of_dropping_it(cast: Cast) -> None:
    worlds.received(cast, (cast.gloves, 3))
    RequisitionLine.objects.update(account=None)
    cast.requester.requisitions.update(account=None)
    page = signed_in(cast.controller).get("/besparingar/periodisering/", asked(cast)).content.decode()
    assert "Saknar konto och ingår inte" in page
    assert "174,00" in page
    assert "Hämta SIE-filen" not in page


def test_page_asks_for_what_is_missing(cast: Cast) -> None:
    client = signed_in(cast.controller)
    assert "Vad har kommit" in client.get("/besparingar/periodisering/").content.decode()
    wrong = asked(cast, ends=(TODAY - timedelta(days=40)).isoformat())
    assert client.get("/besparingar/periodisering/", wrong).status_code == 422
    assert client.get("/besparingar/periodisering/", asked(cast) | {"credit": "x"}).status_code == 422


@pytest.mark.parametrize("who", ["requester", "manager", "deputy", "head", "administrator", "budget_holder"])
def test_file_is_for_finance(cast: Cast, who: str) -> None:
    worlds.received(cast, (cast.gloves, 3))
    answer = signed_in(getattr(cast, who)).get("/besparingar/periodisering/", asked(cast, fil="sie"))
    assert answer.status_code == 403


def test_received_now_is_the_day_of_the_receipt(cast: Cast) -> None:
    worlds.received(cast, (cast.gloves, 1), at=NOW)
    assert accrual(cast.authority, starts=TODAY, ends=TODAY).amount == Decimal("58.00")
