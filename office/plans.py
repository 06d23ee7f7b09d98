"""What is planned, in sentences: on the page of what it is about, on its own, and where somebody asks whether all is well."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from categories.models import CategoryChange
from core import reader
from core.components import Link
from core.errors import localized, telling
from organizations.models import AdministrationChange, DepartmentChange, Departure, PlannedChange
from organizations.states import PlanStatus

SHOWN = [PlanStatus.PLANNED, PlanStatus.REFUSED]


def in_words(plan: PlannedChange) -> str:
    """What is to happen, and from when."""
    day = {"day": reader.long_day(plan.from_date)}
    if isinstance(plan, Departure):
        return _("Slutar, och har inget konto från och med %(day)s. %(successor)s tar över.") % {
            **day,
            "successor": plan.successor,
        }
    assert isinstance(plan, DepartmentChange | AdministrationChange | CategoryChange)  # noqa: S101, for the types
    if plan.into is not None:
        return _("Går upp i %(into)s från och med %(day)s.") % {**day, "into": plan.into}
    parts = []
    if plan.name:
        parts.append(_("Heter %(name)s från och med %(day)s.") % {**day, "name": plan.name})
    if isinstance(plan, DepartmentChange) and plan.administration is not None:
        parts.append(_("Hör till %(to)s från och med %(day)s.") % {**day, "to": plan.administration})
    if isinstance(plan, CategoryChange):
        if plan.name_en:
            parts.append(
                _("Heter %(name)s på engelska från och med %(day)s.") % {**day, "name": plan.name_en}
            )
        if plan.parent is not None:
            parts.append(_("Ligger under %(parent)s från och med %(day)s.") % {**day, "parent": plan.parent})
    return " ".join(parts)


def note_of_plan(plan: Model, day: date) -> Sequence[Link]:
    """What has become of a plan, on its own page."""
    assert isinstance(plan, PlannedChange)  # noqa: S101, for the types
    match plan.status:
        case PlanStatus.DONE:
            assert plan.done_at is not None  # noqa: S101, the database holds it for what is done
            day_text = reader.long_day(timezone.localdate(plan.done_at))
            return [Link(_("Genomförd %(day)s.") % {"day": day_text}, "")]
        case PlanStatus.REFUSED:
            text = _("Gick inte att genomföra: %(reason)s Ändra det som behövs och välj Planerad igen.")
            return [Link(telling(text, reason=localized(plan.refusal)), "")]
    return []


def notes_of(register: str, plans: Any) -> Sequence[Link]:
    """
    What is to come for a department, an administration or a person, on its page.

    :param register: the register of the plans.
    :param plans: its plans, as a queryset.
    """
    shown_plans = plans.filter(status__in=SHOWN).order_by("from_date", "pk")
    return [
        Link(
            in_words(plan) if plan.status == PlanStatus.PLANNED else _refused_text(plan),
            reverse("registers:row", args=[register, plan.pk]),
        )
        for plan in shown_plans
    ]


def planning(register: str, **key: str) -> Link:
    """The way to plan a change of something, from its page."""
    address = reverse("registers:add", args=[register])
    return Link(_("Ändra från en viss dag"), f"{address}?{urlencode(key)}")


def _refused_text(plan: PlannedChange) -> str:
    text = _("Gick inte att genomföra: %(plan)s %(reason)s")
    return telling(text, plan=in_words(plan), reason=localized(plan.refusal))
