"""What shows an item: its first picture in lists, and who sees its files."""

from datetime import datetime
from typing import Any

from django.db import models

from attachments.owners import Owner
from catalog.models import ItemDocument, ItemPicture
from organizations.models import User


def first_picture() -> models.Subquery:
    """The key of an item's first picture, as an annotation of items that are read anyhow; None without one."""
    pictures = ItemPicture.objects.standing().filter(item=models.OuterRef("pk")).in_order()
    return models.Subquery(pictures.values("attachment__key")[:1])


def _pictures_in_catalogue(user: User, at: datetime) -> "models.QuerySet[Any]":
    return ItemPicture.objects.in_catalogue()


def _pictures(user: User, at: datetime) -> "models.QuerySet[Any]":
    return ItemPicture.objects.visible_to(user, at)


def _documents(user: User, at: datetime) -> "models.QuerySet[Any]":
    return ItemDocument.objects.visible_to(user, at)


OWNERS = (
    Owner(shown_to=_pictures_in_catalogue, is_for_everybody=True),
    Owner(shown_to=_pictures),
    Owner(shown_to=_documents),
)
"""A document is asked for anew each time, since it can be taken away; a picture that was seen has been seen."""
