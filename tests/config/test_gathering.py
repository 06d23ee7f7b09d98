"""Clients that send half a request hold no thread, on a real gunicorn."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psutil
import pytest

from config.gathering import LONGEST_HEAD, is_whole
from core.request_cleaning import ANONYMOUS_LIMIT
from tests.database import copies

ROOT = Path(__file__).resolve().parents[2]
HALVES = {
    "nothing": b"",
    "line": b"GET /healthz HT",
    "head": b"POST /logga-in/ HTTP/1.1\r\nHost: localhost\r\nContent-Le",
    "body": b"POST /logga-in/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nusername=",
    "next": b"GET /hjalp/ HTTP/1.1\r\nHost: localhost\r\n\r\nGET /hjalp/ HT",
}


@pytest.mark.parametrize(
    ("received", "whole"),
    [
        (b"", False),
        (b"GET / HTTP/1.1\r\nHost: x\r\n", False),
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", True),
        (b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nab", False),
        (b"POST / HTTP/1.1\r\ncontent-length:3 \r\n\r\nabc", True),
        (b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (ANONYMOUS_LIMIT + 1), True),
        (b"POST / HTTP/1.1\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n", True),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", True),
        (b"x" * (LONGEST_HEAD + 1), True),
    ],
)
def test_request_is_whole(received: bytes, whole: bool) -> None:
    assert is_whole(received) is whole


@pytest.fixture(scope="module")
def port(django_db_setup: None) -> Iterator[int]:
    """A gunicorn of two workers with four threads each, as in production."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = int(free.getsockname()[1])
    environment = {
        **os.environ,
        "DATABASE_URL": copies.url(),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PORT": str(number),
        "WEB_WORKERS": "2",
        "WEB_THREADS": "4",
    }
    command = [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py", "config.wsgi"]
    program = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with suppress(OSError):
                answered(number, "/hjalp/")
                break
            time.sleep(0.2)
        yield number
    finally:
        program.send_signal(signal.SIGTERM)
        program.wait(15)


def answered(port: int, address: str, timeout: float = 5) -> int:
    """The status of a page, asked for on a connection of its own."""
    connection = HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("GET", address, headers={"Host": "localhost"})
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.processes
@pytest.mark.parametrize("half", sorted(HALVES))
def test_half_requests_do_not_silence_the_health_check(port: int, half: str) -> None:
    with ExitStack() as clients:
        for _ in range(32):
            client = clients.enter_context(socket.create_connection(("127.0.0.1", port)))
            client.sendall(HALVES[half])
        time.sleep(0.5)
        start = time.monotonic()
        for _ in range(5):
            assert answered(port, "/healthz") in (200, 503)
            assert answered(port, "/hjalp/") == 200
        assert time.monotonic() - start < 10


@pytest.mark.processes
def test_request_in_pieces_and_requests_on_one_connection_are_answered(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        for letter in b"GET /hjalp/ HTTP/1.1\r\nHost: localhost\r\n\r\n":
            client.sendall(bytes([letter]))
        assert client.recv(12) == b"HTTP/1.1 200"
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    for size in (0, 10, 100_000):
        connection.request("POST", "/logga-in/", b"x" * size, {"Host": "localhost"})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 403
    connection.close()


@pytest.mark.processes
def test_large_body_of_a_stranger_is_refused_before_it_has_come(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        client.sendall(
            b"POST /inlasningar/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 300000000\r\n"
            b"Content-Type: multipart/form-data; boundary=x\r\n\r\n--x"
        )
        assert client.recv(12) == b"HTTP/1.1 413"


@pytest.mark.processes
def test_a_worker_that_stops_answers_whoever_is_on_a_kept_connection(port: int) -> None:
    """Its place is taken by another while people go on; no request is lost on the way."""
    over, errors, counts = threading.Event(), list[str](), [0] * 8

    def keep_asking(place: int) -> None:
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        while not over.is_set():
            try:
                connection.request("GET", "/tillganglighet/", headers={"Host": "localhost"})
                connection.getresponse().read()
            except (HTTPException, OSError) as error:
                errors.append(repr(error))
                connection.close()
            counts[place] += 1
        connection.close()

    def wait_until_all_have_gone_on() -> None:
        before, deadline = [*counts], time.monotonic() + 60
        while any(count < earlier + 2 for count, earlier in zip(counts, before, strict=True)):
            assert time.monotonic() < deadline, counts
            time.sleep(0.05)

    threads = [threading.Thread(target=keep_asking, args=[place]) for place in range(8)]
    for thread in threads:
        thread.start()
    try:
        for _round in range(3):
            wait_until_all_have_gone_on()
            stopped = workers(port)
            for worker in stopped:
                worker.terminate()
            assert psutil.wait_procs(stopped, timeout=60)[1] == []
        wait_until_all_have_gone_on()
    finally:
        over.set()
        for thread in threads:
            thread.join(60)
    assert errors == []


def workers(port: int) -> list[psutil.Process]:
    """The processes that serve there."""
    (master,) = {
        each for each in psutil.process_iter() if each.ppid() == os.getpid() and "gunicorn" in each.cmdline()
    }
    return master.children()
