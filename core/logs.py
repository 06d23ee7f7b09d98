"""
Lines for a machine to read: one JSON object each, with the id of the request and of the person, and nothing personal.

What a program says when it fails is made of what people wrote: a value that is taken twice, a number that is none. So of
a failure the kind, the database's code and constraint, and the places in the code are written, not its text, unless the
text can only be about the code. Nothing that was asked for is written either, only which page it was.
"""

import json
import logging
import re
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from celery import current_task

from core.request_ids import current_id, current_person_id

ROOT = Path(__file__).resolve().parent.parent
MOST_PLACES = 40
ABOUT_CODE = (
    AttributeError,
    ImportError,
    MemoryError,
    NameError,
    NotImplementedError,
    RecursionError,
    TypeError,
)
"""Failures whose text names things of the program, and quotes no value."""

_PERSONAL = re.compile(
    r"(?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)|(?P<number>\b(?:\d\d)?\d{6}[-+]\d{4}\b|\b(?:19|20)\d{10}\b)"
)
_QUERY = re.compile(r"\?\S*")


class JSONLines(logging.Formatter):
    """One object for each record."""

    def format(self, record: logging.LogRecord) -> str:
        """Write the record."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": text_of(record),
        }
        line |= {name: value for name, value in request_context().items() if value}
        line |= getattr(record, "facts", {})
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            line["error"] = described(error)
        return json.dumps(line, ensure_ascii=False, default=str)


def request_context() -> dict[str, Any]:
    """What is going on: the request, the person, the task."""
    return {
        "request_id": current_id(),
        "person_id": current_person_id(),
        "task": getattr(current_task, "name", ""),
    }


def text_of(record: logging.LogRecord) -> str:
    """What a record says, without the address that was asked for and without what a task was given."""
    request = getattr(record, "request", None)
    message, args = str(record.msg), record.args
    if record.name == "celery.app.trace":
        data = getattr(record, "data", {})
        return f"Task {data.get('name', '')} {data.get('description', '')}".strip()
    if request is not None and isinstance(args, tuple) and getattr(request, "path", None) in args:
        args = tuple(page_of(request) if each == request.path else each for each in args)
        message = message % args
    else:
        message = record.getMessage()
    if record.name.startswith("gunicorn"):
        message = _QUERY.sub("", message)
    return without_persons(message)


def page_of(request: Any) -> str:
    """Name the page that was asked for; an address that leads nowhere can be anything."""
    match = getattr(request, "resolver_match", None)
    return match.view_name or "a page without a name" if match else "an address that leads nowhere"


def without_persons(text: str) -> str:
    """Cover e-mail addresses and personal numbers."""
    return _PERSONAL.sub(lambda match: f"[{match.lastgroup}]", text)


def described(error: BaseException) -> dict[str, Any]:
    """Tell a failure, and what it came of, without the values in it."""
    facts: dict[str, Any] = {"kind": type(error).__name__, "text": reason(error), "places": places(error)}
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        facts["cause"] = {"kind": type(cause).__name__, "text": reason(cause)}
    return {name: value for name, value in facts.items() if value}


def reason(error: BaseException) -> str:
    """Say why, where that can be said without a value that somebody wrote."""
    if isinstance(error, ABOUT_CODE):
        return without_persons(str(error))
    if isinstance(error, OSError):
        return error.strerror or ""
    state = getattr(error, "pgcode", None) or getattr(error.__cause__, "pgcode", None)
    notes = getattr(error, "diag", None) or getattr(error.__cause__, "diag", None)
    words = [f"SQLSTATE {state}" if state else "", getattr(notes, "constraint_name", None) or ""]
    return " ".join(filter(None, words))


def places(error: BaseException) -> list[str]:
    """Where in the code it happened, the innermost last."""
    locations = []
    for frame in traceback.extract_tb(error.__traceback__)[-MOST_PLACES:]:
        path = Path(frame.filename)
        name = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
        locations.append(f"{name}:{frame.lineno} {frame.name}")
    return locations
