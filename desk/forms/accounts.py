"""Another account for a line that is stopped by the one it has."""

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


class AccountForm(forms.Form):
    """Which account a line is booked on."""

    account = forms.ModelChoiceField(
        AccountingCode.objects.none(),
        label=_("Konto"),
        empty_label=_("Välj konto"),
        error_messages={"required": _("Välj ett konto"), "invalid_choice": _("Kontot finns inte")},
    )

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["account"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101, declared so above
        field.queryset = AccountingCode.objects.open(day).filter(dimension=Dimension.ACCOUNT).in_order()


def account_form_for(user: User, line: RequisitionLine, *, at: datetime) -> AccountForm | None:
    """The form of a line whose account is missing or closed, for who may change it."""
    day = timezone.localdate(at)
    if is_open(account_of(line, day=day), day) or not permissions.can_rebook(user, line, at=at):
        return None
    return AccountForm(day=day)
