"""A version of the guideline is begun, written, and adopted."""

import re
from collections.abc import Sequence
from datetime import date, datetime

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from audit import trail
from core.diary import diary_number_of
from core.errors import InvalidInput, WrongState
from core.transactions import operation
from core.verdicts import require
from governance.citations import cited
from governance.days import require_day
from governance.events import Event
from governance.models import Guideline, Paragraph
from governance.models.guidelines import PARAGRAPH_NUMBER
from governance.permissions import can_write_guideline
from governance.rules import is_rule
from governance.states import GuidelineStatus
from organizations.models import User

LONGEST_TEXT = 5000


class GuidelineTitleMissing(InvalidInput):
    """A guideline has a title."""

    code = "guideline_title_missing"
    sentence = _("Ange riktlinjens namn.")


class DraftExists(WrongState):
    """One version is written at a time."""

    code = "guideline_draft_exists"
    sentence = _("Det finns redan ett utkast. Skriv vidare på det, eller kasta det först.")


class GuidelineIsAdopted(WrongState):
    """What is adopted is changed by a new version."""

    code = "guideline_is_adopted"
    sentence = _("Riktlinjen är antagen och ändras inte. Börja på en ny version i stället.")


class ParagraphHasChanged(WrongState):
    """Since she began, somebody else has written the same paragraph; nothing is written over."""

    code = "guideline_paragraph_has_changed"
    sentence = _(
        "Någon annan har skrivit § %(number)s medan du skrev. Din text är kvar i fältet och inget är överskrivet. Läs den"
        " andra texten i utkastet först."
    )


class ParagraphIsElsewhere(InvalidInput):
    """A paragraph is written in its own version."""

    code = "guideline_paragraph_is_elsewhere"
    sentence = _("Paragrafen står inte i utkastet.")


class NoParagraphNumber(InvalidInput):
    """Paragraphs are numbered 4, 4.2 or 4.2.1."""

    code = "guideline_paragraph_number"
    sentence = _("Skriv paragrafens nummer som 4, 4.2 eller 4.2.1.")


class ParagraphNumberIsTaken(InvalidInput):
    """Each paragraph has a number of its own."""

    code = "guideline_paragraph_number_is_taken"
    sentence = _("Det finns redan en § %(number)s i utkastet.")


class ParagraphSaysNothing(InvalidInput):
    """A paragraph has a heading and a text."""

    code = "guideline_paragraph_says_nothing"
    sentence = _("Ange både rubrik och text.")


class UnknownRule(InvalidInput):
    """A paragraph stands behind rules that the program has."""

    code = "guideline_unknown_rule"
    sentence = _("Rauk har ingen regel som heter %(rule)s.")


class RuleHasItsParagraph(InvalidInput):
    """Whoever is refused is shown one paragraph."""

    code = "guideline_rule_has_its_paragraph"
    sentence = _("Regeln %(rule)s står redan i § %(number)s. En regel har en paragraf.")


class GuidelineIsEmpty(WrongState):
    """What is adopted says something."""

    code = "guideline_is_empty"
    sentence = _("Utkastet har inga paragrafer, så det finns inget att anta.")


class AdopterMissing(InvalidInput):
    """A guideline is adopted by somebody."""

    code = "guideline_adopter_missing"
    sentence = _("Ange vem som har antagit riktlinjen.")


class GuidelineBeginsTooEarly(InvalidInput):
    """A version takes over from the one before it, on a later day than that began."""

    code = "guideline_begins_too_early"
    sentence = _("Den förra versionen gäller från %(day)s, så den här kan gälla tidigast dagen efter.")


class BeginsBeforeItIsAdopted(InvalidInput):
    """Nobody is bound by what was not yet decided."""

    code = "guideline_begins_before_it_is_adopted"
    sentence = _("En riktlinje börjar gälla den dag då den antas, eller senare.")


@operation
def begin_guideline(*, title: str, by: User, at: datetime) -> Guideline:
    """
    Begin a draft, from the paragraphs of the latest version that was adopted.

    :raises NotPermitted: she is not head of procurement.
    :raises DraftExists: there is one.
    """
    versions = list(Guideline.objects.locked())
    require(can_write_guideline(by, at=at))
    if any(version.is_draft for version in versions):
        raise DraftExists
    last = Guideline.objects.aggregate(number=Max("number"))["number"] or 0
    guideline = Guideline.objects.create(number=last + 1, title=_title(title))
    Paragraph.objects.bulk_create(
        Paragraph(
            guideline=guideline, number=each.number, heading=each.heading, text=each.text, rules=each.rules
        )
        for each in Paragraph.objects.filter(guideline__number=last)
    )
    trail.record(Event.GUIDELINE_BEGUN, subject=guideline, by=by, at=at, number=guideline.number)
    return guideline


@operation
def rename_guideline(*, guideline: Guideline, title: str, by: User, at: datetime) -> Guideline:
    """
    Give a draft another title.

    :raises NotPermitted: she is not head of procurement.
    :raises GuidelineIsAdopted: it is no draft.
    """
    guideline = _draft(guideline, by=by, at=at)
    guideline.title = _title(title)
    guideline.save(update_fields=["title"])
    trail.record(Event.GUIDELINE_WRITTEN, subject=guideline, by=by, at=at, title=guideline.title)
    return guideline


