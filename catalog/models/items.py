"""Items, and the words people use for them."""

from datetime import date
from typing import Self

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.expressions import RawSQL
from django.db.models.functions import Lower
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from catalog.models.trials import Trial
from catalog.states import ORDERABLE, VISIBLE, ItemStatus
from core.errors import Names
from core.ordering import FOLDED_FROM, FOLDED_TO, PUNCTUATION, SPACES, swedish

FOLDED_NAME = "' ' || translate(lower(name || ' ' || size), '{}', '{}') || ' '".format(
    (FOLDED_FROM + PUNCTUATION).replace("'", "''"), FOLDED_TO + SPACES
)


class ItemKind(models.TextChoices):
    """Goods are received in pieces, services are accepted."""

    GOODS = "goods", _("Vara")
    SERVICE = "service", _("Tjänst")


class CriteriaLevel(models.TextChoices):
    """Sustainability criteria level of the item (Upphandlingsmyndigheten: bas, avancerad, spjutspets)."""

    NONE = "none", _("Inga krav")
    BASE = "base", _("Baskrav")
    ADVANCED = "advanced", _("Avancerade krav")
    LEADING = "leading", _("Spjutspetskrav")


MOST_SIZES = 60
VISIBLE_ONES = ", ".join(f"'{status}'" for status in VISIBLE)
FAMILIES = f"""
SELECT unnest(%s::bigint[]) UNION
SELECT sibling.id FROM catalog_item AS item
CROSS JOIN LATERAL (
    SELECT id FROM catalog_item
    WHERE category_id = item.category_id AND family = item.family AND family <> '' AND status IN ({VISIBLE_ONES})
    LIMIT {MOST_SIZES}
) AS sibling
WHERE item.id = ANY(%s::bigint[]) AND item.family <> ''
"""  # noqa: S608
"""Each family is looked up by itself, since the planner cannot know how few its sizes are."""


class ItemQuerySet(models.QuerySet["Item"]):
    """Questions about items."""

    def visible(self) -> Self:
        """Items that the catalogue shows; a blocked one is shown with its reason but cannot be ordered."""
        return self.filter(status__in=VISIBLE)

    def and_their_families(self, ids: list[int]) -> Self:
        """These items, and what the catalogue shows of their families; by index, however many items there are."""
        return self.filter(pk__in=RawSQL(FAMILIES, [ids, ids]))  # noqa: S611, the ids are parameters

    def orderable_on(self, day: date, *, department_id: int | None) -> Self:
        """
        Items that a department can order that day: the same rule as ``Item.is_orderable_on``.

        :param department_id: whose; None for nobody's.
        """
        tries = Trial.objects.on(day).filter(item=models.OuterRef("pk"), department=department_id)
        is_hers = ~models.Q(status=ItemStatus.TRIAL) | models.Q(models.Exists(tries))
        return self.orderable_by_somebody_on(day).filter(is_hers)

    def orderable_by_somebody_on(self, day: date) -> Self:
        """Items that some department can order that day; those on trial are counted, whoever tries them."""
        in_time = models.Q(last_order_date=None) | models.Q(last_order_date__gte=day)
        return self.filter(in_time, status__in=ORDERABLE)


