"""What an operator sets, mistypes and forgets."""

import os
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.settings import SHORTEST_SECRET, Settings, demo_secret
from models.errors import SettingsError

ROOT = Path(__file__).resolve().parent.parent.parent
NAMES = [name.upper() for name in Settings.model_fields]
SECRET = "a" * SHORTEST_SECRET


Operator = Callable[..., None]


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Operator:
    """Sets variables, in a process that has none of ours and stands in an empty directory."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)

    def put(**values: str) -> None:
        for name, value in values.items():
            monkeypatch.setenv(name, value)

    return put


@pytest.mark.usefixtures("environment")
def test_nothing_has_to_be_set(tmp_path: Path) -> None:
    settings = Settings.load()

    assert settings.database_url is None
    assert settings.data_dir == tmp_path / ".data"
    assert (settings.host, settings.port) == ("127.0.0.1", 8080)
    assert settings.secret_key is None
    assert not settings.can_send


def test_the_environment_comes_before_the_file(environment: Operator, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PORT=9000\nHOST=0.0.0.0\nSOMETHING_ELSE=1\n")
    environment(PORT="9001")

    settings = Settings.load()

    assert (settings.host, settings.port) == ("0.0.0.0", 9001)  # noqa: S104 - what was set


def test_what_is_blank_counts_as_missing(environment: Operator, tmp_path: Path) -> None:
    """`TWILIO_AUTH_TOKEN=` copied from the example must not become a token that anybody can sign with."""
    (tmp_path / ".env").write_text("TWILIO_AUTH_TOKEN=\nDATA_DIR=from-file\n")
    environment(SECRET_KEY="", PUBLIC_BASE_URL=" ", DATA_DIR="")

    settings = Settings.load()

    assert (settings.twilio_auth_token, settings.secret_key, settings.public_base_url) == (None, None, None)
    assert settings.data_dir == tmp_path / "from-file"


def test_a_secret_read_from_a_file_ends_in_a_line_break(environment: Operator) -> None:
    environment(SECRET_KEY=f"{SECRET}\n")
    key = Settings.load().secret_key

    assert key is not None
    assert key.get_secret_value() == SECRET


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("PORT", "eighty", "PORT must be a whole number from 0 to 65535, not 'eighty'."),
        ("PORT", "65536", "PORT must be a whole number from 0 to 65535, not '65536'."),
        ("LOG_LEVEL", "loud", "LOG_LEVEL must be one of debug, info, warning, error, not 'loud'."),
        ("LOG_FORMAT", "xml", "LOG_FORMAT must be one of console, json, not 'xml'."),
        ("PUBLIC_BASE_URL", "bot.example.com", "PUBLIC_BASE_URL must be an address"),
        (
            "PUBLIC_BASE_URL",
            "https://bot.example.com/?a=b",
            "PUBLIC_BASE_URL must be an address",
        ),
        ("OPENAI_BASE_URL", "https://", "OPENAI_BASE_URL must be an address"),
    ],
)
def test_a_mistake_is_told_in_words(environment: Operator, name: str, value: str, told: str) -> None:
    environment(**{name: value})

    with pytest.raises(SettingsError, match=re.escape(told)):
        Settings.load()


@pytest.mark.parametrize(
    ("name", "value"), [("SECRET_KEY", "hunter2"), ("DATABASE_URL", "mysql://root:hunter2@db.example.com/x")]
)
def test_a_secret_with_a_mistake_is_not_repeated(environment: Operator, name: str, value: str) -> None:
    """A refused start is copied into tickets and chats."""
    environment(**{name: value})

    with pytest.raises(SettingsError, match=f"^{name} must be ") as refused:
        Settings.load()

    assert "hunter2" not in str(refused.value)


def test_every_mistake_has_its_line(environment: Operator) -> None:
    environment(PORT="x", LOG_LEVEL="y")

    with pytest.raises(SettingsError) as refused:
        Settings.load()

    assert [line.split()[0] for line in str(refused.value).splitlines()] == ["PORT", "LOG_LEVEL"]


@pytest.mark.usefixtures("environment")
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"SECRET_KEY=\xff\xfe")

    with pytest.raises(SettingsError, match=r"\.env cannot be read"):
        Settings.load()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://bot.example.com/", "https://bot.example.com"),
        ("https://example.com/bot/", "https://example.com/bot"),
        ("http://localhost:8080", "http://localhost:8080"),
    ],
)
def test_the_public_address_keeps_its_path(environment: Operator, given: str, kept: str) -> None:
    """Twilio signs the prefix too; a slash too many makes every signature false."""
    environment(PUBLIC_BASE_URL=given)

    assert Settings.load().public_base_url == kept


def test_levels_may_be_written_large(environment: Operator) -> None:
    environment(LOG_LEVEL="WARNING", LOG_FORMAT="JSON")
    settings = Settings.load()

    assert (settings.log_level, settings.log_format) == ("warning", "json")


def test_secrets_do_not_show(environment: Operator) -> None:
    environment(
        SECRET_KEY=SECRET,
        TWILIO_AUTH_TOKEN="token-of-ours",
        OPENAI_API_KEY="key-of-ours",
        DATABASE_URL="postgresql://me:password-of-ours@localhost/x",
    )
    shown = repr(Settings.load())

    assert [secret for secret in (SECRET, "of-ours") if secret in shown] == []


def test_serving_names_all_that_is_missing(environment: Operator) -> None:
    with pytest.raises(SettingsError, match=r"^SECRET_KEY, PUBLIC_BASE_URL and TWILIO_AUTH_TOKEN are missing"):
        Settings.load().for_serving()

    environment(SECRET_KEY=SECRET, PUBLIC_BASE_URL="https://bot.example.com")
    with pytest.raises(SettingsError, match=r"^TWILIO_AUTH_TOKEN is missing"):
        Settings.load().for_serving()


def test_serving_needs_three_settings_and_sending_a_fourth(environment: Operator) -> None:
    environment(SECRET_KEY=SECRET, PUBLIC_BASE_URL="https://bot.example.com", TWILIO_AUTH_TOKEN="t")
    settings = Settings.load()
    settings.for_serving()
    assert not settings.can_send

    environment(TWILIO_ACCOUNT_SID="AC1")
    assert Settings.load().can_send


@pytest.mark.usefixtures("environment")
def test_the_example_file_names_every_setting_in_order(tmp_path: Path) -> None:
    example = (ROOT / ".env.example").read_text("utf-8")
    assert re.findall(r"^([A-Z_]+)=", example, re.MULTILINE) == NAMES

    plain = Settings.load()
    (tmp_path / ".env").write_text(example)
    assert Settings.load() == plain


def test_the_demo_keeps_its_secret(tmp_path: Path) -> None:
    data_dir = tmp_path / "not" / "yet"

    first = demo_secret(data_dir)

    assert len(first) >= SHORTEST_SECRET
    assert demo_secret(data_dir) == first
    assert demo_secret(tmp_path / "other") != first
    assert (data_dir / "demo-secret").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in data_dir.iterdir()] == ["demo-secret"]


def test_two_demos_that_start_at_once_share_one_secret(tmp_path: Path) -> None:
    """The later one would otherwise overwrite the key that the PINs of the first were hashed with."""
    with ThreadPoolExecutor(8) as starts:
        assert len(set(starts.map(demo_secret, [tmp_path] * 8))) == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make what belongs to others")
def test_what_root_makes_belongs_to_the_owner_of_the_checkout(tmp_path: Path) -> None:
    """One `sudo make demo` would otherwise end every later `make demo` of the owner."""
    os.chown(tmp_path, 65534, 65534)

    demo_secret(tmp_path / ".data")

    made = [tmp_path / ".data", tmp_path / ".data" / "demo-secret"]
    assert [path.stat().st_uid for path in made] == [65534, 65534]


def test_a_secret_that_cannot_be_kept_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(SettingsError, match="can be neither read nor made"):
        demo_secret(tmp_path / "file")
