"""Models of categories."""

from categories.models.categories import (
    DEPUTY_DAYS,
    HEAD_DAYS,
    REMINDER_DAYS,
    Category,
    CategoryAssignment,
    CategoryKind,
    CategoryPolicy,
)
from categories.models.classifications import ClassificationCode, Scheme
from categories.models.plans import CategoryChange

__all__ = [
    "DEPUTY_DAYS",
    "HEAD_DAYS",
    "REMINDER_DAYS",
    "Category",
    "CategoryAssignment",
    "CategoryChange",
    "CategoryKind",
    "CategoryPolicy",
    "ClassificationCode",
    "Scheme",
]
