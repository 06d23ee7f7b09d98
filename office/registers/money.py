"""What the organisation costs, and the initiatives that are to save."""

from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput
from office.permissions import can_see_registers, is_finance, is_head
from office.registers.categories import OPEN_CATEGORY
from registers.columns import Column
from registers.kinds import First, Last, Reference
from registers.months import Month
from registers.register import Group, Register
from reporting.models import ComparedPrice, IndicatorTarget, OrganisationCost, ReportText, SavingInitiative
from reporting.operations.initiatives import withdraw_undecided


class IndexHalfNamed(InvalidInput):
    """An index is named with the months that it is read of, or not at all."""

    code = "initiative_index_half_named"
    sentence = _("Ange prisindex, från vilken månad och till vilken månad, eller inget av dem.")


class IndexShareOutOfRange(InvalidInput):
    """Some of the price follows the index, at most all of it."""

    code = "initiative_index_share"
    sentence = _("Andelen som följer index ska vara större än 0 och högst 100 procent.")


class BudgetTwice(InvalidInput):
    """An item has one approved budget."""

    code = "compared_price_budget_twice"
    sentence = _("Artikeln har redan ett budgeterat pris i initiativet.")


class ComparedPriceNotPositive(InvalidInput):
    """A price to compare with is above nought, and somebody's."""

    code = "compared_price_not_positive"
    sentence = _("Priset ska vara större än 0, och det ska framgå varifrån det kommer.")


class OnlyBidsAreLow(InvalidInput):
    """A budget is not abnormally low."""

    code = "compared_price_only_bids_are_low"
    sentence = _("Bara ett anbud kan vara onormalt lågt.")


COSTS = Register(
    name="organisation_costs",
    group=Group.MONEY,
    title=_("Organisationskostnader"),
    one=_("organisationskostnad"),
    model=OrganisationCost,
    columns=[
        Column("from_date", _("Från och med"), field="during", kind=First(), is_key=True),
        Column("through_date", _("Till och med"), field="during", kind=Last(), is_required=True),
        Column("persons", _("Årsarbetare"), is_required=True),
        Column("amount", _("Kostnad"), is_required=True),
        Column("note", _("Anmärkning")),
    ],
    may_see=can_see_registers,
    may_change=is_finance,
)

INITIATIVES = Register(
    name="initiatives",
    group=Group.MONEY,
    title=_("Besparingsinitiativ"),
    one=_("besparingsinitiativ"),
    model=SavingInitiative,
    columns=[
        Column("code", _("Kod"), is_key=True),
        Column("name", _("Namn"), is_required=True),
        Column("category", _("Kategori"), kind=OPEN_CATEGORY, is_required=True),
        Column("old_agreement", _("Tidigare avtal"), kind=Reference(by="number")),
        Column("new_agreement", _("Nytt avtal"), kind=Reference(by="number")),
        Column("method", _("Baslinjens metod"), is_required=True),
        Column("nature", _("Slag"), note=_("Engångseffekter och krispriser redovisas för sig.")),
        Column("stage", _("Läge"), note=_("Baslinjer fryses när initiativet är beslutat.")),
        Column(
            "expected_amount",
            _("Förväntad helårseffekt"),
            note=_("Visas bara bland planerade initiativ, tills baslinjerna är frysta."),
        ),
        Column("effective_date", _("Gäller från"), is_required=True),
        Column(
            "index_series",
            _("Prisindex"),
            kind=Reference(by="code"),
            note=_("Det index som det tidigare avtalets pris räknas upp med."),
        ),
        Column("index_from", _("Index från månad"), kind=Month()),
        Column("index_to", _("Index till månad"), kind=Month()),
        Column("index_share_percent", _("Andel som följer index, procent")),
    ],
    may_see=can_see_registers,
    may_change=is_finance,
    sentences={
        "initiative_index_between_months": IndexHalfNamed,
        "initiative_index_share": IndexShareOutOfRange,
    },
    settle=withdraw_undecided,
    searched=["code", "name"],
    filtered=["category", "stage"],
)

COMPARED_PRICES = Register(
    name="compared_prices",
    group=Group.MONEY,
    title=_("Jämförelsepriser"),
    one=_("jämförelsepris"),
    model=ComparedPrice,
    columns=[
        Column("initiative", _("Initiativ"), kind=Reference(by="code"), is_key=True),
        Column("item", _("Artikelnummer"), kind=Reference(by="number"), is_key=True),
        Column("kind", _("Slag"), is_key=True),
        Column(
            "source",
            _("Anbudsgivare eller beslut"),
            is_key=True,
            note=_("Vem som bjöd, eller budgetbeslutet."),
        ),
        Column("unit_price", _("Pris per beställningsenhet"), is_required=True),
        Column("is_abnormally_low", _("Onormalt lågt"), note=_("Ett onormalt lågt anbud räknas inte.")),
    ],
    may_see=can_see_registers,
    may_change=is_finance,
    sentences={
        "compared_price_one_budget": BudgetTwice,
        "compared_price_of_a_source": ComparedPriceNotPositive,
        "compared_price_only_bids_are_low": OnlyBidsAreLow,
    },
    searched=["initiative", "item", "source"],
    filtered=["initiative", "kind"],
)

REPORT_TEXTS = Register(
    name="report_texts",
    group=Group.MONEY,
    title=_("Rapporttexter"),
    one=_("rapporttext"),
    model=ReportText,
    columns=[
        Column("part", _("Del av återrapporten"), is_key=True),
        Column("text", _("Text"), is_required=True),
        Column("from_date", _("Från och med"), field="valid_during", kind=First()),
        Column("through_date", _("Till och med"), field="valid_during", kind=Last()),
    ],
    may_see=can_see_registers,
    may_change=is_head,
    ends="through_date",
    is_of_periods=True,
    searched=["text"],
)

INDICATOR_TARGETS = Register(
    name="indicator_targets",
    group=Group.MONEY,
    title=_("Mål för indikatorer"),
    one=_("mål"),
    model=IndicatorTarget,
    columns=[
        Column("indicator", _("Indikator"), is_key=True),
        Column("direction", _("Riktning"), is_required=True),
        Column("value", _("Mål"), is_required=True),
        Column("from_date", _("Från och med"), field="valid_during", kind=First()),
        Column("through_date", _("Till och med"), field="valid_during", kind=Last()),
    ],
    may_see=can_see_registers,
    may_change=is_head,
    ends="through_date",
    is_of_periods=True,
)
