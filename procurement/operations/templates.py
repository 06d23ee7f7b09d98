"""
Order templates: make, change, fill into a basket, and let go of them.

A template orders nothing. It is its department's: whoever orders for the department uses and changes it; those who keep it
are reminded. It is locked after its department when it is changed, and after the basket when it is filled in.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import trail
from core.errors import InvalidInput, WrongState
from core.transactions import operation
from core.verdicts import require
from organizations.models import DeliveryPlace, Department, User
from organizations.permissions import roles_on
from procurement import permissions
from procurement.events import Event
from procurement.gates import unit_names
from procurement.models import OrderTemplate, Requisition, TemplateKeeper, TemplateLine
from procurement.models.templates import LONGEST_NAME, LONGEST_NOTES
from procurement.operations.baskets import PlaceOfAnotherDepartment, locked_basket
from procurement.operations.copying import Copied, put_all
from procurement.operations.filling import Wish, quantity_by_item

MOST_TEMPLATES = 60


class TemplateNeedsName(InvalidInput):
    """A template is found by its name."""

    code = "template_needs_name"
    sentence = _("Ge mallen ett namn.")


class TemplateTextTooLong(InvalidInput):
    """What is kept is what was written."""

    code = "template_text_too_long"
    sentence = _("Namnet får ha högst %(name)s tecken och anteckningen högst %(notes)s.")


class TemplateNameTaken(InvalidInput):
    """Two templates of a department are told apart by their names."""

    code = "template_name_taken"
    sentence = _("Enheten har redan en mall som heter %(name)s.")


class TooManyTemplates(WrongState):
    """A list that has to be searched is no longer at hand."""

    code = "too_many_templates"
    sentence = _("Enheten har redan %(most)s mallar. Ta bort någon först.")


class ReminderIsOne(InvalidInput):
    """A template reminds on a weekday or on a day of the month."""

    code = "reminder_is_one"
    sentence = _("Välj en veckodag eller en dag i månaden att påminna.")


class ItemInTwoUnits(InvalidInput):
    """An item stands once in a template, in one order unit."""

    code = "item_in_two_units"
    sentence = _(
        "%(item)s står i både %(unit)s och %(other)s. En mall har varje artikel i en enhet: behåll den ena."
    )


class TemplateHasChanged(WrongState):
    """Somebody else has changed it since it was looked at."""

    code = "template_has_changed"
    sentence = _("%(person)s har ändrat mallen sedan du öppnade den. Titta på den igen innan du sparar.")


class TemplateIsGone(WrongState):
    """Somebody else has removed it."""

    code = "template_is_gone"
    sentence = _("Mallen är borttagen.")


@dataclass(frozen=True, slots=True)
class TemplateFacts:
    """What a template says beside its items; at most one of the days."""

    name: str
    delivery_place: DeliveryPlace | None = None
    notes: str = ""
    remind_weekday: int | None = None
    remind_month_day: int | None = None


@operation
def make_template(
    *, department: Department, facts: TemplateFacts, wishes: Iterable[Wish], by: User, at: datetime
) -> OrderTemplate:
    """
    Make a template for a department; whoever makes it keeps it. It may be empty at first.

    :raises NotPermitted: she does not order for the department.
    :raises InvalidInput: name, place, day or a quantity cannot be.
    :raises TooManyTemplates: the department has as many as can be looked through.
    """
    department = _locked_department(department.pk)
    require(permissions.can_order_anew_for(by, department, at=at))
    own_templates = OrderTemplate.objects.filter(department=department)
    if own_templates.count() >= MOST_TEMPLATES:
        raise TooManyTemplates(most=MOST_TEMPLATES)
    template = OrderTemplate(department=department, changed_by=by, changed_at=at)
    _write(template, facts, at=at)
    template.save()
    lines = _write_lines(template, wishes)
    TemplateKeeper.objects.create(template=template, person=by)
    trail.record(Event.TEMPLATE_MADE, subject=template, by=by, at=at, department=department.name, lines=lines)
    return template


@operation
def change_template(
    *,
    template: OrderTemplate,
    version: int,
    facts: TemplateFacts,
    wishes: Sequence[Wish],
    by: User,
    at: datetime,
) -> OrderTemplate:
    """
    Change what a template says and holds; its items are those of ``wishes``, in that order.

    :param version: of the template that she looked at.
    :raises NotPermitted: she does not order for the department.
    :raises TemplateHasChanged: somebody else has changed it since.
    :raises TemplateIsGone: somebody else has removed it.
    :raises InvalidInput: name, place, day or a quantity cannot be.
    """
    template = _locked(template, by=by, at=at)
    if template.version != version:
        raise TemplateHasChanged(person=template.changed_by.full_name)
    _write(template, facts, at=at)
    template.version += 1
    template.changed_by, template.changed_at = by, at
    template.save()
    template.lines.all().delete()
    lines = _write_lines(template, wishes)
    trail.record(
        Event.TEMPLATE_CHANGED,
        subject=template,
        by=by,
        at=at,
        department=template.department.name,
        lines=lines,
    )
    return template


@operation
def remove_template(*, template: OrderTemplate, by: User, at: datetime) -> None:
    """
    Let go of a template for everybody.

    :raises NotPermitted: she does not order for the department.
    :raises TemplateIsGone: somebody else has removed it.
    """
    template = _locked(template, by=by, at=at)
    lines = template.lines.count()
    trail.record(
        Event.TEMPLATE_REMOVED,
        subject=template,
        by=by,
        at=at,
        department=template.department.name,
        lines=lines,
    )
    template.lines.all().delete()
    template.keepers.all().delete()
    template.delete()


@operation
def keep_template(*, template: OrderTemplate, is_kept: bool, by: User, at: datetime) -> None:
    """
    Take upon oneself to keep a template and be reminded of it, or cease to.

    :raises NotPermitted: she does not order for the department.
    :raises TemplateIsGone: somebody else has removed it.
    """
    template = _locked(template, by=by, at=at)
    if is_kept:
        TemplateKeeper.objects.get_or_create(template=template, person=by)
    else:
        template.keepers.filter(person=by).delete()


@operation
def fill_from_template(
    *, template: OrderTemplate, basket: Requisition, wishes: Iterable[Wish], by: User, at: datetime
) -> Copied:
    """
    Put what she has chosen of a template in her basket; more of what is there already adds up.

    An empty basket is delivered where the template says, if goods are received there.

    :raises NotPermitted: the basket is not hers, or she does not order for the template's department.
    :raises TemplateIsGone: somebody else has removed it.
    :raises NothingChosen: nothing was chosen.
    """
    basket = locked_basket(basket, by=by, at=at)
    templates = OrderTemplate.objects.select_for_update(of=("self",), no_key=True).select_related(
        "department", "delivery_place"
    )
    locked = templates.filter(pk=template.pk).first()
    if locked is None:
        raise TemplateIsGone
    require(permissions.can_order_anew_for(by, locked.department, at=at))
    is_empty = not basket.lines.exists()
    copied = put_all(basket, quantity_by_item(wishes), at=at, adds_up=True)
    place = locked.delivery_place
    if (
        is_empty
        and place is not None
        and place.department_id == basket.department_id
        and place.is_open_on(timezone.localdate(at))
    ):
        basket.delivery_place = place
        basket.save(update_fields=["delivery_place"])
    locked.filled_by, locked.filled_at = by, at
    locked.save(update_fields=["filled_by", "filled_at"])
    count = len(copied.lines) + len(copied.increased)
    trail.record(
        Event.TEMPLATE_FILLED, subject=locked, by=by, at=at, department=locked.department.name, lines=count
    )
    return copied


def move_templates(department: Department, into: Department) -> None:
    """
    Let the department that goes on have the templates of the other, under names that tell them apart.

    Where goods were put down in the old one, they are in the new one's place of the same name. Used inside an operation.
    """
    places = {place.name: place for place in DeliveryPlace.objects.filter(department=into, closed_date=None)}
    taken_names = {
        name.lower() for name in OrderTemplate.objects.filter(department=into).values_list("name", flat=True)
    }
    templates = list(
        OrderTemplate.objects.filter(department=department).select_related("delivery_place").order_by("pk")
    )
    for template in templates:
        template.department = into
        template.name = _free_name(template.name, department.name, taken_names)
        taken_names.add(template.name.lower())
        if template.delivery_place is not None:
            template.delivery_place = places.get(template.delivery_place.name)
    OrderTemplate.objects.bulk_update(templates, ["department", "name", "delivery_place"])


def hand_over_templates(user: User, successor: User, *, at: datetime) -> int:
    """Let the successor keep the templates of departments that she orders for. Used inside an operation."""
    orders_for = roles_on(successor, timezone.localdate(at)).orders_for
    keepers = TemplateKeeper.objects.filter(person=user)
    movable = keepers.filter(template__department__in=list(orders_for))
    count = movable.exclude(template__keepers__person=successor).update(person=successor)
    keepers.delete()
    return count


def _write(template: OrderTemplate, facts: TemplateFacts, *, at: datetime) -> None:
    name, notes = " ".join(facts.name.split()), facts.notes.strip()
    if not name:
        raise TemplateNeedsName
    if len(name) > LONGEST_NAME or len(notes) > LONGEST_NOTES:
        raise TemplateTextTooLong(name=LONGEST_NAME, notes=LONGEST_NOTES)
    others = OrderTemplate.objects.filter(department=template.department).exclude(pk=template.pk)
    if others.filter(name__iexact=name).exists():
        raise TemplateNameTaken(name=name)
    if facts.remind_weekday is not None and facts.remind_month_day is not None:
        raise ReminderIsOne
    if facts.remind_weekday not in (None, *range(1, 8)) or facts.remind_month_day not in (
        None,
        *range(1, 32),
    ):
        raise ReminderIsOne
    place = facts.delivery_place
    if place is not None and place.department_id != template.department_id:
        raise PlaceOfAnotherDepartment
    template.name, template.notes, template.delivery_place = name, notes, place
    template.remind_weekday, template.remind_month_day = facts.remind_weekday, facts.remind_month_day


def _write_lines(template: OrderTemplate, wishes: Iterable[Wish]) -> int:
    wish_list = list(wishes)
    units: dict[int, str] = {}
    for wish in wish_list:
        unit = wish.unit or wish.item.order_unit
        first = units.setdefault(wish.item.pk, unit)
        if unit != first:
            raise ItemInTwoUnits(item=wish.item.names, unit=unit_names(first), other=unit_names(unit))
    lines = [
        TemplateLine(
            template=template, item=item, position=position, quantity=quantity, unit=unit or item.order_unit
        )
        for position, ((item, unit), quantity) in enumerate(
            (quantity_by_item(wish_list) if wish_list else {}).items(), start=1
        )
    ]
    TemplateLine.objects.bulk_create(lines)
    return len(lines)


def _locked(template: OrderTemplate, *, by: User, at: datetime) -> OrderTemplate:
    """Lock the template after its department, and see to it that she may change it."""
    place = OrderTemplate.objects.filter(pk=template.pk).values_list("department", flat=True).first()
    if place is None:
        raise TemplateIsGone
    department = _locked_department(place)
    templates = OrderTemplate.objects.select_for_update(of=("self",), no_key=True).select_related(
        "department", "changed_by"
    )
    locked = templates.filter(pk=template.pk, department=department).first()
    if locked is None:
        raise TemplateIsGone
    require(permissions.can_order_anew_for(by, locked.department, at=at))
    return locked


def _locked_department(pk: int) -> Department:
    return Department.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)


def _free_name(name: str, department: str, taken_names: set[str]) -> str:
    """The name, with the old department's after it when the new one has such a template, numbered when it must be."""
    candidate, number = name, 1
    while candidate.lower() in taken_names:
        end = f" ({department})" if number == 1 else f" ({department} {number})"
        candidate, number = f"{name[: LONGEST_NAME - len(end)]}{end}"[-LONGEST_NAME:], number + 1
    return candidate
