"""The direct-award limit: what counts, who decides above it, and that two approvals cannot both slip under it."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from pytest_django import DjangoAssertNumQueries

from agreements.models import Agreement, Threshold, ThresholdKind
from audit.models import Entry
from categories.models import Category
from core.money import ZERO
from history.models import PurchaseHistoryLine
from notices.models import Notice
from organizations.models import Administration, Authority, Membership, Role, User
from procurement.direct_award import (
    DirectAwardLimitPassed,
    ExceptionMissing,
    SimilarPurchases,
    SimilarUnknown,
    first_similar_day,
)
from procurement.models import ExceptionGround, LineDecision, RequisitionLine, RoutingRule
from procurement.operations import decisions
from procurement.operations.categories import merge_categories
from procurement.operations.decidable import Outcome
from procurement.operations.rerouting import reroute_waiting
from procurement.similar_purchases import similar_purchases
from procurement.states import LineStatus
from tests import worlds
from tests.cast import ALWAYS, NOW, TODAY, Cast, delegation, membership
from tests.races import race

GROUND: Any = {
    "exception_ground": ExceptionGround.URGENCY.value,
    "exception_reason": "Ventilationen har stannat",
}
NEED = Decimal(1900)
"""What a need in free text is about (``worlds.free_text``)."""


def limited(amount: int, category: Category | None = None) -> Threshold:
    """Let the direct-award limit be this, for everything or for a category."""
    return Threshold.objects.create(
        kind=ThresholdKind.DIRECT_AWARD, category=category, value=amount, valid_during=ALWAYS
    )


def approve(cast: Cast, line: RequisitionLine, by: User, **more: object) -> Outcome:
    """Approve a need under no agreement."""
    return decisions.approve(lines=[line], supplier=cast.supplier, by=by, at=NOW, **more)  # type: ignore[arg-type]


def need(cast: Cast, what: str = "Blodtrycksmanschett") -> RequisitionLine:
    return worlds.free_text(cast, what, category=cast.medical)


def outside(cast: Cast, amount: int, day: date, **more: object) -> PurchaseHistoryLine:
    """Something that was bought elsewhere."""
    facts: dict[str, object] = {
        "source": "ledger",
        "external_id": f"{PurchaseHistoryLine.objects.count()}",
        "delivered_date": day,
        "item_key": "stol",
        "description": "Stol",
        "quantity": 1,
        "unit_price": amount,
        "amount": amount,
        "department": cast.ward,
        "category": cast.medical,
        "supplier": cast.supplier,
    }
    return PurchaseHistoryLine.objects.create(**(facts | more))


def similar(cast: Cast, category: Category | None = None) -> SimilarPurchases:
    chosen = category or cast.medical
    return similar_purchases(cast.authority.pk, [chosen.pk], day=TODAY)[chosen.pk]


# What counts.


def test_similar_purchases_are_lines_here_and_lines_elsewhere(cast: Cast) -> None:
    limited(700_000)
    approve(cast, need(cast), cast.manager)
    outside(cast, 400, first_similar_day(TODAY))
    outside(cast, 30, TODAY)
    purchases = similar(cast)
    assert (purchases.amount, purchases.limit) == (NEED + 430, Decimal(700_000))
    assert purchases.left == Decimal(700_000) - NEED - 430


def test_similar_purchases_leave_out_the_rest(cast: Cast) -> None:
    day = first_similar_day(TODAY)
    worlds.approved(cast, (cast.gloves, 10))
    need(cast)  # waits
    approve(cast, worlds.free_text(cast, "Pärmar", category=cast.office), cast.head)
    outside(cast, 1, day - timedelta(days=1))
    outside(cast, 2, TODAY + timedelta(days=1))
    outside(cast, 4, TODAY, agreement=cast.agreement)
    outside(cast, 8, TODAY, currency="USD")
    outside(cast, 16, TODAY, category=cast.gloves_category)
    other = Administration.objects.create(
        authority=Authority.objects.create(name="Bolaget", org_number="556000-9999"), code="B", name="Bolaget"
    )
    outside(cast, 32, TODAY, administration=other)
    assert similar(cast).amount == ZERO
    assert similar(cast, cast.office).amount == NEED


def test_a_line_of_unknown_whereabouts_counts(cast: Cast) -> None:
    outside(cast, 64, TODAY, department=None, department_name="Okänd")
    assert similar(cast).amount == Decimal(64)


def test_what_is_undone_or_rejected_does_not_count(cast: Cast) -> None:
    line = need(cast)
    approve(cast, line, cast.manager)
    decisions.undo(lines=[line], by=cast.manager, at=NOW)
    assert similar(cast).amount == ZERO


def test_what_was_bought_in_a_merged_category_counts(cast: Cast) -> None:
    outside(cast, 128, TODAY)
    merge_categories(category=cast.medical, into=cast.office, by=cast.head, at=NOW)
    assert similar(cast, cast.office).amount == Decimal(128)


def test_the_limit_is_that_of_the_day_nearest_up_the_tree(cast: Cast) -> None:
    Threshold.objects.create(
        kind=ThresholdKind.DIRECT_AWARD,
        value=1,
        valid_during=DateRange(date(2018, 1, 1), TODAY),
    )
    Threshold.objects.create(
        kind=ThresholdKind.DIRECT_AWARD, value=700_000, valid_during=DateRange(TODAY, None)
    )
    Threshold.objects.create(kind=ThresholdKind.DOCUMENTATION, value=100_000, valid_during=ALWAYS)
    assert similar(cast, cast.gloves_category).limit == Decimal(700_000)
    limited(8_000_000, cast.medical)
    assert similar(cast, cast.gloves_category).limit == Decimal(8_000_000)
    assert similar(cast, cast.office).limit == Decimal(700_000)


def test_similar_purchases_of_many_categories_are_one_question(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ids = [cast.medical.pk, cast.office.pk, cast.services.pk]
    with django_assert_num_queries(1):
        similar_purchases(cast.authority.pk, ids, day=TODAY)
    with django_assert_num_queries(0):
        similar_purchases(cast.authority.pk, [], day=TODAY)


# Approving.


def test_approve_within_the_limit_says_what_similar_purchases_come_to(cast: Cast) -> None:
    limited(2000)
    line = approve(cast, need(cast), cast.manager).only()
    decision = LineDecision.objects.get(line=line)
    assert (decision.similar_amount, decision.similar_limit, decision.exception_ground) == (
        NEED,
        Decimal(2000),
        "",
    )
    assert Entry.objects.get(event="line.approved").details["similar_amount"] == "1900.00"


def test_approve_above_the_limit_goes_to_the_head(cast: Cast) -> None:
    limited(2000)
    approve(cast, need(cast), cast.manager)
    line = need(cast)
    outcome = approve(cast, line, cast.manager, unit_price=Decimal(975))
    ((_line, refusal),) = outcome.refused
    assert isinstance(refusal, DirectAwardLimitPassed)
    assert "3 850 kr" in str(refusal).replace("\xa0", " ")
    line.refresh_from_db()
    assert (line.status, line.responsible, line.routing_rule) == (
        LineStatus.AWAITING,
        cast.head,
        RoutingRule.DIRECT_AWARD,
    )
    assert line.routing_facts["supplier"] == cast.supplier.pk
    assert Decimal(line.routing_facts["unit_price"]) == Decimal(975)
    assert Notice.objects.filter(recipient=cast.head, kind="handover").count() == 1
    entry = Entry.objects.get(event="line.moved")
    assert (entry.rule, entry.details["responsible"]) == ("direct_award", "Helena Stenmark")


def test_asking_the_head_twice_tells_her_once(cast: Cast) -> None:
    limited(1000)
    line = need(cast)
    for _time in range(2):
        assert approve(cast, line, cast.manager).refused
    assert Notice.objects.filter(recipient=cast.head, kind="handover").count() == 1
    assert Entry.objects.filter(event="line.moved").count() == 1


def test_the_line_stays_with_the_head(cast: Cast) -> None:
    limited(1000)
    line = need(cast)
    approve(cast, line, cast.manager)
    assert reroute_waiting(at=NOW) == 0
    line.refresh_from_db()
    assert line.responsible == cast.head


def test_when_the_head_leaves_it_goes_to_another(cast: Cast) -> None:
    limited(1000)
    line = need(cast)
    approve(cast, line, cast.manager)
    membership(cast.office_deputy, Role.HEAD_OF_PROCUREMENT)
    Membership.objects.filter(user=cast.head).delete()
    assert reroute_waiting(at=NOW) == 1
    line.refresh_from_db()
    assert (line.responsible, line.routing_rule) == (cast.office_deputy, RoutingRule.DIRECT_AWARD)


def test_where_no_head_may_decide_it_stays_and_is_refused(cast: Cast) -> None:
    limited(1000)
    Membership.objects.filter(user=cast.head).delete()
    line = need(cast)
    assert approve(cast, line, cast.manager).refused
    line.refresh_from_db()
    assert (line.responsible, line.status) == (cast.manager, LineStatus.AWAITING)


def test_the_manager_may_still_find_an_agreement(cast: Cast) -> None:
    limited(1000)
    line = need(cast)
    approve(cast, line, cast.manager)
    assert approve(cast, line, cast.manager, agreement=cast.agreement).only().status == LineStatus.APPROVED
    decision = LineDecision.objects.get(line=line)
    assert decision.similar_amount is None


def test_the_head_names_the_ground_and_the_reason(cast: Cast) -> None:
    limited(1000)
    line = need(cast)
    for given_ground in ({}, {"exception_ground": "urgency"}, {"exception_reason": "Brand"}):
        ((_line, refusal),) = approve(cast, line, cast.head, **given_ground).refused
        assert isinstance(refusal, ExceptionMissing)
    approved = approve(cast, line, cast.head, **GROUND).only()
    decision = LineDecision.objects.get(line=approved)
    assert (decision.exception_ground, decision.exception_reason) == ("urgency", "Ventilationen har stannat")
    assert (decision.similar_amount, decision.similar_limit) == (NEED, Decimal(1000))
    assert Entry.objects.get(event="line.approved").details["exception_ground"] == "urgency"


def test_who_acts_for_the_head_may_name_it_too(cast: Cast) -> None:
    limited(1000)
    line = need(cast)
    approve(cast, line, cast.manager)
    delegation(cast.head, cast.controller)
    assert approve(cast, line, cast.controller, **GROUND).only().status == LineStatus.APPROVED


def test_nobody_else_may_name_a_ground(cast: Cast) -> None:
    limited(1000)
    ((_line, refusal),) = approve(cast, need(cast), cast.manager, **GROUND).refused
    assert isinstance(refusal, DirectAwardLimitPassed)


def test_a_ground_that_is_not_needed_is_not_written_down(cast: Cast) -> None:
    limited(10_000)
    line = approve(cast, need(cast), cast.head, **GROUND).only()
    assert LineDecision.objects.get(line=line).exception_ground == ""


def test_lines_approved_together_count_for_each_other(cast: Cast) -> None:
    limited(4000)
    lines = [need(cast, f"Stol {number}") for number in range(3)]
    outcome = decisions.approve(lines=lines, supplier=cast.supplier, by=cast.manager, at=NOW)
    assert [line.pk for line in outcome.done] == [line.pk for line in lines[:2]]
    ((refused_line, _refusal),) = outcome.refused
    assert refused_line.pk == lines[2].pk


def test_an_item_without_agreement_counts_too(cast: Cast) -> None:
    limited(5000)
    first, second = worlds.line(cast, (cast.chair, 1)), worlds.line(cast, (cast.chair, 1))
    assert decisions.approve(lines=[first], by=cast.deputy, at=NOW).done
    assert decisions.approve(lines=[second], by=cast.deputy, at=NOW).refused
    outcome = decisions.adjust(
        line=worlds.line(cast, (cast.chair, 2)),
        quantity=Decimal(1),
        comment="En räcker",
        by=cast.head,
        at=NOW,
        **GROUND,
    )
    assert outcome.only().status == LineStatus.APPROVED


def test_substituting_by_an_item_without_agreement_counts(cast: Cast) -> None:
    limited(3000)
    line = worlds.line(cast, (cast.gloves, 1))
    outcome = decisions.substitute(
        line=line, item=cast.chair, quantity=Decimal(1), comment="Stol", by=cast.manager, at=NOW
    )
    assert isinstance(outcome.refused[0][1], DirectAwardLimitPassed)


def test_a_need_without_a_category_gets_one_first(cast: Cast) -> None:
    line = worlds.free_text(cast, "xyzzy")
    RequisitionLine.objects.filter(pk=line.pk).update(account=cast.account, is_account_chosen=True)
    assert line.category is None
    ((_line, refusal),) = approve(cast, line, cast.head).refused
    assert isinstance(refusal, SimilarUnknown)


def test_approving_outside_agreements_asks_three_more(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    limited(10_000)
    approve(cast, need(cast), cast.manager)
    line = need(cast)
    with django_assert_max_num_queries(16):
        approve(cast, line, cast.manager)


def test_the_database_refuses_what_passes_the_limit_without_a_ground(cast: Cast) -> None:
    line = need(cast)
    fields = {"line": line, "kind": "approved", "by": cast.manager, "rule": "manager", "at": NOW}
    for wrong in (
        {"similar_amount": 2, "similar_limit": 1},
        {"similar_amount": 2, "similar_limit": 1, "exception_ground": "urgency"},
        {"exception_ground": "urgency", "exception_reason": "Brand"},
        {"similar_amount": 2, "similar_limit": 1, "exception_ground": "nonsense", "exception_reason": "x"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            LineDecision.objects.create(**fields, **wrong)


@pytest.mark.django_db(transaction=True)
def test_two_approvals_cannot_both_slip_under_the_limit(cast: Cast) -> None:
    limited(2000)
    lines = [need(cast, "Stol"), need(cast, "Bord")]
    results = race(*[lambda line=line: approve(cast, line, cast.manager) for line in lines])
    assert sorted(len(outcome.done) for outcome in results) == [0, 1]
    assert similar(cast).amount == NEED


@pytest.mark.django_db(transaction=True)
def test_many_approvals_in_opposite_order_do_not_deadlock(cast: Cast) -> None:
    limited(100_000)
    first = [need(cast), worlds.free_text(cast, "Pärm", category=cast.office)]
    second = [worlds.free_text(cast, "Lampa", category=cast.office), need(cast)]
    results = race(
        *[
            lambda lines=lines: decisions.approve(lines=lines, supplier=cast.supplier, by=cast.head, at=NOW)
            for lines in (first, second)
        ]
    )
    assert [len(outcome.done) for outcome in results] == [2, 2]
    assert Agreement.objects.get().committed_amount == ZERO
