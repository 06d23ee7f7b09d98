"""
Where an item goes in its life cycle: assessed, on trial, standard, phasing out, retired; `recalls` blocks it.

The table of transitions says what may follow what, the database what an item must have in each state. Those who have an
item in a basket or as a favourite are told when it leaves, by the clock if need be.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import trail
from catalog.events import Event
from catalog.models import DepartmentFavourite, Equivalence, Favourite, Item, Substitution
from catalog.permissions import can_manage_item
from catalog.refusals import (
    LARGEST_FACTOR,
    SENTENCES,
    SMALLEST_FACTOR,
    ConditionMissing,
    FactorOutOfRange,
    ReplacementMissing,
    StatusOutOfOrder,
    SubstitutedByItself,
    TrialHasNoDepartments,
    TrialHasNoEnd,
)
from catalog.replacements import replacements_of
from catalog.states import ITEM_TRANSITIONS, ItemStatus
from core.addresses import address_of
from core.errors import InvalidInput, WrongState
from core.ordering import swedish_key
from core.states import move
from core.transactions import operation
from core.verdicts import require
from core.wakeups import wake
from notices.operations.putting_away import put_away
from notices.operations.telling import News, tell
from organizations.models import Department, User
from procurement.models import RequisitionLine, TemplateLine
from procurement.notices import LEAVING
from procurement.operations.trials import going_on, replace_trials, tell_of_change, tell_of_end
from procurement.orderers import keepers_of, orderers_of
from procurement.states import DELIVERABLE, UNDECIDED, LineStatus

UNDER_WAY = (*UNDECIDED, LineStatus.APPROVED, *DELIVERABLE)
"""While a line is in one of these its item is on its way to somebody."""


class EndsInThePast(InvalidInput):
    """A trial, or a last order date, lies ahead."""

    code = "item_day_in_the_past"
    sentence = _("Dagen har redan varit.")


class ReplacementCannotBeOrdered(InvalidInput):
    """What is to be taken instead can be ordered by everybody."""

    code = "item_replacement_not_standard"
    sentence = _("%(item)s är inte standard och kan inte ersätta något som utgår.")


class SomethingIsOnItsWay(WrongState):
    """An item retires when nothing of it is asked for or on its way any more."""

    code = "item_is_on_its_way"
    sentence = _("Något av artikeln är beställt eller väntar på beslut. Den utgår när inget är på väg.")


@operation
def assess(*, item: Item, by: User, at: datetime, comment: str = "") -> Item:
    """
    Begin to assess what somebody has proposed.

    :raises NotPermitted: somebody else answers for the category.
    :raises StatusOutOfOrder: it is past that.
    """
    item = _locked(item, by=by, at=at)
    _move(item, to=ItemStatus.ASSESSED)
    item.save(update_fields=["status"])
    trail.record(Event.ITEM_ASSESSED, subject=item, by=by, at=at, comment=comment)
    return item


@operation
def start_trial(
    *,
    item: Item,
    departments: Sequence[Department],
    first_date: date,
    last_date: date,
    by: User,
    at: datetime,
    comment: str = "",
) -> Item:
    """
    Let named departments try an item from a first day through a last; nobody else can order it.

    While it is on trial already, the departments and days take the place of those that were said from today on. Those who
    order for departments that begin, go on or are left out are told.

    :raises NotPermitted: somebody else answers for the category.
    :raises InvalidInput: there are no departments, or the days are over or the wrong way round.
    :raises StatusOutOfOrder: it is not assessed.
    """
    item = _locked(item, by=by, at=at)
    day = timezone.localdate(at)
    if not departments:
        raise TrialHasNoDepartments
    if last_date < first_date:
        raise TrialHasNoEnd
    if last_date < day:
        raise EndsInThePast
    is_on_trial = item.status == ItemStatus.TRIAL
    if not is_on_trial:
        _move(item, to=ItemStatus.TRIAL)
    departments, before = list(dict.fromkeys(departments)), going_on(item, day)
    begins = max(first_date, day) if is_on_trial else first_date
    replace_trials(item, departments, DateRange(begins, last_date + timedelta(days=1)))
    Item.objects.filter(pk=item.pk).update(status=ItemStatus.TRIAL)
    trail.record(
        Event.TRIAL_PROLONGED if is_on_trial else Event.TRIAL_STARTED,
        subject=item,
        by=by,
        at=at,
        departments=", ".join(sorted((department.name for department in departments), key=swedish_key)),
        from_date=begins.isoformat(),
        last_date=last_date.isoformat(),
        comment=comment,
    )
    tell_of_change(item, before, by=by, at=at, comment=comment)
    item.refresh_from_db()
    return item


@operation
def decide_standard(*, item: Item, by: User, at: datetime, comment: str = "") -> Item:
    """
    Take an item into the standard assortment, after an assessment or a trial, or back while it was leaving.

    :raises NotPermitted: somebody else answers for the category.
    :raises StatusOutOfOrder: it is in a state that does not lead there.
    """
    item = _locked(item, by=by, at=at)
    before = item.status
    if before == ItemStatus.BLOCKED:
        raise _out_of_order(item, ItemStatus.STANDARD)
    _move(item, to=ItemStatus.STANDARD)
    item.last_order_date = item.told_last_order_date = None
    item.save(update_fields=["status", "last_order_date", "told_last_order_date"])
    put_away([LEAVING], addresses=[address_of(item)], at=at)
    trail.record(Event.ITEM_STANDARD, subject=item, by=by, at=at, before=before, comment=comment)
    if before == ItemStatus.TRIAL:
        tell_of_end(item, "standard", by=by, at=at, comment=comment)
    return item


@operation
def phase_out(
    *,
    item: Item,
    replacement: Item,
    last_order_date: date,
    by: User,
    at: datetime,
    factor: Decimal = Decimal(1),
    equivalence: Equivalence = Equivalence.FULL,
    note: str = "",
    comment: str = "",
) -> Item:
    """
    Let an item leave: it can be ordered through its last day, and another replaces it from today on.

    :param factor: order units of the new one for each of the old.
    :raises NotPermitted: somebody else answers for the category.
    :raises InvalidInput: the day is over; the replacement is the item itself, not standard, or leads back to the item; the factor
        cannot be, or there is no condition where one is needed.
    :raises StatusOutOfOrder: it is not standard.
    """
    item, replacement = _locked_pair(item, replacement, by=by, at=at)
    day = timezone.localdate(at)
    _check_leaving(item, replacement, last_order_date, equivalence, day=day)
    _check_terms(factor, equivalence, note)
    _move(item, to=ItemStatus.PHASING_OUT)
    _replace(item, replacement, last_order_date, factor=factor, equivalence=equivalence, note=note, day=day)
    item.last_order_date = last_order_date
    item.save(update_fields=["status", "last_order_date"])
    trail.record(
        Event.PHASED_OUT,
        subject=item,
        by=by,
        at=at,
        last_date=last_order_date.isoformat(),
        replacement=replacement.swedish_name,
        conversion=str(factor),
        comment=comment,
    )
    wake("procurement.look_after_assortment")
    return item


def _check_leaving(
    item: Item, replacement: Item, last_order_date: date, equivalence: Equivalence, *, day: date
) -> None:
    if last_order_date < day:
        raise EndsInThePast
    if replacement.pk == item.pk:
        raise SubstitutedByItself
    if equivalence == Equivalence.CRISIS_ONLY:
        raise ReplacementMissing
    if replacement.status != ItemStatus.STANDARD:
        raise ReplacementCannotBeOrdered(item=replacement.names)


def _check_terms(factor: Decimal, equivalence: Equivalence, note: str) -> None:
    if not factor.is_finite() or not SMALLEST_FACTOR <= factor <= LARGEST_FACTOR:
        raise FactorOutOfRange
    if equivalence != Equivalence.FULL and not note.strip():
        raise ConditionMissing


def _replace(
    item: Item,
    replacement: Item,
    last_order_date: date,
    *,
    factor: Decimal,
    equivalence: Equivalence,
    note: str,
    day: date,
) -> None:
    """
    Say from today on what replaces the item, unless that is said as it is.

    :raises SubstitutionCircle: the item is said to replace the other already, directly or by way of others.
    """
    terms = {"factor": factor, "equivalence": equivalence, "note": note}
    try:
        with transaction.atomic():
            _say(item, replacement, last_order_date, terms, day=day)
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
        if name not in SENTENCES:
            raise
        raise SENTENCES[name] from error


def _say(
    item: Item, replacement: Item, last_order_date: date, terms: Mapping[str, Any], *, day: date
) -> None:
    substitution = Substitution.objects.on(day).filter(from_item=item, to_item=replacement).first()
    if substitution is None:
        Substitution.objects.create(
            from_item=item, to_item=replacement, valid_during=DateRange(day, None), **terms
        )
        return
    last = substitution.valid_during.upper
    if last is not None and last <= last_order_date:
        substitution.valid_during = DateRange(substitution.valid_during.lower, None)
    for name, value in terms.items():
        setattr(substitution, name, value)
    substitution.save(update_fields=["valid_during", *terms])


@operation
def retire(*, item: Item, by: User, at: datetime, comment: str = "") -> Item:
    """
    Take an item out for good: a proposal or a trial that came to nothing, what has left, or what stays blocked.

    :raises NotPermitted: somebody else answers for the category.
    :raises StatusOutOfOrder: it is standard, and has to be phased out first.
    :raises SomethingIsOnItsWay: it is leaving, and something of it is asked for or on its way.
    """
    item = _locked(item, by=by, at=at)
    before = item.status
    _move(item, to=ItemStatus.RETIRED)
    if Item.objects.filter(is_on_its_way(), pk=item.pk).exclude(status=ItemStatus.BLOCKED).exists():
        raise SomethingIsOnItsWay
    item.save(update_fields=["status"])
    trail.record(Event.ITEM_RETIRED, subject=item, by=by, at=at, comment=comment)
    if before == ItemStatus.TRIAL:
        tell_of_end(item, "retired", by=by, at=at, comment=comment)
    return item


@operation
def retire_due(*, at: datetime) -> int:
    """Retire what has passed its last order date and of which nothing is on its way any more; how many there were."""
    leaving = Item.objects.filter(
        ~is_on_its_way(), status=ItemStatus.PHASING_OUT, last_order_date__lt=timezone.localdate(at)
    )
    due = list(leaving.select_for_update(of=("self",), no_key=True, skip_locked=True).order_by("pk"))
    for item in due:
        _move(item, to=ItemStatus.RETIRED)
    Item.objects.bulk_update(due, ["status"])
    trail.record_many(Event.ITEM_RETIRED, subjects=due, by=None, at=at, rule="last_order_date")
    return len(due)


@operation
def tell_of_leaving(*, at: datetime) -> int:
    """
    Tell those who have a leaving item in a basket, a template or as a favourite until when it can be ordered, and what replaces it.

    Once for each last order date, however it came about; how many items there were.
    """
    untold = (
        Item.objects.filter(status=ItemStatus.PHASING_OUT)
        .exclude(told_last_order_date=F("last_order_date"))
        .select_for_update(of=("self",), no_key=True, skip_locked=True)
        .order_by("pk")
    )
    items = {item.pk: item for item in untold}
    if not items:
        return 0
    day = timezone.localdate(at)
    replacements = replacements_of(items.values(), day=day)
    baskets = RequisitionLine.objects.filter(status=LineStatus.DRAFT, item__in=items)
    shared = DepartmentFavourite.objects.filter(item__in=items).values_list("item_id", "department_id")
    templates = TemplateLine.objects.filter(item__in=items).select_related("template")
    listed = list(templates.prefetch_related("template__keepers").order_by("pk"))
    departments = {
        *(department for _item, department in shared),
        *(each.template.department_id for each in listed),
    }
    orderers = orderers_of(departments, day)
    pairs = {
        *baskets.values_list("item_id", "requisition__requester_id"),
        *Favourite.objects.filter(item__in=items).values_list("item_id", "person_id"),
        *((item, person) for item, department in shared for person in orderers[department]),
        *((each.item_id, person) for each in listed for person in keepers_of(each.template, orderers)),
    }
    news = []
    for item_id, person_id in sorted(pairs):
        item, replacement = items[item_id], replacements.get(item_id)
        facts = {
            "what": item.swedish_name,
            "number": item.number,
            "last": item.last_order_date.isoformat() if item.last_order_date else "",
            "replacement": replacement.to_item.swedish_name if replacement else "",
            "condition": replacement.condition if replacement else "",
        }
        news.append(News(person_id, LEAVING, address_of(item), facts))
    tell(news, by=None, at=at)
    Item.objects.filter(pk__in=items).update(told_last_order_date=F("last_order_date"))
    return len(items)


def is_on_its_way() -> Q:
    """Whether anything of an item is asked for, approved or ordered, and has not come."""
    lines = RequisitionLine.objects.filter(status__in=UNDER_WAY)
    return Q(Exists(lines.filter(item=OuterRef("pk")))) | Q(
        Exists(lines.filter(approved_item=OuterRef("pk")))
    )


def _locked(item: Item, *, by: User, at: datetime) -> Item:
    return _locked_pair(item, item, by=by, at=at)[0]


def _locked_pair(item: Item, other: Item, *, by: User, at: datetime) -> tuple[Item, Item]:
    """Lock an item that the person may decide about, and another that the decision leans on, in the order of their ids."""
    locked = Item.objects.select_for_update(of=("self",), no_key=True).select_related("category")
    items = {each.pk: each for each in locked.filter(pk__in={item.pk, other.pk}).order_by("pk")}
    require(can_manage_item(by, items[item.pk], at=at))
    return items[item.pk], items[other.pk]


def _move(item: Item, *, to: ItemStatus) -> None:
    if to not in ITEM_TRANSITIONS[ItemStatus(item.status)]:
        raise _out_of_order(item, to)
    move(item, to=to, transitions=ITEM_TRANSITIONS)


def _out_of_order(item: Item, to: ItemStatus) -> StatusOutOfOrder:
    return StatusOutOfOrder(before=ItemStatus(item.status).label, after=to.label)
