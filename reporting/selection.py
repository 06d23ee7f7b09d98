"""Which lines of the savings register a page or a file is about, as its address says."""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agreements.models import Supplier
from catalog.models import Item
from categories.models import Category
from core import reader
from core.errors import InvalidInput
from core.numbers import whole_number
from organizations.models import Administration, Department, User
from procurement.standing import standing_on
from reporting.models import DeliveredLine, EffectPart, Saving, SavingInitiative
from reporting.models.delivered import DeliveredLineQuerySet
from reporting.models.savings import DEARER, SavingQuerySet
from reporting.months import LineSelection, MonthTotal, by_month
from reporting.saved_months import Choice

Named = TypeVar("Named", bound=Model)

FIRST_YEAR, LAST_YEAR = 2000, 2100


class UnknownSelection(InvalidInput):
    """The address names something that does not exist."""

    code = "unknown_selection"
    sentence = _("Adressen innehåller ett urval som inte finns: %(value)s.")


@dataclass(frozen=True, slots=True)
class Selection:
    """
    A year through a day, perhaps one month of it or a period of its own, and what the lines have in common.

    ``increases`` is True for lines that cost more than their baseline, False for the others, None for all. ``part`` is
    the budget effect, or what stands apart from it.
    """

    year: int
    through: date
    since: date | None = None
    month: int | None = None
    category: Category | None = None
    initiative: SavingInitiative | None = None
    item: Item | None = None
    administration: Administration | None = None
    department: Department | None = None
    supplier: Supplier | None = None
    increases: bool | None = None
    part: EffectPart = EffectPart.BUDGET

    @classmethod
    def of(cls, query: Mapping[str, Any], *, today: date) -> Self:
        """
        Read an address: ``ar fran till manad kategori initiativ artikel forvaltning enhet leverantor okning del``.

        :raises UnknownSelection: a value that is not there.
        """
        through = day_in(query, "till")
        year = _number(query, "ar", FIRST_YEAR, LAST_YEAR) or (through.year if through else today.year)
        if through is None:
            through = min(date(year, 12, 31), max(today, date(year, 1, 1)))
        if through.year != year:
            raise UnknownSelection(value=through)
        month = _number(query, "manad", 1, 12)
        if query.get("okning", "") not in ("", "0", "1"):
            raise UnknownSelection(value=query["okning"])
        if query.get("del", "") not in ("", *EffectPart.values):
            raise UnknownSelection(value=query["del"][:60])
        return cls(
            year=year,
            through=through,
            since=day_in(query, "fran"),
            month=month,
            category=_row_named(query, "kategori", Category.objects.all(), "code"),
            initiative=_row_named(query, "initiativ", SavingInitiative.objects.all(), "code"),
            item=_row_named(query, "artikel", Item.objects.all(), "number"),
            administration=_row_named(query, "forvaltning", Administration.objects.all(), "code"),
            department=_row_named(query, "enhet", Department.objects.all(), "cost_center"),
            supplier=_row_named(query, "leverantor", Supplier.objects.all(), "org_number"),
            increases={"1": True, "0": False}.get(query.get("okning", "")),
            part=EffectPart(query.get("del", "") or EffectPart.BUDGET),
        )

    @property
    def starts(self) -> date:
        """The first day."""
        if self.since is not None and self.month is None:
            return self.since
        return date(self.year, self.month or 1, 1)

    @property
    def ends(self) -> date:
        """The last day."""
        if self.month is None:
            return self.through
        return min(self.through, date(self.year, self.month, monthrange(self.year, self.month)[1]))

    def savings(self, user: User) -> SavingQuerySet:
        """The lines of the register that the person may see."""
        lines = Saving.objects.visible_to(user).current().of_part(self.part)
        lines = lines.filter(delivered_date__range=(self.starts, self.ends))
        if self.category is not None:
            lines = lines.filter(category_lineage__contains=[self.category.pk])
        if self.initiative is not None:
            lines = lines.filter(baseline__initiative=self.initiative)
        if self.administration is not None:
            lines = lines.filter(administration=self.administration)
        same = {"item": self.item, "department": self.department, "supplier": self.supplier}
        lines = lines.filter(**{name: value for name, value in same.items() if value is not None})
        if self.increases is not None:
            lines = lines.filter(DEARER if self.increases else ~DEARER)
        return lines

    def choice(self, user: User) -> Choice:
        """The same lines, as they are summed up."""
        return Choice(
            self.starts,
            self.ends,
            self.part,
            reach=reach(user, timezone.localdate()),
            category=_id(self.category),
            initiative=_id(self.initiative),
            item=_id(self.item),
            administration=_id(self.administration),
            department=_id(self.department),
            supplier=_id(self.supplier),
            is_increase=self.increases,
        )

    def uncounted(self, user: User) -> DeliveredLineQuerySet:
        """Delivered lines of the period that no confirmed baseline speaks of, as far as the person may see them."""
        lines = (
            DeliveredLine.objects.visible_to(user)
            .uncounted()
            .filter(delivered_date__range=(self.starts, self.ends))
        )
        if self.category is not None:
            lines = lines.filter(category_lineage__contains=[self.category.pk])
        return lines

    def uncounted_months(self, user: User) -> list[MonthTotal]:
        """How many such lines each month has, and their sum."""
        return by_month(
            LineSelection(
                self.starts,
                self.ends,
                reach=reach(user, timezone.localdate()),
                within=None if self.category is None else [self.category.pk],
                is_counted=False,
            )
        )

    def categories(self, user: User, day: date) -> list[int] | None:
        """Ids of the categories whose effects are meant and that the person sees; None when nothing limits them."""
        within = reach(user, day)
        if self.category is None:
            return within
        under = Category.objects.under(self.category)
        return list((under if within is None else under.filter(pk__in=within)).values_list("pk", flat=True))

    def labels(self) -> dict[str, str]:
        """What the lines have in common in words, by how an address says it."""
        value_by_name: dict[str, Any] = {
            "kategori": self.category,
            "initiativ": self.initiative,
            "artikel": self.item,
            "forvaltning": self.administration,
            "enhet": self.department,
            "leverantor": self.supplier,
            "del": self.part is not EffectPart.BUDGET and self.part.label,
            "fran": self.since and _("Från %(day)s") % {"day": self.since.isoformat()},
            "manad": self.month and reader.month(self.starts),
        }
        return {name: str(value) for name, value in value_by_name.items() if value}

    def parameters(self) -> dict[str, str]:
        """Write the selection as an address reads it."""
        values = {
            "fran": self.since and self.since.isoformat(),
            "kategori": self.category and self.category.code,
            "initiativ": self.initiative and self.initiative.code,
            "artikel": self.item and self.item.number,
            "forvaltning": self.administration and self.administration.code,
            "enhet": self.department and self.department.cost_center,
            "leverantor": self.supplier and self.supplier.org_number,
            "manad": self.month and str(self.month),
            "okning": None if self.increases is None else str(int(self.increases)),
            "del": None if self.part is EffectPart.BUDGET else self.part.value,
        }
        return {"ar": str(self.year), "till": self.through.isoformat()} | {
            k: v for k, v in values.items() if v
        }

    def address(self, **changes: str) -> str:
        """Write the query string with some things changed; empty takes a thing away."""
        return "?" + urlencode(
            {name: value for name, value in (self.parameters() | changes).items() if value != ""}
        )


