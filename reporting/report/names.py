"""What things were called at the end of a day, for a report that is about that day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from agreements.models import Agreement, Supplier
from categories.models import Category
from reporting.models import FormerName, NamedKind, SavingInitiative


@dataclass(frozen=True, slots=True)
class NamesOn:
    """Names as they were; of what has not been given another since, the name of today."""

    former: Mapping[tuple[str, int], str]

    def category(self, category: Category) -> str:
        """Its Swedish name."""
        return self.former.get((NamedKind.CATEGORY, category.pk), category.name)

    def supplier(self, supplier: Supplier) -> str:
        """Its name."""
        return self.former.get((NamedKind.SUPPLIER, supplier.pk), supplier.name)

    def agreement(self, agreement: Agreement) -> str:
        """Its title."""
        return self.former.get((NamedKind.AGREEMENT, agreement.pk), agreement.title)

    def initiative(self, initiative: SavingInitiative) -> str:
        """Its name."""
        return self.former.get((NamedKind.INITIATIVE, initiative.pk), initiative.name)


def names_on(day: date) -> NamesOn:
    """Read what things were called at the end of a day: one query."""
    rows = FormerName.objects.held_on(day).values_list("kind", "thing", "name")
    return NamesOn({(kind, thing): name for kind, thing, name in rows})
