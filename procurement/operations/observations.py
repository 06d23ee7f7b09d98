"""Answer what follow-up asks about purchases."""

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from audit import trail
from core.bulk import insert_rows, insert_unless
from core.errors import InvalidInput, WrongState
from core.transactions import operation
from core.verdicts import require
from organizations.models import User
from procurement import permissions
from procurement.events import Event
from procurement.models import ObservationAnswer, ObservationOutcome, ObservedLine
from procurement.observing.asking import question_called
from procurement.observing.observation import Observation, ObservedPeriod
from procurement.separation_of_duties import people_involved


class ObservationIsGone(WrongState):
    """What was asked about is no longer so: a line was taken back, or the period is another."""

    code = "observation_gone"
    sentence = _("Frågan ställs inte längre. Något av köpen kan ha ändrats.")


class ObservationHasChanged(WrongState):
    """An answer is about the lines that whoever answers has read of."""

    code = "observation_changed"
    sentence = _("Frågan gäller andra rader än när du öppnade den. Läs dem och svara igen.")


class ObservationIsAnswered(WrongState):
    """The same lines are answered for once, and the answer stays."""

    code = "observation_answered"
    sentence = _("Frågan är redan besvarad.")


class AnswerHasNoText(InvalidInput):
    """An outcome without words tells an auditor nothing."""

    code = "observation_answer_empty"
    sentence = _("Skriv vad du fick veta.")


@operation
def answer_observation(
    *,
    key: str,
    period: ObservedPeriod,
    digest: str,
    outcome: ObservationOutcome,
    text: str,
    by: User,
    at: datetime,
) -> ObservationAnswer:
    """
    Keep what was found out about a question.

    There is nothing to lock: an answer changes no other row, and of two at once the database takes one.

    :param digest: which lines she has read of (``Observation.digest``).
    :raises NotPermitted: she is no head of procurement, or has had a part in what is asked about.
    :raises WrongState: it is not asked any longer, is about other lines, or is answered.
    :raises AnswerHasNoText: nothing is said.
    """
    require(permissions.can_answer_observation(by, (), at=at))
    question = question_called(key, period)
    if question is None:
        raise ObservationIsGone
    observation = question.observation
    require(permissions.can_answer_observation(by, people_involved(observation.lines), at=at))
    if observation.digest != digest:
        raise ObservationHasChanged
    if question.is_answered:
        raise ObservationIsAnswered
    text = text.strip()
    if not text:
        raise AnswerHasNoText
    answer = ObservationAnswer(
        kind=observation.kind,
        subject=observation.subject,
        digest=digest,
        amount=observation.amount,
        sentence=_in_swedish(observation),
        outcome=outcome,
        text=text,
        answered_by=by,
        answered_at=at,
    )
    if not insert_unless(answer, constraint="observation_answer_once"):
        raise ObservationIsAnswered
    insert_rows([ObservedLine(answer=answer, line_id=line) for line in observation.lines])
    trail.record(
        Event.OBSERVATION_ANSWERED,
        subject=answer,
        by=by,
        at=at,
        outcome=outcome,
        amount=str(observation.amount),
        count=len(observation.lines),
    )
    return answer


def _in_swedish(observation: Observation) -> str:
    """What the question says, in the language that the region keeps its papers in."""
    with translation.override("sv"):
        return observation.sentence
