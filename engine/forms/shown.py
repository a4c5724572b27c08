"""FEEL values as people read them."""

from engine import feel
from engine.workdays import in_words


def shown(value: feel.Value) -> str:
    """A value in words: dates in full, yes and no, lists with commas; empty for null."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, feel.Date):
        return in_words(value.to_python())
    if isinstance(value, list):
        return ", ".join(map(shown, value))
    if isinstance(value, dict):
        return ", ".join(f"{key}: {shown(one)}" for key, one in value.items())
    return str(value)
