"""
The questions of a period with the answers that they have.

A statement for the values by which they are asked, one for each kind, and one for the answers.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from django.contrib.postgres.aggregates import ArrayAgg

from procurement.models import ObservationAnswer, ObservationKind
from procurement.observing.measures import Gap, Measures, measures_in
from procurement.observing.near_limits import NearMeasure, near_limits_in
from procurement.observing.observation import Measure, Observation, ObservedPeriod
from procurement.observing.odd_hours import OddMeasure, odd_hours_in
from procurement.observing.pairs import PairMeasure, pairs_in
from procurement.observing.splits import SplitMeasure, splits_in

MEASURES: Mapping[ObservationKind, type[Measure]] = {
    measure.kind: measure for measure in (SplitMeasure, PairMeasure, NearMeasure, OddMeasure)
}

OBSERVERS: Mapping[ObservationKind, Callable[[ObservedPeriod, Measures], Sequence[Observation]]] = {
    ObservationKind.SPLIT: splits_in,
    ObservationKind.PAIR: pairs_in,
    ObservationKind.NEAR_LIMIT: near_limits_in,
    ObservationKind.ODD_HOURS: odd_hours_in,
}


@dataclass(frozen=True, slots=True)
class UncoveredDays:
    """Days about which no question of a kind is asked."""

    kind: ObservationKind
    gap: Gap


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question, the answers to it with the latest first, and how many of its lines none of them is about."""

    observation: Observation
    answers: Sequence[ObservationAnswer]
    unanswered_count: int

    @property
    def is_answered(self) -> bool:
        """Whether there is an answer about each of its lines."""
        return not self.unanswered_count


def questions_in(measures: Measures) -> list[AskedQuestion]:
    """All questions of a period by its values, those without answer first, the largest first: five statements."""
    observed = chain.from_iterable(observe(measures.period, measures) for observe in OBSERVERS.values())
    questions = _with_answers(list(observed))
    return sorted(
        questions, key=lambda each: (each.is_answered, -each.observation.amount, each.observation.key)
    )


def unasked_in(measures: Measures) -> list[UncoveredDays]:
    """The days of a period about which nothing is asked, since values were missing: no statement."""
    return [
        UncoveredDays(kind, gap) for kind, measure in MEASURES.items() for gap in measures.of(measure).gaps
    ]


def question_called(key: str, period: ObservedPeriod) -> AskedQuestion | None:
    """The question of a period that has this key: three statements; None where it is not asked."""
    kind = next(
        (each for each in ObservationKind if key.startswith(f"{each.value.replace('_', '-')}-")), None
    )
    observed = OBSERVERS[kind](period, measures_in(period)) if kind else []
    return next(iter(_with_answers([each for each in observed if each.key == key])), None)


def _with_answers(observations: Sequence[Observation]) -> list[AskedQuestion]:
    answers = list(_answers_to(observations)) if observations else []
    questions = []
    for observation in observations:
        lines = set(observation.lines)
        own_answers = [
            each
            for each in answers
            if (each.kind, each.subject) == (observation.kind, observation.subject)
            and not lines.isdisjoint(each.line_ids)  # type: ignore[attr-defined]
        ]
        covered = set(chain.from_iterable(each.line_ids for each in own_answers))  # type: ignore[attr-defined]
        questions.append(AskedQuestion(observation, own_answers, len(lines - covered)))
    return questions


def _answers_to(observations: Iterable[Observation]) -> Iterable[ObservationAnswer]:
    kinds = {each.kind for each in observations}
    return (
        ObservationAnswer.objects.filter(kind__in=kinds, subject__in={each.subject for each in observations})
        .select_related("answered_by")
        .annotate(line_ids=ArrayAgg("lines__line"))
        .order_by("-answered_at", "-pk")
    )
