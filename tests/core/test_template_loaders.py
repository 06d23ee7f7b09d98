"""How templates are read."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.template import Context, Engine

Render = Callable[[str, str], str]


@pytest.fixture
def render(tmp_path: Path) -> Render:
    def rendered(name: str, text: str) -> str:
        (tmp_path / name).write_text(text)
        engine = Engine(
            dirs=[str(tmp_path)],
            loaders=["core.template_loaders.WithoutIndentation"],
            libraries={"i18n": "django.templatetags.i18n"},
        )
        return engine.get_template(name).render(Context({"rows": [1, 2], "yes": True}))

    return rendered


def test_decisions_and_indentation_leave_nothing(render: Render) -> None:
    text = """{% load i18n %}
<ul>
  {% for row in rows %}
    {% translate "Rad" as label %}
    {% if yes %}
      <li>{{ label }} {{ row }}</li>
    {% else %}
      <li>-</li>
    {% endif %}
  {% endfor %}
</ul>"""
    assert render("rows.html", text) == "<ul>\n<li>Rad 1</li>\n<li>Rad 2</li>\n</ul>"


def test_words_on_lines_of_their_own_stay_apart(render: Render) -> None:
    text = """{% load i18n %}
one
{% if yes %}
  two
{% endif %}
{% if yes %}three{% endif %}
{% translate "four" %}
five"""
    assert render("words.html", text).split() == ["one", "two", "three", "four", "five"]


def test_text_is_left_as_it_is(render: Render) -> None:
    text = "{% if yes %}\n  indented\n{% endif %}\n"
    assert render("mail.txt", text) == "\n  indented\n\n"
