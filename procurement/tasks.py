"""What the clock and the queue start in procurement: each loads, and calls one operation."""

from celery import shared_task
from django.utils import timezone

from core.wakeups import WakeUpTask
from procurement.models import CancellationNotice, ChangeNotice, PurchaseOrder
from procurement.operations import (
    answer_files,
    assortment,
    competed,
    orders,
    price_questions,
    putting_away,
    recalls,
    rerouting,
    sending,
    unanswered,
)

LONGEST_SECONDS = 120
"""No attempt at sending takes longer; the lease of a claim (sending.LEASE) is longer than this."""


@shared_task(base=WakeUpTask, name="procurement.send_order", soft_time_limit=LONGEST_SECONDS)
def send_order(order_id: int) -> None:
    """Send one order, if it is still to be sent."""
    for order in PurchaseOrder.objects.filter(pk=order_id):
        sending.send_order(order=order, at=timezone.now())


@shared_task(base=WakeUpTask, name="procurement.send_cancellation", soft_time_limit=LONGEST_SECONDS)
def send_cancellation(notice_id: int) -> None:
    """Tell one supplier that an order is cancelled, if it is still to be told."""
    for notice in CancellationNotice.objects.filter(pk=notice_id):
        sending.send_cancellation(notice=notice, at=timezone.now())


@shared_task(base=WakeUpTask, name="procurement.send_change", soft_time_limit=LONGEST_SECONDS)
def send_change(notice_id: int) -> None:
    """Tell one supplier what was agreed to of the changes that it wanted, if it is still to be told."""
    for notice in ChangeNotice.objects.filter(pk=notice_id):
        sending.send_change(notice=notice, at=timezone.now())


@shared_task(base=WakeUpTask, name="procurement.consolidate_due")
def consolidate_due() -> None:
    """Order the lines whose time has come; finds whatever an earlier clock missed."""
    orders.consolidate(at=timezone.now())


@shared_task(base=WakeUpTask, name="procurement.send_due", soft_time_limit=LONGEST_SECONDS)
def send_due() -> None:
    """Send every message to a supplier that is due; finds whatever a lost message or a killed worker left."""
    sending.send_due(at=timezone.now())


@shared_task(base=WakeUpTask, name="procurement.take_in_answers")
def take_in_answers() -> None:
    """Take in what suppliers have answered through Peppol."""
    answer_files.take_in_inbox(at=timezone.now())


@shared_task(base=WakeUpTask, name="procurement.reroute_waiting")
def reroute_waiting() -> None:
    """Move what waits to who answers today, but not what waits for a competition; finds what the date alone has changed."""
    competed.follow_competitions(at=timezone.now())
    rerouting.reroute_waiting(at=timezone.now())


@shared_task(base=WakeUpTask, name="procurement.take_back_unanswered")
def take_back_unanswered() -> None:
    """Let what has waited too long for an answer be decided without; finds what the date alone has changed."""
    unanswered.take_back_unanswered(at=timezone.now())


@shared_task(base=WakeUpTask, name="procurement.ask_about_prices")
def ask_about_prices() -> None:
    """Ask about prices that have risen while lines wait; finds what a new day or a new list has changed."""
    price_questions.ask_about_prices(at=timezone.now())


@shared_task(base=WakeUpTask, name="procurement.look_after_assortment")
def look_after_assortment() -> None:
    """Stop what is recalled, tell of what leaves, and retire what has left; finds whatever a lost message left."""
    recalls.stop_recalled(at=timezone.now())
    assortment.tell_of_leaving(at=timezone.now())
    assortment.retire_due(at=timezone.now())


@shared_task(base=WakeUpTask, name="procurement.put_away_done")
def put_away_done() -> None:
    """Put away what people were told that is done; finds what the date alone, or a register, has changed."""
    putting_away.put_away_all(at=timezone.now())


@shared_task(base=WakeUpTask, name="procurement.follow_competitions")
def follow_competitions() -> None:
    """Let lines wait for the competitions about them, and no longer; finds what was started and decided since."""
    competed.follow_competitions(at=timezone.now())
