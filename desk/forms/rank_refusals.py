"""The form of a supplier's no."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agreements.models import Supplier
from procurement.models import RequisitionLine


class RankRefusalForm(forms.Form):
    """Which of the agreement's suppliers said no, and what it said."""

    supplier = forms.ModelChoiceField(
        Supplier.objects.none(),
        label=_("Vem har sagt nej?"),
        empty_label=_("Välj leverantör"),
        error_messages={"required": _("Välj leverantör")},
    )
    reason = forms.CharField(
        max_length=500,
        label=_("Vad svarade leverantören, och när?"),
        help_text=_("Sparas som bevis på raden. Lägg ett brev eller mejl i radens samtal."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Skriv vad leverantören svarade")},
    )

    def __init__(self, *args: Any, line: RequisitionLine, **kwargs: Any) -> None:
        """Offer the suppliers of the line's agreement, by rank."""
        super().__init__(*args, **kwargs)
        supplier = self.fields["supplier"]
        assert isinstance(supplier, forms.ModelChoiceField)  # noqa: S101, it is declared above
        supplier.queryset = Supplier.objects.filter(agreement_places__agreement=line.agreement_id).order_by(
            "agreement_places__rank", "pk"
        )
