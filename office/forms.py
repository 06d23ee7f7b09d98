"""Forms of the office."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from categories.models import Category
from core.forms import DayField, SuggestingInput
from core.ordering import swedish
from office.registers.categories import OPEN_CATEGORY
from organizations.fields import DepartmentField, PersonField
from organizations.models import Department, User
from registers.references import choices_of


class SuccessorForm(forms.Form):
    """Who takes over from a person who leaves."""

    successor = PersonField(
        label=gettext_lazy("Vem tar över?"),
        empty_label=gettext_lazy("Välj person"),
        help_text=gettext_lazy("Den som får kategorierna och korgarna."),
        error_messages={"required": gettext_lazy("Skriv vem som tar över.")},
    )
    last_date = DayField(
        required=False,
        label=gettext_lazy("Sista dag"),
        help_text=gettext_lazy(
            "Tomt stänger kontot i dag. Med en dag som kommer stängs det efter den dagen."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people: Any = self.fields["successor"]
        people.offer(User.objects.in_order().filter(is_active=True))

    def clean_last_date(self) -> date | None:
        """Refuse a last day that has been."""
        last: date | None = self.cleaned_data["last_date"]
        if last is not None and last < timezone.localdate():
            raise ValidationError(
                _("Sista dagen har redan varit. Lämna den tom för att stänga kontot i dag.")
            )
        return last


class FromDayForm(forms.Form):
    """From which day something goes up in something else: today, or a day to come."""

    field_order = ("into", "from_date")

    from_date = DayField(
        required=False,
        label=gettext_lazy("Från och med"),
        help_text=gettext_lazy("Tomt är i dag."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.day = timezone.localdate()

    def clean_from_date(self) -> date:
        """Take today when nothing is said, and refuse a day that has been."""
        day: date = self.cleaned_data["from_date"] or self.day
        if day < self.day:
            raise ValidationError(
                _("Dagen har redan varit. Det som redan har köpts ligger kvar där det var.")
            )
        return day


class MergeForm(FromDayForm):
    """Which department goes on in another's place."""

    into = DepartmentField(
        label=gettext_lazy("Vilken enhet går vidare?"),
        empty_label=gettext_lazy("Välj enhet"),
        help_text=gettext_lazy("Den enhet som tar över."),
        error_messages={"required": gettext_lazy("Skriv vilken enhet som går vidare.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        into: Any = self.fields["into"]
        into.offer(Department.objects.open(self.day).order_by(swedish("name"), "pk"))


class MergeCategoryForm(FromDayForm):
    """Which category goes on in another's place."""

    into = forms.CharField(
        max_length=20,
        label=gettext_lazy("Vilken kategori går vidare?"),
        help_text=gettext_lazy("Koden för den kategori som tar över."),
        error_messages={"required": gettext_lazy("Skriv vilken kategori som går vidare.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].widget = SuggestingInput(choices_of(OPEN_CATEGORY).keys)

    def clean_into(self) -> Category:
        """Find the category."""
        code = self.cleaned_data["into"].strip()
        category = Category.objects.open().filter(code=code).first()
        if category is None:
            raise ValidationError(_("Det finns ingen öppen kategori med koden %(typed)s.") % {"typed": code})
        return category
