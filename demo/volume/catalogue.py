"""A large assortment: each item of the demo region in many makes, materials and sizes, with a GTIN, three prices and many agreements."""

from django.apps import apps

from demo.volume.tables import TODAY, draw, insert, number, renumber, run, without_indexes

MAKES = [
    "al",
    "an",
    "ar",
    "as",
    "bel",
    "ber",
    "bo",
    "dal",
    "du",
    "ek",
    "el",
    "en",
    "fal",
    "fi",
    "for",
    "fri",
    "ga",
    "go",
    "gra",
    "ha",
    "he",
    "hol",
    "il",
    "in",
    "is",
    "ja",
    "ka",
    "kel",
    "kro",
    "la",
    "le",
    "lin",
    "lo",
    "lu",
    "ma",
    "me",
    "mi",
    "mo",
    "na",
    "ne",
    "no",
    "nor",
    "ny",
    "ol",
    "om",
    "or",
    "pa",
    "pe",
    "po",
    "ra",
    "re",
    "ri",
    "ro",
    "sal",
    "se",
    "si",
    "sol",
    "sta",
    "su",
    "ta",
    "te",
    "ti",
    "to",
    "tor",
    "tu",
    "ul",
    "un",
    "va",
    "ve",
    "vi",
    "vo",
]
ENDINGS = [
    "ab",
    "ax",
    "da",
    "do",
    "eko",
    "el",
    "ema",
    "ex",
    "fa",
    "ia",
    "ido",
    "ik",
    "il",
    "ine",
    "io",
    "is",
    "ita",
    "ix",
    "la",
    "len",
    "lux",
    "ma",
    "med",
    "mo",
    "na",
    "nova",
    "on",
    "or",
    "ra",
    "ro",
    "sa",
    "ta",
    "tek",
    "ton",
    "va",
    "via",
]
QUALITIES = [
    "steril",
    "osteril",
    "latexfri",
    "återvunnen plast",
    "bomull",
    "polyester",
    "rostfritt stål",
    "aluminium",
    "engångs",
    "flergångs",
    "tvättbar",
    "svanenmärkt",
    "extra stark",
    "mjuk",
    "perforerad",
    "självhäftande",
    "hopfällbar",
    "förstärkt",
    "vattentät",
    "andningsbar",
]
COLOURS = [
    "vit",
    "blå",
    "grön",
    "svart",
    "grå",
    "röd",
    "gul",
    "transparent",
    "ljusblå",
    "beige",
    "orange",
    "lila",
]
SIZES = ["XS", "S", "M", "L", "XL", "XXL"]
DESCRIPTIONS = (
    "Levereras i kartong. Förvaras torrt och mörkt.",
    "CE-märkt. Bruksanvisning på svenska medföljer.",
    "Tillverkad av råvara från kontrollerad källa. Källsorteras som plast.",
    "Passar till avdelningens vagnar och hållare.",
    "Bättre grepp och längre livslängd än tidigare utförande.",
)


AGREEMENTS = 300
"""So many a big region has."""


def write_catalogue(items: int) -> None:
    """Write items until there are so many, with three prices each, and the agreements of a big region."""
    first = number("SELECT max(id) FROM {Item}") + 1
    missing = items - number("SELECT count(*) FROM {Item}")
    if missing <= 0:
        return
    _gather_patterns()
    _write_agreements()
    with without_indexes("Item", "Price", "Word"):
        _write_items(first, missing)
        _write_words()
        _write_prices(first)
    renumber("Item")


def _gather_patterns() -> None:
    """The demo's items as patterns, each with the price and supplier that it has today."""
    run(
        "CREATE TEMP TABLE volume_pattern AS"
        " SELECT row_number() OVER (ORDER BY item.id) - 1 AS place, item.*, best.agreement_id, best.supplier_id,"
        " best.unit_price, best.minimum_quantity, best.lead_days, count(*) OVER () AS patterns"
        " FROM {Item} item JOIN LATERAL (SELECT * FROM {Price} price WHERE price.item_id = item.id"
        f" AND valid_during @> {TODAY} ORDER BY agreement_id NULLS LAST, unit_price LIMIT 1) best ON true"
        " WHERE item.status = 'standard'"
    )
    run(
        "CREATE TEMP TABLE volume_words AS SELECT %(makes)s::text[] AS makes, %(endings)s::text[] AS endings,"
        " %(qualities)s::text[] AS qualities, %(colours)s::text[] AS colours, %(sizes)s::text[] AS sizes,"
        " %(descriptions)s::text[] AS descriptions",
        {
            "makes": MAKES,
            "endings": ENDINGS,
            "qualities": QUALITIES,
            "colours": COLOURS,
            "sizes": SIZES,
            "descriptions": list(DESCRIPTIONS),
        },
    )


def _write_agreements() -> None:
    """Write the patterns' agreements again and again, each with its supplier, until there are so many."""
    run(
        "CREATE TEMP TABLE volume_agreement AS"
        " SELECT agreement_id AS base, agreement_id AS id, 0::bigint AS place FROM volume_pattern"
        " WHERE agreement_id IS NOT NULL GROUP BY agreement_id"
    )
    bases = number("SELECT count(*) FROM volume_agreement")
    missing = AGREEMENTS - number("SELECT count(*) FROM {Agreement}")
    if missing <= 0 or not bases:
        return
    (agreement,) = (each for each in apps.get_models() if each.__name__ == "Agreement")
    own_columns = {"id", "number", "committed_amount", "committed_at"}
    columns = ", ".join(
        f'"{each.column}"' for each in agreement._meta.local_concrete_fields if each.column not in own_columns
    )
    run(
        "WITH base AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS turn FROM volume_agreement),"
        f" written AS (INSERT INTO {{Agreement}} (number, committed_amount, {columns})"
        f" SELECT 'V' || base.id || '-' || n / {bases}, 0, {columns} FROM generate_series(0, {missing - 1}) AS n"
        f" JOIN base ON base.turn = mod(n, {bases}) JOIN {{Agreement}} agreement USING (id)"
        " RETURNING id, number, supplier_id),"
        " first AS (INSERT INTO {AgreementSupplier} (agreement_id, supplier_id, rank) SELECT id, supplier_id, 1 FROM written)"
        " INSERT INTO volume_agreement SELECT substr(split_part(number, '-', 1), 2)::bigint, id,"
        " 1 + split_part(number, '-', 2)::bigint FROM written"
    )


