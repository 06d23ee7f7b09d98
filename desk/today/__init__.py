"""What needs a category manager or the head of procurement today."""

from desk.today.page import today

__all__ = ["today"]
