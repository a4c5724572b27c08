"""Checks decision tables by proof: no gap, no overlap, no row that can never hold."""

from collections.abc import Iterator

from engine import dmn
from engine.check.files import ReadFiles
from engine.check.findings import Finding, Severity

_REFUSED = {"gap", "overlap"}


def check_decisions(read: ReadFiles) -> Iterator[Finding]:
    """A gap or an overlap refuses a table; the rest is told."""
    for file, model in read.tables.items():
        for problem in model.problems:
            yield Finding(
                file=file, element=problem.element_id, reason=problem.message, remedy=problem.remedy
            )
        for found in dmn.prove(model):
            severity = Severity.ERROR if found.kind in _REFUSED else Severity.WARNING
            yield Finding(
                file=file,
                element=found.decision_id,
                reason=found.message,
                remedy=found.remedy,
                severity=severity,
            )
