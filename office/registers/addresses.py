"""What registers refuse of addresses that several of them hold."""

from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput


class NotAPeppolAddress(InvalidInput):
    """An address in Peppol is a scheme of four digits, a colon and a number."""

    code = "peppol_address_unreadable"
    sentence = _("Skriv Peppol-adressen som 0007:5560001111: fyra siffror, kolon och numret.")
