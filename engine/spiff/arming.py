"""What a waiting event waits for, as JSON records in its token: computed once, kept until it fires."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine import feel
from engine.dialect import (
    ConditionalEvent,
    ErrorEvent,
    EscalationEvent,
    EventDefinition,
    MessageEvent,
    SignalEvent,
    TimerEvent,
    TimerKind,
)
from engine.dialect.durations import TimeFormatError, parse_cycle
from engine.spiff.evaluation import EXPRESSION
from engine.spiff.incidents import IncidentError
from engine.spiff.live import LiveTask
from engine.spiff.times import after, due_at, duration, to_moment, turn_after

Record = Mapping[str, Any]
DEADLINE = "deadline"
KINDS: Mapping[type, str] = {
    TimerEvent: "timer",
    MessageEvent: "message",
    SignalEvent: "signal",
    ErrorEvent: "error",
    EscalationEvent: "escalation",
    ConditionalEvent: "condition",
}
"""What a record says its event is."""
OPEN_ENDED = object()


def arm(task: LiveTask, key: str, event: EventDefinition) -> None:
    """Begin to wait for an event.

    :raises IncidentError: its time, name or correlation key cannot be computed.
    """
    armed = {**records(task), key: _record(task, event)}
    task.internal_data["armed"] = armed


def records(task: LiveTask) -> dict[str, Record]:
    """What the token waits for, by the id of the event."""
    return task.internal_data.get("armed", {})  # type: ignore[return-value]  # written by this module only


def replace(task: LiveTask, key: str, record: Record) -> None:
    """Wait for something else under the same key."""
    task.internal_data["armed"] = {**records(task), key: record}


def fits(record: Record, event: EventDefinition | None) -> bool:
    """Whether a record waits for an event of this kind."""
    return bool(KINDS.get(type(event)) == record["kind"])


def open_records(task: LiveTask) -> dict[str, Record]:
    """What the token waits for now: nothing while it is stopped."""
    return records(task) if task.incident is None else {}


def disarm(task: LiveTask) -> None:
    """Stop waiting."""
    task.internal_data.pop("armed", None)
    task.top.conditions.pop(task.id, None)


def again(task: LiveTask, key: str) -> bool:
    """Wait for the next time, after a firing that did not interrupt; False if there is none."""
    record = records(task)[key]
    if record["kind"] != "timer":
        if record["kind"] == "condition":
            replace(task, key, {**record, "seen": True})
        return True
    if "cycle" not in record:
        return False
    fired = record["fired"] + 1
    cycle = parse_cycle(record["cycle"])
    if cycle.count is not None and fired >= cycle.count:
        return False
    # Turns that were missed while nothing ran are not made up: one reminder says what fifty would.
    start = datetime.fromisoformat(record["from"])
    try:
        due = turn_after(start, cycle.period, task.top.now, least=fired + record["lead"])
    except TimeFormatError:
        return False  # the calendar has no day for it
    replace(task, key, {**record, "fired": fired, "due": due.isoformat()})
    return True


def follow(task: LiveTask, key: str, event: EventDefinition) -> None:
    """Move a timer that names a deadline to where the deadline is now."""
    if isinstance(event, TimerEvent) and follows_deadline(event):
        replace(task, key, _record(task, event))


def follows_deadline(event: TimerEvent) -> bool:
    """Whether the timer is written in terms of a deadline and moves with it."""
    compiled = event.expression.compiled
    return event.kind is TimerKind.DATE and compiled is not None and DEADLINE in compiled.names


def _record(task: LiveTask, event: EventDefinition) -> Record:
    evaluator, spec = task.top.evaluator, task.task_spec
    seen = spec.awaited_from(task)
    match event:
        case TimerEvent():
            return _timer(task, event)
        case MessageEvent(name=name, correlation_key=key):
            return {
                "kind": "message",
                "name": evaluator.text(seen, name, "message name"),
                "key": "" if key is None else evaluator.text(spec.view(task), key, "correlation key"),
            }
        case SignalEvent(name=name):
            return {"kind": "signal", "name": evaluator.text(seen, name, "signal name")}
        case ErrorEvent(code=code):
            return {"kind": "error", "code": None if code is None else code.text}
        case EscalationEvent(code=code):
            return {"kind": "escalation", "code": None if code is None else code.text}
        case _:
            return {"kind": "condition", "seen": False}


def _timer(task: LiveTask, event: TimerEvent) -> Record:
    written = event.expression
    value = _day_of_deadline(task, event) if follows_deadline(event) else None
    if value is OPEN_ENDED:
        return {"kind": "timer", "due": None}
    if value is None:
        seen = task.task_spec.awaited_from(task)
        value = task.top.evaluator.value(seen, written, "time of the timer")
    now = task.top.now
    try:
        if event.kind is TimerKind.DURATION:
            return {"kind": "timer", "due": after(now, duration(value)).isoformat()}
        if event.kind is TimerKind.CYCLE:
            return _cycle(str(value), now)
        return {"kind": "timer", "due": due_at(value).isoformat()}
    except TimeFormatError as error:
        raise IncidentError(
            EXPRESSION,
            f"The time of the timer “{written.text}”: {error}",
            "Correct the variables of the case and retry, or correct the timer in a new version.",
        ) from error


def _day_of_deadline(task: LiveTask, event: TimerEvent) -> feel.Value | object:
    """What a timer that names deadlines gives; `OPEN_ENDED` where one has no due day yet, or stands still.

    So it is where the case has no such deadline: a called process may watch one that only some callers set
    (`sccif check` knows those that nobody sets). Only then null is no mistake, whatever is done with it.
    """
    seen = task.task_spec.awaited_from(task)
    asked: list[feel.Value] = []

    def deadline(key: feel.Value) -> feel.Value:
        function = seen[DEADLINE]
        assert isinstance(function, feel.NativeFunction)
        asked.append(function.call(key))
        return asked[-1]

    compiled = event.expression.compiled
    assert compiled is not None
    context = ChainMap({DEADLINE: feel.NativeFunction(("id",), deadline)}, seen)  # type: ignore[arg-type]  # only read
    try:
        value = compiled.evaluate(context, task.top.host.environment).value
    except feel.EvaluationBudgetError:
        return None  # told as an incident when it is evaluated as any other
    open_ended = any(each is None or (isinstance(each, dict) and each["due"] is None) for each in asked)
    return OPEN_ENDED if value is None and open_ended else value


def _cycle(text: str, now: datetime) -> Record:
    """Each due time counts periods from one start, so that a month end does not drift."""
    cycle = parse_cycle(text)
    lead = 1 if cycle.start is None else 0
    start = now if cycle.start is None else to_moment(cycle.start)
    return {
        "kind": "timer",
        "cycle": text,
        "from": start.isoformat(),
        "lead": lead,
        "fired": 0,
        "due": after(start, cycle.period, lead).isoformat(),
    }
