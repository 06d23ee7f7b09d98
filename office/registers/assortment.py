"""The assortment with its prices."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agreements.models import AgreementSupplier
from catalog.models import Item, ItemCeiling, Price, Substitution, Synonym, Trial
from catalog.refusals import SENTENCES, PackMissing, out_of_order
from catalog.states import WRITTEN_TRANSITIONS, ItemStatus
from core.components import Link
from core.errors import InvalidInput
from office.permissions import can_see_registers, is_manager
from office.registers.agreements import CeilingBelowCommitted, in_own_categories
from office.registers.categories import OPEN_CATEGORY
from office.registers.classifications import CPV, EMDN
from office.registers.locks import OF_ITEM_CEILINGS
from office.registers.price_raises import RAISES
from organizations.models import User
from procurement.operations.assortment import SomethingIsOnItsWay, is_on_its_way
from registers.columns import Column
from registers.kinds import First, Last, Reference, Unit
from registers.register import Group, Measure, Moves, Register, Rule

WEEKS = 52
"""So many weeks a usual week is reckoned for a year."""


class PriceOfAnotherSupplier(InvalidInput):
    """A price under an agreement is that of one of the agreement's suppliers."""

    code = "price_of_another_supplier"
    sentence = _("Priset står under ett avtal med en annan leverantör.")


class OwnOrderUnit(InvalidInput):
    """A price of the item's own order unit names no other."""

    code = "price_of_own_order_unit"
    sentence = _("Det är artikelns egen beställningsenhet. Lämna kolumnen tom.")


GUARDED = [ItemStatus.TRIAL.value, ItemStatus.PHASING_OUT.value]
"""In these an item must have something in other registers, which the database asks about."""


def _guarded_items() -> QuerySet[Item, int]:
    """The ids of the items that are in one of them."""
    return Item.objects.filter(status__in=GUARDED).values_list("pk", flat=True)


def _yearly_quantities() -> QuerySet[Item, tuple[str, Decimal]]:
    """How much of each item is usually ordered in a year, in order units, by its number."""
    items = Item.objects.exclude(usual_weekly_quantity=None)
    return items.annotate(yearly=F("usual_weekly_quantity") * WEEKS).values_list("number", "yearly")


def _price_lists(user: User, at: datetime) -> Sequence[Link]:
    """Where a supplier's items and prices come in from one file."""
    if not is_manager(user, at):
        return []
    return [Link(gettext("Läs in en prislista"), reverse("registers:imports", args=["price_list"]))]


def _files(by: User, item: Model, at: datetime) -> list[Link]:
    """What shows an item has a page of its own."""
    assert isinstance(item, Item)  # noqa: S101, for the types
    return [Link(gettext("Bilder och dokument"), reverse("office:item_files", args=[item.number]))]


ITEMS = Register(
    name="items",
    group=Group.ASSORTMENT,
    title=_("Artiklar"),
    one=_("artikel"),
    model=Item,
    columns=[
        Column("number", _("Artikelnummer"), is_key=True),
        Column("name", _("Namn"), is_required=True),
        Column("name_en", _("Namn på engelska")),
        Column("description", _("Beskrivning")),
        Column("family", _("Familj")),
        Column("size", _("Storlek"), is_listed=True),
        Column("category", _("Kategori"), kind=OPEN_CATEGORY, is_required=True),
        Column("kind", _("Vara eller tjänst")),
        Column("base_unit", _("Basenhet"), kind=Unit(most=20), is_required=True),
        Column("order_unit", _("Beställningsenhet"), kind=Unit(most=20), is_required=True),
        Column("units_per_order_unit", _("Basenheter per beställningsenhet")),
        Column("gtin", _("GTIN")),
        Column("cpv", _("CPV-kod"), kind=CPV),
        Column("emdn", _("EMDN-kod"), kind=EMDN),
        Column("unspsc", _("UNSPSC-kod")),
        Column("criteria_level", _("Hållbarhetskrav")),
        Column("picture", _("Bild")),
        Column("status", _("Status")),
        Column("blocked_reason", _("Spärrad för att")),
        Column("last_order_date", _("Sista beställningsdag")),
        Column("usual_weekly_quantity", _("Vanligt antal i veckan")),
    ],
    may_see=can_see_registers,
    may_change=is_manager,
    reach=in_own_categories("category"),
    actions=_files,
    moves=Moves("status", WRITTEN_TRANSITIONS, out_of_order),
    rules=[
        Rule(
            ~Q(status=ItemStatus.RETIRED) | ~is_on_its_way(),
            SomethingIsOnItsWay,
            "status",
            is_kept=True,
        )
    ],
    sentences=SENTENCES,
    tried_in_place=Q(values__status__in=GUARDED) | Q(subject_id__in=_guarded_items()),
    links=_price_lists,
    searched=["number", "name", "gtin"],
    filtered=["category", "status", "cpv", "emdn"],
)

