"""What spend writes to the trail."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.TextChoices):
    """Audit codes, each with its sentence."""

    ACCOUNT_MEANING_DECIDED = "account.meaning_decided", _("Ett kontos betydelse bestämdes")
    SUPPLIER_MATCHED = "ledger_supplier.matched", _("En leverantör i reskontran kopplades")
    SUPPLIER_MATCH_UNDONE = "ledger_supplier.undone", _("Kopplingen av en leverantör i reskontran togs bort")
