"""Why a line is with whom it is, in words for the reader of now: ``routing.sentence`` with its day written out."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from core import formatting
from core.languages import current_language
from procurement.models import RequisitionLine
from procurement.routing import Route, sentence


def reason_of(route: Route) -> str:
    """Say why a line would go to this person."""
    return _say(route.rule, route.facts, route.responsible.full_name)


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
