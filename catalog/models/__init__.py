"""Models of catalog."""

from catalog.models.items import CriteriaLevel, Item, ItemKind, Substitution, Synonym
from catalog.models.prices import ItemCeiling, Price

__all__ = ["CriteriaLevel", "Item", "ItemCeiling", "ItemKind", "Price", "Substitution", "Synonym"]
