"""Cases as the last step in this process left them, so that the next need not read them again.

What is done with a kept case counts only for the one who then has locked the case's row and finds it as our
own transaction wrote it: the same transaction number (`xmin`) and the same head of the history chain.
Whatever anybody else wrote, also later in that same transaction, changes one of the two. What was kept by a
transaction that then rolled back has a number that no row ever has.
"""

from threading import Lock

from msgspec import Struct

from engine import spiff
from engine.runtime.rows import Picture
from engine.runtime.store import CaseRow, LiveRows

LIMIT = 200
"""How many cases a process keeps, the latest: some 20 to 100 kB each."""


class KeptCase(Struct, frozen=True):
    """What a step reads of a case, and the case itself in memory."""

    version: bytes
    case: CaseRow
    rows: LiveRows
    picture: Picture
    execution: spiff.Execution


class KeptCases:
    """The kept cases of a process, shared by its threads; each is handed out once."""

    def __init__(self, limit: int = LIMIT) -> None:
        """With a `limit` of 0 nothing is kept."""
        self._limit = limit
        self._cases: dict[int, KeptCase] = {}
        self._of_tasks: dict[int, int] = {}  # by task, whose case it is
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._cases)

    def take(self, task_id: int) -> KeptCase | None:
        """The case that was left with this open task; it is then kept no more."""
        with self._lock:
            case_id = self._of_tasks.get(task_id)
            return self._drop(case_id) if case_id is not None else None

    def put(self, kept: KeptCase) -> None:
        """Keep a case as the step that has just been written leaves it."""
        with self._lock:
            if kept.case.id in self._cases:
                self._drop(kept.case.id)
            self._cases[kept.case.id] = kept
            self._of_tasks |= {task["id"]: kept.case.id for task in kept.rows.tasks}
            while len(self._cases) > self._limit:
                self._drop(next(iter(self._cases)))

    def _drop(self, case_id: int) -> KeptCase:
        dropped = self._cases.pop(case_id)
        for task in dropped.rows.tasks:
            self._of_tasks.pop(task["id"], None)  # a laboratory's next database counts its tasks anew
        return dropped
