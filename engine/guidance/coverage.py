"""Compares the register with the models, both ways: every rule has a fate, everything cites a rule."""

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from enum import StrEnum

from engine.guidance.register import Decision, Fate, Register, Rule

_RULE_ID = re.compile(r"\b(?:[A-Z]{2,3}-[A-Z]{2}-\d{3}|D-\d+)\b")


class CitationKind(StrEnum):
    """What cites rules, or has to."""

    USER_TASK = "user task"
    DEADLINE = "deadline"
    DECISION_ROW = "decision row"
    NOTIFICATION = "notification"
    OTHER = "element"


REQUIRED: Set[CitationKind] = frozenset(set(CitationKind) - {CitationKind.OTHER})
"""What must cite at least one rule or recorded decision."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A place of the models, as `file#id`, and the rules it cites."""

    place: str
    kind: CitationKind
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Models:
    """What the models have: every place that can be traced to (`file` and `file#id`), and who cites."""

    places: Set[str]
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A hole in the coverage. `file` and `element` say where, in the register or in a model."""

    file: str
    element: str
    message: str
    remedy: str


def rule_ids(text: str) -> tuple[str, ...]:
    """The rule and decision ids in a text, such as a decision row's annotation, in order, once each."""
    return tuple(dict.fromkeys(_RULE_ID.findall(text)))


def coverage(register: Register, models: Models) -> tuple[Finding, ...]:
    """What is not covered: of the register first, then of the models, each in file order."""
    return (*_of_register(register, models), *_of_models(register, models.citations))


def traces(register: Register, models: Models) -> Mapping[str, tuple[str, ...]]:
    """Where each rule and decision is implemented: what cites it, and what its entry names beside that."""
    cited = _cited(models.citations)
    entries: Mapping[str, Rule | Decision] = {**register.rules, **register.decisions}
    return {key: tuple(sorted({*cited.get(key, ()), *entry.traces})) for key, entry in entries.items()}


def _of_register(register: Register, models: Models) -> Iterator[Finding]:
    traced = traces(register, models)
    for rule in register.rules.values():
        yield from _of_rule(rule, traced[rule.id], register)
        yield from _nowhere(rule, models.places)
    for decision in register.decisions.values():
        if not traced[decision.id]:
            yield _finding(decision, "Nothing implements this decision.", "Cite it, or delete it.")
        yield from _nowhere(decision, models.places)


def _of_rule(rule: Rule, traced: tuple[str, ...], register: Register) -> Iterator[Finding]:
    if rule.fate is Fate.IMPLEMENTED and not traced:
        choices = ", ".join(f"'{fate}'" for fate in Fate if fate is not Fate.IMPLEMENTED)
        yield _finding(
            rule, "Nothing implements the rule.", f"Cite it in a model, or give it one of {choices}."
        )
    elif rule.fate is not Fate.IMPLEMENTED and traced:
        yield _finding(
            rule, f"The rule is set aside as '{rule.fate}', yet '{traced[0]}' implements it.", "Decide which."
        )
    elif rule.fate is Fate.DUPLICATE and rule.because not in register.rules:
        yield _finding(rule, f"It is a duplicate of '{rule.because}', which is no rule.", "Correct the id.")


def _nowhere(entry: Rule | Decision, places: Set[str]) -> Iterator[Finding]:
    for trace in entry.traces:
        if trace not in places:
            yield _finding(
                entry, f"The trace '{trace}' leads nowhere.", "Correct it, or remove it from the register."
            )


def _of_models(register: Register, citations: Iterable[Citation]) -> Iterator[Finding]:
    for citation in citations:
        file, _, element = citation.place.partition("#")
        if citation.kind in REQUIRED and not citation.rules:
            yield Finding(
                file=file,
                element=element,
                message=f"The {citation.kind} cites no rule of the guidance.",
                remedy="Add the ids of the rules, or of a recorded decision, that it implements.",
            )
        for rule in citation.rules:
            if rule not in register:
                yield Finding(
                    file=file,
                    element=element,
                    message=f"It cites '{rule}', which is not in the register.",
                    remedy="Correct the id, or add the rule to the register.",
                )


def _cited(citations: Iterable[Citation]) -> Mapping[str, Set[str]]:
    found: dict[str, set[str]] = {}
    for citation in citations:
        for rule in citation.rules:
            found.setdefault(rule, set()).add(citation.place)
    return found


def _finding(entry: Rule | Decision, message: str, remedy: str) -> Finding:
    return Finding(file=entry.file, element=entry.id, message=message, remedy=remedy)
