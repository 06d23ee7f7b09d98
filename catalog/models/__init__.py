"""Models of catalog."""

from catalog.models.favourites import Favourite
from catalog.models.items import CriteriaLevel, Item, ItemKind, Synonym, Word
from catalog.models.prices import ItemCeiling, Price
from catalog.models.substitutions import Equivalence, Substitution
from catalog.models.trials import Trial

__all__ = [
    "CriteriaLevel",
    "Equivalence",
    "Favourite",
    "Item",
    "ItemCeiling",
    "ItemKind",
    "Price",
    "Substitution",
    "Synonym",
    "Trial",
    "Word",
]
