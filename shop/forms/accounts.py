"""The shape of a basket's accounts: a choice for each line."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import reader
from organizations.models import AccountingCode, Dimension
from procurement.models import Requisition, RequisitionLine

BY_CATEGORY = "kategori"


class AccountsForm(forms.Form):
    """Konto for each line; the first choice is the category's own."""

    def __init__(
        self,
        *args: Any,
        basket: Requisition,
        lines: Sequence[RequisitionLine],
        day: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        accounts = {
            account.pk: account
            for account in AccountingCode.objects.filter(dimension=Dimension.ACCOUNT).in_order()
        }
        self.lines = {f"line-{line.pk}": line.pk for line in lines}
        self.open = {
            account.code: account
            for account in accounts.values()
            if account.closed_date is None or account.closed_date > day
        }
        offered = [(code, str(account)) for code, account in self.open.items()]
        for name, line in zip(self.lines, lines, strict=True):
            count = reader.counted(line.quantity, line.unit)
            default = (
                accounts.get(line.category.account_id) if line.category and line.category.account_id else None
            )
            chosen = accounts.get(line.account_id or basket.account_id or 0)
            self.fields[name] = forms.ChoiceField(
                label=f"{line.item or line.description}, {count}",
                choices=[(BY_CATEGORY, _by_category(default)), *offered],
                initial=chosen.code if chosen else BY_CATEGORY,
                error_messages={
                    "required": _("Välj konto"),
                    "invalid_choice": _("Konto %(value)s finns inte eller är avslutat."),
                },
            )

    def chosen(self) -> Mapping[int, AccountingCode | None]:
        """What was chosen, by the lines' ids."""
        return {pk: self.open.get(self.cleaned_data[name]) for name, pk in self.lines.items()}


def _by_category(account: AccountingCode | None) -> str:
    if account is None:
        return str(_("Enligt kategorin, som inköp väljer"))
    return _("%(account)s, kategorins") % {"account": account}
