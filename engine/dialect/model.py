"""A BPMN file as plain values: what the modeller drew, in the words of BPMN and zeebe."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from engine.dialect.expressions import Expression

NOTHING: Mapping[str, str] = MappingProxyType({})


class BindingType(StrEnum):
    """Which version of a form, decision or process is meant when it is used."""

    LATEST = "latest"
    DEPLOYMENT = "deployment"
    VERSION_TAG = "versionTag"


@dataclass(frozen=True, slots=True)
class Binding:
    """``stated`` is False where the model says nothing (Camunda then takes the latest version)."""

    type: BindingType = BindingType.LATEST
    version_tag: str = ""
    stated: bool = False


@dataclass(frozen=True, slots=True)
class FormRef:
    """The form of a user task or start event."""

    form_id: str
    binding: Binding


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who may do a user task: a person, and comma lists or FEEL lists of roles and persons."""

    assignee: Expression | None = None
    candidate_groups: Expression | None = None
    candidate_users: Expression | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a user task is due and when it should be looked at again."""

    due_date: Expression | None = None
    follow_up_date: Expression | None = None


@dataclass(frozen=True, slots=True)
class CalledDecision:
    """The decision of a business rule task."""

    decision_id: Expression
    result_variable: str
    binding: Binding


PUBLISH_MESSAGE = "publish-message"
"""The job type of what sends a message; the engine does it itself."""

MAIL_REFUSED, WEBHOOK_REFUSED = "mail-refused", "webhook-refused"
JOB_ERRORS: Mapping[str, frozenset[str]] = {
    PUBLISH_MESSAGE: frozenset(),
    "email": frozenset({MAIL_REFUSED}),
    "document": frozenset(),
    "publish-report": frozenset(),
    "record-service": frozenset(),
    "webhook": frozenset({WEBHOOK_REFUSED}),
}
"""The codes of the BPMN errors that jobs of our own types may end in."""


@dataclass(frozen=True, slots=True)
class TaskDefinition:
    """Work done outside the engine."""

    type: Expression
    retries: Expression
    headers: Mapping[str, Expression]


@dataclass(frozen=True, slots=True)
class Script:
    """A FEEL script task."""

    expression: Expression
    result_variable: str


@dataclass(frozen=True, slots=True)
class IoMapping:
    """Inputs make local variables, outputs write to the enclosing scope; pairs of (source, target)."""

    inputs: tuple[tuple[Expression, str], ...] = ()
    outputs: tuple[tuple[Expression, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CalledElement:
    """The process a call activity runs and what is passed in and out."""

    process_id: Expression
    binding: Binding
    all_parent_variables: bool
    all_child_variables: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopCharacteristics:
    """A multi-instance activity: once for each item of a list."""

    sequential: bool
    input_collection: Expression
    input_element: str
    output_collection: str
    output_element: Expression | None
    completion_condition: Expression | None

    @property
    def output_variable(self) -> str:
        """The variable that the output element is, or is a part of; it belongs to each instance alone.

        Empty where the output element is computed from several.
        """
        written = self.output_element
        if written is None or written.compiled is None or len(written.compiled.names) != 1:
            return ""
        (name,) = written.compiled.names
        path = rf"{re.escape(name)}(\s*\.\s*[^\W\d][\w ]*)*"
        return name if re.fullmatch(path, written.compiled.text.strip()) else ""


class TimerKind(StrEnum):
    """How a timer's expression is to be read."""

    DATE = "date"
    DURATION = "duration"
    CYCLE = "cycle"


@dataclass(frozen=True, slots=True)
class TimerEvent:
    """A point in time, a time from now on, or a repetition."""

    kind: TimerKind
    expression: Expression


@dataclass(frozen=True, slots=True)
class MessageEvent:
    """``correlation_key`` is None where the message is thrown or starts a process."""

    name: Expression
    correlation_key: Expression | None


