"""What moving cases to another version would do to each, in words, and what came of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.db.tables import InstanceState
from engine.dialect import Element
from engine.queries.migration import MoveLine
from engine.runtime.migration import Preview
from engine.runtime.operator import Foreseen, What
from web.presenters import dates, tags
from web.presenters.operating import Choice, Effect, Effects, choices, deadline, place, stop
from web.presenters.tags import Tag
from web.presenters.twin import KINDS, name_of

Elements = Mapping[str, Element]
"""Elements by their id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """A case in the table of the preview; `problems` are empty where it can be moved."""

    id: int
    reference: str
    versions: str
    state: Tag
    stands: tuple[str, ...]
    effects: Effects
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """An element that a case stands at and that has no place in the new version, and what could be its."""

    id: str
    name: str
    choices: tuple[Choice, ...]
    chosen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveRow:
    """A move that stands."""

    instance_id: int
    reference: str
    said: str
    undoable: bool


def case_row(found: Preview, old: Elements, new: Elements) -> CaseRow:
    """`old` and `new` hold the elements of the versions before and after."""
    return CaseRow(
        id=found.instance_id,
        reference=found.reference,
        versions=", ".join(map(str, found.versions)),
        state=tags.CASE[InstanceState(found.state)],
        stands=tuple(_stands(old[a.partition("[")[0]], new[b.partition("[")[0]]) for a, b in found.moves)
        or tuple(name_of(old[each]) for each in found.problems),
        effects=Effects(rows=(), stops=()) if found.foreseen is None else _effects(found.foreseen),
        problems=tuple(_problem(old[each], new.get(each), why) for each, why in found.problems.items()),
    )


def missing(
    previews: Iterable[Preview], old: Elements, new: Elements, rename: Mapping[str, str]
) -> tuple[Missing, ...]:
    """Every element that stands in the way, with elements of its kind to choose from."""
    ids = dict.fromkeys([*rename, *(each for preview in previews for each in preview.problems)])
    return tuple(
        Missing(
            id=each,
            name=name_of(old[each]),
            choices=choices(one for one in new.values() if one.kind == old[each].kind),
            chosen=rename.get(each, ""),
        )
        for each in ids
        if each in old
    )


def move_row(line: MoveLine, names: Mapping[str, str]) -> MoveRow:
    """`names` holds people by id."""
    who = names.get(line.by, line.by)
    return MoveRow(
        instance_id=line.instance_id,
        reference=line.reference,
        said=f"To version {line.version} by {who} on {dates.moment(line.at)}: {line.reason}",
        undoable=line.undoable,
    )


def _stands(old: Element, new: Element) -> str:
    before, after = name_of(old), name_of(new)
    return before if (before, old.id) == (after, new.id) else f"{before} → {after}"


def _effects(found: Foreseen) -> Effects:
    """Tasks stay with those who hold them; told is what becomes of the rest."""
    told: Sequence[tuple[str, Sequence[str]]] = (
        ("Timers kept", [place(each) for each in found.kept if each.what is What.TIMER]),
        ("Timers moved", [place(will) for _, will in found.moved]),
        ("Begins to wait", [place(each) for each in found.begun]),
        ("Waits no more", [place(each) for each in found.withdrawn]),
        ("Deadlines", [deadline(each) for each in found.deadlines]),
    )
    rows = tuple(Effect(title, tuple(things)) for title, things in told if things)
    return Effects(rows=rows, stops=tuple(map(stop, found.stops)))


def _problem(old: Element, new: Element | None, why: str) -> str:
    if new is None:
        return f"{name_of(old)} is not in the new version."
    if new.kind != old.kind:
        return f"{name_of(old)} is another thing there: {KINDS[old.kind]} → {KINDS[new.kind]}."
    return f"{name_of(old)}: {why}."
