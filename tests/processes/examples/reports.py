"""Which letter a report takes, who checks it and what follows, for every setting and kind of inspection."""

from tests.processes.examples import ASA, CH, SCH, Example

NONE = [None, None, None, None]


def plan(setting: str, kind: str, *expected: str | bool | None) -> Example:
    """Letter, the group that checks, survey, summary for children."""
    return ("report_plan", "report_plan", {"setting": setting, "kind": kind}, list(expected))


EXAMPLES: list[Example] = [
    plan(SCH, "full", "report", "manager", True, True),
    plan(SCH, "assurance", "assurance_report", "manager", True, False),
    plan(SCH, "interim", *NONE),
    plan(SCH, "monitoring", "monitoring_report", "manager", False, False),
    plan(CH, "full", *NONE),
    plan(CH, "assurance", *NONE),
    plan(CH, "interim", "interim_report", "manager", False, False),
    plan(CH, "monitoring", "monitoring_report", "rim", False, False),
    plan(ASA, "full", "agency_report", "manager", True, False),
    plan(ASA, "assurance", *NONE),
    plan(ASA, "interim", *NONE),
    plan(ASA, "monitoring", "monitoring_report", "manager", False, False),
]
