"""What the board is told of: who decided what on its delegation or in another's place, and nothing else."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from audit.models import Entry
from organizations.models import FormerPerson, User
from procurement.models import DecisionNature, LineDecision
from procurement.operations import attests, decisions
from procurement.trail import details
from registers.operations.rows import change_row
from registers.register import REGISTERS
from tests import worlds
from tests.cast import NOW, Cast, delegation
from tests.pages import signed_in, text_of

pytestmark = pytest.mark.usefixtures("at_nine")

ADDRESS = "/delegationsbeslut/"
BOOK = "/delegationsbeslut/excel/"


def call_off(cast: Cast) -> None:
    decisions.approve(lines=[worlds.line(cast)], by=cast.manager, at=NOW).only()


def buy_outside(cast: Cast) -> None:
    decisions.approve(lines=[worlds.line(cast, (cast.chair, 1))], by=cast.deputy, at=NOW).only()


def decide_for_another(cast: Cast) -> None:
    delegation(cast.manager, cast.controller)
    decisions.approve(lines=[worlds.line(cast, (cast.gown, 2))], by=cast.controller, at=NOW).only()


def attest_for_another(cast: Cast) -> None:
    delegation(cast.budget_holder, cast.stranger)
    requisition = worlds.submitted(cast, (cast.chair, 3))
    attests.attest(attest=requisition.attests.get(), by=cast.stranger, at=NOW)


def everything(cast: Cast) -> None:
    for happen in (call_off, buy_outside, decide_for_another, attest_for_another):
        happen(cast)


def test_a_purchase_without_agreement_is_decided_on_delegation_and_a_call_off_is_not(cast: Cast) -> None:
    call_off(cast)
    buy_outside(cast)
    natures = dict(LineDecision.objects.values_list("by__first_name", "nature"))
    assert natures == {"Karin": DecisionNature.EXECUTION, "Sofia": DecisionNature.DELEGATION}
    (facts,) = [dict(details(each)) for each in Entry.objects.filter(event="line.approved", by_name__startswith="Sofia")]  # fmt: skip
    assert "delegationsbeslut" in facts.values()


@pytest.mark.parametrize(
    ("query", "there", "not_there"),
    [
        (
            "",
            ["Kontorsstol", "Skyddsrock", "Attest", "åt Karin Sundblad", "åt Marianne Klintberg"],
            ["handske"],
        ),
        ("visa=delegationsbeslut", ["Kontorsstol", "Sofia Ekdahl"], ["Skyddsrock", "åt Marianne"]),
        ("visa=at-annan", ["Skyddsrock", "Lars Wedin", "åt Marianne"], ["Kontorsstol ergonomisk"]),
        ("fran=2021-04-01&till=2021-04-30", ["Inga beslut att anmäla"], ["Skyddsrock"]),
    ],
)
def test_the_list_holds_what_is_asked_for(
    cast: Cast, query: str, there: list[str], not_there: list[str]
) -> None:
    everything(cast)
    page = text_of(signed_in(cast.auditor).get(f"{ADDRESS}?{query}"))
    content = page.partition("</form>")[2]
    for text in there:
        assert text in content
    for text in not_there:
        assert text not in content


def test_an_approval_that_was_undone_says_so(cast: Cast) -> None:
    line = worlds.line(cast, (cast.chair, 1))
    decisions.approve(lines=[line], by=cast.deputy, at=NOW)
    decisions.undo(lines=[line], by=cast.head, at=NOW)
    assert "(upphävt)" in text_of(signed_in(cast.head).get(ADDRESS))


def test_another_administration_is_told_of_its_own(cast: Cast) -> None:
    everything(cast)
    other = type(cast.administration).objects.create(
        authority=cast.authority, code="SOF", name="Socialförvaltningen"
    )
    client = signed_in(cast.head)
    assert "Kontorsstol" in text_of(client.get(f"{ADDRESS}?namnd={cast.administration.pk}"))
    assert "Inga beslut att anmäla" in text_of(client.get(f"{ADDRESS}?namnd={other.pk}"))


def test_each_decision_is_of_the_administration_of_its_day(cast: Cast) -> None:
    """What is moved or renamed afterwards is told as it was."""
    everything(cast)
    other = type(cast.administration).objects.create(
        authority=cast.authority, code="SOF", name="Socialförvaltningen"
    )
    client, before = signed_in(cast.head), cast.administration.name
    type(cast.ward).objects.filter(pk=cast.ward.pk).update(administration=other, name="Hemsjukvården")
    type(cast.administration).objects.filter(pk=cast.administration.pk).update(name="Vårdförvaltningen")
    type(other).objects.filter(pk=other.pk).update(name="Omsorgsförvaltningen")
    page = text_of(client.get(f"{ADDRESS}?namnd={cast.administration.pk}")).partition("</form>")[2]
    assert page.count(before) >= 3
    for name in ("Kontorsstol", "Skyddsrock", "Attest", cast.ward.name):
        assert name in page
    assert "Hemsjukvården" not in page
    assert "Inga beslut att anmäla" in text_of(client.get(f"{ADDRESS}?namnd={other.pk}"))


def book(cast: Cast) -> list[dict[Any, Any]]:
    """The rows of the workbook, each by its headings."""
    answer = signed_in(cast.head).get(f"{BOOK}?fran=2021-05-01&till=2021-05-31")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.getvalue())).get_sheet_by_index(0).to_python()  # fmt: skip
    head = next(number for number, row in enumerate(rows) if row[0] == "Dag")
    return [dict(zip(rows[head], row, strict=True)) for row in rows[head + 1 :]]


def test_people_are_as_they_were_on_the_day_of_the_decision(cast: Cast) -> None:
    """Who marries, or gets another post, has decided as who she was."""
    everything(cast)
    for person, cells in (
        (cast.deputy, {"last_name": "Ek", "title": "Inköpare"}),
        (cast.deputy, {"title": "Inköpschef"}),
        (cast.manager, {"last_name": "Sund"}),
    ):
        change_row(register=REGISTERS["people"], row_id=person.pk, cells=cells, by=cast.administrator, at=NOW)
    rows = book(cast)
    assert [(row["Beslutat av"], row["Befattning"]) for row in rows] == [
        ("Jonas Kvarnström", "Enhetssamordnare"),
        ("Sofia Ekdahl", "Kategoriansvarig"),
        ("Lars Wedin", "Ekonom"),
    ]
    assert [row["Åt"] for row in rows] == ["Marianne Klintberg", "", "Karin Sundblad"]
    page = text_of(signed_in(cast.head).get(ADDRESS)).partition("</form>")[2]
    assert "Kategoriansvarig · " in page
    assert "Sofia Ek," not in page
    assert [str(each) for each in FormerPerson.objects.order_by("pk")] == [
        "Sofia Ekdahl, Kategoriansvarig",
        "Sofia Ek, Inköpare",
        "Karin Sundblad, Kategoriansvarig",
    ]


def test_what_is_decided_afterwards_is_told_as_she_is_then(cast: Cast) -> None:
    User.objects.filter(pk=cast.deputy.pk).update(title="Inköpare")
    with connection.cursor() as cursor:  # as if she had got it before the day of the cast
        cursor.execute("ALTER TABLE organizations_formerperson DISABLE TRIGGER USER")
        cursor.execute("UPDATE organizations_formerperson SET until_at = %s", [NOW - timedelta(days=9)])
        cursor.execute("ALTER TABLE organizations_formerperson ENABLE TRIGGER USER")
    buy_outside(cast)
    assert [row["Befattning"] for row in book(cast)] == ["Inköpare"]


def test_only_a_name_or_a_title_is_kept(cast: Cast) -> None:
    User.objects.filter(pk=cast.deputy.pk).update(title=cast.deputy.title, language="en")
    cast.deputy.save()
    assert not FormerPerson.objects.exists()


def test_the_workbook_has_every_row_of_the_list(cast: Cast) -> None:
    everything(cast)
    rows = book(cast)
    assert [row["Beslutat av"] for row in rows] == ["Jonas Kvarnström", "Sofia Ekdahl", "Lars Wedin"]
    assert [row["Åt"] for row in rows] == ["Marianne Klintberg", "", "Karin Sundblad"]
    assert [row["Belopp, kr exkl. moms"] for row in rows] == [10440, 3480, 298]
    assert [row["Slag"] for row in rows] == ["verkställighet", "delegationsbeslut", "verkställighet"]


@pytest.mark.parametrize("address", [ADDRESS, BOOK])
@pytest.mark.parametrize("who", ["requester", "manager", "budget_holder", "controller", "administrator"])
def test_it_is_for_the_head_and_auditors(cast: Cast, who: str, address: str) -> None:
    assert signed_in(getattr(cast, who)).get(address).status_code == 403


def test_a_period_that_ends_before_it_begins_is_refused(cast: Cast) -> None:
    client = signed_in(cast.head)
    assert client.get(f"{ADDRESS}?fran=2021-05-02&till=2021-05-01").status_code == 422
    assert client.get(f"{BOOK}?fran=2021-05-02&till=2021-05-01").status_code == 302
    assert client.get(f"{ADDRESS}?fran=x").status_code == 422


def test_the_page_asks_as_much_for_one_row_as_for_many(cast: Cast) -> None:
    everything(cast)
    client = signed_in(cast.head)
    with CaptureQueriesContext(connection) as few:
        client.get(ADDRESS)
    for _each in range(8):
        buy_outside(cast)
    with CaptureQueriesContext(connection) as many:
        client.get(ADDRESS)
    assert len(few) == len(many) <= 12
