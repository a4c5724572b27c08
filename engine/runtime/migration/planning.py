"""What a move to another version would do: where each token would stand, and what cannot be moved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from engine import spiff
from engine.db.tables import Instance, InstanceState, ProcessDefinition, Token
from engine.runtime.errors import DefinitionMissingError, RefusedCommandError
from engine.runtime.library import CompiledProcess, Library
from engine.runtime.migration.exchange import Exchange
from engine.runtime.operator.foresight import Foreseen, foresee_in


class RenameError(RefusedCommandError):
    """The renaming names elements that are not there."""


class NotMovableError(RefusedCommandError):
    """A case cannot be moved; `problems` says why, by the id of the element."""

    def __init__(self, reference: str, problems: Mapping[str, str]) -> None:
        found = "; ".join(f"{element}: {why}" for element, why in problems.items())
        super().__init__(
            f"Case {reference} cannot be moved: {found}.",
            "Say what these elements are called in the new version, or move their tokens first.",
        )
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The version to move to, the versions to move from, and what elements are called there now."""

    process: CompiledProcess
    old: frozenset[int]
    rename: Mapping[str, str]

    @property
    def for_kernel(self) -> spiff.MigrationTarget:
        """The same in the kernel's terms."""
        return spiff.MigrationTarget(old=self.old, new=self.process.definition, rename=self.rename)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a move would do to one case: each token's element before and after, and what stands against it.

    `moves` maps old to new element ids of this process, waiting boundary events included; `foreseen` says
    what becomes of tasks, timers and deadlines, None where the case cannot be moved.
    """

    instance_id: int
    reference: str
    state: str
    versions: tuple[int, ...]
    moves: tuple[tuple[str, str], ...]
    problems: Mapping[str, str]
    foreseen: Foreseen | None


def target(
    connection: Connection, library: Library, *, process_id: str, version: int, rename: Mapping[str, str]
) -> Target:
    """The version to move to. Raises `DefinitionMissingError`, `RenameError`."""
    rows = connection.execute(
        select(ProcessDefinition.id, ProcessDefinition.version).where(
            ProcessDefinition.process_id == process_id
        )
    ).all()
    new = next((row.id for row in rows if row.version == version), None)
    if new is None:
        raise DefinitionMissingError("process", f"{process_id} version {version}", "stored")
    found = Target(
        process=library.process(connection, new),
        old=frozenset(row.id for row in rows if row.id != new),
        rename=rename,
    )
    _check(connection, library, found)
    return found


def _check(connection: Connection, library: Library, found: Target) -> None:
    old = {name for each in found.old for name in library.process(connection, each).model.elements}
    wrong = [f"{name} is in no other version" for name in found.rename if name not in old]
    new = found.process.model.elements
    wrong += [
        f"{name} is not in version {found.process.version}"
        for name in found.rename.values()
        if name not in new
    ]
    if wrong:
        raise RenameError(f"The renaming is wrong: {'; '.join(wrong)}.", "Correct the ids and try again.")


def cases_on_other_versions(connection: Connection, to: Target) -> list[int]:
    """The numbers of the live cases in which one of the other versions runs, also as a called process."""
    query = (
        select(Token.instance_id)
        .join(Instance, Instance.id == Token.instance_id)
        .where(
            Token.definition_id.in_(to.old),
            Instance.state.in_([InstanceState.RUNNING, InstanceState.SUSPENDED]),
        )
        .distinct()
        .order_by(Token.instance_id)
    )
    return list(connection.execute(query).scalars())


def preview(
    connection: Connection, library: Library, *, instance_id: int, to: Target, at: datetime
) -> Preview:
    """What the move would do to a case; nothing is changed. Raises `NotFoundError`."""
    step = Exchange.look(connection, library, instance_id, at=at)
    before = {t.id: t for t in step.execution.state().tokens.values() if t.definition in to.old}
    problems: Mapping[str, str] = {}
    moves: list[tuple[str, str]] = []
    foreseen = None
    try:
        foreseen = foresee_in(step, lambda _: step.exchange_for(to.process, to.for_kernel), to.rename)
    except spiff.MigrationError as error:
        problems = error.problems
    else:
        after = step.execution.state().tokens
        moves = [(token.element, after[each].element) for each, token in before.items() if each in after]
    versions = {library.process(connection, int(token.definition)).version for token in before.values()}
    return Preview(
        instance_id=instance_id,
        reference=step.case.reference,
        state=step.case.state,
        versions=tuple(sorted(versions)),
        moves=tuple(dict.fromkeys(moves)),
        problems=problems,
        foreseen=foreseen,
    )