def reach(user: User, day: date, tree: Iterable[Category] | None = None) -> list[int] | None:
    """
    Ids of the categories whose savings the person sees; None for those who see them all.

    :param tree: all categories, if they are known.
    """
    standing = standing_on(user, day)
    if standing.roles.sees_region:
        return None
    posts = standing.manages | standing.deputy_of
    inside = Category.objects.filter(lineage__overlap=list(posts)) if tree is None else tree
    return [category.pk for category in inside if posts.intersection(category.lineage)]


def _id(thing: Model | None) -> int | None:
    return None if thing is None else thing.pk


def _number(query: Mapping[str, Any], name: str, low: int, high: int) -> int | None:
    """Read a whole number within bounds."""
    text = query.get(name, "")
    if not text:
        return None
    number = whole_number(text, most=high)
    if number is None or number < low:
        raise UnknownSelection(value=text[:60])
    return number


def day_in(query: Mapping[str, Any], name: str) -> date | None:
    """
    Read a day that an address may name.

    :raises UnknownSelection: it is no day, or in no year that has figures.
    """
    text = query.get(name, "")
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise UnknownSelection(value=text[:60]) from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise UnknownSelection(value=text[:60])
    return day


def _row_named(query: Mapping[str, Any], name: str, among: QuerySet[Named], field: str) -> Named | None:
    """Find what a code in the address stands for."""
    code = query.get(name, "")
    if not code:
        return None
    row = None if "\x00" in code else among.filter(**{field: code}).first()
    if row is None:
        raise UnknownSelection(value=code[:60])
    return row
