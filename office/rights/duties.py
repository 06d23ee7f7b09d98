"""
Separation of duties: which duties of one purchase the same person may not have (DESIGN, rule 1; DOMAIN 3.3).

A rule counts for whoever acts, looked at in the moment of the act: in her own name, as a deputy, as head of procurement
or in another's place, in which case it counts for both. It counts whether or not what she did first stands: an approval
that was undone and an attest that was superseded have been given. The refusal's docstring is the rule.
"""

from dataclasses import dataclass

from django.db.models import TextChoices

from core.errors import DomainError
from procurement.permissions import OwnRequest
from procurement.separation_of_duties import AttesterDecides, DeciderHasAttested, ReceiverHasDecided
from reporting.permissions import OwnCategorysSaving


class Duty(TextChoices):
    """What a person does with a purchase."""

    ASKS = "asks", "asks for it"
    DECIDES = "decides", "decides a line"
    ATTESTS = "attests", "attests"
    CANCELS = "cancels", "cancels its order"
    RECEIVES = "receives", "receives it"
    CONFIRMS = "confirms", "confirms its saving"


@dataclass(frozen=True, slots=True)
class Rule:
    """Whoever has the first duty is refused the second."""

    first: Duty
    then: Duty
    refusal: type[DomainError]


RULES = (
    Rule(Duty.ASKS, Duty.DECIDES, OwnRequest),
    Rule(Duty.ASKS, Duty.ATTESTS, OwnRequest),
    Rule(Duty.ASKS, Duty.CANCELS, OwnRequest),
    Rule(Duty.DECIDES, Duty.ATTESTS, AttesterDecides),
    Rule(Duty.DECIDES, Duty.RECEIVES, ReceiverHasDecided),
    Rule(Duty.DECIDES, Duty.CONFIRMS, OwnCategorysSaving),
    Rule(Duty.ATTESTS, Duty.DECIDES, DeciderHasAttested),
    Rule(Duty.ATTESTS, Duty.RECEIVES, ReceiverHasDecided),
)

PERMITTED = {
    (Duty.ASKS, Duty.RECEIVES): "who asked for it is the one who needs it",
    (Duty.ASKS, Duty.CONFIRMS): "a baseline is of an item, not of what one department ordered",
    (Duty.DECIDES, Duty.CANCELS): "cancelling takes back what she decided herself",
    (Duty.ATTESTS, Duty.CANCELS): "nothing is paid for what is cancelled",
    (Duty.ATTESTS, Duty.CONFIRMS): "an attest is of a sum, not of a price",
    (Duty.CANCELS, Duty.RECEIVES): "nothing comes of what is cancelled",
    (Duty.CANCELS, Duty.CONFIRMS): "nothing is saved on what is cancelled",
    (
        Duty.RECEIVES,
        Duty.CONFIRMS,
    ): "the quantity is counted against the order, and the baseline is of the price",
}
"""Pairs that one person may have, and why, in the order in which they are performed."""


def rule_of(first: Duty, second: Duty) -> Rule | None:
    """The rule of a pair, if there is one."""
    return next((rule for rule in RULES if (rule.first, rule.then) == (first, second)), None)
