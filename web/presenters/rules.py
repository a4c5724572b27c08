"""A rule of the guidance, or a recorded decision, as its page shows it."""

from dataclasses import dataclass

from engine.guidance import Fate, Force, Register

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
    Fate.LATER: "To be carried out later",
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