@operation
def write_paragraph(
    *,
    guideline: Guideline,
    number: str,
    heading: str,
    text: str,
    rules: Sequence[str],
    by: User,
    at: datetime,
    paragraph: Paragraph | None = None,
    seen: str | None = None,
) -> Paragraph:
    """
    Write a paragraph of a draft, or write it anew when ``paragraph`` is given.

    :param rules: codes of the refusals that it stands behind.
    :param seen: the ``content`` of the paragraph as she began from it; asked for when ``paragraph`` is given.
    :raises NotPermitted: she is not head of procurement.
    :raises GuidelineIsAdopted: it is no draft.
    :raises ParagraphHasChanged: somebody has written it since she began.
    :raises InvalidInput: the number or a rule is none, or stands elsewhere, or something is not said.
    """
    guideline = _draft(guideline, by=by, at=at)
    if paragraph is not None:
        paragraph = guideline.paragraphs.filter(pk=paragraph.pk).first()
        if paragraph is None:
            raise ParagraphIsElsewhere
        if seen != paragraph.content:
            raise ParagraphHasChanged(number=paragraph.number)
    number, heading, text = number.removeprefix("§").strip(), heading.strip(), text.strip()
    others = [each for each in guideline.paragraphs.all() if paragraph is None or each.pk != paragraph.pk]
    if not re.match(PARAGRAPH_NUMBER, number):
        raise NoParagraphNumber
    if any(each.number == number for each in others):
        raise ParagraphNumberIsTaken(number=number)
    if not heading or not text:
        raise ParagraphSaysNothing
    _require_rules(rules, others)
    row = paragraph or Paragraph(guideline=guideline)
    row.number, row.heading, row.text = number, heading, text
    row.rules = list(dict.fromkeys(rules))
    row.save()
    trail.record(Event.GUIDELINE_WRITTEN, subject=guideline, by=by, at=at, paragraph=f"§ {number}")
    return row


def _require_rules(rules: Sequence[str], others: Sequence[Paragraph]) -> None:
    elsewhere = {code: each.number for each in others for code in each.rules}
    for code in rules:
        if not is_rule(code):
            raise UnknownRule(rule=code)
        if code in elsewhere:
            raise RuleHasItsParagraph(rule=code, number=elsewhere[code])


@operation
def remove_paragraph(*, paragraph: Paragraph, by: User, at: datetime) -> None:
    """
    Take a paragraph out of a draft.

    :raises NotPermitted: she is not head of procurement.
    :raises GuidelineIsAdopted: it is no draft.
    """
    guideline = _draft(paragraph.guideline, by=by, at=at)
    Paragraph.objects.filter(pk=paragraph.pk).delete()
    trail.record(Event.GUIDELINE_WRITTEN, subject=guideline, by=by, at=at, removed=f"§ {paragraph.number}")


@operation
def discard_guideline(*, guideline: Guideline, by: User, at: datetime) -> None:
    """
    Throw a draft away.

    :raises NotPermitted: she is not head of procurement.
    :raises GuidelineIsAdopted: it is no draft.
    """
    guideline = _draft(guideline, by=by, at=at)
    trail.record(Event.GUIDELINE_DISCARDED, subject=guideline, by=by, at=at, number=guideline.number)
    guideline.delete()


@operation
def adopt_guideline(
    *,
    guideline: Guideline,
    adopted_by: str,
    adopted_date: date,
    diary_number: str,
    from_date: date,
    by: User,
    at: datetime,
) -> Guideline:
    """
    Note down that a draft was adopted, and by whom; the version before it ends the day before it begins.

    From then on it is as it is. The version before it keeps all but its last day.

    :param adopted_by: as the decision names her, such as the regional director.
    :param from_date: its first day, on or after the day of the decision.
    :raises NotPermitted: she is not head of procurement.
    :raises GuidelineIsAdopted: it is no draft.
    :raises InvalidInput: a day or the diary number cannot be so, or nobody adopted it.
    """
    versions = list(Guideline.objects.locked())
    require(can_write_guideline(by, at=at))
    guideline = next(version for version in versions if version.pk == guideline.pk)
    if not guideline.is_draft:
        raise GuidelineIsAdopted
    if not guideline.paragraphs.exists():
        raise GuidelineIsEmpty
    if not adopted_by.strip():
        raise AdopterMissing
    clean_number = diary_number_of(diary_number)
    require_day(adopted_date, since=date.min, at=at)
    _end_before(from_date, [version for version in versions if not version.is_draft], adopted_date)
    guideline.adopt(
        adopted_by=adopted_by.strip(),
        adopted_date=adopted_date,
        diary_number=clean_number,
        during=DateRange(from_date, None),
        by=by,
    )
    cited.forget_on_commit()
    trail.record(
        Event.GUIDELINE_ADOPTED,
        subject=guideline,
        by=by,
        at=at,
        number=guideline.number,
        adopted_by=guideline.adopted_by,
        diary_number=clean_number,
        from_date=from_date.isoformat(),
    )
    return guideline


def _end_before(day: date, versions: Sequence[Guideline], adopted_date: date) -> None:
    """Let the version that goes on end where the next begins."""
    if day < adopted_date:
        raise BeginsBeforeItIsAdopted
    for version in versions:
        begins, ends = version.first_date, version.end_date
        if begins >= day:
            raise GuidelineBeginsTooEarly(day=begins)
        if ends is None or ends > day:
            version.valid_during = DateRange(begins, day)
            version.save(update_fields=["valid_during"])


def _draft(guideline: Guideline, *, by: User, at: datetime) -> Guideline:
    """The draft, locked, for who may write it."""
    guideline = Guideline.objects.locked().get(pk=guideline.pk)
    require(can_write_guideline(by, at=at))
    if guideline.status != GuidelineStatus.DRAFT:
        raise GuidelineIsAdopted
    return guideline


def _title(text: str) -> str:
    title = text.strip()
    if not title:
        raise GuidelineTitleMissing
    return title
