"""What people do with deadlines: pause, resume, extend, explain a miss, correct a date."""

from engine.runtime.deadlines.dates import Move, change_date, date_names, foresee_date
from engine.runtime.deadlines.life import explain_miss, extend, pause, resume
from engine.runtime.deadlines.limits import Change, DeadlineChangeRefusedError, Limit

__all__ = [
    "Change",
    "DeadlineChangeRefusedError",
    "Limit",
    "Move",
    "change_date",
    "date_names",
    "explain_miss",
    "extend",
    "foresee_date",
    "pause",
    "resume",
]
