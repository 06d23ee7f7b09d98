"""The council of a category (sortimentsråd): who sits in it, and how each votes."""

from datetime import date
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _


class CouncilSeatQuerySet(models.QuerySet["CouncilSeat"]):
    """Questions about seats."""

    def on(self, day: date) -> Self:
        """Held that day, by somebody who has an account."""
        return self.filter(valid_during__contains=day, user__is_active=True)


class CouncilSeat(models.Model):
    """Somebody of the operation sits in the council of a category during a period."""

    category = models.ForeignKey(
        "categories.Category", on_delete=models.PROTECT, related_name="council_seats"
    )
    user = models.ForeignKey("organizations.User", on_delete=models.PROTECT, related_name="council_seats")
    valid_during = DateRangeField()

    objects = CouncilSeatQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="council_seat_once_at_a_time",
                expressions=[
                    ("category", RangeOperators.EQUAL),
                    ("user", RangeOperators.EQUAL),
                    ("valid_during", RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [models.Index(fields=["user"], name="council_seat_of")]

    def __str__(self) -> str:
        return f"{self.category}: {self.user}"


class Stance(models.TextChoices):
    """How a member votes; a member with a conflict of interest does not (jäv)."""

    FOR = "for", _("För")
    AGAINST = "against", _("Emot")
    ABSTAINS = "abstains", _("Avstår")
    CONFLICT = "conflict", _("Jävig")


class Vote(models.Model):
    """How a member stands today: one vote each, which may be changed until the proposal is decided; the database holds both."""

    proposal = models.ForeignKey("assortment.Proposal", on_delete=models.PROTECT, related_name="votes")
    user = models.ForeignKey("organizations.User", on_delete=models.PROTECT, related_name="votes")
    stance = models.CharField(max_length=10, choices=Stance)
    note = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "user"], name="vote_once"),
            models.CheckConstraint(condition=models.Q(stance__in=Stance.values), name="vote_stance"),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.user} {self.stance}"


class CastVote(models.Model):
    """Every time that somebody voted, in their order: the database writes it with the vote. Never edited."""

    vote = models.ForeignKey(Vote, on_delete=models.PROTECT, related_name="history")
    stance = models.CharField(max_length=10, choices=Stance)
    note = models.TextField(blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.vote_id} {self.stance}"
