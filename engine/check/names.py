"""Finds names that nothing sets: a misspelt variable is null in FEEL, and null can quietly be an answer."""

from collections.abc import Iterable, Iterator

from engine import dialect, forms, letters
from engine.check.files import FileKind, ReadFiles
from engine.check.findings import Finding
from engine.deadlines import PolicyError, read_policies
from engine.groups import GroupsError, read_groups
from engine.starting import Property, read_terms

CASE_NAMES = frozenset({"service", "setting", "reference"})
"""What every case has from its start."""
PROCESS_NAMES = frozenset(
    {
        "deadline",
        "deadline_calendar",
        "loopCounter",
        "numberOfInstances",
        "numberOfActiveInstances",
        "numberOfCompletedInstances",
        "numberOfTerminatedInstances",
    }
)
LETTER_NAMES = frozenset({"provider_link"})


def check_names(read: ReadFiles) -> Iterator[Finding]:
    """Every name that an expression, form, letter, deadline or decision reads must be set somewhere."""
    known = CASE_NAMES | _of_roles(read) | frozenset(_set_by_models(read))
    for file, element, names in _read_by_models(read):
        for name in sorted(names - known - PROCESS_NAMES):
            yield Finding(
                file=file,
                element=element,
                reason=f"Nothing sets the variable '{name}'.",
                remedy="Correct its spelling, or let a form, script, decision or mapping set it; what "
                f"whoever starts the process gives is named in its property '{Property.VARIABLES}'.",
            )


def _of_roles(read: ReadFiles) -> frozenset[str]:
    names = set()
    for file in read.names(FileKind.GROUPS):
        try:
            groups = read_groups(read.contents[file])
        except GroupsError:
            continue  # told by the check of references
        names |= {group.variable for group in groups.by_id.values() if group.variable is not None}
    return frozenset(names)


# --- what is set ----------------------------------------------------------------------------------

_OF_JOBS = ("resultVariable", "errorVariable")
"""The headers that name a variable which the end of a job sets."""


def _set_by_models(read: ReadFiles) -> Iterator[str]:
    for form in read.forms.values():
        yield from (field.key for field in form.fields)
    for model in read.diagrams.values():
        for process in model.processes.values():
            yield from read_terms(process.properties).variables
            for element in process.elements.values():
                yield from _set_by(element)


def _set_by(element: dialect.Element) -> Iterator[str]:
    if element.decision is not None:
        yield element.decision.result_variable
    if element.script is not None:
        yield element.script.result_variable
    yield from (target for _, target in (*element.io.inputs, *element.io.outputs))
    if element.task is not None:
        named = (element.task.headers.get(name) for name in _OF_JOBS)
        yield from (each.text for each in named if each is not None and each.is_literal)
    if element.loop is not None:
        yield from (element.loop.input_element, element.loop.output_collection)


# --- what is read ---------------------------------------------------------------------------------


def _read_by_models(read: ReadFiles) -> Iterator[tuple[str, str, frozenset[str]]]:
    """File, element and names of everything that reads variables."""
    for file, model in read.diagrams.items():
        for process in model.processes.values():
            yield file, process.id, _of_policies(process)
            for element in process.elements.values():
                yield file, element.id, _names(expressions_of(element)) | _of_policies(element)
            for flow in process.flows.values():
                yield file, flow.id, _names([flow.condition])
    for file, form in read.forms.items():
        yield file, "", form.asked - _asked_in(form)
    for file, table in read.tables.items():
        for decision in table.decisions.keys() & _called_decisions(read):
            yield file, decision, frozenset(table.inputs_of(decision))
    for file in read.names(FileKind.LETTER):
        yield file, "", letters.read(read.contents[file]).names - LETTER_NAMES


def _called_decisions(read: ReadFiles) -> frozenset[str]:
    """Those that business rule tasks call with the variables of a case."""
    elements = (
        element
        for model in read.diagrams.values()
        for process in model.processes.values()
        for element in process.elements.values()
    )
    return frozenset(element.decision.decision_id.text for element in elements if element.decision)


def _asked_in(form: forms.Form) -> frozenset[str]:
    """The form's own questions, those of its rows too."""
    rows = (one for one in form.fields if isinstance(one, forms.Rows))
    return frozenset(one.key for one in form.fields) | {field.key for row in rows for field in row.fields}


def _of_policies(holder: dialect.Process | dialect.Element) -> frozenset[str]:
    try:
        policies = read_policies(holder.id, holder.properties)
    except PolicyError:
        return frozenset()  # told by the check of references
    names: set[str] = set()
    for policy in policies:
        names |= policy.amount.names
        names.update(*(each.names for each in (policy.opens, policy.warn) if each is not None))
        names |= {name for name in (policy.extended_to, policy.extended_because) if name}
        names |= policy.start.names
    return frozenset(names)


def _names(expressions: Iterable[dialect.Expression | None]) -> frozenset[str]:
    return frozenset().union(
        *(each.compiled.names for each in expressions if each is not None and each.compiled is not None)
    )


def expressions_of(element: dialect.Element) -> Iterator[dialect.Expression | None]:
    """Every expression that is evaluated with the variables an element sees."""
    yield from (element.assignment.assignee, element.assignment.candidate_groups)
    yield from (element.assignment.candidate_users, element.priority)
    yield from (element.schedule.due_date, element.schedule.follow_up_date)
    yield from (source for source, _ in element.io.inputs)
    if element.decision is not None:
        yield element.decision.decision_id
    if element.script is not None:
        yield element.script.expression
    if element.task is not None:
        yield from (element.task.type, element.task.retries, *element.task.headers.values())
    if element.called is not None:
        yield element.called.process_id
    if element.loop is not None:
        yield from (element.loop.input_collection, element.loop.completion_condition)
    yield from _of_event(element.event)


def _of_event(event: dialect.EventDefinition | None) -> Iterator[dialect.Expression | None]:
    match event:
        case dialect.TimerEvent():
            yield event.expression
        case dialect.MessageEvent():
            yield from (event.name, event.correlation_key)
        case dialect.SignalEvent():
            yield event.name
        case dialect.ErrorEvent() | dialect.EscalationEvent():
            yield event.code
        case dialect.ConditionalEvent():
            yield event.condition
        case _:
            return
