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


def _of_register(register: Register, models: Models) -> Iterator[Finding]:
    cited = _cited(models.citations)
    for rule in register.rules.values():
        yield from _fate(rule)
        yield from _traces(rule, models.places, cited)
    for decision in register.decisions.values():
        if not decision.traces:
            yield _finding(decision, "Nothing implements this decision.", "Add a trace, or delete it.")
        yield from _traces(decision, models.places, cited)


def _fate(rule: Rule) -> Iterator[Finding]:
    if rule.fate is None:
        yield _finding(rule, "The rule has no fate.", f"Give it one of: {', '.join(Fate)}.")
    elif rule.fate is Fate.TRACED and not rule.traces:
        yield _finding(rule, "The rule is traced to nothing.", "Add a trace, or another fate and 'because'.")
    elif rule.fate is not Fate.TRACED and not rule.because:
        yield _finding(rule, f"The rule's fate is '{rule.fate}' without a reason.", "Add 'because'.")


def _traces(entry: Rule | Decision, places: Set[str], cited: Mapping[str, Set[str]]) -> Iterator[Finding]:
    for trace in entry.traces:
        if trace not in places:
            yield _finding(
                entry, f"The trace '{trace}' leads nowhere.", "Correct it, or remove it from the register."
            )
    for place in sorted(cited.get(entry.id, frozenset()) - set(entry.traces)):
        yield _finding(entry, f"'{place}' cites it but is not among its traces.", f"Add the trace '{place}'.")


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
