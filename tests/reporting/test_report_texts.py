"""write_text(): versions that only grow, several who write at once, and that no word is lost; and the next version's difference."""

import pytest

from audit.models import Entry
from core.errors import DomainError
from reporting.models import FollowUpReport, ReportText, WrittenPart, WrittenText
from reporting.operations.report_texts import SomebodyElseHasWritten, TextTooLong, write_text
from reporting.operations.reports import build_report
from reporting.permissions import ReportsAreForHeadAndFinance
from reporting.report.case import compose
from reporting.report.content import content_of
from reporting.report.difference import differences
from tests.cast import NOW, Cast
from tests.races import race
from tests.reporting import follow_ups, initiatives


def test_write_text_keeps_every_version_with_who_and_when(cast: Cast) -> None:
    report = follow_ups.requested(cast)
    follow_ups.wrote(cast, report, assessment="Ett.")
    second = write_text(
        report=report,
        part=WrittenPart.ASSESSMENT,
        text=" Två. \x01",
        began_from=1,
        by=cast.controller,
        at=NOW,
    )
    assert second is not None
    versions = [(each.version, each.text, each.by) for each in report.texts.order_by("version")]
    assert versions == [(1, "Ett.", cast.head), (2, "Två.", cast.controller)]
    assert report.read_texts()["assessment"] == "Två."
    entry = Entry.objects.about(report).filter(event="report.written").order_by("pk").last()
    assert entry is not None
    assert entry.details == {"part": "Bedömning", "version": 2}


def test_the_same_text_again_is_no_version_and_no_conflict(cast: Cast) -> None:
    report = follow_ups.wrote(cast, follow_ups.requested(cast), assessment="Ett.")
    write_text(
        report=report, part=WrittenPart.ASSESSMENT, text="Ett.", began_from=0, by=cast.controller, at=NOW
    )
    assert report.texts.count() == 1
    assert (
        write_text(report=report, part=WrittenPart.PROPOSAL, text="", began_from=0, by=cast.head, at=NOW)
        is None
    )


def test_write_text_writes_nothing_over_that_somebody_else_has_saved_since(cast: Cast) -> None:
    report = follow_ups.wrote(cast, follow_ups.requested(cast), assessment="Ett.")
    write_text(
        report=report, part=WrittenPart.ASSESSMENT, text="Två.", began_from=1, by=cast.controller, at=NOW
    )
    with pytest.raises(SomebodyElseHasWritten) as refusal:
        write_text(
            report=report, part=WrittenPart.ASSESSMENT, text="Tre.", began_from=1, by=cast.head, at=NOW
        )
    assert refusal.value.latest is not None
    assert refusal.value.latest.text == "Två."
    assert cast.controller.full_name in str(refusal.value)
    assert report.read_texts()["assessment"] == "Två."


@pytest.mark.parametrize("actor", ["requester", "manager", "auditor", "administrator"])
def test_write_text_is_refused_to_everybody_else(cast: Cast, actor: str) -> None:
    report = follow_ups.requested(cast)
    with pytest.raises(ReportsAreForHeadAndFinance):
        write_text(
            report=report,
            part=WrittenPart.ASSESSMENT,
            text="x",
            began_from=0,
            by=getattr(cast, actor),
            at=NOW,
        )
    assert not WrittenText.objects.exists()


def test_a_text_that_is_too_long_is_refused(cast: Cast) -> None:
    with pytest.raises(TextTooLong):
        follow_ups.wrote(cast, follow_ups.requested(cast), assessment="x" * 10_001)


@pytest.mark.django_db(transaction=True)
def test_two_who_save_the_same_part_at_the_same_moment_lose_no_word(cast: Cast) -> None:
    report = follow_ups.wrote(cast, follow_ups.requested(cast), assessment="Början.")

    def save(text: str) -> WrittenText | None:
        return write_text(
            report=report, part=WrittenPart.ASSESSMENT, text=text, began_from=1, by=cast.controller, at=NOW
        )

    results = race(lambda: save("En."), lambda: save("En annan."))
    refusals = [result for result in results if isinstance(result, DomainError)]
    assert len(refusals) == 1
    assert report.texts.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_who_save_different_parts_at_the_same_moment_are_both_saved(cast: Cast) -> None:
    report = follow_ups.requested(cast)
    race(
        lambda: follow_ups.wrote(cast, report, assessment="En."),
        lambda: follow_ups.wrote(cast, report, proposal="Två."),
    )
    texts = FollowUpReport.objects.get(pk=report.pk).read_texts()
    assert (texts["assessment"], texts["proposal"]) == ("En.", "Två.")


def test_a_next_version_begins_with_the_texts_of_the_one_before_it(cast: Cast) -> None:
    report = follow_ups.locked(cast)
    ReportText.objects.create(part="assessment", text="Standard", valid_during="[2020-01-01,)")
    following = follow_ups.requested(cast)
    assert following.read_texts() == report.read_texts()
    assert set(following.texts.values_list("by", flat=True)) == {None}


def test_a_next_version_shows_its_difference_in_figures_and_texts(cast: Cast) -> None:
    before = follow_ups.locked(cast)
    initiatives.delivered(cast, follow_ups.THROUGH, "10", "58.00")
    initiatives.computed()
    after = build_report(report=follow_ups.requested(cast), at=NOW)
    follow_ups.wrote(cast, after, assessment="Ännu bättre.")
    changes = differences(compose(content_of(before)), compose(content_of(after)))
    by_name = {(each.section, each.name.replace("\u00a0", " ")): each for each in changes}
    text = by_name["Bedömning", ""]
    assert (text.before, text.after, text.is_text) == ("Det går åt rätt håll.", "Ännu bättre.", True)
    figure = by_name["Ekonomisk konsekvensanalys", "Netto, Hemtagen 2020"]
    assert (figure.before, figure.after) == ("7\u00a0710", "7\u00a0762")
    assert not any(each.section == "Landsbygdsperspektiv" for each in changes)
    assert differences(compose(content_of(after)), compose(content_of(after))) == ()
