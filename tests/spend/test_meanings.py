"""What accounts mean: the narrowest span holds, then the source's own, then the latest; and what is decided stays."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from audit.models import Entry
from core.errors import NotPermitted
from spend.accounts import accounts
from spend.meanings import meanings_of
from spend.models import AccountMeaning, Meaning
from spend.operations.meanings import CategoryNeeded, SpanUnclear, decide_meaning
from tests.cast import NOW, Cast
from tests.spend.ledgers import SOURCE, YEAR, brought_in, table

pytestmark = pytest.mark.usefixtures("cast")


def decide(
    cast: Cast, first: str, last: str = "", meaning: Meaning = Meaning.PURCHASE, **facts: Any
) -> AccountMeaning:
    defaults = {"source": SOURCE, "by": cast.controller, "at": NOW, **facts}
    return decide_meaning(first_account=first, last_account=last, meaning=meaning, **defaults)


def meaning_of(account: str, source: str = SOURCE) -> Meaning | None:
    decision = meanings_of(source, [account]).get(account)
    return decision.meaning if decision else None


def test_the_narrowest_span_holds(cast: Cast) -> None:
    decide(cast, "4000", "4999")
    decide(cast, "4010", "4099", Meaning.OTHER)
    decide(cast, "4050", meaning=Meaning.CATEGORY, category=cast.medical)
    assert [meaning_of(account) for account in ("4000", "4010", "4099", "4050", "4999")] == [
        Meaning.PURCHASE,
        Meaning.OTHER,
        Meaning.OTHER,
        Meaning.CATEGORY,
        Meaning.PURCHASE,
    ]
    assert [meaning_of(account) for account in ("3999", "5000", "401", "40100", "40a0", "40:0", "")] == [
        None
    ] * 7


def test_the_sources_own_holds_before_that_of_all_for_the_same_accounts(cast: Cast) -> None:
    decide(cast, "4010", meaning=Meaning.OTHER)
    decide(cast, "4010", source="")
    assert (meaning_of("4010"), meaning_of("4010", "agresso")) == (Meaning.OTHER, Meaning.PURCHASE)
    decide(cast, "4000", "4999", Meaning.OTHER, source="agresso")
    assert meaning_of("4010", "agresso") == Meaning.PURCHASE


def test_the_latest_decision_holds_and_the_earlier_ones_stay(cast: Cast) -> None:
    decide(cast, "4000", "4999")
    decide(cast, "4010", meaning=Meaning.OTHER)
    decide(cast, "4010", meaning=Meaning.CATEGORY, category=cast.gloves_category)
    assert meanings_of(SOURCE, ["4010"])["4010"].lineage == tuple(cast.gloves_category.lineage)
    decide(cast, "4010", meaning=Meaning.UNDECIDED)
    assert meaning_of("4010") == Meaning.PURCHASE
    assert AccountMeaning.objects.count() == 4
    for act in (AccountMeaning.objects.all().delete, lambda: AccountMeaning.objects.update(meaning="other")):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()
    assert Entry.objects.filter(event="account.meaning_decided").count() == 4


@pytest.mark.parametrize(
    ("first", "last"), [("4099", "4010"), ("4010", "41000"), ("4010", "40x9"), ("A1", "A9"), ("4010", "٤٠٩٩")]
)
def test_what_is_no_span_is_refused(cast: Cast, first: str, last: str) -> None:
    with pytest.raises(SpanUnclear):
        decide(cast, first, last)
    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO spend_accountmeaning (source, first_account, last_account, meaning, decided_by_id, decided_at)"
            " VALUES ('', %s, %s, 'other', %s, now())",
            [first, last, cast.controller.pk],
        )


def test_rows_without_an_account_have_a_meaning_of_their_own(cast: Cast) -> None:
    """As those of a supplier ledger have; a span says nothing of them."""
    decide(cast, "4000", "4999", Meaning.OTHER)
    decide(cast, "", meaning=Meaning.CATEGORY, category=cast.medical)
    assert (meaning_of(""), meaning_of("4010")) == (Meaning.CATEGORY, Meaning.OTHER)
    with pytest.raises(SpanUnclear):
        decide(cast, "", "4010")


def test_a_category_goes_with_its_meaning(cast: Cast) -> None:
    for meaning, category in ((Meaning.CATEGORY, None), (Meaning.OTHER, cast.medical)):
        with pytest.raises(CategoryNeeded):
            decide(cast, "4010", meaning=meaning, category=category)


def test_only_finance_decides(cast: Cast) -> None:
    for person in (cast.head, cast.auditor, cast.manager, cast.administrator, cast.requester):
        with pytest.raises(NotPermitted):
            decide(cast, "4010", by=person)


def test_accounts_without_a_meaning_come_first(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    brought_in(
        table(
            {"Konto": "1930", "Belopp": "-900"},
            {"Konto": "4010", "Belopp": "100"},
            {"Konto": "4010", "Belopp": "50"},
            {"Konto": "5010", "Belopp": "700"},
            {"Konto": "5020", "Belopp": "20"},
        ),
        cast.controller,
    )
    decide(cast, "4010")
    with django_assert_num_queries(2):
        result = accounts(YEAR, limit=10)
    assert [(each.number, each.rows, int(each.amount)) for each in result.shown] == [
        ("5010", 1, 700),
        ("5020", 1, 20),
        ("1930", 1, -900),
        ("4010", 2, 150),
    ]
    assert (result.count, result.undecided) == (4, 3)
    assert result.shown[-1].decision is not None
