"""What people ask the catalogue for, each with the same question in plain SQL: what it gives, and nothing that is not asked."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db import connection

MOST = 1000
"""So many candidates are ranked, by the program and by the plain statement."""
PARTS = [
    "handske",
    "kompress",
    "kateter",
    "spruta",
    "kanyl",
    "bind",
    "filter",
    "papper",
    "skydd",
    "mask",
    "slang",
    "duk",
]


@dataclass(frozen=True, slots=True)
class Question:
    """An address of the program, and a statement with its parameters."""

    address: str
    statement: str
    parameters: dict[str, Any]


PRICED = """
SELECT few.id, few.number, few.name, price.unit_price, price.agreement_id
FROM few LEFT JOIN LATERAL (
    SELECT unit_price, agreement_id FROM catalog_price AS price
    LEFT JOIN agreements_agreement AS agreement ON agreement.id = price.agreement_id
    JOIN agreements_supplier AS supplier ON supplier.id = price.supplier_id AND supplier.blocked_reason = ''
    WHERE price.item_id = few.id AND price.valid_during @> current_date
      AND (price.agreement_id IS NULL OR agreement.valid_during @> current_date)
    ORDER BY price.agreement_id IS NULL, unit_price LIMIT 1
) AS price ON true
"""
VISIBLE = "status IN ('trial', 'standard', 'phasing_out', 'blocked')"
BY_WORDS = f"""
WITH few AS (
    SELECT * FROM catalog_item WHERE {VISIBLE} AND folded_name LIKE ALL(%(patterns)s) LIMIT {MOST}
)
{PRICED} ORDER BY price.agreement_id IS NULL, word_similarity(%(typed)s, few.folded_name) DESC, few.id LIMIT 20 OFFSET %(offset)s
"""
BY_SPELLING = f"""
WITH few AS (
    SELECT * FROM catalog_item WHERE {VISIBLE} AND %(typed)s <%% folded_name LIMIT {MOST}
)
{PRICED} ORDER BY word_similarity(%(typed)s, few.folded_name) DESC, price.agreement_id IS NULL, few.id LIMIT 20
"""
BY_GTIN = f"WITH few AS (SELECT * FROM catalog_item WHERE {VISIBLE} AND gtin = %(typed)s) {PRICED}"
IN_CATEGORY = f"""
WITH few AS (
    SELECT * FROM catalog_item
    WHERE {VISIBLE} AND category_id = ANY(ARRAY(
        SELECT below.id FROM categories_category AS below JOIN categories_category AS above ON below.lineage @> ARRAY[above.id]
        WHERE above.code = %(code)s))
    ORDER BY usual_weekly_quantity DESC NULLS LAST, id LIMIT 20 OFFSET %(offset)s
)
{PRICED} ORDER BY few.usual_weekly_quantity DESC NULLS LAST, few.id
"""
HUNDREDTH = 100


def questions(times: int) -> dict[str, list[Question]]:
    """So many questions of each kind; always the same ones of the same assortment."""
    draw = random.Random(7)
    names = _column(
        "SELECT DISTINCT split_part(btrim(folded_name), ' ', 1) FROM (SELECT folded_name FROM catalog_item"
        " WHERE family = '' OR true ORDER BY id LIMIT 4000) AS known ORDER BY 1"
    )
    words = [name for name in names if len(name) >= 5 and name.isalpha()]
    colours = ["vit", "bla", "gron", "svart", "steril", "bomull", "polyester", "aluminium"]
    gtins = _column(
        "SELECT gtin FROM catalog_item WHERE gtin IS NOT NULL AND id % 9973 = 0 ORDER BY id LIMIT 100"
    )
    codes = _column(
        "SELECT code FROM categories_category AS category WHERE EXISTS (SELECT FROM catalog_item"
        " WHERE category_id = category.id) ORDER BY code"
    )

    def drawn(make: Callable[[], Question]) -> list[Question]:
        return [make() for _time in range(times)]

    def one() -> str:
        return draw.choice(words)

    return {
        "one word": drawn(lambda: _words([one()])),
        "two words": drawn(lambda: _words([one(), draw.choice(colours)])),
        "a part of a compound": drawn(lambda: _words([draw.choice(PARTS)])),
        "a misspelling": drawn(lambda: _misspelt(_misspelling(one(), draw))),
        "a GTIN": drawn(lambda: _gtin(draw.choice(gtins))),
        "a category": drawn(lambda: _category(draw.choice(codes))),
        "one word, the hundredth page": drawn(lambda: _words([one()], page=HUNDREDTH)),
        "a category, the hundredth page": drawn(lambda: _category(draw.choice(codes), page=HUNDREDTH)),
    }


def beginnings(times: int) -> list[str]:
    """What stands in the search field while somebody types."""
    draw = random.Random(8)
    prefixes = [word[:length] for word in PARTS for length in range(2, len(word) + 1)]
    return [f"/katalog/forslag/?{urlencode({'q': draw.choice(prefixes)})}" for _time in range(times)]


def ask(question: Question) -> Sequence[tuple[Any, ...]]:
    """Ask in plain SQL."""
    with connection.cursor() as cursor:
        cursor.execute(question.statement, question.parameters)
        rows: Sequence[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _words(words: Sequence[str], page: int = 1) -> Question:
    text = " ".join(words)
    facts = {"patterns": [f"%{word}%" for word in words], "typed": text, "offset": 20 * (page - 1)}
    return Question(_address(q=text, sida=page), BY_WORDS, facts)


def _misspelt(word: str) -> Question:
    return Question(_address(q=word), BY_SPELLING, {"typed": word})


def _gtin(gtin: str) -> Question:
    return Question(_address(q=gtin), BY_GTIN, {"typed": gtin})


def _category(code: str, page: int = 1) -> Question:
    return Question(
        _address(kategori=code, sida=page), IN_CATEGORY, {"code": code, "offset": 20 * (page - 1)}
    )


def _misspelling(word: str, draw: random.Random) -> str:
    """Leave a letter out, in the middle."""
    place = draw.randrange(2, len(word) - 1)
    return word[:place] + word[place + 1 :]


def _address(**parameters: object) -> str:
    return f"/katalog/?{urlencode(parameters)}"


def _column(statement: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [row[0] for row in cursor.fetchall()]
