"""
How root starts PostgreSQL, which refuses to be run by root.

Where the kernel allows it, the server gets a user namespace of its own, in which root's number reads as `nobody`'s: it
has no privilege left, and the files stay the owner's. Where it does not, as in many containers, the server really
becomes `nobody`, and its data directory is given to that account.

Run as a script, `unprivileged.py namespace|account COMMAND …`, it gives up root and becomes the command.
"""

import ctypes
import functools
import os
import pwd
import subprocess
import sys
from pathlib import Path

ACCOUNT = "nobody"
CLONE_NEWUSER = 0x10000000


def wrapped(command: list[str]) -> list[str]:
    """Return the command that runs this one without root; the same one when we are not root."""
    if os.geteuid() != 0:
        return command
    return _script("namespace" if namespaces_work() else "account", command)


def server_uid() -> int:
    """Return the number that the server's files belong to."""
    if os.geteuid() != 0 or namespaces_work():
        return os.geteuid()
    return pwd.getpwnam(ACCOUNT).pw_uid


def trusted_uids() -> set[int]:
    """Return the numbers that a directory of ours may belong to: our own, and for root the server's account."""
    uid = os.geteuid()
    return {uid, pwd.getpwnam(ACCOUNT).pw_uid} if uid == 0 else {uid}


@functools.cache
def namespaces_work() -> bool:
    """Try whether this machine lets us make a user namespace."""
    if sys.platform != "linux":
        return False
    command = _script("namespace", ["/bin/true"])
    return subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode == 0


def hand_over(directory: Path) -> None:
    """Let the server own its directory, itself last, so that one that was interrupted is done again."""
    uid = server_uid()
    if os.geteuid() != 0 or directory.stat().st_uid == uid:
        return
    for path in (*directory.rglob("*"), directory):
        os.chown(path, uid, -1, follow_symlinks=False)


def reaches(directory: Path) -> bool:
    """Say whether the server's account gets as far as this directory."""
    if server_uid() == os.geteuid():
        return True
    command = _script("account", ["/bin/sh", "-c", 'cd "$0"', str(directory)])
    return subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode == 0


def _script(way: str, command: list[str]) -> list[str]:
    return [sys.executable, "-I", "-S", __file__, way, *command]


def _become_account(account: pwd.struct_passwd) -> None:
    os.setgroups([])
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)


def _enter_namespace(account: pwd.struct_passwd) -> None:
    """Enter a namespace where our own number is the account's."""
    uid, gid = os.geteuid(), os.getegid()
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    for name, line in (
        ("setgroups", "deny"),
        ("uid_map", f"{account.pw_uid} {uid} 1"),
        ("gid_map", f"{account.pw_gid} {gid} 1"),
    ):
        Path("/proc/self", name).write_text(line)


if __name__ == "__main__":
    {"namespace": _enter_namespace, "account": _become_account}[sys.argv[1]](pwd.getpwnam(ACCOUNT))
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606
