"""Models of catalog."""

from catalog.models.favourites import DepartmentFavourite, Favourite
from catalog.models.items import CriteriaLevel, Item, ItemKind, Substitution, Synonym, Word
from catalog.models.prices import ItemCeiling, Price

__all__ = [
    "CriteriaLevel",
    "DepartmentFavourite",
    "Favourite",
    "Item",
    "ItemCeiling",
    "ItemKind",
    "Price",
    "Substitution",
    "Synonym",
    "Word",
]