@dataclass(frozen=True, slots=True)
class SignalEvent:
    """A broadcast by name."""

    name: Expression


@dataclass(frozen=True, slots=True)
class ErrorEvent:
    """``code`` is None in a handler of every error."""

    code: Expression | None


@dataclass(frozen=True, slots=True)
class EscalationEvent:
    """``code`` is None in a handler of every escalation."""

    code: Expression | None


@dataclass(frozen=True, slots=True)
class ConditionalEvent:
    """Fires when the expression becomes true."""

    condition: Expression


@dataclass(frozen=True, slots=True)
class TerminateEvent:
    """Ends everything in the same process or sub-process."""


@dataclass(frozen=True, slots=True)
class LinkEvent:
    """A sequence flow drawn as two symbols."""

    name: str


EventDefinition = (
    TimerEvent
    | MessageEvent
    | SignalEvent
    | ErrorEvent
    | EscalationEvent
    | ConditionalEvent
    | TerminateEvent
    | LinkEvent
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A sequence flow; a pair of link events is one too (its id is that of the throwing event)."""

    id: str
    name: str
    source: str
    target: str
    condition: Expression | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A lane; ``parent`` is the lane around it."""

    id: str
    name: str
    parent: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """A flow node. ``kind`` is its BPMN tag; ``container`` the id of its sub-process or process.

    ``lane`` is the name of the innermost lane, also for elements of a sub-process drawn in one;
    ``event`` is None for everything but events with a definition; ``triggered`` marks an event
    sub-process; ``interrupting`` matters for boundary events and starts of event sub-processes.
    """

    id: str
    kind: str
    name: str
    lane: str | None
    container: str
    documentation: str = ""
    incoming: tuple[str, ...] = ()
    outgoing: tuple[str, ...] = ()
    default: str | None = None
    event: EventDefinition | None = None
    attached_to: str | None = None
    interrupting: bool = True
    triggered: bool = False
    native_user_task: bool = False
    form: FormRef | None = None
    assignment: Assignment = Assignment()
    schedule: Schedule = Schedule()
    priority: Expression | None = None
    decision: CalledDecision | None = None
    task: TaskDefinition | None = None
    script: Script | None = None
    io: IoMapping = IoMapping()
    called: CalledElement | None = None
    loop: LoopCharacteristics | None = None
    properties: Mapping[str, str] = field(default_factory=lambda: NOTHING)

    @property
    def guidance(self) -> tuple[str, ...]:
        """Ids of the rules and recorded decisions it implements (property ``guidance``)."""
        return split_list(self.properties.get("guidance", ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A way to begin a process; ``event`` is None for a plain start."""

    element_id: str
    event: TimerEvent | MessageEvent | SignalEvent | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """One executable process. ``elements`` and ``flows`` hold those of its sub-processes as well."""

    id: str
    name: str
    executable: bool
    version_tag: str
    documentation: str
    properties: Mapping[str, str]
    lanes: tuple[Lane, ...]
    elements: Mapping[str, Element]
    flows: Mapping[str, Flow]
    starts: tuple[Start, ...]

    def children(self, container: str) -> tuple[Element, ...]:
        """The elements directly inside a container, in the order of the file."""
        return tuple(element for element in self.elements.values() if element.container == container)

    @property
    def guidance(self) -> tuple[str, ...]:
        """Ids of the rules the process as a whole implements."""
        return split_list(self.properties.get("guidance", ""))


@dataclass(frozen=True, slots=True)
class Model:
    """A deployable file: its executable processes by id."""

    processes: Mapping[str, Process]


def link_id(throwing: str) -> str:
    """The id of the flow that a pair of link events is, after its throwing end."""
    return f"{throwing}.link"


def split_list(text: str) -> tuple[str, ...]:
    """The parts of a comma list, without spaces and empty parts."""
    return tuple(part.strip() for part in text.split(",") if part.strip())
