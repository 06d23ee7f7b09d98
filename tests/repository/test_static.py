"""Every static file that a template names is there."""

import re

from django.contrib.staticfiles import finders

from tests.repository import code


def test_templates_name_static_files_that_exist() -> None:
    entries = {
        (name, path.relative_to(code.ROOT).as_posix())
        for path in sorted((code.ROOT / "templates").rglob("*.html"))
        for name in re.findall(r"""\{%\s*static\s+["']([^"']+)["']""", path.read_text(encoding="utf-8"))
    }
    assert [entry for entry in sorted(entries) if finders.find(entry[0]) is None] == []


def test_breakpoints_follow_the_size_of_the_text() -> None:
    """In px, text at 200 % would lie over its neighbours; in em, the page takes its narrow form."""
    questions = re.findall(r"@media[^{]*", (code.ROOT / "static/rauk.css").read_text(encoding="utf-8"))
    assert any("em" in question for question in questions)
    assert [question for question in questions if "px" in question] == []


def test_what_nobody_pressed_says_so() -> None:
    """What a page asks for by a clock, or while somebody writes, may not lead her away to the sign-in page."""
    wrong = [
        (path.relative_to(code.ROOT).as_posix(), tag)
        for path in sorted((code.ROOT / "templates").rglob("*.html"))
        for tag in re.findall(r"<\w+[^<]*?hx-get=(?:\{%.*?%\}|[^<>])*>", path.read_text(encoding="utf-8"))
        if re.search(r'hx-trigger="(every |change from:closest form)', tag) and "X-Unasked" not in tag
    ]
    assert wrong == []
