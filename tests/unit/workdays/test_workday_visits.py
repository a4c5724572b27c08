"""Plans of follow-up visits: never late, never before a date, as few as can be."""

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import workdays
from engine.workdays import Calendar

CALENDAR = Calendar.england(2025, 2028)
notice_dates = st.lists(
    st.integers(0, 30).map(lambda offset: date(2026, 12, 7) + timedelta(days=offset)), min_size=1, max_size=5
)


def chosen(plan: tuple[workdays.Visit, ...]) -> list[tuple[date, tuple[date, ...]]]:
    return [(visit.day, visit.dates) for visit in plan]


def test_by_default_each_date_has_its_visit_on_the_next_working_day() -> None:
    default, _ = workdays.plan_visits([date(2026, 12, 24), date(2026, 12, 5), date(2026, 12, 24)], CALENDAR)
    assert [(visit.day, visit.latest) for visit in default] == [
        (date(2026, 12, 7), date(2026, 12, 11)),
        (date(2026, 12, 29), date(2027, 1, 5)),
    ]


def test_dates_close_together_are_joined_after_the_last_of_them() -> None:
    _, proposal = workdays.plan_visits([date(2026, 12, 1), date(2026, 12, 7), date(2026, 12, 8)], CALENDAR)
    assert [(visit.day, visit.dates) for visit in proposal] == [
        (date(2026, 12, 8), (date(2026, 12, 1), date(2026, 12, 7))),
        (date(2026, 12, 9), (date(2026, 12, 8),)),
    ]


@given(dates=notice_dates)
def test_both_plans_may_stand(dates: list[date]) -> None:
    for plan in workdays.plan_visits(dates, CALENDAR):
        assert workdays.check_visits(chosen(plan), dates, CALENDAR) == ()


@settings(max_examples=40)
@given(dates=notice_dates)
def test_no_plan_has_fewer_visits_than_the_proposal(dates: list[date]) -> None:
    wanted = sorted(set(dates))
    proposal = workdays.fewest_visits(wanted, CALENDAR)
    possible = [date(2026, 12, 7) + timedelta(days=offset) for offset in range(50)]
    windows = [{day for day in possible if notice < day <= CALENDAR.add(notice, 5)} for notice in wanted]
    candidates = [max(window) for window in windows]
    fewest = min(
        len(set(pick))
        for pick in product(candidates, repeat=len(wanted))
        if all(day in window for day, window in zip(pick, windows, strict=True))
    )
    assert len(proposal) == fewest


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        ([(date(2026, 12, 1), [date(2026, 12, 1)])], "cannot serve the notice date Tuesday 1 December 2026"),
        ([(date(2026, 12, 9), [date(2026, 12, 1)])], "from Wednesday 2 December 2026 to Tuesday 8 December"),
        ([], "plan one by Tuesday 8 December 2026"),
        (
            [(date(2026, 12, 3), [date(2026, 12, 1), date(2026, 12, 2)])],
            "No notice has the date Wednesday 2 December 2026",
        ),
    ],
)
def test_a_plan_that_breaks_a_limit_is_refused_with_the_days_that_would_do(
    plan: list[tuple[date, list[date]]], message: str
) -> None:
    (problem,) = workdays.check_visits(plan, [date(2026, 12, 1)], CALENDAR)
    assert message in problem.message