class Item(models.Model):
    """
    Something in the assortment.

    Ordered and priced per order unit; one order unit holds ``units_per_order_unit`` base units. ``family``
    groups items that differ in ``size`` only.
    """

    number = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=150)
    name_en = models.CharField(max_length=150, blank=True)
    description = models.TextField(blank=True)
    family = models.CharField(max_length=80, blank=True)
    size = models.CharField(max_length=20, blank=True)
    category = models.ForeignKey("categories.Category", on_delete=models.PROTECT, related_name="items")
    kind = models.CharField(max_length=10, choices=ItemKind, default=ItemKind.GOODS)
    base_unit = models.CharField(max_length=20)
    order_unit = models.CharField(max_length=20)
    units_per_order_unit = models.DecimalField(max_digits=10, decimal_places=3, default=1)
    gtin = models.CharField(max_length=14, null=True, blank=True, unique=True)
    cpv = models.ForeignKey(
        "categories.ClassificationCode",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    emdn = models.ForeignKey(
        "categories.ClassificationCode",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    unspsc = models.CharField(max_length=8, blank=True)
    criteria_level = models.CharField(max_length=10, choices=CriteriaLevel, default=CriteriaLevel.NONE)
    picture = models.CharField(max_length=30, default="box")
    status = models.CharField(max_length=12, choices=ItemStatus, default=ItemStatus.PROPOSED)
    blocked_reason = models.CharField(max_length=200, blank=True)
    last_order_date = models.DateField(null=True, blank=True)
    told_last_order_date = models.DateField(null=True, blank=True, editable=False)
    """The last order date that those who have it in a basket or as a favourite were told."""
    tried = models.JSONField(
        default=list, db_default=models.Value([], output_field=models.JSONField()), editable=False
    )
    """A copy of its trials that the database keeps: department's id, first and last day of each."""
    usual_weekly_quantity = models.DecimalField(max_digits=12, decimal_places=3, null=True, blank=True)
    search_vector = models.GeneratedField(
        expression=RawSQL(
            "setweight(to_tsvector('swedish', name), 'A')"
            " || setweight(to_tsvector('simple', number || ' ' || coalesce(gtin, '')), 'A')"
            " || setweight(to_tsvector('english', name_en), 'B')"
            " || setweight(to_tsvector('swedish', description), 'C')",
            [],
            output_field=SearchVectorField(),
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    folded_name = models.GeneratedField(
        expression=RawSQL(FOLDED_NAME, [], output_field=models.TextField()),  # noqa: S611
        output_field=models.TextField(),
        db_persist=True,
    )
    """Name and size in lower case without marks or punctuation, a space on each side of every word."""

    objects = ItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(status__in=ItemStatus.values), name="item_status"),
            models.CheckConstraint(condition=models.Q(kind__in=ItemKind.values), name="item_kind"),
            models.CheckConstraint(
                condition=models.Q(criteria_level__in=CriteriaLevel.values), name="item_criteria_level"
            ),
            models.CheckConstraint(
                condition=models.Q(units_per_order_unit__gt=0), name="item_units_positive"
            ),
            models.CheckConstraint(
                condition=~models.Q(status=ItemStatus.PHASING_OUT) | models.Q(last_order_date__isnull=False),
                name="item_phasing_out_has_last_date",
            ),
            models.CheckConstraint(
                condition=~models.Q(status=ItemStatus.BLOCKED) | ~models.Q(blocked_reason=""),
                name="item_blocked_has_reason",
            ),
            models.UniqueConstraint(
                models.Func(
                    models.F("gtin"), models.Value("0"), function="ltrim", output_field=models.CharField()
                ),
                name="item_gtin_unique_without_zeros",
            ),
        ]
        indexes = [
            GinIndex(fields=["search_vector"], name="item_search"),
            models.Index(swedish("name"), "id", name="item_by_name"),
            models.Index(swedish("size"), "id", name="item_by_size"),
            models.Index(swedish("base_unit"), "id", name="item_by_base_unit"),
            models.Index(swedish("order_unit"), "id", name="item_by_order_unit"),
            GinIndex(OpClass("folded_name", name="gin_trgm_ops"), name="item_folded_trigrams"),
            GinIndex(
                OpClass("folded_name", name="gin_trgm_ops"),
                condition=models.Q(usual_weekly_quantity__isnull=False),
                name="item_used_trigrams",
            ),
            GinIndex(
                fields=["search_vector"],
                condition=models.Q(usual_weekly_quantity__isnull=False),
                name="item_used_search",
            ),
            models.Index(
                models.F("usual_weekly_quantity").desc(nulls_last=True),
                "id",
                condition=models.Q(status__in=VISIBLE),
                name="item_most_used",
            ),
            models.Index(
                "category",
                models.F("usual_weekly_quantity").desc(nulls_last=True),
                "id",
                condition=models.Q(status__in=VISIBLE),
                name="item_category_most_used",
            ),
            models.Index(
                fields=["category", "family"],
                condition=models.Q(status__in=VISIBLE) & ~models.Q(family=""),
                name="item_family",
            ),
            models.Index(fields=["cpv"], condition=models.Q(cpv__isnull=False), name="item_cpv"),
            models.Index(fields=["emdn"], condition=models.Q(emdn__isnull=False), name="item_emdn"),
        ]

    def __str__(self) -> str:
        name = self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name
        return f"{name}, {self.size}" if self.size else name

    @property
    def names(self) -> Names:
        """Name and size in both languages."""
        english = self.name_en or self.name
        return Names(self.swedish_name, f"{english}, {self.size}" if self.size else english)

    @property
    def swedish_name(self) -> str:
        """Name and size in Swedish, whatever the person reads: what is kept, and what suppliers are sent."""
        return f"{self.name}, {self.size}" if self.size else self.name

    def is_orderable_on(self, day: date, *, department_id: int | None) -> bool:
        """
        Whether a department can order it that day: standard and phasing out through the last day, on trial who tries it.

        ``ItemQuerySet.orderable_on`` is the same rule as a question; a test holds that they agree.
        """
        if self.status == ItemStatus.TRIAL and not self.is_tried_on(day, department_id=department_id):
            return False
        return self.status in ORDERABLE and (self.last_order_date is None or self.last_order_date >= day)

    def is_tried_on(self, day: date, *, department_id: int | None) -> bool:
        """Whether the department tries it that day."""
        return any(
            department == department_id and first <= day.isoformat() <= last
            for department, first, last in self.tried
        )


class Word(models.Model):
    """
    A word of some item's name, as ``folded_name`` has it: what a misspelt word is compared with.

    Kept by a trigger on the items. A word that no name has any longer does no harm.
    """

    word = models.CharField(max_length=170, primary_key=True)

    class Meta:
        indexes = [GinIndex(OpClass("word", name="gin_trgm_ops"), name="word_trigrams")]

    def __str__(self) -> str:
        return self.word


class Synonym(models.Model):
    """A word that people search for, and the word that the assortment uses."""

    term = models.CharField(max_length=60)
    means = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(Lower("term"), Lower("means"), name="synonym_unique")]

    def __str__(self) -> str:
        return f"{self.term} → {self.means}"
