"""Models of categories."""

from categories.models.categories import Category, CategoryAssignment, CategoryKind, CategoryPolicy
from categories.models.classifications import ClassificationCode, Scheme
from categories.models.plans import CategoryChange

__all__ = [
    "Category",
    "CategoryAssignment",
    "CategoryChange",
    "CategoryKind",
    "CategoryPolicy",
    "ClassificationCode",
    "Scheme",
]
