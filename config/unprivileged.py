"""
How root starts PostgreSQL, which refuses to be run by root.

Where the kernel allows it, the server gets a user namespace of its own, in which root's number reads as `nobody`'s: it
has no privilege left, and the files stay the owner's. Where it does not, as in many containers, the server really
becomes `nobody`, and its data directory is given to that account.
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


def server_uid() -> int:
    """Return the number that the server's files belong to."""
    if os.geteuid() != 0 or namespaces_work():
        return os.geteuid()
    return pwd.getpwnam(ACCOUNT).pw_uid


def trusted_uids() -> set[int]:
    """Return the numbers that a directory of ours may belong to: our own, and for root the server's account."""
    own = os.geteuid()
    return {own, pwd.getpwnam(ACCOUNT).pw_uid} if own == 0 else {own}


def become() -> None:
    """Give up root, in the child, between fork and exec."""
    account = pwd.getpwnam(ACCOUNT)
    if namespaces_work():
        enter_namespace(account)
    else:
        os.setgroups([])
        os.setgid(account.pw_gid)
        os.setuid(account.pw_uid)


def enter_namespace(account: pwd.struct_passwd) -> None:
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


@functools.cache
def namespaces_work() -> bool:
    """Try, in a child, whether this machine lets us make a user namespace."""
    if sys.platform != "linux":
        return False
    try:
        subprocess.run(
            ["/bin/true"], check=True, preexec_fn=functools.partial(enter_namespace, pwd.getpwnam(ACCOUNT))
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def hand_over(directory: Path) -> None:
    """Let the server own its directory; nothing to do unless its owner changed."""
    uid = server_uid()
    if os.geteuid() != 0 or directory.stat().st_uid == uid:
        return
    for path in (directory, *directory.rglob("*")):
        os.chown(path, uid, -1, follow_symlinks=False)


def reaches(directory: Path) -> bool:
    """Say whether the server's account gets as far as this directory."""
    if server_uid() == os.geteuid():
        return True
    try:
        subprocess.run(
            ["/bin/sh", "-c", 'cd "$0"', str(directory)],
            check=True,
            stderr=subprocess.DEVNULL,
            user=ACCOUNT,
            extra_groups=[],
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return True
