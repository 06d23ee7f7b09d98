"""What the clock starts in the office: each calls one operation."""

from celery import shared_task
from django.utils import timezone

from core.wakeups import WakeUpTask
from office.operations import nightly_rules
from office.operations.indexing import propose_due
from office.operations.plans import carry_out_due
from procurement.operations.moving_baskets import tell_of_stranded_baskets


@shared_task(base=WakeUpTask, name="office.carry_out_plans")
def carry_out_plans() -> None:
    """Carry out what is planned for today, and for days when the program was down; tell whose baskets cannot be sent any more."""
    at = timezone.now()
    carry_out_due(at=at)
    tell_of_stranded_baskets(at=at)


@shared_task(base=WakeUpTask, name="office.propose_by_index")
def propose_by_index() -> None:
    """Propose the prices that index clauses give."""
    propose_due(at=timezone.now())


@shared_task(base=WakeUpTask, name="office.check_rules")
def check_rules() -> None:
    """Ask every rule, once each night."""
    nightly_rules.check_rules(at=timezone.now())
