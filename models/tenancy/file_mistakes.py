"""The mistakes of a business file as its owner reads them: a line each, with the key and what is allowed."""

from collections.abc import Callable, Iterable
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

Path = tuple[str | int, ...]
"""The way to a key: ("services", 2, "hours", "monday")."""
Mistake = tuple[Path, str]
"""Where it is and what is wrong."""


class Mistakes(ValueError):  # noqa: N818 - several of them
    """What shows only when several keys are read together, with paths below the validated part."""

    def __init__(self, found: Iterable[Mistake]) -> None:
        self.found = tuple(found)
        super().__init__("; ".join(text for _, text in self.found))


def refuse(found: Iterable[Mistake]) -> None:
    """Raises Mistakes if there are any."""
    if found := tuple(found):
        raise Mistakes(found)


def repeats(values: Iterable[tuple[Path, str]]) -> list[Mistake]:
    """The mistake of every value that has come before, capitals aside."""
    first: dict[str, Path] = {}
    return [
        (path, f'"{value}" is there already')
        for path, value in values
        if first.setdefault(value.casefold(), path) != path
    ]


def in_lines(source: str, model: type[BaseModel], error: ValidationError) -> str:
    """Every mistake of `error` on a line of its own: "cafe.toml: services[2].price: …"."""
    told = [mistake for details in error.errors() for mistake in _told(model, details)]
    return "\n".join(f"{source}: {dotted(path)}: {text}" for path, text in told)


def dotted(path: Path) -> str:
    """The path as an owner finds it: `services[2].hours.monday`; entries count from 0."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


def _told(model: type[BaseModel], details: ErrorDetails) -> list[Mistake]:
    path, context = details["loc"], details.get("ctx", {})
    cause = context.get("error")
    if isinstance(cause, Mistakes):
        return [(path + below, text) for below, text in cause.found]
    if cause is not None:
        return [(path, str(cause))]
    if details["type"] == "extra_forbidden":
        return [(path, f"is not known; known here: {', '.join(_keys(model, path[:-1]))}")]
    say = _SAY.get(details["type"])
    return [(path, say(context) if say else details["msg"])]


_SAY: dict[str, Callable[[dict[str, Any]], str]] = {
    "missing": lambda _: "is missing",
    "literal_error": lambda ctx: f"must be {ctx['expected']}",
    "enum": lambda ctx: f"must be {ctx['expected']}",
    "string_type": lambda _: "must be text in quotes",
    "int_type": lambda _: "must be a whole number",
    "bool_type": lambda _: "must be true or false",
    "list_type": lambda _: "must be a list in [ ]",
    "model_type": lambda _: "must be a table of keys and values",
    "greater_than": lambda ctx: f"must be more than {ctx['gt']}",
    "greater_than_equal": lambda ctx: f"must be at least {ctx['ge']}",
    "less_than_equal": lambda ctx: f"must be at most {ctx['le']}",
    "too_short": lambda ctx: f"needs at least {ctx['min_length']}",
}


def _keys(model: type[BaseModel], path: Path) -> list[str]:
    """The keys allowed at `path`."""
    for step in path:
        if isinstance(step, str):
            model = _model_in(model.model_fields[step].annotation) or model
    return list(model.model_fields)


def _model_in(annotation: object) -> type[BaseModel] | None:
    """The model that `annotation` is, or is a list of, or may be."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_model_in, get_args(annotation))), None)
