"""The visits that follow notices: proposed, chosen, refused where they break a limit, asked for anew."""

from datetime import date

import pytest

from engine import feel
from engine.history import EventKind
from engine.runtime import deadlines
from engine.runtime.deadlines import DeadlineChangeRefusedError
from engine.simulation.driver import FormRefusedError
from tests.engine.deadlines.conftest import MONA, TEAM, Office, nine

pytestmark = pytest.mark.database

MONDAY, TUESDAY = date(2026, 12, 7), date(2026, 12, 8)


@pytest.fixture
def noticed(office: Office) -> Office:
    """A case with notices of two dates, on the Thursday before."""
    office.driver.travel(nine(date(2026, 12, 3)))
    notices = [
        {"reference": "CN-1", "date": feel.Date.of(MONDAY)},
        {"reference": "CN-2", "date": feel.Date.of(TUESDAY)},
    ]
    variables = {"lead_inspector": "ivy", "notices": notices}
    office.case = office.driver.start("follow_up", "CH000001", variables, team=TEAM, by="planner")
    return office


def days(*chosen: date) -> list[feel.Value]:
    return [{"day": feel.Date.of(day)} for day in chosen]


def due(office: Office) -> list[tuple[date | None, str]]:
    found = office.rows("notice")
    return sorted((row.due_on, row.state) for row in found)


def test_the_visits_are_proposed_one_a_notice_date(noticed: Office) -> None:
    noticed.do("Task_Choose")  # as proposed
    assert due(noticed) == [(date(2026, 12, 14), "running"), (date(2026, 12, 15), "running")]


def test_a_plan_that_breaks_a_limit_is_refused_with_its_reason(noticed: Office) -> None:
    with pytest.raises(FormRefusedError, match="No visit serves the notice date Tuesday 8 December 2026"):
        noticed.do("Task_Choose", visits=days(TUESDAY))
    assert due(noticed) == []


def test_one_visit_serves_several_notices_within_the_limit_of_the_earliest(noticed: Office) -> None:
    noticed.do("Task_Choose", visits=days(date(2026, 12, 9)))
    assert due(noticed) == [(date(2026, 12, 14), "running")]
    noticed.on(date(2026, 12, 9)).do("Task_FollowUp")
    assert due(noticed) == [(date(2026, 12, 14), "met")]


def test_a_changed_notice_date_moves_the_deadline_of_a_visit_that_still_fits(noticed: Office) -> None:
    noticed.do("Task_Choose", visits=days(date(2026, 12, 9)))
    asked = {"name": "notices[1].date", "to": date(2026, 12, 4)}
    (move,) = noticed.command(deadlines.foresee_date, **asked)
    assert (move.was, move.will) == (date(2026, 12, 14), date(2026, 12, 11))
    assert due(noticed) == [(date(2026, 12, 14), "running")]
    noticed.command(deadlines.change_date, **asked, reason="Misread", by=MONA)
    assert due(noticed) == [(date(2026, 12, 11), "running")]
    (changed,) = noticed.events(EventKind.DATE_CHANGED)
    assert changed.fields["names"] == ["notices CN-1: date"]


def test_a_changed_notice_date_that_the_chosen_visits_do_not_serve_asks_for_new_ones(noticed: Office) -> None:
    noticed.do("Task_Choose", visits=days(date(2026, 12, 9)))
    noticed.command(
        deadlines.change_date, name="notices[2].date", to=date(2026, 12, 10), reason="Extended", by=MONA
    )
    assert due(noticed) == [(date(2026, 12, 14), "void")]
    assert noticed.driver.open(noticed.case) == ["Task_Choose"]
    noticed.do("Task_Choose")
    assert due(noticed) == [
        (date(2026, 12, 14), "running"),
        (date(2026, 12, 14), "void"),
        (date(2026, 12, 17), "running"),
    ]


def test_dates_in_lists_are_changed_where_deadlines_count_from_the_list(noticed: Office) -> None:
    noticed.do("Task_Choose")
    listed = noticed.command(deadlines.case_dates)
    assert [(each.id, each.words, each.day) for each in listed] == [
        ("notices[1].date", "notices CN-1: date", MONDAY),
        ("notices[2].date", "notices CN-2: date", TUESDAY),
        ("visits[1].day", "visits 1: day", TUESDAY),
        ("visits[2].day", "visits 2: day", date(2026, 12, 9)),
    ]
    with pytest.raises(DeadlineChangeRefusedError, match="has no date 'visits"):
        noticed.command(deadlines.foresee_date, name="visits[3].day", to=TUESDAY)
