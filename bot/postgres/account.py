"""The account PostgreSQL runs as: ourselves, or for root somebody without power."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from models.errors import DatabaseUnavailable

READ, ENTER = 4, 1
_UNPRIVILEGED = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """A user and group id. What it may do is read from mode bits, and only asked for others than us."""

    uid: int
    gid: int

    @classmethod
    def ours(cls) -> Self:
        return cls(os.geteuid(), os.getegid())

    @classmethod
    def owner_of(cls, path: Path) -> Self:
        found = path.stat()
        return cls(found.st_uid, found.st_gid)

    @property
    def is_us(self) -> bool:
        return self.uid == os.geteuid()

    @property
    def is_known(self) -> bool:
        """Whether the uid has a passwd entry; initdb refuses to work without one."""
        try:
            pwd.getpwuid(self.uid)
        except KeyError:
            return False
        return True

    @property
    def name(self) -> str:
        return pwd.getpwuid(self.uid).pw_name if self.is_known else f"uid {self.uid}"

    def may_enter(self, path: Path) -> bool:
        """Whether every directory from the root down to `path`, itself included, may be passed through."""
        return all(self._may(step, ENTER) for step in (path, *path.parents))

    def may_read(self, file: Path) -> bool:
        return self.may_enter(file.parent) and self._may(file, READ)

    def _may(self, path: Path, bit: int) -> bool:
        found = path.stat()
        shift = 6 if self.uid == found.st_uid else 3 if self.gid == found.st_gid else 0
        return bool(found.st_mode >> shift & bit)


def for_new(data_dir: Path) -> Account:
    """Who shall own a new cluster in `data_dir`: we, or for root its owner, else `postgres`, else `nobody`.

    Preferring the owner lets root and the owner use the same data directory in turn.
    Raises DatabaseUnavailable if there is nobody fit for it.
    """
    ours = Account.ours()
    if ours.uid != 0 and not ours.is_known:
        raise DatabaseUnavailable(
            f"{ours.name} has no entry in the user database, and initdb needs one: "
            "add the user (useradd), run as another one, or set DATABASE_URL."
        )
    if ours.uid != 0:
        return ours
    owner = Account.owner_of(data_dir)
    if owner.uid != 0 and owner.is_known:
        return owner
    for name in _UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise DatabaseUnavailable(
        "PostgreSQL does not run as root, and neither of the accounts "
        f"{' and '.join(_UNPRIVILEGED)} exists. Run as an ordinary user, or set DATABASE_URL."
    )
