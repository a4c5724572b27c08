"""The timetables of the chapters, row by row of the table: every date was counted by hand on a calendar."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from engine import dmn, feel
from engine.deadlines import Numbers, count
from engine.workdays import Calendar, Unit

TABLE = dmn.load(Path(__file__).parents[3] / "bpmn" / "decisions" / "timetable.dmn")
CALENDAR = Calendar.england(2020, 2035)
SECURE, HOME, AGENCY = "secure children's home", "children's home", "adoption support agency"


def after(start: date, amount: feel.Value, unit: Unit = Unit.WORKING_DAYS) -> date | None:
    if amount is None:
        return None
    assert isinstance(amount, Decimal)
    numbers = Numbers(amount=int(amount), unit=unit, before=False, opens=None, warn=None, later=None)
    return count(start, numbers, [], CALENDAR).due_on


def row(setting: str, kind: str) -> dict[str, feel.Value]:
    found = TABLE.evaluate("inspection_timetable", {"setting": setting, "kind": kind})
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(
    ("setting", "kind", "ended", "quality", "draft", "comments", "final", "published"),
    [
        # The guidance's own example: June and July 2024, no bank holiday.
        (
            SECURE, "full", date(2024, 6, 6), (date(2024, 6, 11), date(2024, 6, 14)),
            date(2024, 7, 2), date(2024, 7, 9), date(2024, 7, 18), date(2024, 7, 25),
        ),
        # Over Christmas and New Year: 25, 28 December 2026 and 1 January 2027 are left out.
        (
            SECURE, "assurance", date(2026, 12, 3), (date(2026, 12, 7), date(2026, 12, 10)),
            date(2026, 12, 31), date(2027, 1, 8), date(2027, 1, 19), date(2027, 1, 26),
        ),
        # Over Easter and early May 2024.
        (
            SECURE, "monitoring", date(2024, 3, 27), (None, None),
            date(2024, 4, 24), date(2024, 5, 1), date(2024, 5, 13), date(2024, 5, 20),
        ),
        # Over the summer bank holiday of 2025; published 28 working days after the inspection.
        (
            HOME, "interim", date(2025, 8, 14), (None, date(2025, 8, 21)),
            date(2025, 9, 3), date(2025, 9, 10), None, date(2025, 9, 24),
        ),
        # Over Christmas 2023 and New Year.
        (HOME, "monitoring", date(2023, 12, 22), (None, None), None, None, None, date(2024, 1, 10)),
        # Over early May and spring bank holidays of 2024.
        (
            AGENCY, "full", date(2024, 4, 30), (None, date(2024, 5, 7)),
            date(2024, 5, 28), date(2024, 6, 4), date(2024, 6, 13), date(2024, 6, 20),
        ),
        # Over Christmas 2025.
        (
            AGENCY, "monitoring", date(2025, 12, 19), (None, None),
            date(2026, 1, 19), date(2026, 1, 26), date(2026, 2, 4), date(2026, 2, 11),
        ),
    ],
)  # fmt: skip
def test_a_report_follows_the_timetable_of_its_setting_and_kind(
    setting: str,
    kind: str,
    ended: date,
    quality: tuple[date | None, date | None],
    draft: date | None,
    comments: date | None,
    final: date | None,
    published: date,
) -> None:
    """Each stage is done on its last day; comments count from the draft, publication as the row says."""
    found = row(setting, kind)
    assert (after(ended, found["quality_from"]), after(ended, found["quality_to"])) == quality
    assert after(ended, found["draft"]) == draft
    assert (after(draft, found["comments"]) if draft else None) == comments
    assert after(ended, found["final"]) == final
    begins = final if found["publication_from"] == "final report sent" else ended
    assert begins is not None
    assert after(begins, found["publication"]) == published


@pytest.mark.parametrize(
    ("setting", "kind"),
    [
        (SECURE, "interim"), (HOME, "full"), (HOME, "assurance"), (AGENCY, "assurance"), (AGENCY, "interim"),
    ],
)  # fmt: skip
def test_what_the_chapters_do_not_time_has_no_timetable(setting: str, kind: str) -> None:
    assert set(row(setting, kind).values()) == {None}


@pytest.mark.parametrize(
    ("stage", "start", "amount", "unit", "due"),
    [
        ("authorities told", date(2025, 12, 19), 1, Unit.WORKING_DAYS, date(2025, 12, 22)),
        ("review held", date(2025, 12, 19), 5, Unit.WORKING_DAYS, date(2025, 12, 30)),
        ("notes scanned", date(2026, 4, 1), 5, Unit.WORKING_DAYS, date(2026, 4, 10)),
        ("visit to a notice, aim", date(2026, 5, 1), 1, Unit.WORKING_DAYS, date(2026, 5, 5)),
        ("visit to a notice, limit", date(2026, 5, 1), 5, Unit.WORKING_DAYS, date(2026, 5, 11)),
        ("6 weeks", date(2026, 6, 6), 6, Unit.WEEKS, date(2026, 7, 18)),  # a Saturday stays one (D-5)
        ("8 weeks", date(2026, 6, 6), 8, Unit.WEEKS, date(2026, 8, 1)),
        ("16 weeks", date(2026, 6, 6), 16, Unit.WEEKS, date(2026, 9, 26)),
        (
            "end of the inspection year",
            date(2026, 6, 6),
            0,
            Unit.LAST_DAY_OF_INSPECTION_YEAR,
            date(2027, 3, 31),
        ),
    ],
)
def test_next_steps_and_visits_are_due_on_the_day_one_counts_by_hand(
    stage: str, start: date, amount: int, unit: Unit, due: date
) -> None:
    assert after(start, Decimal(amount), unit) == due, stage
