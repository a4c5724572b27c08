"""Checks a set of model files together: dialect, tables, forms, references and guidance."""

from collections.abc import Mapping

from engine.check.decisions import check_decisions
from engine.check.files import FileKind, UnknownFileError, kind_of, read_all, read_folder
from engine.check.findings import Finding, Severity
from engine.check.references import check_references

__all__ = [
    "FileKind",
    "Finding",
    "Severity",
    "UnknownFileError",
    "check",
    "kind_of",
    "read_all",
    "read_folder",
]


def check(contents: Mapping[str, bytes]) -> list[Finding]:
    """All findings on the files, by name inside the models folder; empty when they may be deployed."""
    read = read_all(contents)
    findings = [*read.findings, *check_references(read), *check_decisions(read)]
    return sorted(findings, key=lambda found: (found.file, found.severity, found.element))
