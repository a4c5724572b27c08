"""Variables of an instance: scopes inside scopes, looked up from the inside out."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from engine.feel import Value
from engine.spiff.facts import Fact, VariablesSet
from engine.spiff.state import ROOT_SCOPE, Scope, ScopeKind

Extras = Callable[[tuple[int, ...]], Mapping[str, Value]]


class View(Mapping[str, Value]):
    """What an expression sees: variables of the nearest scope first, then what the host adds."""

    __slots__ = ("_extras", "_ids", "_layers")

    def __init__(self, ids: tuple[int, ...], layers: list[dict[str, Value]], extras: Extras) -> None:
        self._ids = ids
        self._layers = layers
        self._extras = extras

    def __getitem__(self, name: str) -> Value:
        for layer in self._layers:
            if name in layer:
                return layer[name]
        return self._extras(self._ids)[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.variables())

    def __len__(self) -> int:
        return len(self.variables())

    def under(self, values: dict[str, Value]) -> "View":
        """The same with more names on top, also those that are added to ``values`` later."""
        return View(self._ids, [values, *self._layers], self._extras)

    def variables(self) -> dict[str, Value]:
        """The variables alone, without the names the host adds."""
        found: dict[str, Value] = {}
        for layer in reversed(self._layers):
            found.update(layer)
        return found


class _Open:
    """A scope in memory."""

    __slots__ = ("kind", "parent", "variables")

    def __init__(self, parent: int | None, kind: ScopeKind, variables: dict[str, Value]) -> None:
        self.parent = parent
        self.kind = kind
        self.variables = variables


class Scopes:
    """All scopes of an instance, by the id of the token that opened them (the instance's is 0)."""

    def __init__(self, facts: list[Fact]) -> None:
        self._open: dict[int, _Open] = {ROOT_SCOPE: _Open(None, ScopeKind.ROOT, {})}
        self._facts = facts
        self.changed = False

    def restore(self, scopes: Mapping[int, Scope]) -> None:
        """Take over stored scopes."""
        for scope in scopes.values():
            self._open[scope.id] = _Open(scope.parent, scope.kind, dict(scope.variables))

    def dump(self) -> dict[int, Scope]:
        return {
            scope_id: Scope(
                id=scope_id, parent=scope.parent, kind=scope.kind, variables=dict(scope.variables)
            )
            for scope_id, scope in self._open.items()
        }

    def __contains__(self, scope_id: int) -> bool:
        return scope_id in self._open

    def open(
        self,
        scope_id: int,
        parent: int,
        variables: Mapping[str, Value] | None = None,
        *,
        kind: ScopeKind = ScopeKind.LOCAL,
    ) -> None:
        """Open a scope inside ``parent``; opening it again keeps what it holds."""
        if scope_id not in self._open:
            self._open[scope_id] = _Open(parent, kind, {})
        if variables:
            self.set_local(scope_id, variables)

    def hand_in(self, scope_id: int, visible: Mapping[str, Value]) -> None:
        """Copy into a barrier what is to be visible behind it."""
        self._open[scope_id].variables.update(visible)

    def close(self, scope_id: int) -> None:
        self._open.pop(scope_id, None)

    def view(self, scope_id: int, extras: Extras) -> View:
        """What can be seen from a scope."""
        return _view(self._chain(scope_id), extras)

    def view_across(self, scope_id: int, extras: Extras) -> View:
        """What can be seen from a scope that is a barrier, with what is outside it."""
        return _view(self._across(scope_id), extras)

    def view_outside(self, scope_id: int, names: Collection[str], extras: Extras) -> View:
        """What can be seen from outside a scope, and of its own variables only those with these names."""
        scope = self._open[scope_id]
        assert scope.parent is not None, "the instance has no outside"
        own = {name: value for name, value in scope.variables.items() if name in names}
        return self.view(scope.parent, extras).under(own)

    def local(self, scope_id: int) -> Mapping[str, Value]:
        """The variables of one scope alone."""
        return self._open[scope_id].variables

    def set_local(self, scope_id: int, values: Mapping[str, Value]) -> None:
        """Write into this scope."""
        if values:
            self._open[scope_id].variables.update(values)
            self._note(scope_id, values)

    def set(self, scope_id: int, values: Mapping[str, Value]) -> None:
        """Write each value where its name is known, else into the outermost scope that can be seen.

        What is told of it is the same in whatever order the names come: rows do not keep it.
        """
        owned: dict[int, dict[str, Value]] = {}
        for name, value in values.items():
            owned.setdefault(self._owner(scope_id, name), {})[name] = value
        for owner in sorted(owned):
            self.set_local(owner, owned[owner])

    def _owner(self, scope_id: int, name: str) -> int:
        owner = scope_id
        for found, scope in self._chain(scope_id):
            owner = found
            if name in scope.variables:
                break
        return owner

    def _across(self, scope_id: int) -> Iterator[tuple[int, _Open]]:
        scope = self._open[scope_id]
        yield scope_id, scope
        if scope.parent is not None:
            yield from self._chain(scope.parent)

    def _chain(self, scope_id: int) -> Iterator[tuple[int, _Open]]:
        current: int | None = scope_id
        while current is not None:
            scope = self._open[current]
            yield current, scope
            current = None if scope.kind is ScopeKind.BARRIER else scope.parent

    def _note(self, scope_id: int, values: Mapping[str, Value]) -> None:
        self.changed = True
        last = self._facts[-1] if self._facts else None
        if isinstance(last, VariablesSet) and last.scope_id == scope_id:
            self._facts[-1] = VariablesSet(scope_id, {**last.variables, **values})
        else:
            self._facts.append(VariablesSet(scope_id, dict(values)))


def _view(scopes: Iterable[tuple[int, _Open]], extras: Extras) -> View:
    ids, layers = [], []
    for found, scope in scopes:
        ids.append(found)
        layers.append(scope.variables)
    return View(tuple(ids), layers, extras)
