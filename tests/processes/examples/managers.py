"""When the absence of a manager must be notified, and whether it was."""

from datetime import date

from engine import feel
from tests.processes.examples import ASA, CH, SCH, Example, Inputs

AWAY = feel.Date.of(date(2024, 6, 3))


def notice(setting: str, kind: str, notified: date | None, latest: date | None, state: str) -> Example:
    """A manager away from Monday 3 June 2024."""
    inputs: Inputs = {
        "setting": setting,
        "absence_kind": kind,
        "absent_from": AWAY,
        "notified_on": None if notified is None else feel.Date.of(notified),
    }
    found: feel.Value = [None if latest is None else feel.Date.of(latest), state]
    return ("manager_absence", "manager_notice", inputs, found)


EXAMPLES: list[Example] = [
    notice(ASA, "known", date(2024, 5, 3), date(2024, 5, 3), "in time"),
    notice(ASA, "known", date(2024, 5, 4), date(2024, 5, 3), "late"),
    notice(ASA, "known", None, date(2024, 5, 3), "missing"),
    notice(ASA, "emergency", date(2024, 7, 8), date(2024, 7, 8), "in time"),
    notice(ASA, "emergency", date(2024, 7, 9), date(2024, 7, 8), "late"),
    notice(ASA, "left", date(2024, 7, 9), None, "in time"),
    notice(SCH, "known", date(2024, 6, 3), None, "in time"),
    notice(SCH, "left", None, None, "missing"),
    notice(CH, "emergency", date(2024, 8, 1), None, "in time"),
    notice(CH, "shorter", None, None, "not needed"),
]
