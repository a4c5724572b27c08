"""What a proof reports: one finding with a concrete example where there is one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What is wrong with a table, or what could not be looked at."""

    GAP = "gap"
    OVERLAP = "overlap"
    UNREACHABLE = "unreachable"
    SUBSUMED = "subsumed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A defect of one table: rows by number, an input as FEEL text by column, and how to mend it."""

    decision_id: str
    table_id: str
    kind: Kind
    rows: tuple[int, ...] = ()
    example: Mapping[str, str] = field(default_factory=dict)
    message: str
    remedy: str
