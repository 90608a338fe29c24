"""The captured requests of tests/data: what Twilio signed, and what must not pass for it."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.channels.twilio_signature import is_from_twilio

_FILE = json.loads((Path(__file__).parents[2] / "data" / "twilio_signature_vectors.json").read_text("utf-8"))
TOKEN = "12345"


@dataclass(frozen=True)
class Request:
    """A request as the door sees it; `url` is the public one."""

    url: str
    params: tuple[tuple[str, str], ...]
    body: bytes | None
    headers: dict[str, str]

    @property
    def base(self) -> str:
        scheme, _, rest = self.url.partition("://")
        return f"{scheme}://{rest.partition('/')[0]}"

    def passes(self, **changes: Any) -> bool:
        """Whether it is taken for Twilio's, with some arguments replaced."""
        arguments: dict[str, Any] = {
            "tokens": TOKEN,
            "public_base_url": self.base,
            "raw_path_qs": self.url.removeprefix(self.base),
            "headers": self.headers,
            "params": self.params,
            "body": self.body,
        }
        return is_from_twilio(**{**arguments, **changes})


def genuine() -> dict[str, Request]:
    """By name: what Twilio signed."""
    return {vector["name"]: _request(vector) for vector in _FILE["vectors"]}


def forged() -> dict[str, Request]:
    """By name: what must not pass, each with the signature of a genuine one."""
    return {vector["name"]: _changed(vector) for vector in _FILE["negative"]}


def expected_signatures() -> dict[str, str]:
    return {vector["name"]: vector["expected_signature"] for vector in _FILE["vectors"]}


def _request(vector: dict[str, Any]) -> Request:
    headers = {"X-Twilio-Signature": vector["expected_signature"]}
    if settings := vector.get("signature_settings_header"):
        headers["X-Twilio-Webhooks-Signature-Settings"] = settings
    params = tuple((name, value) for name, value in vector["params"] or ())
    is_raw = vector["params"] is None
    return Request(vector["url"], params, vector["body"].encode() if is_raw else None, headers)


def _changed(vector: dict[str, Any]) -> Request:
    base = genuine()[vector["base"]]
    params = tuple(vector["params"].items()) if "params" in vector else base.params
    if vector.get("drop_blank"):
        params = tuple((name, value) for name, value in params if value)
    assert base.headers["X-Twilio-Signature"] == vector["signature"]
    return replace(base, url=vector["url"], params=params)
