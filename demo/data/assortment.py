"""What can be ordered: categories, suppliers, agreements, items, ceilings, synonyms, trials."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from demo.data.files import table
from demo.data.offsets import day_at


@dataclass(frozen=True, slots=True)
class Category:
    """A category with the people who answer for it."""

    code: str
    parent: str
    name: str
    name_en: str
    kind: str
    cpv: str
    account: str
    manager_email: str
    deputy_email: str
    response_days: int
    standing_approval_limit: Decimal | None
    is_risk: bool
    lead_months: int | None


@dataclass(frozen=True, slots=True)
class Supplier:
    """A supplier."""

    org_number: str
    name: str
    email: str
    gln: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """
    An agreement, of the history or of the present.

    ``committed_before_percent`` is how much of the ceiling had been called off in the system used before.
    """

    number: str
    diary_number: str
    title: str
    category: str
    supplier_org_number: str
    procedure: str
    call_off_method: str
    era: str
    start: date | None
    end: date | None
    start_offset: str
    end_offset: str
    option_months: int
    notice_months: int
    estimated_amount: Decimal
    ceiling_amount: Decimal
    price_clause: str
    committed_before_percent: Decimal
    long_term_reason: str
    code_of_conduct_level: str
    delivery_terms: str
    notice_reference: str

    def starts(self, today: date) -> date:
        """First day."""
        return self.start or day_at(self.start_offset, today)

    def ends(self, today: date) -> date:
        """The day after the last."""
        return self.end or day_at(self.end_offset, today)

    def number_on(self, today: date) -> str:
        """Number, with the year in which the agreement started."""
        return self.number.format(year=self.starts(today).year)

    def diary_number_on(self, today: date) -> str:
        """Diary number, likewise."""
        return self.diary_number.format(year=self.starts(today).year)


@dataclass(frozen=True, slots=True)
class AgreementSupplier:
    """One of several suppliers of an agreement."""

    agreement: str
    supplier_org_number: str
    rank: int
    share_percent: Decimal | None


@dataclass(frozen=True, slots=True)
class AgreementAdministration:
    """An administration that may call off, of an agreement that is not for all."""

    agreement: str
    administration: str


@dataclass(frozen=True, slots=True)
class Item:
    """
    Something in the assortment; prices per order unit excluding VAT, usual quantity of the whole region.

    ``previous_price`` is what it cost until some months ago, where the story needs a certain one.
    """

    number: str
    name: str
    name_en: str
    description: str
    family: str
    size: str
    category: str
    kind: str
    base_unit: str
    order_unit: str
    units_per_order_unit: Decimal
    gtin: str
    criteria_level: str
    picture: str
    status: str
    last_order_offset_days: int | None
    replacement: str
    replacement_factor: Decimal | None
    supplier_org_number: str
    agreement_present: str
    price: Decimal
    previous_price: Decimal | None
    normal_weekly_quantity: Decimal


@dataclass(frozen=True, slots=True)
class ItemCeiling:
    """How many of an item an agreement allows, and how many had been called off in the system used before."""

    agreement: str
    item: str
    ceiling_quantity: int
    committed_quantity: int


@dataclass(frozen=True, slots=True)
class Synonym:
    """A word that people search for, and the word of the assortment."""

    term: str
    means: str


@dataclass(frozen=True, slots=True)
class Label:
    """A label that the region counts."""

    code: str
    name: str
    kind: str
    issuer: str


@dataclass(frozen=True, slots=True)
class ItemLabel:
    """An item has a label, proven until so many days from now."""

    item: str
    label: str
    licence_number: str
    valid_offset_days: int | None


@dataclass(frozen=True, slots=True)
class Trial:
    """A department that tries an item."""

    item: str
    cost_center: str
    starts_in_days: int
    ends_in_days: int


categories = table("categories.csv", Category)
"""Parents before children."""
suppliers = table("suppliers.csv", Supplier)
agreements = table("agreements.csv", Agreement)
agreement_suppliers = table("agreement_suppliers.csv", AgreementSupplier)
agreement_administrations = table("agreement_administrations.csv", AgreementAdministration)
items = table("items.csv", Item)
item_ceilings = table("item_ceilings.csv", ItemCeiling)
synonyms = table("synonyms.csv", Synonym)
labels = table("labels.csv", Label)
item_labels = table("item_labels.csv", ItemLabel)
trials = table("trials.csv", Trial)
