"""What a person says of a file that she hands in to a register."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registers.forms import SuggestingInput
from registers.kinds import Conventions
from registers.models import Import
from registers.operations.imports import Wishes
from registers.reading.text import UPLOAD_LIMIT
from registers.register import Register

DECIMAL_SIGNS = [
    (",", _("Komma: 12.500 är tolv tusen fem hundra")),
    (".", _("Punkt: 12.500 är tolv och en halv")),
]
DAY_ORDERS = [("dmy", _("Dagen: 03/04/2026 är den 3 april")), ("mdy", _("Månaden: 03/04/2026 är den 4 mars"))]


class FileForm(forms.Form):
    """A file, and whether it has everything."""

    file = forms.FileField(
        label=_("Fil"),
        help_text=_(
            "XLSX, ODS, XLS eller CSV. Ekonomisystemets SIE-fil går också för kodsträngen. Högst %(limit)s MB."
        )
        % {"limit": UPLOAD_LIMIT // 1_000_000},
        error_messages={"required": _("Välj en fil"), "empty": _("Filen är tom.")},
    )
    source = forms.CharField(
        label=_("Källa"),
        help_text=_(
            "Systemet som filen kommer från. Vad dess rubriker står för minns vi till nästa fil därifrån."
        ),
        max_length=20,
        error_messages={"required": _("Ange vilket system filen kommer från.")},
    )
    is_complete = forms.BooleanField(
        label=_("Filen är fullständig: det som saknas i den avslutas"), required=False
    )

    def __init__(self, *args: Any, register: Register, **kwargs: Any) -> None:
        """Ask only what the register needs to know."""
        super().__init__(*args, **kwargs)
        if register.ledger is None:
            del self.fields["source"]
            return
        del self.fields["is_complete"]
        known = Import.objects.sources_of(register)
        names = [(source, str(register.ledger.layout(source).title)) for source in known]
        self.fields["source"].widget = SuggestingInput(names)


class AgainForm(forms.Form):
    """What must be said of a file before it is read again: how it writes numbers and days."""

    decimal_sign = forms.ChoiceField(
        label=_("Vilket decimaltecken har filen?"),
        choices=DECIMAL_SIGNS,
        required=False,
        widget=forms.RadioSelect,
    )
    day_order = forms.ChoiceField(
        label=_("Vad står först i filens datum?"),
        choices=DAY_ORDERS,
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, asks_number: bool = True, asks_day: bool = True, **kwargs: Any) -> None:
        """Ask only what needs to be asked."""
        super().__init__(*args, **kwargs)
        for name, is_asked in (("decimal_sign", asks_number), ("day_order", asks_day)):
            if not is_asked:
                del self.fields[name]


class HeadingsForm(forms.Form):
    """Which column of the register each heading of a file stands for."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, of_import: Import) -> None:
        """Make a field for each heading that says something."""
        super().__init__(data)
        self.headings = [heading for heading, _column in of_import.headings]
        choices = _columns(of_import.register)
        for place, (heading, column) in enumerate(of_import.headings):
            if heading:
                self.fields[f"rubrik-{place}"] = forms.ChoiceField(
                    label=heading, choices=choices, required=False, initial=column
                )

    @property
    def said(self) -> dict[str, str]:
        """The column of each heading, or nothing."""
        given = self.cleaned_data
        return {
            heading: given[f"rubrik-{place}"]
            for place, heading in enumerate(self.headings)
            if f"rubrik-{place}" in given
        }


def wishes_of(again: AgainForm, headings: HeadingsForm | None, of_import: Import) -> Wishes:
    """Put together what was said in forms that are valid."""
    given = again.cleaned_data
    conventions = Conventions(
        given.get("decimal_sign") or of_import.decimal_sign, given.get("day_order") or of_import.day_order
    )
    return Wishes(said=headings.said if headings is not None else None, conventions=conventions)


def _columns(register: Register) -> list[tuple[str, Any]]:
    return [("", _("Läses inte")), *((column.name, column.heading) for column in register.bound.values())]
