#!/usr/bin/env python
"""The command line of Rauk. Without DATABASE_URL it starts the embedded servers when a command needs them."""

import os
import signal
import sys
from types import FrameType

from django.core.management import execute_from_command_line

if not os.environ.get("DATABASE_URL"):
    from config.local import var_dir
    from devservers.programs import ServersError
    from devservers.servers import Servers

NEED_NO_SERVERS = {
    "help",
    "version",
    "makemessages",
    "compilemessages",
    "collectstatic",
    "diffsettings",
    "check",
}


def main(arguments: list[str]) -> None:
    """Run one command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    asks = {"--help", "-h", "--version"}.intersection(arguments)
    if (
        arguments[1:]
        and not asks
        and arguments[1] not in NEED_NO_SERVERS
        and not os.environ.get("DATABASE_URL")
    ):
        start_servers()
    execute_from_command_line(arguments)


def start_servers() -> None:
    """Start the embedded servers; they stop when the last one who needs them has ended."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, leave)
    try:
        Servers(var_dir()).join()
    except ServersError as error:
        sys.exit(str(error))


def leave(number: int, frame: FrameType | None) -> None:
    """End as after the last line, so that the servers are stopped too."""
    sys.exit(128 + number)


if __name__ == "__main__":
    main(sys.argv)
