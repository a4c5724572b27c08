"""Chains of cases: what started what, as far as the visitor may see."""

from collections.abc import Iterable
from dataclasses import dataclass

from engine.db.tables import InstanceState
from engine.queries.chains import ChainLine
from web.presenters import dates, tags
from web.presenters.tags import Tag


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainRow:
    """A case in a chain; `follows` are those it started."""

    reference: str
    process: str
    state: Tag
    restricted: Tag | None
    when: str
    follows: tuple["ChainRow", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """The cases next to one case."""

    before: tuple[ChainRow, ...]
    after: tuple[ChainRow, ...]


def chains(lines: Iterable[ChainLine]) -> tuple[ChainRow, ...]:
    """The lines as trees, the latest first; a case whose starter is not among them begins one."""
    found = list(lines)
    numbers = {line.id for line in found}
    roots = [line for line in found if line.started_by_instance_id not in numbers]
    return tuple(_row(line, found) for line in reversed(roots))


def beside(lines: Iterable[ChainLine], instance_id: int) -> Beside:
    """What started a case and what it started."""
    found = list(lines)
    return Beside(
        before=tuple(_row(line) for line in found if line.started_by_instance_id != instance_id),
        after=tuple(_row(line) for line in found if line.started_by_instance_id == instance_id),
    )


def _row(line: ChainLine, among: Iterable[ChainLine] = ()) -> ChainRow:
    ended = f", ended {dates.moment(line.ended_at)}" if line.ended_at else ""
    return ChainRow(
        reference=line.reference,
        process=line.process_name,
        state=tags.CASE[InstanceState(line.state)],
        restricted=tags.RESTRICTED if line.restricted else None,
        when=f"Started {dates.moment(line.started_at)}{ended}",
        follows=tuple(_row(each, among) for each in among if each.started_by_instance_id == line.id),
    )
