"""Every static file that a template names is there."""

import re

from django.contrib.staticfiles import finders

from tests.repository import code


def test_templates_name_static_files_that_exist() -> None:
    named = {
        (name, path.relative_to(code.ROOT).as_posix())
        for path in sorted((code.ROOT / "templates").rglob("*.html"))
        for name in re.findall(r"""\{%\s*static\s+["']([^"']+)["']""", path.read_text(encoding="utf-8"))
    }
    assert [entry for entry in sorted(named) if finders.find(entry[0]) is None] == []
