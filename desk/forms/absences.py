"""Forms of absence and delegation."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from categories.models import CategoryAssignment
from core.forms import DayField
from organizations.fields import PersonField
from organizations.models import Absence, DelegationScope, Membership, User


class PeriodForm(forms.Form):
    """A first and a last day, both included."""

    first_date = DayField(label=_("Första dagen"))
    last_date = DayField(label=_("Sista dagen"))

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.day = day

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins, or that is over."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("first_date"), cleaned.get("last_date")
        if first and last and last < first:
            self.add_error("last_date", _("Sista dagen är före den första"))
        elif last and last < self.day:
            self.add_error("last_date", _("Perioden har redan varit"))
        elif first and last and (last - first).days > 732:
            self.add_error("last_date", _("Perioden kan vara högst två år"))
        return cleaned

    @property
    def period(self) -> DateRange:
        """The days as a range whose upper end is left out."""
        return DateRange(self.cleaned_data["first_date"], self.cleaned_data["last_date"] + timedelta(days=1))


class AbsenceForm(PeriodForm):
    """Days away: new ones, or those of an absence that is changed."""

    def __init__(self, *args: Any, absence: Absence | None = None, **kwargs: Any) -> None:
        if absence is not None:
            last = absence.during.upper
            kwargs["initial"] = {
                "first_date": absence.during.lower,
                "last_date": last - timedelta(days=1) if last else None,
            }
        super().__init__(*args, auto_id="absence_%s", **kwargs)


class DelegationForm(PeriodForm):
    """Who acts, when and why."""

    delegate = PersonField(
        label=_("Vem går in för dig?"),
        empty_label=_("Välj person"),
        error_messages={"required": _("Välj en person")},
    )
    scope = forms.ChoiceField(
        label=_("Vad gäller det?"), choices=DelegationScope.choices, initial=DelegationScope.ALL
    )
    reason = forms.CharField(
        max_length=200,
        label=_("Varför?"),
        error_messages={"required": _("Skriv varför, det syns i spårloggen")},
    )
    field_order = ["delegate", "scope", "first_date", "last_date", "reason"]

    def __init__(self, *args: Any, delegator: User, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="delegation_%s", **kwargs)
        field = self.fields["delegate"]
        assert isinstance(field, PersonField)  # noqa: S101, declared so above
        people = User.objects.in_order().filter(is_active=True).exclude(pk=delegator.pk)
        field.offer(people, nearest=people.filter(_near_condition(delegator, self.day)))


def _near_condition(user: User, day: date) -> Q:
    """The condition that somebody has a role in the person's departments or for the region, or a category."""
    roles = Membership.objects.on(day)
    near_roles = roles.filter(Q(department__in=roles.departments_of(user, day)) | Q(department=None))
    posts = CategoryAssignment.objects.on(day)
    return (
        Q(pk__in=near_roles.values("user"))
        | Q(pk__in=posts.values("manager"))
        | Q(pk__in=posts.values("deputy"))
    )
