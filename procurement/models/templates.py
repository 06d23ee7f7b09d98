"""What a department orders again and again: a list that is filled into a basket, by a person, when she wants it."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models.functions import Lower

from core.fields import QuantityField
from core.ordering import swedish
from organizations.permissions import roles_on

if TYPE_CHECKING:
    from organizations.models import User

LONGEST_NAME = 80
LONGEST_NOTES = 500


class OrderTemplateQuerySet(models.QuerySet["OrderTemplate"]):
    """Questions about order templates."""

    def visible_to(self, user: "User", day: date) -> Self:
        """Those of the departments in which the person has a role that day."""
        return self.filter(department__in=list(roles_on(user, day).departments))

    def with_lines(self) -> Self:
        """With their items in order, as ``shown_lines``: one query more."""
        lines = TemplateLine.objects.select_related("item").defer("item__search_vector").order_by("position")
        return self.prefetch_related(models.Prefetch("lines", lines, to_attr="shown_lines"))

    def in_order(self) -> Self:
        """In Swedish order of their names."""
        return self.order_by(swedish("name"), "pk")


class OrderTemplate(models.Model):
    """
    A department's order that returns (on screen *mall*): items with quantities, where to, and a day that reminds.

    Nothing is ordered by it: a person fills it into her basket. ``version`` is counted up by each change, so that two who
    change it at once do not write over each other. Whoever keeps it is reminded; see ``procurement.reminders``.
    """

    department = models.ForeignKey(
        "organizations.Department", on_delete=models.PROTECT, related_name="order_templates"
    )
    name = models.CharField(max_length=LONGEST_NAME)
    delivery_place = models.ForeignKey(
        "organizations.DeliveryPlace", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    notes = models.CharField(max_length=LONGEST_NOTES, blank=True)
    remind_weekday = models.PositiveSmallIntegerField(null=True, blank=True)
    """1 for Monday, 7 for Sunday."""
    remind_month_day = models.PositiveSmallIntegerField(null=True, blank=True)
    """The 31st is the last day of a month that is shorter."""
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey("organizations.User", on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    filled_by = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    filled_at = models.DateTimeField(null=True, blank=True)

    shown_lines: list["TemplateLine"]
    """Its items in order, where ``with_lines`` has read them."""

    objects = OrderTemplateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("department", Lower("name"), name="order_template_name_unique"),
            models.CheckConstraint(
                condition=models.Q(remind_weekday=None) | models.Q(remind_month_day=None),
                name="order_template_one_reminder",
            ),
            models.CheckConstraint(
                condition=models.Q(remind_weekday=None) | models.Q(remind_weekday__range=(1, 7)),
                name="order_template_weekday",
            ),
            models.CheckConstraint(
                condition=models.Q(remind_month_day=None) | models.Q(remind_month_day__range=(1, 31)),
                name="order_template_month_day",
            ),
            models.CheckConstraint(
                condition=models.Q(filled_by__isnull=True, filled_at__isnull=True)
                | models.Q(filled_by__isnull=False, filled_at__isnull=False),
                name="order_template_filled_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TemplateLine(models.Model):
    """
    An item of a template, and how many of which order unit; each item once.

    ``unit`` is the order unit that was meant: when the item is sold in another since, the quantity is looked at again.
    """

    template = models.ForeignKey(OrderTemplate, on_delete=models.PROTECT, related_name="lines")
    item = models.ForeignKey("catalog.Item", on_delete=models.PROTECT, related_name="template_lines")
    position = models.PositiveIntegerField()
    quantity = QuantityField()
    unit = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["template", "item"], name="template_line_unique"),
            models.CheckConstraint(
                condition=models.Q(quantity__gt=0), name="template_line_quantity_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template}: {self.item}"


class TemplateKeeper(models.Model):
    """Somebody who keeps a template up to date, and is reminded of it."""

    template = models.ForeignKey(OrderTemplate, on_delete=models.PROTECT, related_name="keepers")
    person = models.ForeignKey("organizations.User", on_delete=models.PROTECT, related_name="kept_templates")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["template", "person"], name="template_keeper_unique")]

    def __str__(self) -> str:
        return f"{self.template}: {self.person}"
