"""Checks the register of guidance rules against the models, both ways."""

from collections.abc import Iterator

from engine import dialect, forms
from engine.check.files import FileKind, ReadFiles
from engine.check.findings import Finding
from engine.deadlines import PolicyError, read_policies
from engine.guidance import (
    Citation,
    CitationKind,
    Models,
    Register,
    RegisterError,
    coverage,
    read_register,
    rule_ids,
)

_NOTIFICATIONS = frozenset({"sendTask"})


def check_guidance(read: ReadFiles) -> Iterator[Finding]:
    """Every rule has a fate; every task, deadline, row and notification cites one."""
    files = read.names(FileKind.GUIDANCE)
    if not files:
        return
    try:
        register = register_of(read)
    except RegisterError as error:
        yield Finding(file=files[0], element="", reason=str(error), remedy="Correct the register.")
        return
    for found in coverage(register, models_of(read)):
        yield Finding(file=found.file, element=found.element, reason=found.message, remedy=found.remedy)


def register_of(read: ReadFiles) -> Register:
    """The register among the files. Raises `RegisterError`."""
    return read_register({name: read.contents[name] for name in read.names(FileKind.GUIDANCE)})


def models_of(read: ReadFiles) -> Models:
    """Every place of the models that can be traced to, and what each cites."""
    citations = [*_of_diagrams(read), *_of_tables(read), *_of_forms(read)]
    places = {citation.place for citation in citations} | set(read.contents)
    return Models(places=frozenset(places), citations=tuple(citations))


def _of_diagrams(read: ReadFiles) -> Iterator[Citation]:
    for file, model in read.diagrams.items():
        for process in model.processes.values():
            yield Citation(f"{file}#{process.id}", CitationKind.OTHER, process.guidance)
            yield from _deadlines(file, process)
            for element in process.elements.values():
                yield Citation(f"{file}#{element.id}", _kind(element), element.guidance)
                yield from _deadlines(file, element)


def _kind(element: dialect.Element) -> CitationKind:
    if element.kind == "userTask":
        return CitationKind.USER_TASK
    return CitationKind.NOTIFICATION if element.kind in _NOTIFICATIONS else CitationKind.OTHER


def _deadlines(file: str, holder: dialect.Process | dialect.Element) -> Iterator[Citation]:
    try:
        policies = read_policies(holder.id, holder.properties)
    except PolicyError:
        return  # told by the check of references
    for policy in policies:
        yield Citation(f"{file}#deadline.{policy.key}", CitationKind.DEADLINE, policy.rules)


def _of_tables(read: ReadFiles) -> Iterator[Citation]:
    for file, model in read.tables.items():
        for decision in model.decisions.values():
            yield Citation(f"{file}#{decision.id}", CitationKind.OTHER, ())
            for row in decision.table.rules if decision.table is not None else ():
                said = " ".join(text for _, text in row.annotations)
                yield Citation(f"{file}#{row.id}", CitationKind.DECISION_ROW, rule_ids(said))


def _of_forms(read: ReadFiles) -> Iterator[Citation]:
    for file, form in read.forms.items():
        for component in forms.flat(form.components):
            yield from _component(file, component)


def _component(file: str, component: forms.Component) -> Iterator[Citation]:
    cited: tuple[str, ...] = ()
    if isinstance(component, forms.Field | forms.Group | forms.Rows):
        cited = component.guidance
    yield Citation(f"{file}#{component.id}", CitationKind.OTHER, cited)
    if isinstance(component, forms.Rows):
        for inner in forms.flat(component.components):
            yield from _component(file, inner)
