"""Turn into a program of PostgreSQL: as another account, and ending when our parent does.

    child.py PARENT UID GID STALE PROGRAM ARGUMENT…

A script of its own, run by a bare interpreter: work between fork and exec is not safe in a process with
threads, and Python's own `user=` would drop root before an interpreter in root's home could be read.
STALE is the process id in a left-over postmaster.pid, or 0.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main(parent: int, uid: int, gid: int, stale: int, command: list[str]) -> None:
    if os.geteuid() != uid:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    os.umask(0o077)
    if sys.platform == "linux":
        # After setuid, which clears it; exec keeps it. SIGINT is PostgreSQL's fast shutdown.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)
    if os.getppid() != parent:
        sys.exit("the process that wanted this server has ended")
    os.execve(command[0], command, _environment(stale))  # noqa: S606 - a shell is what we avoid


def _environment(stale: int) -> dict[str, str]:
    """Nothing of ours: it holds secrets, and PGPORT, PGDATA or a locale would change the server."""
    environment = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
    if stale:
        # After a crash the id may be a zombie's or a stranger's, and PostgreSQL would take it for a server.
        # With this it overlooks the one id, and still refuses while the old server's memory is in use.
        environment["PG_GRANDPARENT_PID"] = str(stale)
    return environment


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), sys.argv[5:])
