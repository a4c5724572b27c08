"""What a person typed, given back to them to copy when it could not be recorded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Typed:
    """One field as it was typed."""

    label: str
    text: str


def typed_by_name(raw: Mapping[str, Sequence[str]]) -> tuple[Typed, ...]:
    """Fields that hold something, called by their names made readable."""
    return tuple(
        Typed(label=name.replace("_", " ").replace("-", " ").capitalize(), text=text)
        for name, values in raw.items()
        if (text := "\n".join(value for value in values if value.strip()))
    )


def typed_by_label(raw: Mapping[str, Sequence[str]], labels: Mapping[str, str]) -> tuple[Typed, ...]:
    """The same, called by the labels the form shows (by field name)."""
    return tuple(
        Typed(label=labels.get(typed.label, typed.label), text=typed.text)
        for typed in (
            Typed(label=name, text="\n".join(value for value in values if value.strip()))
            for name, values in raw.items()
        )
        if typed.text
    )
