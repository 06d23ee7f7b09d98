"""`python -m devservers`: the whole program on this computer. `make run` runs it."""

import argparse
import os
import signal
import sys
from contextlib import nullcontext
from types import FrameType

import django
from django.core.management.base import CommandError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from config.local import var_dir  # noqa: E402
from devservers import develop, processes  # noqa: E402
from devservers.environment import ROLE, completed, keep_port, local_servers  # noqa: E402
from devservers.programs import ServersError  # noqa: E402


def main() -> None:
    """Start everything, and end with a sentence when that cannot be done."""
    parser = argparse.ArgumentParser(prog="python -m devservers", description="Run Rauk on this computer.")
    parser.add_argument("--port", default=os.environ.get("PORT") or "8000", help="where it listens (8000)")
    port = parser.parse_args().port
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, leave)
    try:
        run(port)
    except (ServersError, CommandError) as error:
        sys.exit(str(error))


def run(port: str) -> None:
    """Start the servers, and everything on them."""
    if processes.stop_orphans():
        develop.say("An earlier start was killed, and what it left running is stopped.")
    develop.check_port(port)
    keep_port(var_dir(), port)
    servers = local_servers(os.environ, var_dir())
    if servers:
        servers.join()
    with servers.watched(develop.say) if servers else nullcontext():
        develop.prepare()
        develop.run(port, completed(os.environ, var_dir(), role=ROLE) if servers else {})


def leave(number: int, frame: FrameType | None) -> None:
    """End as after the last line, so that the servers are stopped too."""
    sys.exit(128 + number)


if __name__ == "__main__":
    main()
