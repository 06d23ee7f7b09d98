"""Models of catalog."""

from catalog.models.bid_prices import BidPrice
from catalog.models.competitions import CompetitionBid, CompetitionItem, RenewedCompetition
from catalog.models.favourites import DepartmentFavourite, Favourite
from catalog.models.illustrations import DocumentKind, ItemDocument, ItemPicture
from catalog.models.index_adjustments import IndexAdjustment
from catalog.models.item_codes import ItemCode
from catalog.models.items import CriteriaLevel, Item, ItemKind, Synonym, Word
from catalog.models.labels import ItemLabel, Label, LabelKind
from catalog.models.price_proposals import PriceProposal, PriceProposalFile, ProposedPrice
from catalog.models.prices import ItemCeiling, Price
from catalog.models.substitutions import Equivalence, Substitution
from catalog.models.trials import Trial

__all__ = [
    "BidPrice",
    "CompetitionBid",
    "CompetitionItem",
    "CriteriaLevel",
    "DepartmentFavourite",
    "DocumentKind",
    "Equivalence",
    "Favourite",
    "IndexAdjustment",
    "Item",
    "ItemCeiling",
    "ItemCode",
    "ItemDocument",
    "ItemKind",
    "ItemLabel",
    "ItemPicture",
    "Label",
    "LabelKind",
    "Price",
    "PriceProposal",
    "PriceProposalFile",
    "ProposedPrice",
    "RenewedCompetition",
    "Substitution",
    "Synonym",
    "Trial",
    "Word",
]
