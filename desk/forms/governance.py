"""Forms of governance: the guideline, and what is done about recommendations, assignments and plans."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.forms import DayField
from governance.models import Guideline, Indicator
from governance.operations.guidelines import LONGEST_TEXT
from governance.operations.recommendations import LONGEST_WORDS
from governance.rules import every_rule
from organizations.fields import PersonField
from organizations.models import User


class TitleForm(forms.Form):
    """What the guideline is called."""

    title = forms.CharField(
        label=_("Riktlinjens namn"),
        max_length=120,
        initial=_("Riktlinje för inköp"),
        error_messages={"required": _("Ange riktlinjens namn")},
    )


class ParagraphForm(forms.Form):
    """A paragraph of the draft, and the rules that it stands behind."""

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    number = forms.CharField(
        label=_("Nummer"),
        max_length=12,
        help_text=_("Till exempel 4.2"),
        error_messages={"required": _("Ange paragrafens nummer")},
    )
    heading = forms.CharField(
        label=_("Rubrik"), max_length=120, error_messages={"required": _("Ange en rubrik")}
    )
    text = forms.CharField(
        label=_("Text"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": _("Skriv paragrafens text")},
    )
    rules = forms.MultipleChoiceField(
        label=_("Regler i Rauk som paragrafen står bakom"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 12}),
        help_text=_(
            "Den som stoppas av en sådan regel får läsa paragrafen. Håll ned Ctrl för att välja flera."
        ),
        error_messages={"invalid_choice": _("Rauk har ingen regel som heter %(value)s")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer every rule there is, by what it says to whoever it stops."""
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["rules"]
        rules = every_rule()
        chosen.choices = [
            (heading, [(rule.code, rule.sentence) for rule in rules if rule.is_of_input == is_of_input])
            for heading, is_of_input in ((_("Det som stoppas"), False), (_("Uppgifter som krävs"), True))
        ]


class AdoptionForm(forms.Form):
    """Who has adopted the draft, when, and from which day it holds."""

    adopted_by = forms.CharField(
        label=_("Vem har antagit den?"),
        max_length=120,
        help_text=_("Som det står i beslutet, till exempel regiondirektören"),
        error_messages={"required": _("Ange vem som har antagit riktlinjen")},
    )
    adopted_date = DayField(label=_("Antagen den"))
    diary_number = forms.CharField(
        label=_("Diarienummer"),
        max_length=30,
        help_text=_("Till exempel RS 2020/1154"),
        error_messages={"required": _("Ange diarienumret")},
    )
    from_date = DayField(label=_("Gäller från och med"))


class StepForm(forms.Form):
    """One step of a recommendation: the day, and what is the case."""

    day = DayField(label=_("Dag"))
    words = forms.CharField(
        label=_("Vad gäller?"),
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Läses av styrelsen och revisorerna, och kan inte ändras."),
        error_messages={"required": _("Skriv med egna ord vad som gäller")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """It is most often today."""
        super().__init__(*args, **kwargs)
        self.fields["day"].initial = timezone.localdate()


class PlanForm(StepForm):
    """What is to be done, by whom, by when, and which figure shows it."""

    responsible = PersonField(
        label=_("Vem ansvarar?"),
        empty_label=_("Välj person"),
        error_messages={"required": _("Välj vem som ansvarar")},
    )
    due_date = DayField(label=_("Klart senast"))
    indicator = forms.ChoiceField(
        choices=[("", _("Ingen siffra visar det")), *Indicator.choices],
        required=False,
        label=_("Vilket nyckeltal visar att det är gjort?"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Let anybody with an open account be chosen."""
        super().__init__(*args, **kwargs)
        people: Any = self.fields["responsible"]
        people.offer(User.objects.in_order().filter(is_active=True))


class CarriedOutForm(StepForm):
    """What was done, and what shows it."""

    evidence = forms.CharField(
        label=_("Vad visar det?"),
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Ett diarienummer, en rapport eller en sida i Rauk"),
        error_messages={"required": _("Ange vad som visar att det är gjort")},
    )


class VerificationForm(StepForm):
    """What the auditor found, and by what."""

    evidence = forms.CharField(
        label=_("Vad har du granskat?"),
        max_length=LONGEST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReplacementForm(StepForm):
    """What stands in the place of what was promised."""

    guideline = forms.ModelChoiceField(
        queryset=Guideline.objects.none(),
        required=False,
        label=_("Ersatt av riktlinjen"),
        empty_label=_("Av något annat"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Let any version that was adopted be chosen."""
        super().__init__(*args, **kwargs)
        versions: Any = self.fields["guideline"]
        versions.queryset = Guideline.objects.adopted().latest_first()


class ReportedForm(forms.Form):
    """By which report an assignment is answered."""

    diary_number = forms.CharField(
        label=_("Återrapportens diarienummer"),
        max_length=30,
        help_text=_("Till exempel RS 2020/1154"),
        error_messages={"required": _("Ange återrapportens diarienummer")},
    )
    day = DayField(label=_("Överlämnad den"))


class ClosedForm(forms.Form):
    """By which paragraph of its minutes the board found an assignment answered."""

    paragraph = forms.CharField(
        label=_("Paragraf i protokollet"),
        max_length=12,
        help_text=_("Till exempel § 114"),
        error_messages={"required": _("Ange paragrafen")},
    )
    day = DayField(label=_("Sammanträdets dag"))


class DoneForm(forms.Form):
    """Since when something is done."""

    day = DayField(label=_("Klart den"))
