"""Many cases moved to another version or back, each in a transaction of its own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from engine.db import Database
from engine.queries import migration as queries
from engine.runtime import migration
from engine.runtime.errors import RefusedCommandError
from engine.runtime.library import Library
from engine.runtime.operator.rights import ADMINISTRATOR
from engine.runtime.user_tasks import Actor, Role

COMMAND_LINE = Actor("command line", (Role(ADMINISTRATOR),))
"""Whoever has a shell on the server with the database's password."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one case; `why` is empty where it was done."""

    reference: str
    why: str


class Mover:
    """Previews, moves and takes back; one case that cannot be moved stops no other."""

    def __init__(self, database: Database, library: Library, at: datetime) -> None:
        """`at` is the moment of the command."""
        self._database, self._library, self._at = database, library, at

    def preview(self, process_id: str, version: int, rename: Mapping[str, str]) -> list[migration.Preview]:
        """What the move would do to every case on another version.

        Raises `DefinitionMissingError`, `migration.RenameError`.
        """
        with self._database.read() as connection:
            to = self._target(connection, process_id, version, rename)
            return self.foresee(connection, to, migration.cases_on_other_versions(connection, to))

    def foresee(
        self, connection: Connection, to: migration.Target, cases: Sequence[int]
    ) -> list[migration.Preview]:
        """What the move would do to these cases."""
        return [
            migration.preview(connection, self._library, instance_id=each, to=to, at=self._at)
            for each in cases
        ]

    def move(
        self,
        process_id: str,
        version: int,
        rename: Mapping[str, str],
        chosen: Sequence[int] | None,
        reason: str,
        by: Actor,
    ) -> list[Outcome]:
        """Move the chosen cases, or all that are on another version. Raises what `preview` raises."""
        with self._database.read() as connection:
            to = self._target(connection, process_id, version, rename)
            there = migration.cases_on_other_versions(connection, to)
        wanted = there if chosen is None else list(dict.fromkeys(chosen))

        def one(connection: Connection, case: int) -> None:
            migration.migrate(
                connection, self._library, instance_id=case, to=to, reason=reason, by=by, at=self._at
            )

        return self._each(wanted, one)

    def undo(self, chosen: Sequence[int], reason: str, by: Actor, *, to: int | None = None) -> list[Outcome]:
        """Take back the last move of the chosen cases; with `to`, only a move to this stored version."""

        def one(connection: Connection, case: int) -> None:
            migration.undo(
                connection, self._library, instance_id=case, reason=reason, by=by, at=self._at, to=to
            )

        return self._each(list(dict.fromkeys(chosen)), one)

    def undo_to(
        self, process_id: str, version: int, chosen: Sequence[int], reason: str, by: Actor
    ) -> list[Outcome]:
        """Take back the move of the chosen cases to this version, if it was their last.

        Raises `DefinitionMissingError`.
        """
        with self._database.read() as connection:
            to = self._target(connection, process_id, version, {})
        return self.undo(chosen, reason, by, to=to.process.id)

    def _target(
        self, connection: Connection, process_id: str, version: int, rename: Mapping[str, str]
    ) -> migration.Target:
        return migration.target(
            connection, self._library, process_id=process_id, version=version, rename=rename
        )

    def _each(self, cases: Sequence[int], act: Callable[[Connection, int], None]) -> list[Outcome]:
        with self._database.read() as connection:
            names = queries.references(connection, list(cases))
        outcomes = []
        for case in cases:
            why = ""
            try:
                with self._database.begin() as connection:
                    act(connection, case)
            except RefusedCommandError as error:
                why = str(error)
            outcomes.append(Outcome(reference=names.get(case, str(case)), why=why))
        return outcomes
