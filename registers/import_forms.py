"""What a person says of a file that she hands in to a register."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import SuggestingInput
from registers.bundles import Bundle
from registers.forms import field_of
from registers.kinds import Conventions
from registers.models import FileMapping, Import
from registers.operations.imports import Wishes
from registers.reading.text import UPLOAD_LIMIT
from registers.register import BoundColumn, Register
from registers.unreadable import Unreadable

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
    mapping = forms.ChoiceField(
        label=_("Mappning"),
        help_text=_("Hur filen ser ut, när den inte säger det själv. Väljer du ingen används källans egen."),
        required=False,
    )
    mapping_file = forms.FileField(
        label=_("Ny mappning"),
        help_text=_("En JSON-fil som beskriver källans filer. Den sparas till nästa gång."),
        required=False,
    )
    is_complete = forms.BooleanField(
        label=_("Filen är fullständig: det som saknas i den avslutas"), required=False
    )

    def __init__(self, *args: Any, register: Register | Bundle, **kwargs: Any) -> None:
        """Ask only what the register needs to know, and of a bundle also what holds of all the file's rows."""
        super().__init__(*args, **kwargs)
        self.asked: dict[str, BoundColumn] = {}
        if isinstance(register, Bundle):
            self._ask(register)
            return
        del self.fields["mapping"], self.fields["mapping_file"]
        if register.ledger is None:
            del self.fields["source"]
            return
        del self.fields["is_complete"]
        sources = Import.objects.sources_of(register)
        names = [(source, str(register.ledger.layout(source).title)) for source in sources]
        self.fields["source"].widget = SuggestingInput(names)

    def _ask(self, bundle: Bundle) -> None:
        self.fields["source"].required = False
        mappings = FileMapping.objects.filter(register_name=bundle.name).order_by("source")
        choices: Any = self.fields["mapping"]
        choices.choices = [("", _("Källans egen")), *((each.source, each.source) for each in mappings)]
        if not mappings:
            del self.fields["mapping"]
        self.fields["source"].help_text = _(
            "Vem filen kommer från. Vad dess rubriker står för minns vi till nästa fil därifrån."
        )
        self.fields["source"].widget = SuggestingInput(
            [(source, source) for source in Import.objects.sources_in(bundle)]
        )
        for name in bundle.asked:
            owner, _dot, column = name.partition(".")
            self.asked[name] = next(
                part.register for part in bundle.parts if part.register.name == owner
            ).bound[column]
            field = field_of(self.asked[name])
            field.required, field.help_text = False, ""
            self.fields[f"alla-{name}"] = field

    def clean(self) -> dict[str, Any]:
        """Read what is said of all rows."""
        for name, column in self.asked.items():
            try:
                column.plain(self.cleaned_data.get(f"alla-{name}"))
            except Unreadable as refusal:
                self.add_error(f"alla-{name}", str(refusal))
        return self.cleaned_data

    @property
    def constants(self) -> dict[str, str]:
        """What is said of all rows, by ``register.column``."""
        texts = {name: self.cleaned_data.get(f"alla-{name}") or "" for name in self.asked}
        return {name: text for name, text in texts.items() if text}


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
        self.parts = of_import.with_followers()
        self.headings = [heading for heading, _column in of_import.headings]
        for part in self.parts:
            choices = _columns(part.register)
            for place, (heading, column) in enumerate(part.headings):
                if heading:
                    several = f"{heading} ({part.register.title})"
                    self.fields[_field(part, place)] = forms.ChoiceField(
                        label=several if len(self.parts) > 1 else heading,
                        choices=choices,
                        required=False,
                        initial=column,
                    )

    @property
    def said(self) -> dict[str, str]:
        """The column of each heading, or nothing; of a bundle as ``register.column``, with a comma between several."""
        data = self.cleaned_data
        column_by_heading = {}
        for place, heading in enumerate(self.headings):
            chosen = [(part, data[_field(part, place)]) for part in self.parts if _field(part, place) in data]
            if chosen and len(self.parts) == 1:
                column_by_heading[heading] = chosen[0][1]
            elif chosen:
                column_by_heading[heading] = ",".join(
                    f"{part.register_name}.{name}" for part, name in chosen if name
                )
        return column_by_heading


def _field(part: Import, place: int) -> str:
    return f"rubrik-{part.register_name}-{place}" if part.bundle_name else f"rubrik-{place}"


def wishes_of(again: AgainForm, headings: HeadingsForm | None, of_import: Import) -> Wishes:
    """Put together what was said in forms that are valid."""
    data = again.cleaned_data
    conventions = Conventions(
        data.get("decimal_sign") or of_import.decimal_sign, data.get("day_order") or of_import.day_order
    )
    return Wishes(said=headings.said if headings is not None else None, conventions=conventions)


def _columns(register: Register) -> list[tuple[str, Any]]:
    return [("", _("Läses inte")), *((column.name, column.heading) for column in register.bound.values())]


class RisesForm(forms.Form):
    """What is to become of the rises: proposals, or decided at once by whoever has the file applied."""

    how = forms.ChoiceField(
        label=_("Vad ska hända med höjningarna?"),
        choices=[
            ("propose", _("De blir prisförslag, som någon annan beslutar om")),
            ("decide", _("Jag beslutar om dem nu, och skriver varför")),
        ],
        initial="propose",
        widget=forms.RadioSelect,
        error_messages={"required": _("Välj vad som ska hända med höjningarna")},
    )
    reason = forms.CharField(
        label=_("Skäl"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Behövs när du beslutar nu. Sparas i spårloggen."),
    )

    def clean(self) -> dict[str, Any]:
        """Who decides says why; who does not has nothing to say."""
        values: dict[str, Any] = super().clean() or {}
        reason = values.get("reason", "").strip()
        if values.get("how") == "decide" and not reason:
            self.add_error("reason", _("Skriv varför"))
        return {**values, "reason": reason if values.get("how") == "decide" else ""}
