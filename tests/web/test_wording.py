"""Every state and kind has its words, and dates read as people in England write them."""

from datetime import UTC, date, datetime

import pytest

from engine import check, forms
from engine.db.tables import DeadlineState, InstanceState, RequirementState, UserTaskState
from engine.deadlines import Force as DeadlineForce
from engine.dmn import HitPolicy
from engine.guidance import Fate, Force
from engine.history import EventKind
from engine.queries.inbox import DueFilter
from engine.runtime.states import ElementState
from web.presenters import (
    citations,
    dates,
    deadlines,
    decisions,
    history,
    models,
    requirements,
    rules,
    tags,
    tasks,
)


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        (InstanceState, tags.CASE),
        (UserTaskState, tags.TASK),
        (DeadlineState, tags.DEADLINE),
        (ElementState, tags.ELEMENT),
        (DeadlineForce, deadlines.FORCE),
        (HitPolicy, decisions.POLICIES),
        (EventKind, history.SENTENCES),
        (DueFilter, tasks.DUE_FILTERS),
        (forms.FieldKind, models.KINDS),
        (check.Severity, models.SEVERITIES),
        (Force, rules.FORCES),
        (Fate, rules.FATES),
        (RequirementState, requirements.STATES),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_every_member_has_its_words(kinds: type, words: dict[str, object]) -> None:
    assert set(kinds) <= words.keys()


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "today"), (1, "tomorrow"), (-1, "yesterday"), (5, "in 5 days"), (-3, "3 days ago")],
)
def test_how_far_a_day_is(days: int, words: str) -> None:
    today = date(2026, 12, 3)
    assert dates.distance(date.fromordinal(today.toordinal() + days), today) == words


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2026, 12, 3, 0, 5, tzinfo=UTC), "3 December 2026 at 12:05am"),
        (datetime(2026, 12, 3, 12, 0, tzinfo=UTC), "3 December 2026 at 12:00pm"),
        (datetime(2026, 7, 1, 23, 30, tzinfo=UTC), "2 July 2026 at 12:30am"),
    ],
)
def test_moments_are_told_in_london_time(at: datetime, words: str) -> None:
    assert dates.moment(at) == words


def test_no_date_is_told_as_nothing() -> None:
    assert (dates.day(None), dates.weekday(None), dates.moment(None)) == ("", "", "")


@pytest.mark.parametrize(
    ("note", "words", "ids"),
    [
        ("Small agency. [ASA-FI-125, D-20]", "Small agency.", ("ASA-FI-125", "D-20")),
        ("No citation", "No citation", ()),
        ("A range [1..5]", "A range [1..5]", ()),
    ],
)
def test_the_rules_a_note_cites_are_parted_from_it(note: str, words: str, ids: tuple[str, ...]) -> None:
    assert citations.split(note) == (words, ids)


def test_a_late_day_and_today_are_coloured_and_others_are_not() -> None:
    today = date(2026, 12, 3)
    assert tasks.due(date(2026, 12, 2), today).tag == tags.LATE
    assert tasks.due(today, today).tag == tags.TODAY
    assert tasks.due(date(2026, 12, 4), today).tag is None
    assert tasks.due(None, today).day == "No due date"
