"""The codes of the packs that items are sold in."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models import ItemCode
from catalog.refusals import SENTENCES
from office.permissions import can_see_registers, is_manager
from office.registers.agreements import in_own_categories
from registers.columns import Column
from registers.kinds import Reference, Unit
from registers.register import Group, Register

ITEM_CODES = Register(
    name="item_codes",
    group=Group.ASSORTMENT,
    title=_("Streckkoder för förpackningar"),
    one=_("streckkod"),
    model=ItemCode,
    columns=[
        Column("code", _("GTIN"), is_key=True, note=_("8, 12, 13 eller 14 siffror.")),
        Column("item", _("Artikelnummer"), kind=Reference(by="number"), is_required=True),
        Column(
            "order_unit",
            _("Beställningsenhet"),
            kind=Unit(most=20),
            is_required=True,
            note=_("Den enhet som läggs i korgen när koden skannas."),
        ),
    ],
    may_see=can_see_registers,
    may_change=is_manager,
    reach=in_own_categories("item__category"),
    sentences=SENTENCES,
    tried_in_place=Q(),
    searched=["code", "item"],
    filtered=["order_unit"],
)
