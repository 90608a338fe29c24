"""Who owns a data directory: the process that holds this lock, for as long as it lives."""

import contextlib
import fcntl
import os
from pathlib import Path

from bot.postgres.account import Account
from models.errors import DatabaseUnavailable


class Lock:
    """An flock on a small file. The kernel lets go of it when its process dies, however it dies."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: int | None = None

    @property
    def held(self) -> bool:
        return self._file is not None

    def take(self) -> bool:
        """Take the lock if it is free, and say whether it is ours now.

        Raises DatabaseUnavailable if the file is another user's, OSError if it cannot be made.
        """
        if self.held:
            return True
        file = self._open()
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        os.ftruncate(file, 0)
        os.write(file, f"{os.getpid()}\n".encode())
        self._file = file
        return True

    def release(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def holder(self) -> str:
        """The process id its holder wrote down, for messages."""
        with contextlib.suppress(OSError):
            return self.path.read_text().strip() or "unknown"
        return "unknown"

    def _open(self) -> int:
        # O_NOFOLLOW: root must not be led elsewhere by a link in a directory that others may write.
        try:
            file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        except PermissionError as error:
            raise DatabaseUnavailable(
                f"{self.path} may not be opened: {self.path.parent} belongs to "
                f"{Account.owner_of(self.path.parent).name}. Run as that user, or use another DATA_DIR."
            ) from error
        if os.geteuid() == 0 and os.fstat(file).st_uid == 0:
            # Otherwise the owner of the directory could not start after root once did.
            owner = self.path.parent.stat()
            os.fchown(file, owner.st_uid, owner.st_gid)
        return file
