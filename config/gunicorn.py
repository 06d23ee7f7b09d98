"""How gunicorn serves the program; the same on a laptop and in production, the differences in the environment."""

import gc
import os
import shutil
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path
from typing import Any

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_WORKERS", "2"))
# Threads, so that a slow reader does not keep others waiting.
threads = int(os.environ.get("WEB_THREADS", "4"))
# A request gets a thread when it has come whole, so that half ones hold none (docs/adr/0023).
worker_class = "config.gathering.GatheringWorker"
worker_connections = 250
preload_app = False
timeout = 60
graceful_timeout = 4
keepalive = 5
# As long as gunicorn allows, so that it is the program that answers an address that is too long, in words.
limit_request_line = 8190
max_requests = 20_000
max_requests_jitter = 2_000
reload = os.environ.get("DEBUG", "").lower() in ("1", "true", "yes", "on")
# The program writes a line for each request itself (config.measuring): gunicorn's has what people searched for in it.
accesslog = None
errorlog = "-"
loglevel = "warning"
_format = os.environ.get("LOG_FORMAT") or ("text" if reload else "json")
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
        "json": {"()": "core.logs.JSONLines"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": _format}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"gunicorn.error": {"handlers": ["console"], "level": "WARNING", "propagate": False}},
}
# Heartbeats go to memory; a disk that is slow or full must not look like a dead worker.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else tempfile.gettempdir()  # noqa: S108
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")


BOOT_ERROR = 3
"""The exit code by which a worker tells gunicorn to stop altogether."""
SECONDS_TO_BE_STOPPED = 5


def on_starting(server: object) -> None:
    """Make the place where the workers add up what they count: in memory, and gone with the server."""
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="rauk-metrics-", dir=worker_tmp_dir)


def post_worker_init(worker: Any) -> None:
    """
    Refuse to serve on a database that this code is not for; otherwise make ready.

    Let the collector leave alone what was loaded, which stays as long as the worker; how often it looks stands in ``config``.
    """
    # Django's models, which the worker has and gunicorn's own process has not.
    sentence = import_module("core.schema").refusal_at_start()
    if sentence:
        worker.log.critical(sentence)
        # Of several that find the same, one tells gunicorn, which stops the others.
        until = time.monotonic() + SECONDS_TO_BE_STOPPED
        while worker.age > 1 and worker.alive and time.monotonic() < until:
            time.sleep(0.1)
        sys.exit(BOOT_ERROR if worker.alive else 0)
    gc.collect()
    gc.freeze()


def on_exit(server: object) -> None:
    """Leave nothing in memory."""
    shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)
