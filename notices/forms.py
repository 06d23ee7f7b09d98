"""The form of how a person wants to be told."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from notices.kinds import kinds
from notices.models import Choice
from notices.operations.choices import EVERY_KIND
from notices.states import Delivery
from organizations.models import User

EVERY = "alla"
"""The field that stands for all kinds."""


class ChoicesForm(forms.Form):
    """How she wants to be told, in all and kind by kind."""

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = dict(Choice.objects.visible_to(person).values_list("kind", "delivery"))
        self.fields[EVERY] = forms.ChoiceField(
            label=_("Hur vill du få veta?"),
            help_text=_("Gäller alla slag som du inte väljer något annat för."),
            choices=[("", _("Som Rauk brukar: genast eller samlat, efter slag")), *Delivery.choices],
            initial=chosen.get(EVERY_KIND, ""),
            required=False,
            widget=forms.RadioSelect,
        )
        for kind in kinds().values():
            if kind.is_mailable:
                default_label = str(Delivery(chosen.get(EVERY_KIND, kind.delivery)).label)
                self.fields[kind.name] = forms.ChoiceField(
                    label=str(kind.label),
                    choices=[
                        ("", _("Som ovan: %(usual)s") % {"usual": _lower(default_label)}),
                        *Delivery.choices,
                    ],
                    initial=chosen.get(kind.name, ""),
                    required=False,
                )

    @property
    def chosen(self) -> dict[str, Delivery | None]:
        """What she has chosen, by kind."""
        return {
            EVERY_KIND if name == EVERY else name: Delivery(value) if value else None
            for name, value in self.cleaned_data.items()
        }


def _lower(label: str) -> str:
    return f"{label[:1].lower()}{label[1:]}"
