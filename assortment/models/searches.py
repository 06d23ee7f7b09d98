"""Searches in the catalogue that found nothing, or only what is spelled alike."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils import timezone

from assortment.states import SearchStatus
from categories.models import Category
from organizations.models import Membership

if TYPE_CHECKING:
    from organizations.models import User

LONGEST_TEXT = 120
LEAST_PEOPLE = 2


class MissedSearchQuerySet(models.QuerySet["MissedSearch"]):
    """Questions about searches."""

    def visible_to(self, user: "User") -> Self:
        """Those of her categories, and those that nobody has; all for those who see the region."""
        day = timezone.localdate()
        own_categories = Category.objects.within_reach_of(user, day)
        return self.filter(
            models.Q(Membership.objects.opens_region_to(user, day))
            | models.Q(category__in=own_categories.values("pk"))
            | models.Q(models.Exists(own_categories), category=None)
        )

    def open(self) -> Self:
        """Nobody has done anything about them."""
        return self.filter(status=SearchStatus.OPEN)

    def awaiting(self, user: "User", day: date, *, is_head: bool) -> Self:
        """Open ones that the person should look at: of her categories, and as head those without one."""
        in_own_categories = models.Q(category__in=Category.objects.within_reach_of(user, day).values("pk"))
        return self.open().filter(
            in_own_categories | models.Q(category=None) if is_head else in_own_categories
        )

    def of_several(self) -> Self:
        """Made by so many people that somebody is told of it."""
        return self.filter(people__gte=LEAST_PEOPLE)

    def most_wanted_first(self) -> Self:
        """By how many people have looked for it."""
        return self.order_by("-people", "-times", "-last_at", "pk")


class MissedSearch(models.Model):
    """
    Words that found nothing: how many times, by how many people, in which departments.

    ``text`` is in lower case with single spaces. ``is_similar`` when something spelled alike was shown. ``category`` is
    that of the most similar item, or the one that a manager gave it; without any it is with the head of procurement.
    """

    text = models.CharField(max_length=LONGEST_TEXT, unique=True)
    is_similar = models.BooleanField(default=False)
    times = models.PositiveIntegerField(default=0)
    people = models.PositiveIntegerField(default=0)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    category = models.ForeignKey(
        "categories.Category", on_delete=models.PROTECT, null=True, blank=True, related_name="missed_searches"
    )
    status = models.CharField(max_length=10, choices=SearchStatus, default=SearchStatus.OPEN)
    handled_by = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    handled_at = models.DateTimeField(null=True, blank=True)
    synonym = models.CharField(max_length=60, blank=True)
    proposal = models.ForeignKey(
        "assortment.Proposal", on_delete=models.PROTECT, null=True, blank=True, related_name="searches"
    )

    objects = MissedSearchQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(status__in=SearchStatus.values), name="search_status"),
            models.CheckConstraint(
                condition=models.Q(status=SearchStatus.OPEN, handled_by=None, handled_at=None)
                | ~models.Q(status=SearchStatus.OPEN) & models.Q(handled_at__isnull=False),
                name="search_handled_has_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["category", "-people", "-times"],
                condition=models.Q(status=SearchStatus.OPEN),
                name="search_open_wanted",
            ),
            models.Index(fields=["last_at"], name="search_last"),
        ]

    def __str__(self) -> str:
        return self.text


class MissedIn(models.Model):
    """How many times the words were looked for in a department."""

    search = models.ForeignKey(MissedSearch, on_delete=models.CASCADE, related_name="places")
    department = models.ForeignKey("organizations.Department", on_delete=models.PROTECT, related_name="+")
    times = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["search", "department"], name="missed_in_once")]

    def __str__(self) -> str:
        return f"{self.search_id} {self.department_id}"


class MissedBy(models.Model):
    """
    That somebody has looked for the words, so that she is counted once: a digest with the program's secret, no name.

    Forgotten after a while (``assortment.operations.searches.forget_seekers``); the count stays.
    """

    search = models.ForeignKey(MissedSearch, on_delete=models.CASCADE, related_name="seekers")
    digest = models.CharField(max_length=64)
    last_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["search", "digest"], name="missed_by_once")]
        indexes = [models.Index(fields=["last_at"], name="missed_by_last")]

    def __str__(self) -> str:
        return f"{self.search_id}"
