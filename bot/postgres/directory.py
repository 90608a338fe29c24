"""Making directories: private ones for the account of PostgreSQL, and root's own that everyone may enter."""

import os
import stat
from pathlib import Path

from bot.postgres.account import Account
from models.errors import DatabaseUnavailable

OR_ELSE = "Run as an ordinary user, or choose a DATA_DIR that one can enter, or set DATABASE_URL."


def make_private(path: Path, account: Account) -> None:
    """A 0700 directory of `account`, which may be there already.

    Raises DatabaseUnavailable if what is there is a link, open to others or another user's.
    """
    try:
        path.mkdir(mode=0o700, exist_ok=True)
        give(path, account)
        found = path.lstat()
    except OSError as error:
        raise DatabaseUnavailable(f"{path} cannot be made: {error}") from error
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid or found.st_mode & 0o077:
        raise DatabaseUnavailable(
            f"{path} is not a private directory of {account.name}. If it is not yours, remove it."
        )


def make_public(path: Path) -> Path:
    """A directory of root that everyone may enter and nobody else may write, which may be there already."""
    try:
        if not path.exists():
            path.mkdir(parents=True, exist_ok=True)
            path.chmod(0o755)
        found = path.stat()
    except OSError as error:
        raise DatabaseUnavailable(f"{path} cannot be made: {error}. {OR_ELSE}") from error
    if found.st_uid != 0 or found.st_mode & 0o022:
        raise DatabaseUnavailable(f"{path} can be written by others than root. {OR_ELSE}")
    return path


def give(path: Path, account: Account) -> None:
    """Hand what root has just made to `account`; never through a link, never what is another's."""
    if os.geteuid() == 0 and path.lstat().st_uid == 0:
        os.chown(path, account.uid, account.gid, follow_symlinks=False)
