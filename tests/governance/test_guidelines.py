"""A guideline is written as a draft, adopted once, and then stays as it is."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from audit.models import Entry
from core.errors import DomainError
from governance.models import Guideline, Paragraph
from governance.operations import guidelines
from governance.permissions import OnlyHeadWritesGuideline
from governance.rules import every_rule, held_rules, is_rule
from tests.api.clients import Program
from tests.cast import NOW, TODAY, Cast
from tests.governance import worlds
from tests.pages import signed_in, text_of

pytestmark = pytest.mark.django_db


def adopt(cast: Cast, made: Guideline, **facts: Any) -> Guideline:
    defaults: dict[str, Any] = {
        "adopted_by": "regiondirektören",
        "adopted_date": TODAY,
        "diary_number": "RS 1154-2020",
        "from_date": TODAY,
        "by": cast.head,
    }
    return guidelines.adopt_guideline(guideline=made, at=NOW, **(defaults | facts))


def write(cast: Cast, made: Guideline, **facts: Any) -> Paragraph:
    defaults: dict[str, Any] = {
        "number": "5", "heading": "Avtal", "text": "Köp görs från avtal.", "rules": (), "by": cast.head,
    }  # fmt: skip
    return guidelines.write_paragraph(guideline=made, at=NOW, **(defaults | facts))


def test_adopt_guideline(cast: Cast) -> None:
    guideline = adopt(cast, worlds.draft(cast))
    assert Guideline.objects.in_force(TODAY).get() == guideline
    assert not Guideline.objects.in_force(TODAY - timedelta(days=1)).exists()
    assert (guideline.adopted_by, guideline.diary_number, guideline.recorded_by) == (
        "regiondirektören",
        "RS 2020/1154",
        cast.head,
    )
    entry = Entry.objects.get(event="guideline.adopted")
    assert entry.details["diary_number"] == "RS 2020/1154"


def test_the_next_version_begins_with_the_paragraphs_of_the_last_and_ends_it(cast: Cast) -> None:
    first = worlds.adopted(cast, from_date=date(2021, 1, 1))
    second = worlds.draft(cast)
    assert [(each.number, each.rules) for each in second.ordered_paragraphs()] == [
        ("4.2", list(worlds.RULES))
    ]
    adopt(cast, second, from_date=TODAY + timedelta(days=14))
    assert Guideline.objects.in_force(TODAY).get() == first
    assert Guideline.objects.in_force(TODAY + timedelta(days=14)).get() == second


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"adopted_by": " "}, guidelines.AdopterMissing),
        ({"diary_number": "1154"}, DomainError),
        ({"adopted_date": TODAY + timedelta(days=1)}, DomainError),
        ({"from_date": TODAY - timedelta(days=1)}, guidelines.BeginsBeforeItIsAdopted),
    ],
)
def test_adopt_guideline_with_what_cannot_be_so(
    cast: Cast, facts: dict[str, Any], refusal: type[DomainError]
) -> None:
    guideline = worlds.draft(cast)
    with pytest.raises(refusal):
        adopt(cast, guideline, **facts)
    assert Guideline.objects.get().is_draft


def test_adopt_guideline_before_the_one_before_it(cast: Cast) -> None:
    worlds.adopted(cast)
    with pytest.raises(guidelines.GuidelineBeginsTooEarly):
        adopt(cast, worlds.draft(cast))


def test_adopt_guideline_without_paragraphs(cast: Cast) -> None:
    guideline = guidelines.begin_guideline(title="Riktlinje", by=cast.head, at=NOW)
    with pytest.raises(guidelines.GuidelineIsEmpty):
        adopt(cast, guideline)


def test_adopt_guideline_twice(cast: Cast) -> None:
    with pytest.raises(guidelines.GuidelineIsAdopted):
        adopt(cast, worlds.adopted(cast))


@pytest.mark.parametrize("who", ["controller", "auditor", "manager", "requester", "administrator"])
def test_only_the_head_writes(cast: Cast, who: str) -> None:
    guideline, by = worlds.draft(cast), getattr(cast, who)
    acts: list[Callable[[], object]] = [
        lambda: guidelines.begin_guideline(title="x", by=by, at=NOW),
        lambda: guidelines.rename_guideline(guideline=guideline, title="x", by=by, at=NOW),
        lambda: write(cast, guideline, by=by),
        lambda: guidelines.remove_paragraph(paragraph=guideline.paragraphs.get(), by=by, at=NOW),
        lambda: guidelines.discard_guideline(guideline=guideline, by=by, at=NOW),
        lambda: adopt(cast, guideline, by=by),
    ]
    for act in acts:
        with pytest.raises(OnlyHeadWritesGuideline):
            act()


def test_begin_guideline_while_there_is_a_draft(cast: Cast) -> None:
    worlds.draft(cast)
    with pytest.raises(guidelines.DraftExists):
        worlds.draft(cast)


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"number": "fyra"}, guidelines.NoParagraphNumber),
        ({"number": "4.2"}, guidelines.ParagraphNumberIsTaken),
        ({"text": " "}, guidelines.ParagraphSaysNothing),
        ({"rules": ["no_such_rule"]}, guidelines.UnknownRule),
        ({"rules": ["wrong_state"]}, guidelines.UnknownRule),
        ({"rules": ["own_request"]}, guidelines.RuleHasItsParagraph),
    ],
)
def test_write_paragraph_with_what_cannot_be_so(
    cast: Cast, facts: dict[str, Any], refusal: type[DomainError]
) -> None:
    guideline = worlds.draft(cast)
    with pytest.raises(refusal):
        write(cast, guideline, **facts)


def test_write_paragraph_anew(cast: Cast) -> None:
    guideline = worlds.draft(cast)
    first = guideline.paragraphs.get()
    paragraph = write(
        cast, guideline, paragraph=first, seen=first.content, number="§ 4.10", rules=["own_request"]
    )
    write(cast, guideline, number="4.9")
    assert [each.number for each in guideline.ordered_paragraphs()] == ["4.9", "4.10"]
    assert (paragraph.rules, paragraph.anchor) == (["own_request"], "p-4-10")


def test_write_paragraph_that_somebody_else_has_written_or_removed(cast: Cast) -> None:
    """From two tabs: the later one writes over nothing unseen, and does not bring back what is removed."""
    guideline = worlds.draft(cast)
    paragraph = guideline.paragraphs.get()
    page = f"/riktlinje/utkast/paragraf/{paragraph.pk}/"
    head = signed_in(cast.head)
    data = {"number": "4.2", "heading": "Undantag", "text": "Den ena.", "seen": paragraph.content}
    assert f'value="{paragraph.content}"' in text_of(head.get(page))
    assert head.post(page, data).status_code == 302
    response = head.post(page, data | {"text": "Den andra."})
    assert (response.status_code, "medan du skrev" in text_of(response)) == (409, True)
    assert "Den andra." in text_of(response)
    assert guideline.paragraphs.get().text == "Den ena."
    guidelines.remove_paragraph(paragraph=guideline.paragraphs.get(), by=cast.head, at=NOW)
    with pytest.raises(guidelines.ParagraphIsElsewhere):
        write(cast, guideline, paragraph=paragraph)
    assert not guideline.paragraphs.exists()


def test_a_program_says_what_it_has_read_of_a_paragraph(cast: Cast) -> None:
    guideline = worlds.draft(cast)
    paragraph = guideline.paragraphs.get()
    head, address = Program(cast.head), f"guidelines/{guideline.pk}/write-paragraph/"
    data = {"paragraph": paragraph.pk, "number": "4.2", "heading": "Undantag", "text": "Den ena."}
    silent = head.post(address, **data)
    assert (silent.status_code, set(silent.data["fields"])) == (400, {"content"})
    assert head.post(address, **data, content=paragraph.content).status_code == 201
    late = head.post(address, **data | {"text": "Den andra."}, content=paragraph.content)
    assert (late.status_code, late.data["code"]) == (409, "guideline_paragraph_has_changed")
    assert guideline.paragraphs.get().text == "Den ena."


def test_write_paragraph_of_another_version(cast: Cast) -> None:
    first = worlds.adopted(cast, from_date=date(2021, 1, 1))
    with pytest.raises(guidelines.ParagraphIsElsewhere):
        write(cast, worlds.draft(cast), paragraph=first.paragraphs.get())


def test_discard_guideline(cast: Cast) -> None:
    first = worlds.adopted(cast)
    guidelines.discard_guideline(guideline=worlds.draft(cast), by=cast.head, at=NOW)
    assert Guideline.objects.get() == first


def test_what_is_adopted_is_frozen(cast: Cast) -> None:
    guideline = worlds.adopted(cast)
    paragraph = guideline.paragraphs.get()
    changes: list[Callable[[], object]] = [
        lambda: Guideline.objects.update(title="Annat"),
        lambda: Guideline.objects.update(valid_during=DateRange(TODAY - timedelta(days=1), None)),
        lambda: Guideline.objects.filter(pk=guideline.pk)._raw_delete("default"),
        lambda: Paragraph.objects.update(text="Annat"),
        lambda: Paragraph.objects.create(guideline=guideline, number="9", heading="x", text="x"),
        paragraph.delete,
    ]
    for change in changes:
        with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
            change()


def test_drafts_are_the_heads_alone(cast: Cast) -> None:
    worlds.draft(cast)
    assert Guideline.objects.visible_to(cast.head, TODAY).exists()
    assert not Guideline.objects.visible_to(cast.auditor, TODAY).exists()


def test_every_rule_can_be_read_and_named() -> None:
    rules = every_rule()
    assert len(rules) > 100
    assert all(is_rule(rule.code) and rule.sentence and "%(" not in rule.sentence for rule in rules)
    assert held_rules(["no_longer_there"]) == []
