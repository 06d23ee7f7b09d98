"""How units are said: one box, several boxes, packed by the hundred (pure)."""

from decimal import Decimal

from core import formatting
from core.formatting import NBSP

# unit: (one, several, as a pack, in English one, several)
_WORDS: dict[str, tuple[str, str, str, str, str]] = {
    "ark": ("ark", "ark", "Ark", "sheet", "sheets"),
    "ask": ("ask", "askar", "Ask", "box", "boxes"),
    "back": ("back", "backar", "Back", "crate", "crates"),
    "bokning": ("bokning", "bokningar", "Bokning", "booking", "bookings"),
    "bunt": ("bunt", "buntar", "Bunt", "bundle", "bundles"),
    "burk": ("burk", "burkar", "Burk", "can", "cans"),
    "dunk": ("dunk", "dunkar", "Dunk", "can", "cans"),
    "dygn": ("dygn", "dygn", "Dygn", "day", "days"),
    "flak": ("flak", "flak", "Flak", "tray", "trays"),
    "flaska": ("flaska", "flaskor", "Flaska", "bottle", "bottles"),
    "förp": ("förpackning", "förpackningar", "Förpackning", "pack", "packs"),
    "hink": ("hink", "hinkar", "Hink", "bucket", "buckets"),
    "införing": ("införing", "införingar", "Införing", "insertion", "insertions"),
    "kartong": ("kartong", "kartonger", "Kartong", "carton", "cartons"),
    "låda": ("låda", "lådor", "Låda", "case", "cases"),
    "månad": ("månad", "månader", "Månad", "month", "months"),
    "natt": ("natt", "nätter", "Natt", "night", "nights"),
    "par": ("par", "par", "Par", "pair", "pairs"),
    "person": ("person", "personer", "Person", "person", "people"),
    "prov": ("prov", "prov", "Prov", "sample", "samples"),
    "påse": ("påse", "påsar", "Påse", "bag", "bags"),
    "resa": ("resa", "resor", "Resa", "trip", "trips"),
    "rulle": ("rulle", "rullar", "Rulle", "roll", "rolls"),
    "st": ("st", "st", "Styck", "pc", "pcs"),
    "säck": ("säck", "säckar", "Säck", "sack", "sacks"),
    "tillfälle": ("tillfälle", "tillfällen", "Tillfälle", "occasion", "occasions"),
    "tim": ("timme", "timmar", "Timme", "hour", "hours"),
    "timme": ("timme", "timmar", "Timme", "hour", "hours"),
    "tub": ("tub", "tuber", "Tub", "tube", "tubes"),
}

_DIVISIBLE = frozenset({"dygn", "månad", "tim", "timme"})


def is_whole(unit: str) -> bool:
    """Whether the unit comes in whole ones: half a box is not for sale; an unknown unit may be a measure."""
    return unit in _WORDS and unit not in _DIVISIBLE


def unit_word(unit: str, quantity: Decimal | int = 1, *, language: str = "sv") -> str:
    """Say the unit for so many; an unknown one is said as it is written."""
    words = _WORDS.get(unit)
    if words is None:
        return unit
    place = 0 if abs(quantity) == 1 else 1
    return words[place + 3] if language.startswith("en") else words[place]


def counted(quantity: Decimal | int, unit: str, *, language: str = "sv") -> str:
    """Say how many of what: "20 askar", not broken across lines."""
    return f"{formatting.quantity(quantity, language=language)}{NBSP}{unit_word(unit, quantity, language=language)}"


def pack(order_unit: str, units: Decimal, base_unit: str, *, language: str = "sv") -> str:
    """Say what one order unit is: "Ask med 100 st", "Flaska", "Styck"."""
    words = _WORDS.get(order_unit)
    is_english = language.startswith("en")
    name = order_unit.capitalize() if words is None else words[3].capitalize() if is_english else words[2]
    if units == 1 or order_unit == base_unit:
        return name
    link = "of" if is_english else "med"
    return f"{name} {link} {counted(units, base_unit, language=language)}"
