"""Forms of spend."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agreements.fields import SupplierField
from agreements.models import Supplier
from categories.models import Category
from core.forms import DayField
from spend.models import Meaning
from spend.models.booked import LONGEST_ACCOUNT
from spend.models.meanings import NO_ACCOUNT


class MeaningForm(forms.Form):
    """What rows on an account, or on a span of accounts, are."""

    first_account = forms.CharField(
        label=_("Konto"),
        max_length=LONGEST_ACCOUNT,
        help_text=_("Skriv – för rader utan konto."),
    )
    last_account = forms.CharField(
        label=_("Till och med konto"),
        max_length=LONGEST_ACCOUNT,
        required=False,
        help_text=_("Lämna tomt för ett enda konto."),
    )
    meaning = forms.ChoiceField(label=_("Vad är det?"), choices=Meaning.choices, widget=forms.RadioSelect)
    category = forms.ModelChoiceField(
        label=_("Kategori"), queryset=Category.objects.none(), required=False, empty_label=_("Ingen")
    )
    of_all = forms.BooleanField(label=_("Gäller alla källor"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the categories that are open."""
        super().__init__(*args, **kwargs)
        category: Any = self.fields["category"]
        category.queryset = Category.objects.open().in_tree_order()

    def clean_first_account(self) -> str:
        """Read that there is no account, with either dash."""
        account: str = self.cleaned_data["first_account"]
        return "" if account in (NO_ACCOUNT, "-") else account


class SupplierForm(forms.Form):
    """One of our suppliers."""

    supplier = SupplierField(
        label=_("Vår leverantör"),
        empty_label=_("Välj leverantör"),
        error_messages={"required": _("Välj en leverantör")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer all of them."""
        super().__init__(*args, **kwargs)
        supplier: Any = self.fields["supplier"]
        supplier.offer(Supplier.objects.in_order())


class PeriodForm(forms.Form):
    """From which day through which; the page reads the days from its address."""

    kalla = forms.CharField(widget=forms.HiddenInput, max_length=20)
    fran = DayField(label=_("Från och med"))
    till = DayField(label=_("Till och med"))
