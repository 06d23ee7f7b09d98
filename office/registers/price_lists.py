"""Price lists: what a supplier sends, with its items and their prices in the same rows."""

from django.utils.translation import gettext_lazy as _

from office.peppol.catalogues import CATALOGUE
from office.registers.assortment import ITEMS, PRICES, SUBSTITUTIONS
from registers.bundles import Bundle, Part
from registers.reading.lines import DOCUMENTS

DOCUMENTS.append(CATALOGUE)

PRICE_LIST = Bundle(
    name="price_list",
    title=_("Prislistor"),
    one=_("prislista"),
    parts=[
        Part(ITEMS, may_repeat=True, known_also={"number": "gtin"}),
        Part(
            PRICES,
            only_with=["unit_price"],
            known_also={"item": "gtin", "supplier": "gln"},
            in_full=["order_unit", "units_per_order_unit"],
            within=["supplier", "agreement"],
        ),
        Part(
            SUBSTITUTIONS,
            only_with=["from_item", "to_item"],
            may_repeat=True,
            is_optional=True,
            known_also={"from_item": "gtin", "to_item": "gtin"},
        ),
    ],
    asked=[
        "prices.agreement",
        "prices.supplier",
        "prices.from_date",
        "items.category",
        "items.base_unit",
        "items.order_unit",
    ],
)
