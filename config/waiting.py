"""What waits, what has failed and what has not left, as the database and the broker have it now."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta

from django.apps import apps
from django.db import DatabaseError
from django.db.models import Count, Min, Q
from django.utils import timezone
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from redis.exceptions import RedisError

from config import heartbeats
from config.celery import app, queues
from core import delivery, transactions
from core.errors import STORED_REFUSAL
from core.models import RoutineRun
from core.routines import Routine
from core.tallies import tallied
from core.work import Work, WorkStatus
from notices.models import Letter
from notices.operations.mailing import TOO_OLD
from notices.states import LetterStatus
from organizations.models import PasswordLink
from organizations.models.links import MOST_ATTEMPTS
from procurement.models import CancellationNotice, PurchaseOrder
from procurement.states import OrderStatus

LATE = timedelta(minutes=10)
"""How long a message to a supplier may wait after its time, or work in its queue, before somebody should look."""
RECENT = timedelta(days=1)
"""How long work that failed is told."""


def kinds_of_work() -> list[type[Work]]:
    """Every model that is work in the background."""
    return [model for model in apps.get_models() if issubclass(model, Work)]


def waiting(kind: type[Work], at: datetime) -> tuple[int, datetime | None]:
    """How many of a kind are queued for whoever is free, and since when the oldest of them."""
    due = kind._default_manager.filter(status=WorkStatus.QUEUED).exclude(next_attempt_at__gt=at)
    totals = due.aggregate(count=Count("pk"), oldest=Min("requested_at"))
    return totals["count"], totals["oldest"]


def oldest_waiting(at: datetime) -> timedelta:
    """How long the oldest work has waited for somebody to begin; nothing when none waits."""
    since = [oldest for _count, oldest in (waiting(kind, at) for kind in kinds_of_work()) if oldest]
    return max(at - min(since), timedelta()) if since else timedelta()


def failed(kind: type[Work], at: datetime) -> int:
    """
    How many of a kind have failed lately.

    What was refused in a sentence, such as a file that could not be read, is told to whoever asked and mended by her.
    """
    lately = kind._default_manager.filter(status=WorkStatus.FAILED, finished_at__gt=at - RECENT)
    return lately.exclude(error__startswith=STORED_REFUSAL).count()


def unsent(at: datetime) -> dict[str, int]:
    """Orders and cancellations that wait for their time, that wait long after it, and that were given up."""
    ready, late = Q(status=OrderStatus.READY), Q(next_attempt_at__lt=at - LATE)
    counts = dict.fromkeys(("waiting", "late", "given_up"), 0)
    for model in (PurchaseOrder, CancellationNotice):
        all_ready = model._default_manager.filter(ready)
        counts["waiting"] += all_ready.exclude(late).count()
        counts["late"] += all_ready.filter(late).count()
    counts["given_up"] = PurchaseOrder.objects.not_sent().count()
    return counts


def letters(at: datetime) -> dict[str, int]:
    """
    Letters to people that wait for their time, that wait long after it, and that were given up lately.

    Those with notices, and those with the link by which somebody sets a password: the first that a new region sends.
    """
    ready, late = Q(status=LetterStatus.READY), Q(next_attempt_at__lt=at - LATE)
    lately = Q(status=LetterStatus.NOT_SENT, made_at__gt=at - RECENT - TOO_OLD)
    counts = Letter.objects.aggregate(
        waiting=Count("pk", filter=ready & ~late),
        late=Count("pk", filter=ready & late),
        given_up=Count("pk", filter=lately),
    )
    tried, overdue = Q(attempts__lt=MOST_ATTEMPTS), Q(next_at__lt=at - LATE)
    links = PasswordLink.objects.filter(sent_at=None, user__is_active=True).aggregate(
        waiting=Count("pk", filter=tried & ~overdue),
        late=Count("pk", filter=tried & overdue),
        given_up=Count("pk", filter=~tried & Q(next_at__gt=at - RECENT)),
    )
    return {state: counts[state] + links[state] for state in counts}


def queue_lengths() -> dict[str, int]:
    """
    How many messages wait in each queue of the broker.

    :raises OSError: the broker is away.
    """
    with heartbeats.connected(app) as client:
        return {name: int(client.llen(name)) for name in sorted(queues())}


class Waiting(Collector):
    """These numbers for Prometheus; those of a server that is away are left out."""

    def collect(self) -> Iterator[Metric]:
        """Ask the database, and then the broker."""
        at = timezone.now()
        with suppress(DatabaseError):
            yield from list(_database_metrics(at))
        with suppress(OSError, RedisError):
            yield from list(_broker_metrics())


def _database_metrics(at: datetime) -> Iterator[Metric]:
    number = GaugeMetricFamily("rauk_work", "Background work, by kind.", labels=["kind", "status"])
    age = GaugeMetricFamily(
        "rauk_work_oldest_seconds", "How long the oldest has waited to begin.", labels=["kind"]
    )
    for kind in kinds_of_work():
        name = kind._meta.label_lower
        count, oldest = waiting(kind, at)
        number.add_metric([name, "waiting"], count)
        number.add_metric([name, "running"], kind._default_manager.filter(status=WorkStatus.RUNNING).count())
        number.add_metric([name, "failed"], failed(kind, at))
        age.add_metric([name], max((at - oldest).total_seconds(), 0) if oldest else 0)
    orders = GaugeMetricFamily(
        "rauk_orders_unsent", "Orders and cancellations that have not left.", labels=["state"]
    )
    for state, count in unsent(at).items():
        orders.add_metric([state], count)
    routines = GaugeMetricFamily(
        "rauk_routine_last_success_timestamp_seconds",
        "When a routine last came to its end without a fault.",
        labels=["routine"],
    )
    for routine in Routine:
        last = RoutineRun.objects.last_success(routine)
        routines.add_metric([routine.value], last.timestamp() if last else 0)
    mail = GaugeMetricFamily(
        "rauk_letters_unsent", "Letters with notices that have not left.", labels=["state"]
    )
    for state, count in letters(at).items():
        mail.add_metric([state], count)
    yield from (number, age, orders, mail, routines)


def _broker_metrics() -> Iterator[Metric]:
    lengths = GaugeMetricFamily("rauk_queue_messages", "Messages in the broker.", labels=["queue"])
    for queue, count in queue_lengths().items():
        lengths.add_metric([queue], count)
    mails = CounterMetricFamily("rauk_mails", "Messages handed to the mail server.", labels=["outcome"])
    for outcome, count in tallied("mails", delivery.OUTCOMES).items():
        mails.add_metric([outcome], count)
    faults = CounterMetricFamily(
        "rauk_database_errors", "Failures that the database was behind.", labels=["kind"]
    )
    for kind, count in tallied("database", transactions.FAULTS).items():
        faults.add_metric([kind], count)
    yield from (lengths, mails, faults)
