"""Working days in England: what counts, how far, and why; pure, given a dated revision of the calendar."""

from engine.workdays.arithmetic import Arithmetic, Skipped, Unit, in_words
from engine.workdays.calendar import Calendar, CalendarDataError, UncoveredYearError
from engine.workdays.visits import (
    Visit,
    VisitProblem,
    assign_visits,
    check_visits,
    fewest_visits,
    one_visit_per_date,
    plan_visits,
)

__all__ = [
    "Arithmetic",
    "Calendar",
    "CalendarDataError",
    "Skipped",
    "UncoveredYearError",
    "Unit",
    "Visit",
    "VisitProblem",
    "assign_visits",
    "check_visits",
    "fewest_visits",
    "in_words",
    "one_visit_per_date",
    "plan_visits",
]