def _write_items(first: int, count: int) -> None:
    """One make after another of every pattern; what has sizes comes in six of them."""
    # Items in sizes: six numbers after each other differ in size only.
    make = "n / 60"
    seller = " || ".join(
        [
            f"initcap(makes[1 + {draw(make, 1, len(MAKES))}])",
            f"makes[1 + {draw(make, 2, len(MAKES))}]",
            f"endings[1 + {draw(make, 3, len(ENDINGS))}]",
        ]
    )
    sort = "CASE WHEN pattern.family = '' THEN n ELSE n / 6 END"
    gtin = "'73' || lpad(n::text, 10, '0')"
    insert(
        "Item",
        {
            "id": f"{first} + n",
            "number": "'7' || lpad(n::text, 8, '0')",
            "name": f"left(pattern.name || ' ' || {seller} || ', ' || qualities[1 + {draw(sort, 4, len(QUALITIES))}]"
            f" || ', ' || colours[1 + {draw(sort, 5, len(COLOURS))}], 150)",
            "name_en": "CASE WHEN mod(n, 3) = 0 THEN pattern.name_en ELSE '' END",
            "description": f"CASE WHEN mod(n, 2) = 0 THEN descriptions[1 + {draw('n', 6, len(DESCRIPTIONS))}] ELSE '' END",
            "family": "CASE WHEN pattern.family = '' THEN '' ELSE left(pattern.family, 60) || '-' || n / 6 END",
            "size": f"CASE WHEN pattern.family = '' THEN '' ELSE sizes[1 + mod(n, {len(SIZES)})] END",
            "category_id": "pattern.category_id",
            "kind": "pattern.kind",
            "base_unit": "pattern.base_unit",
            "order_unit": "pattern.order_unit",
            "units_per_order_unit": "pattern.units_per_order_unit",
            "gtin": f"{gtin} || mod(10 - mod((SELECT sum(substr({gtin}, i, 1)::int * (1 + 2 * mod(i + 1, 2)))"
            " FROM generate_series(1, 12) AS i), 10), 10)",
            "criteria_level": "(ARRAY['none', 'none', 'none', 'base', 'base', 'advanced', 'leading'])"
            f"[1 + {draw('n', 7, 7)}]",
            "picture": "pattern.picture",
            "status": f"CASE WHEN {draw('n', 8, 40)} = 0 THEN 'retired' ELSE 'standard' END",
            "usual_weekly_quantity": f"CASE WHEN {draw('n', 9, 20)} = 0 THEN 1 + {draw('n', 10, 60)} END",
        },
        f"FROM generate_series(0, {count - 1}) AS n JOIN volume_pattern pattern ON pattern.place = mod(n / 6, pattern.patterns)"
        " CROSS JOIN volume_words",
    )


def _write_words() -> None:
    """Write what the trigger on items would have, which is off while so many come."""
    run(
        "INSERT INTO {Word} (word) SELECT DISTINCT word FROM {Item}"
        " CROSS JOIN regexp_split_to_table(btrim(folded_name), ' +') AS word"
        " WHERE length(word) >= 3 AND word !~ '[0-9]' ON CONFLICT DO NOTHING"
    )


def _write_prices(first: int) -> None:
    """
    Write three each: the one of the years before, an indicative one outside agreements, and today's.

    Three of four have today's under one of the pattern's agreements; the others' indicative one is of an earlier time.
    """
    agreement = f"CASE WHEN {draw('item.id', 11, 4)} > 0 THEN agreement.id END"
    insert(
        "Price",
        {
            "item_id": "item.id",
            "agreement_id": f"CASE WHEN turn <> 1 THEN {agreement} END",
            "supplier_id": "pattern.supplier_id",
            "unit_price": f"round(pattern.unit_price * (60 + {draw('item.id', 12, 90)}) / 100 * (ARRAY[0.95, 1.2, 1])[1 + turn], 2)",
            "units_per_order_unit": "item.units_per_order_unit",
            "minimum_quantity": "pattern.minimum_quantity",
            "lead_days": "pattern.lead_days",
            "valid_during": f"CASE WHEN turn = 2 OR (turn = 1 AND {agreement} IS NOT NULL)"
            f" THEN daterange({TODAY} - 700, NULL)"
            f" WHEN turn = 1 THEN daterange({TODAY} - 1500, {TODAY} - 1100) ELSE daterange({TODAY} - 1100, {TODAY} - 700) END",
        },
        f"FROM {{Item}} item JOIN volume_pattern pattern ON pattern.place = mod((item.id - {first}) / 6, pattern.patterns)"
        " LEFT JOIN (SELECT *, count(*) OVER (PARTITION BY base) AS many FROM volume_agreement) AS agreement"
        f" ON agreement.base = pattern.agreement_id AND agreement.place = {draw('item.id', 13, 'agreement.many')}"
        f" CROSS JOIN generate_series(0, 2) AS turn WHERE item.id >= {first} ORDER BY item.id, turn",
    )
