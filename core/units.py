"""
Units: the codes of UN/ECE recommendation 20 and 21, how they are said, and which of them can be divided (pure).

A unit is kept by its short Swedish name. Whatever people call it ("Ask", "askar", "st.", "Kartong") is read as the same
unit; a unit that is not in the table comes in whole ones, since nothing is known of it.
"""

from dataclasses import dataclass
from decimal import Decimal

from core import formatting
from core.formatting import NBSP


@dataclass(frozen=True, slots=True)
class Unit:
    """
    One unit.

    :param code: UN/ECE recommendation 20, or 21 with an X before for packages.
    :param pack: how a price list names one of it.
    """

    name: str
    code: str
    one: str
    several: str
    pack: str
    english: tuple[str, str]
    is_divisible: bool = False
    also: tuple[str, ...] = ()


UNITS: tuple[Unit, ...] = (
    Unit("ark", "XST", "ark", "ark", "Ark", ("sheet", "sheets")),
    Unit("ask", "XBX", "ask", "askar", "Ask", ("box", "boxes"), also=("asken", "box")),
    Unit("back", "XCR", "back", "backar", "Back", ("crate", "crates")),
    Unit("bokning", "C62", "bokning", "bokningar", "Bokning", ("booking", "bookings")),
    Unit("bunt", "XBE", "bunt", "buntar", "Bunt", ("bundle", "bundles")),
    Unit("burk", "XCX", "burk", "burkar", "Burk", ("can", "cans")),
    Unit("dl", "DLT", "dl", "dl", "Deciliter", ("dl", "dl"), is_divisible=True, also=("deciliter",)),
    Unit("dos", "E27", "dos", "doser", "Dos", ("dose", "doses")),
    Unit("dunk", "XJY", "dunk", "dunkar", "Dunk", ("can", "cans")),
    Unit("dygn", "DAY", "dygn", "dygn", "Dygn", ("day", "days"), is_divisible=True, also=("dag", "dagar")),
    Unit("flak", "XPU", "flak", "flak", "Flak", ("tray", "trays")),
    Unit("flaska", "XBO", "flaska", "flaskor", "Flaska", ("bottle", "bottles")),
    Unit(
        "förp",
        "XPK",
        "förpackning",
        "förpackningar",
        "Förpackning",
        ("pack", "packs"),
        also=("fp", "frp", "paket"),
    ),
    Unit("g", "GRM", "g", "g", "Gram", ("g", "g"), is_divisible=True, also=("gram",)),
    Unit("hink", "XPL", "hink", "hinkar", "Hink", ("bucket", "buckets")),
    Unit("införing", "C62", "införing", "införingar", "Införing", ("insertion", "insertions")),
    Unit("kartong", "XCT", "kartong", "kartonger", "Kartong", ("carton", "cartons"), also=("krt", "kart")),
    Unit("kg", "KGM", "kg", "kg", "Kilo", ("kg", "kg"), is_divisible=True, also=("kilo", "kilogram")),
    Unit("km", "KMT", "km", "km", "Kilometer", ("km", "km"), is_divisible=True, also=("kilometer",)),
    Unit("l", "LTR", "l", "l", "Liter", ("l", "l"), is_divisible=True, also=("liter", "lit")),
    Unit("låda", "XCS", "låda", "lådor", "Låda", ("case", "cases"), also=("lda",)),
    Unit("m", "MTR", "m", "m", "Meter", ("m", "m"), is_divisible=True, also=("meter",)),
    Unit(
        "m²",
        "MTK",
        "m²",
        "m²",
        "Kvadratmeter",
        ("m²", "m²"),
        is_divisible=True,
        also=("m2", "kvm", "kvadratmeter"),
    ),
    Unit(
        "m³",
        "MTQ",
        "m³",
        "m³",
        "Kubikmeter",
        ("m³", "m³"),
        is_divisible=True,
        also=("m3", "kbm", "kubikmeter"),
    ),
    Unit("mg", "MGM", "mg", "mg", "Milligram", ("mg", "mg"), is_divisible=True, also=("milligram",)),
    Unit("ml", "MLT", "ml", "ml", "Milliliter", ("ml", "ml"), is_divisible=True, also=("milliliter",)),
    Unit("månad", "MON", "månad", "månader", "Månad", ("month", "months"), is_divisible=True, also=("mån",)),
    Unit("natt", "C62", "natt", "nätter", "Natt", ("night", "nights")),
    Unit("pall", "XPX", "pall", "pallar", "Pall", ("pallet", "pallets"), also=("XAH",)),
    Unit("par", "PR", "par", "par", "Par", ("pair", "pairs")),
    Unit("person", "IE", "person", "personer", "Person", ("person", "people")),
    Unit("prov", "C62", "prov", "prov", "Prov", ("sample", "samples")),
    Unit("pund", "LBR", "pund", "pund", "Pund", ("pound", "pounds"), is_divisible=True),
    Unit("påse", "XBG", "påse", "påsar", "Påse", ("bag", "bags")),
    Unit("resa", "E54", "resa", "resor", "Resa", ("trip", "trips")),
    Unit("rulle", "XRO", "rulle", "rullar", "Rulle", ("roll", "rolls"), also=("rle",)),
    Unit("set", "SET", "set", "set", "Set", ("set", "sets"), also=("sats", "satser", "kit")),
    Unit(
        "st",
        "H87",
        "st",
        "st",
        "Styck",
        ("pc", "pcs"),
        also=("styck", "stycken", "stk", "ea", "pce", "pcs", "pc"),
    ),
    Unit("säck", "XSA", "säck", "säckar", "Säck", ("sack", "sacks")),
    Unit("tillfälle", "C62", "tillfälle", "tillfällen", "Tillfälle", ("occasion", "occasions")),
    Unit(
        "timme",
        "HUR",
        "timme",
        "timmar",
        "Timme",
        ("hour", "hours"),
        is_divisible=True,
        also=("tim", "h", "hour"),
    ),
    Unit("ton", "TNE", "ton", "ton", "Ton", ("tonne", "tonnes"), is_divisible=True),
    Unit("tub", "XTU", "tub", "tuber", "Tub", ("tube", "tubes")),
    Unit("vecka", "WEE", "vecka", "veckor", "Vecka", ("week", "weeks"), is_divisible=True),
    Unit("år", "ANN", "år", "år", "År", ("year", "years"), is_divisible=True),
)


