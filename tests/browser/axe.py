"""What axe finds wrong with a page."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": RULES, "resultTypes": ["violations"], "preload": False}
CONTRAST = "color-contrast"
"""Two thirds of what axe costs."""
LOOK = """async (options) => (await axe.run(options)).violations.map((violation) =>
    `${violation.id}: ${violation.nodes.slice(0, 3).map((node) => node.target).join(", ")}`)"""


def barriers(page: Page, *, with_contrast: bool = True) -> list[str]:
    """Each rule that is broken, and where."""
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE_SCRIPT)
    violations: list[str] = page.evaluate(LOOK, OPTIONS | {"rules": {CONTRAST: {"enabled": with_contrast}}})
    return violations
