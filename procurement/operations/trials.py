"""Who tries an item and when, and that those who order for them are told. Used inside the operations of the life cycle."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.contrib.postgres.fields import DateRangeField
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Func, Value
from django.db.models.functions import Lower
from django.utils import timezone

from catalog.models import Item, Trial
from core.addresses import address_of
from core.ordering import swedish
from core.periods import first_day, last_day
from notices.operations.putting_away import put_away
from notices.operations.telling import News, tell
from organizations.models import Department, User
from procurement.orderers import orderers_of
from procurement.trial_notices import TRIAL


def going_on(item: Item, day: date) -> dict[int, tuple[date, date]]:
    """From which day on and until which day each department can order it, by its id; what has been is left out."""
    trials = Trial.objects.filter(item=item, valid_during__endswith__gt=day).order_by("valid_during")
    return {
        each.department_id: (max(first_day(each.valid_during), day), last_day(each.valid_during))
        for each in trials
    }


def replace_trials(item: Item, departments: Sequence[Department], during: DateRange) -> None:
    """Let what was said for these days give way; what has been stays."""
    overlapping = Trial.objects.filter(item=item, valid_during__endswith__gt=during.lower)
    overlapping.filter(valid_during__startswith__gte=during.lower).delete()
    until = Func(
        Lower("valid_during"), Value(during.lower), function="daterange", output_field=DateRangeField()
    )
    overlapping.update(valid_during=until)
    Trial.objects.bulk_create(
        Trial(item=item, department=department, valid_during=during) for department in departments
    )


def tell_of_change(
    item: Item, before: dict[int, tuple[date, date]], *, by: User, at: datetime, comment: str
) -> None:
    """Tell the departments that begin, go on until another day, or are left out since before."""
    after = going_on(item, timezone.localdate(at))
    _tell(item, "dropped", set(before) - set(after), by=by, at=at, comment=comment)
    changed: dict[tuple[date, date], list[int]] = defaultdict(list)
    for department, days in after.items():
        if days != before.get(department):
            changed[days].append(department)
    for days, same in changed.items():
        _tell(item, "begun", same, by=by, at=at, comment=comment, days=days)


def tell_of_end(item: Item, how: str, *, by: User, at: datetime, comment: str) -> None:
    """Tell those who order for departments that try it, or have tried it, what came of it: ``standard`` or ``retired``."""
    tried = Trial.objects.filter(item=item).order_by("pk").values_list("department", flat=True)
    _tell(item, how, set(tried), by=by, at=at, comment=comment)


def _tell(
    item: Item,
    how: str,
    departments: Iterable[int],
    *,
    by: User,
    at: datetime,
    comment: str,
    days: tuple[date, date] | None = None,
) -> None:
    """One notice for each person, with all of her departments that it is about."""
    department_by_id = {
        each.pk: each
        for each in Department.objects.filter(pk__in=departments).order_by(swedish("name"), "pk")
    }
    names_by_person: dict[int, list[str]] = defaultdict(list)
    ordering = orderers_of(department_by_id, timezone.localdate(at))
    for department in department_by_id.values():
        for person in ordering[department.pk]:
            names_by_person[person].append(department.name)
    first, last = (each.isoformat() for each in days) if days else ("", "")
    facts = {
        "how": how,
        "what": item.swedish_name,
        "number": item.number,
        "first": first,
        "last": last,
        "comment": comment,
    }
    # Who orders for one that begins and one that is left out is told of both.
    addresses = {each: address_of(item) + ("#provet" if each == "dropped" else "") for each in (how, "begun")}
    put_away([TRIAL], addresses=addresses.values(), recipients=names_by_person, at=at)
    tell(
        [
            News(person, TRIAL, addresses[how], {**facts, "departments": names})
            for person, names in sorted(names_by_person.items())
        ],
        by=by,
        at=at,
    )
