"""Price lists: what a supplier sends, with its items and their prices in the same rows."""

from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput, stored
from office.peppol.catalogues import CATALOGUE
from office.registers.assortment import ITEMS, PRICES, SUBSTITUTIONS
from registers.bundles import Bundle, Part
from registers.models import Import
from registers.operations.current_rows import execute
from registers.operations.staging import text_in
from registers.reading.lines import DOCUMENTS

DOCUMENTS.append(CATALOGUE)


class NumberOfAnotherSupplier(InvalidInput):
    """A supplier's number is a number of the register already, of what others sell."""

    code = "number_of_another_supplier"
    sentence = _(
        "Artikelnumret finns redan, med priser bara från andra leverantörer. Är det samma artikel: ange dess GTIN, eller lägg in"
        " leverantörens första pris i registret Priser. Annars behöver artikeln ett annat nummer."
    )


def _refuse_numbers_of_others(of_import: Import) -> None:
    """
    Refuse an item, with its price, whose number is that of something that only other suppliers sell.

    Suppliers number their items as they like, and two of them can have the same number for different things. It is the same thing
    where the row has the item's GTIN, or the supplier has had a price of it.
    """
    facts = {
        "lead": of_import.lead.pk,
        "reason": stored(NumberOfAnotherSupplier()),
        "supplier": of_import.constants.get("supplier", ""),
    }
    if of_import.register is PRICES:
        if execute(_OF_OTHERS.format(item=text_in("item"), supplier=text_in("supplier")), facts):
            execute(_THEIR_ITEMS.format(item=text_in("item")), facts)
    elif of_import.register is SUBSTITUTIONS:
        execute(_THEIR_REPLACEMENTS.format(item=text_in("to_item")), facts)


# A refused line has no text of what was said of all rows.
_OF_OTHERS = """
UPDATE incoming_change AS r SET kind = 'refused', "column" = 'item', reason = %(reason)s
FROM catalog_item AS i
WHERE i.number = r.{item} AND EXISTS (SELECT FROM catalog_price AS p WHERE p.item_id = i.id)
AND NOT EXISTS (
    SELECT FROM catalog_price AS p JOIN agreements_supplier AS s ON s.id = p.supplier_id
    WHERE p.item_id = i.id AND regexp_replace(coalesce(r.{supplier}, %(supplier)s), '[^0-9]', '', 'g')
          IN (regexp_replace(s.org_number, '[^0-9]', '', 'g'), nullif(s.gln, '')))
AND (coalesce(i.gtin, '') = '' OR ltrim(i.gtin, '0') <> ltrim(r.{item}, '0') AND (i.number, ltrim(i.gtin, '0')) NOT IN (
    SELECT c.key, ltrim(coalesce(c.values->>'gtin', ''), '0') FROM registers_change AS c WHERE c.of_import_id = %(lead)s))
"""
_THEIR_ITEMS = """
UPDATE registers_change AS c SET kind = 'refused', "column" = 'number', reason = %(reason)s, before = '{{}}'
WHERE c.of_import_id = %(lead)s AND c.key IN (
    SELECT r.{item} FROM incoming_change AS r WHERE r.kind = 'refused' AND r.reason = %(reason)s)
"""
_THEIR_REPLACEMENTS = """
UPDATE incoming_change AS r SET kind = 'refused', "column" = 'to_item', reason = %(reason)s
WHERE r.{item} IN (
    SELECT c.key FROM registers_change AS c
    WHERE c.of_import_id = %(lead)s AND c.kind = 'refused' AND c.reason = %(reason)s)
"""

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
    refuse=_refuse_numbers_of_others,
)
