"""What an operator may set: environment variables, or lines of a file `.env` where the command is started."""

import contextlib
import os
import secrets
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from models.errors import SettingsError

LogLevel = Literal["debug", "info", "warning", "error"]
LogFormat = Literal["console", "json"]

SHORTEST_SECRET = 32


def _base_url(value: str) -> str:
    """Without its last slash: paths begin with one. A path before it stays, providers sign it too."""
    parts = urlsplit(value)
    whole = parts.scheme in ("http", "https") and parts.hostname and value.isprintable() and " " not in value
    if not whole or parts.query or parts.fragment or (parts.port is not None and parts.port == 0):
        raise ValueError(value)
    return value.rstrip("/")


def _postgres_url(value: SecretStr) -> SecretStr:
    if urlsplit(value.get_secret_value()).scheme not in ("postgresql", "postgres"):
        raise ValueError
    return value


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _absolute(value: Path) -> Path:
    return value.expanduser().absolute()


BaseUrl = Annotated[str, AfterValidator(_base_url)]
PostgresUrl = Annotated[SecretStr, AfterValidator(_postgres_url)]
Folder = Annotated[Path, AfterValidator(_absolute)]

_A_BASE_URL = "an address that begins with http:// or https:// and has no ? or #"


class Settings(BaseSettings):
    """Every setting. The environment comes before `.env`; an empty value is a missing one.

    A description ends the sentence "NAME must be …" that an operator reads when the value cannot be used.
    """

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        validate_default=True,
    )

    database_url: PostgresUrl | None = Field(
        default=None, description="a PostgreSQL address, as in postgresql://user:password@host:5432/regulars"
    )
    data_dir: Folder = Field(default=Path(".data"), description="the path of a directory")
    host: str = Field(default="127.0.0.1", description="an address of this machine")
    port: int = Field(default=8080, ge=0, le=65535, description="a whole number from 0 to 65535")
    public_base_url: BaseUrl | None = Field(default=None, description=_A_BASE_URL)
    secret_key: SecretStr | None = Field(
        default=None,
        min_length=SHORTEST_SECRET,
        description=f"at least {SHORTEST_SECRET} characters that nobody can guess",
    )
    twilio_account_sid: str | None = Field(default=None, description="the account's SID")
    twilio_auth_token: SecretStr | None = Field(default=None, description="the account's auth token")
    twilio_api_base_url: BaseUrl | None = Field(default=None, description=_A_BASE_URL)
    openai_api_key: SecretStr | None = Field(default=None, description="an API key")
    openai_base_url: BaseUrl | None = Field(default=None, description=_A_BASE_URL)
    openai_model: str = Field(default="gpt-4.1-mini", description="the name of a model")
    log_level: Annotated[LogLevel, BeforeValidator(_lower)] = Field(
        default="info", description=f"one of {', '.join(get_args(LogLevel))}"
    )
    log_format: Annotated[LogFormat, BeforeValidator(_lower)] = Field(
        default="console", description=f"one of {', '.join(get_args(LogFormat))}"
    )

    @model_validator(mode="before")
    @classmethod
    def _without_blanks(cls, values: dict[str, Any]) -> dict[str, Any]:
        """A secret read from a file often ends in a line break, and a blank is as good as nothing."""
        trimmed = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
        return {name: value for name, value in trimmed.items() if value != ""}

    @classmethod
    def load(cls) -> Self:
        """The settings in force. Raises SettingsError with a line for each value that cannot be used."""
        try:
            return cls()
        except ValidationError as error:
            raise SettingsError(_told(error)) from None
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"The file .env cannot be read: {error}") from error

    @property
    def can_send(self) -> bool:
        """Whether messages can go out through Twilio; without, they are shown on the demo page alone."""
        return self.twilio_account_sid is not None and self.twilio_auth_token is not None

    def for_serving(self) -> None:
        """Raises SettingsError, naming all that is missing, unless real customers can be served."""
        needed = ("secret_key", "public_base_url", "twilio_auth_token")
        missing = [name.upper() for name in needed if getattr(self, name) is None]
        if missing:
            verb = "is" if len(missing) == 1 else "are"
            raise SettingsError(
                f"{_listed(missing)} {verb} missing, from the environment and from the file .env "
                "(.env.example explains each). To try Regulars without them, run `regulars demo`."
            )


def demo_secret(data_dir: Path) -> str:
    """The secret key of a demo: made once and kept in `data_dir` for its owner alone.

    Raises SettingsError when it can be neither read nor made.
    """
    kept = data_dir / "demo-secret"
    try:
        if not kept.exists():
            _make_folder(data_dir)
            _make_secret(kept)
        return kept.read_text("ascii")
    except OSError as error:
        raise SettingsError(f"The demo's secret key {kept} can be neither read nor made: {error}") from error


def _make_folder(folder: Path) -> None:
    for path in (*reversed(folder.parents), folder):
        if not path.is_dir():
            path.mkdir(exist_ok=True)
            _give(path)


def _make_secret(kept: Path) -> None:
    """Under its name only when it is whole: two commands that start at once go on with the same one."""
    draft = kept.with_name(f"{kept.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(SHORTEST_SECRET))
        _give(draft)
        with contextlib.suppress(FileExistsError):
            os.link(draft, kept)
    finally:
        draft.unlink(missing_ok=True)


def _give(path: Path) -> None:
    """What root makes belongs to the owner of where it lies: one start as root must not lock him out."""
    if os.name == "posix" and os.geteuid() == 0:
        owner = path.parent.stat()
        os.chown(path, owner.st_uid, owner.st_gid)


def _told(error: ValidationError) -> str:
    """Pydantic's findings in an operator's words; a secret is never repeated."""
    lines = []
    for found in error.errors(include_url=False):
        name = str(found["loc"][0])
        field = Settings.model_fields[name]
        given = "" if "SecretStr" in str(field.annotation) else f", not {found['input']!r}"
        lines.append(f"{name.upper()} must be {field.description}{given}.")
    return "\n".join(dict.fromkeys(lines))


def _listed(names: list[str]) -> str:
    """`A, B and C`."""
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
