"""A page of a list whose length nobody counts: what is shown, and whether there is more."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict


@dataclass(frozen=True, slots=True)
class OnePage:
    """
    A page, cut from the ids of all that comes up to it and one more.

    :param number: from 1.
    """

    number: int
    ids: Sequence[int]
    per_page: int

    @property
    def shown(self) -> Sequence[int]:
        """The ids of the page."""
        return self.ids[(self.number - 1) * self.per_page : self.number * self.per_page]

    def older_url(self, query: QueryDict) -> str:
        """The address of the page after this; empty when there is none."""
        return self._url(query, self.number + 1) if len(self.ids) > self.number * self.per_page else ""

    def newer_url(self, query: QueryDict) -> str:
        """The address of the page before this; empty on the first."""
        return self._url(query, self.number - 1) if self.number > 1 else ""

    def _url(self, query: QueryDict, number: int) -> str:
        other = query.copy()
        other["sida"] = str(number)
        return f"?{other.urlencode()}"
