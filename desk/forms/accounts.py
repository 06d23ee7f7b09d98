"""Other codes for a line that is stopped by those it has."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.models import AccountingCode, Dimension, User
from procurement import permissions
from procurement.approving import account_of
from procurement.gates import is_open
from procurement.models import RequisitionLine

CODES = {"account": Dimension.ACCOUNT, "activity": Dimension.ACTIVITY, "project": Dimension.PROJECT}


class CodingForm(forms.Form):
    """What a line is booked on instead; it asks for the codes that stop the line, and takes others that are sent."""

    account = forms.ModelChoiceField(
        AccountingCode.objects.none(),
        label=_("Konto"),
        empty_label=_("Välj konto"),
        error_messages={"required": _("Välj ett konto"), "invalid_choice": _("Kontot finns inte")},
    )
    activity = forms.ModelChoiceField(
        AccountingCode.objects.none(),
        label=_("Verksamhet"),
        empty_label=_("Välj verksamhet"),
        error_messages={
            "required": _("Välj en verksamhet"),
            "invalid_choice": _("Verksamheten finns inte"),
        },
    )
    project = forms.ModelChoiceField(
        AccountingCode.objects.none(),
        label=_("Projekt"),
        empty_label=_("Inget projekt"),
        required=False,
        error_messages={"invalid_choice": _("Projektet finns inte")},
    )

    def __init__(self, *args: Any, line: RequisitionLine, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stopping = stopping(line, day=day)
        for name, dimension in CODES.items():
            if name not in self.stopping and name not in self.data:
                del self.fields[name]
                continue
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101, declared so above
            field.queryset = AccountingCode.objects.open(day).filter(dimension=dimension).in_order()


def stopping(line: RequisitionLine, *, day: date) -> dict[str, AccountingCode | None]:
    """The codes that stop a line from being approved: closed, or an account that is missing."""
    account = account_of(line, day=day)
    codes: dict[str, AccountingCode | None] = {} if is_open(account, day) else {"account": account}
    others = {"activity": line.requisition.activity, "project": line.requisition.project}
    return codes | {name: code for name, code in others.items() if code and not is_open(code, day)}


def coding_form_for(user: User, line: RequisitionLine, *, at: datetime) -> CodingForm | None:
    """The form of a line that is stopped by a code of it, for who may change it."""
    day = timezone.localdate(at)
    if not stopping(line, day=day) or not permissions.can_rebook(user, line, at=at):
        return None
    return CodingForm(line=line, day=day)
