"""Finds deadlines that are asked for and declared nowhere: a timer that follows one would never come."""

import re
from collections.abc import Iterator

from engine import dialect
from engine.check.files import ReadFiles
from engine.check.findings import Finding
from engine.check.names import expressions_of
from engine.deadlines.policy import PREFIX

_ASKED = re.compile(r"""\bdeadline(?:_calendar)?\(\s*"([^"]+)"\s*\)""")


def check_watched(read: ReadFiles) -> Iterator[Finding]:
    """Every deadline that an expression of a diagram names must be declared by one of the files."""
    declared = frozenset(_declared(read))
    for file, model in read.diagrams.items():
        for process in model.processes.values():
            for element in process.elements.values():
                for key in sorted(_asked(element) - declared):
                    yield Finding(
                        file=file,
                        element=element.id,
                        reason=f"It asks for the deadline '{key}', which no process declares.",
                        remedy=f"Correct its id, or declare it with properties '{PREFIX}{key}.…'.",
                    )


def _declared(read: ReadFiles) -> Iterator[str]:
    for model in read.diagrams.values():
        for process in model.processes.values():
            for properties in (process.properties, *(each.properties for each in process.elements.values())):
                for name in properties:
                    if name.startswith(PREFIX):
                        yield name.removeprefix(PREFIX).partition(".")[0]


def _asked(element: dialect.Element) -> frozenset[str]:
    written = (
        each.text for each in expressions_of(element) if each is not None and each.compiled is not None
    )
    return frozenset(key for text in written for key in _ASKED.findall(text))
