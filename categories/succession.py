"""What goes on in the place of a category that has been merged."""

from categories.models import Category


def category_going_on(category: Category) -> Category:
    """The category itself while it is open; else the one that it was merged into, however many times."""
    while category.merged_into is not None:
        category = category.merged_into
    return category
