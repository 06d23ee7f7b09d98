"""The life cycle of an item (DOMAIN 4.2)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.states import Transitions


class ItemStatus(models.TextChoices):
    """Where an item is in the standard assortment's life cycle."""

    PROPOSED = "proposed", _("Föreslagen")
    ASSESSED = "assessed", _("Bedöms")
    TRIAL = "trial", _("På prov")
    STANDARD = "standard", _("Standard")
    PHASING_OUT = "phasing_out", _("Utgår")
    RETIRED = "retired", _("Utgången")
    BLOCKED = "blocked", _("Spärrad")


ITEM_TRANSITIONS: Transitions = {
    ItemStatus.PROPOSED: frozenset({ItemStatus.ASSESSED, ItemStatus.RETIRED}),
    ItemStatus.ASSESSED: frozenset({ItemStatus.TRIAL, ItemStatus.STANDARD, ItemStatus.RETIRED}),
    ItemStatus.TRIAL: frozenset({ItemStatus.STANDARD, ItemStatus.RETIRED, ItemStatus.BLOCKED}),
    ItemStatus.STANDARD: frozenset({ItemStatus.PHASING_OUT, ItemStatus.BLOCKED}),
    ItemStatus.PHASING_OUT: frozenset({ItemStatus.STANDARD, ItemStatus.RETIRED, ItemStatus.BLOCKED}),
    ItemStatus.BLOCKED: frozenset({ItemStatus.STANDARD, ItemStatus.PHASING_OUT, ItemStatus.RETIRED}),
    ItemStatus.RETIRED: frozenset(),
}

ORDERABLE = (ItemStatus.TRIAL, ItemStatus.STANDARD, ItemStatus.PHASING_OUT)
VISIBLE = (*ORDERABLE, ItemStatus.BLOCKED)
