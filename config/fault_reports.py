"""
Reports of faults to a server that speaks as Sentry does.

What leaves is what the log has: the kind of fault, the places in the code, the page's name, the ids of the request and
the person. No bodies, cookies, headers, addresses, values of variables or texts of exceptions.
"""

from typing import Any

import sentry_sdk
from sentry_sdk.types import Event, Hint

from core import logs
from core.request_ids import current_id, current_person_id

KEPT_OF_REQUEST = ("method",)


def begin(dsn: str, *, environment: str) -> None:
    """Report from now on; a server that does not answer is nobody's trouble."""
    sentry_sdk.init(
        dsn=dsn,
        environment=environment,
        send_default_pii=False,
        max_request_body_size="never",
        include_local_variables=False,
        max_breadcrumbs=0,
        auto_session_tracking=False,
        before_send=without_values,
    )


def without_values(event: Event, hint: Hint) -> Event:
    """Leave out everything that somebody wrote."""
    report: dict[str, Any] = dict(event)
    request = report.get("request", {})
    report["request"] = {name: request[name] for name in KEPT_OF_REQUEST if name in request}
    report["user"] = {"id": str(current_person_id())} if current_person_id() else {}
    report["tags"] = {"request_id": current_id()}
    for name in ("extra", "breadcrumbs", "server_name", "modules", "contexts", "logentry", "message"):
        report.pop(name, None)
    error = hint.get("exc_info", (None, None, None))[1]
    record = hint.get("log_record")
    if record is not None:
        report["message"] = logs.text_of(record)
    for value in report.get("exception", {}).get("values", []):
        value["value"] = ""
    if error is not None and report.get("exception", {}).get("values"):
        report["exception"]["values"][-1]["value"] = logs.reason(error)
    return report  # type: ignore[return-value]
