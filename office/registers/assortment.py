"""Suppliers, agreements, and the assortment with its prices."""

from collections.abc import Callable
from datetime import date

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agreements.models import Agreement, Supplier, Threshold
from agreements.thresholds import (
    documented_direct_award,
    within_direct_award_limit,
    within_simplified_procedure,
)
from catalog.models import Item, ItemCeiling, Price, Substitution, Synonym
from categories.models import Category
from core.errors import InvalidInput
from office.permissions import can_see_registers, is_head, is_manager
from office.registers.categories import OPEN_CATEGORY
from organizations.models import User
from registers.columns import Column
from registers.kinds import First, Last, Reference, Unit
from registers.register import Group, Register, Rule


class PriceOfAnotherSupplier(InvalidInput):
    """A price under an agreement is that of the agreement's supplier."""

    code = "price_of_another_supplier"
    sentence = _("Priset står under ett avtal med en annan leverantör.")


class OwnOrderUnit(InvalidInput):
    """A price of the item's own order unit names no other."""

    code = "price_of_own_order_unit"
    sentence = _("Det är artikelns egen beställningsenhet. Lämna kolumnen tom.")


class PackMissing(InvalidInput):
    """Another order unit than the item's own says how many base units it holds."""

    code = "price_pack_missing"
    sentence = _("Ange hur många basenheter beställningsenheten innehåller.")


class SubstitutedByItself(InvalidInput):
    """An item is replaced by another one."""

    code = "substituted_by_itself"
    sentence = _("En artikel kan inte ersättas av sig själv.")


class AgreementHasNoEnd(InvalidInput):
    """An agreement has a last day, or is until further notice with a period of notice."""

    code = "agreement_has_no_end"
    sentence = _(
        "Ange avtalets sista dag, eller att det gäller tills vidare och hur många månaders uppsägningstid det har."
    )


class CeilingBelowCommitted(InvalidInput):
    """The ceiling is lower than what has been ordered."""

    code = "ceiling_below_committed"
    sentence = _("Taket är lägre än det som redan är avropat.")


class DirectAwardTooLarge(InvalidInput):
    """A direct award is of no more than the direct-award limit."""

    code = "direct_award_too_large"
    sentence = _("Värdet är över den direktupphandlingsgräns som gällde avtalets första dag.")


class DirectAwardUndocumented(InvalidInput):
    """A direct award is documented from an amount on."""

    code = "direct_award_undocumented"
    sentence = _("En direktupphandling av det här värdet ska dokumenteras. Ange diarienumret.")


class SimplifiedTooLarge(InvalidInput):
    """The simplified procedure is for what lies below the threshold."""

    code = "simplified_too_large"
    sentence = _(
        "Värdet når det tröskelvärde som gällde avtalets första dag, så förenklat förfarande går inte."
    )


class NotOneAddress(InvalidInput):
    """Orders go to one address."""

    code = "supplier_needs_one_address"
    sentence = _("Ange en enda e-postadress för beställningar.")


def _own(path: str) -> Callable[[User, date], Q]:
    """Rows of the categories that the person answers for, those below them included."""

    def reach(by: User, day: date) -> Q:
        return Q(**{f"{path}__in": Category.objects.within_reach_of(by, day).values("pk")})

    return reach


SUPPLIERS = Register(
    name="suppliers",
    group=Group.AGREEMENTS,
    title=_("Leverantörer"),
    one=_("leverantör"),
    model=Supplier,
    columns=[
        Column("org_number", _("Organisationsnummer"), is_key=True),
        Column("name", _("Namn"), is_required=True),
        Column("order_email", _("E-post för beställningar"), is_required=True, others=("email",)),
        Column("gln", _("GLN")),
        Column("code_of_conduct", _("Uppförandekod")),
        Column("blocked_reason", _("Spärrad för att")),
    ],
    may_see=can_see_registers,
    may_change=is_head,
    sentences={"supplier_order_email_is_one_address": NotOneAddress},
    searched=["org_number", "name"],
    filtered=["code_of_conduct"],
)

