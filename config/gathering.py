"""
A gunicorn worker that gives a request a thread when the request has come, and not before.

Threads are few. A client that sends half a request and then nothing would hold one for as long as it likes, and a handful
of such clients all of them, the health check's too. Here the worker's own loop, which waits for all sockets at once,
gathers what comes; only a whole request goes on to a thread.
"""

import re
import socket
import struct
import time
from collections import deque
from functools import partial
from selectors import EVENT_READ
from typing import Any

from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, TConn, ThreadWorker

from core.request_cleaning import ANONYMOUS_LIMIT

SECONDS_TO_SEND = 20.0
"""How long a client may take over its request."""
SECONDS_OF_SILENCE = 10
"""How long a thread waits for the next piece of a larger body, or for a client to take the next piece of an answer."""
LONGEST_HEAD = 64 * 1024
PIECE = 64 * 1024

_LENGTH = re.compile(rb"(?im)^content-length:[ \t]*([0-9]{1,18})[ \t]*\r?$")
_EXPECT = re.compile(rb"(?im)^expect:")


def is_whole(received: bytes | bytearray) -> bool:
    """
    Whether a thread can go to work: the head is there, and the body too unless it is a large one.

    A larger body is refused by its head or, from somebody signed in, read as it comes. A head without an end is handed
    on as well, for gunicorn to refuse; so is a client that waits to be told to continue.
    """
    head, end, body = bytes(received).partition(b"\r\n\r\n")
    if not end:
        return len(received) > LONGEST_HEAD
    match = _LENGTH.search(head)
    length = int(match[1]) if match else 0
    return length > ANONYMOUS_LIMIT or len(body) >= length or _EXPECT.search(head) is not None


class GatheringWorker(ThreadWorker):  # type: ignore[misc]
    """Threads for whole requests only."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.gathering: deque[tuple[float, TConn]] = deque()

    def accept(self, listener: Any) -> None:
        """Take a connection and begin to gather its request."""
        try:
            client, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        self.nr_conns += 1
        patience = struct.pack("ll", SECONDS_OF_SILENCE, 0)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, patience)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, patience)
        self.gather(TConn(self.cfg, client, address, listener.getsockname()))

    def on_client_socket_readable(self, conn: TConn, client: Any) -> None:
        """Gather the next request of a connection that was kept, of which something has come."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self.gather(conn)

    def finish_request(self, conn: TConn, fs: Any) -> None:
        """Go on after a request; what has come of the next one already is gathered like any other."""
        buffered = b""
        if not fs.cancelled() and fs.exception() is None and fs.result() is True and self.alive:
            buffered = conn.parser.unreader.take_buffered()
        if buffered:
            self.gather(conn, buffered)
        else:
            super().finish_request(conn, fs)

    def gather(self, conn: TConn, received: bytes = b"") -> None:
        """Wait for a whole request without a thread; often it has come already."""
        conn.sock.setblocking(False)
        conn.received = bytearray(received)
        place = (time.monotonic(), conn)
        self.gathering.append(place)
        self.poller.register(conn.sock, EVENT_READ, partial(self.on_piece, place))
        if received and is_whole(received):
            self.hand_on(place)
        else:
            self.on_piece(place, conn.sock)

    def on_piece(self, place: tuple[float, TConn], client: Any) -> None:
        """Take what has come; hand the request on when it is whole."""
        conn = place[1]
        try:
            piece = conn.sock.recv(PIECE)
        except BlockingIOError:
            return
        except OSError:
            piece = b""
        if not piece:
            self.leave(place)
            self.drop(conn)
            return
        conn.received += piece
        if is_whole(conn.received):
            self.hand_on(place)

    def hand_on(self, place: tuple[float, TConn]) -> None:
        """Give the request a thread."""
        conn = place[1]
        self.leave(place)
        conn.data_ready = True
        conn.init()
        conn.parser.unreader.unread(bytes(conn.received))
        conn.received = bytearray()
        self.enqueue_req(conn)

    def leave(self, place: tuple[float, TConn]) -> None:
        """Stop waiting for a connection."""
        self.gathering.remove(place)
        self.poller.unregister(place[1].sock)

    def drop(self, conn: TConn) -> None:
        """Close a connection."""
        self.nr_conns -= 1
        conn.close()

    def murder_pending(self) -> None:
        """
        Close connections whose request did not come in time.

        A worker that stops waits a moment for those who have sent nothing yet: they know nothing of it.
        """
        super().murder_pending()
        now = time.monotonic()
        for place in list(self.gathering):
            start, conn = place
            patience = SECONDS_TO_SEND if self.alive or conn.received else STOP_KEEPALIVE_LINGER
            if now - start > patience:
                self.leave(place)
                self.drop(conn)
