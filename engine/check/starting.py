"""Checks what processes say of their start: pages, settings, what is given, who sees what is confidential."""

from collections.abc import Iterable, Iterator

from engine import dialect, starting
from engine.check.files import FileKind, ReadFiles
from engine.check.findings import Finding
from engine.groups import GroupsError, read_groups
from engine.starting import SETTINGS, Door, Property, Terms


def check_starting(read: ReadFiles) -> Iterator[Finding]:
    """Every word must be known, and a page must be able to give all that the process is started with."""
    roles = _roles(read)
    forms = {form.id: frozenset(field.key for field in form.fields) for form in read.forms.values()}
    for file, model in read.diagrams.items():
        for process in model.processes.values():
            for reason, remedy in _problems(process, roles, forms):
                yield Finding(file=file, element=process.id, reason=reason, remedy=remedy)


def _roles(read: ReadFiles) -> frozenset[str]:
    found: set[str] = set()
    for file in read.names(FileKind.GROUPS):
        try:
            found |= read_groups(read.contents[file]).by_id.keys()
        except GroupsError:
            continue  # told by the check of references
    return frozenset(found)


def _problems(
    process: dialect.Process, roles: frozenset[str], forms: dict[str, frozenset[str]]
) -> Iterator[tuple[str, str]]:
    terms = starting.read_terms(process.properties)
    yield from _unknown(Property.DOORS, terms.doors, list(Door))
    yield from _unknown(Property.SETTINGS, terms.settings, SETTINGS)
    yield from _unknown(Property.CONFIDENTIAL_TO, terms.confidential_to, sorted(roles))
    yield from _unknown(Property.CONFIDENTIAL, _said(process), ["true", "false"])
    if terms.confidential_to and not terms.confidential:
        yield (
            f"{Property.CONFIDENTIAL_TO} names roles, but the process is not confidential.",
            f"Set {Property.CONFIDENTIAL} to true, or remove the roles.",
        )
    if terms.doors:
        yield from _at_the_door(process, terms, forms)


def _said(process: dialect.Process) -> list[str]:
    said = process.properties.get(Property.CONFIDENTIAL, "")
    return [said] if said else []


def _unknown(name: Property, given: Iterable[str], known: Iterable[str]) -> Iterator[tuple[str, str]]:
    for each in given:
        if each not in known:
            yield f"{name} says '{each}', which is not known.", f"Use one of: {', '.join(known)}."


def _at_the_door(
    process: dialect.Process, terms: Terms, forms: dict[str, frozenset[str]]
) -> Iterator[tuple[str, str]]:
    plain = next((start.element_id for start in process.starts if start.event is None), None)
    if plain is None:
        yield "People start it, but it has no plain start event.", "Draw a start event without a message."
        return
    form = process.elements[plain].form
    asked = forms.get(form.form_id, frozenset()) if form is not None else frozenset()
    if form is not None and Door.CASE in terms.doors:
        yield (
            "It is offered on cases, where no form is asked before it starts.",
            "Move the form of the start event to the first user task.",
        )
    for door, given in ((Door.PLANNING, starting.ASKED), (Door.CASE, starting.OF_THE_CASE)):
        for name in terms.variables:
            if door in terms.doors and name not in given and name not in asked:
                yield (
                    f"Started from '{door}', nobody gives the variable '{name}'.",
                    f"Ask for it in a form of the start event, or leave it out of {Property.VARIABLES}.",
                )
