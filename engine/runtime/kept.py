"""Cases as the last step in this process left them, so that the next need not read them again.

A kept case is used only by the one who has locked the case's row and finds it as our own transaction wrote
it: the same transaction number (`xmin`) and the same head of the history chain. Whatever anybody else wrote,
also later in that same transaction, changes one of the two. What was kept by a transaction that then rolled
back has a number that no row ever has.
"""

from collections import OrderedDict
from threading import Lock

from msgspec import Struct

from engine import spiff
from engine.runtime.rows import Picture
from engine.runtime.store import CaseRow, LiveRows, LockedCase

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
        self._cases: OrderedDict[int, KeptCase] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._cases)

    def take(self, locked: LockedCase) -> KeptCase | None:
        """The kept case if it is what the locked row stands for; it is then kept no more."""
        with self._lock:
            found = self._cases.pop(locked.id, None)
        if found is None or (found.version, found.case.chain_head) != (locked.version, locked.chain_head):
            return None
        return found

    def put(self, kept: KeptCase) -> None:
        """Keep a case as the step that has just been written leaves it."""
        with self._lock:
            self._cases[kept.case.id] = kept
            self._cases.move_to_end(kept.case.id)
            while len(self._cases) > self._limit:
                self._cases.popitem(last=False)
