"""The rules of the guidance and the recorded decisions, as their pages show them."""

from collections.abc import Mapping, Sized
from dataclasses import dataclass
from pathlib import PurePosixPath

from engine.guidance import Fate, Force, Register, Rule

FORCES = {
    Force.MUST: "The guidance says it must be so",
    Force.SHOULD: "The guidance says it should be so",
    Force.USUALLY: "The guidance says it is usually so",
    Force.MAY: "The guidance allows it",
}

FATES = {
    Fate.IMPLEMENTED: "Carried out by the models",
    Fate.CONTEXT: "Context only",
    Fate.DUPLICATE: "Says again what another rule says",
    Fate.OUT_OF_SCOPE: "Out of scope",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePage:
    """What is registered of a rule; empty where nothing is."""

    id: str
    words: str
    facts: tuple[tuple[str, str], ...]


def rule_page(register: Register, rule_id: str) -> RulePage:
    """`facts` are labels and texts."""
    if rule_id in register.rules:
        rule = register.rules[rule_id]
        fate = FATES[rule.fate] + (f": {rule.because}" if rule.because else "")
        facts = (
            ("Where it stands", rule.heading),
            ("For", rule.setting.capitalize()),
            ("How binding it is", FORCES[rule.force]),
            ("What became of it", fate),
        )
        return RulePage(id=rule_id, words=rule.rule, facts=tuple(each for each in facts if each[1]))
    if rule_id in register.decisions:
        decision = register.decisions[rule_id]
        asked = ("The question", decision.question)
        return RulePage(
            id=rule_id,
            words=decision.decision,
            facts=(asked, ("What it is", "Our decision where the guidance is silent")),
        )
    return RulePage(id=rule_id, words="", facts=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A file of the register: `key` names it in addresses."""

    key: str
    name: str
    rules: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleLine:
    """A rule in a list; `where` says how often it is carried out, or why not."""

    id: str
    words: str
    heading: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartsPage:
    """All parts, the one that is shown, and its rules under their headings."""

    parts: tuple[Part, ...]
    part: Part
    lines: tuple[RuleLine, ...]
    carried_out: int
    rules: int


def parts_page(register: Register, cited: Mapping[str, Sized], key: str) -> PartsPage | None:
    """The rules of the part `key`, the first part without one; None when there is no such part."""
    rules = list(register.rules.values())
    files = list(dict.fromkeys(rule.file for rule in rules))
    parts = {_key(file): _part(file, [rule for rule in rules if rule.file == file]) for file in files}
    if not parts or (key and key not in parts):
        return None
    chosen = parts[key] if key else next(iter(parts.values()))
    lines = [_line(rule, len(cited.get(rule.id, ()))) for rule in rules if _key(rule.file) == chosen.key]
    done = sum(rule.fate is Fate.IMPLEMENTED for rule in rules)
    return PartsPage(
        parts=tuple(parts.values()), part=chosen, lines=tuple(lines), carried_out=done, rules=len(rules)
    )


def _key(file: str) -> str:
    return PurePosixPath(file).stem


def _part(file: str, rules: list[Rule]) -> Part:
    words = _key(file).replace("_", " ")
    return Part(key=_key(file), name=words.capitalize(), rules=len(rules))


def _line(rule: Rule, places: int) -> RuleLine:
    if rule.fate is Fate.IMPLEMENTED:
        where = "A letter" if not places else "1 place" if places == 1 else f"{places} places"
    else:
        where = f"{FATES[rule.fate]}: {rule.because}"
    return RuleLine(id=rule.id, words=rule.rule, heading=rule.heading, where=where)
