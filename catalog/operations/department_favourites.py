"""
Keep the list that a department shares: put items on it, take them off, and say in which order they stand.

Those who order for the department keep it, and everybody with a role there sees it; so each act is in the trail. The list
is locked by its department, so that two who fill it at once put each item there once, and no two in the same place.
"""

from datetime import datetime

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from audit import trail
from catalog import permissions
from catalog.events import Event
from catalog.models import DepartmentFavourite, Item
from core.errors import WrongState
from core.transactions import operation
from core.verdicts import require
from organizations.models import Department, User

MOST_SHARED = 150


class TooManyShared(WrongState):
    """A list that has to be searched is no longer at hand."""

    code = "too_many_shared"
    sentence = _("Enhetens lista har redan %(most)s artiklar. Ta bort någon först.")


class NotOnTheList(WrongState):
    """Somebody else took it off."""

    code = "not_on_the_list"
    sentence = _("%(item)s finns inte längre på enhetens lista.")


@operation
def add(*, item: Item, department: Department, by: User, at: datetime) -> DepartmentFavourite:
    """
    Put an item last on the department's list; one that is there already stays where it is.

    :raises NotPermitted: she does not order for the department, or it is closed.
    :raises ItemNotInCatalogue: the catalogue does not show the item.
    :raises TooManyShared: the list is full.
    """
    department = _locked(department)
    require(permissions.can_keep_list_of(by, department, at=at))
    require(permissions.can_be_favourite(Item.objects.get(pk=item.pk)))
    shared = DepartmentFavourite.objects.filter(department=department)
    earlier = shared.filter(item=item).first()
    if earlier is not None:
        return earlier
    if shared.count() >= MOST_SHARED:
        raise TooManyShared(most=MOST_SHARED)
    last = shared.aggregate(last=Max("position"))["last"] or 0
    favourite = DepartmentFavourite.objects.create(
        department=department, item=item, position=last + 1, added_by=by, added_at=at
    )
    trail.record(Event.SHARED_ITEM_ADDED, subject=department, by=by, at=at, item=item.swedish_name)
    return favourite


@operation
def remove(*, item: Item, department: Department, by: User, at: datetime) -> bool:
    """
    Take an item off the department's list, whatever has become of it.

    :returns: whether it was there.
    :raises NotPermitted: she does not order for the department, or it is closed.
    """
    department = _locked(department)
    require(permissions.can_keep_list_of(by, department, at=at))
    count, _by_model = DepartmentFavourite.objects.filter(department=department, item=item).delete()
    if count:
        trail.record(Event.SHARED_ITEM_REMOVED, subject=department, by=by, at=at, item=item.swedish_name)
    return count > 0


@operation
def move(*, item: Item, department: Department, is_up: bool, by: User, at: datetime) -> DepartmentFavourite:
    """
    Let an item change places with the one above or below it; the first stays first, and the last last.

    :raises NotPermitted: she does not order for the department, or it is closed.
    :raises NotOnTheList: the item is not on the list.
    """
    department = _locked(department)
    require(permissions.can_keep_list_of(by, department, at=at))
    shared = DepartmentFavourite.objects.filter(department=department)
    favourite = shared.filter(item=item).first()
    if favourite is None:
        raise NotOnTheList(item=item.names)
    beside = (
        shared.filter(position__lt=favourite.position).order_by("-position").first()
        if is_up
        else shared.filter(position__gt=favourite.position).order_by("position").first()
    )
    if beside is not None:
        favourite.position, beside.position = beside.position, favourite.position
        DepartmentFavourite.objects.bulk_update([favourite, beside], ["position"])
        trail.record(Event.SHARED_ITEM_MOVED, subject=department, by=by, at=at, item=item.swedish_name)
    return favourite


def merge_lists(department: Department, into: Department) -> None:
    """Let the department that goes on have what stood on the list of the other, last. Used inside an operation."""
    target_rows = DepartmentFavourite.objects.filter(department=into)
    item_ids = set(target_rows.values_list("item_id", flat=True))
    last = target_rows.aggregate(last=Max("position"))["last"] or 0
    source_rows = DepartmentFavourite.objects.filter(department=department)
    rows = list(source_rows.exclude(item__in=item_ids).order_by("position"))
    for position, each in enumerate(rows, start=last + 1):
        each.department, each.position = into, position
    DepartmentFavourite.objects.bulk_update(rows, ["department", "position"])
    source_rows.delete()


def _locked(department: Department) -> Department:
    """Lock the list by its department."""
    return Department.objects.select_for_update(of=("self",), no_key=True).get(pk=department.pk)
