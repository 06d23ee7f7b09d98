#!/usr/bin/env python
"""The command line of Rauk. Starts the embedded servers when a command needs them and none are named."""

import os
import signal
import sys
from types import FrameType

from django.core.management import execute_from_command_line

from config.local import local_servers
from config.servers import ServersError

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
    servers = local_servers()
    asks = {"--help", "-h", "--version"}.intersection(arguments)
    if servers and arguments[1:] and not asks and arguments[1] not in NEED_NO_SERVERS:
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, leave)
        try:
            servers.join()
        except ServersError as error:
            sys.exit(str(error))
    execute_from_command_line(arguments)


def leave(number: int, frame: FrameType | None) -> None:
    """End as after the last line, so that the servers are stopped too."""
    sys.exit(128 + number)


if __name__ == "__main__":
    main(sys.argv)
