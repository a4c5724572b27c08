"""A step that goes on with the same case on other versions of its processes."""

from msgspec.structs import replace
from sqlalchemy import delete

from engine import spiff
from engine.db.tables import Subscription
from engine.runtime import rows
from engine.runtime.library import CompiledProcess
from engine.runtime.step import Step


class Exchange(Step):
    """A case under its lock whose execution is exchanged before it is saved.

    Conditions are looked at again: those of the other version may be true already.
    """

    def exchange_for(self, process: CompiledProcess, target: spiff.MigrationTarget) -> None:
        """Move what runs an old version to `process`. Raises `spiff.MigrationError`: nothing is moved."""
        state = self.execution.state()
        at_top = {token.definition for token in state.tokens.values() if token.container is None}
        top = process if at_top & set(target.old) else self.process
        self.host.process(process.id)
        self._go_on(top, spiff.Execution.migrated(top.definition, self.host, state, target))

    def exchange_back(self, top: CompiledProcess, tokens: list[list[object]]) -> None:
        """Put the tokens (rows as `rows.state_of` reads them) back on the versions they ran."""
        scopes = self.execution.state().scopes
        state = replace(rows.state_of(self.case, replace(self.rows, tokens=tokens)), scopes=scopes)
        self.host.process(top.id)
        self._go_on(top, spiff.Execution.load(top.definition, self.host, state))

    def _go_on(self, top: CompiledProcess, execution: spiff.Execution) -> None:
        self.process, self.execution = top, execution
        self._follow()
        self.execution.refresh_conditions()

    def save(self) -> None:
        """Write what the exchange changed: subscriptions anew, stopped paths as the incidents they are."""
        for task in self.execution.open_user_tasks:
            self.renew_task(task.token_id, redate=False)
        kept = {
            note.token_id: note
            for note in self.execution.incidents
            if note.token_id in self._before.incidents
        }
        self._before = replace(self._before, subscriptions={}, incidents={**self._before.incidents, **kept})
        self.connection.execute(delete(Subscription).where(Subscription.instance_id == self.case.id))
        super().save()
