"""The command line, as an operator types it."""

import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot import commands
from bot.settings import Settings
from models.errors import SettingsError
from tests.shops import EXAMPLES

ROOT = Path(__file__).resolve().parent.parent.parent


def regulars(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Runs a command in a folder without a .env, with these settings and no other."""
    mine = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    environment = {**mine, "PYTHONPATH": str(ROOT), "LOG_LEVEL": "error", "NO_COLOR": "1", "COLUMNS": "200", **settings}
    command = [sys.executable, "-m", "bot", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=50, check=False)


def test_serve_names_everything_that_is_missing(tmp_path: Path) -> None:
    done = regulars(tmp_path, "serve", SECRET_KEY="x" * 32)
    assert done.returncode == 1
    assert "PUBLIC_BASE_URL and TWILIO_AUTH_TOKEN are missing" in done.stderr
    assert "SECRET_KEY" not in done.stderr


def test_a_database_that_is_not_there_is_told_in_a_sentence(tmp_path: Path) -> None:
    done = regulars(tmp_path, "migrate", DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "Postgres" in done.stderr


@pytest.fixture
def settings(dsn: str) -> dict[str, str]:
    return {"DATABASE_URL": dsn, "SECRET_KEY": "a secret of an operator, long enough"}


def test_a_business_is_applied_exported_and_applied_again(tmp_path: Path, settings: dict[str, str]) -> None:
    file = tmp_path / "kiosk.toml"
    text = (EXAMPLES / "cafe.toml").read_text(encoding="utf-8")
    for old, new in (("lekki-coffee-house", "kiosk"), ('"LEKKI"', '"KIOSK"'), ("+14155550101", "+14155550991")):
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")
    assert regulars(tmp_path, "apply", str(file), **settings).stdout.startswith("kiosk: created")
    assert regulars(tmp_path, "apply", str(file), **settings).stdout == "kiosk: unchanged\n"
    exported = regulars(tmp_path, "export", "kiosk", **settings).stdout
    assert "482915" not in exported
    again = tmp_path / "again.toml"
    again.write_text(exported, encoding="utf-8")
    assert regulars(tmp_path, "apply", str(again), **settings).stdout == "kiosk: unchanged\n"


def test_a_mistake_in_a_file_names_file_key_and_what_is_allowed(tmp_path: Path, settings: dict[str, str]) -> None:
    file = tmp_path / "broken.toml"
    file.write_text((EXAMPLES / "cafe.toml").read_text(encoding="utf-8").replace('"Africa/Lagos"', '"Lagos"'), "utf-8")
    done = regulars(tmp_path, "apply", str(file), **settings)
    assert done.returncode == 1
    assert "broken.toml" in done.stderr
    assert "business.zone" in done.stderr


def test_serving_an_empty_database_says_what_to_do(tmp_path: Path, server: str) -> None:
    needed = {
        "SECRET_KEY": "x" * 32,
        "PUBLIC_BASE_URL": "https://regulars.example",
        "TWILIO_AUTH_TOKEN": "12345",
        "PORT": "0",
    }
    done = regulars(tmp_path, "serve", DATABASE_URL=server, **needed)
    assert done.returncode == 1
    assert "regulars migrate" in done.stderr


def test_diagrams_are_written_where_they_are_wanted(tmp_path: Path) -> None:
    done = regulars(tmp_path, "flows", "--folder", str(tmp_path / "drawn"))
    assert done.returncode == 0
    assert "mermaid" in (tmp_path / "drawn" / "booking.md").read_text(encoding="utf-8")


def test_an_operator_sees_when_what_ran_and_what_failed(tmp_path: Path, settings: dict[str, str]) -> None:
    done = regulars(tmp_path, "jobs", **settings)
    assert done.returncode == 0, done.stderr
    (line,) = [line for line in done.stdout.splitlines() if "expire_points" in line and "10 s" in line]
    assert "never" in line


def test_jobs_are_not_asked_for_before_there_are_tables(tmp_path: Path, server: str) -> None:
    done = regulars(tmp_path, "jobs", DATABASE_URL=server)
    assert done.returncode == 1
    assert "regulars migrate" in done.stderr


async def test_links_of_the_demo_lead_to_the_port_it_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """A calendar link of the demo is opened in the browser that shows the page."""
    begun: list[str] = []

    @asynccontextmanager
    async def rehearsal(_settings: Settings, public: str) -> AsyncIterator[None]:
        begun.append(public)
        raise SettingsError("seen enough")
        yield

    monkeypatch.setattr(commands, "rehearsal", rehearsal)
    with pytest.raises(SettingsError):
        await commands.demo(Settings(host="127.0.0.1", port=8080, public_base_url=None), 8187)
    assert begun == ["http://127.0.0.1:8187"]
