"""What people do with deadlines: pause, resume, extend, explain a miss, correct a date."""

from engine.runtime.deadlines.case_dates import CaseDate
from engine.runtime.deadlines.dates import Move, case_dates, change_date, foresee_date
from engine.runtime.deadlines.life import explain_miss, extend, pause, resume
from engine.runtime.deadlines.limits import Change, DeadlineChangeRefusedError, Limit

__all__ = [
    "CaseDate",
    "Change",
    "DeadlineChangeRefusedError",
    "Limit",
    "Move",
    "case_dates",
    "change_date",
    "explain_miss",
    "extend",
    "foresee_date",
    "pause",
    "resume",
]
