"""Reads the event definition of an event or receive task."""

from collections.abc import Callable, Mapping

from lxml import etree

from engine.dialect.durations import TimeFormatError, parse_cycle, parse_date, parse_duration
from engine.dialect.expressions import Expression, expression
from engine.dialect.extensions import check_extensions
from engine.dialect.model import (
    ConditionalEvent,
    ErrorEvent,
    EscalationEvent,
    EventDefinition,
    LinkEvent,
    MessageEvent,
    SignalEvent,
    TerminateEvent,
    TimerEvent,
    TimerKind,
)
from engine.dialect.reading import Reading, extension
from engine.dialect.xml import child, children, local_name, text_of


def read_event(node: etree._Element, reading: Reading) -> EventDefinition | None:
    """What an event waits for or throws; None for a plain event or an unreadable one."""
    if local_name(node) == "receiveTask":
        return _message(node, node, reading)
    definitions = [found for found in node if local_name(found).endswith("EventDefinition")]
    references = children(node, "eventDefinitionRef")
    if len(definitions) + len(references) > 1 or reading.flag(node, "parallelMultiple"):
        reading.refuse(
            node, "It has several event definitions.", "Draw one event for each, behind a gateway."
        )
        return None
    if references:
        reading.refuse(
            node, "It borrows its event definition from another element.", "Define the event here."
        )
        return None
    return _definition(node, definitions[0], reading) if definitions else None


def _definition(node: etree._Element, definition: etree._Element, reading: Reading) -> EventDefinition | None:
    name = local_name(definition)
    reader = READERS.get(name)
    if reader is None:
        reading.refuse(
            node,
            f"The event definition {name} is not run.",
            REMEDIES.get(name, "Use a timer, message, signal, error, escalation or conditional event."),
        )
        return None
    return reader(node, definition, reading)


def _timer(node: etree._Element, definition: etree._Element, reading: Reading) -> TimerEvent | None:
    for tag, kind in TIMERS.items():
        found = child(definition, tag)
        if found is not None:
            written = reading.text(node, text_of(found), "time of the timer")
            return None if written is None else _checked_timer(node, kind, written, reading)
    reading.refuse(node, "The timer has no time.", "Give it a date, a duration or a cycle.")
    return None


def _checked_timer(
    node: etree._Element, kind: TimerKind, written: Expression, reading: Reading
) -> TimerEvent | None:
    if written.is_literal:
        try:
            PARSERS[kind](written.text)
        except TimeFormatError as error:
            reading.refuse(node, f"The time of the timer: {error}", "Correct it or use FEEL after =.")
            return None
    return TimerEvent(kind, written)


def _message(node: etree._Element, definition: etree._Element, reading: Reading) -> MessageEvent | None:
    throws = local_name(node) in {"intermediateThrowEvent", "endEvent"}
    if throws and not definition.get("messageRef"):
        return MessageEvent(expression(""), None)
    message = reading.named(definition, "message", "messageRef")
    if message is None:
        return None
    check_extensions(message, reading)
    name = reading.text(node, message.get("name"), "message name")
    if name is None:
        reading.refuse(node, "Its message has no name.", "Name the message.")
        return None
    if throws or _starts_process(node):
        return MessageEvent(name, None)
    subscription = extension(message, "subscription")
    written = None if subscription is None else subscription.get("correlationKey")
    return MessageEvent(name, reading.formula(node, written, "correlation key of its message"))


def _starts_process(node: etree._Element) -> bool:
    holder = node.getparent()
    return local_name(node) == "startEvent" and holder is not None and local_name(holder) == "process"


def _signal(node: etree._Element, definition: etree._Element, reading: Reading) -> SignalEvent | None:
    signal = reading.named(definition, "signal", "signalRef")
    if signal is None:
        return None
    name = reading.text(node, signal.get("name"), "signal name")
    if name is None:
        reading.refuse(node, "Its signal has no name.", "Name the signal.")
        return None
    return SignalEvent(name)


def _error(node: etree._Element, definition: etree._Element, reading: Reading) -> ErrorEvent | None:
    code, readable = _code(node, definition, "error", reading)
    return ErrorEvent(code) if readable else None


def _escalation(node: etree._Element, definition: etree._Element, reading: Reading) -> EscalationEvent | None:
    code, readable = _code(node, definition, "escalation", reading)
    return EscalationEvent(code) if readable else None


def _code(
    node: etree._Element, definition: etree._Element, kind: str, reading: Reading
) -> tuple[Expression | None, bool]:
    """The code thrown or caught; a handler without one catches every code."""
    throws = local_name(node) in {"intermediateThrowEvent", "endEvent"}
    if not definition.get(f"{kind}Ref") and not throws:
        return None, True
    named = reading.named(definition, kind, f"{kind}Ref")
    if named is None:
        return None, False
    code = reading.text(node, named.get(f"{kind}Code"), f"{kind} code")
    if code is None:
        reading.refuse(node, f"Its {kind} has no code.", f"Give the {kind} a code; handlers match by it.")
    elif not throws and not code.is_literal:
        reading.refuse(node, f"The {kind} code it catches is computed.", "Write the code as plain text.")
        return None, False
    return code, code is not None


def _conditional(
    node: etree._Element, definition: etree._Element, reading: Reading
) -> ConditionalEvent | None:
    condition = reading.formula(node, text_of(child(definition, "condition")), "condition")
    return None if condition is None else ConditionalEvent(condition)


def _terminate(
    _node: etree._Element, _definition: etree._Element, _reading: Reading
) -> TerminateEvent | None:
    return TerminateEvent()


def _link(node: etree._Element, definition: etree._Element, reading: Reading) -> LinkEvent | None:
    name = definition.get("name", "").strip()
    if not name:
        reading.refuse(node, "The link has no name.", "Give both ends of the link the same name.")
    return LinkEvent(name) if name else None


Reader = Callable[[etree._Element, etree._Element, Reading], EventDefinition | None]
TIMERS: Mapping[str, TimerKind] = {
    "timeDate": TimerKind.DATE,
    "timeDuration": TimerKind.DURATION,
    "timeCycle": TimerKind.CYCLE,
}
PARSERS: Mapping[TimerKind, Callable[[str], object]] = {
    TimerKind.DATE: parse_date,
    TimerKind.DURATION: parse_duration,
    TimerKind.CYCLE: parse_cycle,
}
READERS: Mapping[str, Reader] = {
    "timerEventDefinition": _timer,
    "messageEventDefinition": _message,
    "signalEventDefinition": _signal,
    "errorEventDefinition": _error,
    "escalationEventDefinition": _escalation,
    "conditionalEventDefinition": _conditional,
    "terminateEventDefinition": _terminate,
    "linkEventDefinition": _link,
}
REMEDIES: Mapping[str, str] = {
    "compensateEventDefinition": "Draw the undoing as tasks of its own on the path that needs it.",
    "cancelEventDefinition": "Use a sub-process with an error event instead of a transaction.",
}
