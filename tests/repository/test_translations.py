"""Every sentence has its English, with the same placeholders, and what the program reads is what the translator wrote."""

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

from config.local import BASE_DIR
from tests.repository import code

CATALOGUE = BASE_DIR / "locale" / "en" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|<[^>]+>")


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(CATALOGUE))


def sentences(entry: polib.POEntry) -> list[tuple[str, str]]:
    """Pairs of Swedish and English."""
    if entry.msgid_plural:
        return [(entry.msgid, entry.msgstr_plural[0]), (entry.msgid_plural, entry.msgstr_plural[1])]
    return [(entry.msgid, entry.msgstr)]


def test_every_sentence_has_its_english(catalogue: polib.POFile) -> None:
    missing = [entry.msgid for entry in catalogue for _swedish, english in sentences(entry) if not english]
    assert not missing
    assert not [entry.msgid for entry in catalogue if "fuzzy" in entry.flags or entry.obsolete]


def test_placeholders_are_the_same(catalogue: polib.POFile) -> None:
    wrong = [
        entry.msgid
        for entry in catalogue
        for number, (swedish, english) in enumerate(sentences(entry))
        if not set(PLACEHOLDER.findall(english)) <= set(PLACEHOLDER.findall(swedish))
        or (
            number == 0
            and not entry.msgid_plural
            and sorted(PLACEHOLDER.findall(swedish)) != sorted(PLACEHOLDER.findall(english))
        )
    ]
    assert not wrong


def test_the_compiled_catalogue_is_fresh(catalogue: polib.POFile) -> None:
    assert CATALOGUE.with_suffix(".mo").read_bytes() == catalogue.to_binary(), "run make messages"


@pytest.mark.skipif(
    shutil.which("xgettext") is None, reason="xgettext is not installed (Debian: apt install gettext)"
)
def test_the_catalogue_has_every_sentence_of_the_code(catalogue: polib.POFile, tmp_path: Path) -> None:
    """Extract anew from a copy, so that nothing here is touched."""
    folder = tmp_path / "rauk"
    shutil.copytree(
        BASE_DIR, folder, ignore=shutil.ignore_patterns(".venv", "var", ".git", "tests", "bench", ".*_cache")
    )
    subprocess.run(
        [sys.executable, "manage.py", "makemessages", "--locale", "en", "--no-location", "--verbosity", "0"],
        cwd=folder,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "RAUK_VAR": str(tmp_path / "var")},
        check=True,
        capture_output=True,
    )
    extracted = polib.pofile(str(folder / "locale" / "en" / "LC_MESSAGES" / "django.po"))
    now = {(entry.msgctxt, entry.msgid) for entry in extracted if not entry.obsolete}
    messages = {(entry.msgctxt, entry.msgid) for entry in catalogue}
    assert now - messages == set(), "run make messages, and translate"
    assert messages - now == set(), "run make messages"


AT_ONCE = {"gettext", "ngettext", "pgettext", "npgettext"}


def said_when_imported(module: ast.Module) -> list[int]:
    """The lines on which a sentence is put into the reader's language while the module is read, before anybody reads."""
    names = {
        alias.asname or alias.name
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in AT_ONCE
    }
    lines: list[int] = []
    ahead: list[ast.AST] = [module]
    while ahead:
        node = ahead.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            ahead += getattr(node, "decorator_list", [])
            ahead += [each for each in (*node.args.defaults, *node.args.kw_defaults) if each is not None]
            continue
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            lines.append(node.lineno)
        ahead += ast.iter_child_nodes(node)
    return sorted(lines)


def test_nothing_is_put_into_a_language_before_somebody_reads_it() -> None:
    violations = {
        f"{code.name(path)}:{line}"
        for path in code.mentioning(*AT_ONCE)
        for line in said_when_imported(code.tree(path))
    }
    assert violations == set(), "use gettext_lazy"


def test_a_sentence_that_is_said_too_early_is_found() -> None:
    early = "from django.utils.translation import gettext as _\nclass A:\n    b = 1, _('c')\ndef d(e=_('f')): return _('g')"
    assert said_when_imported(ast.parse(early)) == [3, 4]
