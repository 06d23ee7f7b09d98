"""The labels of items whose proof is valid on a day."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models

from catalog.models import ItemLabel
from core.ordering import swedish


def labels_on(day: date) -> ArraySubquery:
    """The names of an item's labels that are proven that day, as an annotation of items that are read anyhow."""
    labels = ItemLabel.objects.on(day).filter(item=models.OuterRef("pk"))
    return ArraySubquery(labels.order_by(swedish("label__name"), "label").values("label__name"))


def labels_of(item_ids: Collection[int], *, day: date) -> Mapping[int, list[str]]:
    """The names of the labels that are proven that day, by the item's id; one question."""
    labels = ItemLabel.objects.on(day).filter(item__in=item_ids).order_by(swedish("label__name"), "label")
    names: dict[int, list[str]] = defaultdict(list)
    for item_id, name in labels.values_list("item", "label__name"):
        names[item_id].append(name)
    return names
