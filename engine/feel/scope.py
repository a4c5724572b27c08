"""Where names are looked up: any mapping at the root, small chained scopes above it."""

from collections.abc import Mapping
from typing import Any, Protocol


class Scope(Protocol):
    """Anything with `get`; a plain dict is the fastest root."""

    def get(self, name: str, default: Any, /) -> Any: ...


class _Missing:
    __slots__ = ()

    def __repr__(self) -> str:
        return "MISSING"


MISSING = _Missing()
_NOTHING: Mapping[str, Any] = {}


class LocalScope:
    """Names bound by a loop, a call or a context literal, before those of the parent."""

    __slots__ = ("names", "parent")

    def __init__(self, names: dict[str, Any], parent: Scope) -> None:
        self.names = names
        self.parent = parent

    def get(self, name: str, default: Any = None, /) -> Any:
        value = self.names.get(name, MISSING)
        return self.parent.get(name, default) if value is MISSING else value


class ItemScope:
    """The scope of a filter: the entries of the item if it is a context, `item`, then the parent."""

    __slots__ = ("entries", "item", "parent")

    def __init__(self, item: Any, parent: Scope) -> None:
        self.item = item
        self.entries = item if item.__class__ is dict else _NOTHING
        self.parent = parent

    def get(self, name: str, default: Any = None, /) -> Any:
        value = self.entries.get(name, MISSING)
        if value is not MISSING:
            return value
        return self.item if name == "item" else self.parent.get(name, default)
