"""A refusal says what has become of the line or the attest, so that a button pressed once more, or in an old window, misleads nobody."""

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.urls import reverse

from core.errors import DomainError
from procurement.models import RejectionReason, RequisitionLine
from procurement.operations import amendments, attests, decisions, orders
from tests import worlds
from tests.cast import NOW, Cast
from tests.pages import signed_in, text_of
from tests.procurement.deciding import approve

Act = Callable[[Cast, RequisitionLine], object]


def nothing(cast: Cast, line: RequisitionLine) -> None:
    pass


def approved(cast: Cast, line: RequisitionLine) -> None:
    approve(line, cast.manager)


def undone(cast: Cast, line: RequisitionLine) -> None:
    approved(cast, line)
    decisions.undo(lines=[line], by=cast.manager, at=NOW).only()


def rejected(cast: Cast, line: RequisitionLine) -> None:
    code = RejectionReason.IN_STOCK
    decisions.reject(lines=[line], reason_code=code, comment="", by=cast.manager, at=NOW).only()


def asked(cast: Cast, line: RequisitionLine) -> None:
    decisions.return_with_question(lines=[line], question="Varför?", by=cast.manager, at=NOW).only()


def withdrawn(cast: Cast, line: RequisitionLine) -> None:
    amendments.withdraw_line(line=line, by=cast.requester, at=NOW)


def revised(cast: Cast, line: RequisitionLine) -> None:
    amendments.revise_line(line=line, quantity=Decimal(7), specification="", by=cast.requester, at=NOW)


def ordered(cast: Cast, line: RequisitionLine) -> None:
    approved(cast, line)
    orders.consolidate(at=NOW, due_only=False)


def cancelled(cast: Cast, line: RequisitionLine) -> None:
    approved(cast, line)
    (order,) = orders.consolidate(at=NOW, due_only=False)
    orders.cancel_order(order=order, reason="Fel", by=cast.manager, at=NOW)


def undo(cast: Cast, line: RequisitionLine) -> None:
    decisions.undo(lines=[line], by=cast.manager, at=NOW).only()


@pytest.mark.parametrize("act", [approved, asked, rejected])
@pytest.mark.parametrize(
    ("happened", "code"),
    [
        (approved, "line_is_decided"),
        (rejected, "line_is_decided"),
        (ordered, "line_is_decided"),
        (asked, "line_waits_for_answer"),
        (withdrawn, "line_is_withdrawn"),
        (revised, "line_is_replaced"),
        (cancelled, "line_is_cancelled"),
    ],
)
def test_deciding(cast: Cast, act: Act, happened: Act, code: str) -> None:
    assert refusal_of(cast, act, after=happened) == code


@pytest.mark.parametrize(
    ("happened", "code"),
    [
        (nothing, "line_is_not_approved"),
        (undone, "line_is_not_approved"),
        (asked, "line_is_not_approved"),
        (rejected, "line_is_not_approved"),
        (ordered, "line_is_ordered"),
        (withdrawn, "line_is_withdrawn"),
        (revised, "line_is_replaced"),
        (cancelled, "line_is_cancelled"),
    ],
)
def test_taking_an_approval_back(cast: Cast, happened: Act, code: str) -> None:
    assert refusal_of(cast, undo, after=happened) == code


@pytest.mark.parametrize(
    ("happened", "code"),
    [
        (rejected, "line_is_decided"),
        (ordered, "line_is_ordered"),
        (withdrawn, "line_is_withdrawn"),
        (revised, "line_is_replaced"),
        (cancelled, "line_is_cancelled"),
    ],
)
def test_changing_what_was_asked_for(cast: Cast, happened: Act, code: str) -> None:
    assert refusal_of(cast, revised, after=happened) == code


def refusal_of(cast: Cast, act: Act, *, after: Act) -> str:
    line = worlds.line(cast)
    after(cast, line)
    with pytest.raises(DomainError) as refusal:
        act(cast, line)
    return str(refusal.value.code)


def raised(cast: Cast, line: RequisitionLine) -> None:
    amendments.revise_line(line=line, quantity=Decimal(300), specification="", by=cast.requester, at=NOW)


def given(cast: Cast, line: RequisitionLine) -> None:
    attests.attest(attest=line.requisition.attests.get(), by=cast.budget_holder, at=NOW)


@pytest.mark.parametrize(
    ("happened", "code"),
    [(given, "attest_is_decided"), (raised, "attest_is_replaced"), (withdrawn, "attest_is_not_needed")],
)
def test_attesting(cast: Cast, happened: Act, code: str) -> None:
    line = worlds.line(cast, (cast.gloves, 200))
    attest = line.requisition.attests.get()
    happened(cast, line)
    with pytest.raises(DomainError) as refusal:
        attests.attest(attest=attest, by=cast.budget_holder, at=NOW)
    assert refusal.value.code == code


def answered(cast: Cast, line: RequisitionLine) -> None:
    asked(cast, line)
    answer(cast, line)


def answer(cast: Cast, line: RequisitionLine) -> None:
    amendments.answer(line=line, text="Många fall", by=cast.requester, at=NOW)


@pytest.mark.parametrize(
    ("happened", "code"),
    [
        (nothing, "no_question_is_open"),
        (answered, "no_question_is_open"),
        (withdrawn, "line_is_withdrawn"),
        (revised, "line_is_replaced"),
    ],
)
def test_answering(cast: Cast, happened: Act, code: str) -> None:
    assert refusal_of(cast, answer, after=happened) == code


@pytest.mark.parametrize(
    ("happened", "code"),
    [
        (withdrawn, "line_is_withdrawn"),
        (revised, "line_is_replaced"),
        (rejected, "line_is_decided"),
        (cancelled, "line_is_cancelled"),
        (ordered, "line_is_ordered"),
    ],
)
def test_taking_a_line_back(cast: Cast, happened: Act, code: str) -> None:
    assert refusal_of(cast, withdrawn, after=happened) == code


def test_an_answer_is_to_the_question_that_was_read(cast: Cast, at_nine: None) -> None:
    """Another has been asked since: she reads that one first, and what she wrote is kept."""
    line = worlds.line(cast)
    asked(cast, line)
    client, number = signed_in(cast.requester), line.requisition.number
    page = client.get(reverse("shop:requisition", args=[number])).content.decode()
    (first,) = re.findall(r'name="question" value="(\d+)"', page)
    answer(cast, line)
    decisions.return_with_question(lines=[line], question="Till vem?", by=cast.manager, at=NOW).only()
    fields = {"question": first, "text": "Magsjuka"}
    again = client.post(reverse("shop:line_answer", args=[line.pk]), fields)
    assert again.status_code == 409
    text = text_of(again)
    assert "En ny fråga har ställts sedan sidan visades." in text
    assert "Till vem?" in text
    assert "Magsjuka" in again.content.decode()
    (second,) = re.findall(r'name="question" value="(\d+)"', again.content.decode())
    response = client.post(reverse("shop:line_answer", args=[line.pk]), fields | {"question": second})
    assert response.status_code == 302
