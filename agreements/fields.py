"""Choose a supplier in a form, also among thousands."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.choosing import OneOfMany


class SupplierField(OneOfMany):
    """One of our suppliers, by organisation number or name."""

    def __init__(self, **kwargs: Any) -> None:
        messages = {
            "invalid_choice": _("Ingen leverantör heter %(typed)s. Skriv namnet eller organisationsnumret.")
        }
        super().__init__(
            key="org_number",
            named_by=("name",),
            typed_hint=_("Namn eller organisationsnummer."),
            error_messages={**messages, **kwargs.pop("error_messages", {})},
            **kwargs,
        )
