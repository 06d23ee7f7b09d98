"""The form that says which deliveries are accrued, and against which account."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DayField
from organizations.models import AccountingCode, Authority, Dimension


class AccrualForm(forms.Form):
    """Whose deliveries, of which days, and where the debt is booked."""

    authority = forms.ModelChoiceField(
        label=_("Myndighet"), queryset=Authority.objects.order_by("name"), empty_label=None
    )
    starts = DayField(
        label=_("Mottaget från och med"),
        help_text=_("Den första dag vars leveranser inte är fakturerade."),
    )
    ends = DayField(label=_("Mottaget till och med"), help_text=_("Verifikationens dag."))
    credit = forms.ModelChoiceField(
        label=_("Konto för upplupna kostnader"),
        queryset=AccountingCode.objects.none(),
        empty_label=_("Välj konto"),
    )
    is_reversed = forms.BooleanField(label=_("Återför dagen efter"), required=False, initial=True)

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        accounts = AccountingCode.objects.open(day).filter(dimension=Dimension.ACCOUNT)
        field = self.fields["credit"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101, declared so above
        field.queryset = accounts.in_order()

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it starts."""
        cleaned = super().clean() or self.cleaned_data
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if isinstance(starts, date) and isinstance(ends, date) and ends < starts:
            self.add_error("ends", _("Perioden slutar innan den börjar"))
        return cleaned
