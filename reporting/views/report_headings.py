"""The headings and guiding sentences of reports: what holds today, and where each is changed."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.views import let_in
from organizations.requests import PersonRequest
from reporting import permissions
from reporting.models import ReportPart, ReportText
from reporting.models.texts import ASK, HEADING
from reporting.report.annex import HEADINGS as ANNEX_HEADINGS
from reporting.report.case import ASKS, HEADINGS

REGISTER = "report_texts"


@dataclass(frozen=True, slots=True)
class Line:
    """A heading or a guiding sentence: what it says today, whether those are the region's words, and where it is changed."""

    text: str
    url: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """One section of the document: its heading, and what is asked of whoever writes it."""

    key: str
    heading: Line
    ask: Line | None


@require_safe
def report_headings(request: PersonRequest) -> HttpResponse:
    """Every heading and guiding sentence as a report that is frozen today would have it."""
    at = timezone.now()
    let_in(permissions.can_read_reports(request.user, at=at))
    texts = ReportText.objects.filter(valid_during__contains=timezone.localdate(at))
    text_by_part = {text.part: text for text in texts}
    context = {
        "documents": [
            [_shown_heading(key, heading, text_by_part) for key, heading in headings.items()]
            for headings in (HEADINGS, ANNEX_HEADINGS)
        ],
        "can_change": permissions.can_change_templates(request.user, at=at),
    }
    return render(request, "reporting/report_headings.html", context)


def _shown_heading(key: str, heading: str, text_by_part: dict[str, ReportText]) -> Shown:
    ask = _line(ReportPart(f"{ASK}{key}"), ASKS[key], text_by_part) if key in ASKS else None
    return Shown(key, _line(ReportPart(f"{HEADING}{key}"), heading, text_by_part), ask)


def _line(part: ReportPart, default: str, text_by_part: dict[str, ReportText]) -> Line:
    own_text = text_by_part.get(part)
    if own_text is None:
        return Line(default, f"{reverse('registers:add', args=[REGISTER])}?part={part}", is_own=False)
    return Line(own_text.text, reverse("registers:row", args=[REGISTER, own_text.pk]), is_own=True)
