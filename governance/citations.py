"""Which paragraph of the guideline in force stands behind each rule: what core shows whoever is refused."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from core.addresses import place
from core.citations import Citation
from core.timed_cache import TimedCache
from governance.models import Paragraph
from governance.states import GuidelineStatus


@dataclass(frozen=True, slots=True)
class _Cited:
    """A paragraph as it is kept: what is the same in every language."""

    guideline: str
    number: str
    anchor: str


def _read() -> Mapping[str, _Cited]:
    """The paragraphs of the guideline in force by the codes of the rules that they stand behind: one statement."""
    paragraphs = (
        Paragraph.objects.filter(
            guideline__status=GuidelineStatus.ADOPTED,
            guideline__valid_during__contains=timezone.localdate(),
        )
        .exclude(rules=[])
        .values_list("guideline__title", "number", "rules")
    )
    return {
        code: _Cited(title, number, Paragraph(number=number).anchor)
        for title, number, rules in paragraphs
        for code in rules
    }


cited = TimedCache(_read)


def citation_of(code: str) -> Citation | None:
    """The paragraph that stands behind a rule today, as it is cited in the reader's language."""
    paragraph = cited().get(code)
    if paragraph is None:
        return None
    title = paragraph.guideline[:1].lower() + paragraph.guideline[1:]
    values = {"guideline": title, "number": paragraph.number}
    text = _("Enligt %(guideline)s § %(number)s") % values
    return Citation(paragraph.number, text, f"{place('guideline')}#{paragraph.anchor}")
