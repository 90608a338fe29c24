"""Where a cluster lives: in DATA_DIR/postgres, or elsewhere with DATA_DIR/postgres as the link to it.

    DATA_DIR/postgres/        0700, of the account that PostgreSQL runs as
        data/                 the cluster
        server.log
        .s.PGSQL.5432         the socket, unless the path cannot be a socket's
    SHELTER/                  of root, for when the account cannot reach DATA_DIR or our binaries
        binaries-18.6.3/
        clusters/<random>/    home/ is where the link leads; data-dir names the DATA_DIR it belongs to
        sockets/<digest>/

No directory that was there before us is ever opened to others.
"""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

import structlog

from bot.postgres import account as accounts
from bot.postgres.account import Account
from bot.postgres.directory import OR_ELSE, give, make_private, make_public
from models.errors import DatabaseUnavailable

SHELTER = Path("/var/lib/regulars-postgres")

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Home:
    path: Path
    account: Account

    @property
    def data(self) -> Path:
        return self.path / "data"

    @property
    def log(self) -> Path:
        return self.path / "server.log"


def prepare(data_dir: Path) -> Path:
    """`data_dir` as an absolute path, made if missing.

    What root makes belongs to the owner of the directory it is made in: starting once as root in somebody's
    checkout must not lock them out.
    """
    whole = data_dir.resolve()
    try:
        for path in (*reversed(whole.parents), whole):
            if not path.is_dir():
                path.mkdir(exist_ok=True)
                give(path, Account.owner_of(path.parent))
    except OSError as error:
        raise DatabaseUnavailable(f"The data directory {whole} cannot be made: {error}") from error
    return whole


def find(data_dir: Path) -> Home | None:
    """The home that `data_dir` has or points to, if any. Raises DatabaseUnavailable if it is not for us."""
    link = data_dir / "postgres"
    path = link.resolve()
    try:
        owner = Account.owner_of(path)
        half_made = owner.uid == 0 and not any(path.iterdir())
    except FileNotFoundError:
        if not link.is_symlink():
            return None
        raise DatabaseUnavailable(
            f"{link} points to {path}, which is not there. Bring it back, or delete {link} to begin empty."
        ) from None
    except OSError as error:
        raise DatabaseUnavailable(f"The database of {data_dir} is out of reach: {error}") from error
    if half_made:  # a start was killed before it gave the directory away
        return None
    _check_owner(path, owner)
    _check_belongs(path, data_dir)
    return Home(path, owner)


def make(data_dir: Path, shelter: Path) -> Home:
    """A new, empty home for `data_dir`."""
    account = accounts.for_new(data_dir)
    if account.is_us or account.may_enter(data_dir):
        home = Home(data_dir / "postgres", account)
        make_private(home.path, account)
        return home
    home = _make_sheltered(data_dir, shelter, account)
    log.warning(
        "postgres_data_lives_elsewhere",
        data_dir=str(data_dir),
        data=str(home.data),
        account=account.name,
        why="the account PostgreSQL runs as may not enter the data directory",
    )
    return home


def _make_sheltered(data_dir: Path, shelter: Path, account: Account) -> Home:
    clusters = make_public(make_public(shelter) / "clusters")
    _tell_of_abandoned(clusters)
    room = make_public(clusters / secrets.token_hex(6))
    if not account.may_enter(room):
        raise DatabaseUnavailable(f"{account.name} may enter neither {data_dir} nor {room}. {OR_ELSE}")
    home = Home(room / "home", account)
    make_private(home.path, account)
    (room / "data-dir").write_bytes(os.fsencode(data_dir))
    link = data_dir / "postgres"
    if link.is_dir():
        link.rmdir()  # half made, see find
    link.symlink_to(home.path)
    return home


def _tell_of_abandoned(clusters: Path) -> None:
    """Say which sheltered homes no DATA_DIR points to. Never deleted: a volume may not be mounted."""
    for note in clusters.glob("*/data-dir"):
        data_dir = Path(os.fsdecode(note.read_bytes()))
        if (data_dir / "postgres").resolve() != note.with_name("home"):
            log.warning("postgres_data_left_behind", data_dir=str(data_dir), left=str(note.parent))


def _check_owner(path: Path, owner: Account) -> None:
    ours = os.geteuid()
    if ours not in (0, owner.uid):
        raise DatabaseUnavailable(
            f"The database in {path} belongs to {owner.name}: run as that user, or use another DATA_DIR."
        )
    if owner.uid == 0:
        raise DatabaseUnavailable(
            f"{path} belongs to root, and PostgreSQL does not run as root: give it to an ordinary user."
        )
    if ours == 0 and not owner.may_enter(path):
        raise DatabaseUnavailable(
            f"PostgreSQL runs as {owner.name}, who owns {path} but may not enter every directory above it."
        )


def _check_belongs(path: Path, data_dir: Path) -> None:
    """A sheltered home serves one data directory.

    One that was moved takes it along. One that was copied is refused, or two would share.
    """
    note = path.parent / "data-dir"
    if not (data_dir / "postgres").is_symlink() or not note.is_file():
        return
    known = Path(os.fsdecode(note.read_bytes()))
    if known == data_dir:
        return
    if (known / "postgres").resolve() == path and not known.samefile(data_dir):
        raise DatabaseUnavailable(
            f"{data_dir} is a copy of {known}, and the database in {path} belongs to that one: "
            f"delete {data_dir / 'postgres'} to begin empty."
        )
    if os.access(note, os.W_OK):
        note.write_bytes(os.fsencode(data_dir))
