"""What will happen to a basket, told for the person who is about to send it: by whom, why, and when."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from catalog.permissions import can_be_ordered
from catalog.replacements import Replacement, replacements_of
from catalog.states import ItemStatus
from core import formatting, reader
from core.components import Step
from core.errors import DomainError
from core.languages import current_language
from core.ordering import swedish_key
from core.working_days import add_working_days, is_working_day
from organizations.models import Department
from procurement.models import LineKind, Requisition
from procurement.order_times import next_order_time
from procurement.planning import Plan, PlannedLine
from procurement.reasons import reasons_of
from procurement.wording import listed
from shop.direct_awards import warnings_of
from shop.division import day_for, lead_days


@dataclass(slots=True)
class Parcel:
    """A planned line on the page, with what stands in its way."""

    planned: PlannedLine
    obstacle: DomainError | None = None
    warning: str = ""
    """What is said when it would pass the direct-award limit."""
    replacement: Replacement | None = None
    """What may be taken instead of an item that leaves or is blocked."""


@dataclass(slots=True)
class Group:
    """Lines that the same person, or the same standing approval, decides."""

    title: str
    text: str
    person: str = ""
    parcels: list[Parcel] = field(default_factory=list)

    @property
    def is_direct(self) -> bool:
        """Whether nobody has to look at them."""
        return not self.person


@dataclass(frozen=True, slots=True)
class Forecast:
    """The whole of it."""

    groups: list[Group]
    steps: list[Step]
    count: int
    total: Decimal
    accounts: str
    """What the lines are booked on: codes, or code and name when there is only one."""
    lead_days: int


def forecast(plan: Plan, basket: Requisition, *, at: datetime, needed_by: date | None) -> Forecast:
    """Tell what the plan means."""
    day = timezone.localdate(at)
    return Forecast(
        groups=_groups(plan, day, basket.department),
        steps=_steps(plan, basket, at=at, needed_by=needed_by),
        count=len(plan.lines),
        total=plan.total,
        accounts=_accounts(plan),
        lead_days=lead_days(plan.lines, next_order_time(at)),
    )


def about_day(needed_by: date, *, at: datetime, lead_days: int) -> str:
    """Say which weekday it is, and whether it is reasonable: a delivery takes its time from when the region orders next."""
    day = timezone.localdate(at)
    language = current_language()
    weekday = formatting.long_day(needed_by, language=language).split()[0].capitalize()
    soonest = add_working_days(timezone.localdate(next_order_time(at)), lead_days)
    if not is_working_day(needed_by):
        first = max(add_working_days(needed_by, 1), soonest)
        nearest = formatting.weekday_day(first, day, language=language)
        return _("%(weekday)s, ledig dag. Leveransen kommer tidigast %(nearest)s.") % {
            "weekday": weekday,
            "nearest": nearest,
        }
    if needed_by < soonest:
        soon = formatting.weekday_day(soonest, day, language=language)
        return _("%(weekday)s. Det kan bli svårt att hinna, normalt kommer leveransen %(day)s.") % {
            "weekday": weekday,
            "day": soon,
        }
    return ngettext(
        "%(weekday)s. Normal leverans tar %(count)s arbetsdag.",
        "%(weekday)s. Normal leverans tar %(count)s arbetsdagar.",
        lead_days,
    ) % {"weekday": weekday, "count": lead_days}


def _accounts(plan: Plan) -> str:
    """What the lines are booked on: their own accounts, or their categories'."""
    booked = {each.line.account or (each.category.account if each.category else None) for each in plan.lines}
    accounts = sorted(filter(None, booked), key=lambda account: (len(account.code), account.code))
    if len(accounts) == 1:
        return f"{accounts[0]}."
    return f"{listed([account.code for account in accounts])}." if accounts else ""


def _groups(plan: Plan, day: date, department: Department) -> list[Group]:
    by_person: dict[int, list[PlannedLine]] = defaultdict(list)
    for each in plan.lines:
        by_person[0 if each.policy else each.route.responsible.pk if each.route else -1].append(each)
    items = [each.line.item for each in plan.lines if each.line.item is not None]
    replacements = replacements_of(items, day=day)
    warnings = warnings_of(plan.lines, department, day=day)
    groups = []
    for key in sorted(by_person, key=lambda key: (key != 0, key == -1)):
        lines = by_person[key]
        group = _direct_group(lines) if key == 0 else _person_group(lines, day)
        group.parcels = [
            Parcel(
                each,
                _obstacle(each, day, department.pk),
                warnings.get(each.line.pk, ""),
                replacements.get(each.line.item_id or 0),
            )
            for each in lines
        ]
        groups.append(group)
    return groups


def _obstacle(planned: PlannedLine, day: date, department_id: int) -> DomainError | None:
    """Why an item that lay in the basket can no longer be ordered."""
    item = planned.line.item
    if item is None:
        return None
    return can_be_ordered(item, day=day, department_id=department_id).refusal


