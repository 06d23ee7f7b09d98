"""The components: the gallery shows them all, and what few rules they have."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client, RequestFactory, override_settings
from django.utils import translation

from core.templatetags.ui.pictures import PICTOGRAMS
from core.templatetags.ui.statuses import NOTE_ICONS, STATUS_KINDS, undo_url

ROOT = Path(__file__).resolve().parents[2]
INLINE = re.compile(r"""<[a-z][^>]*\s(style|on[a-z]+)=|<script(?![^>]*\ssrc=)[^>]*>|javascript:""")


def draw(source: str, **context: object) -> str:
    return Template("{% load ui format_sv %}" + source).render(Context(context))


@pytest.fixture(autouse=True)
def _swedish() -> Iterator[None]:
    with translation.override("sv"):
        yield


@pytest.fixture
def anonymous(db: None) -> Client:
    return Client()


@override_settings(DEBUG=True)
def test_gallery_draws_every_component(anonymous: Client) -> None:
    response = anonymous.get("/komponenter/")
    html = response.content.decode()
    assert response.status_code == 200
    for word in (
        "Byggdelar",
        "timeline",
        "error-summary",
        "ladder",
        "runway",
        "queue-row",
        "sparkline",
        "growth",
        "stepper",
    ):
        assert word in html
    assert not INLINE.search(html)


def test_gallery_is_only_for_developers(anonymous: Client) -> None:
    assert anonymous.get("/komponenter/").status_code == 404


@pytest.mark.parametrize(
    "path", ["/hjalp/", "/kortkommandon/", "/tillganglighet/", "/personuppgifter/", "/logga-in/"]
)
@pytest.mark.parametrize("language", ["sv", "en"])
def test_page_for_everyone_opens_without_signing_in(anonymous: Client, path: str, language: str) -> None:
    anonymous.cookies["django_language"] = language
    response = anonymous.get(path)
    html = response.content.decode()
    assert response.status_code == 200
    assert f'<html lang="{language}">' in html
    assert html.count("<h1") == 1
    assert not INLINE.search(html)


def test_language_is_swedish_until_chosen(anonymous: Client) -> None:
    assert anonymous.get("/hjalp/", HTTP_ACCEPT_LANGUAGE="en-GB").headers["Content-Language"] == "sv"
    response = anonymous.post("/sprak/", {"language": "en", "next": "/hjalp/"})
    assert response.status_code == 302
    assert anonymous.get("/hjalp/").headers["Content-Language"] == "en"


@pytest.mark.parametrize("name", ["500.html", "503.html"])
def test_error_page_asks_nothing_of_database_or_request(name: str) -> None:
    html = render_to_string(name)
    assert "<h1>" in html
    assert "Till startsidan" in html


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html", "errors/lockout.html"])
def test_refusal_has_a_page_of_its_own(name: str) -> None:
    assert render_to_string(name, request=RequestFactory().get("/")).count("<h1>") == 1


def test_every_icon_and_pictogram_is_in_its_sprite() -> None:
    icons = (ROOT / "static/icons.svg").read_text(encoding="utf-8")
    pictograms = (ROOT / "static/pictograms.svg").read_text(encoding="utf-8")
    names = {symbol for symbol, _ in STATUS_KINDS.values() if symbol} | set(NOTE_ICONS.values())
    for path in (ROOT / "templates").rglob("*.html"):
        names |= set(re.findall(r'{% icon "([a-z-]+)"', path.read_text(encoding="utf-8")))
    assert {name for name in names if f'id="{name}"' not in icons} == set()
    assert {name for name in PICTOGRAMS if f'id="{name}"' not in pictograms} == set()


def test_templates_keep_the_content_security_policy() -> None:
    guilty = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "templates").rglob("*.html")
        # A letter is shown by a mail program, which takes styles from nowhere else.
        if path.name != "letter.html" and INLINE.search(path.read_text(encoding="utf-8"))
    ]
    assert guilty == []


def test_status_has_a_word_beside_its_colour() -> None:
    html = draw('{% tag "Godkänd" "done" %}')
    assert "tag--moss" in html
    assert "<span>Godkänd</span>" in html


def test_components_escape_what_people_wrote() -> None:
    html = draw(
        "{% tag label %}{% avatar label %}{% empty label %}{% paper title=label %}{{ label }}{% endpaper %}",
        label="<b>x",
    )
    assert "<b>" not in html


def test_bar_says_its_figure() -> None:
    with translation.override("sv"):
        html = draw('{% bar 93 text="31 800 kr kvar" %}')
    assert 'aria-label="93\u00a0% använt"' in html
    assert 'width="93%"' in html
    assert "bar--ochre" in html


def test_pagination_keeps_the_rest_of_the_address() -> None:
    request = RequestFactory().get("/x/", {"q": "handske", "sida": "2"})
    html = draw("{% pagination page %}", page=Paginator(range(100), 10).page(2), request=request)
    assert 'href="?q=handske&amp;sida=3"' in html
    assert 'aria-current="page"' in html


def test_one_page_needs_no_pagination() -> None:
    assert "<nav" not in draw("{% pagination page %}", page=Paginator(range(5), 10).page(1))


@pytest.mark.parametrize(
    ("status", "polls"), [("queued", True), ("running", True), ("done", False), ("failed", False)]
)
def test_work_polls_until_it_is_finished(status: str, polls: bool) -> None:
    work = SimpleNamespace(status=status, done=14200, total=18412, error="Filen saknar en kolumn.")
    html = draw('{% work_progress work "/x/" title="Bygger rapporten" unit="orderrader" %}', work=work)
    assert ('hx-get="/x/"' in html) is polls
    assert "18\u00a0412" in html or status in ("queued", "failed")


def test_act_is_a_whole_form_with_its_token() -> None:
    html = draw('{% act "Godkänn 4" "/x/" name="line" value=4711 %}', csrf_token="abc")
    assert 'method="post"' in html
    assert 'value="abc"' in html
    assert 'value="4711"' in html


def test_message_can_be_undone() -> None:
    assert undo_url(Message(25, "Klart", extra_tags="undo:/ko/angra/")) == "/ko/angra/"
    assert undo_url(Message(25, "Klart", extra_tags="undo:https://elsewhere.se/")) == ""


def test_filters_meet_what_templates_hold() -> None:
    at = datetime(2021, 5, 25, 6, 40, tzinfo=UTC)
    with translation.override("sv"):
        html = draw(
            "{{ a|kr }}|{{ none|kr }}|{{ text|kr }}|{{ at|clock }}|{{ at|iso }}|{{ f|percent }}|{{ n|count_of:'rad,rader' }}",
            a=12,
            none=None,
            text="x",
            at=at,
            f=0.5,
            n=23,
        )
    assert html == "12,00\u00a0kr|–|–|08.40|<time>2021-05-25</time>|0,5\u00a0%|23\u00a0rader"
