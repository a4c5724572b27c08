"""Reads `deadline.<id>.<part>` properties of a model element into policies."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from engine import feel
from engine.workdays import Unit

PREFIX = "deadline."
_PARTS = frozenset(
    {
        "name", "from", "amount", "unit", "direction", "opens", "metBy",
        "warn", "force", "owner", "right", "rules", "extendedTo", "extendedBecause",
    }
)  # fmt: skip
_E = TypeVar("_E", bound=StrEnum)
_REQUIRED = ("name", "from", "amount", "unit", "force", "owner", "rules")


class Force(StrEnum):
    """How binding a deadline is, read from the text; never overstated."""

    LAW = "law"
    LIMIT = "limit"
    USUAL = "usual"
    AIM = "aim"
    OFFICE = "office"


class StartKind(StrEnum):
    """What sets a deadline's clock going."""

    VARIABLE = "variable"
    EXPRESSION = "expression"
    STARTED = "started"
    COMPLETED = "completed"


class PolicyError(ValueError):
    """A deadline is written wrongly in the model."""

    def __init__(self, element: str, key: str, why: str, remedy: str) -> None:
        super().__init__(f"Deadline '{key}' of {element}: {why} {remedy}")
        self.element, self.key, self.why, self.remedy = element, key, why, remedy


@dataclass(frozen=True, slots=True)
class Start:
    """The date variable, the FEEL, or the start or completion of an element, that a deadline counts from."""

    kind: StartKind
    name: str
    expression: feel.Expression | None = None

    @property
    def names(self) -> frozenset[str]:
        """The variables that hold the day."""
        if self.expression is not None:
            return self.expression.names
        return frozenset({self.name}) if self.kind is StartKind.VARIABLE else frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One deadline of the model. Amounts are FEEL: whole numbers of `unit`."""

    key: str
    element: str  # that declares it, and in whose scope it lives
    name: str
    start: Start
    amount: feel.Expression
    opens: feel.Expression | None
    warn: feel.Expression | None
    unit: Unit
    before: bool
    met_by: str
    force: Force
    owner: str
    right: bool  # of its owner: it closes unused, and nobody misses it
    rules: tuple[str, ...]
    extended_to: str | None  # variable holding the later date that was agreed
    extended_because: str | None  # variable holding the reason


def read_policies(element: str, properties: Mapping[str, str]) -> tuple[Policy, ...]:
    """The policies declared by the `deadline.…` properties of `element`. Raises `PolicyError`."""
    parts: dict[str, dict[str, str]] = {}
    for name, value in properties.items():
        if name.startswith(PREFIX):
            key, _, part = name.removeprefix(PREFIX).partition(".")
            if part not in _PARTS:
                raise PolicyError(
                    element, key, f"'{part}' is not a part.", f"Use one of: {', '.join(sorted(_PARTS))}."
                )
            parts.setdefault(key, {})[part] = value.strip()
    return tuple(_policy(element, key, found) for key, found in parts.items())


def _policy(element: str, key: str, parts: Mapping[str, str]) -> Policy:
    for required in _REQUIRED:
        if not parts.get(required):
            raise PolicyError(
                element, key, f"'{required}' is missing.", f"Add the property '{PREFIX}{key}.{required}'."
            )
    direction = parts.get("direction", "after")
    if direction not in ("after", "before"):
        raise PolicyError(element, key, f"direction '{direction}' is unknown.", "Use 'after' or 'before'.")
    return Policy(
        key=key,
        element=element,
        name=parts["name"],
        start=_start(element, key, parts["from"]),
        amount=_amount(element, key, parts["amount"]),
        opens=_amount(element, key, parts["opens"]) if parts.get("opens") else None,
        warn=_amount(element, key, parts["warn"]) if parts.get("warn") else None,
        unit=_one_of(Unit, element, key, "unit", parts["unit"]),
        before=direction == "before",
        met_by=parts.get("metBy") or element,
        force=_one_of(Force, element, key, "force", parts["force"]),
        owner=parts["owner"],
        right=_right(element, key, parts.get("right", "false")),
        extended_to=parts.get("extendedTo"),
        extended_because=parts.get("extendedBecause"),
        rules=tuple(rule.strip() for rule in parts["rules"].split(",") if rule.strip()),
    )


def _right(element: str, key: str, text: str) -> bool:
    if text not in ("true", "false"):
        raise PolicyError(
            element, key, f"right '{text}' is unknown.", "Use 'true', or 'false', which is meant without it."
        )
    return text == "true"


def _start(element: str, key: str, text: str) -> Start:
    if text.startswith("="):
        return Start(StartKind.EXPRESSION, text, _compiled(element, key, text, "a date variable"))
    for kind in (StartKind.STARTED, StartKind.COMPLETED):
        if text.startswith(f"{kind}:"):
            return Start(kind, text.removeprefix(f"{kind}:").strip())
    return Start(StartKind.VARIABLE, text)


def _amount(element: str, key: str, text: str) -> feel.Expression:
    return _compiled(element, key, text, "a number")


def _compiled(element: str, key: str, text: str, plainly: str) -> feel.Expression:
    try:
        return feel.compile(text.removeprefix("=").strip())
    except feel.FeelSyntaxError as error:
        raise PolicyError(
            element, key, f"'{text}' cannot be read: {error}", f"Write {plainly}, or '=' and FEEL."
        ) from error


def _one_of(kind: type[_E], element: str, key: str, part: str, text: str) -> _E:
    try:
        return kind(text)
    except ValueError as error:
        known = ", ".join(kind)
        raise PolicyError(element, key, f"{part} '{text}' is unknown.", f"Use one of: {known}.") from error
