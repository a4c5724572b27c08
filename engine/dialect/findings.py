"""What is wrong with a model: every finding names the element, the reason and the remedy."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing to mend before the model can be deployed; ``element_id`` is empty for the whole file."""

    element_id: str
    message: str
    remedy: str
    line: int | None = None

    def __str__(self) -> str:
        where = f"{self.element_id}: " if self.element_id else ""
        return f"{where}{self.message} {self.remedy}"


class DialectError(Exception):
    """The model cannot be run as drawn; ``findings`` holds every reason at once."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = findings
