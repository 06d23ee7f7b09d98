"""The shape of what an orderer types: how many, needs in her own words, and where and on what to book."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from categories.fields import CategoryField
from categories.models import Category, CategoryKind
from core.forms import AmountField, DayField
from core.ordering import swedish
from core.organisation_numbers import normalised
from organizations.models import AccountingCode, DeliveryPlace, Department, Dimension
from procurement.forms import LONGEST_REASON, quantity_field
from procurement.models import Requisition
from procurement.operations.proposing import OrganisationNumberUnknown, ProposedSupplier
from shop import coding


class AddForm(forms.Form):
    """Which item, how many, and in which order unit, where it is not the one that it is usually sold in."""

    item = forms.CharField(max_length=20)
    quantity = quantity_field(_("Antal"))
    unit = forms.CharField(max_length=20, required=False)

    @staticmethod
    def sent(posted: QueryDict) -> dict[str, str]:
        """What was sent: by fields, or by one button as ``6;ask;104412``."""
        if "put" in posted:
            return dict(zip(("quantity", "unit", "item"), str(posted["put"]).split(";", 2), strict=False))
        return {name: str(posted.get(name, "")) for name in ("item", "quantity", "unit")}


class QuantityForm(forms.Form):
    """How many instead; zero takes the line out."""

    quantity = quantity_field(_("Antal"), least=Decimal(0))


class DetailsForm(forms.Form):
    """Coding string, delivery and reason."""

    account = forms.ModelChoiceField(
        label=_("Konto"),
        queryset=AccountingCode.objects.none(),
        required=False,
        empty_label=_("Enligt artikel"),
    )
    cost_center = forms.CharField(
        label=_("Ansvar"), max_length=10, error_messages={"required": _("Ange ansvar")}
    )
    activity = forms.CharField(
        label=_("Verksamhet"), max_length=10, error_messages={"required": _("Ange verksamhet")}
    )
    project = forms.CharField(label=_("Projekt"), max_length=10, required=False)
    delivery_place = forms.ModelChoiceField(
        label=_("Leveransplats"),
        queryset=DeliveryPlace.objects.none(),
        empty_label=None,
        error_messages={
            "required": _("Välj leveransplats"),
            "invalid_choice": _("Leveransplatsen hör till en annan enhet."),
        },
    )
    needed_by_date = DayField(
        label=_("Behövs senast"), error_messages={"required": _("Ange vilket datum ni behöver varorna")}
    )
    reason = forms.CharField(
        label=_("Varför behövs det?"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "max_length": _("Skriv högst %(limit_value)s tecken. Texten är nu %(show_value)s tecken.")
        },
    )

    def __init__(
        self, *args: Any, basket: Requisition, day: date, own: Sequence[str] = (), **kwargs: Any
    ) -> None:
        """
        Fill in what is known.

        :param own: ansvar codes of the departments that the person orders for.
        """
        self.basket, self.day, self.own = basket, day, own
        super().__init__(*args, **kwargs)
        accounts = AccountingCode.objects.open(day).filter(dimension=Dimension.ACCOUNT).in_order()
        self.fields["account"].queryset = accounts  # type: ignore[attr-defined]
        places = (
            DeliveryPlace.objects.open(day)
            .filter(department=basket.department)
            .order_by(swedish("name"), "pk")
        )
        self.fields["delivery_place"].queryset = places  # type: ignore[attr-defined]
        # A select that must be answered reads its first choice before it reads them all.
        self.fields["delivery_place"].widget.choices = [(place.pk, str(place)) for place in places]
        for name in ("cost_center", "activity", "project"):
            self.fields[name].widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}

    def clean_cost_center(self) -> Department:
        """Resolve the code, or ask whether another was meant."""
        code = self.cleaned_data["cost_center"]
        department = coding.department_with(code)
        if department is None:
            suggestion = coding.nearest(
                code, Department.objects.values_list("cost_center", flat=True), own=self.own
            )
            raise ValidationError(_unknown_code_text(_("Ansvar"), code, suggestion))
        return department

    def clean_activity(self) -> AccountingCode:
        """Resolve the code, or ask whether another was meant."""
        return self._code(Dimension.ACTIVITY, _("Verksamhet"), self.cleaned_data["activity"])

    def clean_project(self) -> AccountingCode | None:
        """Resolve the code if there is one."""
        code = self.cleaned_data["project"]
        return self._code(Dimension.PROJECT, _("Projekt"), code) if code else None

    def clean_needed_by_date(self) -> date:
        """Nothing can be delivered yesterday, and nobody plans five years ahead."""
        day: date = self.cleaned_data["needed_by_date"]
        if day < self.day:
            raise ValidationError(_("Dagen då ni behöver varorna har redan varit."))
        if (day - self.day).days > 366 * 2:
            raise ValidationError(_("Dagen ligger mer än två år fram. Stämmer årtalet?"))
        return day

    def _code(self, dimension: Dimension, label: Any, code: str) -> AccountingCode:
        accounting_code = coding.code_with(dimension, code, day=self.day)
        if accounting_code is None:
            codes = (
                AccountingCode.objects.open(self.day)
                .filter(dimension=dimension)
                .values_list("code", flat=True)
            )
            raise ValidationError(_unknown_code_text(label, code, coding.nearest(code, codes)))
        return accounting_code


def _unknown_code_text(label: Any, code: str, suggestion: str | None) -> str:
    facts = {"label": label, "typed": code, "near": suggestion}
    if suggestion:
        return _("%(label)s %(typed)s finns inte, menar du %(near)s?") % facts
    return _("%(label)s %(typed)s finns inte.") % facts


LONGEST_PROPOSAL = 500
PROPOSAL = frozenset({"org_number", "contact", "supplier_reason", "has_interest"})
"""What is said of a supplier that is proposed, beside its name."""

NEEDED_OF_PROPOSAL = {
    "suggested_supplier": _("Skriv vad leverantören heter"),
    "org_number": _("Skriv leverantörens organisationsnummer"),
    "supplier_reason": _("Skriv varför just den leverantören behövs"),
    "has_interest": _("Svara ja eller nej"),
}
"""What an examination needs to know, and what is said when it is missing."""


class _NeedForm(forms.Form):
    """What needs in one's own words have in common."""

    description = forms.CharField(
        label=_("Vad behöver ni?"),
        max_length=250,
        error_messages={
            "required": _("Skriv vad ni behöver"),
            "max_length": _("Skriv högst 250 tecken här, och resten under Mer om behovet"),
        },
    )
    specification = forms.CharField(
        label=_("Mer om behovet"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Mått, material, märke, hur det ska användas. Skriv inga uppgifter om patienter."),
    )
    category = CategoryField(
        label=_("Kategori"),
        help_text=_("Avgör vem som prövar behovet."),
        queryset=Category.objects.none(),
        required=False,
        empty_label=_("Vet inte, inköp väljer"),
    )
    suggested_supplier = forms.CharField(
        label=_("Förslag på leverantör"),
        required=False,
        max_length=120,
        help_text=_("Inköp väljer leverantör efter avtal."),
    )
    org_number = forms.CharField(
        label=_("Organisationsnummer"),
        required=False,
        max_length=30,
        help_text=_("Tio siffror, eller landets kod först om företaget är utländskt."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    contact = forms.CharField(
        label=_("Kontakt"),
        required=False,
        max_length=200,
        help_text=_("E-post för beställningar, eller webbplats."),
    )
    supplier_reason = forms.CharField(
        label=_("Varför just den leverantören?"),
        required=False,
        max_length=LONGEST_PROPOSAL,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    has_interest = forms.ChoiceField(
        label=_("Har du eller någon närstående ett intresse i företaget?"),
        required=False,
        choices=[("no", _("Nej")), ("yes", _("Ja"))],
        widget=forms.RadioSelect,
        help_text=_("Till exempel som ägare, anställd eller familj. Ett ja visas för den som beslutar."),
    )

    kinds: Sequence[str] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the categories in which such things are bought."""
        super().__init__(*args, **kwargs)
        leaves = Category.objects.filter(kind__in=[*self.kinds, CategoryKind.BOTH]).leaves().in_tree_order()
        self.fields["category"].queryset = leaves  # type: ignore[attr-defined]
        for name in PROPOSAL - {"contact"}:
            self.fields[name].hides_optional = True  # type: ignore[attr-defined]  # it is not, for a new supplier

    @property
    def proposes(self) -> bool:
        """Whether anything is said of a supplier beside its name."""
        return any(self[name].value() for name in PROPOSAL)

    def clean_org_number(self) -> str:
        """Read the number in its one form."""
        org_number: str = self.cleaned_data["org_number"]
        try:
            return normalised(org_number) if org_number else ""
        except ValueError as error:
            raise ValidationError(OrganisationNumberUnknown.sentence) from error

    def clean(self) -> dict[str, Any]:
        """Gather what is said of the supplier; whoever says something of it says what an examination needs."""
        cleaned_data = super().clean() or {}
        proposal_fields = {name: cleaned_data.pop(name, "") for name in PROPOSAL}
        cleaned_data["proposal"] = None
        if not self.proposes:
            return cleaned_data
        proposal_fields["suggested_supplier"] = cleaned_data.get("suggested_supplier", "")
        for name, sentence in NEEDED_OF_PROPOSAL.items():
            if not proposal_fields[name] and name not in self.errors:
                self.add_error(name, sentence)
        cleaned_data["proposal"] = ProposedSupplier(
            name=proposal_fields["suggested_supplier"],
            org_number=proposal_fields["org_number"],
            reason=proposal_fields["supplier_reason"],
            has_interest=proposal_fields["has_interest"] == "yes",
            contact=proposal_fields["contact"],
        )
        return cleaned_data


class FreeTextForm(_NeedForm):
    """A need for goods that are not in the catalogue."""

    kinds = (CategoryKind.GOODS,)
    quantity = quantity_field(_("Antal"), hint=_("Räknat i den enhet du anger"))
    unit = forms.CharField(
        label=pgettext_lazy("unit of measure", "Enhet"),
        max_length=20,
        initial="st",
        error_messages={"required": _("Ange enhet")},
        help_text=_("Till exempel st, par eller förpackning"),
    )
    estimated_unit_price = AmountField(
        label=_("Uppskattat pris per enhet"), help_text=_("Exklusive moms. En gissning räcker.")
    )

    field_order = (
        "description",
        "specification",
        "quantity",
        "unit",
        "estimated_unit_price",
        "category",
        "suggested_supplier",
        "org_number",
        "contact",
        "supplier_reason",
        "has_interest",
    )


class LimitForm(forms.Form):
    """What is typed so far of a need, as far as the direct-award limit asks."""

    category = forms.ModelChoiceField(Category.objects.all())
    quantity = quantity_field(_("Antal"), required=False)
    hours = quantity_field(_("Uppskattat antal timmar"), required=False)
    estimated_unit_price = AmountField(required=False)


class ServiceForm(_NeedForm):
    """A service: what, where, when, how many hours and about how much."""

    kinds = (CategoryKind.SERVICES,)
    place = forms.CharField(
        label=_("Var?"), max_length=100, error_messages={"required": _("Skriv var tjänsten ska utföras")}
    )
    start_date = DayField(label=_("Från och med"))
    end_date = DayField(label=_("Till och med"), required=False)
    hours = quantity_field(_("Uppskattat antal timmar"))
    estimated_unit_price = AmountField(
        label=_("Uppskattat pris per timme"), help_text=_("Exklusive moms. En gissning räcker.")
    )

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        """``day`` is today."""
        self.day = day
        super().__init__(*args, **kwargs)
        self.fields["description"].label = _("Vad ska göras?")
        self.fields["specification"].label = _("Mer om uppdraget")
        self.fields["specification"].help_text = _(
            "Omfattning, krav och vad som ska vara klart. Skriv inga uppgifter om patienter."
        )

    def clean_start_date(self) -> date:
        """A service is asked for ahead of time."""
        day: date = self.cleaned_data["start_date"]
        if day < self.day:
            raise ValidationError(_("Startdagen har redan varit."))
        return day

    def clean(self) -> dict[str, Any]:
        """The end cannot come before the start."""
        cleaned_data = super().clean() or {}
        start, end = cleaned_data.get("start_date"), cleaned_data.get("end_date")
        if start and end and end < start:
            self.add_error("end_date", _("Slutdagen ligger före startdagen."))
        return cleaned_data
