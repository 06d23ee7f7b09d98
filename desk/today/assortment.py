"""What of the assortment needs the person: trials to decide on, recalls that somebody has not answered, replacements to review."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.db import models
from django.db.models.functions import Cast, JSONObject
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.models import Item, Substitution, Trial
from catalog.states import ItemStatus
from core import reader
from core.compiled import compiled_once
from desk.today.tasks import Question, Task, rows_of, within_categories
from organizations.models import Role, User
from organizations.permissions import roles_on
from procurement.models import Recall
from procurement.recalled import unsettled

TRIAL_NOTICE = timedelta(days=14)
MOST_RECALLS = 5
MOST_REVIEWS = 3


def assortment_questions(user: User, posts: list[int] | None, day: date) -> list[Question]:
    """
    The questions, the gravest first.

    :param posts: ids of the categories that she answers for today; None for all.
    """
    reviews = Role.CLINICAL_REVIEWER in roles_on(user, day).everywhere
    return [
        Question(_recalls.asking(posts), _recall_tasks),
        Question(_trials.asking(posts, day + TRIAL_NOTICE), partial(_trial_tasks, day=day)),
        *([_review_question(day)] if reviews else []),
    ]


def _item(path: str = "") -> JSONObject:
    """What the name of an item is made of."""
    return JSONObject(**{name: f"{path}{name}" for name in ("number", "name", "name_en", "size")})


@compiled_once
def _recalls(posts: list[int] | None) -> models.QuerySet[Any, Any]:
    recalls = unsettled(Recall.objects.open().filter(within_categories(posts, "item__category")))
    rows = rows_of(
        recalls.order_by("started_at", "pk"),
        item=_item("item__"),
        units="silent_count",
        calls="uncalled_count",
    )
    return rows[:MOST_RECALLS]


def _recall_tasks(rows: Sequence[Mapping[str, Any]]) -> list[Task]:
    tasks = []
    for recall in rows:
        item, units, calls = Item(**recall["item"]), recall["units"], recall["calls"]
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
                title=_("%(item)s är återkallad") % {"item": item},
                text=" ".join(parts),
                url=reverse("desk:item", args=[item.number]),
                button=_("Se vem som har den"),
            )
        )
    return tasks


@compiled_once
def _trials(posts: list[int] | None, through: Any) -> models.QuerySet[Any, Any]:
    """Trials that end by a day, or have ended, wait for a decision until it is made."""
    items = (
        Trial.objects.filter(within_categories(posts, "item__category"), item__status=ItemStatus.TRIAL)
        .values("item")
        .annotate(ends=models.Max("valid_during__endswith"))
        .filter(ends__lte=Cast(through, models.DateField()))
        .order_by("ends", "item")
    )
    rows = rows_of(items, item=_item("item__"), ends="ends", count=models.Window(models.Count("item")))
    return rows[:1]


def _trial_tasks(rows: Sequence[Mapping[str, Any]], *, day: date) -> list[Task]:
    if not rows:
        return []
    (first,) = rows
    item, count = Item(**first["item"]), first["count"]
    last = date.fromisoformat(first["ends"]) - timedelta(days=1)
    text = (
        _("%(item)s prövas till och med %(day)s.")
        if last >= day
        else _("%(item)s prövades till och med %(day)s.")
    )
    return [
        Task(
            figure=str(count),
            title=ngettext("prov behöver ett beslut", "prov behöver beslut", count),
            text=text % {"item": item, "day": reader.day(last, day)},
            url=reverse("desk:item", args=[item.number]),
            button=_("Se provet"),
            needs=last < day,
        )
    ]


def _review_question(day: date) -> Question:
    """Replacements that wait for a clinical reviewer."""
    waiting = Substitution.objects.awaiting_review(day).order_by("pk")
    rows = rows_of(waiting, old=_item("from_item__"), new=_item("to_item__"))
    return Question(rows[:MOST_REVIEWS], _review_tasks)


def _review_tasks(rows: Sequence[Mapping[str, Any]]) -> list[Task]:
    return [
        Task(
            figure="1",
            title=_("ersättning att granska"),
            text=_("%(old)s ersätts av %(new)s.") % {"old": Item(**each["old"]), "new": Item(**each["new"])},
            url=reverse("desk:item", args=[each["old"]["number"]]),
            button=_("Granska"),
        )
        for each in rows
    ]
