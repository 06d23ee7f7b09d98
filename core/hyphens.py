"""Soft hyphens in long Swedish compounds, so that they break where a reader would break them (pure)."""

import re

from core.formatting import NBSP

SOFT_HYPHEN = "\u00ad"
_PARTS = (
    "sökning|aggregat|batteri|behållare|besiktning|binda|desinfek|dispenser|elektrod|etikett|filter|förband|handduk|handsk|hållare|"
    "kanyl|kateter|kläder|kompress|konsult|kontroll|kvitto|lampa|material|medel|möbler|papper|penna|produkt|påse|rengöring|"
    "rock|skydd|slang|spruta|spritning|stol|strump|städning|säck|tejp|tjänst|torkar|tvätt|underlägg|utrustning|vagn|ventilation"
)
_JOINT = re.compile(rf"(?<=\w{{4}})(?=(?:{_PARTS}))", re.IGNORECASE)
_MEASURE = re.compile(r"(?<=\d) (?=(?:g|kg|l|ml|m|cm|mm|st|×)\b)|(?<=\d) (?=×)|(?<=×) (?=\d)")
_LONG = re.compile(r"\w{13,}")


def softened(text: str) -> str:
    """Put soft hyphens at the joints of words of thirteen letters or more, and keep measures together."""
    kept = _MEASURE.sub(NBSP, text)
    return _LONG.sub(lambda word: _JOINT.sub(SOFT_HYPHEN, word.group()), kept)
