"""Merge a category into another: what is bought in it goes there, who answers for that one answers for it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from django.contrib.postgres.fields import DateRangeField
from django.db.models import Exists, F, Func, Model, OuterRef, Q, QuerySet, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agreements.models import Agreement, Threshold
from audit import trail
from catalog.models import Item
from categories.events import Event
from categories.models import Category, CategoryAssignment, CategoryPolicy
from categories.operations.tree import settle_tree
from categories.permissions import can_assign_category
from core.errors import InvalidInput, WrongState
from core.transactions import operation
from core.verdicts import require
from organizations.models import User
from procurement.models import Requisition, RequisitionLine
from procurement.operations.rerouting import move_waiting
from procurement.states import DELIVERABLE, UNDECIDED, LineStatus

M = TypeVar("M", bound=Model)
LIVE = (LineStatus.DRAFT, *UNDECIDED, LineStatus.APPROVED, *DELIVERABLE)
"""Lines that somebody has something left to do with."""


class CategoryMergedIntoItself(InvalidInput):
    """A category is merged into another one, which does not lie below it."""

    code = "category_merged_into_itself"
    sentence = _("Välj en annan kategori, som inte ligger under den som slås ihop.")


class CategoryIsMerged(WrongState):
    """What has been merged is not merged again, and nothing goes there."""

    code = "category_is_merged"
    sentence = _("%(category)s har redan slagits ihop med en annan kategori.")


@dataclass(frozen=True, slots=True)
class MergingCategories:
    """What a merger moves, in numbers."""

    items: int
    agreements: int
    lines: int
    children: int
    posts: int
    policies: int


def merging_of_category(category: Category, *, day: date) -> MergingCategories:
    """Say what a merger of the category would move, to be shown before it is done."""
    return MergingCategories(
        items=Item.objects.filter(category=category).count(),
        agreements=not_over(Agreement.objects.filter(category=category), day).count(),
        lines=_live(category).exclude(status=LineStatus.DRAFT).count(),
        children=Category.objects.open().filter(parent=category).count(),
        posts=not_over(CategoryAssignment.objects.filter(category=category), day).count(),
        policies=not_over(CategoryPolicy.objects.filter(category=category), day).count(),
    )


@operation
def merge_categories(*, category: Category, into: Category, by: User | None, at: datetime) -> Category:
    """
    Merge a category into another from today on.

    Items, the agreements that go on, the lines that are not over and the categories below it go along; its posts, policies and
    thresholds end, and those of the other hold. What has been received keeps the category of its day.

    :param by: None for what was planned by somebody who might.
    :raises NotPermitted: she is not head of procurement.
    :raises InvalidInput: it is the same category, or one below it.
    :raises CategoryIsMerged: one of them has been merged already.
    """
    day = timezone.localdate(at)
    ids = [category.pk, into.pk]
    locked = (
        Category.objects.select_for_update(no_key=True, of=("self",))
        .select_related("account")
        .filter(pk__in=ids)
        .order_by("pk")
        .in_bulk()
    )
    if by is not None:
        require(can_assign_category(by, at=at))
    category, into = locked[category.pk], locked[into.pk]
    if category.pk in into.lineage:
        raise CategoryMergedIntoItself
    for each in (category, into):
        if each.merged_into_id is not None:
            raise CategoryIsMerged(category=each.name)
    moving = merging_of_category(category, day=day)
    _move_lines(category, into)
    Item.objects.filter(category=category).update(category=into)
    not_over(Agreement.objects.filter(category=category), day).update(category=into)
    for model in (CategoryAssignment, CategoryPolicy, Threshold):
        end_before(model.objects.filter(category=category), day)
    Category.objects.filter(parent=category).update(parent=into)
    category.closed_date, category.merged_into = day, into
    category.save(update_fields=["closed_date", "merged_into"])
    settle_tree()
    trail.record(
        Event.CATEGORY_MERGED,
        subject=category,
        by=by,
        at=at,
        to=into.name,
        items=moving.items,
        agreements=moving.agreements,
        lines=moving.lines,
    )
    move_waiting(by=by, at=at)
    return category


def _live(category: Category) -> QuerySet[RequisitionLine]:
    return RequisitionLine.objects.filter(category=category, status__in=LIVE)


def _move_lines(category: Category, into: Category) -> None:
    """Let the lines go along; the account of those that wait is the new category's, unless somebody has chosen one."""
    lines = _live(category)
    locked_lines = (
        Requisition.objects.locked().filter(Exists(lines.filter(requisition=OuterRef("pk")))).order_by("pk")
    )
    list(locked_lines.values_list("pk", flat=True))
    lines.filter(status__in=[LineStatus.DRAFT, *UNDECIDED], is_account_chosen=False).update(
        account=into.account
    )
    lines.update(category=into)


def not_over(rows: QuerySet[M], day: date) -> QuerySet[M]:
    """Those that are in force on the day, or will be."""
    return rows.filter(Q(valid_during__endswith__gt=day) | Q(valid_during__upper_inf=True))


def end_before(rows: QuerySet[M], day: date) -> None:
    """Let the day before be the last day of what is in force, and take away what has not begun."""
    rows.filter(valid_during__startswith__gte=day).delete()
    until = Func(
        Func(F("valid_during"), function="lower"),
        Value(day),
        function="daterange",
        output_field=DateRangeField(),
    )
    not_over(rows, day).update(valid_during=until)
