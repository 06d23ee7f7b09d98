"""
The manager's morning: a hundred mixed lines by keyboard, every key counted.

Ten minutes for a hundred lines are six seconds a line. At two keys a second and two seconds of reading, that is eight
keys a line at most; the list is made so that five do on an average, questions written and colleagues chosen included.
"""

import re
from collections import Counter
from collections.abc import Callable
from itertools import cycle

import pytest
from playwright.sync_api import Page, expect

from tests.browser import mornings
from tests.browser.conftest import People
from tests.long import takes_long

pytestmark = [
    pytest.mark.browser,
    pytest.mark.processes,
    pytest.mark.timeout(580),
]

LINES = 100
MOST_KEYS_A_LINE = 5
MOST_HEIGHT = 54.5
HEIGHTS = "[...document.querySelectorAll('tr.queue-row')].map((row) => row.getBoundingClientRect().height)"
SINGLES_WITH_A_HEAD = "document.querySelectorAll('.queue-group--single .queue-group__head').length"


class Hands:
    """A person's hands on the keys, counted; a held modifier counts as a key."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.keys = 0

    def press(self, *pressed: str) -> None:
        """Press keys, one after another."""
        for key in pressed:
            self.keys += len(key.split("+"))
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Write words."""
        self.keys += len(text)
        self.page.keyboard.type(text)


def waiting(page: Page) -> int:
    """How many lines wait, by the filter that shows all of them; none when there is no list any longer."""
    match = re.search(r"\d+", page.locator(".queue-filters a").first.inner_text().replace("\xa0", ""))
    return int(match.group()) if match else 0


CHANGED = "(n) => document.querySelector('.queue-filters a')?.innerText.match(/\\d+/)?.[0] !== n || document.querySelector('.refused')"
AT_HAND = """() => {
  const row = document.querySelector('tr.queue-row.is-open');
  return {
    group: !!row?.closest('[data-group]').querySelector('[data-key="G"]'),
    approvable: !!row?.querySelector('button[data-key="g"]'),
    many: Number(document.querySelector('#id_quantity')?.value || 0),
    mine: !!document.querySelector('#panel [data-choice-key="l"]'),
    refused: !!document.querySelector('.refused'),
  };
}"""


def approve(hands: Hands) -> None:
    hands.press("g")


def approve_group(hands: Hands) -> None:
    hands.press("Shift+G")


def adjust(hands: Hands) -> None:
    hands.press("a")
    expect(hands.page.locator("#id_quantity")).to_be_focused()
    hands.type("1")
    hands.press("Tab")
    hands.type("Räcker")
    hands.press("Control+Enter")


def ask(hands: Hands) -> None:
    hands.press("f")
    expect(hands.page.locator("#panel textarea[name=question]")).to_be_focused()
    hands.type("Vilken storlek?")
    hands.press("Control+Enter")


def reject(hands: Hands) -> None:
    hands.press("n")
    expect(hands.page.locator("#panel select[name=reason_code]")).to_be_focused()
    hands.press("ArrowDown", "Control+Enter")
    expect(hands.page.locator("#panel button.button--refuse")).to_be_focused()
    hands.press("Enter")


def hand_over(hands: Hands) -> None:
    hands.press("l")
    expect(hands.page.locator("#panel h2")).to_be_focused()
    hands.press("Tab", "ArrowDown", "Control+Enter")


def chosen(page: Page, turn: int) -> Callable[[Hands], None]:
    """What she does with the line at hand: most are approved, whole groups at once; the rest is a mix of everything."""
    line = page.evaluate(AT_HAND)
    if line["refused"] or not line["approvable"]:
        return hand_over if turn % 2 and line["mine"] else ask
    by_turn: dict[int, Callable[[Hands], None]] = {4: ask, 6: reject, 8: hand_over}
    if turn == 2 and line["many"] > 1:
        return adjust
    return by_turn.get(turn) or (approve_group if line["group"] else approve)


@takes_long
def test_a_hundred_mixed_lines_by_keyboard(people_of_the_whole: People) -> None:
    people = people_of_the_whole
    assert mornings.fill(people.program) >= LINES
    karin = people("karin.sundblad")
    page = karin.page
    karin.open("/ko/")
    karin.picture("queue-hundred")
    assert max(page.evaluate(HEIGHTS)) <= MOST_HEIGHT
    assert page.evaluate(SINGLES_WITH_A_HEAD) == 0
    assert karin.barriers() == []

    hands, acts, turns = Hands(page), Counter[str](), cycle(range(10))
    started = now = waiting(page)
    goal = started - min(LINES, started - 10)
    while now > goal:
        act = chosen(page, next(turns))
        acts[act.__name__] += 1
        act(hands)
        page.wait_for_function(CHANGED, arg=str(now))
        now = waiting(page)
    decided = started - now
    print(f"{decided} lines, {hands.keys} keys, {hands.keys / decided:.2f} a line: {dict(acts)}")
    assert len(acts) == 6
    assert hands.keys <= MOST_KEYS_A_LINE * decided
    karin.picture("queue-after-hundred")
    assert karin.complaints == []
