"""Types of values: what `instance of` asks, and what arguments are converted to (DMN 10.3.2.9)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.feel.values.functions import Function, UserFunction
from engine.feel.values.kinds import type_name
from engine.feel.values.temporal import Date, DateTime, Time

SIMPLE_TYPES = frozenset(
    {
        "number",
        "string",
        "boolean",
        "date",
        "time",
        "date and time",
        "days and time duration",
        "years and months duration",
        "Any",
        "Null",
        "list",
        "context",
        "range",
        "function",
    }
)


@dataclass(frozen=True, slots=True)
class SimpleType:
    """One of the standard's named types; `list`, `context`, `range` and `function` without arguments too."""

    name: str


@dataclass(frozen=True, slots=True)
class ListType:
    item: "FeelType"


@dataclass(frozen=True, slots=True)
class RangeType:
    item: "FeelType"


@dataclass(frozen=True, slots=True)
class ContextType:
    """Entries a context must have at least; names to types."""

    entries: tuple[tuple[str, "FeelType"], ...]


@dataclass(frozen=True, slots=True)
class FunctionType:
    parameters: tuple["FeelType", ...]
    result: "FeelType"


@dataclass(frozen=True, slots=True)
class ConstrainedType:
    """A base type whose values must also pass a test: how a host hands in item definitions."""

    base: "FeelType"
    test: Callable[[Any], bool]


FeelType = SimpleType | ListType | RangeType | ContextType | FunctionType | ConstrainedType
ANY = SimpleType("Any")
NULL = SimpleType("Null")


def conforms(value: Any, expected: FeelType) -> bool:
    """Whether a value may stand where the type is expected; null may stand anywhere."""
    if value is None or expected == ANY:
        return True
    match expected:
        case SimpleType(name):
            return type_name(value) == name
        case ListType(item):
            return value.__class__ is list and all(conforms(element, item) for element in value)
        case RangeType(item):
            return type_name(value) == "range" and all(
                conforms(end, item) for end in (value.start, value.end)
            )
        case ContextType(entries):
            return value.__class__ is dict and all(
                name in value and conforms(value[name], entry) for name, entry in entries
            )
        case ConstrainedType(base, test):
            return conforms(value, base) and test(value)
        case FunctionType():
            return isinstance(value, Function) and _function_conforms(value, expected)


def is_instance(value: Any, expected: FeelType) -> bool:
    """`instance of`: null is an instance of Null only."""
    if value is None:
        return expected == NULL
    return conforms(value, expected)


def convert(value: Any, expected: FeelType) -> tuple[bool, Any]:
    """Fit a value to a type by the implicit conversions (DMN 10.3.2.9.4); tells whether it could.

    A list of one gives its element, an element becomes a list of one, a date becomes midnight UTC.
    """
    if conforms(value, expected):
        return True, value
    if value.__class__ is list and len(value) == 1 and conforms(value[0], expected):
        return True, value[0]
    if isinstance(expected, ListType) and value.__class__ is not list and conforms(value, expected.item):
        return True, [value]
    if value.__class__ is Date and expected == SimpleType("date and time"):
        return True, DateTime(value, Time(0, 0, 0, offset=0))
    return False, None


def type_text(expected: FeelType) -> str:
    """The type as it would be written in FEEL."""
    match expected:
        case SimpleType(name):
            return name
        case ListType(item):
            return f"list<{type_text(item)}>"
        case RangeType(item):
            return f"range<{type_text(item)}>"
        case ContextType(entries):
            return "context<" + ", ".join(f"{name}: {type_text(entry)}" for name, entry in entries) + ">"
        case ConstrainedType(base, _):
            return f"{type_text(base)} with allowed values"
        case FunctionType(parameters, result):
            return f"function<{', '.join(map(type_text, parameters))}>->{type_text(result)}"


def subtype(given: FeelType, expected: FeelType) -> bool:
    """Whether every value of `given` is one of `expected`, as far as the types alone tell."""
    if given in (expected, NULL) or expected == ANY:
        return True
    match given, expected:
        case (ListType(a), ListType(b)) | (RangeType(a), RangeType(b)):
            return subtype(a, b)
        case ContextType(mine), ContextType(theirs):
            own = dict(mine)
            return all(name in own and subtype(own[name], entry) for name, entry in theirs)
        case FunctionType(mine, result), FunctionType(theirs, wanted):
            return (
                len(mine) == len(theirs)
                and all(subtype(b, a) for a, b in zip(mine, theirs, strict=True))
                and subtype(result, wanted)
            )
        case ConstrainedType(base, _), _:
            return subtype(base, expected)
    return False


def _function_conforms(function: Function, expected: FunctionType) -> bool:
    if isinstance(function, UserFunction):
        result = expected.result if function.result == ANY else function.result  # Any: cannot be told
        own = FunctionType(tuple(parameter.type for parameter in function.parameters), result)
        return subtype(own, expected)
    return len(function.parameter_names) == len(expected.parameters)
