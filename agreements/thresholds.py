"""
What the procurement acts say of an agreement's value, as conditions that the database answers.

The value is the most that may be paid under the agreement (LOU 5:3), and the amount is the one that was in force on its first
day. Where none was, nothing is said.
"""

from datetime import date

from django.db.models import BooleanField, DateField, Exists, F, Func, OuterRef, Q, Subquery
from django.db.models.functions import Greatest

from agreements.models import Procedure, Threshold, ThresholdKind
from core.fields import AmountField


def within_direct_award_limit() -> Q:
    """A direct award is of no more than the direct-award limit (LOU 19 a ch.)."""
    kind = ThresholdKind.DIRECT_AWARD
    return ~Q(procedure=Procedure.DIRECT) | ~_has_threshold(kind) | _has_threshold(kind, value__gte=_value())


def documented_direct_award() -> Q:
    """A direct award is documented from an amount on (LOU 19 a:11): it has a diary number."""
    is_small = ~_has_threshold(ThresholdKind.DOCUMENTATION, value__lte=_value())
    return ~Q(procedure=Procedure.DIRECT) | ~Q(diary_number="") | is_small


def within_simplified_procedure() -> Q:
    """The simplified procedure is for what lies below the threshold (LOU 5:1)."""
    kind = ThresholdKind.PROCUREMENT
    return (
        ~Q(procedure=Procedure.SIMPLIFIED) | ~_has_threshold(kind) | _has_threshold(kind, value__gt=_value())
    )


def amount_in_force(kind: ThresholdKind, day: date) -> Subquery:
    """
    The amount that is in force that day for each category that is asked about; NULL where there is none.

    The nearest up the tree: the category's own, that of one above it, or that for everything.
    """
    of_it = Threshold.objects.on(day).filter(Q(category=None) | Q(_is_above("lineage")), kind=kind)
    nearest = of_it.order_by(F("category__lineage__len").desc(nulls_last=True))
    return Subquery(nearest.values("value")[:1], output_field=AmountField())


def _has_threshold(kind: ThresholdKind, **value: object) -> Q:
    """Whether there is an amount of the kind for the agreement's category on its first day."""
    first_day = Func(OuterRef("valid_during"), function="lower", output_field=DateField())
    thresholds = Threshold.objects.filter(
        Q(category=None) | Q(_is_above("category__lineage")), kind=kind, valid_during__contains=first_day
    )
    return Q(Exists(thresholds.filter(**value)))


def _is_above(lineage: str) -> Func:
    """Whether the amount is for a category in the lineage of the outer row."""
    return Func(
        F("category"),
        OuterRef(lineage),
        template="(%(expressions)s))",
        arg_joiner=" = ANY (",
        output_field=BooleanField(),
    )


def _value() -> Greatest:
    return Greatest(OuterRef("estimated_amount"), OuterRef("ceiling_amount"), output_field=AmountField())
