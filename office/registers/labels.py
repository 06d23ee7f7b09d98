"""The labels that the region counts, and which items have them."""

from django.utils.translation import gettext_lazy as _

from catalog.models import ItemLabel, Label
from office.permissions import can_see_registers, is_head, is_manager
from office.registers.agreements import in_own_categories
from registers.columns import Column
from registers.kinds import Reference
from registers.register import Group, Register

LABELS = Register(
    name="labels",
    group=Group.ASSORTMENT,
    title=_("Märkningar"),
    one=_("märkning"),
    model=Label,
    columns=[
        Column("code", _("Kod"), is_key=True),
        Column("name", _("Namn"), is_required=True),
        Column("kind", _("Vad den gäller")),
        Column("issuer", _("Vem som ger den")),
    ],
    may_see=can_see_registers,
    may_change=is_head,
    searched=["code", "name"],
)

ITEM_LABELS = Register(
    name="item_labels",
    group=Group.ASSORTMENT,
    title=_("Artiklars märkningar"),
    one=_("artikels märkning"),
    model=ItemLabel,
    columns=[
        Column("item", _("Artikelnummer"), kind=Reference(by="number"), is_key=True),
        Column("label", _("Märkning"), kind=Reference(by="code"), is_key=True),
        Column("licence_number", _("Licensnummer")),
        Column("valid_through_date", _("Bevisad till och med")),
    ],
    may_see=can_see_registers,
    may_change=is_manager,
    reach=in_own_categories("item__category"),
    searched=["item"],
    filtered=["label"],
)