def _direct_group(lines: list[PlannedLine]) -> Group:
    setters = sorted({each.policy.set_by.full_name for each in lines if each.policy}, key=swedish_key)
    language = current_language()
    limits: dict[Decimal, list[str]] = defaultdict(list)
    for each in lines:
        if each.standing_limit is not None and each.category is not None:
            limits[each.standing_limit].append(str(each.category))
    words = [
        _("%(categories)s under %(limit)s")
        % {
            "categories": listed(sorted(set(names), key=swedish_key)),
            "limit": formatting.kr(limit, 0, language=language),
        }
        for limit, names in sorted(limits.items())
    ]
    text = _("Standardartiklar till avtalspris: %(limits)s. Stående godkännande av %(names)s.") % {
        "limits": "; ".join(words),
        "names": listed(setters),
    }
    return Group(
        title=rows_in_words(len(lines), _("En rad beslutas direkt"), _("%(count)s rader beslutas direkt")),
        text=text,
    )


def _person_group(lines: list[PlannedLine], day: date) -> Group:
    route = lines[0].route
    if route is None:
        return Group(
            title=_("Ingen kan besluta"),
            person="?",
            text=_("Ingen annan än du kan besluta om raden. Ta bort den eller hör av dig till inköp."),
        )
    language = current_language()
    name = route.responsible.full_name
    answer = formatting.day(max(each.response_due_date for each in lines), day, language=language)
    reasons = list(dict.fromkeys(_why_not_direct(each) for each in lines))
    reasons += reasons_of(each.route for each in lines if each.route)
    reasons.append(_("Svar senast %(day)s.") % {"day": answer})
    title = rows_in_words(
        len(lines), _("%(name)s beslutar en rad"), _("%(name)s beslutar %(count)s rader"), name=name
    )
    return Group(title=title, text=" ".join(filter(None, reasons)), person=name)


NOT_STANDARD = {
    ItemStatus.PHASING_OUT: gettext_lazy("Artikeln är inte standard längre."),
    ItemStatus.TRIAL: gettext_lazy("Artikeln är på prov."),
}


def _why_not_direct(planned: PlannedLine) -> str:
    line = planned.line
    if line.kind == LineKind.FREE_TEXT:
        return _("Behovet finns inte i sortimentet.")
    if line.kind == LineKind.SERVICE:
        return _("Tjänster prövas alltid.")
    if planned.price is None or planned.price.agreement_id is None:
        return _("Artikeln saknar avtal.")
    if planned.awaits_competition:
        return _("Leverantörerna i avtalet ska tävla först.")
    if line.item is not None and line.item.status != ItemStatus.STANDARD:
        return str(
            NOT_STANDARD.get(ItemStatus(line.item.status), _("Artikeln går inte att beställa längre."))
        )
    if planned.standing_limit is not None and planned.amount >= planned.standing_limit:
        limit = reader.kr(planned.standing_limit, 0)
        return _("Raden är på %(limit)s eller mer.") % {"limit": limit}
    return ""


def _steps(plan: Plan, basket: Requisition, *, at: datetime, needed_by: date | None) -> list[Step]:
    day = timezone.localdate(at)
    language = current_language()
    direct = [each for each in plan.lines if each.policy]
    waiting = [each for each in plan.lines if not each.policy]
    steps = []
    if direct:
        steps.append(Step(_("Genast"), _direct_words(len(direct), plan, at=at)))
    names = [each.route.responsible.full_name.split()[0] for each in waiting if each.route]
    names += [attest.responsible.first_name for attest in plan.attests]
    if names:
        last = max((each.response_due_date for each in waiting), default=add_working_days(day, 2))
        people = listed(list(dict.fromkeys(names)))
        text = _("%(people)s har svarat.") % {"people": people}
        if len(plan.lines) > 1 and waiting:
            text += " " + _("En rad som dröjer stoppar inte de andra.")
        steps.append(
            Step(_("Senast %(day)s") % {"day": formatting.weekday_day(last, day, language=language)}, text)
        )
    place = basket.delivery_place.name if basket.delivery_place else basket.department.name
    arrival = needed_by or day_for(plan.lines, next_order_time(at))
    delivered = _("Leverans till %(place)s. Du tar emot och kvitterar.") % {"place": place}
    steps.append(
        Step(
            _("Senast %(day)s") % {"day": formatting.weekday_day(arrival, day, language=language)}, delivered
        )
    )
    return steps


def _direct_words(count: int, plan: Plan, *, at: datetime) -> str:
    decided = rows_in_words(count, _("En rad är beslutad."), _("%(count)s rader är beslutade."))
    if plan.attests:
        return f"{decided} " + _("Det som ska attesteras beställs när attesten är klar.")
    when = reader.moment(next_order_time(at), at, timezone.get_current_timezone())
    ordered = ngettext("Den beställs %(when)s.", "De beställs %(when)s.", count)
    return f"{decided} " + ordered % {"when": when}


def rows_in_words(count: int, one: str, many: str, **facts: str) -> str:
    """Fill in the count in words: "Fyra rader …"."""
    word = reader.in_words(count)
    text = (one if count == 1 else many) % {"count": word, **facts}
    return text[:1].upper() + text[1:]
