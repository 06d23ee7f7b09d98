"""The auditor's question, in a browser: who bought this, by which right, and is what I am shown what was written?"""

import io
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import People

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(300)]

RECEIVED = """
    SELECT r.number FROM procurement_requisition r JOIN procurement_requisitionline l ON l.requisition_id = r.id
    WHERE l.status = 'received' ORDER BY r.submitted_at DESC LIMIT 1"""
STORY = ["Beställningen skickades", "Raden godkändes", "Inköpsordern skapades", "Leveransen togs emot"]
SEAL = """
from django.utils import timezone
from audit.operations.sealing import seal_trail
seal_trail(at=timezone.now())"""


def test_from_need_to_receipt_and_the_proof_of_it(people: People, tmp_path: Path) -> None:
    people.program.act(SEAL)
    gudrun = people("gudrun.alstrom")
    number = people.program.value(RECEIVED)

    gudrun.open("/sparlogg/")
    gudrun.page.get_by_label("Följ en beställning").fill(number)
    gudrun.press("Visa")
    events = gudrun.page.locator("table.trail tbody tr th").all_inner_texts()
    first = [next(place for place, text in enumerate(events) if part in text) for part in STORY]
    assert first == sorted(first), "what happened is told in the order in which it did"
    gudrun.picture("auditor-1-followed")
    assert gudrun.barriers() == []
    gudrun.widen(360)
    assert not gudrun.is_too_wide()
    gudrun.widen(1280)

    gudrun.press("Delegationsbeslut att anmäla")
    gudrun.page.get_by_label("Från och med").fill("2018-01-01")
    gudrun.press("Visa")
    expect(gudrun.page.locator("table tbody tr").first).to_be_visible()
    gudrun.picture("auditor-2-delegated")
    assert gudrun.barriers() == []
    book = openpyxl.load_workbook(io.BytesIO(gudrun.download("Hämta som Excel").read_bytes()))
    heading = [row[0].value for row in book.worksheets[0].iter_rows(max_row=4)]
    assert "Anmälan av delegationsbeslut" in heading

    gudrun.open("/sparlogg/forseglingar/")
    shutil.copy(gudrun.download("Posterna"), tmp_path / "entries.jsonl")
    shutil.copy(gudrun.download("Förseglingarna"), tmp_path / "seals.jsonl")
    gudrun.page.get_by_text("Så prövas filerna").click()
    gudrun.picture("auditor-3-seals")
    recipe = gudrun.page.locator("pre.recipe").inner_text()
    assert verdict(tmp_path, recipe).startswith("All seals hold. The last is")
    with (tmp_path / "entries.jsonl").open("r+b") as entries:
        entries.write(b" ")  # one byte of one entry is another
    assert "does not hold" in verdict(tmp_path, recipe)


def verdict(folder: Path, recipe: str) -> str:
    """What the program on the page says of the files, run where nothing of Rauk is."""
    (folder / "recipe.py").write_text(recipe)
    result = subprocess.run(
        [sys.executable, "-I", "recipe.py"], cwd=folder, capture_output=True, text=True, check=False
    )
    return result.stdout + result.stderr
