"""An extra closure day: foreseen, recorded once, followed by every case; what was known stays known."""

from collections.abc import Mapping
from datetime import date

import pytest

from engine.history import EventKind
from engine.runtime import calendars, operator, recounting
from engine.runtime.calendars import CalendarChangeRefusedError, Foreseen
from engine.runtime.user_tasks import Actor, Role
from engine.workdays import Calendar
from tests.engine.deadlines.conftest import Office, nine

pytestmark = pytest.mark.database

VISIT = date(2026, 12, 3)
CLOSED = {date(2026, 12, 9): "Office move"}


def the_calendar(office: Office) -> Calendar:
    with office.tools.database.read() as connection:
        return office.tools.library.calendar(connection, calendars.newest(connection))


def record(office: Office, wanted: Calendar) -> str:
    with office.tools.database.begin() as connection:
        return calendars.change(
            connection,
            expected=the_calendar(office).revision,
            wanted=wanted,
            reason="Office move",
            by="dora",
            at=office.driver.at,
        )


def foreseen(office: Office, days: Mapping[date, str]) -> Foreseen:
    with office.tools.database.read() as connection:
        return calendars.foresee(connection, calendars.closing(the_calendar(office), days))


def test_a_closure_day_shows_first_what_it_moves_and_changes_nothing(office: Office) -> None:
    office.visited(VISIT)
    found = foreseen(office, CLOSED)
    assert [(move.name, move.was, move.will) for move in found.moves] == [
        ("Notes are sent within the limit", date(2026, 12, 10), date(2026, 12, 11)),
        ("The report is sent", date(2026, 12, 31), date(2027, 1, 4)),
    ]
    assert (found.looked_at, found.unknown) == (6, ())
    assert office.state("limit")[0] == date(2026, 12, 10)


def test_cases_follow_a_closure_day_as_it_was_foreseen(office: Office) -> None:
    office.visited(VISIT)
    found = foreseen(office, CLOSED)
    revision = record(office, calendars.closing(the_calendar(office), CLOSED))
    office.on(date(2026, 12, 4))
    assert {move.name: move.will for move in found.moves} == {
        row.name: row.due_on for row in map(office.row, ("limit", "report"))
    }
    row = office.row("limit")
    assert row.calendar_revision == revision
    assert "skipping a closure (Office move)" in row.arithmetic
    (moved,) = office.events(EventKind.DEADLINE_MOVED, "limit")
    assert (moved.fields["was due"], moved.fields["due"]) == ("2026-12-10", "2026-12-11")
    assert moved.fields["calendar"] == revision
    assert office.events(EventKind.DEADLINE_MOVED, "aim") == []


def test_a_deadline_that_a_closure_day_leaves_alone_follows_and_keeps_its_time(office: Office) -> None:
    office.visited(VISIT)
    before = office.row("aim")._asdict()
    revision = record(office, calendars.closing(the_calendar(office), CLOSED))
    office.on(VISIT)
    assert office.row("aim")._asdict() == before | {"calendar_revision": revision}
    office.on(date(2026, 12, 5))
    assert office.state("aim") == (date(2026, 12, 4), "missed")


def test_no_deadline_is_missed_by_a_calendar_that_no_longer_counts(office: Office) -> None:
    office.visited(VISIT).on(date(2026, 12, 10))
    record(office, calendars.closing(the_calendar(office), CLOSED | {date(2026, 12, 11): "Storm"}))
    with office.tools.database.read() as connection:
        assert list(recounting.behind(connection)) == [office.case]
    office.on(date(2026, 12, 12))
    assert office.state("limit") == (date(2026, 12, 14), "running")
    assert office.events(EventKind.DEADLINE_MISSED, "limit") == []
    with office.tools.database.read() as connection:
        assert not recounting.behind(connection)


def test_a_miss_that_a_closure_day_undoes_is_no_miss(office: Office) -> None:
    office.visited(VISIT).on(date(2026, 12, 11))
    assert office.state("limit")[1] == "missed"
    record(office, calendars.closing(the_calendar(office), CLOSED))
    office.on(date(2026, 12, 11))
    assert office.state("limit") == (date(2026, 12, 11), "running")
    office.on(date(2026, 12, 12))
    assert office.state("limit") == (date(2026, 12, 11), "missed")


def test_what_was_known_on_a_day_stays_known(office: Office) -> None:
    first = the_calendar(office).revision
    office.visited(VISIT).on(date(2026, 12, 4))
    second = record(office, calendars.closing(the_calendar(office), CLOSED))
    with office.tools.database.read() as connection:
        assert calendars.known_on(connection, nine(VISIT)) == first
        assert calendars.known_on(connection, office.driver.at) == second
        told = calendars.revisions(connection)[0]
    assert (told.id, told.by, told.reason, dict(told.closures)) == (second, "dora", "Office move", CLOSED)


def test_a_closure_day_recorded_by_mistake_is_opened_again_and_both_stay_known(office: Office) -> None:
    office.visited(VISIT)
    before = the_calendar(office)
    record(office, calendars.closing(before, CLOSED))
    office.on(date(2026, 12, 4))
    third = record(office, calendars.opening(the_calendar(office), date(2026, 12, 9)))
    office.on(date(2026, 12, 4))
    assert third == f"{before.revision}-2"
    assert office.state("limit") == (date(2026, 12, 10), "running")
    with office.tools.database.read() as connection:
        assert len(calendars.revisions(connection)) == 3


def test_a_calendar_worked_out_from_an_older_one_is_refused(office: Office) -> None:
    stale = the_calendar(office)
    record(office, calendars.closing(stale, CLOSED))
    with (
        pytest.raises(CalendarChangeRefusedError, match="by someone else"),
        office.tools.database.begin() as connection,
    ):
        calendars.change(
            connection, expected=stale.revision, wanted=stale, reason="x", by="dora", at=office.driver.at
        )


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 12, 25), "Christmas Day"),
        (date(2026, 12, 5), "weekend"),
        (date(2040, 1, 3), "covers 2020 to 2035"),
    ],
)
def test_a_day_off_already_is_no_closure_day(office: Office, day: date, why: str) -> None:
    with pytest.raises(CalendarChangeRefusedError, match=why):
        calendars.closing(the_calendar(office), {day: "Move"})


def test_a_suspended_case_follows_the_calendar_too(office: Office) -> None:
    office.visited(VISIT)
    with office.tools.database.begin() as connection:
        operator.suspend(
            connection,
            office.tools.library,
            instance_id=office.case,
            reason="Strike",
            by=Actor("rory", (Role("rim", region="North"),)),
            at=office.driver.at,
        )
    record(office, calendars.closing(the_calendar(office), CLOSED))
    office.on(date(2026, 12, 4))
    assert office.state("limit")[0] == date(2026, 12, 11)
