"""Checks plain texts where a number, a date or a length of time is wanted; computed ones meet a case."""

from collections.abc import Callable, Iterator

from engine import dialect
from engine.check.files import ReadFiles
from engine.check.findings import Finding
from engine.dialect.durations import TimeFormatError, parse_duration
from engine.dialect.numbers import PRIORITIES, RETRIES, whole_number
from engine.spiff.times import london_day

OF_JOBS = ("timeLimit", "retryBackoff")
OF_MESSAGES = ("timeToLive",)
"""The headers that hold a duration."""


def check_literals(read: ReadFiles) -> Iterator[Finding]:
    """Priorities, numbers of tries, dates and durations that are written out must be such."""
    for file, model in read.diagrams.items():
        for process in model.processes.values():
            for element in process.elements.values():
                for reason, remedy in _problems(element):
                    yield Finding(file=file, element=element.id, reason=reason, remedy=remedy)


def _problems(element: dialect.Element) -> Iterator[tuple[str, str]]:
    yield from _number("priority", element.priority, PRIORITIES)
    for what, stated in (("due", element.schedule.due_date), ("follow-up", element.schedule.follow_up_date)):
        yield from _readable(f"The {what} date", stated, london_day)
    if element.task is None:
        return
    yield from _number("number of retries", element.task.retries, RETRIES)
    sends = element.task.type.text == dialect.PUBLISH_MESSAGE
    for name in OF_MESSAGES if sends else OF_JOBS:
        yield from _readable(f"The header {name}", element.task.headers.get(name), parse_duration)


def _number(what: str, stated: dialect.Expression | None, among: range) -> Iterator[tuple[str, str]]:
    if stated is not None and stated.is_literal and whole_number(stated.text, among) is None:
        yield (
            f"The {what} “{stated.text}” is no whole number from {among[0]} to {among[-1]}.",
            "Correct it, or begin it with = if it is FEEL.",
        )


def _readable(
    what: str, stated: dialect.Expression | None, read: Callable[[str], object]
) -> Iterator[tuple[str, str]]:
    if stated is None or not stated.is_literal:
        return
    try:
        read(stated.text)
    except TimeFormatError as error:
        yield f"{what}: {error}", "Correct it, or begin it with = if it is FEEL."
