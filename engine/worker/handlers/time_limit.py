"""How long a job may take, as its task says."""

from datetime import timedelta

from engine.dialect.durations import TimeFormatError, parse_duration
from engine.runtime.jobs import Leased
from engine.worker.handlers.base import HandlerError

USUAL = timedelta(minutes=1)
LONGEST = timedelta(minutes=4)
"""A lease must outlast every handler; see `engine.worker.doing.LEASE`."""

SHARE = 0.9


def limit_of(job: Leased) -> timedelta:
    """The time a job may take: its header `timeLimit` (PT30S), a minute without. Raises `HandlerError`."""
    text = job.headers.get("timeLimit", "")
    if not text:
        return USUAL
    try:
        found = parse_duration(text).elapsed
    except TimeFormatError as error:
        raise HandlerError(f"The task header 'timeLimit' is wrong: {error}") from error
    if not timedelta(0) < found <= LONGEST:
        minutes = int(LONGEST.total_seconds() // 60)
        raise HandlerError(f"The task header 'timeLimit' must lie between PT1S and PT{minutes}M.")
    return found


def for_the_peer(job: Leased) -> float:
    """Seconds that the other side of a job has: who gives up itself says why, and leaves no thread behind.

    Raises `HandlerError`.
    """
    return limit_of(job).total_seconds() * SHARE
