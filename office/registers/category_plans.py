"""What is planned for a day to come: categories that change."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from categories.models import Category, CategoryChange
from office.permissions import is_head
from office.registers import category_previews
from office.registers.categories import OPEN_CATEGORY, CategoryUnderItself
from office.registers.planning import (
    TAKEN_BACK,
    PlanIsInThePast,
    not_in_the_past,
    register_of_plans,
)
from registers.columns import Column
from registers.register import Group, Rule


def _not_below_itself(name: str) -> Q:
    """A category goes neither up in, nor under, what lies below it."""
    below = Category.objects.filter(pk=OuterRef(name), lineage__contains=[OuterRef("category")])
    return TAKEN_BACK | ~Q(Exists(below))


CATEGORY_CHANGES = register_of_plans(
    name="category_changes",
    group=Group.CATEGORIES,
    title=_("Planerade ändringar av kategorier"),
    one=_("planerad ändring"),
    model=CategoryChange,
    columns=[
        Column("category", _("Kategori"), kind=OPEN_CATEGORY, is_key=True),
        Column("from_date", _("Från och med"), is_key=True),
        Column("name", _("Nytt namn")),
        Column("name_en", _("Nytt namn på engelska")),
        Column("parent", _("Läggs under"), kind=OPEN_CATEGORY),
        Column(
            "into",
            _("Går upp i"),
            kind=OPEN_CATEGORY,
            note=_("Tomt när den fortsätter för sig själv."),
        ),
    ],
    may_change=is_head,
    rules=[
        Rule(not_in_the_past, PlanIsInThePast, "from_date"),
        Rule(_not_below_itself("parent"), CategoryUnderItself, "parent"),
        Rule(_not_below_itself("into"), CategoryUnderItself, "into"),
    ],
    what="category",
    preview=category_previews.of_category_plan,
    searched=["category", "name"],
    filtered=["status", "category"],
)
