"""Item definitions as FEEL types: what inputs, outputs and parameters are converted to or refused by."""

from collections.abc import Callable, Iterator, Mapping

from engine import feel
from engine.dmn.notation import Definitions, ItemDefinition, Parameter
from engine.dmn.xml import ModelError
from engine.feel import Value
from engine.feel.types import (
    ANY,
    SIMPLE_TYPES,
    ConstrainedType,
    ContextType,
    FeelType,
    FunctionType,
    ListType,
    SimpleType,
    conforms,
    convert,
)
from engine.feel.values.kinds import KINDS

ALIASES = {
    "": "Any",
    "any": "Any",
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    "days and time": "days and time duration",
    "years and months": "years and months duration",
}
"""Older and shorter spellings of the built-in types."""

_CLASSES = {name: kind for kind, name in KINDS.items()}

Converter = Callable[[Value], tuple[bool, Value]]
"""Fits a value to a type: whether it could, and the fitted value."""


class Types:
    """The types one file may name: built-in ones, its own, and imported ones under their prefix."""

    def __init__(self, file: Definitions, files: Mapping[str, Definitions]) -> None:
        self._items: dict[str, ItemDefinition] = {}
        self._resolved: dict[str, FeelType] = {}
        self._pending: list[str] = []
        self.unknown: set[str] = set()
        for name, item in _visible(file, files, ""):
            self._items.setdefault(name, item)
        self.mapping: Mapping[str, FeelType] = {name: self.named(name) for name in self._items}
        """Every item definition by the name expressions use."""

    def named(self, reference: str) -> FeelType:
        """The type of that name; an unknown name is noted and accepts anything.

        Raises ModelError for a type that is defined as itself.
        """
        name = ALIASES.get(reference, reference)
        if name in self._resolved:
            return self._resolved[name]
        item = self._items.get(name)
        if item is None:
            if name not in SIMPLE_TYPES:
                self.unknown.add(reference)
                return ANY
            return SimpleType(name)
        if name in self._pending:
            return self._recursive(name, item)
        self._pending.append(name)
        self._resolved[name] = resolved = self._of_item(item, name.rpartition(".")[0])
        self._pending.pop()
        return resolved

    def item(self, reference: str) -> ItemDefinition | None:
        """The item definition behind a name, following plain aliases."""
        seen: set[str] = set()
        item = self._items.get(reference)
        while item is not None and item.type_ref in self._items and not item.allowed:
            if item.name in seen or item.collection or item.components:
                break
            seen.add(item.name)
            item = self._items[item.type_ref]
        return item

    def component(self, item: ItemDefinition, name: str) -> ItemDefinition | None:
        return next((part for part in item.components if part.name == name), None)

    def _recursive(self, name: str, item: ItemDefinition) -> FeelType:
        loop = self._pending[self._pending.index(name) :]
        if not any(self._items[each].components or self._items[each].collection for each in loop):
            raise ModelError(
                f"The type {item.name!r} is defined as itself",
                element_id=item.id,
                remedy="Point its typeRef to a built-in type.",
            )
        return ConstrainedType(ANY, lambda value: conforms(value, self._resolved[name]))

    def _of_item(self, item: ItemDefinition, prefix: str) -> FeelType:
        base = self._base(item, prefix)
        if item.allowed:
            base = ConstrainedType(base, constraint(item.allowed, item.id))
        if item.collection:
            base = ListType(base)
        if item.constraint:
            base = ConstrainedType(base, constraint(item.constraint, item.id))
        return base

    def _base(self, item: ItemDefinition, prefix: str) -> FeelType:
        if item.components:
            return ContextType(tuple((part.name, self._of_item(part, prefix)) for part in item.components))
        if item.function is not None:
            parameters = tuple(self._inner(each.type_ref, prefix) for each in item.function.parameters)
            return FunctionType(parameters, self._inner(item.function.output_type, prefix))
        return self._inner(item.type_ref, prefix)

    def _inner(self, reference: str, prefix: str) -> FeelType:
        qualified = f"{prefix}.{reference}" if prefix else reference
        return self.named(qualified if qualified in self._items else reference)

    def parameters(self, parameters: tuple[Parameter, ...]) -> Iterator[tuple[str, FeelType]]:
        return ((each.name, self.named(each.type_ref)) for each in parameters)


def _visible(
    file: Definitions, files: Mapping[str, Definitions], prefix: str, path: tuple[str, ...] = ()
) -> Iterator[tuple[str, ItemDefinition]]:
    for item in file.items:
        yield prefix + item.name, item
    for each in file.imports:
        if each.namespace in files and each.namespace not in (*path, file.namespace):
            inner = f"{prefix}{each.name}." if each.name else prefix
            yield from _visible(files[each.namespace], files, inner, (*path, file.namespace))


def constraint(text: str, element_id: str) -> Callable[[Value], bool]:
    """A test of a value against allowed values. Raises ModelError when they are not FEEL unary tests."""
    try:
        tests = feel.compile_unary_tests(text)
    except feel.FeelSyntaxError as error:
        raise ModelError(
            "The allowed values cannot be read",
            element_id=element_id,
            why=str(error),
            remedy='Write them as FEEL tests, for example "a", "b" or [0..100].',
        ) from error
    return lambda value: tests.evaluate(value, {}).value is True


def converter(expected: FeelType) -> Converter | None:
    """How to fit values to a type, None when anything fits; exact matches of simple types are quick."""
    if expected == ANY:
        return None
    plain = _CLASSES.get(expected.name) if isinstance(expected, SimpleType) else None

    def fit(value: Value) -> tuple[bool, Value]:
        if value is None or value.__class__ is plain:
            return True, value
        return convert(value, expected)

    return fit
