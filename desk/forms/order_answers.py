"""What a supplier has answered to an order, line by line, and what is decided of the changes that it wants."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import reader
from core.forms import AmountField, DayField, QuantityField
from procurement.channels.peppol_answers import SIZE_LIMIT
from procurement.forms import TOO_MANY
from procurement.models import AnswerOutcome, OrderLine
from procurement.models.answers import LINE_OUTCOMES
from procurement.operations.answered_lines import LineAnswer

NOTHING_SAID = ("", _("Inget svar än"))
ASKED, KEPT = "begard-dag", "samma-dag"
"""What a supplier can say to another day that it was asked for, beside changing something or refusing."""


class AnswerForm(forms.Form):
    """What the supplier said of the whole order, and which version of the order that was."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)
    reference = forms.CharField(
        required=False,
        max_length=60,
        label=_("Leverantörens ordernummer eller namn på den som svarade"),
    )
    note = forms.CharField(
        required=False,
        max_length=2000,
        label=_("Anteckning"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class LineAnswerForm(forms.Form):
    """What the supplier said of one line."""

    outcome = forms.ChoiceField(
        required=False,
        label=_("Svar"),
        choices=[NOTHING_SAID, *((each.value, each.label) for each in LINE_OUTCOMES)],
    )
    quantity = QuantityField(
        label=_("Antal som levereras"),
        required=False,
        min_value=Decimal(0),
        max_value=Decimal(100_000),
        error_messages={"max_value": TOO_MANY, "max_digits": TOO_MANY, "max_whole_digits": TOO_MANY},
    )
    unit_price = AmountField(label=_("Pris"), required=False, decimal_places=4)
    delivery_date = DayField(label=_("Leveransdag"), required=False)
    comment = forms.CharField(label=_("Kommentar"), required=False, max_length=200)

    def __init__(self, data: Any = None, *, line: OrderLine) -> None:
        """Begin with the order as it is, confirmed; with no answer, where the supplier is asked for another day."""
        self.line = line
        is_asked = line.asked_date is not None and line.is_coming
        self.days = {ASKED: line.asked_date, KEPT: line.expected_date} if is_asked else {}
        initial = {} if self.days else {"outcome": AnswerOutcome.CONFIRMED}
        super().__init__(data, prefix=f"rad-{line.position}", initial=initial)
        if self.days:
            self.fields["outcome"].choices = [  # type: ignore[attr-defined]
                NOTHING_SAID,
                (ASKED, _("Ja, levereras %(day)s") % {"day": reader.weekday_day(self.days[ASKED])}),
                (KEPT, _("Nej, levereras %(day)s som förut") % {"day": reader.weekday_day(self.days[KEPT])}),
                *((each.value, each.label) for each in LINE_OUTCOMES if each != AnswerOutcome.CONFIRMED),
            ]

    def answer(self) -> LineAnswer | None:
        """The line as the operation takes it; None when nothing is said of it."""
        values = self.cleaned_data
        if not values["outcome"]:
            return None
        promised = self.days.get(values["outcome"])
        return LineAnswer(
            position=self.line.position,
            outcome=AnswerOutcome.CONFIRMED if promised else AnswerOutcome(values["outcome"]),
            quantity=values["quantity"],
            unit_price=values["unit_price"],
            delivery_date=promised or values["delivery_date"],
            comment=values["comment"],
        )


class AnswerFileForm(forms.Form):
    """A file with the supplier's answer."""

    file = forms.FileField(
        label=_("Ordersvar som fil"),
        help_text=_("Peppol BIS Order Response 3, XML."),
        error_messages={"required": _("Välj en fil")},
    )

    def clean_file(self) -> bytes:
        """Read no more than an answer can be; the operation says so of what is larger."""
        content: bytes = self.cleaned_data["file"].read(SIZE_LIMIT + 1)
        return content


AGREE, DECLINE = "ja", "nej"


class ChangesForm(forms.Form):
    """Yes or no to each change."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, order_version: int, lines: Sequence[OrderLine]) -> None:
        """One choice for each line; no choice leaves the line for later."""
        super().__init__(data, initial={"version": order_version})
        for line in lines:
            self.fields[f"rad-{line.position}"] = forms.ChoiceField(
                required=False,
                label=line.description,
                choices=[(AGREE, _("Ja, det går bra")), (DECLINE, _("Nej, leverera inte raden"))],
                widget=forms.RadioSelect,
            )

    def chosen(self, choice: str) -> list[int]:
        """Numbers of the lines that were given this choice."""
        return [
            int(name.removeprefix("rad-"))
            for name, value in self.cleaned_data.items()
            if name.startswith("rad-") and value == choice
        ]
