"""What is done about a recommendation of an audit: it is answered, planned, carried out, and verified or replaced."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from audit import trail
from core.addresses import address_of
from core.errors import InvalidInput, WrongState
from core.transactions import operation
from core.verdicts import require
from governance.days import require_day
from governance.events import Event
from governance.models import Guideline, Indicator, Recommendation, RecommendationStep
from governance.notices import RECOMMENDATION
from governance.permissions import can_answer_recommendation, can_carry_out, can_verify
from governance.states import RecommendationStatus
from notices.operations.putting_away import put_away
from notices.operations.telling import News, tell
from organizations.models import Membership, Role, User

LONGEST_WORDS = 3000
MOST_TOLD = 300
"""Characters of the words that a notice has; all of them stand on the page."""

TOLD = {
    Event.RECOMMENDATION_ANSWERED: (Role.AUDITOR,),
    Event.RECOMMENDATION_PLANNED: (),
    Event.RECOMMENDATION_CARRIED_OUT: (Role.AUDITOR, Role.HEAD_OF_PROCUREMENT),
    Event.RECOMMENDATION_VERIFIED: (Role.HEAD_OF_PROCUREMENT,),
    Event.RECOMMENDATION_SENT_BACK: (Role.HEAD_OF_PROCUREMENT,),
    Event.RECOMMENDATION_REPLACED: (Role.AUDITOR,),
}
"""Who is told of each step, beside whoever answers for the measure."""


class WordsMissing(InvalidInput):
    """Each step says in words what it is."""

    code = "recommendation_words_missing"
    sentence = _("Skriv med egna ord vad som gäller.")


class EvidenceMissing(InvalidInput):
    """What is carried out can be shown."""

    code = "recommendation_evidence_missing"
    sentence = _(
        "Ange vad som visar att åtgärden är genomförd, till exempel ett diarienummer eller en sida i Rauk."
    )


class ResponsibleIsAway(InvalidInput):
    """Somebody who is at work answers for a measure."""

    code = "recommendation_responsible_is_away"
    sentence = _("%(name)s har inget öppet konto. Välj någon annan som ansvarar.")


class DueBeforeItIsPlanned(InvalidInput):
    """What is planned is done later than it is planned."""

    code = "recommendation_due_before_it_is_planned"
    sentence = _("Åtgärden kan inte vara klar före den dag då den planeras.")


class AwaitsTheAuditor(WrongState):
    """What is carried out is the auditor's to judge; only she sends it back to be planned."""

    code = "recommendation_awaits_the_auditor"
    sentence = _("Åtgärden är genomförd och väntar på revisorn, så den planeras inte om.")


class NothingCarriedOut(WrongState):
    """An auditor judges what has been carried out."""

    code = "recommendation_nothing_carried_out"
    sentence = _("Inget är genomfört än, så det finns inget att bedöma.")


class NotAdoptedYet(InvalidInput):
    """A promise is replaced by what is decided, not by a draft."""

    code = "recommendation_replaced_by_a_draft"
    sentence = _("Riktlinjen är ett utkast. Ett löfte kan bara ersättas av en antagen riktlinje.")


@operation
def answer_recommendation(
    *, recommendation: Recommendation, day: date, words: str, by: User, at: datetime
) -> Recommendation:
    """
    Note down what the region answered the auditors, and when.

    :raises NotPermitted: she is not head of procurement.
    :raises WrongState: it is answered already.
    :raises InvalidInput: the day cannot be so, or nothing is said.
    """
    recommendation = _locked(recommendation)
    require(can_answer_recommendation(by, at=at))
    recommendation.take_step(RecommendationStatus.ANSWERED)
    _step(recommendation, day=day, words=words, by=by, at=at, event=Event.RECOMMENDATION_ANSWERED)
    recommendation.save()
    return recommendation


@operation
def plan_recommendation(
    *,
    recommendation: Recommendation,
    day: date,
    words: str,
    responsible: User,
    due_date: date,
    indicator: str,
    by: User,
    at: datetime,
) -> Recommendation:
    """
    Say what is to be done about it, by whom, by when, and which figure will show it.

    :param indicator: an ``Indicator``, or nothing when no figure shows it.
    :raises NotPermitted: she is not head of procurement.
    :raises WrongState: it is not answered, or what was planned is carried out.
    :raises InvalidInput: a day or the person cannot be so, or nothing is said.
    """
    recommendation = _locked(recommendation)
    require(can_answer_recommendation(by, at=at))
    if recommendation.status == RecommendationStatus.CARRIED_OUT:
        raise AwaitsTheAuditor
    recommendation.take_step(RecommendationStatus.PLANNED)
    if not responsible.is_active:
        raise ResponsibleIsAway(name=responsible.full_name)
    if due_date < day:
        raise DueBeforeItIsPlanned
    recommendation.responsible, recommendation.due_date = responsible, due_date
    recommendation.indicator = Indicator(indicator) if indicator else ""
    _step(recommendation, day=day, words=words, by=by, at=at, event=Event.RECOMMENDATION_PLANNED)
    recommendation.save()
    return recommendation


