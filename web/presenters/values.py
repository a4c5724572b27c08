"""FEEL values, as the database holds them, in words."""

from datetime import date
from decimal import Decimal
from typing import Any

from web.presenters import dates


def words(value: Any) -> str:
    """A value in the encoding of `engine.feel.to_json`, on one line."""
    match value:
        case None | "":
            return "nothing"
        case bool():
            return "yes" if value else "no"
        case int() | Decimal():
            return f"{value:f}" if isinstance(value, Decimal) else str(value)
        case str():
            return value
        case list():
            return ", ".join(words(item) for item in value) or "nothing"
        case {"@": "date", "v": str() as text}:
            return dates.day(date.fromisoformat(text))
        case {"@": str(), "v": inner}:
            return str(inner)
        case dict():
            return "; ".join(f"{label(key)}: {words(item)}" for key, item in value.items())
        case _:
            return str(value)


def label(name: str) -> str:
    """A variable's name made readable."""
    return name.replace("_", " ")
