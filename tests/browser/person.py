"""A person in front of a browser: what she sees, presses, and what must never happen on her pages."""

import os
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Locator
from playwright.sync_api import Error as PlaywrightError

from config.local import var_dir
from demo.operations.region import PASSWORD
from tests.browser import axe

HEIGHT = 900
TAB_STOPS = 60
COVERED = """(bar) => {
  const focused = document.activeElement;
  if (!focused || focused === document.body) return null;
  const foot = document.querySelector(bar);
  if (!foot || foot.contains(focused)) return "";
  const [one, other] = [focused.getBoundingClientRect(), foot.getBoundingClientRect()];
  return one.bottom > other.top && one.top < other.bottom ? focused.outerHTML.slice(0, 90) : "";
}"""
PICTURES = var_dir() / "pictures" if "PICTURES" in os.environ else None
"""Where pictures go when somebody wants them: PICTURES=1 make test."""


class Person:
    """One person with a browser of her own."""

    def __init__(self, browser: Browser, address: str, *, width: int, without_script: bool) -> None:
        self.context = browser.new_context(
            viewport={"width": width, "height": HEIGHT},
            locale="sv-SE",
            timezone_id="Europe/Stockholm",
            base_url=address,
            java_script_enabled=not without_script,
            accept_downloads=True,
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.width = width
        self.password = PASSWORD
        self.complaints: list[str] = []
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{self.page.url}: {message.text}")

    def log_in(self, email: str) -> None:
        """Log in on the page, as people do."""
        self.page.goto("/logga-in/")
        self.page.get_by_label("E-post").fill(email)
        self.page.get_by_label("Lösenord", exact=True).fill(PASSWORD)
        self.press("Logga in")

    def open(self, path: str) -> int:
        """Go to a page; its status."""
        response = self.page.goto(path)
        assert response
        return response.status

    def press(self, name: str, within: Locator | None = None) -> None:
        """Press the first button or link that is called so."""
        place: Any = within or self.page
        place.get_by_role("button", name=name).or_(place.get_by_role("link", name=name)).first.click()
        self.page.wait_for_load_state()

    def sees(self, text: str) -> None:
        """Wait until a text is on the page; take a picture when it is not."""
        try:
            self.page.get_by_text(text).first.wait_for()
        except PlaywrightError:
            self.picture("not-seen")
            raise

    def heading(self) -> str:
        """What the page says first."""
        return self.page.locator("h1").inner_text().replace("\u00ad", "").replace("\u00a0", " ")

    def download(self, name: str) -> Path:
        """Press a link that gives a file, and keep the file."""
        with self.page.expect_download() as waiting:
            self.page.get_by_role("link", name=name).first.click()
        return Path(waiting.value.path())

    def picture(self, name: str, *, whole: bool = True) -> None:
        """Take a picture of the whole page, or of what the window shows, when pictures are asked for."""
        if PICTURES:
            PICTURES.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=PICTURES / f"{name}-{self.width}.png", full_page=whole)

    def widen(self, width: int) -> None:
        """Make the window so wide."""
        self.width = width
        self.page.set_viewport_size({"width": width, "height": HEIGHT})

    def is_too_wide(self) -> bool:
        """Whether the page scrolls sideways, once whatever it was on its way to is there."""
        self.page.wait_for_load_state()
        return bool(
            self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        )

    def hidden_by_the_bar(self, bar: str) -> list[str]:
        """Step through the page by keyboard; what got the focus while a bar at the window's foot lay over it."""
        self.page.evaluate("scrollTo(0, 0)")
        covered = []
        for _step in range(TAB_STOPS):
            self.page.keyboard.press("Tab")
            element = self.page.evaluate(COVERED, bar)
            if element is None:
                break
            if element:
                covered.append(element)
        return covered

    def barriers(self, *, with_contrast: bool = True) -> list[str]:
        """
        What axe finds wrong with the page: rule, and where.

        The window is as tall as the page meanwhile: a bar at its foot then covers nothing that one can scroll to.
        """
        height = self.page.evaluate("document.documentElement.scrollHeight")
        self.page.set_viewport_size({"width": self.width, "height": max(HEIGHT, height)})
        violations = axe.barriers(self.page, with_contrast=with_contrast)
        self.page.set_viewport_size({"width": self.width, "height": HEIGHT})
        return violations
