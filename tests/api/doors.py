"""The two doors, and how to compare what came of going through them."""

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.db import connection, models, transaction
from django.test import Client

from assortment.models import (
    AffectedItem,
    Candidate,
    CastVote,
    DecidedItem,
    MissedSearch,
    Proposal,
    ProposalDecision,
    ProposalQuestion,
    ProposalReply,
    Vote,
)
from audit.models import Entry
from catalog.models import Item, Synonym
from procurement.models import (
    Allocation,
    BudgetAttest,
    CancellationNotice,
    Complaint,
    ComplaintSettlement,
    LineDecision,
    LineMessage,
    OrderLine,
    PurchaseOrder,
    Receipt,
    ReceiptLine,
    Requisition,
    RequisitionLine,
)
from reporting.models import FollowUpReport, SavingsRun
from tests.api.clients import Program
from tests.cast import Cast

CHAIN: list[type[models.Model]] = [
    Requisition, RequisitionLine, LineDecision, LineMessage, BudgetAttest, PurchaseOrder, CancellationNotice,
    OrderLine, Allocation, Receipt,
    ReceiptLine, Complaint, ComplaintSettlement, FollowUpReport, SavingsRun,
    Item, Synonym, Proposal, AffectedItem, ProposalQuestion, ProposalReply, ProposalDecision, DecidedItem, Vote, CastVote,
    MissedSearch, Candidate,
]  # fmt: skip

ORDER_NUMBER = re.compile(r"IO-[0-9]{4}-[0-9]{5}|(?<=^!)[0-9A-Za-z]{40}$")
"""What differs between two runs: numbers of orders, and what stands in place of a password that opens nothing."""
NOT_COMPARED = {
    "id",
    "key",
    "key_content",
    "number",
    "subject_label",
    "diary_number",
    "digest",
    "request_id",
    "last_login",
}

Act = tuple[str, dict[str, Any]]
Door = Callable[["Case", Cast, Any], Any]


@dataclass
class Case:
    """One operation: what is so before, who acts, and how she says it at each door."""

    name: str
    before: Callable[[Cast], Any]
    who: str
    api: Callable[[Cast, Any], Act]
    web: Callable[[Cast, Any], Act]
    refusal: str = ""
    """The code of the refusal that both doors give; empty when it is done."""
    also: Sequence[type[models.Model]] = ()
    """What it writes beside the chain."""

    def __str__(self) -> str:
        return f"{self.name}-{self.refusal or 'done'}"


def rows(also: Sequence[type[models.Model]] = ()) -> dict[str, list[dict[str, Any]]]:
    """Everything that the chain has written, and the models named, with ids as places in a row so that two runs can be compared."""
    compared = [*CHAIN, *also]
    all_models: list[type[models.Model]] = [*compared, Entry]
    content = {model: _content(model) for model in all_models}
    places = {model: {row["id"]: place for place, row in enumerate(content[model])} for model in compared}
    rows_by_model: dict[str, list[dict[str, Any]]] = {}
    for model in compared:
        relations = {
            each.attname: each.related_model
            for each in model._meta.concrete_fields
            if each.is_relation and each.related_model in places
        }
        rows_by_model[model.__name__] = [
            {
                name: places[relations[name]].get(value) if name in relations else _without_numbers(value)
                for name, value in row.items()
                if name not in NOT_COMPARED
            }
            for row in content[model]
        ]
    by_label = {model._meta.label_lower: model for model in compared}
    rows_by_model["Entry"] = [
        {
            name: places[by_label[row["subject_type"]]].get(value)
            if name == "subject_id"
            else _without_numbers(value)
            for name, value in row.items()
            if name not in NOT_COMPARED
        }
        for row in content[Entry]
        if row["subject_type"] in by_label
    ]
    return rows_by_model


def _content(model: type[models.Model]) -> list[dict[str, Any]]:
    """All rows of a table, by id, as the database has them; asked plainly, since each case asks for some forty tables."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{model._meta.db_table}" ORDER BY id')
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _without_numbers(value: Any) -> Any:
    """Text without the numbers of orders, which two runs do not share."""
    if isinstance(value, str):
        return ORDER_NUMBER.sub("IO", value)
    if isinstance(value, dict):
        return {name: _without_numbers(each) for name, each in value.items()}
    return value


class Undone(Exception):
    """Takes back what one door did."""


@dataclass
class Passage:
    """What came of going through one door."""

    answer: Any
    before: dict[str, Any]
    after: dict[str, Any]


def through(doors: Sequence[Door], case: Case, cast: Cast) -> list[Passage]:
    """Go through each door from the same world, look at the rows, and take back what it did before the next."""
    passages: list[Passage] = []
    with suppress(Undone), transaction.atomic():
        world = case.before(cast)
        before = rows(case.also)
        for door in doors:
            with suppress(Undone), transaction.atomic():
                answer = door(case, cast, world)
                passages.append(Passage(answer, before, rows(case.also)))
                raise Undone
        raise Undone
    return passages


def by_api(case: Case, cast: Cast, world: Any) -> Any:
    address, body = case.api(cast, world)
    return Program(getattr(cast, case.who)).post(address, **body)


def by_web(case: Case, cast: Cast, world: Any) -> Any:
    address, form = case.web(cast, world)
    client = Client()
    client.force_login(getattr(cast, case.who))
    return client.post(address, form, follow=True)