@operation
def carry_out_recommendation(
    *, recommendation: Recommendation, day: date, words: str, evidence: str, by: User, at: datetime
) -> Recommendation:
    """
    Say that what was planned is carried out, and what shows it.

    :raises NotPermitted: she does not answer for it.
    :raises WrongState: nothing is planned, or it is carried out already.
    :raises InvalidInput: the day cannot be so, or nothing is said or shown.
    """
    recommendation = _locked(recommendation)
    require(can_carry_out(by, recommendation, at=at))
    recommendation.take_step(RecommendationStatus.CARRIED_OUT)
    if not evidence.strip():
        raise EvidenceMissing
    recommendation.carried_out_by = by
    _step(
        recommendation,
        day=day,
        words=words,
        evidence=evidence,
        by=by,
        at=at,
        event=Event.RECOMMENDATION_CARRIED_OUT,
    )
    recommendation.save()
    return recommendation


@operation
def verify_recommendation(
    *, recommendation: Recommendation, day: date, words: str, evidence: str, by: User, at: datetime
) -> Recommendation:
    """
    Find that what was carried out meets the recommendation.

    :raises NotPermitted: she is no auditor, or has carried it out or answers for it.
    :raises WrongState: it is not carried out.
    :raises InvalidInput: the day cannot be so, or nothing is said.
    """
    recommendation = _locked(recommendation)
    require(can_verify(by, recommendation, at=at))
    recommendation.take_step(RecommendationStatus.VERIFIED)
    recommendation.verified_by = by
    _step(
        recommendation,
        day=day,
        words=words,
        evidence=evidence,
        by=by,
        at=at,
        event=Event.RECOMMENDATION_VERIFIED,
    )
    recommendation.save()
    return recommendation


@operation
def send_back_recommendation(
    *, recommendation: Recommendation, day: date, words: str, by: User, at: datetime
) -> Recommendation:
    """
    Find that what was carried out does not suffice: it is planned, as before.

    :raises NotPermitted: she is no auditor, or has carried it out or answers for it.
    :raises WrongState: it is not carried out.
    :raises InvalidInput: the day cannot be so, or nothing is said.
    """
    recommendation = _locked(recommendation)
    require(can_verify(by, recommendation, at=at))
    if recommendation.status != RecommendationStatus.CARRIED_OUT:
        raise NothingCarriedOut
    recommendation.take_step(RecommendationStatus.PLANNED)
    recommendation.carried_out_by = None
    _step(recommendation, day=day, words=words, by=by, at=at, event=Event.RECOMMENDATION_SENT_BACK)
    recommendation.save()
    return recommendation


@operation
def replace_recommendation(
    *,
    recommendation: Recommendation,
    day: date,
    words: str,
    guideline: Guideline | None,
    by: User,
    at: datetime,
) -> Recommendation:
    """
    Say that what was promised is replaced by something else, and by what; the promise stays readable.

    :param guideline: the version that stands in its place, if that is what replaces it.
    :raises NotPermitted: she is not head of procurement.
    :raises WrongState: it is verified, or replaced already.
    :raises InvalidInput: the day or the guideline cannot be so, or nothing is said.
    """
    recommendation = _locked(recommendation)
    require(can_answer_recommendation(by, at=at))
    recommendation.take_step(RecommendationStatus.REPLACED)
    if guideline is not None and guideline.is_draft:
        raise NotAdoptedYet
    recommendation.replaced_by = guideline
    _step(recommendation, day=day, words=words, by=by, at=at, event=Event.RECOMMENDATION_REPLACED)
    recommendation.save()
    return recommendation


def _locked(recommendation: Recommendation) -> Recommendation:
    return Recommendation.objects.locked().select_related("audit").get(pk=recommendation.pk)


def _step(
    recommendation: Recommendation,
    *,
    day: date,
    words: str,
    by: User,
    at: datetime,
    event: Event,
    evidence: str = "",
) -> None:
    """Write the step down, in the history and in the trail."""
    before = recommendation.steps.order_by("-date", "-pk").values_list("date", flat=True).first()
    require_day(day, since=before or recommendation.received_date, at=at)
    if not words.strip():
        raise WordsMissing
    RecommendationStep.objects.create(
        recommendation=recommendation,
        status=recommendation.status,
        date=day,
        words=words.strip(),
        evidence=evidence.strip(),
        by=by,
        recorded_at=at,
    )
    trail.record(event, subject=recommendation, by=by, at=at, day=day.isoformat(), comment=words.strip())
    _tell(recommendation, event, words=words.strip(), by=by, at=at)


def _tell(recommendation: Recommendation, event: Event, *, words: str, by: User, at: datetime) -> None:
    """
    Tell those whose turn it is, and those who have waited for it; not who did it herself.

    What they were told of earlier steps, as that it waits for the auditor, is done with then.
    """
    facts = {
        "event": event.value,
        "number": recommendation.number,
        "audit": recommendation.audit.name,
        "by": by.full_name,
        "words": Truncator(words).chars(MOST_TOLD),
    }
    people = Membership.objects.holders(TOLD[event], timezone.localdate(at))
    if recommendation.responsible_id is not None:
        people.add(recommendation.responsible_id)
    address = address_of(recommendation)
    put_away([RECOMMENDATION], addresses=[address], at=at)
    tell([News(person, RECOMMENDATION, address, facts) for person in sorted(people)], by=by, at=at)
