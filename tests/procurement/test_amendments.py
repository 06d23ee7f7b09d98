"""What happens to a decision afterwards: answered, undone, withdrawn, revised, and never edited."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from audit.models import Entry
from organizations.models import User
from procurement import trail
from procurement.models import DecisionKind, RequisitionLine
from procurement.operations import accounts, amendments, decisions, orders
from procurement.permissions import LineIsOrdered, NotYourDepartment
from procurement.states import LineStatus
from tests import worlds
from tests.cast import NOW, Cast
from tests.procurement.deciding import approve, committed
from tests.procurement.events import membership_ended


def test_question_and_answer_go_there_and_back(cast: Cast) -> None:
    line = worlds.line(cast)
    decisions.return_with_question(lines=[line], question="Kan ni ta från förrådet?", by=cast.manager, at=NOW)
    line.refresh_from_db()
    assert line.status == LineStatus.RETURNED
    line = amendments.answer(line=line, text="Nej, det är tomt.", by=cast.requester, at=NOW)
    assert line.status == LineStatus.AWAITING
    assert line.decisions.get().reply.text == "Nej, det är tomt."


def test_undo_releases_the_ceiling_and_returns_to_the_queue(cast: Cast) -> None:
    line = worlds.line(cast)
    approve(line, cast.manager)
    decisions.undo(lines=[line], by=cast.manager, at=NOW)
    line.refresh_from_db()
    assert (line.status, line.approved_amount, line.decided_by) == (LineStatus.AWAITING, None, None)
    assert committed(cast) == 0
    assert [decision.kind for decision in line.decisions.order_by("pk")] == [
        DecisionKind.APPROVED,
        DecisionKind.UNDONE,
    ]


def test_trail_of_what_was_undone_says_what_it_was(cast: Cast) -> None:
    line = worlds.line(cast)
    decisions.adjust(line=line, quantity=Decimal(8), by=cast.manager, at=NOW, comment="Räcker")
    decisions.undo(lines=[RequisitionLine.objects.get(pk=line.pk)], by=cast.manager, at=NOW)
    entry = Entry.objects.about(line).get(event="line.approval_undone")
    assert entry.details == {"quantity_before": "8.000", "released": "464.00"}
    told = {str(name): text.replace("\xa0", " ") for name, text in trail.details(entry)}
    assert told == {"förut": "8", "frigjort belopp": "464,00 kr"}


def test_undo_after_ordering_is_refused(cast: Cast) -> None:
    line = worlds.line(cast)
    approve(line, cast.manager)
    orders.consolidate(at=NOW, due_only=False)
    with pytest.raises(LineIsOrdered):
        decisions.undo(lines=[line], by=cast.manager, at=NOW).only()


def test_withdraw_after_approval_releases_the_ceiling(cast: Cast) -> None:
    line = worlds.line(cast)
    approve(line, cast.manager)
    amendments.withdraw_line(line=line, by=cast.requester, at=NOW)
    assert committed(cast) == 0


def test_revise_makes_a_new_version_and_resets_the_decision(cast: Cast) -> None:
    old = worlds.line(cast, (cast.gloves, 10))
    decisions.return_with_question(lines=[old], question="Räcker 5?", by=cast.manager, at=NOW)
    new = amendments.revise_line(line=old, quantity=Decimal(5), specification="", by=cast.requester, at=NOW)
    old.refresh_from_db()
    assert (old.status, old.quantity) == (LineStatus.SUPERSEDED, Decimal(10))
    assert (new.version, new.replaces, new.quantity, new.status) == (2, old, Decimal(5), LineStatus.AWAITING)


def test_a_submitted_line_cannot_be_edited_even_in_the_database(cast: Cast) -> None:
    line = worlds.line(cast)
    with pytest.raises(IntegrityError, match="superseded"), transaction.atomic():
        RequisitionLine.objects.filter(pk=line.pk).update(quantity=99)


def test_a_decision_cannot_be_edited_even_in_the_database(cast: Cast) -> None:
    line = approve(worlds.line(cast), cast.manager)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        line.decisions.update(comment="Efterhand")


@pytest.mark.parametrize("act", ["answer", "withdraw", "revise", "rebook"])
def test_whoever_orders_for_the_department_no_longer_amends_nothing(cast: Cast, act: str) -> None:
    line = worlds.line(cast)
    decisions.return_with_question(lines=[line], question="Varför?", by=cast.manager, at=NOW)
    membership_ended(cast)
    by = User.objects.get(pk=cast.requester.pk)
    acts: dict[str, Callable[[], object]] = {
        "answer": lambda: amendments.answer(line=line, text="Ja", by=by, at=NOW),
        "withdraw": lambda: amendments.withdraw_line(line=line, by=by, at=NOW),
        "revise": lambda: amendments.revise_line(
            line=line, quantity=Decimal(2), specification="", by=by, at=NOW
        ),
        "rebook": lambda: accounts.rebook(line=line, account=cast.account, by=by, at=NOW),
    }
    with pytest.raises(NotYourDepartment):
        acts[act]()
    assert amendments.answer(line=line, text="Ja", by=cast.colleague, at=NOW).status == LineStatus.AWAITING
