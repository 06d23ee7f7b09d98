"""What became of lines that were decided together, said to who decided them: what was done, and what was refused and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import formatting
from core.citations import codes_of
from core.errors import DomainError, RefusalSentence
from core.languages import current_language
from core.money import ZERO
from core.templatetags.ui.statuses import undo_url
from desk.forms.decisions import Choice
from organizations.requests import PersonRequest
from procurement.gates import AccountMissing, CeilingReached, CodeClosed
from procurement.models import BudgetAttest, RequisitionLine
from procurement.operations.decidable import Outcome
from procurement.orderers import recipients_in_words
from procurement.states import AttestStatus

APPROVALS = (Choice.APPROVE, Choice.ADJUST, Choice.SUBSTITUTE)
PLACE = "place:"


@dataclass(frozen=True, slots=True)
class PlacedNote:
    """A note that stands in the list, where the lines that it speaks of stood: before a line, or at the end."""

    message: Message
    before: str

    @property
    def text(self) -> str:
        """What it says."""
        return str(self.message)

    @property
    def undo_url(self) -> str:
        """Where it is undone, if it can be."""
        return undo_url(self.message)


def placed_note(request: PersonRequest) -> PlacedNote | None:
    """The note that belongs in the list, of those that the page is about to show."""
    for message in messages.get_messages(request):
        for word in (message.extra_tags or "").split():
            if word.startswith(PLACE):
                return PlacedNote(message, word.removeprefix(PLACE))
    return None


def add_messages(
    request: PersonRequest, outcome: Outcome, *, verb: Choice = Choice.APPROVE, before: str = ""
) -> None:
    """
    Say what was done, with a way to undo it, and keep what was refused for the page to show.

    :param before: where in the list the note stands (``addresses.NextLine``); nothing for above it.
    """
    if outcome.done:
        tags = [f"{PLACE}{before}"] if before else []
        if verb in APPROVALS:
            lines = ",".join(str(line.pk) for line in outcome.done)
            tags.append(f"undo:{reverse('desk:queue_undo')}?rader={lines}")
            text = _approved_text(outcome.done)
        else:
            text = _closed_text(outcome.done, verb)
        messages.success(request, text, extra_tags=" ".join(tags))
    store_refusals(request, outcome)


def store_refusals(request: PersonRequest, outcome: Outcome) -> None:
    """Keep what was refused, and why, for the next page of the queue to show."""
    if outcome.refused:
        request.session["refused_lines"] = [_refused(*each) for each in outcome.refused]


def _refused(line: RequisitionLine, refusal: DomainError) -> dict[str, Any]:
    sentence = sentence_of(refusal, line)
    return {
        "pk": line.pk,
        "title": line.description,
        "department": line.requisition.department.name,
        "sentence": sentence,
        "codes": codes_of(sentence),
        "is_miscoded": isinstance(refusal, AccountMissing | CodeClosed),
        "fits": str(refusal.facts["fits"]) if refusal.facts.get("fits") else "",
    }


def sentence_of(refusal: DomainError, line: RequisitionLine) -> str:
    """Say why a line was refused; under a ceiling, what is left of it and how many would fit."""
    if "fits" not in refusal.facts:
        return str(refusal)
    language = current_language()
    facts = {
        "fits": formatting.quantity(Decimal(refusal.facts["fits"]), language=language),
        "asked": formatting.quantity(line.quantity, language=language),
        "agreement": refusal.facts.get("agreement", ""),
    }
    if isinstance(refusal, CeilingReached):
        facts["amount"] = formatting.kr(refusal.facts["remaining"], language=language)
        sentence = _(
            "Raden får inte plats under taket för %(agreement)s. %(amount)s är kvar, så %(fits)s av %(asked)s ryms."
        )
    else:
        sentence = _("Raden får inte plats under taket för %(agreement)s. %(fits)s av %(asked)s ryms.")
    return RefusalSentence(sentence % facts, refusal.code)


def pop_refusals(request: PersonRequest) -> list[dict[str, Any]]:
    """What was refused before this page, told once; a session keeps a sentence without its codes, so they stand beside it."""
    refusals = request.session.pop("refused_lines", [])
    return [each | {"sentence": RefusalSentence(each["sentence"], *each["codes"])} for each in refusals]


def _approved_text(lines: Sequence[RequisitionLine]) -> str:
    at, language = timezone.now(), current_language()
    amount = sum((line.approved_amount or ZERO for line in lines), ZERO)
    text = ngettext(
        "Du godkände %(count)s rad för %(amount)s.", "Du godkände %(count)s rader för %(amount)s.", len(lines)
    ) % {"count": len(lines), "amount": formatting.kr(amount, language=language)}
    due = lines[0].order_due_at
    if due is None:
        return text
    requisitions = {line.requisition_id for line in lines}
    parts = {(line.requisition_id, line.part) for line in lines}
    pending = BudgetAttest.objects.filter(requisition__in=requisitions, status=AttestStatus.PENDING)
    if any((attest.requisition_id, attest.part) in parts for attest in pending):
        return (
            text
            + " "
            + ngettext(
                "Den beställs när attesten är klar.",
                "De som väntar på attest beställs när den är klar.",
                len(lines),
            )
        )
    moment = formatting.moment(due, at, timezone.get_current_timezone(), language=language)
    return (
        text
        + " "
        + ngettext("Den beställs %(moment)s.", "De beställs %(moment)s.", len(lines)) % {"moment": moment}
    )


def _closed_text(lines: Sequence[RequisitionLine], verb: Choice) -> str:
    count = len(lines)
    people = recipients_in_words((line.requisition for line in lines), timezone.localdate())
    who = people[0] if len(people) == 1 else ""
    if verb == Choice.RETURN:
        if who:
            return _("Frågan är skickad till %(who)s. Raden kommer tillbaka till dig med svaret.") % {
                "who": who
            }
        text = ngettext("Frågan är skickad om %(count)s rad.", "Frågan är skickad om %(count)s rader.", count)
    else:
        if who and count == 1:
            return _("Du avslog raden. %(who)s har fått ditt skäl.") % {"who": who}
        text = ngettext("Du avslog %(count)s rad.", "Du avslog %(count)s rader.", count)
    return text % {"count": count}
