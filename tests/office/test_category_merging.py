"""A category is merged into another: everything that goes on goes along, and what has been keeps its own."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from pytest_django import DjangoAssertNumQueries

from agreements.models import Threshold, ThresholdKind
from audit.models import Entry
from categories.models import Category, CategoryKind, CategoryPolicy
from categories.operations.tree import settle_tree
from categories.permissions import AssignmentsAreForTheHead
from core.errors import DomainError
from office.readiness import holes_on
from office.rules import breaches
from organizations.models import AccountingCode, Dimension
from procurement.models import ReceiptLine
from procurement.operations.categories import CategoryIsMerged, CategoryMergedIntoItself, merge_categories
from registers.operations.rows import RowRefused, add_row
from registers.register import REGISTERS
from tests import worlds
from tests.api.clients import Program
from tests.cast import NOW, TODAY, Cast
from tests.pages import signed_in, text_of

pytestmark = pytest.mark.usefixtures("at_nine")


@pytest.fixture
def other(cast: Cast) -> Category:
    """Another category with a manager of its own."""
    account = AccountingCode.objects.create(dimension=Dimension.ACCOUNT, code="9876", name="Annat")
    category = Category.objects.create(
        code="99", name="Annat", kind=CategoryKind.BOTH, account=account, tree_code="99"
    )
    category.assignments.create(manager=cast.office_deputy, valid_during=DateRange(date(2020, 1, 1), None))
    settle_tree()
    category.refresh_from_db()
    return category


def test_what_goes_on_goes_along_and_what_has_been_stays(cast: Cast, other: Category) -> None:
    old = cast.gloves_category
    received = worlds.received(cast, (cast.gloves, 3)).lines.get()
    line = worlds.submitted(cast, (cast.gloves, 1)).lines.get()
    basket = worlds.basket(cast, (cast.gloves, 2)).lines.get()
    old.assignments.create(
        manager=cast.manager, valid_during=DateRange(date(2020, 1, 1), TODAY + timedelta(9))
    )
    old.assignments.create(manager=cast.deputy, valid_during=DateRange(TODAY + timedelta(9), None))
    CategoryPolicy.objects.create(
        category=old, set_by=cast.manager, valid_during=DateRange(date(2020, 1, 1), None)
    )
    Threshold.objects.create(
        category=old, kind=ThresholdKind.DIRECT_AWARD, value=1, valid_during=DateRange(TODAY, None)
    )
    below = Category.objects.create(
        code="1099", name="Under", parent=old, kind=CategoryKind.GOODS, tree_code="x"
    )
    settle_tree()
    assert line.responsible == cast.manager
    merge_categories(category=old, into=other, by=cast.head, at=NOW)
    for each in (old, below, cast.gloves, line, basket, received):
        each.refresh_from_db()
    assert (old.closed_date, old.merged_into) == (TODAY, other)
    assert cast.gloves.category == line.category == basket.category == other
    assert (line.account, line.responsible) == (other.account, cast.office_deputy)
    assert received.category == old
    assert ReceiptLine.objects.get(pk=received.pk).category_lineage == old.lineage
    assert below.lineage == [other.pk, below.pk]
    (post,) = old.assignments.all()
    assert (post.manager, post.valid_during.upper) == (cast.manager, TODAY)
    assert old.policies.get().valid_during.upper == TODAY
    assert not Threshold.objects.filter(kind=ThresholdKind.DIRECT_AWARD).exists()
    entry = Entry.objects.about(old).get(event="category.merged")
    assert (entry.by_name, entry.details["to"], entry.details["lines"]) == (cast.head.full_name, "Annat", 1)


def test_what_comes_after_the_merger_is_of_the_category_that_goes_on(cast: Cast, other: Category) -> None:
    order = worlds.ordered(cast, (cast.gloves, 3))[0]
    merge_categories(category=cast.gloves_category, into=other, by=cast.head, at=NOW)
    assert order.lines.get().allocations.get().line.category == other


def test_agreements_that_go_on_go_along(cast: Cast, other: Category) -> None:
    old = cast.agreement.category
    merge_categories(category=old, into=other, by=cast.head, at=NOW)
    cast.agreement.refresh_from_db()
    assert cast.agreement.category == other
    assert {
        child.parent for child in Category.objects.filter(code__startswith="10", code__regex="^10..$")
    } == {other}
    assert not [hole for hole in holes_on(TODAY) if hole.code == "category_without_manager"]


def test_a_merged_category_of_its_own_leaves_no_rule_broken(cast: Cast, other: Category) -> None:
    """It has nobody who answers for it any more, and needs nobody."""
    merge_categories(category=other, into=cast.medical, by=cast.head, at=NOW)
    assert breaches(NOW) == []
    Category.objects.create(
        code="98", name="Utan", kind=CategoryKind.BOTH, account=other.account, tree_code="98"
    )
    settle_tree()
    assert [each.rule.number for each in breaches(NOW)] == ["2c"]


def test_over_agreements_keep_their_category(cast: Cast, other: Category) -> None:
    type(cast.agreement).objects.filter(pk=cast.agreement.pk).update(
        valid_during=DateRange(date(2018, 1, 1), TODAY), until_further_notice=False
    )
    old = cast.agreement.category
    merge_categories(category=old, into=other, by=cast.head, at=NOW)
    cast.agreement.refresh_from_db()
    assert cast.agreement.category == old


def test_who_may_and_what_cannot_be(cast: Cast, other: Category) -> None:
    cases: list[tuple[type[DomainError], dict[str, object]]] = [
        (AssignmentsAreForTheHead, {"category": cast.gloves_category, "into": other, "by": cast.manager}),
        (
            AssignmentsAreForTheHead,
            {"category": cast.gloves_category, "into": other, "by": cast.administrator},
        ),
        (CategoryMergedIntoItself, {"category": other, "into": other, "by": cast.head}),
        (CategoryMergedIntoItself, {"category": cast.medical, "into": cast.gloves_category, "by": cast.head}),
    ]
    for refusal, facts in cases:
        with pytest.raises(refusal), transaction.atomic():
            merge_categories(**facts, at=NOW)  # type: ignore[arg-type]
    merge_categories(category=cast.gloves_category, into=other, by=cast.head, at=NOW)
    for category, into in ((cast.gloves_category, other), (other, cast.gloves_category)):
        with pytest.raises(CategoryIsMerged), transaction.atomic():
            merge_categories(category=category, into=into, by=cast.head, at=NOW)


def test_nothing_new_comes_to_what_has_been_merged(cast: Cast, other: Category) -> None:
    merge_categories(category=cast.gloves_category, into=other, by=cast.head, at=NOW)
    with pytest.raises(RowRefused, match="finns inte i registret"):
        add_row(
            register=REGISTERS["posts"],
            cells={"category": cast.gloves_category.code, "manager": cast.manager.email},
            by=cast.head,
            at=NOW,
        )
    assert cast.gloves_category not in Category.objects.leaves()
    assert other in Category.objects.leaves()


def test_the_number_of_statements_does_not_grow(
    cast: Cast, other: Category, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _time in range(5):
        worlds.submitted(cast, (cast.gloves, 1))
    with django_assert_max_num_queries(60):
        merge_categories(category=cast.gloves_category, into=other, by=cast.head, at=NOW)


def test_the_page_says_what_moves_and_the_program_the_same(cast: Cast, other: Category) -> None:
    worlds.submitted(cast, (cast.gloves, 1))
    old, client, program = cast.gloves_category, signed_in(cast.head), Program(cast.head)
    row = f"/register/categories/{old.pk}/"
    address = f"/kategorier/{old.pk}/sla-ihop/"
    assert address in client.get(row).content.decode()
    page = text_of(client.get(address))
    assert "gå upp i en annan kategori?" in page
    preview = program.post("category-mergers/preview/", category=old.code, into=other.code).data
    assert (preview["items"], preview["lines"], preview["children"]) == (1, 1, 0)
    assert "<dt>Rader som inte är klara</dt><dd>1</dd>" in page
    assert client.post(address, {"into": "finns inte"}).status_code == 422
    with transaction.atomic():
        response = program.post("category-mergers/", category=old.code, into=other.code)
        assert (response.status_code, response.data["into"]) == (201, other.code)
        transaction.set_rollback(True)
    answer = client.post(address, {"into": other.code}, follow=True)
    assert "Ingår i Annat från och med" in text_of(answer)
    assert address not in answer.content.decode()
    assert program.post("category-mergers/", category=old.code, into=other.code).status_code == 409
    assert signed_in(cast.manager).get(address).status_code == 403
    assert (
        Program(cast.manager).post("category-mergers/preview/", category="10", into="99").status_code == 403
    )


def test_a_category_is_renamed_and_moved_with_what_waits(cast: Cast, other: Category) -> None:
    """The register itself renames and moves; a received line keeps the branch of its day."""
    received = worlds.received(cast, (cast.gloves, 1)).lines.get()
    lineage = ReceiptLine.objects.get(pk=received.pk).category_lineage
    line = worlds.submitted(cast, (cast.gloves, 1)).lines.get()
    program, address = Program(cast.head), f"registers/categories/{cast.gloves_category.pk}/"
    change = {"name": "Handskar och mer", "parent": other.code}
    moves = program.post(f"{address}preview/", values=change).data["moves"]
    assert moves == ["1 rad som väntar flyttas till den som ansvarar då."]
    assert program.client.patch(f"/api/v1/{address}", {"values": change}, format="json").status_code == 200
    line.refresh_from_db()
    assert line.responsible == cast.office_deputy
    assert ReceiptLine.objects.get(pk=received.pk).category_lineage == lineage
    assert Category.objects.get(pk=cast.gloves_category.pk).lineage == [other.pk, cast.gloves_category.pk]
