"""Rule ids that a note cites in square brackets at its end: "Small agency. [ASA-FI-125, D-20]"."""

import re

_CITED = re.compile(r"\s*\[((?:[A-Z]+(?:-[A-Z0-9]+)+(?:,\s*)?)+)\]\s*$")


def split(note: str) -> tuple[str, tuple[str, ...]]:
    """The note without its citations, and the ids it cites."""
    found = _CITED.search(note)
    if found is None:
        return note, ()
    return note[: found.start()], tuple(part.strip() for part in found[1].split(",") if part.strip())
