"""The labels of an item whose proof is valid on a day, for lists."""

from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models

from catalog.models import ItemLabel
from core.ordering import swedish


def labels_on(day: date) -> ArraySubquery:
    """The names of an item's labels that are proven that day, as an annotation of items that are read anyhow."""
    labels = ItemLabel.objects.on(day).filter(item=models.OuterRef("pk"))
    return ArraySubquery(labels.order_by(swedish("label__name"), "label").values("label__name"))
