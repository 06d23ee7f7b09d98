"""The shape of how the lines of a basket differ: who pays each, where to and by when it comes."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import reader
from core.forms import DayField
from core.ordering import swedish
from organizations.models import DeliveryPlace, Department
from procurement.models import Requisition, RequisitionLine
from procurement.operations.line_deliveries import Delivery
from shop import coding


class DeliveriesForm(forms.Form):
    """Ansvar, place and day for each line; what is left empty is as the whole order says."""

    def __init__(
        self,
        *args: Any,
        basket: Requisition,
        lines: Sequence[RequisitionLine],
        day: date,
        own: Sequence[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.own = own
        self.keys = [line.pk for line in lines]
        self.lines = lines
        places = (
            DeliveryPlace.objects.open(day)
            .filter(department=basket.department)
            .order_by(swedish("name"), "pk")
        )
        self.places = {place.pk: place for place in places}
        same = _("Som resten, %(place)s") % {"place": basket.delivery_place or "–"}
        for line in lines:
            self.fields[f"ansvar-{line.pk}"] = forms.CharField(
                label=_("Ansvar"),
                required=False,
                max_length=10,
                initial=line.charged_department.cost_center if line.charged_department else "",
                widget=forms.TextInput(
                    attrs={
                        "inputmode": "numeric",
                        "autocomplete": "off",
                        "placeholder": basket.charged_department.cost_center,
                    }
                ),
            )
            self.fields[f"place-{line.pk}"] = forms.ChoiceField(
                label=_("Leveransplats"),
                required=False,
                choices=[("", same), *((str(pk), str(place)) for pk, place in self.places.items())],
                initial=str(line.delivery_place_id or ""),
            )
            self.fields[f"day-{line.pk}"] = DayField(
                label=_("Behövs senast"), required=False, initial=line.needed_by_date
            )

    @property
    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        """What each line is, with its fields."""
        return [
            (
                f"{line.item or line.description}, {reader.counted(line.quantity, line.unit)}",
                [self[f"{name}-{line.pk}"] for name in ("ansvar", "place", "day")],
            )
            for line in self.lines
        ]

    def clean(self) -> dict[str, Any]:
        """Find the departments that were typed: one query."""
        cleaned_data = self.cleaned_data
        code_by_field = {
            name: code.strip() for name, code in cleaned_data.items() if name.startswith("ansvar-") and code
        }
        department_by_code = {
            each.cost_center: each
            for each in Department.objects.filter(cost_center__in=code_by_field.values())
        }
        for name, code in code_by_field.items():
            if code in department_by_code:
                cleaned_data[name] = department_by_code[code]
                continue
            suggestion = coding.nearest(
                code, Department.objects.values_list("cost_center", flat=True), own=self.own
            )
            self.add_error(
                name,
                _("Ansvar %(typed)s finns inte, menar du %(near)s?") % {"typed": code, "near": suggestion}
                if suggestion
                else _("Ansvar %(typed)s finns inte.") % {"typed": code},
            )
        return cleaned_data

    def chosen(self) -> Mapping[int, Delivery]:
        """What was chosen, by the lines' ids."""
        cleaned_data = self.cleaned_data
        return {
            pk: Delivery(
                cleaned_data[f"ansvar-{pk}"] or None,
                self.places.get(int(cleaned_data[f"place-{pk}"] or 0)),
                cleaned_data[f"day-{pk}"],
            )
            for pk in self.keys
        }
