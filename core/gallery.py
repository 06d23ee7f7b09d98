"""
What the gallery of components shows: one form with every kind of field, and samples for the rest.

The people, suppliers and figures are examples.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy as _

from core.citations import Citation
from core.components import Link, Measure, Month, Step, Term
from core.forms import AmountField, ChoiceCards, DayField, QuantityField, QuantityInput
from core.templatetags.ui.pictures import PICTOGRAMS


class GalleryForm(forms.Form):
    """One field of each kind, bound to what makes the interesting ones fail."""

    needed_by = DayField(label=_("Behövs senast"), help_text=_("Till exempel 2021-05-25"))
    place = forms.ChoiceField(
        label=_("Leveransplats"),
        choices=[("1", "Visby lasarett, plan 4, förråd 4:12"), ("2", "Korpen, godsmottagning")],
    )
    account = forms.CharField(label=_("Ansvar"), help_text=_("Fyra siffror"))
    project = forms.CharField(label=_("Projekt"), required=False)
    amount = AmountField(label=_("Uppskattat belopp"), help_text=_("Exklusive moms"))
    quantity = QuantityField(label=_("Antal"), widget=QuantityInput(unit="askar"))
    reason = forms.CharField(
        label=_("Varför behövs det?"),
        help_text=_("Skriv inga uppgifter om patienter. Texten är en allmän handling."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    decision = forms.ChoiceField(
        label=_("Ditt beslut"),
        choices=[("1", _("Godkänn")), ("2", _("Fråga")), ("3", _("Avslå"))],
        widget=ChoiceCards,
    )
    parts = forms.MultipleChoiceField(
        label=_("Ta med"),
        choices=[("1", _("Helårseffekt")), ("2", _("Hemtaget"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    kind = forms.ChoiceField(
        label=_("Typ"), choices=[("1", _("Vara")), ("2", _("Tjänst"))], widget=forms.RadioSelect, initial="1"
    )
    remember = forms.BooleanField(
        label=_("Spara som mall"), required=False, help_text=_("Du hittar den på startsidan.")
    )
    attachment = forms.FileField(
        label=_("Underlag"), required=False, help_text=_("CSV eller Excel, högst 20 MB")
    )

    def clean_account(self) -> str:
        """Refuse the account of the picture."""
        if self.cleaned_data["account"] == "2149":
            raise forms.ValidationError(_("Ansvar 2149 finns inte, menar du 2140?"))
        return str(self.cleaned_data["account"])


FILLED_IN = {
    "account": "2149",
    "place": "1",
    "amount": "1 250,00",
    "quantity": "20",
    "reason": "Påfyllning",
    "decision": "2",
}

SAMPLES: dict[str, Any] = {
    "page": Paginator(range(120), 10).page(2),
    "swatches": (
        (_("Kalksten"), "#F6F3EC", _("grund")),
        (_("Papper"), "#FFFFFF", _("yta")),
        (_("Östersjöblå"), "#12476B", _("går att trycka på")),
        (_("Mossa"), "#2F6F4F", _("klart")),
        (_("Rost"), "#A63D14", _("behöver dig")),
        (_("Ockra"), "#7A5200", _("se upp")),
        (_("Bläck"), "#17212B", _("text")),
        (_("Bläck 2"), "#47535C", _("bitext")),
        (_("Bläck 3"), "#5F6A71", _("svag text")),
        (_("Fältkant"), "#857D6E", _("inmatning")),
        (_("Linje"), "#E3DDD0", _("avdelare")),
        (_("Lavgul"), "#F2B01E", _("fokus")),
    ),
    "tab_links": (
        Link("Pågår", "#", 4, is_current=True),
        Link("Väntar på dig", "#", 1),
        Link("Klara", "#", 38),
    ),
    "chip_links": (
        Link("Alla", "#", 23, is_current=True),
        Link("Avviker", "#", 6),
        Link("På avtal", "#", is_removable=True),
    ),
    "segment_links": (Link("Artikel", "#", is_current=True), Link("Enhet", "#"), Link("Leverantör", "#")),
    "steps": (
        (
            Step("Inskickad", "10 maj", "done"),
            Step("Godkänd", "11 maj", "done"),
            Step("Beställd", "väntas 21 maj", "now"),
            Step("Mottagen"),
        ),
        (
            Step("Inskickad", "10 maj", "done"),
            Step("Fråga till dig", "18 maj", "you"),
            Step("Beställd"),
            Step("Mottagen"),
        ),
        (Step("Inskickad", "10 maj", "done"), Step("Avslagen", "11 maj", "refused")),
    ),
    "next_steps": (
        Step("Genast", "Fyra rader är beslutade. De beställs när attesten är klar."),
        Step(
            "Senast tor 20 maj",
            "Sofia, Ahmed och Marianne har svarat. En rad som dröjer stoppar inte de andra.",
        ),
        Step("Senast tis 25 maj", "Leverans till förråd 4:12. Du tar emot och kvitterar."),
    ),
    "falling": (Decimal("63.20"), Decimal("63.20"), Decimal("61"), Decimal("58")),
    "rising": (Decimal("140"), Decimal("140"), Decimal("148"), Decimal("155")),
    "months": tuple(
        Month(label, Decimal(value) if value else None, Decimal(plan))
        for label, value, plan in (
            ("jan", 720, 880),
            ("feb", 846, 905),
            ("mars", 921, 950),
            ("apr", 913, 960),
            ("maj", 0, 1000),
            ("juni", 0, 1000),
            ("juli", 0, 940),
            ("aug", 0, 910),
            ("sep", 0, 1010),
            ("okt", 0, 1060),
            ("nov", 0, 1110),
            ("dec", 0, 1130),
        )
    ),
    "measures": (
        Measure(
            "Helårseffekt",
            "Vad besluten ger på ett helt år, med de senaste tolv månadernas volym.",
            Decimal(13500000),
            "full_year",
            "13,5\u00a0MSEK",
            "13\u00a0500\u00a0000\u00a0kr",
        ),
        Measure(
            "Effekt innevarande år",
            "Den del som ryms i 2021. Resten, 1,6 MSEK, är överhäng till 2022.",
            Decimal(11921567),
            "in_year",
            "11,9\u00a0MSEK",
            "11\u00a0921\u00a0567\u00a0kr",
            rest=Decimal(1578433),
            rest_label="1,6",
        ),
        Measure(
            "Hemtagen",
            "Vad mottagna rader faktiskt gett, januari–april. Kostnadsökningar är avdragna.",
            Decimal(3399560),
            "realised",
            "3,4\u00a0MSEK",
            "3\u00a0399\u00a0560\u00a0kr",
            plan=Decimal(3830000),
            plan_label="Plan till april 3,8. Hemtagningsgrad",
            plan_figure="89\u00a0%",
        ),
    ),
    "saved": (Decimal("0.2"), Decimal("0.5"), Decimal("0.9"), Decimal("1.3")),
    "planned": tuple(Decimal("0.35") * month for month in range(1, 13)),
    "terms": (
        Term(
            "Skyddskläder",
            date(2020, 6, 1),
            date(2022, 9, 30),
            text="Taket nås 2 juni, ett år före slutdatum.",
            sub="RA 2020-014, Nordmedica",
            option_ends=date(2024, 9, 30),
            ceiling_on=date(2021, 6, 2),
            urgent="Nu.",
        ),
        Term(
            "Inkontinensskydd",
            date(2020, 1, 1),
            date(2022, 1, 31),
            text="om 14 dagar",
            sub="RA 2018-031, Havsmedi",
            start_by=date(2021, 6, 1),
            urgent="1 juni 2021,",
        ),
        Term(
            "Handskar och undersökning",
            date(2020, 1, 1),
            date(2022, 8, 31),
            text="1 november 2021",
            sub="RA 2020-009, Nordmedica",
            option_ends=date(2024, 8, 31),
            ceiling_on=date(2022, 7, 1),
            start_by=date(2021, 11, 1),
        ),
    ),
    "axis": {"start": date(2021, 1, 1), "end": date(2025, 1, 1), "today": date(2021, 5, 18)},
    "work_states": (
        SimpleNamespace(status="running", done=14200, total=18412, error=""),
        SimpleNamespace(status="queued", done=0, total=0, error=""),
        SimpleNamespace(status="done", done=18412, total=18412, error=""),
        SimpleNamespace(status="failed", done=5, total=10, error="Filen saknar kolumnen Pris."),
    ),
    "pictograms": PICTOGRAMS,
    "cited": Citation("4.2", "Enligt riktlinje för inköp § 4.2", "#"),
}
