"""Models of categories."""

from categories.models.agreements import Agreement, CallOffMethod, PriceClause, Procedure
from categories.models.categories import Category, CategoryAssignment, CategoryKind, CategoryPolicy
from categories.models.suppliers import CodeOfConduct, Supplier

__all__ = [
    "Agreement",
    "CallOffMethod",
    "Category",
    "CategoryAssignment",
    "CategoryKind",
    "CategoryPolicy",
    "CodeOfConduct",
    "PriceClause",
    "Procedure",
    "Supplier",
]