PRICES = Register(
    name="prices",
    group=Group.ASSORTMENT,
    title=_("Priser"),
    one=_("pris"),
    model=Price,
    columns=[
        Column("item", _("Artikelnummer"), kind=Reference(by="number"), is_key=True),
        Column("agreement", _("Avtalsnummer"), kind=Reference(by="number"), is_key=True, is_required=False),
        Column("supplier", _("Leverantör"), kind=Reference(by="org_number"), is_key=True),
        Column(
            "order_unit",
            _("Beställningsenhet"),
            kind=Unit(most=20),
            is_key=True,
            is_required=False,
            note=_(
                "Tomt för artikelns egen beställningsenhet. Annars en annan som leverantören säljer, som kartong."
            ),
        ),
        Column(
            "minimum_quantity",
            _("Minsta antal"),
            is_key=True,
            is_required=False,
            note=_("Från hur många priset gäller. Fler rader med var sitt minsta antal är mängdrabatt."),
        ),
        Column("unit_price", _("Pris"), is_required=True),
        Column(
            "units_per_order_unit",
            _("Basenheter per beställningsenhet"),
            note=_("Fylls i för en annan enhet än artikelns egen."),
        ),
        Column("lead_days", _("Leveranstid, dagar")),
        Column("from_date", _("Från och med"), field="valid_during", kind=First()),
        Column("through_date", _("Till och med"), field="valid_during", kind=Last()),
    ],
    may_see=can_see_registers,
    may_change=is_manager,
    reach=in_own_categories("item__category"),
    ends="through_date",
    is_of_periods=True,
    rules=[
        Rule(
            holds=Q(agreement=None)
            | Q(
                Exists(
                    AgreementSupplier.objects.filter(
                        agreement=OuterRef("agreement"), supplier=OuterRef("supplier")
                    )
                )
            ),
            refusal=PriceOfAnotherSupplier,
            column="supplier",
        ),
        Rule(holds=~Q(order_unit=F("item__order_unit")), refusal=OwnOrderUnit, column="order_unit"),
    ],
    sentences={"price_has_pack": PackMissing},
    links=_price_lists,
    measure=Measure(column="unit_price", of="item", yearly=_yearly_quantities),
    raises=RAISES,
    searched=["item"],
    filtered=["agreement", "supplier"],
)

ITEM_CEILINGS = Register(
    name="item_ceilings",
    group=Group.AGREEMENTS,
    title=_("Takvolymer per artikel"),
    one=_("takvolym"),
    model=ItemCeiling,
    columns=[
        Column("agreement", _("Avtalsnummer"), kind=Reference(by="number"), is_key=True),
        Column("item", _("Artikelnummer"), kind=Reference(by="number"), is_key=True),
        Column("ceiling_quantity", _("Takvolym, antal"), is_required=True),
        Column("committed_quantity", _("Avropat innan, antal"), is_opening=True),
    ],
    may_see=can_see_registers,
    may_change=is_manager,
    reach=in_own_categories("agreement__category"),
    settled=OF_ITEM_CEILINGS,
    sentences={"item_within_ceiling": CeilingBelowCommitted},
    searched=["agreement", "item"],
    filtered=["agreement"],
)

SUBSTITUTIONS = Register(
    name="substitutions",
    group=Group.ASSORTMENT,
    title=_("Ersättningar"),
    one=_("ersättning"),
    model=Substitution,
    columns=[
        Column("from_item", _("Artikel"), kind=Reference(by="number"), is_key=True),
        Column("to_item", _("Ersätts av"), kind=Reference(by="number"), is_key=True),
        Column("factor", _("Omräkningsfaktor")),
        Column("equivalence", _("Likvärdighet")),
        Column("note", _("Villkor")),
        Column("from_date", _("Från och med"), field="valid_during", kind=First()),
        Column("through_date", _("Till och med"), field="valid_during", kind=Last()),
    ],
    may_see=can_see_registers,
    may_change=is_manager,
    reach=in_own_categories("from_item__category"),
    ends="through_date",
    is_of_periods=True,
    sentences=SENTENCES,
    tried_in_place=Q(),
    searched=["from_item", "to_item"],
    filtered=["equivalence"],
)

TRIALS = Register(
    name="trials",
    group=Group.ASSORTMENT,
    title=_("Prov"),
    one=_("prov"),
    model=Trial,
    columns=[
        Column("item", _("Artikelnummer"), kind=Reference(by="number"), is_key=True),
        Column("cost_center", _("Enhet"), field="department", kind=Reference(by="cost_center"), is_key=True),
        Column("from_date", _("Första dag"), field="valid_during", kind=First()),
        Column("through_date", _("Sista dag"), field="valid_during", kind=Last(), is_required=True),
    ],
    may_see=can_see_registers,
    may_change=is_manager,
    reach=in_own_categories("item__category"),
    ends="through_date",
    is_of_periods=True,
    sentences=SENTENCES,
    tried_in_place=Q(),
    searched=["item", "cost_center"],
    filtered=["cost_center"],
)

SYNONYMS = Register(
    name="synonyms",
    group=Group.ASSORTMENT,
    title=_("Synonymer"),
    one=_("synonym"),
    model=Synonym,
    columns=[
        Column("term", _("Sökord"), is_key=True),
        Column("means", _("Betyder"), is_key=True),
    ],
    may_see=can_see_registers,
    may_change=is_manager,
    searched=["term", "means"],
)
