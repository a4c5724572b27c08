"""Where dates go wrong: holidays, Christmas, weekends, clock changes, other time zones, corrected starts."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from engine.db.tables import Timer
from engine.deadlines import Extension, Numbers, Pause, count
from engine.history import EventKind
from engine.runtime import deadlines
from engine.runtime.deadlines import DeadlineChangeRefusedError
from engine.runtime.errors import NotPermittedError
from engine.workdays import Calendar, Unit
from tests.engine.deadlines.conftest import IVY, MAX, MONA, Office

CALENDAR = Calendar.england(2020, 2035)
DAYS = st.dates(date(2022, 1, 1), date(2032, 12, 31))


def working_days(amount: int) -> Numbers:
    return Numbers(amount=amount, unit=Unit.WORKING_DAYS, before=False, opens=None, warn=None, later=None)


@pytest.mark.parametrize(
    ("ended", "amount", "due"),
    [
        (date(2026, 12, 3), 18, date(2026, 12, 31)),  # over Christmas Day and the Boxing Day substitute
        (date(2026, 12, 18), 5, date(2026, 12, 29)),  # would be Friday 25, then Monday 28: both holidays
        (date(2027, 12, 20), 5, date(2027, 12, 29)),  # Christmas on a Saturday: substitutes on 27 and 28
        (date(2024, 3, 22), 5, date(2024, 4, 2)),  # Good Friday and Easter Monday
        (date(2026, 12, 5), 1, date(2026, 12, 7)),  # ended on a Saturday: Monday is day 1 (D-16)
        (date(2026, 12, 6), 5, date(2026, 12, 11)),  # ended on a Sunday
        (date(2026, 12, 25), 1, date(2026, 12, 29)),  # ended on a bank holiday
        (date(2022, 5, 27), 5, date(2022, 6, 7)),  # the Jubilee: a moved and an extra holiday
        (date(2022, 9, 16), 1, date(2022, 9, 20)),  # the State Funeral, a one-off
        (date(2024, 2, 22), 5, date(2024, 2, 29)),  # a leap day
        (date(2026, 12, 31), 30, date(2027, 2, 12)),  # into the next year
    ],
)
def test_a_limit_of_working_days_ends_on_the_day_people_would_count(
    ended: date, amount: int, due: date
) -> None:
    assert count(ended, working_days(amount), [], CALENDAR).due_on == due


@given(DAYS, st.integers(1, 40), st.integers(0, 30), st.integers(0, 40))
def test_a_pause_never_takes_a_working_day_nor_gives_one(
    start: date, amount: int, paused_after: int, for_days: int
) -> None:
    own = count(start, working_days(amount), [], CALENDAR).due_on
    since = CALENDAR.add(start, min(paused_after, amount))
    until = CALENDAR.add(since, for_days) if for_days else since
    pause = Pause(since=since, until=until, reason="r", authority="a")
    found = count(start, working_days(amount), [pause], CALENDAR)
    assert CALENDAR.between(until, found.due_on) == CALENDAR.between(since, own)
    assert found.due_on >= own


@given(DAYS, st.integers(1, 40), DAYS)
def test_an_extension_never_makes_a_deadline_earlier(start: date, amount: int, to: date) -> None:
    own = count(start, working_days(amount), [], CALENDAR).due_on
    extended = count(start, working_days(amount), [Extension(to=to, reason="r", authority="a")], CALENDAR)
    assert extended.due_on == max(own, to)
    assert extended.extended is (to > own)


@given(DAYS, st.integers(1, 40), DAYS)
def test_a_closure_day_moves_a_deadline_later_or_not_at_all(start: date, amount: int, closed: date) -> None:
    before = count(start, working_days(amount), [], CALENDAR).due_on
    after = count(start, working_days(amount), [], CALENDAR.closing({closed: "Move"})).due_on
    counts = start < closed <= before and CALENDAR.is_working_day(closed)
    assert (after > before) is counts


@pytest.mark.database
@pytest.mark.parametrize(
    ("visit", "missed_at"),
    [
        # Five working days after Friday 22 March: over Easter, and the clocks go forward on 31 March.
        (date(2024, 3, 22), datetime(2024, 4, 2, 23, tzinfo=UTC)),
        # The clocks go back on Sunday 27 October: midnight is London's again at 00:00 UTC.
        (date(2024, 10, 18), datetime(2024, 10, 25, 23, tzinfo=UTC)),
        (date(2024, 10, 21), datetime(2024, 10, 29, 0, tzinfo=UTC)),
    ],
)
def test_a_deadline_is_missed_at_midnight_in_london_on_either_side_of_a_clock_change(
    office: Office, visit: date, missed_at: datetime
) -> None:
    office.visited(visit)
    row = office.row("limit")
    with office.tools.database.read() as connection:
        at = connection.execute(
            select(Timer.due_at).where(Timer.deadline_id == row.id, Timer.key == "missed")
        ).scalar_one()
    assert at == missed_at
    office.driver.travel(missed_at - timedelta(seconds=1))
    assert office.state("limit")[1] == "running"
    office.driver.travel(missed_at)
    (event,) = office.events(EventKind.DEADLINE_MISSED, "limit")
    assert event.at == missed_at


@pytest.mark.database
def test_a_start_corrected_later_moves_what_counts_from_it_with_history(office: Office) -> None:
    office.visited(date(2026, 12, 3)).on(date(2026, 12, 11))
    assert office.state("limit") == (date(2026, 12, 10), "missed")
    foreseen = office.command(deadlines.foresee_date, name="visited_on", to=date(2026, 12, 7))
    assert ("Notes are sent within the limit", date(2026, 12, 10), date(2026, 12, 14)) in [
        (move.name, move.was, move.will) for move in foreseen
    ]
    assert office.state("limit")[1] == "missed"  # looking changes nothing
    done = office.command(
        deadlines.change_date, name="visited_on", to=date(2026, 12, 7), reason="Misread", by=MONA
    )
    assert done == foreseen
    assert office.state("limit") == (date(2026, 12, 14), "running")
    assert office.state("aim") == (date(2026, 12, 8), "missed")
    (changed,) = office.events(EventKind.DATE_CHANGED)
    assert changed.fields == {
        "names": ["visited on"], "was": "2026-12-03", "now": "2026-12-07", "reason": "Misread"
    }  # fmt: skip
    (moved,) = office.events(EventKind.DEADLINE_MOVED, "limit")
    assert (moved.fields["was due"], moved.fields["due"]) == ("2026-12-10", "2026-12-14")


@pytest.mark.database
def test_the_day_on_which_an_element_was_completed_is_corrected_with_what_counts_from_it(
    office: Office,
) -> None:
    office.visited(date(2026, 12, 3)).on(date(2026, 12, 8))
    assert office.state("done") == (date(2026, 12, 7), "missed")
    name = "completed:Task_Visit@2026-12-03"
    listed = office.command(deadlines.case_dates)
    assert [each.words for each in listed if each.id == name] == ["Visit the home: completed"]
    asked = {"name": name, "to": date(2026, 12, 4)}
    foreseen = office.command(deadlines.foresee_date, **asked)
    assert [(each.name, each.was, each.will) for each in foreseen] == [
        ("The office is told", date(2026, 12, 7), date(2026, 12, 8))
    ]
    assert office.state("done")[1] == "missed"
    office.command(deadlines.change_date, **asked, reason="Entered a day early", by=IVY)
    assert office.state("done") == (date(2026, 12, 8), "running")
    (changed,) = office.events(EventKind.DATE_CHANGED)
    assert (changed.element, changed.fields["reason"]) == ("Task_Visit", "Entered a day early")
    (moved,) = office.events(EventKind.DEADLINE_MOVED, "done")
    assert "2 working days after Friday 4 December 2026" in moved.fields["arithmetic"]
    office.on(date(2026, 12, 9))
    assert office.state("done") == (date(2026, 12, 8), "missed")
    with pytest.raises(DeadlineChangeRefusedError, match="It can correct: "):
        office.command(deadlines.foresee_date, **asked)  # it is no longer that day


@pytest.mark.database
def test_a_date_is_changed_only_by_those_named_and_only_one_the_case_has(office: Office) -> None:
    office.visited(date(2026, 12, 3))
    with pytest.raises(NotPermittedError):
        office.command(deadlines.change_date, name="visited_on", to=date(2026, 12, 4), reason="x", by=MAX)
    with pytest.raises(NotPermittedError):  # binding times count from it
        office.command(deadlines.change_date, name="visited_on", to=date(2026, 12, 4), reason="x", by=IVY)
    with pytest.raises(DeadlineChangeRefusedError, match="has no date 'ended_on'"):
        office.command(deadlines.change_date, name="ended_on", to=date(2026, 12, 4), reason="x", by=MONA)
    with pytest.raises(DeadlineChangeRefusedError, match="covers 2020 to 2035"):
        office.command(deadlines.foresee_date, name="visited_on", to=date(2035, 12, 20))
    assert office.state("limit")[0] == date(2026, 12, 10)


@pytest.mark.database
def test_warning_breach_and_its_second_week_are_told_by_e_mail_as_the_model_says(
    office: Office, mail_folder: Path
) -> None:
    def mails() -> list[tuple[str, str]]:
        found = [message_from_bytes(file.read_bytes()) for file in mail_folder.glob("*.eml")]
        return sorted((str(each["To"]), str(each["Subject"]).partition(" (")[0]) for each in found)

    office.visited(date(2026, 12, 3)).on(date(2026, 12, 7))
    assert mails() == []
    office.on(date(2026, 12, 8))
    assert mails() == [("ivy@example.org", "A limit is near")]
    (warning,) = (message_from_bytes(file.read_bytes()) for file in mail_folder.glob("*.eml"))
    said = warning.get_payload(decode=True).decode()
    assert "5 working days after Thursday 3 December 2026: Thursday 10 December 2026" in said
    office.on(date(2026, 12, 10))
    assert len(mails()) == 1
    office.on(date(2026, 12, 11))
    assert ("rim@example.org", "A limit was missed") in mails()
    office.on(date(2026, 12, 18))
    assert ("director@example.org", "A limit was missed a week ago") in mails()
    assert len(mails()) == 3


@pytest.mark.database
def test_a_case_lives_over_the_turn_of_years(office: Office) -> None:
    office.visited(date(2026, 12, 14), report_days=60)
    assert office.state("report") == (date(2027, 3, 11), "running")
    office.on(date(2027, 3, 12))
    assert office.state("report")[1] == "missed"


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Pacific/Auckland", "Europe/London"])
def test_the_time_zone_of_the_server_changes_no_day(zone: str) -> None:
    program = (
        "from datetime import *; from engine.clock import *;"
        "at = datetime(2026, 6, 30, 23, 30, tzinfo=UTC);"
        "print(london_date(at), london_midnight(date(2026, 7, 1)).isoformat())"
    )
    said = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"TZ": zone},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.split() == ["2026-07-01", "2026-06-30T23:00:00+00:00"]
