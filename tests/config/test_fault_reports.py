"""Reports of faults to a server that speaks as Sentry does: what leaves, and what never does."""

import gzip
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from config.local import BASE_DIR
from tests.database import copies

pytestmark = pytest.mark.django_db

PROGRAM = """
import os
import django, sentry_sdk
django.setup()
from django.conf import settings
from django.test import RequestFactory
from django.urls import path

def page(request, who):
    secret = os.environ["WRITTEN"]
    raise ValueError(f"{secret}!")

import config.urls
config.urls.urlpatterns.insert(0, path("sidan/<slug:who>/", page, name="the page"))
page.login_required, page.csrf_exempt = False, True
from config.wsgi import application
from tests.database import copies
written = os.environ["WRITTEN"]
who = written.split()[0]
request = RequestFactory(HTTP_X_REQUEST_ID="proxy-12345", HTTP_COOKIE=f"x={who}", HTTP_USER_AGENT=who).post(
    f"/sidan/{who}-ek/?q={who}", {"name": written}
)
statuses = []
list(application(request.environ, lambda status, headers: statuses.append(status)))
assert statuses == ["500 Internal Server Error"], statuses
sentry_sdk.flush(10)
"""


class Receiver(HTTPServer):
    """Keeps what is reported."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.envelopes: list[list[str]] = []


class Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        text = gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body
        self.server.envelopes.append(text.decode().splitlines())
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def run(dsn: str) -> None:
    env = os.environ | {
        "DATABASE_URL": copies.url(),
        "SENTRY_DSN": dsn,
        # Not in the program's own lines, which are code and may be shown.
        "WRITTEN": "Anna Ek 19800101-1234 anna.ek@region.se",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "ALLOWED_HOSTS": "testserver",
    }
    answer = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=BASE_DIR,
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr


@pytest.mark.usefixtures("db")
def test_fault_is_reported_without_what_anybody_wrote(receiver: Receiver) -> None:
    run(f"http://key@127.0.0.1:{receiver.server_port}/1")
    events = [json.loads(lines[2]) for lines in receiver.envelopes if json.loads(lines[1])["type"] == "event"]
    (event,) = events
    (fault,) = event["exception"]["values"]
    assert (fault["type"], fault["value"]) == ("ValueError", "")
    assert fault["stacktrace"]["frames"][-1]["function"] == "page"
    assert event["tags"]["request_id"] == "proxy-12345"
    assert event["request"] == {"method": "POST"}
    text = json.dumps(receiver.envelopes, ensure_ascii=False)
    assert "anna" not in text.lower()
    assert "19800101" not in text


@pytest.mark.usefixtures("db")
def test_receiver_that_is_away_is_nobodys_trouble() -> None:
    run("http://key@127.0.0.1:1/1")
