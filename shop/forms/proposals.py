"""The shape of a proposal as somebody writes it, and of her answers."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assortment.models import DeviceClass, ProposalKind
from assortment.operations.proposals import Wish
from attachments.forms import FilesField
from catalog.models import Item
from categories.fields import CategoryField
from categories.models import Category
from core.forms import AmountField
from procurement.forms import LONGEST_REASON, quantity_field

MOST_FILES = 3


class ProposalForm(forms.Form):
    """What, why and how many a year; the rest is for whoever knows more. Its key makes a double press one proposal."""

    key = forms.CharField(max_length=36, required=False, initial=uuid4, widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=_("Vad föreslår du?"),
        choices=ProposalKind.choices,
        widget=forms.RadioSelect,
        initial=ProposalKind.ITEM,
        error_messages={"required": _("Välj vad du föreslår")},
    )
    title = forms.CharField(
        label=_("Vilken artikel?"),
        max_length=200,
        help_text=_("Vad den heter, och märke om du vet. Ska en artikel tas bort räcker dess namn."),
        error_messages={"required": _("Skriv vilken artikel det gäller")},
    )
    number = forms.CharField(
        label=_("Artikelnummer på den som byts eller tas bort"),
        max_length=20,
        required=False,
        help_text=_("Numret står på artikelns sida i katalogen."),
    )
    reason = forms.CharField(
        label=_("Varför?"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Vad blir bättre, och för vem? Skriv inga uppgifter om patienter. Texten är en allmän handling."
        ),
        error_messages={"required": _("Skriv varför du föreslår det")},
    )
    yearly_quantity = quantity_field(_("Hur många om året?"), required=False, hint=_("En gissning räcker."))
    unit = forms.CharField(
        label=pgettext_lazy("unit of measure", "Enhet"),
        max_length=20,
        required=False,
        help_text=_("Till exempel st eller ask"),
    )
    category = CategoryField(
        label=_("Kategori"),
        queryset=Category.objects.none(),
        required=False,
        empty_label=_("Vet inte, inköp väljer"),
        help_text=_("Avgör vem som svarar."),
    )
    documents = FilesField(label=_("Bild eller dokument"), required=False, most=MOST_FILES)
    evidence = forms.CharField(
        label=_("Vad talar för det?"),
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Studier, erfarenhet från andra, en provperiod."),
    )
    medical_safety = forms.CharField(
        label=_("Patientsäkerhet"),
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Risker som minskar eller tillkommer."),
    )
    device_class = forms.ChoiceField(
        label=_("CE-märkning och klass"), choices=[("", _("Vet inte")), *DeviceClass.choices], required=False
    )
    unit_price = AmountField(
        label=_("Pris per enhet"), required=False, decimal_places=4, help_text=_("Exklusive moms, om du vet.")
    )
    supplier_name = forms.CharField(label=_("Leverantör"), max_length=120, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the categories that things are bought in."""
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = Category.objects.leaves().in_tree_order()  # type: ignore[attr-defined]

    def clean_key(self) -> UUID | None:
        """None for what is no key."""
        try:
            return UUID(self.cleaned_data["key"])
        except ValueError:
            return None

    def renew_key(self) -> None:
        """Let what is in the form be proposed beside what was proposed with its key."""
        data: Any = self.data
        self.data = data.copy()
        self.data["key"] = str(uuid4())  # type: ignore[index]

    def clean_number(self) -> Item | None:
        """Find the item."""
        number = self.cleaned_data["number"].strip()
        if not number:
            return None
        item = Item.objects.select_related("category").filter(number=number).first()
        if item is None:
            raise forms.ValidationError(_("Artikel %(number)s finns inte."), params={"number": number})
        return item

    def clean(self) -> dict[str, Any]:
        """Of a new item no number is known yet; one that was typed says that something else is meant."""
        values: dict[str, Any] = super().clean() or {}
        if values.get("kind") == ProposalKind.ITEM and values.get("number"):
            self.add_error("kind", _("Ska artikeln bytas eller tas bort? Välj det, eller ta bort numret."))
        return values

    @property
    def wish(self) -> Wish:
        """What is proposed."""
        values = {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in ("key", "documents", "number")
        }
        is_about_item = values["kind"] != ProposalKind.ITEM
        item = self.cleaned_data["number"]
        return Wish(**values, items=[item] if item and is_about_item else ())


class ReplyForm(forms.Form):
    """An answer to a question."""

    text = forms.CharField(
        label=_("Ditt svar"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Skriv ditt svar")},
    )
