"""What an auditor takes along of the trail tells what happened and when, and is whole however long she takes."""

import csv
import io
import re
import subprocess
import sys
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest

import audit
from audit import trail
from audit.operations import sealing
from procurement.events import Event
from tests import worlds
from tests.cast import NOW, Cast
from tests.pages import signed_in, text_of
from tests.procurement.test_award_records import record_of
from tests.procurement.test_award_records import write as document

pytestmark = pytest.mark.usefixtures("at_nine")

TRAIL = "/sparlogg/"
SEALS = "/sparlogg/forseglingar/"
MOMENTS = [
    datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC),
    datetime(2026, 3, 29, 1, tzinfo=UTC),
    datetime(2026, 10, 24, 23, 59, tzinfo=UTC),
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    datetime(2026, 10, 25, 2, tzinfo=UTC),
]
"""About the nights when the clocks are put forward and back."""


@pytest.mark.parametrize("days", ["", "?first_date=2021-05-18&last_date=2021-05-18"])
def test_files_hold_together_though_more_was_sealed_between_them(
    cast: Cast, tmp_path: Path, days: str
) -> None:
    auditor = signed_in(cast.auditor)
    worlds.ordered(cast, (cast.gloves, 10))
    sealing.seal_trail(at=NOW)
    page = auditor.get(SEALS + days).content.decode()
    addresses = [unescape(each) for each in re.findall(rf'href="({SEALS}(?:poster|lista)/[^"]*)"', page)]
    for address, name in zip(addresses, ("entries", "seals"), strict=True):
        (tmp_path / f"{name}.jsonl").write_bytes(auditor.get(address).getvalue())
        worlds.ordered(cast, (cast.gloves, 20))  # while she reads
        sealing.seal_trail(at=NOW)
    recipe = Path(audit.__file__).with_name("recipe.py")
    done = subprocess.run([sys.executable, recipe], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout.startswith("All seals hold."), done.stderr


def test_hour_that_comes_twice_is_told_apart(cast: Cast) -> None:
    trail.record_entries(
        trail.entry(Event.LINE_APPROVED, subject=cast.gloves, by=cast.manager, at=at) for at in MOMENTS
    )
    auditor = signed_in(cast.auditor)
    answer: Any = auditor.get(f"{TRAIL}csv/")
    text = answer.getvalue().decode("utf-8-sig")
    assert [row["När"] for row in csv.DictReader(io.StringIO(text), delimiter=";")] == [
        "2026-10-25 03:00:00",
        "2026-10-25 02:30:00+01:00",
        "2026-10-25 02:30:00+02:00",
        "2026-10-25 01:59:00",
        "2026-03-29 03:00:00",
        "2026-03-29 01:59:59",
    ]
    page = text_of(auditor.get(TRAIL))
    assert "2026-10-25 02.30.00 (UTC+2)" in page
    assert "2026-10-25 02.30.00 (UTC+1)" in page
    assert "2026-10-25 03.00.00" in page
    assert page.count("(UTC") == 2


def test_documentation_of_a_direct_award_is_followed_with_its_requisition(cast: Cast) -> None:
    record = document(record_of(cast), cast.manager)
    number = record.line.requisition.number
    page = text_of(signed_in(cast.auditor).get(f"{TRAIL}?requisition={number}"))
    assert "Dokumentationen av direktupphandlingen blev klar" in page.partition("Vem, och med vilken rätt")[2]
