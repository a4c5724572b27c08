"""Values as PostgreSQL reads them in text, for parameters that go straight to libpq."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from engine.db import json

NUMBERS: Mapping[str, int] = {
    "boolean": 16,
    "bytea": 17,
    "bigint": 20,
    "text": 25,
    "text[]": 1009,
    "bigint[]": 1016,
    "date": 1082,
    "timestamptz": 1184,
    "jsonb": 3802,
}
"""PostgreSQL's numbers of the types that occur."""


class NulInTextError(ValueError):
    """A text holds the character NUL, which PostgreSQL cannot store: it would be cut off there."""

    def __init__(self, text: str) -> None:
        super().__init__(f"The text {text[:60]!r} holds the character NUL (U+0000), which cannot be stored.")


def text_of(kind: str, value: Any) -> bytes | None:
    """A value of a type as a parameter; None for null. Raises `NulInTextError`."""
    return None if value is None else _WRITERS[kind](value)


def _text(value: str) -> bytes:
    if "\0" in value:
        raise NulInTextError(value)
    return value.encode()


def _moment(value: Any) -> bytes:
    """A date or moment, or its text."""
    return str(value).encode()


def _texts(values: Sequence[str]) -> bytes:
    quoted = (value.replace("\\", r"\\").replace('"', r"\"") for value in values)
    return _text("{" + ",".join(f'"{value}"' for value in quoted) + "}")


_WRITERS: Mapping[str, Callable[[Any], bytes]] = {
    "boolean": lambda value: b"t" if value else b"f",
    "bytea": lambda value: rb"\x" + value.hex().encode(),
    "bigint": lambda value: b"%d" % value,
    "text": _text,
    "text[]": _texts,
    "bigint[]": lambda values: b"{%s}" % b",".join(b"%d" % value for value in values),
    "date": _moment,
    "timestamptz": _moment,
    "jsonb": json.encode,
}
