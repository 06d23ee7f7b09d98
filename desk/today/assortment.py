"""What of the assortment needs the person: trials to decide on, recalls that somebody has not answered, replacements to review."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.models import Substitution, Trial
from catalog.states import ItemStatus
from core import reader
from desk.today.tasks import Task
from organizations.models import Role, User
from organizations.permissions import roles_on
from procurement.models import Recall
from procurement.recalled import unsettled

TRIAL_NOTICE = timedelta(days=14)
MOST_RECALLS = 5
MOST_REVIEWS = 3


def assortment_tasks(user: User, posts: Sequence[int] | None, day: date) -> list[Task]:
    """
    The tasks, the gravest first.

    :param posts: ids of the categories that she answers for today; None for all.
    """
    return [*_recall_tasks(posts), *_trial_tasks(posts, day), *_review_tasks(user, day)]


def _hers(posts: Sequence[int] | None, path: str = "") -> models.Q:
    if posts is None:
        return models.Q(pk__isnull=False)
    return models.Q(**{f"{path}category__lineage__overlap": list(posts)})


def _recall_tasks(posts: Sequence[int] | None) -> list[Task]:
    recalls = unsettled(Recall.objects.open().filter(_hers(posts, "item__")))
    tasks = []
    for recall in recalls.select_related("item").order_by("started_at", "pk")[:MOST_RECALLS]:
        units, calls = recall.silent_count, recall.uncalled_count  # type: ignore[attr-defined]
        parts = []
        if units:
            text = ngettext("%(count)s enhet har inte svarat.", "%(count)s enheter har inte svarat.", units)
            parts.append(text % {"count": units})
        if calls:
            text = ngettext(
                "%(count)s order är på väg: ring leverantören.",
                "%(count)s ordrar är på väg: ring leverantören.",
                calls,
            )
            parts.append(text % {"count": calls})
        tasks.append(
            Task(
                figure=str(units + calls),
                title=_("%(item)s är återkallad") % {"item": recall.item},
                text=" ".join(parts),
                url=reverse("desk:item", args=[recall.item.number]),
                button=_("Se vem som har den"),
            )
        )
    return tasks


def _trial_tasks(posts: Sequence[int] | None, day: date) -> list[Task]:
    """Trials that end within two weeks, or have ended, wait for a decision until it is made."""
    items = (
        Trial.objects.filter(_hers(posts, "item__"), item__status=ItemStatus.TRIAL)
        .values("item")
        .annotate(ends=models.Max("valid_during__endswith"))
        .filter(ends__lte=day + TRIAL_NOTICE)
        .order_by("ends", "item")
    )
    ending = list(items.values_list("item__number", "item__name", "ends"))
    if not ending:
        return []
    number, name, after_last = ending[0]
    last = after_last - timedelta(days=1)
    text = (
        _("%(item)s prövas till och med %(day)s.")
        if last >= day
        else _("%(item)s prövades till och med %(day)s.")
    )
    return [
        Task(
            figure=str(len(ending)),
            title=ngettext("prov behöver ett beslut", "prov behöver beslut", len(ending)),
            text=text % {"item": name, "day": reader.day(last, day)},
            url=reverse("desk:item", args=[number]),
            button=_("Se provet"),
            needs=last < day,
        )
    ]


def _review_tasks(user: User, day: date) -> list[Task]:
    """Replacements that wait for a clinical reviewer, if she is one."""
    if Role.CLINICAL_REVIEWER not in roles_on(user, day).everywhere:
        return []
    waiting = Substitution.objects.awaiting_review(day).select_related("from_item", "to_item").order_by("pk")
    shown = list(waiting[:MOST_REVIEWS])
    return [
        Task(
            figure="1",
            title=_("ersättning att granska"),
            text=_("%(old)s ersätts av %(new)s.") % {"old": each.from_item, "new": each.to_item},
            url=reverse("desk:item", args=[each.from_item.number]),
            button=_("Granska"),
        )
        for each in shown
    ]
