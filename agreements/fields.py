"""Choose a supplier in a form, also among thousands."""

from django.utils.translation import gettext_lazy as _

from core.choice_fields import OneOfMany


class SupplierField(OneOfMany):
    """One of our suppliers, by organisation number or name."""

    key = "org_number"
    typed_hint = _("Namn eller organisationsnummer.")
    unknown = _("Ingen leverantör heter %(typed)s. Skriv namnet eller organisationsnumret.")
