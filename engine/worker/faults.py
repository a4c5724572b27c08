"""Tells of an error whether the database as a whole is to blame, and what to say of it."""

import psycopg
from sqlalchemy.exc import DBAPIError, OperationalError, TimeoutError

GONE = frozenset({"57P01", "57P02", "57P03", "53300", "53100", "58030"})
"""SQLSTATEs of a server that shuts down, starts up, takes no more connections, or has no room or no disk
to write on that works; so is all of class 08."""

PASSES = frozenset({"25006", "0A000", "25P03", "55P03", "57014"})
"""SQLSTATEs that say nothing of what was written: a server that only reads (the first two, as it is asked
to write or to begin to), a step that stood still for too long, a lock, a cancelled query."""

PASSING_CLASSES = ("40", "53", "58")
"""Transactions that met others, a server without room, a system that failed."""

NOT_STORED = "22P05"


def is_away(error: BaseException) -> bool:
    """Whether no case could be written now, as when the connection was lost; all else is one case's fault."""
    state = _state(error)
    if state:
        return state in GONE or state.startswith("08")
    # The pool or the driver says it itself; the driver's other classes tell of values that cannot be sent.
    of_connection = isinstance(error, OperationalError | psycopg.OperationalError | TimeoutError)
    return of_connection or type(_of_driver(error)) is psycopg.DatabaseError


def passes(error: BaseException) -> bool:
    """Whether the same may succeed in a while, since what was to be written is not to blame."""
    state = _state(error)
    return is_away(error) or state in PASSES or state.startswith(PASSING_CLASSES)


def told(error: BaseException) -> str:
    """An error in a sentence that can be stored."""
    found = _of_driver(error)
    if found is None:
        return storable(f"{type(error).__name__}: {error}")
    if found.sqlstate == NOT_STORED or (isinstance(found, psycopg.DataError) and "NUL" in str(found)):
        return "A text holds the character U+0000 (NUL), which the database cannot store."
    return storable(f"The database says: {str(found).splitlines()[0]}")


def storable(text: str) -> str:
    """A text as PostgreSQL can store it."""
    return text.replace("\0", r"\u0000").encode("utf-8", "backslashreplace").decode()


def _state(error: BaseException) -> str:
    found = _of_driver(error)
    return (found.sqlstate if found is not None else None) or ""


def _of_driver(error: BaseException) -> psycopg.Error | None:
    found = error.orig if isinstance(error, DBAPIError) else error
    return found if isinstance(found, psycopg.Error) else None
