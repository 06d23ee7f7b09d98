"""Models of categories."""

from categories.models.categories import Category, CategoryAssignment, CategoryKind, CategoryPolicy

__all__ = ["Category", "CategoryAssignment", "CategoryKind", "CategoryPolicy"]