def _spellings(unit: Unit) -> tuple[str, ...]:
    return (unit.name, unit.one, unit.several, unit.pack, unit.code, *unit.also)


def _plain(text: str) -> str:
    return text.strip().rstrip(".").strip().casefold()


_BY_SPELLING: dict[str, Unit] = {}
for each in UNITS:
    for spelling in _spellings(each):
        # Several counted things share C62, "one": the code alone says none of them.
        if spelling != "C62":
            _BY_SPELLING.setdefault(_plain(spelling), each)


def unit_called(text: str) -> Unit | None:
    """The unit that somebody calls so, in any case, number or with a full stop; None when nobody knows it."""
    return _BY_SPELLING.get(_plain(text))


def canonical(text: str) -> str:
    """The name that a unit is kept by; an unknown one is kept as it is written."""
    unit = unit_called(text)
    return unit.name if unit else text.strip()


def is_whole(unit: str) -> bool:
    """Whether a quantity must be a whole number for this unit: all but measures and stretches of time."""
    definition = unit_called(unit)
    return definition is None or not definition.is_divisible


def unit_word(unit: str, quantity: Decimal | int = 1, *, language: str = "sv") -> str:
    """Say the unit for so many; an unknown one is said as it is written."""
    definition = unit_called(unit)
    if definition is None:
        return unit
    is_one = abs(quantity) == 1
    if language.startswith("en"):
        return definition.english[0 if is_one else 1]
    return definition.one if is_one else definition.several


def quantity_text(quantity: Decimal | int, unit: str, *, language: str = "sv") -> str:
    """Say how many of what: "20 askar", not broken across lines."""
    return f"{formatting.quantity(quantity, language=language)}{NBSP}{unit_word(unit, quantity, language=language)}"


def pack(order_unit: str, units: Decimal, base_unit: str, *, language: str = "sv") -> str:
    """Say what one order unit is: "Ask med 100 st", "Flaska", "Styck"."""
    definition = unit_called(order_unit)
    is_english = language.startswith("en")
    if definition is None:
        name = order_unit.capitalize()
    else:
        name = definition.english[0].capitalize() if is_english else definition.pack
    if units == 1 or canonical(order_unit) == canonical(base_unit):
        return name
    link = "of" if is_english else "med"
    return f"{name} {link} {quantity_text(units, base_unit, language=language)}"
