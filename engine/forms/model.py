"""What a form is, once read: a tree of components, and the order in which they can be answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from engine import feel


class FieldKind(StrEnum):
    """The kinds of question; the values are form-js's own words."""

    TEXTFIELD = "textfield"
    TEXTAREA = "textarea"
    NUMBER = "number"
    DATE = "datetime"
    RADIO = "radio"
    SELECT = "select"
    CHECKLIST = "checklist"
    CHECKBOX = "checkbox"
    FILES = "filepicker"


CHOICES = frozenset({FieldKind.RADIO, FieldKind.SELECT, FieldKind.CHECKLIST})
"""The kinds answered by choosing among options."""


Default = str | bool | Decimal | tuple[str, ...] | None
"""What a question starts with when the case knows nothing better."""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: what is stored and what people read."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """When a component is left out, and the clause ("Only if …") that says when it is there.

    `words` is None when the condition asks about the case alone: it is then settled before the page
    is shown and nobody needs to be told.
    """

    hide: feel.Expression
    source: str
    words: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What an answer must satisfy; lengths in characters, `earliest` and `latest` give dates."""

    required: bool = False
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    pattern_message: str | None = None
    email: bool = False
    phone: bool = False
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    decimals: int | None = None
    step: Decimal | None = None
    no_past_dates: bool = False
    earliest: feel.Expression | None = None
    latest: feel.Expression | None = None
    accept: tuple[str, ...] = ()
    multiple: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A question; its `key` is the variable that takes the answer.

    `refuse` says why its answer will not do, in a sentence or a list of them; null or [] when it will.
    """

    id: str
    key: str
    kind: FieldKind
    label: str
    hint: str = ""
    limits: Limits = field(default_factory=Limits)
    options: tuple[Option, ...] = ()
    options_from: feel.Expression | None = None
    condition: Condition | None = None
    error_message: str | None = None
    guidance: tuple[str, ...] = ()
    sensitive: bool = False
    readonly: bool = False
    default: Default = None
    refuse: feel.Expression | None = None
    prefix: str = ""
    suffix: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Components under one heading."""

    id: str
    label: str
    components: "tuple[Component, ...]"
    condition: Condition | None = None
    guidance: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """A group of questions asked once a row; its `key` takes a list of contexts.

    `refuse`, as that of a question, judges the whole list.
    """

    id: str
    key: str
    label: str
    components: "tuple[Component, ...]"
    order: "tuple[Step, ...]"
    condition: Condition | None = None
    guidance: tuple[str, ...] = ()
    required: bool = False
    error_message: str | None = None
    refuse: feel.Expression | None = None
    first_rows: int = 1
    fixed: bool = False

    @property
    def fields(self) -> tuple[Field, ...]:
        """The questions of one row, in the order of the page."""
        return tuple(one for one in flat(self.components) if isinstance(one, Field))


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Words between questions: plain strings and expressions in turn."""

    id: str
    parts: tuple[str | feel.Expression, ...]
    condition: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Separator:
    """A line between questions."""

    id: str
    condition: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A list of contexts shown as a table: columns as (key, heading)."""

    id: str
    label: str
    source: feel.Expression
    columns: tuple[tuple[str, str], ...]
    condition: Condition | None = None


Component = Field | Group | Rows | Text | Separator | Table


@dataclass(frozen=True, slots=True)
class Step:
    """One component to settle, with the conditions of all that hold it, outermost first."""

    component: Component
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form as drawn: the tree for the page, and `order`, in which conditions can be settled.

    `asked` are the names conditions, choices, limits and texts ask about.
    """

    id: str
    components: tuple[Component, ...]
    order: tuple[Step, ...]
    asked: frozenset[str]

    @property
    def fields(self) -> tuple[Field | Rows, ...]:
        """Everything that takes an answer into a variable of its own, in the order of the page."""
        return tuple(one for one in flat(self.components) if isinstance(one, Field | Rows))


def flat(components: tuple[Component, ...]) -> tuple[Component, ...]:
    """The components and those inside groups, in the order of the page; rows stay whole."""
    found: list[Component] = []
    for component in components:
        found.append(component)
        if isinstance(component, Group):
            found.extend(flat(component.components))
    return tuple(found)


def row_name(rows_key: str, index: int, key: str) -> str:
    """The HTML name of a question in a row; keys hold no hyphen, so names never clash."""
    return f"{rows_key}-{index}-{key}"
