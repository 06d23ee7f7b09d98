"""Why a line is with whom it is, in words for the reader of now: ``routing.sentence`` with its day written out."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from core import formatting
from core.languages import current_language
from core.ordering import swedish_key
from procurement.models import RequisitionLine
from procurement.routing import Route, sentence
from procurement.wording import listed


def reason_of(route: Route) -> str:
    """Say why a line would go to this person."""
    return _say(route.rule, route.facts, route.responsible.full_name)


def reasons_of(routes: Iterable[Route]) -> list[str]:
    """Say why lines would go to a person: those that go by the same rule from several categories in one sentence."""
    alike: dict[Any, list[Route]] = {}
    for each in routes:
        rest = {key: value for key, value in each.facts.items() if key not in _of_the_line(each)}
        alike.setdefault((each.rule, each.responsible.pk, *sorted(rest.items())), []).append(each)
    return list(dict.fromkeys(reason_of(_together(each)) for each in alike.values()))


def _of_the_line(route: Route) -> tuple[str, ...]:
    """The facts that name the line's own category."""
    is_its_own = route.facts.get("own") == route.facts.get("category")
    keys = ("own", "own_en", "category", "category_en") if is_its_own else ("own", "own_en")
    return tuple(key for key in keys if key in route.facts)


def _together(routes: Sequence[Route]) -> Route:
    """One route from the categories of all."""
    first = routes[0]
    names = {
        key: listed(sorted({each.facts[key] for each in routes}, key=swedish_key))
        for key in _of_the_line(first)
    }
    return Route(first.responsible, first.rule, {**first.facts, **names})


def reason_for(line: RequisitionLine) -> str:
    """Say why a submitted line went to the person who has it; ``line`` comes with its responsible person."""
    if not line.routing_rule or line.responsible is None:
        return ""
    return _say(line.routing_rule, line.routing_facts, line.responsible.full_name)


def _say(rule: str, facts: Mapping[str, Any], responsible: str) -> str:
    until, due = facts.get("until") or "", facts.get("due") or ""
    language, today = current_language(), timezone.localdate()
    until_when = formatting.through(date.fromisoformat(until), today, language=language) if until else ""
    due_when = formatting.day(date.fromisoformat(due), today, language=language) if due else ""
    if language.startswith("en"):
        english = {key: facts[f"{key}_en"] for key in ("own", "category") if facts.get(f"{key}_en")}
        facts = {**facts, **english}
    return sentence(rule, facts, responsible=responsible, until=until_when, due=due_when)
