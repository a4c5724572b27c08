"""The register of the guidance's rules, and whether rules and models cover each other."""

from engine.guidance.coverage import Citation, CitationKind, Finding, Models, coverage, rule_ids, traces
from engine.guidance.register import (
    Decision,
    Fate,
    Force,
    Register,
    RegisterError,
    Rule,
    read_register,
)

__all__ = [
    "Citation",
    "CitationKind",
    "Decision",
    "Fate",
    "Finding",
    "Force",
    "Models",
    "Register",
    "RegisterError",
    "Rule",
    "coverage",
    "read_register",
    "rule_ids",
    "traces",
]
