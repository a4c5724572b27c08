"""The one registry of built-in functions: signatures as text, arguments converted or refused by them.

A signature reads `name(parameter: kind, other?: kind|kind, rest...: kind)`; `?` marks what may be left
out, `...` what repeats. Several signatures under one name are tried in order.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Any, Self, TypeVar

from engine.feel.run import Place, Run
from engine.feel.values.functions import Function, FunctionError
from engine.feel.values.kinds import KINDS, type_name
from engine.feel.values.temporal import Date, DateTime, Time

Implementation = Callable[..., Any]
Aggregation = Callable[[Sequence[Any]], Any]

_CLASSES = {kind: value_class for value_class, kind in KINDS.items()}
_SIGNATURE = re.compile(r"([^(]+)\((.*)\)")
_PARAMETER = re.compile(r"([^:?.]+)(\?|\.\.\.)?: *(.+)")
_MISSING = object()


@dataclass(frozen=True, slots=True)
class Formal:
    """One formal parameter of a built-in function."""

    name: str
    kinds: frozenset[str]
    classes: frozenset[type]
    optional: bool
    repeats: bool

    def accepts(self, value: Any) -> bool:
        if value.__class__ in self.classes:
            return True
        if "any" in self.kinds:
            return True
        return "function" in self.kinds and isinstance(value, Function)

    def convert(self, value: Any) -> Any:
        """The value, converted implicitly if need be; `_MISSING` when it does not fit."""
        if self.accepts(value):
            return value
        if value.__class__ is list:
            return value[0] if len(value) == 1 and self.accepts(value[0]) else _MISSING
        if list in self.classes and value is not None:
            return [value]
        if value.__class__ is Date and DateTime in self.classes:
            return DateTime(value, Time(0, 0, 0, offset=0))
        return _MISSING

    def refusal(self, value: Any) -> str:
        return (
            f"`{self.name}` must be {' or '.join(sorted(self.kinds - {'null'}))}, but is {type_name(value)}"
        )


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a function."""

    formals: tuple[Formal, ...]
    call: Implementation
    text: str
    least: int
    most: float

    @classmethod
    def read(cls, text: str, formals: tuple[Formal, ...], call: Implementation) -> Self:
        least = sum(not formal.optional for formal in formals)
        return cls(formals, call, text, least, inf if formals and formals[-1].repeats else len(formals))

    def bind(self, arguments: Sequence[Any]) -> list[Any] | str:
        """The converted arguments, or why one of them does not fit."""
        bound = []
        last = len(self.formals) - 1
        for index, argument in enumerate(arguments):
            formal = self.formals[min(index, last)]
            value = argument if argument.__class__ in formal.classes else formal.convert(argument)
            if value is _MISSING:
                return formal.refusal(argument)
            bound.append(value)
        return bound

    def positions(self, named: dict[str, Any]) -> list[Any] | None:
        """Named arguments in order, null for a missing one; None when a name is unknown."""
        names = [formal.name for formal in self.formals]
        if not named.keys() <= set(names):
            return None
        needed = [
            name
            for formal, name in zip(self.formals, names, strict=True)
            if name in named or not formal.optional
        ]
        return [named.get(name) for name in names[: names.index(needed[-1]) + 1]] if needed else []


@dataclass(frozen=True, slots=True, eq=False)
class BuiltinFunction(Function):
    """A function of the standard or of our domain, callable from any expression."""

    label: str
    signatures: list[Signature] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.label

    @property
    def parameter_names(self) -> tuple[str, ...]:
        return tuple(formal.name for formal in self.signatures[0].formals)

    def invoke(self, arguments: Sequence[Any], run: Run, place: Place) -> Any:
        """Call with arguments in order; null with a reason when none of the signatures takes them."""
        why = ""
        count = len(arguments)
        for signature in self.signatures:
            if not signature.least <= count <= signature.most:
                continue
            bound = signature.bind(arguments)
            if isinstance(bound, str):
                why = why or bound
                continue
            return self._call(signature, bound, run, place)
        why = why or f"takes other arguments: {'; '.join(signature.text for signature in self.signatures)}"
        return run.fail(f"{self.label}: {why}", place)

    def invoke_named(self, named: dict[str, Any], run: Run, place: Place) -> Any:
        """Call with arguments by name."""
        why = ""
        for signature in self.signatures:
            arguments = signature.positions(named)
            if arguments is None or not signature.least <= len(arguments) <= signature.most:
                continue
            bound = signature.bind(arguments)
            if isinstance(bound, str):
                why = why or bound
                continue
            return self._call(signature, bound, run, place)
        why = why or f"has other parameters: {'; '.join(signature.text for signature in self.signatures)}"
        return run.fail(f"{self.label}: {why}", place)

    def _call(self, signature: Signature, bound: list[Any], run: Run, place: Place) -> Any:
        for value in bound:
            run.charge(value)
        try:
            result = signature.call(run, *bound)
        except FunctionError as refused:
            return run.fail(f"{self.label}: {refused}", place)
        except ArithmeticError:
            return run.fail(f"{self.label}: the result is no number FEEL can hold", place)
        run.charge(result)
        return result


FUNCTIONS: dict[str, BuiltinFunction] = {}


_F = TypeVar("_F", bound=Implementation)


def builtin(*signatures: str) -> Callable[[_F], _F]:
    """Register a function under its signatures; it is called with the run and the converted arguments.

    It gives a FEEL value, or raises `FunctionError` (or an ArithmeticError) for null with a reason.
    """

    def register(implementation: _F) -> _F:
        for text in signatures:
            name, formals = _parse(text)
            function = FUNCTIONS.setdefault(name, BuiltinFunction(name))
            function.signatures.append(Signature.read(text, formals, implementation))
        return implementation

    return register


def aggregate(name: str, parameter: str) -> Callable[[Aggregation], Aggregation]:
    """Register a function of one list that may also be given its items one by one."""

    def register(reduce: Aggregation) -> Aggregation:
        builtin(f"{name}(list: list)")(lambda run, items: reduce(items))
        builtin(f"{name}({parameter}...: any)")(lambda run, *items: reduce(items))
        return reduce

    return register


def _parse(text: str) -> tuple[str, tuple[Formal, ...]]:
    found = _SIGNATURE.fullmatch(text)
    if found is None:
        raise ValueError(f"`{text}` is no signature")
    parts = [part.strip() for part in found.group(2).split(",") if part.strip()]
    return found.group(1), tuple(map(_formal, parts))


def _formal(text: str) -> Formal:
    found = _PARAMETER.fullmatch(text)
    if found is None:
        raise ValueError(f"`{text}` is no parameter")
    name, mark, kinds_text = found.groups()
    kinds = frozenset(kind.strip() for kind in kinds_text.split("|"))
    classes = frozenset(_CLASSES[kind] for kind in kinds if kind in _CLASSES)
    return Formal(name, kinds, classes, mark == "?", mark == "...")
