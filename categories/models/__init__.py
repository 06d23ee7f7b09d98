"""Models of categories."""

from categories.models.categories import Category, CategoryAssignment, CategoryKind, CategoryPolicy
from categories.models.classifications import ClassificationCode, Scheme

__all__ = [
    "Category",
    "CategoryAssignment",
    "CategoryKind",
    "CategoryPolicy",
    "ClassificationCode",
    "Scheme",
]
