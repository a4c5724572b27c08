"""FEEL values, as the database holds them, in words."""

from typing import Any

from engine import feel, forms


def words(stored: Any) -> str:
    """A value in the encoding of `engine.feel.to_json`, on one line."""
    return forms.shown(feel.from_json(stored)) or "nothing"


def label(name: str) -> str:
    """A variable's name made readable."""
    return name.replace("_", " ").capitalize()
