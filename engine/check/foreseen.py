"""Finds error events on the border of what never throws such an error: the way behind them is never taken."""

from collections.abc import Iterator

from engine import dialect
from engine.check.files import ReadFiles
from engine.check.findings import Finding

_MAY_THROW_ANY = frozenset({"subProcess", "callActivity"})


def check_foreseen(read: ReadFiles) -> Iterator[Finding]:
    """An error that is caught on the border of a task must be one that its job may end in."""
    for file, model in read.diagrams.items():
        for process in model.processes.values():
            for event in process.elements.values():
                if isinstance(event.event, dialect.ErrorEvent) and event.attached_to is not None:
                    thrown = _thrown_by(process.elements[event.attached_to])
                    if thrown is not None and not _catches_one(event.event, thrown):
                        yield Finding(
                            file=file, element=event.id, reason=_reason(event.event, thrown), remedy=_REMEDY
                        )


_REMEDY = "Correct the error's code, remove the event, or put it on the border of what throws the error."


def _thrown_by(activity: dialect.Element) -> frozenset[str] | None:
    """The codes of the errors it may throw; None where only those who do its job know, or run it."""
    if activity.kind in _MAY_THROW_ANY:
        return None
    if activity.task is None:
        return frozenset()
    return dialect.JOB_ERRORS.get(activity.task.type.text)


def _catches_one(event: dialect.ErrorEvent, thrown: frozenset[str]) -> bool:
    return bool(thrown) if event.code is None else not event.code.is_literal or event.code.text in thrown


def _reason(event: dialect.ErrorEvent, thrown: frozenset[str]) -> str:
    named = f"the error '{event.code.text}'" if event.code is not None else "any error"
    codes = "', '".join(sorted(thrown))
    known = f" It may throw '{codes}'." if thrown else ""
    return f"What it is on the border of never throws {named}, so that this way is never taken.{known}"
