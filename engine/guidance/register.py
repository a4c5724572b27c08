"""Reads the register: rules of the guidance in our words, and decisions where it is silent."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

import yaml

LARGEST_FILE = 5 * 2**20
_E = TypeVar("_E", bound=StrEnum)


class Force(StrEnum):
    """How binding the guidance says a rule is."""

    MUST = "must"
    SHOULD = "should"
    USUALLY = "usually"
    MAY = "may"


class Fate(StrEnum):
    """What became of a rule. The values but the first are keys of an entry, whose value says why."""

    IMPLEMENTED = "implemented"
    CONTEXT = "context"
    DUPLICATE = "duplicate_of"
    OUT_OF_SCOPE = "out_of_scope"


_SET_ASIDE = tuple(fate for fate in Fate if fate is not Fate.IMPLEMENTED)


class RegisterError(ValueError):
    """A file of the register cannot be read."""

    def __init__(self, file: str, entry: str, why: str, remedy: str) -> None:
        super().__init__(f"{file}: {entry}: {why} {remedy}" if entry else f"{file}: {why} {remedy}")
        self.file, self.entry, self.why, self.remedy = file, entry, why, remedy


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. What cites it implements it; `traces` are places beside those, as `file#id` or `file`.

    `because` is the reason why it is set aside, or the id of the rule it is a duplicate of.
    """

    id: str
    file: str
    setting: str
    heading: str
    kind: str
    rule: str
    force: Force
    fate: Fate
    because: str
    traces: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What we decided where the guidance is silent or disagrees; cited like a rule."""

    id: str
    file: str
    question: str
    decision: str
    traces: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Register:
    """All rules and decisions, by id."""

    rules: Mapping[str, Rule]
    decisions: Mapping[str, Decision]

    def __contains__(self, rule_id: object) -> bool:
        """Whether a rule or decision of this id is registered."""
        return rule_id in self.rules or rule_id in self.decisions

    def words(self, rule_id: str) -> str | None:
        """A rule or decision in one sentence, for a page; None when it is not registered."""
        if rule_id in self.rules:
            return self.rules[rule_id].rule
        return self.decisions[rule_id].decision if rule_id in self.decisions else None


def read_register(contents: Mapping[str, bytes]) -> Register:
    """The register in the given YAML files, by name. Raises `RegisterError` at the first mistake."""
    rules: dict[str, Rule] = {}
    decisions: dict[str, Decision] = {}
    for file, data in contents.items():
        document = _document(file, data)
        setting = _setting(file, document)
        for rule in _rules(file, setting, _entries(file, document, "rules")):
            _refuse_repeated(rule.id, file, rules, decisions)
            rules[rule.id] = rule
        for decision in _decisions(file, _entries(file, document, "decisions")):
            _refuse_repeated(decision.id, file, rules, decisions)
            decisions[decision.id] = decision
    return Register(rules, decisions)


def _document(file: str, data: bytes) -> Mapping[object, object]:
    if len(data) > LARGEST_FILE:
        raise RegisterError(file, "", "It is larger than 5 MB.", "Keep one file a chapter.")
    try:
        document = yaml.safe_load(data)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise RegisterError(file, "", f"It is not YAML: {error}.", "Correct the file.") from error
    if not isinstance(document, dict):
        raise RegisterError(file, "", "It has neither rules nor decisions.", "Add 'rules' or 'decisions'.")
    return document


def _setting(file: str, document: Mapping[object, object]) -> str:
    chapter = document.get("chapter")
    setting = chapter.get("setting") if isinstance(chapter, dict) else None
    if setting is None and "rules" in document:
        raise RegisterError(file, "chapter", "It names no setting.", "Add 'chapter: setting:'.")
    return str(setting or "")


def _entries(
    file: str, document: Mapping[object, object], part: str
) -> Iterator[tuple[str, Mapping[str, object]]]:
    entries = document.get(part, [])
    if not isinstance(entries, list):
        raise RegisterError(file, part, "It is not a list.", "Write one entry a rule, with 'id'.")
    for number, entry in enumerate(entries, 1):
        if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
            raise RegisterError(file, f"{part} entry {number}", "It has no id.", "Add 'id'.")
        yield entry["id"], entry


def _rules(file: str, setting: str, entries: Iterable[tuple[str, Mapping[str, object]]]) -> Iterator[Rule]:
    for rule_id, entry in entries:
        fate, because = _fate(file, rule_id, entry)
        yield Rule(
            id=rule_id,
            file=file,
            setting=setting,
            heading=_text(file, rule_id, entry, "heading"),
            kind=_text(file, rule_id, entry, "kind"),
            rule=_text(file, rule_id, entry, "rule"),
            force=_one_of(Force, file, rule_id, "force", entry.get("force")),
            fate=fate,
            because=because,
            traces=_traces(file, rule_id, entry),
        )


def _decisions(file: str, entries: Iterable[tuple[str, Mapping[str, object]]]) -> Iterator[Decision]:
    for decision_id, entry in entries:
        yield Decision(
            id=decision_id,
            file=file,
            question=_text(file, decision_id, entry, "question"),
            decision=_text(file, decision_id, entry, "decision"),
            traces=_traces(file, decision_id, entry),
        )


def _fate(file: str, rule_id: str, entry: Mapping[str, object]) -> tuple[Fate, str]:
    named = [fate for fate in _SET_ASIDE if fate in entry]
    if not named:
        return Fate.IMPLEMENTED, ""
    if len(named) > 1:
        raise RegisterError(file, rule_id, f"It has {' and '.join(named)}.", "Keep one of them.")
    return named[0], _text(file, rule_id, entry, named[0])


def _text(file: str, entry_id: str, entry: Mapping[str, object], part: str) -> str:
    value = entry.get(part)
    if not isinstance(value, str) or not value.strip():
        raise RegisterError(file, entry_id, f"'{part}' is missing.", f"Add '{part}' in our own words.")
    return value


def _traces(file: str, entry_id: str, entry: Mapping[str, object]) -> tuple[str, ...]:
    traces = entry.get("traces", [])
    if not isinstance(traces, list) or not all(isinstance(trace, str) for trace in traces):
        raise RegisterError(file, entry_id, "'traces' is not a list.", "Write each as file#id.")
    return tuple(traces)


def _one_of(kind: type[_E], file: str, entry_id: str, part: str, value: object) -> _E:
    try:
        return kind(str(value))
    except ValueError as error:
        known = ", ".join(kind)
        raise RegisterError(
            file, entry_id, f"{part} '{value}' is unknown.", f"Use one of: {known}."
        ) from error


def _refuse_repeated(
    entry_id: str, file: str, rules: Mapping[str, Rule], decisions: Mapping[str, Decision]
) -> None:
    earlier = rules.get(entry_id) or decisions.get(entry_id)
    if earlier is not None:
        raise RegisterError(
            file, entry_id, f"It is already in {earlier.file}.", "Keep one entry for each id."
        )