AGREEMENTS = Register(
    name="agreements",
    group=Group.AGREEMENTS,
    title=_("Avtal"),
    one=_("avtal"),
    model=Agreement,
    columns=[
        Column("number", _("Avtalsnummer"), is_key=True),
        Column("diary_number", _("Diarienummer")),
        Column("title", _("Rubrik"), is_required=True),
        Column("category", _("Kategori"), kind=OPEN_CATEGORY, is_required=True),
        Column("supplier", _("Leverantör"), kind=Reference(by="org_number"), is_required=True),
        Column("procedure", _("Förfarande"), is_required=True),
        Column("call_off_method", _("Avropsform")),
        Column("price_clause", _("Prisklausul")),
        Column("from_date", _("Första dag"), field="valid_during", kind=First(), is_required=True),
        Column("through_date", _("Sista dag"), field="valid_during", kind=Last()),
        Column("until_further_notice", _("Tills vidare")),
        Column("option_months", _("Optioner, månader")),
        Column("notice_months", _("Uppsägningstid, månader")),
        Column("estimated_amount", _("Uppskattat värde"), is_required=True),
        Column("ceiling_amount", _("Takvolym"), is_required=True),
        Column("committed_amount", _("Avropat innan"), is_opening=True),
    ],
    may_see=can_see_registers,
    may_change=is_manager,
    reach=_own("category"),
    ends="through_date",
    rules=[
        Rule(within_direct_award_limit(), DirectAwardTooLarge, "procedure"),
        Rule(documented_direct_award(), DirectAwardUndocumented, "diary_number"),
        Rule(within_simplified_procedure(), SimplifiedTooLarge, "procedure"),
    ],
    sentences={
        "agreement_ends_or_is_until_further_notice": AgreementHasNoEnd,
        "agreement_within_ceiling": CeilingBelowCommitted,
    },
    searched=["number", "diary_number", "title"],
    filtered=["category", "supplier"],
)

THRESHOLDS = Register(
    name="thresholds",
    group=Group.AGREEMENTS,
    title=_("Beloppsgränser"),
    one=_("beloppsgräns"),
    model=Threshold,
    columns=[
        Column("kind", _("Gräns"), is_key=True),
        Column(
            "category",
            _("Kategori"),
            kind=OPEN_CATEGORY,
            is_key=True,
            is_required=False,
            note=_("Tomt gäller allt. Annars det som köps i kategorin, som sociala tjänster."),
        ),
        Column("amount", _("Belopp"), is_required=True),
        Column("from_date", _("Från och med"), field="valid_during", kind=First()),
        Column("through_date", _("Till och med"), field="valid_during", kind=Last()),
    ],
    may_see=can_see_registers,
    may_change=is_head,
    ends="through_date",
    is_of_periods=True,
    filtered=["kind", "category"],
)

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
        Column("size", _("Storlek")),
        Column("category", _("Kategori"), kind=OPEN_CATEGORY, is_required=True),
        Column("kind", _("Vara eller tjänst")),
        Column("base_unit", _("Basenhet"), kind=Unit(most=20), is_required=True),
        Column("order_unit", _("Beställningsenhet"), kind=Unit(most=20), is_required=True),
        Column("units_per_order_unit", _("Basenheter per beställningsenhet")),
        Column("gtin", _("GTIN")),
        Column("criteria_level", _("Hållbarhetskrav")),
        Column("picture", _("Bild")),
        Column("status", _("Status")),
        Column("blocked_reason", _("Spärrad för att")),
        Column("last_order_date", _("Sista beställningsdag")),
        Column("usual_weekly_quantity", _("Vanligt antal i veckan")),
    ],
    may_see=can_see_registers,
    may_change=is_manager,
    reach=_own("category"),
    searched=["number", "name", "gtin"],
    filtered=["category", "status"],
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
    reach=_own("item__category"),
    ends="through_date",
    is_of_periods=True,
    rules=[
        Rule(
            holds=Q(agreement=None) | Q(agreement__supplier=F("supplier")),
            refusal=PriceOfAnotherSupplier,
            column="supplier",
        ),
        Rule(holds=~Q(order_unit=F("item__order_unit")), refusal=OwnOrderUnit, column="order_unit"),
    ],
    sentences={"price_has_pack": PackMissing},
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
    reach=_own("agreement__category"),
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
    reach=_own("from_item__category"),
    ends="through_date",
    is_of_periods=True,
    sentences={"substitution_by_another": SubstitutedByItself},
    searched=["from_item", "to_item"],
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
