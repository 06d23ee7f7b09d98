"""Whether a report is what it was frozen as: its lines are unpacked and compared as text, and nothing of it is taken on trust."""

import gzip
import io
from collections.abc import Callable

import pytest

from core.models import StoredFile
from reporting.models import FollowUpReport
from reporting.report.checks import CheckKind, run_checks
from tests.cast import Cast
from tests.reporting import follow_ups

Change = Callable[[bytes], bytes]


def answers(report: FollowUpReport) -> dict[CheckKind, bool]:
    return {each.of: each.is_same for each in run_checks(FollowUpReport.objects.get(pk=report.pk))}


def test_a_report_is_what_it_was_frozen_as(cast: Cast) -> None:
    assert answers(follow_ups.frozen(cast)) == {CheckKind.FIGURES: True, CheckKind.LINES: True}


def test_a_locked_report_is_what_it_was_locked_as(cast: Cast) -> None:
    same = {CheckKind.FIGURES: True, CheckKind.LINES: True, CheckKind.CONTENT: True}
    assert answers(follow_ups.locked(cast)) == same


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(b"58.0000", b"58.0001", 1),
        lambda text: text.partition(b"\n")[2],
        lambda text: text + b"[]\n",
        lambda text: b"",
    ],
    ids=["a price", "one less", "one more", "none"],
)
def test_lines_that_are_others_are_found(cast: Cast, monkeypatch: pytest.MonkeyPatch, change: Change) -> None:
    report = follow_ups.frozen(cast)
    with report.frozen_lines.file.open() as packed:
        text = gzip.decompress(packed.read())
    assert change(text) != text
    monkeypatch.setattr(StoredFile, "open", lambda _file: io.BytesIO(gzip.compress(change(text))))
    assert answers(report)[CheckKind.LINES] is False


def test_a_sum_that_is_not_the_figure_is_found(cast: Cast) -> None:
    report = follow_ups.frozen(cast)
    assert report.snapshot is not None
    report.snapshot["effects"]["net"]["realised"] = "1.00"
    assert {each.of for each in run_checks(report) if not each.is_same} == {
        CheckKind.FIGURES,
        CheckKind.LINES,
    }
