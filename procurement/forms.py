"""What the forms of several pages share: a quantity, how long a reason may be, and what is written about a line."""

from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.db.models import Q, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from attachments.forms import FilesField
from core.forms import QuantityField
from organizations.models import User

LARGEST_QUANTITY = Decimal(100_000)
LONGEST_REASON = 2000
TOO_MANY = _("Antalet ska vara större än 0 och högst 100 000.")


def quantity_field(
    label: Any, *, least: Decimal = Decimal("0.001"), hint: Any = "", required: bool = True
) -> QuantityField:
    """A quantity that a basket can hold."""
    messages = {
        "min_value": TOO_MANY,
        "max_value": TOO_MANY,
        "max_digits": TOO_MANY,
        "max_whole_digits": TOO_MANY,
    }
    return QuantityField(
        label=label,
        help_text=hint,
        required=required,
        min_value=least,
        max_value=LARGEST_QUANTITY,
        error_messages=messages,
    )


class MessageForm(forms.Form):
    """
    What is written about a line; its key makes a double press one message.

    Who decides the line may let it wait for the answer, or ask others in, and not both at once.
    """

    key = forms.CharField(max_length=36, required=False, initial=uuid4, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Meddelande"),
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Alla som har del i raden läser det. Skriv inga uppgifter om patienter."),
    )
    documents = FilesField(label=_("Bild eller dokument"), required=False)
    asked = forms.CharField(
        label=_("Fråga någon mer"),
        required=False,
        max_length=400,
        help_text=_("Namn eller e-postadress, flera med komma mellan. Den du frågar ser raden och samtalet."),
    )
    needs_answer = forms.BooleanField(label=_("Låt raden vänta tills enheten har svarat"), required=False)

    def __init__(self, *args: Any, may_ask: bool, may_return: bool, **kwargs: Any) -> None:
        """Leave out what the person may not, unless she has said it: then the operation tells her why not."""
        super().__init__(*args, **{"auto_id": "samtal_%s"} | kwargs)
        for name, may in (("asked", may_ask), ("needs_answer", may_return)):
            if not may and not self.data.get(name):
                del self.fields[name]

    def clean_key(self) -> UUID | None:
        """None for what is no key."""
        try:
            return UUID(self.cleaned_data["key"])
        except ValueError:
            return None

    def clean_asked(self) -> list[User]:
        """Find each of those who are named."""
        names = [name.strip() for name in self.cleaned_data["asked"].split(",") if name.strip()]
        return [_find_person(name) for name in names]

    def clean(self) -> dict[str, Any]:
        """A line waits for the department, or others are asked in."""
        cleaned = super().clean() or {}
        if cleaned.get("needs_answer") and cleaned.get("asked"):
            self.add_error(
                "needs_answer", _("Skicka två meddelanden: ett till enheten och ett till den du frågar.")
            )
        return cleaned


def _find_person(name: str) -> User:
    """
    The one person at work with this name or e-mail address.

    :raises forms.ValidationError: nobody has it, or several.
    """
    full_name = Concat("first_name", Value(" "), "last_name")
    people = User.objects.filter(is_active=True).alias(whole=full_name)
    matches = list(people.filter(Q(email__iexact=name) | Q(whole__iexact=name)).order_by("pk")[:2])
    if not matches:
        raise forms.ValidationError(_("Det finns ingen som heter %(name)s."), params={"name": name})
    if len(matches) > 1:
        raise forms.ValidationError(
            _("Flera heter %(name)s. Skriv e-postadressen i stället."), params={"name": name}
        )
    return matches[0]
