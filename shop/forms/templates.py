"""The shape of what somebody types about an order template, and of what is chosen from a list."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from catalog.models import Item
from core.errors import InvalidInput
from organizations.models import DeliveryPlace, Department
from procurement.forms import quantity_field
from procurement.models import OrderTemplate
from procurement.models.templates import LONGEST_NAME, LONGEST_NOTES
from procurement.operations.filling import MOST_WISHES, Wish
from procurement.operations.templates import TemplateFacts

WEEKDAYS = [
    ("v1", _("Varje måndag")),
    ("v2", _("Varje tisdag")),
    ("v3", _("Varje onsdag")),
    ("v4", _("Varje torsdag")),
    ("v5", _("Varje fredag")),
    ("v6", _("Varje lördag")),
    ("v7", _("Varje söndag")),
]


class QuantityNotUnderstood(InvalidInput):
    """A number that was typed beside an item cannot be read."""

    code = "quantity_not_understood"
    sentence = _("%(item)s: %(reason)s")


class TemplateForm(forms.Form):
    """Name, where to, when to be reminded, and what to think of."""

    name = forms.CharField(
        label=_("Namn"), max_length=LONGEST_NAME, error_messages={"required": _("Ge mallen ett namn.")}
    )
    delivery_place = forms.ModelChoiceField(
        label=_("Leveransplats"),
        queryset=DeliveryPlace.objects.none(),
        required=False,
        empty_label=_("Korgens egen"),
    )
    reminder = forms.ChoiceField(label=_("Påminn"), required=False)
    notes = forms.CharField(
        label=_("Att tänka på"),
        required=False,
        max_length=LONGEST_NOTES,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Visas när mallen läggs i korgen."),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        department: Department,
        day: date,
        template: OrderTemplate | None = None,
        **kwargs: Any,
    ) -> None:
        """Offer the department's places and every day, and fill in what is known."""
        initial = {**_initial(template), **kwargs.pop("initial", {})}
        super().__init__(data, initial=initial, **kwargs)
        places = DeliveryPlace.objects.open(day).filter(department=department).order_by("pk")
        self.fields["delivery_place"].queryset = places  # type: ignore[attr-defined]
        self.fields["reminder"].choices = [("", _("Aldrig")), *_reminders()]  # type: ignore[attr-defined]

    @property
    def facts(self) -> TemplateFacts:
        """What was typed."""
        cleaned_data = self.cleaned_data
        reminder = cleaned_data["reminder"]
        number = int(reminder[1:]) if reminder else None
        return TemplateFacts(
            name=cleaned_data["name"],
            delivery_place=cleaned_data["delivery_place"],
            notes=cleaned_data["notes"],
            remind_weekday=number if reminder.startswith("v") else None,
            remind_month_day=number if reminder.startswith("m") else None,
        )


def reminder_of(template: OrderTemplate) -> str:
    """When a template reminds, as the form says it; empty where it never does."""
    return str(dict(_reminders()).get(_reminder_key(template), ""))


def _reminders() -> list[tuple[str, Any]]:
    """Every day that can be chosen."""
    days = [(f"m{number}", _("Den %(day)s:e varje månad") % {"day": number}) for number in range(3, 31)]
    return [
        *WEEKDAYS,
        ("m1", _("Den 1:a varje månad")),
        ("m2", _("Den 2:a varje månad")),
        *((key, _ordinal(key, text)) for key, text in days),
        ("m31", _("Sista dagen varje månad")),
    ]


def _reminder_key(template: OrderTemplate) -> str:
    weekday, month_day = template.remind_weekday, template.remind_month_day
    return f"v{weekday}" if weekday else f"m{month_day}" if month_day else ""


def _ordinal(key: str, text: Any) -> Any:
    """The 21st and the 22nd end as the first and the second do."""
    number = int(key[1:])
    return _("Den %(day)s:a varje månad") % {"day": number} if number in (21, 22) else text


def _initial(template: OrderTemplate | None) -> dict[str, Any]:
    if template is None:
        return {}
    return {
        "name": template.name,
        "delivery_place": template.delivery_place_id,
        "notes": template.notes,
        "reminder": _reminder_key(template),
    }


def wishes_from_post(posted: QueryDict, items: Iterable[Item]) -> list[Wish]:
    """
    What was chosen from a list, with the numbers beside it: each ``pick``, or every ``row`` where all were asked for.

    :raises QuantityNotUnderstood: a number that goes with what was chosen cannot be read; it names the item.
    """
    numbers = posted.getlist("row" if "all" in posted else "pick")[:MOST_WISHES]
    item_by_number = {item.number: item for item in items}
    return [
        Wish(
            item_by_number[number],
            _quantity(item_by_number[number], posted.get(f"antal-{number}", "")),
            posted.get(f"enhet-{number}", "")[:20],
        )
        for number in dict.fromkeys(numbers)
        if number in item_by_number
    ]


def _quantity(item: Item, text: str) -> Decimal:
    form = forms.Form({"quantity": text})
    form.fields["quantity"] = quantity_field(_("Antal"))
    if not form.is_valid():
        raise QuantityNotUnderstood(item=item.names, reason=str(form.errors["quantity"][0]))
    quantity: Decimal = form.cleaned_data["quantity"]
    return quantity
