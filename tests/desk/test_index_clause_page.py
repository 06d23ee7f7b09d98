"""The index clause of an agreement as its page, the calendar, the reminders and the API show it."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from icalendar import Calendar

from agreements.models import Agreement, IndexClause, IndexSeries, IndexValue, PriceClause
from agreements.operations.calendars import make_feed
from agreements.operations.reminding import tell_of_deadlines
from catalog.models import PriceProposal
from catalog.operations.price_decisions import approve_prices
from core.addresses import address_of
from notices.models import Notice
from office.operations.indexing import propose_due
from tests.api.clients import Program
from tests.cast import NOW, TODAY, Cast
from tests.pages import Answer, signed_in, text_of

pytestmark = pytest.mark.usefixtures("at_nine")


@pytest.fixture
def clause(cast: Cast) -> IndexClause:
    """KPI was 100 in March 2020, 104 in March and 105 in April 2021. Prices may rise by two per cent from July, asked for by 1 June."""
    Agreement.objects.filter(pk=cast.agreement.pk).update(price_clause=PriceClause.INDEX)
    series = IndexSeries.objects.create(code="KPI", name="Konsumentprisindex", base="1980 = 100")
    for month, value in ((date(2020, 3, 1), 100), (date(2021, 3, 1), 104), (date(2021, 4, 1), 105)):
        IndexValue.objects.create(
            series=series, month=month, value=value, published_date=month.replace(day=28)
        )
    return IndexClause.objects.create(
        agreement=cast.agreement, series=series, base_month=date(2020, 3, 1), share_percent=80,
        threshold_percent=1, cap_percent=2, lag_months=4, notice_days=30, first_date=date(2021, 7, 1),
        valid_during=DateRange(date(2020, 7, 1), None),
    )  # fmt: skip


def words(answer: Answer) -> str:
    """What is read, without the elements."""
    return " ".join(re.sub(r"<[^>]*>", " ", text_of(answer)).split())


def shown(cast: Cast) -> str:
    return words(signed_in(cast.manager).get(f"/avtal/{cast.agreement.pk}/"))


def events(content: bytes) -> dict[str, date]:
    components = Calendar.from_ical(content).walk("VEVENT")
    return {str(event["uid"]).split("-")[-1]: event.decoded("dtstart") for event in components}


def calendar(cast: Cast) -> bytes:
    answer = signed_in(cast.manager).get(f"/avtal/{cast.agreement.pk}/kalender.ics")
    return bytes(answer.content)


def test_the_page_tells_what_the_clause_gives_and_by_when(cast: Cast, clause: IndexClause) -> None:
    page = shown(cast)
    for sentence in (
        "80 % av priset följer Konsumentprisindex (1980 = 100).",
        "En ändring på mindre än 1 % väntar till nästa gång.",
        "Priserna höjs högst 2 % per gång.",
        "Priserna sattes efter mars 2020 100,00",
        "Senast kända indextal april 2021 105,00",
        "Skulle ge nu +2,00 % +4,00 % utan klausulens gränser",
        "Ger den 2021-07-01 +2,00 %",
        "Nästa prisändring 2021-07-01 efter indextalet för mars 2021",
        "Begärs senast 2021-06-01",
    ):
        assert sentence in page


def test_the_page_says_nothing_of_months_that_are_not_known(cast: Cast, clause: IndexClause) -> None:
    IndexValue.objects.filter(month__year=2021).delete()
    page = shown(cast)
    assert "Skulle ge nu" not in page
    assert "Ger den" not in page
    assert "efter indextalet för mars 2021" in page


def test_an_agreement_without_a_clause_says_nothing_of_index(cast: Cast) -> None:
    assert "Hur följer priserna index?" not in shown(cast)


def test_the_calendar_and_a_reminder_have_the_last_day_to_ask(cast: Cast, clause: IndexClause) -> None:
    """Told once, thirty days before; when it has passed the calendar has the next year's."""
    assert events(calendar(cast))["prices@rauk"] == date(2021, 6, 1)
    tell_of_deadlines(at=NOW)
    tell_of_deadlines(at=NOW)
    (notice,) = Notice.objects.filter(recipient=cast.manager, kind="agreement_days", facts__deadline="prices")
    assert notice.facts["day"] == "2021-06-01"
    clause.first_date = TODAY.replace(day=20)
    clause.save()
    assert events(calendar(cast))["prices@rauk"] == date(2022, 4, 20)


def test_an_agreement_until_further_notice_is_in_her_calendar(cast: Cast, clause: IndexClause) -> None:
    Agreement.objects.filter(pk=cast.agreement.pk).update(
        valid_during=DateRange(date(2020, 1, 1), None),
        until_further_notice=True,
        notice_months=6,
        long_term_reason="Skäl",
    )
    answer = Client().get(f"/kalender/{make_feed(by=cast.manager, at=NOW)}.ics")
    assert events(answer.content)["prices@rauk"] == date(2021, 6, 1)


def test_programs_read_the_clause(cast: Cast, clause: IndexClause) -> None:
    answer: Any = Program(cast.manager).get(f"agreements/{cast.agreement.pk}/")
    assert answer.data["ask_by_date"] == "2021-06-01"
    (data,) = answer.data["index_clauses"]
    assert (data["series"], data["share_percent"], data["cap_percent"]) == ("KPI", "80.00", "2.00")
    assert (data["from_date"], data["through_date"], data["next_date"]) == (
        "2020-07-01",
        None,
        date(2021, 7, 1),
    )
    assert Decimal(data["threshold_percent"]) == 1


def test_who_decides_reads_what_a_part_means_for_the_next_time(cast: Cast, clause: IndexClause) -> None:
    propose_due(at=NOW)
    proposal, manager = PriceProposal.objects.get(), signed_in(cast.manager)
    page = words(manager.get(address_of(proposal)))
    assert "räknas alla leverantörens priser nästa gång från indextalet för mars 2021" in page
    assert "Ta tillbaka och räkna om" in page
    approve_prices(proposal=proposal, rows=[proposal.rows.earliest("pk").pk], by=cast.manager, at=NOW)
    page = words(manager.get(address_of(proposal)))
    assert "Ta tillbaka och räkna om" not in page
    assert "Ta tillbaka förslaget" in page


def test_prices_of_an_agreement_that_is_over_are_only_rejected(cast: Cast, clause: IndexClause) -> None:
    propose_due(at=NOW)
    Agreement.objects.filter(pk=cast.agreement.pk).update(
        valid_during=DateRange(date(2018, 1, 1), date(2021, 7, 1))
    )
    page = words(signed_in(cast.manager).get(address_of(PriceProposal.objects.get())))
    assert "Avtalet gäller inte den dag som priserna kan börja" in page
