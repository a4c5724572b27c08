"""Checks a set of model files together: dialect, tables, forms, references, guidance and drawing."""

from collections.abc import Mapping

from engine.check.changes import Change, ChangeKind, IncomparableError, compare
from engine.check.decisions import check_decisions
from engine.check.files import FileKind, UnknownFileError, kind_of, read_all, read_folder
from engine.check.findings import Finding, Severity
from engine.check.foreseen import check_foreseen
from engine.check.guidance import check_guidance, models_of, register_of
from engine.check.layout import check_layout
from engine.check.literals import check_literals
from engine.check.names import check_names
from engine.check.references import check_references
from engine.check.starting import check_starting
from engine.check.watched import check_watched

__all__ = [
    "Change",
    "ChangeKind",
    "FileKind",
    "Finding",
    "IncomparableError",
    "Severity",
    "UnknownFileError",
    "check",
    "check_guidance",
    "compare",
    "kind_of",
    "models_of",
    "read_all",
    "read_folder",
    "register_of",
]


def check(contents: Mapping[str, bytes]) -> list[Finding]:
    """All findings on the files, by name inside the models folder; empty when they may be deployed."""
    read = read_all(contents)
    if read.findings:
        # What cannot be read would seem to be missing everywhere it is named.
        return sorted(read.findings, key=_order)
    findings = [
        *check_references(read),
        *check_literals(read),
        *check_names(read),
        *check_watched(read),
        *check_foreseen(read),
        *check_starting(read),
        *check_decisions(read),
        *check_guidance(read),
        *check_layout(read),
    ]
    return sorted(findings, key=_order)


def _order(found: Finding) -> tuple[str, str, str]:
    return found.file, found.severity, found.element
