"""What needs a category manager or the head of procurement today."""

from reporting.views.today.page import today

__all__ = ["today"]
